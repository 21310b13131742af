"""R1xx: values that do not fit their field. One row per code; `{name}` marks gaps."""

from dougong.refusals import RefusalCode

NOT_TEXT = RefusalCode("R101", 422, "这里要填文字，收到的是{kind}。", "This takes text, not {kind}.")
BAD_CHARACTER = RefusalCode(
    "R102",
    422,
    "第 {position} 个字符（{character}）无法保存，请删掉它。",
    "Character {position} ({character}) cannot be stored. Remove it.",
)
TOO_LONG = RefusalCode("R103", 422, "最多 {max} 个字，现在有 {length} 个。", "At most {max} characters; there are {length}.")
NO_MATCH = RefusalCode("R104", 422, "“{found}”不符合格式要求 {pattern}。", "“{found}” does not have the form {pattern}.")
NOT_NUMBER = RefusalCode(
    "R110",
    422,
    "“{found}”不是数字。可以写 1234.5、1,234.50、12万，或 =12*350。",
    "“{found}” is not a number. Write 1234.5, 1,234.50 or =12*350.",
)
NOT_INTEGER = RefusalCode("R111", 422, "这里要填整数，“{found}”带小数。", "This takes a whole number; “{found}” has decimals.")
TOO_SMALL = RefusalCode("R112", 422, "不能小于 {min}。", "Must not be less than {min}.")
TOO_LARGE = RefusalCode("R113", 422, "不能大于 {max}。", "Must not be more than {max}.")
BAD_ARITHMETIC = RefusalCode(
    "R114",
    422,
    "算式“{found}”算不出来。只能用数字、+ - * / 和括号。",
    "“{found}” cannot be worked out. Use numbers, + - * / and brackets only.",
)
PERCENT_UNCLEAR = RefusalCode(
    "R115",
    422,
    "“{found}”是 {found}% 还是 {found} 倍？请带上百分号，例如 13%。",
    "Is “{found}” {found}% or {found} times? Write the percent sign, as in 13%.",
)
NOT_BOOLEAN = RefusalCode("R120", 422, "“{found}”既不是“是”也不是“否”。", "“{found}” is neither yes nor no.")
NOT_DATE = RefusalCode("R130", 422, "“{found}”不是日期。请写成 2026-03-01 这样。", "“{found}” is not a date. Write it as 2026-03-01.")
NOT_DATETIME = RefusalCode(
    "R131", 422, "“{found}”不是时间。请写成 2026-03-01 09:30 这样。", "“{found}” is not a date and time. Write it as 2026-03-01 09:30."
)
YEAR_OUT_OF_RANGE = RefusalCode("R132", 422, "年份要在 1000 到 9999 之间。", "The year must lie between 1000 and 9999.")
UNKNOWN_OPTION = RefusalCode("R140", 422, "没有“{found}”这个选项。{nearest}", "There is no option “{found}”.{nearest}")
ONE_OPTION = RefusalCode("R141", 422, "这里只能选一项，收到 {count} 项。", "Choose one here, not {count}.")
NOT_PHONE = RefusalCode("R150", 422, "“{found}”不是电话号码。", "“{found}” is not a phone number.")
NOT_EMAIL = RefusalCode("R151", 422, "“{found}”不是邮箱地址。", "“{found}” is not an e-mail address.")
NOT_URL = RefusalCode(
    "R152",
    422,
    "“{found}”不是网址。网址以 http:// 或 https:// 开头。",
    "“{found}” is not a web address. It starts with http:// or https://.",
)
NOT_RECORD = RefusalCode("R160", 422, "“{found}”不是记录编号。", "“{found}” is not the number of a record.")
NOT_FILE = RefusalCode("R170", 422, "“{found}”不是文件编号。", "“{found}” is not the number of a file.")
ONE_FILE = RefusalCode("R171", 422, "这里只能放一个文件，收到 {count} 个。", "One file here, not {count}.")
TOO_MANY = RefusalCode("R172", 422, "最多 {max} 个，收到 {count} 个。", "At most {max}, not {count}.")
WRONG_FILE_KIND = RefusalCode("R173", 422, "“{name}”的类型不对，只收 {accept}。", "“{name}” is of the wrong kind; this takes {accept}.")
FILE_TOO_BIG = RefusalCode("R174", 413, "“{name}”太大，最多 {max}。", "“{name}” is too big; at most {max}.")
