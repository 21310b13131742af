"""T530, T580–T584, T588, T589, T59x: gates of stages, parallel pipelines, splits and journeys."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

ACTION_TWICE = Code(
    "T580",
    _ERROR,
    "阶段动作 `{action}` 在第 {line} 行已经写过，两处的标题、角色和地点要求不一样",
    "The action `{action}` stands in line {line} already, with another title, other roles or another wish for a place",
    "同一个动作只勾一次：两处写成一样，或者换一个名字。",
    "One action is ticked off once: write it alike in both places, or give it another name.",
)
ACTION_OF_START = Code(
    "T581",
    _ERROR,
    "`{action}` 要在记录建立之前完成：起始阶段的 to_enter 不能有动作",
    "`{action}` would have to be done before there is a record: what the first stage asks to be entered cannot be an action",
    "写到起始阶段的 to_leave，或者后面阶段的 to_enter。",
    "Write it under to_leave of the first stage, or under to_enter of a later one.",
)
NOT_A_FILE = Code(
    "T582",
    _ERROR,
    "凭证要放在附件字段里，`{field}` 不是附件",
    "Evidence lies in a file field, and `{field}` is none",
    "写一个 `file` 类型的字段；其他字段写在 fields 里。",
    "Name a field of type `file`; other fields belong under fields.",
)
NEVER_ACCEPTED = Code(
    "T583",
    _ERROR,
    "`{ending}` 不是这个附件字段会收的扩展名",
    "`{ending}` is not a file name ending that this field takes",
    "写这个字段收的扩展名：{taken}。",
    "Write endings that the field takes: {taken}.",
)
ACTION_LIKE_FIELD = Code(
    "T584",
    _ERROR,
    "阶段动作 `{action}` 和一个字段同名，例外和提示会分不清",
    "The action `{action}` has the name of a field: nobody could tell the two apart",
    "给动作换一个名字。",
    "Give the action another name.",
)
EMPTY_GATE = Code(
    "T588",
    _ERROR,
    "这里没有写要什么",
    "Nothing is asked for here",
    "写 fields、actions 或 evidence，或者删掉这一段。",
    "Write fields, actions or evidence, or remove it.",
)
UNKNOWN_ACTION = Code(
    "T589",
    _ERROR,
    "{object} 的阶段没有动作 `{name}`",
    "No stage of {object} asks for an action `{name}`",
    "已有的动作：{known}。",
    "Actions: {known}.",
)
FIELD_TAKEN = Code(
    "T590",
    _ERROR,
    "{object} 已经有 `{field}` 了，另一条流程的阶段要放在自己的字段里",
    "{object} has `{field}` already; a further pipeline keeps its stage in a field of its own",
    "换一个名字；这个字段由流程自己建立，不用写在 fields 里。",
    "Choose another name; the pipeline makes the field itself, it is not written under fields.",
)
NO_PIPELINE_IN = Code(
    "T530",
    _ERROR,
    "{object} 没有一条流程把阶段放在 `{name}` 里",
    "No pipeline of {object} keeps its stage in `{name}`",
    "点号前面写流程的阶段字段：{known}。",
    "Before the dot stands the field in which a pipeline keeps its stage: {known}.",
)
WHICH_PIPELINE = Code(
    "T592",
    _ERROR,
    "有几条流程都有阶段 `{stage}`",
    "Several pipelines have a stage `{stage}`",
    "写明是哪一条：{known}。",
    "Say which one: {known}.",
)
JOURNEY_LACKS = Code(
    "T231",
    _ERROR,
    "旅程里的阶段 `{stage}` 缺少{missing}",
    "The stage `{stage}` of a journey lacks {missing}",
    "写明谁负责、交付什么、凭什么算做完；不需要这些就去掉 journey。",
    "Say who is in charge, what has to be delivered and what proves it; or leave out `journey`.",
)
OWNER_OF_END = Code(
    "T232",
    _ERROR,
    "`{stage}` 是结束的阶段，没有事要做，不能有 owner 和 standard",
    "In the stage `{stage}` work has ended: it cannot have an `owner` or a `standard`",
    "写到还有事要做的阶段里。",
    "Write them in a stage where there is something to do.",
)
