"""One sentence for every key of the language, Chinese and English: for editors, the JSON Schema and the reference.

A key that means different things in different places has a row with the part in front (`ViewDefinition.kind`).
"""

from collections.abc import Mapping

Help = tuple[str, str]

KEY_HELP: Mapping[str, Help] = {
    # the app
    "app": ("应用的名字，整个应用写一次", "the name of the app, written once"),
    "version": ("应用的版本号，例如 1.2.0", "the version of the app, such as 1.2.0"),
    "title": ("界面上显示的标题：一段文字，或 {zh: …, en: …}", "what people read on the screen: a text, or {zh: …, en: …}"),
    "timezone": ("时区，默认 Asia/Shanghai", "the time zone, Asia/Shanghai by default"),
    "currency": ("货币代码，例如 CNY", "a currency code such as CNY"),
    "lists": ("多处共用的选项列表", "lists of options that several fields share"),
    "objects": ("对象：要记录的每一种东西", "objects: every kind of thing to keep records of"),
    "pipelines": ("流程：阶段和流转", "pipelines: stages and the moves between them"),
    "triggers": ("触发器：发生什么，就做什么", "triggers: what is done when something happens"),
    "roles": ("角色：谁可以做什么", "roles: who may do what"),
    "forms": ("表单：填写时看到的字段和分组", "forms: the fields and groups a person fills"),
    "views": ("视图：保存好的列表和看板", "views: saved lists and kanban boards"),
    "uses": ("这个应用在哪些积木或模板上搭，例如 customers@^1", "the building blocks and templates it stands on, such as customers@^1"),
    "change": ("对所用模板的改动，一个键一个键写", "changes to what it uses, key by key"),
    # objects and fields
    "icon": ("菜单里的图标名", "the name of the icon in the menu"),
    "record_title": ("用哪个字段当作记录的名字", "the field that names a record"),
    "fields": ("字段：每种东西要记下的各项内容", "the fields: what is kept about each record"),
    "checks": ("保存前的检查规则", "rules that are checked before a record is saved"),
    "was": ("改名前的旧名字，写上它数据就不会丢", "the former name; with it a rename keeps the data"),
    "type": ("字段类型", "the field's type"),
    "help": ("填写时的说明文字", "a word of help for the person who fills the field"),
    "required": ("必填", "must be filled"),
    "required_when": ("满足这个条件时必填", "must be filled when this condition is true"),
    "show_when": ("满足这个条件时才显示", "shown only when this condition is true"),
    "unique": ("不允许重复", "no two records may have the same value"),
    "indexed": ("建立索引，常用来筛选和排序的字段更快", "kept in an index, for fields that are often filtered or sorted by"),
    "searchable": ("可以用搜索框搜到", "found by the search box"),
    "masked": ("显示时打码", "shown masked"),
    "default": ("默认值，可以是表达式", "the value of a new record when nothing is given; may be an expression"),
    "formula": ("公式：由别的字段算出来，不用填", "the formula that computes the field"),
    "retired": ("不再使用：界面上没有了，数据还在", "no longer used: gone from the screen, its data are kept"),
    "options": ("选项，一个列表，或“名字: 标题”", "the options: a list, or names with titles"),
    "many": ("可以选多个", "several values may be chosen"),
    "FieldDefinition.from": ("使用 lists 里的哪个选项列表", "the shared list of options it takes"),
    "target": ("关联到哪个对象", "the object it points to"),
    "as": ("在对方那边，这些记录的列表叫什么名字", "what the list of these records is called at the other end"),
    "scale": ("小数位数，0 到 6", "decimal places, 0 to 6"),
    "min": ("最小值", "the smallest allowed value"),
    "max": ("最大值、最多字数或文件大小", "the greatest value, the most characters, or the size of a file"),
    "accept": ("允许的文件类型，例如 pdf", "the kinds of files it takes, such as pdf"),
    "pattern": ("格式：整段文字要符合的模式，或编号的样子", "the pattern that the whole text must match, or that numbers are made by"),
    "rule": ("必须成立的条件", "the condition that must hold"),
    "message": ("不成立时告诉对方的话，可以写 {{ 表达式 }}", "what the person is told when it does not; may hold {{ expressions }}"),
    "severity": ("error 拦住保存，warning 只提醒", "error refuses the save, warning only tells"),
    # pipelines
    "of": ("用在哪个对象上", "the object it is about"),
    "stages": ("阶段，按先后写", "the stages, in their order"),
    "moves": ("流转：从哪些阶段到哪个阶段", "the moves: from which stages to which"),
    "StageDefinition.kind": (
        "阶段的性质：open 进行中、waiting 等待、won 赢、lost 输、done 完成",
        "what the stage means: open, waiting, won, lost or done",
    ),
    "start": ("新记录从这个阶段开始", "new records begin here"),
    "to_enter": ("进入这个阶段前要填好的", "what must be there before a record enters the stage"),
    "to_leave": ("离开这个阶段前要填好的", "what must be there before a record leaves the stage"),
    "GateDefinition.fields": ("必须先填好的字段", "the fields that must be filled first"),
    "MoveDefinition.from": ("从哪些阶段", "the stages it starts from"),
    "MoveDefinition.to": ("到哪个阶段", "the stage it leads to"),
    "MoveDefinition.by": ("哪些角色可以做", "the roles that may do it"),
    "when": ("满足这个条件才算", "only when this condition is true"),
    "asks": ("流转时要当场填的字段", "the fields a person fills while moving"),
    # triggers
    "on": ("什么时候触发", "what sets it off"),
    "do": ("依次做哪些动作", "the actions, in their order"),
    "event": ("发生了什么：created、changed、deleted、entered、left", "what happens: created, changed, deleted, entered or left"),
    "field": ("哪个字段", "the field"),
    "EventDefinition.from": ("从哪个值变过来", "the value it had before"),
    "EventDefinition.to": ("变成哪个值", "the value it gets"),
    "stage": ("哪个阶段", "the stage"),
    "set": ("给字段赋值：字段: 表达式", "puts values into fields: field: expression"),
    "create": ("新建一条别的对象的记录", "makes a record of another object"),
    "assign": ("把记录分配给一个人", "gives the record to somebody"),
    "AssignDefinition.to": ("分配给谁（登录名）", "the login of the person who gets it"),
    "AssignDefinition.from": ("从哪些人里挑：user where 条件", "the people to choose from: user where …"),
    "AssignDefinition.by": ("怎么挑：least loaded 手上最少的人", "how to choose: least loaded"),
    "todo": ("给某人发一条待办", "leaves somebody a to-do"),
    "for": ("发给谁：字段、role 角色、user 登录名", "who gets it: a field, role …, or user …"),
    "text": ("待办的内容，可以写 {{ 表达式 }}", "the words of the to-do; may hold {{ expressions }}"),
    # roles
    "extends": ("在哪些角色的基础上再加", "the roles it builds on"),
    "admin": ("可以管理用户和发布", "may manage users and releases"),
    "may": ("可以做什么", "what is allowed"),
    "GrantDefinition.fields": ("只限这些字段", "only these fields"),
    "where": ("只限满足条件的记录", "only the records for which this is true"),
    "mask": ("看到时打码的字段", "fields shown masked"),
    "hide": ("看不到的字段", "fields that are not shown"),
    "along": ("沿着哪个流程", "the pipeline along which records may be moved"),
    # faces
    "sections": ("分组", "groups of fields"),
    "SectionDefinition.columns": ("一行放几个字段：1 或 2", "fields beside each other: 1 or 2"),
    "FormDefinition.fields": ("表单上的字段，按先后写", "the fields on the form, in their order"),
    "SectionDefinition.fields": ("这一组的字段", "the fields of the group"),
    "budget": ("填完这张表单最多花多少时间，例如 30 seconds", "how long filling the form may take, such as 30 seconds"),
    "ViewDefinition.kind": ("table 列表，kanban 看板", "table or kanban"),
    "columns": ("显示哪些列", "the columns that are shown"),
    "order": ("排序，前面加减号表示从大到小", "the order; a minus in front means descending"),
    "highlight": ("满足条件的行标上颜色：颜色: 条件", "colours rows: colour: condition"),
}


def key_help(part: str, key: str) -> Help | None:
    """What a key means in a part (the name of its class, such as `StageDefinition`)."""
    return KEY_HELP.get(f"{part}.{key}") or KEY_HELP.get(key)
