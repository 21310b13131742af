"""Functions of a record's history: where it stood in its pipeline and since when, how often a field changed. Server only, but for where it stands now."""

from datetime import UTC, datetime

from dougong_dsl.codes import approvals as approval_codes
from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding, Frame
from dougong_dsl.expression.functions.model import NOT_THERE, WRITTEN, Example, Function, Parameter, Write
from dougong_dsl.expression.functions.working import schedule
from dougong_dsl.expression.names import members_of
from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.typed import Call, Constant, Difference, Get, Here, Now, OneOf, Past, Typed, Worked
from dougong_dsl.expression.types import Boolean, Choice, DateTime, Duration, Number, Type


class _Stages:
    """The pipeline of the innermost record that has one, as far as the reader may know it."""

    def __init__(self, checker: Binding, frame: Frame) -> None:
        self.checker = checker
        self.frame = frame
        self.members = members_of(checker, frame.row.object)

    def cell(self, name: str) -> Get:
        """`stage` or `stage_since` of the record."""
        if self.frame.path is not None:
            self.checker.uses.add((*self.frame.path, name))
        return Get(type=self.members[name].type, nullable=False, row=self.frame.row, name=name)

    def named(self, node: syntax.Node, function: str) -> Constant | None:
        """The stage that an argument names, by its name or its title; another word is reported."""
        choice = self.members["stage"].type
        assert isinstance(choice, Choice)
        word = node.text if isinstance(node, syntax.Name) else node.value if isinstance(node, syntax.Literal) else None
        found = choice.option(word) if isinstance(word, str) else None
        if found is None:
            name = self.checker.text(node)
            pool = [*choice.options, *(title for title, _ in choice.titles)]
            known = ("、".join(choice.options), ", ".join(choice.options))
            self.checker.report(codes.UNKNOWN_STAGE, node, name=name, function=function, known=known, nearest=nearest(name, pool))
            return None
        if found != word:
            self.checker.canonical[node.start] = found
        return Constant(type=choice, nullable=False, value=found)


def _stages(checker: Binding, node: syntax.Call, *needed: str) -> _Stages | None:
    for frame in reversed(checker.frames):
        members = members_of(checker, frame.row.object)
        if all(name in members for name in needed) and isinstance(members["stage"].type, Choice):
            return _Stages(checker, frame)
    name = checker.frames[-1].row.object
    if name:
        checker.report(codes.NO_STAGES, node, function=node.function.lower(), object=name)
    else:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice="")
    return None


def _of_stage(kind: str, result: Type, *needed: str, nullable: bool = False) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        stages = _stages(checker, node, *needed)
        stage = None if stages is None else stages.named(node.arguments[0], kind)
        if stages is None or stage is None:
            return None
        for name in needed:
            stages.cell(name)
        present = str(stage.value)
        words = (present, *(former for former, now in stages.members["stage"].former if now == present))
        return Past(type=result, nullable=nullable, kind=kind, row=stages.frame.row, of=stage, words=words)

    return write


_entered = _of_stage("entered_at", DateTime(), "stage", "stage_since", nullable=True)


def _since(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    if node.arguments:
        return _entered(checker, node, hint)
    stages = _stages(checker, node, "stage", "stage_since")
    return None if stages is None else stages.cell("stage_since")


def _hours(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    stages = _stages(checker, node, "stage", "stage_since")
    if stages is None:
        return None
    now, since = Now(type=DateTime(), nullable=False), stages.cell("stage_since")
    if node.arguments:
        calendar = schedule(checker, node.arguments[0])
        if calendar is None:
            return None
        worked = Worked(type=Duration(), start_at=since, end_at=now, calendar=calendar)
        return Call(type=_HOURS, function="HOURS", arguments=(worked,))
    spent = Difference(type=Duration(), nullable=False, left=now, right=since)
    return Call(type=_HOURS, nullable=False, function="HOURS", arguments=(spent,))


def _instate(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    stages = _stages(checker, node, "stage")
    if stages is None:
        return None
    found = [stages.named(each, "instate") for each in node.arguments]
    options = tuple(each for each in found if each is not None)
    return OneOf(type=Boolean(), nullable=False, item=stages.cell("stage"), options=options) if len(options) == len(found) else None


def _changes(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = checker.value(node.arguments[0])
    if found is None:
        return None
    row = found.row if isinstance(found, Get) else None
    if not isinstance(found, Get) or not isinstance(row, Here):
        checker.report(codes.NOT_RECORDED, node.arguments[0], name=checker.text(node.arguments[0]))
        return None
    member = members_of(checker, row.object).get(found.name)
    if member is None or not member.is_recorded:
        checker.report(codes.NOT_RECORDED, node.arguments[0], name=found.name)
        return None
    return Past(type=Number(9, 0), nullable=False, kind="changes", row=row, of=found, words=(found.name, *_former(member)))


def _former(member: Member) -> tuple[str, ...]:
    """The names that the field itself had; `stage` has those of its stages instead."""
    return () if member.name == "stage" else tuple(former for former, now in member.former if now == member.name)


def _approved(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    frame, known = next(((f, a) for f in reversed(checker.frames) if (a := _approvals(checker, f))), (checker.frames[-1], {}))
    argument = node.arguments[0]
    word = argument.text if isinstance(argument, syntax.Name) else argument.value if isinstance(argument, syntax.Literal) else None
    titled = {title: name for name, titles in known.items() for title in titles}
    found = str(word) if word in known else titled.get(str(word))
    if found is None:
        name = checker.text(argument)
        there = ("、".join(known), ", ".join(known)) if known else ("还没有", "none so far")
        near = nearest(name, [*known, *titled])
        checker.report(approval_codes.UNKNOWN_APPROVAL, argument, name=name, known=there, nearest=near)
        return None
    if found != word:
        checker.canonical[argument.start] = found
    options = Choice(tuple(known), tuple((title, name) for title, name in titled.items()))
    of = Constant(type=options, nullable=False, value=found)
    return Past(type=Boolean(), nullable=False, kind="approved", row=frame.row, of=of, words=(found,))


def _approvals(checker: Binding, frame: Frame) -> dict[str, tuple[str, ...]]:
    """The approvals of a frame's records, with their titles."""
    member = members_of(checker, frame.row.object).get("id")
    return {} if member is None else dict(member.approvals)


_HOURS = Number(26, 10)
_STAGE, _FIELD = Parameter("stage", "stage"), Parameter("field", "any")
_APPROVAL = Parameter("approval", "approval")
_TRIAL = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
FUNCTIONS = (
    Function("ENTERED_AT", "history", (_STAGE,), "最近一次进入某个阶段的时间，从未进入则为空", "When the record last entered a stage; null when it never did", (Example("ENTERED_AT(trial)", _TRIAL), Example("ENTERED_AT(signed)", None)), WRITTEN, WRITTEN, NOT_THERE, write=_entered),
    Function("TIME_IN", "history", (_STAGE,), "在某个阶段停留的总时长，多次进入合计，仍在该阶段时算到现在", "How long the record has stood in a stage altogether, running on while it stands there", (Example("TIME_IN(trial) = 6 days", True), Example("TIME_IN(signed) = 0 hours", True)), WRITTEN, WRITTEN, NOT_THERE, write=_of_stage("time_in", Duration(), "stage", "stage_since")),
    Function("PASSED", "history", (_STAGE,), "是否进入过某个阶段，并且现在已经离开；退回到该阶段时又为否", "Whether the record has been in a stage and has left it; false again when it is sent back there", (Example("PASSED(lead)", True), Example("PASSED(trial)", False)), WRITTEN, WRITTEN, NOT_THERE, write=_of_stage("passed", Boolean(), "stage")),
    Function("CHANGES", "history", (_FIELD,), "字段在记录创建之后被修改的次数", "How often a field was changed after the record was created", (Example("CHANGES(amount)", 2), Example("CHANGES(name)", 0)), WRITTEN, WRITTEN, NOT_THERE, write=_changes),
    Function("APPROVED", "history", (_APPROVAL,), "最近一次这种审批是否已通过；没有发起过、正在审批、被驳回都为否", "Whether the last approval of this name ended approved; false when there was none, while one runs, and after a no", (Example("APPROVED(discount)", True), Example("APPROVED(refund)", False)), WRITTEN, WRITTEN, NOT_THERE, write=_approved),
    Function("INSTATE", "history", (Parameter("stage", "stage", repeats=True),), "现在是否处于这些阶段之一", "Whether the record stands in one of some stages", (Example("INSTATE(trial, signed)", True),), WRITTEN, WRITTEN, WRITTEN, write=_instate),
    Function("STATESINCE", "history", (Parameter("stage", "stage", optional=True),), "进入当前阶段的时间；写了阶段则同 ENTERED_AT", "When the record entered the stage it stands in; with a stage the same as ENTERED_AT", (Example("STATESINCE()", _TRIAL), Example("STATESINCE(lead)", datetime(2026, 3, 4, 1, 30, tzinfo=UTC))), WRITTEN, WRITTEN, WRITTEN, write=_since),
    Function("HOURSINSTATE", "history", (Parameter("calendar", "calendar", optional=True),), "进入当前阶段到现在的小时数；写了工作日历则只算工作小时", "Hours since the record entered the stage it stands in; working hours when a calendar is named", (Example("HOURSINSTATE()", 120), Example("HOURSINSTATE(shop)", 50)), WRITTEN, WRITTEN, WRITTEN, write=_hours),
)  # fmt: skip
