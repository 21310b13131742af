"""What gates say no with: R31x, R32x."""

from dougong.refusals import RefusalCode

ACTION_MISSING = RefusalCode("R310", 422, "{before}请先完成“{title}”", "“{title}” must be done {before}")
EVIDENCE_KIND = RefusalCode(
    "R311",
    422,
    "{title}：{before}需要 {accept} 文件，“{name}”不是",
    "{title}: {before} a file of type {accept} is needed; “{name}” is none",
)
EVIDENCE_OLD = RefusalCode(
    "R312",
    422,
    "{title}：{before}需要最近 {within}内上传的文件，“{name}”是 {at} 上传的",
    "{title}: {before} a file of the last {within} is needed; “{name}” was brought on {at}",
)
EVIDENCE_VERSION = RefusalCode(
    "R313",
    422,
    "{title}：“{name}”不是最新版本，{before}需要版本 {wanted}",
    "{title}: “{name}” is outdated; {before} version {wanted} is needed",
)
EVIDENCE_UNNUMBERED = RefusalCode(
    "R314",
    422,
    "{title}：文件名“{name}”里没有版本号，例如 Rev3",
    "{title}: the name “{name}” tells no version, such as Rev3",
)
NO_SUCH_ACTION = RefusalCode("R315", 404, "{object}没有名为“{name}”的阶段动作", "{object} has no action “{name}”")
NOT_YOUR_ACTION = RefusalCode("R316", 403, "“{title}”只能由这些角色完成：{roles}", "Only {roles} may do “{title}”")
PLACE_NEEDED = RefusalCode("R317", 422, "完成“{title}”时请写明地点", "Say where “{title}” was done")
WRONG_PLACE = RefusalCode(
    "R318",
    422,
    "地点要写名称，或 -90 到 90 的纬度和 -180 到 180 的经度",
    "A place is a name, or a latitude from -90 to 90 with a longitude from -180 to 180",
)
DONE_ALREADY = RefusalCode("R319", 409, "“{title}”已经完成了", "“{title}” is done already")
NOT_DONE = RefusalCode("R320", 409, "“{title}”还没有完成，不能撤销", "“{title}” is not done and cannot be undone")
NO_SUCH_ITEM = RefusalCode("R321", 404, "阶段“{stage}”没有名为“{item}”的条件", "The stage “{stage}” asks for no “{item}”")
NO_EXCEPTIONS = RefusalCode("R322", 403, "您不能批准阶段“{stage}”的例外", "You may not grant exceptions at the stage “{stage}”")
REASON_NEEDED = RefusalCode("R323", 422, "请写明例外的理由", "Please give a reason for the exception")
ENDED_ALREADY = RefusalCode("R324", 422, "例外的截止时间要在现在之后", "An exception must end later than now")
