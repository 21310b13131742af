"""T2xx and T9xx: keys, names, structure, and what is not available yet."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

UNKNOWN_KEY = Code("T201", _ERROR, "{part}不认识 `{key}` 这个键", "`{key}` is not a key of {part}", "可以用的键：{known}", "Keys: {known}")
WRONG_KIND = Code("T202", _ERROR, "{key} 应该是{expected}，实际是{found}", "{key} must be {expected}, found {found}")
MISSING_KEY = Code("T203", _ERROR, "{part}缺少 `{key}`", "{part} needs `{key}`")
WRONG_VALUE = Code("T204", _ERROR, "{key} 不能是 `{value}`，应该是{expected}", "{key} cannot be `{value}`; expected {expected}")
UNKNOWN_OBJECT = Code("T205", _ERROR, "没有对象 `{name}`", "There is no object `{name}`", "已有的对象：{known}", "Objects: {known}")
UNKNOWN_FIELD = Code("T206", _ERROR, "{object} 没有字段 `{name}`", "{object} has no field `{name}`")
BAD_NAME = Code(
    "T208",
    _ERROR,
    "`{name}` 不能用作名称",
    "`{name}` cannot be a name",
    "名称由文字、数字和下划线组成，不能以数字开头；要显示的文字写在 `title` 里。",
    "A name has letters, digits and underscores and does not start with a digit; what people see goes into `title`.",
)
NAME_TOO_LONG = Code(
    "T209",
    _ERROR,
    "名称 `{name}` 太长：{found} 字节，最多 {limit} 字节（一个汉字占 3 字节）",
    "The name `{name}` is too long: {found} bytes, the limit is {limit} (a Chinese character takes 3)",
    "用短一些的名称，完整的说法写在 `title` 里。",
    "Use a shorter name and put the full wording into `title`.",
)
SQL_WORD = Code(
    "T210",
    _ERROR,
    "`{name}` 是数据库的保留字，不能用作对象名",
    "`{name}` is a reserved word of SQL and cannot name an object",
    "换一个名称，例如 `{other}`。",
    "Use another name, such as `{other}`.",
)
RESERVED_NAME = Code(
    "T211", _ERROR, "名称 `{name}` 已被占用：{why}", "The name `{name}` is taken: {why}", "换一个名称。", "Use another name."
)
SAME_BUT_CASE = Code(
    "T212",
    _ERROR,
    "`{name}` 与 `{other}` 只有大小写不同",
    "`{name}` differs from `{other}` only in upper and lower case",
    "数据库会把它们当成同一个名称，请改名。",
    "Databases take them for one name; rename one.",
)
ENGINE_PREFIX = Code("T213", _ERROR, "名称 `{name}` 以 dg_ 开头，这个前缀留给系统", "`{name}` starts with dg_, which belongs to the engine")
NAME_TWICE = Code("T214", _ERROR, "{object} 里已经有 `{name}`", "{object} already has `{name}`", "换一个名称。", "Use another name.")
FORMULA_CYCLE = Code(
    "T215",
    _ERROR,
    "公式互相引用，绕成了圈：{chain}",
    "These formulas refer to each other in a circle: {chain}",
    "去掉其中一处引用。",
    "Remove one of the references.",
)
NOT_FOR_FORMULA = Code(
    "T216",
    _ERROR,
    "公式字段的值由系统算出，不能写 `{key}`",
    "The value of a computed field is worked out, so `{key}` cannot be set",
    "删掉 `{key}`，或删掉公式。",
    "Remove `{key}`, or the formula.",
)
NOT_COMPUTABLE = Code(
    "T217", _ERROR, "公式的结果是{found}，不能作为字段的值", "The formula gives {found}, which a field cannot hold", "", ""
)
NOT_SEARCHABLE = Code("T218", _ERROR, "{type} 类型的字段不能写 `{key}`", "A field of type {type} cannot be `{key}`")
NO_COLUMN = Code(
    "T219",
    _ERROR,
    "公式字段 `{name}` 在读取时才计算，没有存进数据库，不能写 `{key}`",
    "The computed field `{name}` is worked out when read and has no column, so it cannot be `{key}`",
    "公式用到了其他记录、其他算出的字段、当前用户或当前时间。",
    "Its formula looks at other records, at such fields, at the acting user or at the time.",
)
UNKNOWN_ROLE = Code("T220", _ERROR, "没有角色 `{name}`", "There is no role `{name}`", "已有的角色：{known}", "Roles: {known}")
UNKNOWN_ZONE = Code(
    "T221", _ERROR, "没有时区 `{name}`", "There is no time zone `{name}`", "例如 Asia/Shanghai。", "For example Asia/Shanghai."
)
UNKNOWN_CURRENCY = Code(
    "T222",
    _ERROR,
    "`{name}` 不是货币代码",
    "`{name}` is not a currency code",
    "写三个大写字母，例如 CNY。",
    "Three capital letters, such as CNY.",
)
LIST_IN_RECORD_TITLE = Code(
    "T223",
    _ERROR,
    "`record_title` 要指向一个能显示成文字的字段，`{name}` 不行",
    "`record_title` must name a field with a text to show; `{name}` has none",
)
WAS_EXISTS = Code(
    "T224",
    _ERROR,
    "`was: {name}` 指的旧名称现在还在用",
    "`was: {name}` names something that still exists",
    "改名时旧名称要从定义里去掉。",
    "After a rename the old name is gone from the definition.",
)
TITLE_LANGUAGE = Code("T225", _ERROR, "标题里只能有 zh 和 en，没有 `{key}`", "A title has zh and en, not `{key}`")
NO_VALUE = Code("T226", _ERROR, "`{key}` 后面没有值", "`{key}` has no value", "补上值，或删掉这个键。", "Write a value, or remove the key.")
EMPTY_LIST = Code(
    "T227", _ERROR, "{key} 里一项也没有", "{key} is empty", "至少写一项，或删掉这个键。", "Write at least one, or remove the key."
)
TEMPLATE_OPEN = Code("T228", _ERROR, "`{{{{` 没有对应的 `}}}}`", "`{{{{` is not closed by `}}}}`")
FIXED_USER = Code(
    "T230",
    _ERROR,
    "`{name}` 是内置对象，不能写{what}",
    "`{name}` is built in and takes no {what}",
    "可以给它加字段，例如 `region`。",
    "It takes fields of your own, such as `region`.",
)
LATER = Code(
    "T901",
    _ERROR,
    "这个版本还不支持{what}",
    "Not available yet: {what}",
    "先删掉这一段；以后的版本会支持。",
    "Remove it for now; a later version will know it.",
)
WRONG_OPTION = Code("T229", _ERROR, "{key} 写得不对：{problem}", "{key} is not right: {problem}")
