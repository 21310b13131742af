"""T578, T58x: deadlines of stages."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

NO_DEADLINE = Code(
    "T585",
    _ERROR,
    "阶段 `{stage}` 写了 on_overdue，却没有时限",
    "The stage `{stage}` has `on_overdue` but no deadline",
    "加上时限，例如 `overdue: after 72 hours`。",
    "Give it a deadline such as `overdue: after 72 hours`.",
)
REVIEW_OF_WAITING = Code(
    "T586",
    _ERROR,
    "只有等待阶段才有 review，`{stage}` 不是",
    "Only waiting stages have a `review`, and `{stage}` is none",
    "写上 `kind: waiting`，或者改用 `overdue:`。",
    "Write `kind: waiting`, or use `overdue:`.",
)
DEADLINE_OF_CLOSED = Code(
    "T587",
    _ERROR,
    "`{stage}` 是结束阶段，记录到了这里就不再计时",
    "`{stage}` is a closed stage: no time runs there",
    "删掉时限，或者把 kind 改成 open 或 waiting。",
    "Remove the deadline, or make its kind open or waiting.",
)
OUTLASTS_DEADLINE = Code(
    "T578",
    _WARNING,
    "{what}比阶段 `{stage}` 的时限还晚：阶段已经超期，它还没有到时间",
    "{what} comes later than the deadline of the stage `{stage}`: the stage is overdue before",
    "把它提前，或放宽阶段的时限。",
    "Bring it forward, or give the stage more time.",
)
