"""T544–T549, T559, T620: splits into parts, and pipelines that run under another record."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

NO_PART_LINK = Code(
    "T544",
    _ERROR,
    "`{name}` 不是 {part} 上指向 {object} 的必填关联",
    "`{name}` is no required link of {part} to {object}",
    "部分要属于一条记录：在 {part} 上写 `{object}: link {object} required`。",
    "A part belongs to one record: give {part} a line such as `{object}: link {object} required`.",
)
WHICH_LINK = Code(
    "T545",
    _ERROR,
    "看不出 {part} 的哪个字段指向 {object}：这样的关联有 {count} 个",
    "It is not clear which field of {part} leads to {object}: it has {count} such links",
    "用 `by:` 写明是哪个字段；没有就先加一个，例如 `{object}: link {object} required`。",
    "Name the field with `by:`; where there is none, add one, such as `{object}: link {object} required`.",
)
NO_SUM = Code(
    "T546",
    _ERROR,
    "`{name}` 不能合计：{object} 和 {part} 都要有这个字段，而且是同一种数字（金额要同一种货币），不取自其他记录",
    "`{name}` cannot be summed: {object} and {part} must both have it, as the same kind of number (money: of one currency), not read from other records",
    "在两个对象上写一样的字段，例如 `{name}: money required`。",
    "Write the same field on both objects, such as `{name}: money required`.",
)
NO_CLOSING = Code(
    "T547",
    _ERROR,
    "`close_when` 要求 {object} 的这条流程和 {part} 的流程都有 won 或 done 阶段，{missing} 没有",
    "`close_when` needs a won or done stage in this pipeline of {object} and in that of {part}; {missing} has none",
    "给缺的一方写流程和完成的阶段，或者去掉 `close_when`。",
    "Give the one that lacks it a pipeline with a stage of kind won or done, or leave `close_when` out.",
)
NOT_UNDER = Code(
    "T548",
    _ERROR,
    "`{name}` 不是 {object} 上指向别的记录的关联",
    "`{name}` is no link of {object} to another record",
    "`under:` 写一个关联字段，例如 `customer: link customer required`。",
    "Name a link field under `under:`, such as `customer: link customer required`.",
)
CANNOT_START = Code(
    "T549",
    _ERROR,
    "不能从 {object} 发起流程 `{name}`：它不在 {object} 的下面",
    "{object} cannot start the pipeline `{name}`: it does not run under {object}",
    "在流程 `{name}` 上写 `under:` 和指向 {object} 的关联字段；可以发起的有：{known}。",
    "Write `under:` in the pipeline `{name}`, with its link to {object}. What can be started here: {known}.",
)
NO_SPLITS = Code(
    "T559",
    _ERROR,
    "{object} 的流程没有 `splits`，不能拆分",
    "No pipeline of {object} has `splits`: there is nothing to split it into",
    "在流程上写 `splits: {{into: …}}`。",
    "Write `splits: {{into: …}}` in its pipeline.",
)
DO_NOT_ADD_UP = Code(
    "T620",
    _ERROR,
    "`{field}` 还不能合计：`{object}` 有 {count} 条记录，各部分加起来不等于整体。",
    "`{field}` cannot be summed yet: in some records of `{object}` the parts do not add up to the whole ({count}).",
    "先改对这些记录的数，再写 splits。",
    "Mend the numbers of those records first, then write splits.",
)
