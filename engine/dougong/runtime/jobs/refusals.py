"""R8xx: jobs and what they send."""

from dougong.refusals import RefusalCode

BAD_CRON = RefusalCode("R801", 422, "看不懂这个时间安排：{cron}", "This schedule cannot be understood: {cron}")
NOT_ADMIN = RefusalCode("R802", 403, "只有管理员可以查看和处理后台任务", "Only administrators may see and handle jobs")
NOT_DEAD = RefusalCode(
    "R803", 404, "没有编号为 {id} 的未送达任务，或者它已经被处理", "There is no undelivered job {id}, or it was dealt with already"
)
NOT_JSON = RefusalCode("R804", 422, "任务内容必须是 JSON 对象", "A job's payload must be a JSON object")
