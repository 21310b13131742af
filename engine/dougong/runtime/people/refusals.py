"""R41x: to-dos, absences, messages, comments and hand-over, as whoever asks is told."""

from dougong.refusals import RefusalCode

TAKEN = RefusalCode("R410", 409, "“{name}”已经领取了这条待办", "“{name}” has claimed this to-do already")
NOT_CLAIMED = RefusalCode("R411", 409, "这条待办不是领取来的，不能退回", "This to-do was not claimed, so it cannot be given back")
NO_SUCH_MESSAGE = RefusalCode("R412", 404, "没有这条消息", "There is no such message")
NO_SUCH_COMMENT = RefusalCode("R413", 404, "没有这条评论，或者它不是您写的", "There is no such comment, or it is not yours")
EMPTY_COMMENT = RefusalCode("R414", 422, "请写点内容再发表", "Write something first")
LONG_COMMENT = RefusalCode("R415", 422, "评论最多 {most} 个字", "A comment has at most {most} characters")
NOT_YOUR_ABSENCE = RefusalCode("R416", 403, "只有本人或管理员可以设置请假代理", "Only the person or an administrator may set who stands in")
BAD_ABSENCE = RefusalCode(
    "R417",
    422,
    "请假的结束时间要晚于开始时间，代理人要是另一位在职同事",
    "An absence ends after it begins, and somebody else who is active stands in",
)
BAD_PREFERENCE = RefusalCode("R418", 422, "通知设置有误：{problem}", "The notification settings are wrong: {problem}")
NO_HEIR = RefusalCode("R419", 422, "没有可以接手的同事", "There is nobody to take over")
NOT_HANDED_OVER = RefusalCode("R420", 409, "{object}“{title}”不能交接：{problem}", "{object} “{title}” cannot be handed over: {problem}")
ONLY_ADMINS = RefusalCode("R421", 403, "只有管理员可以办理离职交接", "Only an administrator may hand over somebody's work")
STILL_AT_WORK = RefusalCode(
    "R422",
    409,
    "这个用户还有 {count} 项待办、审批或建议没有处理，不能删除。请先交接",
    "{count} to-dos, approvals or proposals still wait for this user: hand them over before you delete it",
)
