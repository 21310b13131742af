"""R38x: what splits say no with."""

from dougong.refusals import RefusalCode

SUMS_DIFFER = RefusalCode(
    "R380",
    422,
    "{object}“{record}”的{title}是 {total}，各部分合计 {sum}，{gap}",
    "{title} of the {object} “{record}” is {total}, its parts add up to {sum}: {gap}",
)
SUMS_DIFFER_UNSEEN = RefusalCode("R381", 422, "{object}各部分的合计与整体不一致", "The parts of the {object} do not add up to the whole")
PARTS_OPEN = RefusalCode(
    "R382",
    422,
    "还有 {count} 个{part}没有完成，不能进入“{stage}”{names}",
    "{count} × {part} not done yet: it cannot enter “{stage}”{names}",
)
NO_PART_DONE = RefusalCode(
    "R383",
    422,
    "至少要有一个{part}完成，才能进入“{stage}”",
    "At least one {part} must be done before it can enter “{stage}”",
)
WHOLE_CLOSED = RefusalCode(
    "R384",
    422,
    "{object}{record}已经完成，{part}{must}",
    "The {object}{record} has ended: {must} {part} must be done",
)
NO_SPLITS = RefusalCode("R385", 404, "{object}不能拆分", "{object} cannot be split")
WHICH_SPLIT = RefusalCode(
    "R386", 422, "{object}可以拆分成几种记录，请写明是哪一种：{known}", "{object} can be split into several things; say which: {known}"
)
NO_SUCH_PART = RefusalCode(
    "R387", 422, "编号为 {id} 的{part}不是它的部分，或者写了两次", "The {part} with number {id} is no part of it, or stands there twice"
)
