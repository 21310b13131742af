"""T3xx: expressions and their types."""

from dougong_dsl.diagnostics import Code, Severity

EMPTY = Code(
    "T300",
    Severity.ERROR,
    "这里应该有一个表达式，但内容是空的",
    "An expression is expected here, but there is nothing",
    "例如 amount * 1.13，或 stage = won",
    "For example: amount * 1.13, or stage = won",
)
SYNTAX = Code(
    "T301",
    Severity.ERROR,
    "读到 {found} 就看不懂了，这里应该是{expected}",
    "Cannot read on at {found}; expected {expected}",
    "{advice}",
    "{advice}",
)
UNFINISHED = Code(
    "T302",
    Severity.ERROR,
    "表达式没有写完，后面还应该有{expected}",
    "The expression is not finished; expected {expected}",
)
OPEN_BRACKET = Code(
    "T303",
    Severity.ERROR,
    "这个左括号没有对应的右括号",
    "This bracket is never closed",
    "在合适的位置补一个 )",
    "Add a ) where the group ends",
)
STRAY_BRACKET = Code(
    "T304",
    Severity.ERROR,
    "多了一个右括号",
    "This closing bracket has no opening one",
    "删掉它，或在前面补一个 (",
    "Remove it, or add the missing ( before it",
)
OPEN_STRING = Code(
    "T305",
    Severity.ERROR,
    "从这里开始的文字没有结束的引号 {quote}",
    "The text that starts here has no closing {quote}",
    "在文字末尾补上引号；文字里要写引号本身时，前面加反斜杠",
    "Close it; a quote inside a text is written with a backslash before it",
)
STRANGE_CHARACTER = Code(
    "T306",
    Severity.ERROR,
    "表达式里不能有字符 {character}",
    "The character {character} means nothing in an expression",
    "文字要写在引号里；名称里有特殊字符时用反引号括起来，如 `合同金额（元）`",
    "Put text in quotes; put a title with special characters in back-quotes, such as `合同金额（元）`",
)
BAD_DATE = Code(
    "T307",
    Severity.ERROR,
    "{text} 不是有效的日期",
    "{text} is not a date",
    "日期写成 #2026-03-01#，带时间写成 #2026-03-01 09:30#",
    "Write a day as #2026-03-01#, a point in time as #2026-03-01 09:30#",
)
BORROWED_OPERATOR = Code(
    "T308",
    Severity.INFO,
    "{found} 已按 {meant} 理解",
    "{found} was read as {meant}",
    "建议直接写 {meant}；连接文字用 &",
    "Better write {meant}; text is joined with &",
)
TOO_LONG = Code(
    "T310",
    Severity.ERROR,
    "表达式有 {found} 个字符，最多 {limit} 个",
    "The expression has {found} characters; at most {limit} are allowed",
    "把它拆成几个公式字段",
    "Split it into several formula fields",
)
TOO_DEEP = Code(
    "T311",
    Severity.ERROR,
    "表达式嵌套了 {found} 层，最多 {limit} 层",
    "The expression is nested {found} levels deep; at most {limit} are allowed",
    "把里层拆成单独的公式字段；多个条件可以用 IFS 或 SWITCH 平着写",
    "Move the inner part into a formula field; IFS and SWITCH write many cases side by side",
)
TOO_BIG = Code(
    "T312",
    Severity.ERROR,
    "表达式有 {found} 个组成部分，最多 {limit} 个",
    "The expression has {found} parts; at most {limit} are allowed",
    "把它拆成几个公式字段",
    "Split it into several formula fields",
)
TOO_MANY_DIGITS = Code(
    "T313",
    Severity.ERROR,
    "这一步的结果可能有 {found} 位数字，最多 {limit} 位",
    "This result may have {found} digits; at most {limit} are allowed",
    "中间结果先用 ROUND 取整，再继续计算",
    "Round the intermediate result with ROUND before going on",
)
TOO_HEAVY = Code(
    "T314",
    Severity.ERROR,
    "函数和关联套得太深，数据库处理不了",
    "Functions and links are nested deeper than a database can take",
    "把里层拆成单独的公式字段；多个条件可以用 IFS 或 SWITCH 平着写",
    "Move the inner part into a formula field; IFS and SWITCH write many cases side by side",
)
UNKNOWN_NAME = Code(
    "T320",
    Severity.ERROR,
    "{where}没有名为 `{name}` 的字段",
    "{where} has no field `{name}`",
    "要写一段文字，请加引号",
    "Text needs quotes",
)
GLUED_WORDS = Code(
    "T321",
    Severity.ERROR,
    "没有名为 `{name}` 的字段",
    "There is no field `{name}`",
    "`{word}` 前后要留空格，例如 金额 大于 100 {word} …",
    "Put spaces around `{word}`",
)
AMBIGUOUS_TITLE = Code(
    "T322",
    Severity.ERROR,
    "有几个字段都叫“{name}”：{fields}",
    "Several fields are called “{name}”: {fields}",
    "请写字段名",
    "Write the field's name",
)
UNKNOWN_OPTION = Code(
    "T323",
    Severity.ERROR,
    "没有选项 `{name}`，可选的有：{options}",
    "There is no option `{name}`; the options are: {options}",
)
OPTION_HIDDEN = Code(
    "T324",
    Severity.WARNING,
    "`{name}` 既是字段又是选项，这里按字段理解",
    "`{name}` is a field and an option; it is read as the field",
    '要表示选项，请加引号："{name}"',
    'To mean the option, put it in quotes: "{name}"',
)
UNKNOWN_FUNCTION = Code(
    "T325",
    Severity.ERROR,
    "没有函数 {name}",
    "There is no function {name}",
)
NOT_A_RECORD = Code(
    "T326",
    Severity.ERROR,
    "`{name}` 是{found}，后面不能再用 . 取字段",
    "`{name}` is {found}; there is no field to take from it with a dot",
)
NO_RECORD_HERE = Code(
    "T327",
    Severity.ERROR,
    "这里没有 `{name}` 可用",
    "`{name}` is not available here",
    "{advice}",
    "{advice}",
)
WRONG_TYPE = Code(
    "T330",
    Severity.ERROR,
    "{what}应该是{expected}，这里却是{found}",
    "{what} must be {expected}, but this is {found}",
    "{advice}",
    "{advice}",
)
NOT_COMPARABLE = Code(
    "T331",
    Severity.ERROR,
    "{left}和{right}不能比较",
    "{left} cannot be compared with {right}",
    "{advice}",
    "{advice}",
)
NO_ARITHMETIC = Code(
    "T332",
    Severity.ERROR,
    "{left} {operator} {right} 没有意义",
    "{left} {operator} {right} has no meaning",
    "{advice}",
    "{advice}",
)
TWO_CURRENCIES = Code(
    "T333",
    Severity.ERROR,
    "两种货币不能直接放在一起计算或比较：{left} 和 {right}",
    "Two currencies cannot be mixed: {left} and {right}",
    "先按汇率换算成同一种货币的字段",
    "Convert one of them into a field of the other currency first",
)
LIST_NEEDS_FUNCTION = Code(
    "T334",
    Severity.ERROR,
    "`{name}` 有多个值，要用列表函数汇总",
    "`{name}` holds many values and needs a list function",
    "例如 SUM({name})、COUNT({name})、MAX({name})",
    "For example SUM({name}), COUNT({name}), MAX({name})",
)
NEEDS_LIST = Code(
    "T335",
    Severity.ERROR,
    "{function} 的第 1 个参数应该是一个列表（例如下级记录），这里却是{found}",
    "The first argument of {function} must be a list (such as child records), but this is {found}",
)
ARGUMENT_COUNT = Code(
    "T336",
    Severity.ERROR,
    "{function} 需要 {expected} 个参数，这里有 {found} 个",
    "{function} takes {expected} arguments, but {found} were given",
    "用法：{signature}",
    "Usage: {signature}",
)
WHERE_NOT_ALLOWED = Code(
    "T337",
    Severity.ERROR,
    "{function} 不是列表函数，不能带 where",
    "{function} is no list function and takes no `where`",
    "例如 SUM(orders.amount where stage = done)",
    "For example SUM(orders.amount where stage = done)",
)
WRITTEN_NUMBER = Code(
    "T338",
    Severity.ERROR,
    "{what}要直接写成一个整数，范围 {low} 到 {high}",
    "{what} must be written as a whole number from {low} to {high}",
)
UNKNOWN_UNIT = Code(
    "T339",
    Severity.ERROR,
    "{what}要写成下面几种之一：{units}",
    "{what} must be one of: {units}",
)
NO_COMMON_TYPE = Code(
    "T340",
    Severity.ERROR,
    "各个结果的类型不一致：{left} 和 {right}",
    "The results have different types: {left} and {right}",
    "每个分支要给出同一种值",
    "Every branch must give the same kind of value",
)
DATE_NEEDS_DAYS = Code(
    "T341",
    Severity.ERROR,
    "日期没有钟点，只能加减整天、周、月或年",
    "A date has no time of day; only whole days, weeks, months or years can be added",
    "写成 due + 3 天，或改用日期时间字段",
    "Write due + 3 days, or use a date-and-time field",
)
CALENDAR_DURATION = Code(
    "T342",
    Severity.ERROR,
    "月和年的长短不一，只能直接加在日期上",
    "Months and years differ in length; they can only be added to a date",
    "例如 today - 1 个月",
    "For example today - 1 month",
)
NULL_COMPARED = Code(
    "T343",
    Severity.ERROR,
    "空值不能用 {operator} 比较",
    "Null cannot be compared with {operator}",
    "判断是否为空请写 is blank 或 为空",
    "Ask `is blank` or `is not blank`",
)
DIVIDED_BY_ZERO = Code(
    "T344",
    Severity.WARNING,
    "除数是 0，结果总是空",
    "The divisor is 0; the result is always null",
)
AVERAGE_OF_LISTS = Code(
    "T345",
    Severity.ERROR,
    "{function} 不能跨两层列表",
    "{function} cannot go through two lists",
    "先在中间的对象上建一个公式字段",
    "Add a formula field to the object in between",
)
BAD_PATTERN = Code(
    "T346",
    Severity.ERROR,
    "模式看不懂：{reason}",
    "The pattern is wrong: {reason}",
    '文本模式例如 "[A-Z]+-\\\\d+"，数字格式例如 "#,##0.00"，日期格式例如 "yyyy-mm-dd"',
    'A pattern for texts looks like "[A-Z]+-\\\\d+", a layout for numbers like "#,##0.00", one for dates like "yyyy-mm-dd"',
)
WRITTEN_TEXT = Code(
    "T347",
    Severity.ERROR,
    "{what}要直接写成带引号的文字",
    "{what} must be written as a text in quotes",
)
UNKNOWN_OBJECT = Code(
    "T348",
    Severity.ERROR,
    "{function} 的第 1 个参数应该是一个对象的名称，没有对象 `{name}`",
    "The first argument of {function} must name an object; there is no object `{name}`",
)
NO_STAGES = Code(
    "T360",
    Severity.ERROR,
    "{function} 要用在有流程的对象上，`{object}` 没有流程",
    "{function} needs an object with a pipeline; `{object}` has none",
    "在 pipelines: 下给 {object} 建一个流程",
    "Give {object} a pipeline under pipelines:",
)
UNKNOWN_STAGE = Code(
    "T361",
    Severity.ERROR,
    "{function} 里的 `{name}` 不是流程的阶段，有：{known}",
    "`{name}` in {function} is no stage of the pipeline; there are: {known}",
)
WHICH_STAGE = Code(
    "T365",
    Severity.ERROR,
    "{function} 里的 `{name}` 在几条流程里都有",
    "Several pipelines have the stage `{name}` in {function}",
    "写明是哪一条：{known}。",
    "Say which one: {known}.",
)
NOT_RECORDED = Code(
    "T362",
    Severity.ERROR,
    "历史里没有 `{name}` 的修改记录",
    "The history keeps no changes of `{name}`",
    "changes(…) 里写本记录的一个由人或规则填写的字段，公式和系统字段不行",
    "Write a field of this record that people or rules fill in; formulas and what the engine keeps itself are not recorded",
)
UNKNOWN_CALENDAR = Code(
    "T363",
    Severity.ERROR,
    "没有工作日历 `{name}`",
    "There is no working calendar `{name}`",
    "calendars: 下的日历：{known}；不写则用应用的工作日历",
    "Calendars under calendars: {known}; without one the app's own holds",
)
WORKING_ALONE = Code(
    "T364",
    Severity.ERROR,
    "工作日、工作小时只能加减在日期后面",
    "Working days and hours can only be added to a date",
    "例如 today + 3 个工作日；要比较时长，写 networkdays(created_at, today) > 3 或 workhours(created_at, now) > 8",
    "For example today + 3 working days; to compare, write networkdays(created_at, today) > 3 or workhours(created_at, now) > 8",
)
NOT_IN_DATABASE = Code(
    "T349",
    Severity.ERROR,
    "{function} 不能在数据库里计算，{what}用不了它",
    "{function} cannot be computed by the database, which {what} needs",
    "先建一个只用本记录字段的公式字段，例如 `拼音: text = pinyin(名称)`，再用这个字段",
    "Add a formula field over fields of the record itself, such as `spelt: text = pinyin(name)`, and use that",
)
ONLY_IN_DEFAULTS = Code(
    "T350",
    Severity.ERROR,
    "{function} 只能写在字段的 `default` 里",
    "{function} stands in the `default` of a field only",
    "它每算一次就用掉一个号；不许人改的编号请用 `autonumber` 类型",
    "Every evaluation takes a number; for a number that nobody may change use the type `autonumber`",
)
NOT_YET = Code(
    "T399",
    Severity.ERROR,
    "{what}还不能用",
    "{what} is not available yet",
    "{advice}",
    "{advice}",
)
