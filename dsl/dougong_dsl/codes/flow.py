"""T5xx: pipelines, triggers, rights, faces, checks."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

NO_START = Code(
    "T501",
    _ERROR,
    "流程 `{pipeline}` 没有起始阶段",
    "The pipeline `{pipeline}` has no stage to start in",
    "给第一个阶段写上 `start: true`。",
    "Write `start: true` on the first stage.",
)
TWO_STARTS = Code(
    "T502",
    _ERROR,
    "流程 `{pipeline}` 有不止一个起始阶段",
    "The pipeline `{pipeline}` has more than one start",
    "只留一个 `start: true`。",
    "Keep one `start: true`.",
)
UNKNOWN_STAGE = Code(
    "T503",
    _ERROR,
    "流程 `{pipeline}` 没有阶段 `{name}`",
    "The pipeline `{pipeline}` has no stage `{name}`",
    "已有的阶段：{known}",
    "Stages: {known}",
)
UNREACHABLE = Code(
    "T504",
    _WARNING,
    "没有任何流转能到达阶段 `{stage}`",
    "No move leads to the stage `{stage}`",
    "在 `moves:` 里加一条到它的流转，或删掉它。",
    "Add a move to it, or remove it.",
)
DEAD_END = Code(
    "T505",
    _WARNING,
    "进行中的阶段 `{stage}` 没有出路",
    "Nothing leads out of the open stage `{stage}`",
    "加一条离开它的流转；如果到这里就结束，写 `kind: done`、`won` 或 `lost`。",
    "Add a move out of it; if work ends here, write `kind: done`, `won` or `lost`.",
)
MOVE_FROM_CLOSED = Code(
    "T506",
    _WARNING,
    "阶段 `{stage}` 已经结束，这条流转又从它出发",
    "The stage `{stage}` is closed, yet this move leaves it",
    '如果确实要重新打开，给这条流转写个标题，例如 `{stage} -> {target} "重新打开"`。',
    'To reopen on purpose, give the move a title: `{stage} -> {target} "Reopen"`.',
)
MOVE_TO_ITSELF = Code("T507", _ERROR, "流转的起点和终点都是 `{stage}`", "This move leads from `{stage}` to itself")
TWO_PIPELINES = Code(
    "T508",
    _ERROR,
    "对象 `{object}` 已经有流程 `{other}`",
    "The object `{object}` already has the pipeline `{other}`",
    "一个对象只有一个主流程；另一条流程要写 `field:`，阶段放在自己的字段里。",
    "An object has one main pipeline; a further one says `field:` and keeps its stage there.",
)
NO_PIPELINE = Code(
    "T509",
    _ERROR,
    "对象 `{object}` 没有流程，这里却用到了阶段",
    "The object `{object}` has no pipeline, yet a stage is used here",
    "在 `pipelines:` 里给它建一个。",
    "Give it one under `pipelines:`.",
)
PIPELINE_OF_KANBAN = Code(
    "T529",
    _ERROR,
    "只有看板要写 `pipeline`，表格不按阶段分列",
    "Only a kanban has a `pipeline`; a table has no columns of stages",
    "改成 `kind: kanban`，或者删掉这一行。",
    "Use `kind: kanban`, or remove the line.",
)
UNKNOWN_PIPELINE = Code("T510", _ERROR, "`{object}` 没有流程 `{name}`", "`{object}` has no pipeline `{name}`")
NO_GATE_FIELD = Code(
    "T511", _ERROR, "公式或自动编号字段 `{name}` 不能由人填写", "The field `{name}` is worked out by the engine; nobody can fill it in"
)
ONE_ACTION = Code(
    "T512",
    _ERROR,
    "一个动作里要写而且只写一种：{known}",
    "An action has exactly one of {known}",
    "每种动作各写一行 `- …`。",
    "Write each on a line of its own.",
)
ASSIGN_WHOM = Code(
    "T513",
    _ERROR,
    'assign 要写 `to: 登录名`，或者 `from: "user where …"`，两者选一',
    'assign takes either `to: login` or `from: "user where …"`',
)
ASSIGN_FROM = Code(
    "T514",
    _ERROR,
    "`from` 要写成 `user where 条件`",
    "`from` is written `user where condition`",
    "例如 `user where active`。",
    "For example `user where active`.",
)
NOT_A_USER_FIELD = Code(
    "T515", _ERROR, "字段 `{name}` 不是用户字段，不能分配给人", "The field `{name}` does not hold a user, so nobody can be assigned to it"
)
SET_LOOP = Code(
    "T516",
    _WARNING,
    "这些触发器改动的字段又会触发它们自己，可能停不下来：{chain}",
    "These triggers change fields that set them off again, possibly without end: {chain}",
    "给其中一个加上 `when:` 条件，让它有停下来的时候。",
    "Give one of them a `when:` that ends it.",
)
EXTENDS_CYCLE = Code("T517", _ERROR, "角色互相继承，绕成了圈：{chain}", "These roles extend each other in a circle: {chain}")
NOT_SORTABLE = Code("T518", _ERROR, "字段 `{name}` 不能用来排序", "The field `{name}` cannot be sorted by")
KANBAN_WITHOUT_STAGES = Code(
    "T519",
    _ERROR,
    "看板需要流程，对象 `{object}` 没有",
    "A kanban needs a pipeline; the object `{object}` has none",
    "改成 `kind: table`。",
    "Use `kind: table`.",
)
FIELD_TWICE = Code("T520", _ERROR, "字段 `{name}` 在这里出现了两次", "The field `{name}` is here twice")
FORM_FIELDS = Code("T521", _ERROR, "表单要写 `fields` 或 `sections`，两者选一", "A form has either `fields` or `sections`")
FORM_ITEM = Code(
    "T522",
    _ERROR,
    "看不懂表单里的 `{text}`",
    "This is not an item of a form: `{text}`",
    "写字段名，或 `字段名(as buttons)`。",
    "Write a field, or `field(as buttons)`.",
)
NO_BUTTONS = Code("T523", _ERROR, "只有选项字段能显示成按钮，`{name}` 不行", "Only a choice can be shown as buttons; `{name}` is none")
FORM_COLUMNS = Code("T524", _ERROR, "分组的列数只能是 1 或 2", "A section has 1 or 2 columns")
FORM_MISSES_REQUIRED = Code(
    "T525",
    _WARNING,
    "表单 `{form}` 里没有必填字段 `{name}`，用它新建会被拒绝",
    "The form `{form}` leaves out the required field `{name}`, so nothing can be created with it",
    "把字段加进表单，或给字段写默认值。",
    "Add the field to the form, or give it a default.",
)
EVENT_SHAPE = Code("T526", _ERROR, "触发时机 `{event}` {problem}", "The event `{event}` {problem}")
NO_GRANTS = Code(
    "T527",
    _WARNING,
    "角色 `{role}` 什么都不能做",
    "The role `{role}` may do nothing",
    "在 `may:` 下写它能做的事。",
    "Write what it may do under `may:`.",
)
MOVE_WITHOUT_PIPELINE = Code(
    "T528", _ERROR, "`{object}` 没有流程，不能授权 move", "`{object}` has no pipeline, so `move` cannot be granted"
)
NOBODY_READS = Code(
    "T531",
    _WARNING,
    "没有任何角色能查看对象 `{object}`",
    "No role may read the object `{object}`",
    "在 `roles:` 里授权。",
    "Grant it under `roles:`.",
)
NO_ROLES = Code(
    "T532",
    _WARNING,
    "这个应用没有角色，谁都不能用",
    "This app has no roles, so nobody may use it",
    "在 `roles:` 下写一个角色。",
    "Write a role under `roles:`.",
)
CREATE_LOOP = Code(
    "T533",
    _ERROR,
    "这些触发器会没完没了地新建记录：{chain}",
    "These triggers create records without end: {chain}",
    "给其中一个加上 `when:` 条件，让它有停下来的时候。",
    "Give one of them a `when:` that ends it.",
)
NEVER_TRUE = Code(
    "T534",
    _WARNING,
    "{what}的条件永远不会成立",
    "The condition of {what} can never be true",
    "看看条件里是不是有互相矛盾的要求，或者把“且”写成了“或”该用的地方。",
    "Look for demands that rule each other out; perhaps `or` was meant where it says `and`.",
)
NOBODY_MOVES = Code(
    "T535",
    _WARNING,
    "没有人能走这条流转：{roles} 都没有移动 `{object}` 的权限",
    "Nobody can make this move: {roles} may not move `{object}`",
    "在角色的 `may:` 里写上 `move {object}`。",
    "Grant it under the role's `may:` with `move {object}`.",
)
CHECK_ALWAYS = Code(
    "T536",
    _WARNING,
    "这条检查永远不会不通过，等于没写",
    "This check can never fail, so it does nothing",
    "改正条件，或删掉它。",
    "Mend the rule, or remove it.",
)
CHECKS_EXCLUDE = Code(
    "T537",
    _WARNING,
    "这条检查和前面的一条互相矛盾：只要填了值，就至少违反其中一条",
    "This check and an earlier one contradict each other: whatever is filled in breaks one of them",
    "让两条检查说同一件事，或删掉一条。",
    "Make the two agree, or remove one.",
)
GRANT_CONTAINED = Code(
    "T538",
    _WARNING,
    "这条授权没有多给任何权限，另一条已经全部包含",
    "This grant gives nothing that another one of the role does not give already",
    "删掉它，或者收窄另一条。",
    "Remove it, or narrow the other one.",
)
GRANT_OPPOSITE = Code(
    "T539",
    _WARNING,
    "这里{how} `{field}`，但同一角色的另一条授权在同样的记录上又完整显示它",
    "This grant {how} `{field}`, but another grant of the role shows it in full on the same records",
    "权限取并集，多给的算数；在另一条授权里也写上 hide 或 mask。",
    "Rights add up, so the wider one counts; write hide or mask in the other grant too.",
)
NO_END = Code(
    "T540",
    _WARNING,
    "从进行中的阶段 `{stage}` 出发，怎么走都到不了结束",
    "From the open stage `{stage}` no chain of moves leads to a closed one",
    "加一条通往结束阶段的流转。",
    "Add a move that leads towards a closed stage.",
)
ROLE_ALONE = Code(
    "T591",
    _ERROR,
    "`{name}` 是角色，不是这条记录上的人",
    "`{name}` is a role, not a person of this record",
    "给一个角色的所有人，前面写上 role。",
    "Write role before it for everybody who has the role.",
)
NO_ACTOR = Code(
    "T560",
    _ERROR,
    "到时间才发生的事没有操作人，不能写 `as: actor`",
    "What happens by time has no acting person, so `as: actor` cannot be",
    "去掉 `as: actor`，由系统来做。",
    "Leave `as: actor` out: the system does it.",
)
NO_PATH = Code(
    "T561",
    _ERROR,
    "`{object}` 没有名为 `{name}` 的关联或列表",
    "`{object}` has no link or list `{name}`",
    "可以走的路：{known}",
    "Ways that lead on: {known}",
)
RECORD_IS_GONE = Code(
    "T562",
    _ERROR,
    "记录已经删除，不能再对它做 {key}",
    "The record is deleted by then; {key} cannot be done with it",
    "删除之后可以用 create、update 或 todo。",
    "After a deletion there are create, update and todo.",
)
NO_WAY_THERE = Code(
    "T563",
    _ERROR,
    "没有任何流转能到达阶段 `{stage}`，动作移不过去",
    "No move leads to the stage `{stage}`, so the action cannot move a record there",
    "在 `moves:` 里加一条到它的流转。",
    "Add a move to it under `moves:`.",
)
PROPOSE_TO_WHOM = Code(
    "T564",
    _ERROR,
    "`{object}` 没有字段 owner，要写明建议给谁看：`for: …`",
    "`{object}` has no field owner; say who the proposal is for: `for: …`",
)
NO_TAGS = Code("T565", _ERROR, "tag 要写 `add` 或 `remove`", "tag takes `add`, `remove` or both")
TAG_FIELD = Code(
    "T566",
    _ERROR,
    "tag 要用在标签字段或可多选的选项字段上；`{object}` 里没有，或不止一个，写明 `field:`",
    "tag is about a field of tags or of many choices; `{object}` has none or several: name it with `field:`",
    "例如 `tag: {{field: labels, add: vip}}`，字段写成 `tags` 或 `choice(vip, risk) many`。",
    "For example `tag: {{field: labels, add: vip}}` with a field `tags` or `choice(vip, risk) many`.",
)
NO_SUCH_TAG = Code("T567", _ERROR, "字段 `{field}` 没有选项 `{name}`", "The field `{field}` has no option `{name}`")
NOT_A_TAG = Code(
    "T569",
    _ERROR,
    "`{name}` 不能作标签",
    "`{name}` cannot be a tag",
    "一个标签最多 50 个字，里面没有逗号、顿号、分号和换行。",
    "A tag has at most 50 characters, and no comma, semicolon or line end inside.",
)
MOVE_LOOP = Code(
    "T568",
    _ERROR,
    "这些触发器会让记录在阶段之间绕个不停：{chain}",
    "These triggers move a record round and round: {chain}",
    "给其中一个加上 `when:` 条件，让它有停下来的时候。",
    "Give one of them a `when:` that ends it.",
)
