"""T55x: scenarios."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

UNKNOWN_RECORD = Code(
    "T550",
    _ERROR,
    "场景里没有叫 `{name}` 的记录",
    "There is no record `{name}` in this scenario",
    "先在 `given:` 里写 `- 对象 {name}: {{…}}`，或者用步骤 `create 对象 {name}: {{…}}` 新建它。",
    "Write `- object {name}: {{…}}` under `given:`, or make it in a step `create object {name}: {{…}}`.",
)
UNKNOWN_PERSON = Code(
    "T551",
    _ERROR,
    "场景里没有叫 `{name}` 的人",
    "There is nobody called `{name}` in this scenario",
    "在 `cast:` 或 `given:` 里写 `- user {name}: {{roles: [角色]}}`。",
    "Write `- user {name}: {{roles: [role]}}` under `cast:` or `given:`.",
)
TAKEN = Code(
    "T552",
    _ERROR,
    "`{name}` 已经有了",
    "There is already a `{name}`",
    "换一个名称。",
    "Choose another name.",
)
ONE_LINE = Code(
    "T553",
    _ERROR,
    "这里应该是一个步骤，例如 `- move d1 to won` 或 `- update d1: {{…}}`",
    "This must be one step, such as `- move d1 to won` or `- update d1: {{…}}`",
    "每一步前面写一个减号；除了步骤本身，只能再写 `refused: 原因`。",
    "Start each step with a dash; beside the step itself only `refused: reason` may be written.",
)
NOT_HERE = Code(
    "T554",
    _ERROR,
    "{where}里不能写{line}",
    "{line} cannot stand under {where}",
    "`given:` 和 `cast:` 里写人和记录，`steps:` 里写发生的事和期望。",
    "People and records belong under `given:` and `cast:`, what happens and is expected under `steps:`.",
)
WRONG_VALUES = Code(
    "T555",
    _ERROR,
    "{line}后面要写{expected}",
    "{line} must be followed by {expected}",
)
NOBODY_ACTS = Code(
    "T556",
    _ERROR,
    "这一步之前没有写由谁来做",
    "Nobody has been named who does this",
    "在场景里写 `as: 登录名`，或者在前面加一步 `- as: 登录名`。",
    "Write `as: login` in the scenario, or a step `- as: login` before it.",
)
UNKNOWN_VIEW = Code(
    "T557",
    _ERROR,
    "没有叫 `{name}` 的视图",
    "There is no view `{name}`",
    "写 `views:` 里的一个视图。",
    "Name one of the views under `views:`.",
)
OTHER_VIEW = Code(
    "T558",
    _ERROR,
    "视图 `{view}` 列出的是 `{object}`，`{name}` 不是",
    "View `{view}` lists `{object}`, and `{name}` is none",
    "换一个视图，或者换一条记录。",
    "Name another view, or another record.",
)
