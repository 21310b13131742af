"""R60x–R64x: what a request is told before it reaches a record: its shape, its sender, its size, its files.

One row per code; `sentence` gives the words of a code without gaps, for pages that only carry the code.
"""

from dougong.refusals import RefusalCode

BAD_JSON = RefusalCode("R600", 400, "请求内容不是有效的 JSON：{reason}", "The body is not valid JSON: {reason}")
WRONG_TYPE = RefusalCode("R601", 415, "不接受内容类型 {found}，请使用 {expected}", "Content type {found} is not accepted; send {expected}")
NO_ROUTE = RefusalCode("R602", 404, "没有这个地址：{path}", "There is nothing at {path}")
WRONG_METHOD = RefusalCode("R603", 405, "这个地址不支持 {method}，可以用 {allowed}", "{method} is not possible here; possible: {allowed}")
BAD_PARAMETER = RefusalCode(
    "R605", 400, "参数 {name} 的值“{value}”不对，应为{expected}", "Parameter {name} cannot be {value!r}; expected {expected}"
)
UNKNOWN_PARAMETER = RefusalCode("R606", 400, "没有名为“{name}”的参数{nearest}", "There is no parameter `{name}`{nearest}")
BAD_SHAPE = RefusalCode("R607", 400, "请求内容应为{expected}", "The body must be {expected}")
KEY_TWICE = RefusalCode("R618", 400, "同一个对象里“{name}”写了两次", "The key `{name}` is there twice in one object")
BAD_HEADER = RefusalCode(
    "R619", 400, "请求头 {name} 的值“{value}”不对，应为{expected}", "The header {name} cannot be {value!r}; expected {expected}"
)
NO_VIEW = RefusalCode("R617", 404, "没有名为“{name}”的视图{nearest}", "There is no view `{name}`{nearest}")
TOO_LARGE = RefusalCode("R608", 413, "内容太大：最多 {limit}", "The body is too large: at most {limit}")
TOO_MANY = RefusalCode("R609", 413, "一次最多 {limit} 条记录，收到 {found} 条", "At most {limit} records at once; {found} were sent")

SIGN_IN_FIRST = RefusalCode("R610", 401, "请先登录", "Sign in first")
BAD_TOKEN = RefusalCode("R611", 401, "访问令牌无效、已过期或已撤销", "The token is unknown, expired or revoked")
WRONG_PASSWORD = RefusalCode("R612", 401, "账号或密码不对", "Wrong login or password")
TOO_OFTEN = RefusalCode("R613", 429, "尝试次数过多，请 {seconds} 秒后再试", "Too many attempts; try again in {seconds} seconds")
FORGED = RefusalCode(
    "R614",
    403,
    "请求不是从本系统的页面发出的，已拒绝；请刷新页面后再试",
    "The request does not come from a page of this site; reload the page and try again",
)
BAD_LANGUAGE = RefusalCode("R616", 400, "没有“{found}”这种语言，可选 zh、en", "There is no language {found!r}; choose zh or en")

NO_FILE = RefusalCode("R620", 404, "没有这个文件，或您无权查看", "There is no such file, or you may not see it")
FILE_MISSING = RefusalCode("R621", 400, "请求中没有文件", "The request carries no file")
FILE_LOST = RefusalCode("R622", 503, "文件内容不在存储中，请联系管理员", "The file's content is not in the store; tell an administrator")

FAULT = RefusalCode("R641", 500, "系统内部出错，编号 {reference}", "Something went wrong inside; reference {reference}")

BY_CODE: dict[str, RefusalCode] = {value.code: value for value in list(vars().values()) if isinstance(value, RefusalCode)}


def sentence(code: str, language: str) -> str:
    """The words of a code, gaps shown as an ellipsis; empty for an unknown code (it may come from a URL that somebody typed)."""
    found = BY_CODE.get(code)
    if found is None:
        return ""
    words = found.zh if language == "zh" else found.en
    return words.format_map(_Gaps())


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
