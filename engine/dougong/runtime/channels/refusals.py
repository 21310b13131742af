"""R81x: settings of channels."""

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
