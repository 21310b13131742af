"""T4xx: field lines, moves, grants, events."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

UNEXPECTED = Code(
    "T401",
    _ERROR,
    "{sentence}里读到 `{found}` 就读不下去了，这里应该是{expected}",
    "In this {sentence}, `{found}` cannot stand here; expected {expected}",
    "写法示例：`{example}`",
    "Example: `{example}`",
)
UNFINISHED = Code(
    "T402",
    _ERROR,
    "{sentence}没有写完，后面还应该有{expected}",
    "This {sentence} is not complete; expected {expected}",
    "写法示例：`{example}`",
    "Example: `{example}`",
)
UNKNOWN_WORD = Code(
    "T403",
    _ERROR,
    "类型 {type} 的字段不认识 `{word}` 这个词",
    "A field of type {type} does not know the word `{word}`",
    "可以用的词：{known}",
    "Words that may stand here: {known}",
)
UNKNOWN_TYPE = Code(
    "T404", _ERROR, "没有 `{name}` 这种字段类型", "There is no field type `{name}`", "可以用的类型：{known}", "Types: {known}"
)
NO_TYPE = Code(
    "T405",
    _ERROR,
    "字段没有写类型",
    "The field has no type",
    '以类型开头，例如 `text "名称"`；只有带公式（`= …`）的字段可以不写类型。',
    'Start with a type, as in `text "Name"`; only a field with a formula (`= …`) may go without.',
)
WORD_WITHOUT_VALUE = Code("T406", _ERROR, "`{word}` 后面要写一个值", "A value must follow `{word}`")
WORD_TWICE = Code("T407", _ERROR, "`{word}` 写了两次", "`{word}` is written twice", "删掉其中一个。", "Remove one of them.")
NO_BRACKET = Code("T408", _ERROR, "`{word}` 后面不能带括号", "`{word}` takes no bracket")
TOO_MANY_TITLES = Code(
    "T409",
    _ERROR,
    "标题最多写两个：先中文，后英文",
    "At most two titles: Chinese first, then English",
    '写法示例：`text "客户名称" "Customer name"`',
    'Example: `text "客户名称" "Customer name"`',
)
UNKNOWN_ACTION = Code(
    "T410",
    _ERROR,
    "授权里没有 `{name}` 这种操作",
    "There is no action `{name}` in a grant",
    "可以用的操作：{known}",
    "Actions: {known}",
)
UNKNOWN_EVENT = Code(
    "T411",
    _ERROR,
    "看不懂触发时机 `{text}`",
    "This is not an event: `{text}`",
    "发生的事：`X created`、`X changed`、`X deleted`、`X.field changed from a to b`、`X entered STAGE`、`X left STAGE`；"
    "到时间：`3 days before X.date`、`2 hours after X.created_at`、`X overdue`、`X in STAGE for 3 days`、"
    "`X without update for 7 days`、`every monday at 09:00`",
    "What happens: `X created`, `X changed`, `X deleted`, `X.field changed from a to b`, `X entered STAGE`, `X left STAGE`; "
    "what time brings: `3 days before X.date`, `2 hours after X.created_at`, `X overdue`, `X in STAGE for 3 days`, "
    "`X without update for 7 days`, `every monday at 09:00`",
)
TORN = Code(
    "T415",
    _ERROR,
    "这一行的括号或引号没有结束：`{text}`",
    "A bracket or quotation mark of this line is not closed: `{text}`",
    '补上它；写在 {{…}} 或 […] 里时，逗号会把一行拆开，要给整行加上引号，例如 `"choice(a, b)"`。',
    'Close it; inside {{…}} or […] a comma ends an item, so put quotes around the whole line, as in `"choice(a, b)"`.',
)
CHAIN = Code(
    "T414",
    _ERROR,
    "一条流转只走一步，这里有第二个 `->`",
    "A move is one step; here is a second `->`",
    "每一步写一条：`- a -> b`，下一行 `- b -> c`。",
    "Write one for each step: `- a -> b`, and `- b -> c` on the next line.",
)
FORMULA_AS_TYPE = Code(
    "T412",
    _ERROR,
    "`{name}(…)` 是公式，不是字段类型",
    "`{name}(…)` is a formula, not a field type",
    "公式写在等号后面：`= {formula}`，前面可以写类型，例如 `integer = {formula}`。",
    "A formula stands behind an equals sign: `= {formula}`, after a type if you like, as in `integer = {formula}`.",
)
NO_OBJECT = Code(
    "T413",
    _ERROR,
    "授权 `{text}` 没有说对哪个对象",
    "The grant `{text}` does not say on which object",
    '写在 […] 里时，逗号会把一句话拆开：给整句加上引号，例如 `["read, update lead"]`，或者每句各占一行，前面写 `- `。',
    'Inside […] a comma ends an item: put quotes around the sentence, as in `["read, update lead"]`, or give each its own line with `- `.',
)
