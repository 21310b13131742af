"""T57x: approvals."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

ELSE_WITHOUT_LIMIT = Code(
    "T570",
    _ERROR,
    "`else` 要和 `within` 一起写：没有时限，就不会超时",
    "`else` goes with `within`: without a limit nothing runs out",
    "例如 `by owner.manager within 8 working hours else escalate`。",
    "For example `by owner.manager within 8 working hours else escalate`.",
)
NOBODY_NEEDED = Code(
    "T571",
    _ERROR,
    "审批步骤至少要有一个人同意",
    "At least one person must approve a step",
    "写 `by 1 of role …`，或者直接写 `by role …`。",
    "Write `by 1 of role …`, or just `by role …`.",
)
START_ELSEWHERE = Code(
    "T572",
    _ERROR,
    "审批 `{approval}` 属于 {object}，不能由 {other} 的事情发起",
    "The approval `{approval}` is about {object}; something of {other} cannot start it",
    "写这个对象自己的事情，例如 `{object} created`。",
    "Write an event of this object, such as `{object} created`.",
)
UNKNOWN_APPROVAL = Code(
    "T573",
    _ERROR,
    "没有审批 `{name}`",
    "There is no approval `{name}`",
    "已有的审批：{known}",
    "Approvals: {known}",
)
OTHER_OBJECT = Code(
    "T574",
    _ERROR,
    "审批 `{name}` 是 {other} 的，这里的记录是 {object}",
    "The approval `{name}` is for {other}; the record here is a {object}",
)
POINTLESS_STEP = Code(
    "T575",
    _WARNING,
    "审批步骤 `{step}` 的条件 `{condition}` 永远不会成立，这一步没有作用",
    "The step `{step}` never applies: its condition `{condition}` can never be true here",
    "检查金额的范围，或删掉这一步。",
    "Check the range of the amounts, or remove the step.",
)
SAME_APPROVERS = Code(
    "T576",
    _WARNING,
    "`{step}` 和前面的 `{other}` 找的是同一些人，条件也不更宽：同一个人只审批一次，这一步没有人可以审批",
    "`{step}` asks the same people as `{other}` before it, under no wider condition: a person approves only once, so nobody is left for it",
    "换成别的人，删掉这一步，或者写 `same_person: counts`。",
    "Ask somebody else, remove the step, or write `same_person: counts`.",
)
OUTLASTS_STAGE = Code(
    "T577",
    _WARNING,
    "`{step}` 的时限比阶段 `{stage}` 的期限还长：阶段已经超期，这一步还没有到时间",
    "`{step}` may take longer than the stage `{stage}`: the stage is overdue before the step runs out",
    "缩短这一步的时限，或放宽阶段的期限。",
    "Give the step less time, or the stage more.",
)
LEFT_WITHOUT_STAGE = Code(
    "T579",
    _ERROR,
    "`when_left` 要和 `start: 对象 entered 阶段` 一起写：不是由进入阶段发起的审批，没有可以离开的阶段",
    "`when_left` goes with `start: object entered stage`: an approval that no stage starts has none to be left",
    "写上发起它的阶段，或者删掉 `when_left`。",
    "Name the stage that starts it, or remove `when_left`.",
)
