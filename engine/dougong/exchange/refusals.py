"""R65x–R67x: what an import is told about its file, its columns and its rows."""

from dougong.refusals import RefusalCode

UNREADABLE = RefusalCode("R650", 422, "读不了文件 {file}：{reason}", "The file {file} cannot be read: {reason}")
NOT_A_TABLE = RefusalCode("R651", 422, "{file} 不是 CSV 或 XLSX 文件", "{file} is neither a CSV nor an XLSX file")
BAD_ENCODING = RefusalCode(
    "R652", 422, "{file} 的编码既不是 UTF-8 也不是 GB18030（第 {line} 行）", "{file} is neither UTF-8 nor GB18030 (line {line})"
)
BROKEN_CSV = RefusalCode("R653", 422, "{file} 第 {line} 行不是有效的 CSV：{reason}", "{file} line {line} is not valid CSV: {reason}")
EMPTY = RefusalCode("R654", 422, "{file} 里没有标题行", "{file} has no header row")
TWICE = RefusalCode("R655", 422, "列“{column}”出现了两次", "The column “{column}” is there twice")
NO_SHEET = RefusalCode(
    "R656", 422, "{file} 里没有名为“{sheet}”的工作表，有：{sheets}", "{file} has no sheet “{sheet}”; there are: {sheets}"
)

UNKNOWN_COLUMN = RefusalCode(
    "R660",
    422,
    '列“{column}”不对应“{object}”的任何字段{nearest}；可以用 --map "{column}=字段" 指定，或用 --map "{column}=" 忽略',
    'The column “{column}” is no field of {object}{nearest}; say --map "{column}=field", or --map "{column}=" to leave it out',
)
UNCLEAR_COLUMN = RefusalCode(
    "R661",
    422,
    "列“{column}”可能是这些字段：{fields}；请用 --map 指定",
    "The column “{column}” may be any of {fields}; say which with --map",
)
SAME_FIELD = RefusalCode(
    "R662", 422, "列“{first}”和“{second}”都对应字段“{field}”", "The columns “{first}” and “{second}” both are the field {field}"
)
NO_SUCH_FIELD = RefusalCode("R663", 422, "--map：“{object}”没有字段“{field}”{nearest}", "--map: {object} has no field `{field}`{nearest}")
NO_SUCH_COLUMN = RefusalCode("R664", 422, "--map：文件里没有列“{column}”{nearest}", "--map: the file has no column “{column}”{nearest}")
COMPUTED = RefusalCode(
    "R665",
    422,
    '列“{column}”是自动计算的字段，不能导入；用 --map "{column}=" 忽略',
    'The column “{column}” is computed and cannot be imported; leave it out with --map "{column}="',
)
BAD_KEY = RefusalCode("R666", 422, "--key：“{key}”不是文件中的字段{nearest}", "--key: `{key}` is no field of the file{nearest}")
BAD_MAP = RefusalCode("R667", 422, "--map “{given}”应写成“列=字段”", "--map {given!r} must be written as column=field")

NO_LINK = RefusalCode("R670", 422, "找不到名为“{value}”的{target}{nearest}", "There is no {target} “{value}”{nearest}")
MANY_LINKS = RefusalCode(
    "R671", 422, "有 {count} 条{target}叫“{value}”，分不清是哪一条", "{count} × {target} are called “{value}”; it is not clear which"
)
NO_STAGE = RefusalCode("R672", 422, "没有名为“{value}”的阶段{nearest}", "There is no stage “{value}”{nearest}")
KEY_TWICE = RefusalCode("R673", 422, "与第 {line} 行的“{value}”重复", "“{value}” is already on line {line}")
TOO_MANY_CELLS = RefusalCode(
    "R674", 422, "这一行有 {found} 个单元格，标题只有 {expected} 个", "This row has {found} cells, the header {expected}"
)
KEY_BLANK = RefusalCode("R675", 422, "关键字段“{field}”为空", "The key {field} is blank")
