"""T6xx: plans for a live app."""

from dougong_dsl.diagnostics import Code, Severity

REQUIRED_WITHOUT_VALUE = Code(
    "T601",
    Severity.ERROR,
    "新字段 `{field}` 是必填的，但 `{object}` 已有 {count} 条记录，它们没有值。",
    "The new field `{field}` is required, but the records of `{object}` have no value for it ({count}).",
    "写上默认值（default …），已有记录会用它补上；或者先不写 required。",
    "Give it a default, which fills the records that are there; or leave out required for now.",
)
REQUIRED_BUT_BLANK = Code(
    "T602",
    Severity.ERROR,
    "`{field}` 改成了必填，但 `{object}` 有 {count} 条记录还空着。",
    "`{field}` becomes required, but it is blank in some records of `{object}` ({count}).",
    "先补上这些记录，或者写上默认值（default …）。",
    "Fill those records first, or give the field a default.",
)
NOT_UNIQUE = Code(
    "T603",
    Severity.ERROR,
    "`{field}` 不能设为唯一：`{object}` 里有 {count} 个值重复出现。",
    "`{field}` cannot be unique: some values stand in more than one record of `{object}` ({count}).",
    "先把重复的记录改掉或合并。",
    "Change or merge those records first.",
)
STAGE_IN_USE = Code(
    "T604",
    Severity.ERROR,
    "阶段 `{stage}` 被删掉了，但 `{object}` 还有 {count} 条记录停在这个阶段。",
    "The stage `{stage}` is gone, but some records of `{object}` still stand in it ({count}).",
    "在流程里写明它们去哪里：moved: {{{stage}: {start}}}；如果只是改名，在新阶段里写 was: {stage}。",
    "Say in the pipeline where they go: moved: {{{stage}: {start}}}; if the stage was only renamed, write was: {stage} in the new one.",
)
OPTION_IN_USE = Code(
    "T605",
    Severity.ERROR,
    "`{field}` 的选项 `{option}` 被删掉了，但 `{object}` 还有 {count} 条记录在用。",
    "The option `{option}` of `{field}` is gone, but some records of `{object}` still use it ({count}).",
    "先改掉这些记录，或者保留这个选项。",
    "Change those records first, or keep the option.",
)
TYPE_CHANGE = Code(
    "T606",
    Severity.ERROR,
    "`{field}` 不能从 {old} 改成 {new}：这种转换还不支持。",
    "`{field}` cannot change from {old} to {new}: this conversion is not available yet.",
    "换一个字段名新建字段，旧字段会停用但保留数据。",
    "Add a new field under another name; the old one is retired and keeps its values.",
)
TOO_BIG_TO_WIDEN = Code(
    "T607",
    Severity.ERROR,
    "`{field}` 不能改成 {new}：有 {count} 条记录的数太大，放不下 {scale} 位小数。",
    "`{field}` cannot become {new}: in some records ({count}) the number is too big for {scale} decimal places.",
    "先改小这些数，或者少要几位小数。",
    "Make those numbers smaller first, or ask for fewer places.",
)
TABLE_IS_TAKEN = Code(
    "T608",
    Severity.ERROR,
    "数据库里已有一张名为 `{table}` 的表，不是本系统建的。",
    "The database already has a table `{table}` that was not made by this app.",
    "给对象换个名字，或者换一个空的数据库。",
    "Give the object another name, or use an empty database.",
)
VALUES_OUTSIDE = Code(
    "T609",
    Severity.ERROR,
    "`{field}` 不能变成选项：`{object}` 有 {count} 条记录的值不在选项里。",
    "`{field}` cannot become a choice: some records of `{object}` hold values that are not among the options ({count}).",
    "把这些值加进选项，或者先改掉这些记录。",
    "Add those values to the options, or change the records first.",
)
MOVED_IS_THERE = Code(
    "T610",
    Severity.ERROR,
    "阶段 `{stage}` 还在流程里，它的记录不用搬",
    "The stage `{stage}` is still there: its records stay",
    "moved 里只写已经删掉的阶段；要删掉它，先从 stages 里去掉。",
    "`moved` names stages that are gone; to remove this one, take it out of `stages`.",
)
MOVED_AND_RENAMED = Code(
    "T611",
    Severity.ERROR,
    "阶段 `{stage}` 的记录有两个去处：moved，和 `{heir}` 的 was",
    "The records of the stage `{stage}` would go two ways: by `moved`, and by `was` of `{heir}`",
    "只是改名就留 was；要分到别的阶段就留 moved。",
    "Keep `was` for a mere new name, `moved` to spread the records.",
)
MOVED_LOOKS_ELSEWHERE = Code(
    "T612",
    Severity.ERROR,
    "搬移记录只能看记录自己存下的字段",
    "Where a record goes can only be told from the record's own stored fields",
    "不要用关联的记录、流程阶段和历史、当前用户、工作日历，也不要用临时计算的字段。",
    "Leave out linked records, the stage and its history, the acting user, working calendars, and fields that are computed when read.",
)
MOVED_MAY_BE_BLANK = Code(
    "T613",
    Severity.ERROR,
    "有的记录算不出去哪个阶段",
    "For some records this gives no stage",
    "给 `if` 写上最后一种情况，例如 if(amount > 0, {first}, {last})；字段可能为空时用 coalesce。",
    "Give `if` a last case, such as if(amount > 0, {first}, {last}); use coalesce where a field may be blank.",
)
NEVER_A_STAGE = Code(
    "T614",
    Severity.WARNING,
    "moved 里的 `{stage}` 从来不是 `{object}` 的阶段",
    "`{stage}` under `moved` never was a stage of `{object}`",
    "检查拼写；以前的阶段：{known}。",
    "Check the spelling; stages that went: {known}.",
)
