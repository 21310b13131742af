"""R9xx: what goes wrong with the database, as a person is told. One row per code."""

from dougong.refusals import RefusalCode

NOT_UNIQUE = RefusalCode(
    "R901", 409, "{columns} 的这个值已经有了，不能重复。", "This value of {columns} exists already and must be unique."
)
BUSY = RefusalCode(
    "R903",
    503,
    "数据库正忙，等了 {seconds} 秒还没轮到。请稍后再试。",
    "The database is busy; {seconds} seconds were not enough. Try again.",
)
DISK_FULL = RefusalCode("R904", 503, "磁盘满了，没有保存。请联系管理员。", "The disk is full; nothing was saved. Tell the administrator.")
LOST = RefusalCode(
    "R905", 503, "与数据库的连接断了，这次没有保存。请再试一次。", "The connection to the database was lost; this was not saved. Try again."
)
COLLISION = RefusalCode(
    "R906", 409, "别人同时改了同一条记录。请再试一次。", "Somebody changed the same record at the same time. Try again."
)
TOO_SLOW = RefusalCode(
    "R907",
    503,
    "查询超过了 {seconds} 秒，已经停止。请缩小范围。",
    "The query took more than {seconds} seconds and was stopped. Narrow it down.",
)
READ_ONLY = RefusalCode("R908", 503, "数据库只能读，不能写。请联系管理员。", "The database cannot be written. Tell the administrator.")
BROKEN = RefusalCode("R909", 503, "数据库出错：{detail}。请联系管理员。", "The database failed: {detail}. Tell the administrator.")
LOST_WHILE_SAVING = RefusalCode(
    "R911",
    503,
    "保存时与数据库的连接断了，可能已经保存。请先看一看，再决定要不要重做。",
    "The connection was lost while saving. Look whether it was saved before you repeat it.",
)
BAD_URL = RefusalCode(
    "R910",
    503,
    "数据库地址 `{url}` 用不了：{zh}。写法：sqlite:///crm.db 或 postgresql://user@host/name。",
    "The database address `{url}` cannot be used: {en}. Write sqlite:///crm.db or postgresql://user@host/name.",
)
NOT_TEXT = RefusalCode("R912", 422, "文字里有不能保存的字符（NUL）。", "The text has a character that cannot be kept (NUL).")
