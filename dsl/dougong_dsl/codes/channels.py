"""T24x, T25x: channels, webhooks, connectors, and the events that come in through them."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

UNKNOWN_CHANNEL = Code(
    "T240",
    _ERROR,
    "没有渠道 `{name}`",
    "There is no channel `{name}`",
    "已有的渠道：{known}；新的渠道写在 `channels:` 里。",
    "Channels: {known}; a new one is declared under `channels:`.",
)
SETTING_NAME = Code(
    "T241",
    _ERROR,
    "名称 `{name}` 要用在环境变量和网址里，只能有英文字母、数字和下划线",
    "The name `{name}` stands in environment variables and addresses: ASCII letters, digits and underscores only",
    "中文名称写在 `title:` 里。",
    "What people read goes into `title:`.",
)
CHANNEL_SHAPE = Code("T242", _ERROR, "渠道 `{name}` {problem}", "The channel `{name}` {problem}")
NO_ADDRESS = Code(
    "T243",
    _ERROR,
    "`{object}` 没有文字字段 `{field}`，渠道 `{channel}` 不知道发到哪里",
    "`{object}` has no text field `{field}`, so the channel `{channel}` has no address there",
    "给它加上这个字段，或者把渠道的 `to:` 改成已有的字段。",
    "Give it that field, or let the channel's `to:` name a field that it has.",
)
MESSAGE_FROM = Code(
    "T244",
    _ERROR,
    "渠道 `{channel}` 的消息可能来自 {known}，要写明是哪一种",
    "Messages on `{channel}` may come from {known}; say which",
    "例如 `message on {channel} from {example}`。",
    "For example `message on {channel} from {example}`.",
)
UNKNOWN_WEBHOOK = Code(
    "T245",
    _ERROR,
    "没有 webhook `{name}`",
    "There is no webhook `{name}`",
    "已有的：{known}；新的写在 `webhooks:` 里。",
    "Webhooks: {known}; a new one is declared under `webhooks:`.",
)
UNKNOWN_FORM = Code("T246", _ERROR, "没有表单 `{name}`", "There is no form `{name}`", "已有的表单：{known}", "Forms: {known}")
PAYLOAD_FIELD = Code(
    "T247",
    _ERROR,
    "收到的内容 `{name}` 不能写{what}",
    "The field `{name}` of a payload takes no {what}",
    "收到的内容只有类型、标题和 required。",
    "A payload's fields have a type, titles and `required`.",
)
FIND_SHAPE = Code(
    "T248",
    _ERROR,
    "`find` 要写成 `对象 where 字段 = payload.字段`",
    "`find` is written `object where field = payload.field`",
    "条件里至少有一处“字段 = payload.字段”，才能很快找到记录。",
    "At least one `field = payload.field` lets the record be found at once.",
)
NO_RECORD = Code(
    "T249",
    _ERROR,
    "这里没有记录，不能做 {key}",
    "There is no record here; {key} cannot be done",
    "可以用 create、notify、call；要改已有的记录，给 webhook 写 `find:`。",
    "There are create, notify and call; to change a record give the webhook a `find:`.",
)
UNKNOWN_CONNECTOR = Code(
    "T250",
    _ERROR,
    "没有连接器 `{name}`",
    "There is no connector `{name}`",
    "已有的：{known}；新的写在 `connectors:` 里。",
    "Connectors: {known}; a new one is declared under `connectors:`.",
)
NEEDS_CHANNEL = Code(
    "T251",
    _ERROR,
    "`{recipient}` 不是用户，要写明发到哪个渠道",
    "`{recipient}` is no user; say on which channel to write",
    "例如 `via: sms`。",
    "For example `via: sms`.",
)
KEPT_TOO_SHORT = Code(
    "T252",
    _ERROR,
    "收到的内容至少要留 7 天，按日历算",
    "What came in is kept for at least 7 days of the calendar",
    "对方可能过几天还会重发，凭留下的编号才知道已经处理过；写成 `keep: 30 days`，不写就是 90 天。",
    "A sender may repeat itself days later, and is known by what was kept: write `keep: 30 days`; without the key it is 90 days.",
)
