"""What the gates say no with: R2xx rules · R3xx pipelines · R4xx rights · R5xx concurrency · R7xx questions that cannot be answered.

One row per code; a retired code stays as a comment.
"""

from dougong.refusals import RefusalCode

REQUIRED = RefusalCode("R201", 422, "请填写{title}", "{title} is required")
CHECK_FAILED = RefusalCode("R202", 422, "{message}", "{message}")
NOT_UNIQUE = RefusalCode("R203", 422, "{title}“{value}”已被使用", "{title} “{value}” is already in use")
NO_SUCH_LINK = RefusalCode("R204", 422, "{title}：找不到编号为 {id} 的{target}", "{title}: there is no {target} with number {id}")
STILL_LINKED = RefusalCode(
    "R205", 409, "还有 {count} 条{target}关联着它，不能删除", "It cannot be deleted: {count} × {target} still point to it"
)
STILL_LINKED_UNSEEN = RefusalCode("R206", 409, "还有其他记录关联着它，不能删除", "It cannot be deleted: other records still point to it")
TRIGGER_LOOP = RefusalCode(
    "R207", 422, "自动规则互相触发，停不下来：{loop}。什么都没有保存", "Triggers set each other off without end: {loop}. Nothing was saved"
)
# R208 was: a trigger found nobody to assign
NAMED_BY_ENGINE = RefusalCode("R209", 422, "{title}由系统自动生成，不能填写", "{title} is made by the system and cannot be given")

NO_SUCH_STAGE = RefusalCode("R301", 422, "没有名为“{stage}”的阶段", "There is no stage “{stage}”")
NO_SUCH_MOVE = RefusalCode("R302", 422, "不能从“{source}”移到“{target}”", "It cannot move from “{source}” to “{target}”")
NOT_YOUR_MOVE = RefusalCode(
    "R303", 403, "从“{source}”到“{target}”只能由这些角色操作：{roles}", "Only {roles} may move it from “{source}” to “{target}”"
)
MOVE_CONDITION = RefusalCode(
    "R304",
    422,
    "还不满足从“{source}”移到“{target}”的条件：{condition}",
    "The condition for moving from “{source}” to “{target}” is not met: {condition}",
)
NEEDED_TO_LEAVE = RefusalCode("R305", 422, "离开“{stage}”之前请填写{title}", "{title} is needed before leaving “{stage}”")
NEEDED_TO_ENTER = RefusalCode("R306", 422, "进入“{stage}”之前请填写{title}", "{title} is needed before entering “{stage}”")
ASKED_ON_MOVE = RefusalCode("R307", 422, "移到“{target}”时请填写{title}", "{title} is asked for when moving to “{target}”")
STARTS_AT = RefusalCode(
    "R308", 403, "新记录从“{start}”开始，不能直接放到其他阶段", "A new record starts at “{start}” and cannot be put elsewhere"
)
NO_PIPELINE = RefusalCode("R309", 422, "{object}没有阶段", "{object} has no stages")

NO_SUCH_PIPELINE = RefusalCode("R325", 404, "{object}没有名为“{name}”的流程", "{object} has no pipeline “{name}”")

UNSEEN_MISSING = RefusalCode(
    "R326",
    422,
    "有您看不到的字段还没有填写，请找能看到它的同事",
    "A field that you may not see is not filled in yet; ask a colleague who may see it",
)
UNSEEN_WRONG = RefusalCode(
    "R327",
    422,
    "有您看不到的字段不符合要求，请找能看到它的同事",
    "A field that you may not see does not fit the rules; ask a colleague who may see it",
)

NO_GRANT = RefusalCode("R401", 403, "您没有{action}{object}的权限", "You may not {action} {object}")
UNKNOWN_FIELD = RefusalCode("R402", 422, "没有名为“{name}”的字段", "There is no field “{name}”")
NOT_WRITABLE = RefusalCode("R403", 403, "您不能填写{title}", "You may not write {title}")
NOT_FOUND = RefusalCode("R404", 404, "找不到这条{object}，或者您无权查看", "There is no such {object}, or you may not see it")
OUTSIDE_BEFORE = RefusalCode(
    "R405", 403, "这条{object}不在您可以{action}的范围内{why}", "This {object} is outside of what you may {action}{why}"
)
OUTSIDE_AFTER = RefusalCode(
    "R406",
    403,
    "保存后这条{object}会超出您可以{action}的范围{why}",
    "Saved like this, the {object} would be outside of what you may {action}{why}",
)
NO_SUCH_TODO = RefusalCode("R409", 404, "您没有这条待办，或者它已经完成", "You have no such to-do, or it is done already")
ADMINS_ONLY = RefusalCode("R430", 403, "只有管理员可以查看自动规则的日志", "Only administrators may look into the log of triggers")
NO_SUCH_TRIGGER = RefusalCode("R431", 404, "{object}没有名为“{name}”的触发器", "{object} has no trigger “{name}”")
NO_SUCH_PROPOSAL = RefusalCode(
    "R432", 404, "您没有这条建议，或者已经处理过了", "There is no such proposal for you, or it is settled already"
)
UNKNOWN_OBJECT = RefusalCode("R407", 404, "没有名为“{name}”的对象", "There is no object “{name}”")
NO_SUCH_USER = RefusalCode("R408", 401, "用户“{user}”不存在或已停用", "The user “{user}” does not exist or is not active")

STALE_VERSION = RefusalCode(
    "R501",
    412,
    "这条{object}刚刚被别人修改过，请刷新后再试",
    "This {object} was changed by somebody else in the meantime; reload and try again",
)
KEY_REUSED = RefusalCode("R502", 422, "同一个幂等键不能用于不同的请求", "The same idempotency key cannot serve two different requests")
SPOILED = RefusalCode(
    "R503", 409, "本次事务中已有写入被拒绝，全部不会保存", "A write of this transaction was refused half way; nothing of it will be saved"
)
READ_ONLY = RefusalCode("R504", 409, "这个会话只能读取", "This session can only read")

BAD_WHERE = RefusalCode("R721", 422, "筛选条件有误：{problem}", "The filter is wrong: {problem}")
BAD_CURSOR = RefusalCode("R722", 422, "翻页标记无效，请从第一页重新开始", "The page cursor is not valid; start again from the first page")
NOT_SORTABLE = RefusalCode("R723", 422, "不能按{title}排序", "It cannot be sorted by {title}")
NOT_GROUPABLE = RefusalCode("R724", 422, "不能按{title}分组", "It cannot be grouped by {title}")
NOT_SUMMABLE = RefusalCode("R725", 422, "{title}不能求和", "{title} cannot be summed up")
BAD_LIMIT = RefusalCode("R726", 422, "每页数量应在 1 到 {most} 之间", "The page size must be between 1 and {most}")
NO_RELEASE = RefusalCode(
    "R727", 503, "数据库里还没有已发布的版本，请先执行 dougong apply", "No release has been applied to this database yet: run dougong apply"
)
NEEDS_DECISION = RefusalCode(
    "R728",
    409,
    "这次改动要先由人确认（{operations}），请用 dougong plan 查看，再执行 dougong apply",
    "The change needs somebody to decide ({operations}): look at it with dougong plan, then run dougong apply",
)
BROKEN_RELEASE = RefusalCode(
    "R729", 503, "已发布的版本 {release} 读不出来：{problem}", "The applied release {release} cannot be read: {problem}"
)
TOO_MANY_TO_READ = RefusalCode(
    "R211",
    422,
    "一条规则要为这一条记录看超过 {most} 条{object}，已经停止，什么都没有保存。请让管理员在规则的条件里加上相等的比较",
    "A rule had to read more than {most} records of {object} for this one record and was stopped; nothing was saved. Its condition needs a "
    "comparison for equality",
)
NO_SUCH_FILE = RefusalCode("R210", 422, "{title}：找不到编号为 {id} 的文件", "{title}: there is no file with number {id}")

ACTIONS = {
    "read": ("查看", "read"),
    "create": ("新建", "create"),
    "update": ("修改", "update"),
    "delete": ("删除", "delete"),
    "move": ("移动", "move"),
    "export": ("导出", "export"),
    "import": ("导入", "import"),
}
