"""T541–T543, T593–T599: who gets a record: ways to assign, decision tables, pools."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

WRONG_METHOD = Code(
    "T541",
    _ERROR,
    "没有 `{by}` 这种分配方式",
    "There is no way to assign called `{by}`",
    "可以写 `least loaded`（手上最少的）、`round robin`（轮流）、`weight(表达式)`（按权重）或 `table 名称`（按决策表）。",
    "Write `least loaded`, `round robin`, `weight(expression)` or `table name`.",
)
WRONG_SHARE = Code(
    "T542",
    _ERROR,
    "`{key}` 用在这里不对：{problem}",
    "`{key}` cannot stand like this: {problem}",
    '例如 `assign: {{field: owner, from: "user where active", by: weight(score), floor: 5%, capacity: 50}}`。',
    'For example `assign: {{field: owner, from: "user where active", by: weight(score), floor: 5%, capacity: 50}}`.',
)
WRONG_TARGET = Code(
    "T543",
    _ERROR,
    "`{text}` 没有说清给谁",
    "`{text}` does not say who gets it",
    "要写成 `user 登录名`、`role 角色` 或 `pool 公海`。",
    "Write `user login`, `role name` or `pool name`.",
)
UNKNOWN_POOL = Code(
    "T593",
    _ERROR,
    "没有公海 `{name}`",
    "There is no pool `{name}`",
    "已有的公海：{known}",
    "Pools: {known}",
)
OTHER_POOL = Code(
    "T594",
    _ERROR,
    "公海 `{name}` 放的是 {object} 的 {field}，不能用在这里",
    "The pool `{name}` holds {object} without {field}; it does not fit here",
    "换一个公海，或者分配它的那个字段。",
    "Take another pool, or assign the field that it is about.",
)
UNKNOWN_TABLE = Code(
    "T595",
    _ERROR,
    "{object} 没有决策表 `{name}`",
    "There is no decision table `{name}` for {object}",
    "已有的决策表：{known}",
    "Decision tables: {known}",
)
TABLE_GAP = Code(
    "T596",
    _ERROR,
    "决策表 `{table}` 没有覆盖这种情况：{case}",
    "The decision table `{table}` says nothing about {case}",
    "补一行，或者在最后加一行没有条件的（`when: {{}}`）并写 `first: true`。",
    "Add a row, or end with one without conditions (`when: {{}}`) and write `first: true`.",
)
TABLE_OVERLAP = Code(
    "T597",
    _ERROR,
    "这一行和前面的一行都管这种情况：{case}",
    "This row and an earlier one both apply to {case}",
    "改窄其中一行；如果就是要以第一行为准，写 `first: true`。",
    "Narrow one of them, or write `first: true` when the first row is meant to win.",
)
WRONG_CELL = Code(
    "T598",
    _ERROR,
    "决策表的条件 `{field}` 写得不对：{problem}",
    "The condition on `{field}` cannot be: {problem}",
    "选项写名字或列表，是否写 true、false，数字写 `< 100`、`100..500`（不含 500）、`>= 500`，空值写 blank。",
    "Options are names or lists, booleans true or false, numbers `< 100`, `100..500` (without 500) or `>= 500`, and blank stands for no value.",
)
POOL_SHAPE = Code(
    "T599",
    _ERROR,
    "公海 `{pool}` 的 `{key}` 不对：{problem}",
    "`{key}` of the pool `{pool}` cannot be: {problem}",
)
