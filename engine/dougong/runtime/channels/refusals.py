"""R81x–R83x: settings of channels, what comes in through doors, forms."""

from dougong.refusals import RefusalCode

BAD_MAIL_URL = RefusalCode(
    "R810",
    503,
    "看不懂 DOUGONG_SMTP_URL，应写成 `smtp://用户:密码@主机:587` 或 `smtps://主机:465`",
    "DOUGONG_SMTP_URL cannot be understood; write smtp://user:password@host:587 or smtps://host:465",
)
BAD_PUBLIC_URL = RefusalCode(
    "R812",
    503,
    "看不懂 DOUGONG_URL（或 --url），应写成用户打开应用的网址，例如 https://crm.example.com",
    "DOUGONG_URL (or --url) cannot be understood; write where people open the app, such as https://crm.example.com",
)
BAD_SENDER = RefusalCode(
    "R811",
    503,
    "有 DOUGONG_SMTP_URL 就要有 DOUGONG_MAIL_FROM：发件人地址，例如 CRM <crm@example.com>",
    "DOUGONG_SMTP_URL needs DOUGONG_MAIL_FROM, the sender's address: CRM <crm@example.com>",
)
BAD_DOOR_URL = RefusalCode(
    "R820",
    503,
    "看不懂 {name}，应写成 `https://主机/路径`",
    "{name} cannot be understood; write https://host/path",
)
NO_SECRET = RefusalCode(
    "R821",
    503,
    "还没有配置密钥 {name}，暂时不能接收",
    "The secret {name} is not set, so nothing can be taken in yet",
)
BAD_SIGNATURE = RefusalCode(
    "R822",
    401,
    "签名不对、缺少签名，或者请求已超过 5 分钟",
    "The signature is wrong or missing, or the request is more than 5 minutes old",
)
NO_SUCH_DOOR = RefusalCode("R823", 404, "没有名为“{name}”的{what}", "There is no {what} {name}")
LACKS = RefusalCode("R824", 400, "缺少“{title}”", "{title} is missing")
NOT_TIME = RefusalCode("R825", 400, "“{name}”应为{expected}", "{name} must be {expected}")
NOT_READABLE = RefusalCode("R826", 400, "内容不是一个 JSON 对象", "The body is no JSON object")
NO_SUCH_RECEIVED = RefusalCode("R827", 404, "没有这条收到的内容", "There is no such thing that came in")
NOT_OPEN = RefusalCode("R828", 409, "这条内容已经处理好了", "This was taken in already")
NO_SUCH_FORM = RefusalCode("R829", 404, "{object}没有名为“{name}”的表单", "{object} has no form {name}")
NOT_ON_FORM = RefusalCode("R830", 422, "表单“{form}”上没有“{title}”", "{title} is not on the form {form}")
