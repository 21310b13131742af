"""What people write who do not know the language's word yet: everyday Chinese, and the words of spreadsheets and other tools.

Only suggestions are made from it ("did you mean …?"); nothing is read differently because of it.
"""

from collections.abc import Iterable, Mapping

# the language's word: what people write for it; a word may stand in several lines, the place where it was written decides
_WORDS: Mapping[str, str] = {
    # field types
    "text": "文字 文本 字符 字符串 单行文本 string str varchar char",
    "long_text": "长文本 多行文本 多行文字 备注 段落 textarea memo multiline longtext",
    "integer": "整数 数字 数值 数量 int number count",
    "number": "小数 浮点数 数字 数值 float decimal double numeric real",
    "money": "金额 钱 价格 货币 currency price amount",
    "percent": "百分比 百分数 percentage rate",
    "boolean": "是否 布尔 布尔值 勾选 复选框 开关 bool checkbox yesno switch",
    "date": "日期 年月日 day",
    "datetime": "时间 日期时间 时刻 time timestamp",
    "choice": "选择 单选 多选 下拉 下拉框 下拉选择 选项 枚举 enum select dropdown picklist radio option options multiselect",
    "phone": "电话 手机 手机号 电话号码 tel mobile telephone cellphone",
    "email": "邮箱 邮件 电子邮件 mail e-mail",
    "url": "网址 链接地址 网站 website href",
    "link": "关联 外键 引用 关系 查找 lookup reference ref relation foreign_key many2one",
    "user": "人员 用户 成员 员工 同事 person people member owner",
    "team": "团队 部门 小组 组织 department group",
    "tags": "标签 标记 labels",
    "autonumber": "编号 自动编号 流水号 序号 单号 serial sequence autoincrement id",
    "file": "附件 文件 图片 照片 图像 上传 image picture photo attachment upload signature",
    # keys
    "app": "应用 系统 application",
    "version": "版本 版本号",
    "title": "标题 名称 名字 显示名 label name caption",
    "help": "说明 提示 帮助 填写说明 description placeholder tooltip",
    "objects": "对象 表 数据表 表格 tables entities models doctypes",
    "fields": "字段 列 属性 columns properties attributes",
    "pipelines": "流程 工作流 管道 workflow workflows process flow",
    "stages": "阶段 步骤 状态 states statuses steps",
    "moves": "流转 转换 路径 transitions actions",
    "triggers": "触发器 触发 自动化 automation automations rules events",
    "approvals": "审批 审核 批准 approval",
    "roles": "角色 岗位 权限 permissions role groups",
    "may": "权限 授权 可以 grants permissions can allow",
    "forms": "表单 form",
    "views": "视图 列表 报表 view lists reports",
    "checks": "检查 校验 规则 验证 validations constraints rules",
    "rule": "规则 条件 condition expression formula if check",
    "message": "提示 消息 信息 错误提示 error text",
    "when": "条件 当 如果 if condition where",
    "where": "条件 筛选 过滤 filter filters when condition",
    "on": "事件 时机 何时 event events trigger",
    "do": "执行 动作 做 操作 actions action then",
    "columns": "列 栏 字段 fields",
    "order": "排序 顺序 sort sorting orderby order_by",
    "of": "对象 表 object model table entity",
    "timezone": "时区 tz time_zone",
    "currency": "币种 货币",
    "calendar": "日历 工作日历 工作时间",
    "required": "必填 必须 mandatory",
    "unique": "唯一 不重复",
    "default": "默认 默认值",
    "options": "选项 choices values enum",
    "formula": "公式 compute computed expression",
    "target": "关联对象 对象 object of model",
    "for": "给 给谁 对象 to whom user assignee",
    "to": "给 给谁 发给 for recipient recipients",
    "todo": "待办 任务 task activity",
    "notify": "通知 消息 短信 邮件 提醒 message email mail sms send remind",
    "assign": "分配 派给 分派 派单",
    "create": "新建 创建 新增 添加 add insert new",
    "update": "修改 更新 编辑 edit write modify change",
    "read": "查看 读取 看 view see list",
    "delete": "删除 移除 remove",
    "set": "设置 赋值 修改 assign update",
    "move": "移动 流转 推进 transition",
    "by": "谁 由谁 角色 role roles who",
    "from": "从 来自 source",
    # values and names in expressions
    "me": "我 本人 自己 当前用户 current_user myself user",
    "today": "今天 今日 当天 current_date",
    "now": "现在 此刻 当前时间 current_time current_timestamp",
    "true": "真 是 yes",
    "false": "假 否 no",
    "any open": "任何 任意 所有 全部 any all",
    "open": "进行中 处理中 active in_progress",
    "waiting": "等待 等待中 暂停 挂起 paused pending on_hold",
    "won": "赢 赢单 成交 成功 success",
    "lost": "输 输单 失败 流失 取消 failed cancelled canceled closed_lost",
    "done": "完成 结束 完结 关闭 已完成 finished closed completed end",
    "kanban": "看板 board",
    "table": "表格 列表 list grid",
    # functions
    "SUM": "求和 合计 总和 total",
    "COUNT": "计数 个数 数量 countif",
    "AVG": "平均 平均值 mean",
    "MAX": "最大 最大值 largest",
    "MIN": "最小 最小值 smallest",
    "IF": "如果 iif",
    "ROUND": "四舍五入 取整",
    "LEN": "长度 字数 length",
    "DATEDIF": "相差 日期差 datediff",
    "LOOKUP": "查找 vlookup xlookup",
    "IFBLANK": "为空时 coalesce ifnull nvl isnull iferror",
}
_MEANT: dict[str, list[str]] = {}
for _word, _others in _WORDS.items():
    for _other in _others.split():
        _MEANT.setdefault(_other.casefold(), []).append(_word)


def meant(written: str, candidates: Iterable[str]) -> str | None:
    """The candidate that somebody means who wrote `written`, or None when it is no everyday word for any of them."""
    folded = {each.casefold(): each for each in candidates}
    return next((folded[word.casefold()] for word in _MEANT.get(written.casefold(), ()) if word.casefold() in folded), None)
