"""T1xx: files and YAML."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

UNREADABLE = Code("T101", _ERROR, "读不了这个文件：{reason}", "Cannot read this: {reason}")
NOT_UTF8 = Code(
    "T102",
    _ERROR,
    "文件不是 UTF-8 编码{guess}",
    "The file is not in UTF-8{guess}",
    "用编辑器的“另存为”把编码选成 UTF-8 再保存。",
    "Save it again with the encoding UTF-8.",
)
TOO_LARGE = Code(
    "T103",
    _ERROR,
    "内容过大：{found}，上限是 {limit}",
    "Too large: {found}, the limit is {limit}",
    "把定义拆成几个文件。",
    "Split the definition into several files.",
)
EMPTY = Code(
    "T104",
    _ERROR,
    "文件里没有任何内容",
    "There is nothing in this file",
    "至少要写 `app:` 和 `objects:`。",
    "Write at least `app:` and `objects:`.",
)
SYNTAX = Code("T105", _ERROR, "YAML 写法有误：{problem}", "This is not valid YAML: {problem}", "{remedy}", "{remedy}")
TAB = Code("T106", _ERROR, "这里用了制表符（Tab）", "There is a tab here", "缩进请改用空格。", "Indent with spaces.")
DUPLICATE_KEY = Code(
    "T107",
    _ERROR,
    "`{key}` 在同一处写了两次",
    "`{key}` is written twice in one place",
    "删掉或改名其中一个。",
    "Remove or rename one of them.",
)
NOT_A_MAPPING = Code(
    "T108",
    _ERROR,
    "文件最外层应该是`键: 值`的形式，这里却是{found}",
    "The outermost level must be `key: value`, here it is {found}",
)
TOO_DEEP = Code("T109", _ERROR, "嵌套太深，最多 {limit} 层", "Nested too deep, the limit is {limit} levels")
TOO_MANY_ALIASES = Code(
    "T110",
    _ERROR,
    "用 `*{alias}` 引用后内容超过 {limit} 项",
    "With `*{alias}` repeated, the file holds more than {limit} values",
    "把重复的内容直接写出来，或减少引用。",
    "Write repeated parts out, or use fewer aliases.",
)
TAG = Code(
    "T111",
    _ERROR,
    "不支持 YAML 标签 `{tag}`",
    "YAML tags such as `{tag}` are not used here",
    "去掉标签，只写值。",
    "Write the value without the tag.",
)
KEY_NOT_TEXT = Code(
    "T112",
    _ERROR,
    "键应该是一个名称，这里却是{found}",
    "A key must be a name, here it is {found}",
    "`{{{{ … }}}}` 这样的内容要放在引号里。",
    "Put text such as `{{{{ … }}}}` in quotes.",
)
CONTROL = Code(
    "T113", _ERROR, "这里有不可见的控制字符 {char}", "There is an invisible control character {char} here", "删掉这个字符。", "Delete it."
)
SECOND_DOCUMENT = Code(
    "T114",
    _ERROR,
    "一个文件里只能有一份内容，这里又用 `---` 开始了一份",
    "A file holds one document, a second one starts with `---` here",
    "把后面的部分放到另一个文件里。",
    "Move what follows to a file of its own.",
)
NO_FILES = Code(
    "T115", _ERROR, "这个文件夹里没有 .yaml 文件", "There is no .yaml file in this folder", "确认路径是否正确。", "Check the path."
)
UNKNOWN_ALIAS = Code(
    "T116",
    _ERROR,
    "`*{alias}` 引用的内容在它之前没有定义完",
    "`*{alias}` refers to something that is not complete before it",
    "以 `*` 开头的文字要放在引号里。",
    "Put text that starts with `*` in quotes.",
)
DEFINED_TWICE = Code(
    "T117",
    _ERROR,
    "`{name}` 在 {section} 里定义了两次",
    "`{name}` is defined twice in {section}",
    "两处保留一处，或者改名。",
    "Keep one of the two, or rename one.",
)
DATE_IS_COMMENT = Code(
    "T118",
    _ERROR,
    "从 ` #` 开始的部分被 YAML 当成了注释，日期没有读进来",
    "YAML takes what follows ` #` for a comment, so the date was not read",
    "把整句放进引号，例如 `'date default #2026-03-01#'`。",
    "Put the whole line in quotes, as in `'date default #2026-03-01#'`.",
)
