"""R7xx: plans and releases at run time."""

from dougong.refusals import RefusalCode

STALE_PLAN = RefusalCode(
    "R701",
    409,
    "生成计划之后，别人已经发布了新版本 {release}。请重新生成计划。",
    "Release {release} was applied after this plan was made. Plan again.",
)
APPLYING = RefusalCode("R702", 409, "别人正在发布，请等他完成后再试。", "Somebody else is applying a release. Try again when that is done.")
BLOCKED_PLAN = RefusalCode(
    "R703", 422, "计划里有 {count} 个问题，没有执行：{first}", "The plan has {count} problems and was not applied: {first}"
)
LOCKED_OUT = RefusalCode(
    "R704",
    503,
    "表 `{table}` 一直被占用，试了 {tries} 次都没能改动。已完成的部分会在下次发布时接着处理。",
    "The table `{table}` was in use every one of {tries} times. The next apply takes up what was begun.",
)
NO_VALUE = RefusalCode(
    "R705",
    422,
    "`{name}` 的默认值对已有记录算不出来，但它是必填的。",
    "The default of `{name}` gives no value for records that are there, but it is required.",
)
NOWHERE_TO_GO = RefusalCode(
    "R706",
    422,
    "阶段 `{stage}` 已删除，但记录 {id} 按 moved 算出的去处“{to}”不是这条流程的阶段。什么都没有改动。",
    "The stage `{stage}` is gone, but `moved` sends record {id} to “{to}”, which is no stage of the pipeline. Nothing was changed.",
)
