"""Functions of a record's history: where it stood in its pipeline and since when, how often a field changed. Server only, but for where it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from dougong_dsl.expression.typed import Call, Constant, Difference, Get, Here, Logical, Now, OneOf, Past, Typed, Worked
from dougong_dsl.expression.types import Boolean, Choice, DateTime, Duration, Number, Type


@dataclass(frozen=True, slots=True)
class _Track:
    """One pipeline of a record: where its stage is kept (`stage`, or the field of a further one)."""

    checker: Binding
    frame: Frame
    member: Member
    options: Choice

    def cell(self, suffix: str = "") -> Get:
        """The stage of the record, or with `_since` since when."""
        name = self.member.name + suffix
        if self.frame.path is not None:
            self.checker.uses.add((*self.frame.path, name))
        return Get(type=members_of(self.checker, self.frame.row.object)[name].type, nullable=False, row=self.frame.row, name=name)

    def option(self, stage: str) -> Constant:
        """A stage as a value."""
        return Constant(type=self.options, nullable=False, value=stage)


def _tracks(checker: Binding, node: syntax.Call, suffix: str) -> list[_Track]:
    """The pipelines of the innermost record that has one, the main one first, as far as the reader may know them; none is reported."""
    for frame in reversed(checker.frames):
        members = members_of(checker, frame.row.object)
        found = [
            _Track(checker, frame, each, each.type)
            for each in members.values()
            if (each.name == "stage" or each.stage_log is not None) and isinstance(each.type, Choice) and each.name + suffix in members
        ]
        if found:
            return sorted(found, key=lambda track: track.member.name != "stage")
    name = checker.frames[-1].row.object
    if name:
        checker.report(codes.NO_STAGES, node, function=node.function.lower(), object=name)
    else:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice="")
    return []


def _named(checker: Binding, tracks: Sequence[_Track], node: syntax.Node, function: str) -> tuple[_Track, str] | None:
    """The stage that an argument names, by its name or its title, `quality_stage.passed` where several pipelines have one; else reported."""
    among, word, start = tracks, node.text if isinstance(node, syntax.Name) else None, node.start
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        word = node.value
    elif isinstance(node, syntax.Member) and isinstance(node.base, syntax.Name):
        among, word, start = (
            [t for t in tracks if t.member.name == node.base.text or node.base.text in t.member.titles],
            node.name,
            node.name_start,
        )
        if among and among[0].member.name != node.base.text:
            checker.canonical[node.base.start] = among[0].member.name
    found = [(track, stage) for track in among if word is not None and (stage := track.options.option(word)) is not None]
    if len(found) > 1:
        spelled = [f"{track.member.name}.{stage}" for track, stage in found]
        checker.report(codes.WHICH_STAGE, node, name=checker.text(node), function=function, known=("、".join(spelled), ", ".join(spelled)))
        return None
    if not found:
        _unknown(checker, tracks, node, function)
        return None
    if found[0][1] != word:
        checker.canonical[start] = found[0][1]
    return found[0]


def _unknown(checker: Binding, tracks: Sequence[_Track], node: syntax.Node, function: str) -> None:
    name = checker.text(node)
    stages = list(dict.fromkeys(option for track in tracks for option in track.options.options))
    pool = [*stages, *(title for track in tracks for title, _ in track.options.titles)]
    pool += [f"{track.member.name}.{option}" for track in tracks for option in track.options.options] if "." in name else []
    known = ("、".join(stages), ", ".join(stages))
    checker.report(codes.UNKNOWN_STAGE, node, name=name, function=function, known=known, nearest=nearest(name, pool))


def _of_stage(kind: str, result: Type, suffix: str, *, nullable: bool = False) -> Write:
    def write(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
        tracks = _tracks(checker, node, suffix)
        found = _named(checker, tracks, node.arguments[0], kind) if tracks else None
        if found is None:
            return None
        track, stage = found
        for each in dict.fromkeys(("", suffix)):
            track.cell(each)
        words = (stage, *(former for former, now in track.member.former if now == stage))
        row, column, log = track.frame.row, track.member.name, track.member.stage_log
        return Past(type=result, nullable=nullable, kind=kind, row=row, of=track.option(stage), words=words, column=column, log=log)

    return write


_entered = _of_stage("entered_at", DateTime(), "_since", nullable=True)


def _named_track(tracks: Sequence[_Track], node: syntax.Node) -> _Track | None:
    """The pipeline whose field an argument names, when no stage has that name."""
    word = node.text if isinstance(node, syntax.Name) else None
    is_stage = any(track.options.option(str(word)) for track in tracks)
    return None if is_stage else next((t for t in tracks if word == t.member.name or word in t.member.titles), None)


def _since(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    tracks = _tracks(checker, node, "_since")
    if not tracks or not node.arguments:
        return tracks[0].cell("_since") if tracks else None
    found = _named_track(tracks, node.arguments[0])
    return _entered(checker, node, hint) if found is None else found.cell("_since")


def _hours(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    tracks = _tracks(checker, node, "_since")
    if not tracks:
        return None
    arguments = list(node.arguments)
    track = _named_track(tracks, arguments[0]) if arguments else None
    if track is not None or len(arguments) > 1:
        del arguments[0]
    if track is None and len(node.arguments) > 1:
        _unknown(checker, tracks, node.arguments[0], "hoursinstate")
        return None
    now, since = Now(type=DateTime(), nullable=False), (track or tracks[0]).cell("_since")
    if arguments:
        calendar = schedule(checker, arguments[0])
        if calendar is None:
            return None
        worked = Worked(type=Duration(), start_at=since, end_at=now, calendar=calendar)
        return Call(type=_HOURS, function="HOURS", arguments=(worked,))
    spent = Difference(type=Duration(), nullable=False, left=now, right=since)
    return Call(type=_HOURS, nullable=False, function="HOURS", arguments=(spent,))


def _instate(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    tracks = _tracks(checker, node, "")
    named = [_named(checker, tracks, each, "instate") for each in node.arguments] if tracks else [None]
    stages: dict[str, tuple[_Track, list[Constant]]] = {}
    for each in named:
        if each is None:
            return None
        stages.setdefault(each[0].member.name, (each[0], []))[1].append(each[0].option(each[1]))
    parts = [OneOf(type=Boolean(), nullable=False, item=track.cell(), options=tuple(options)) for track, options in stages.values()]
    return parts[0] if len(parts) == 1 else Logical(type=Boolean(), nullable=False, operator="or", items=tuple(parts))


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
    return (
        ()
        if member.name == "stage" or member.stage_log is not None
        else tuple(former for former, now in member.former if now == member.name)
    )


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
    Function("TIME_IN", "history", (_STAGE,), "在某个阶段停留的总时长，多次进入合计，仍在该阶段时算到现在", "How long the record has stood in a stage altogether, running on while it stands there", (Example("TIME_IN(trial) = 6 days", True), Example("TIME_IN(signed) = 0 hours", True)), WRITTEN, WRITTEN, NOT_THERE, write=_of_stage("time_in", Duration(), "_since")),
    Function("PASSED", "history", (_STAGE,), "是否进入过某个阶段，并且现在已经离开；退回到该阶段时又为否", "Whether the record has been in a stage and has left it; false again when it is sent back there", (Example("PASSED(lead)", True), Example("PASSED(trial)", False)), WRITTEN, WRITTEN, NOT_THERE, write=_of_stage("passed", Boolean(), "")),
    Function("CHANGES", "history", (_FIELD,), "字段在记录创建之后被修改的次数", "How often a field was changed after the record was created", (Example("CHANGES(amount)", 2), Example("CHANGES(name)", 0)), WRITTEN, WRITTEN, NOT_THERE, write=_changes),
    Function("APPROVED", "history", (_APPROVAL,), "最近一次这种审批是否已通过；没有发起过、正在审批、被驳回都为否", "Whether the last approval of this name ended approved; false when there was none, while one runs, and after a no", (Example("APPROVED(discount)", True), Example("APPROVED(refund)", False)), WRITTEN, WRITTEN, NOT_THERE, write=_approved),
    Function("INSTATE", "history", (Parameter("stage", "stage", repeats=True),), "现在是否处于这些阶段之一", "Whether the record stands in one of some stages", (Example("INSTATE(trial, signed)", True),), WRITTEN, WRITTEN, WRITTEN, write=_instate),
    Function("STATESINCE", "history", (Parameter("stage", "stage", optional=True),), "进入当前阶段的时间；写了阶段则同 ENTERED_AT；另一条流程的写它的阶段字段", "When the record entered the stage it stands in; with a stage the same as ENTERED_AT; of a further pipeline with the field of its stage", (Example("STATESINCE()", _TRIAL), Example("STATESINCE(lead)", datetime(2026, 3, 4, 1, 30, tzinfo=UTC))), WRITTEN, WRITTEN, WRITTEN, write=_since),
    Function("HOURSINSTATE", "history", (Parameter("pipeline", "stage", optional=True), Parameter("calendar", "calendar", optional=True)), "进入当前阶段到现在的小时数；写了工作日历则只算工作小时；另一条流程的先写它的阶段字段", "Hours since the record entered the stage it stands in; working hours when a calendar is named; of a further pipeline with the field of its stage in front", (Example("HOURSINSTATE()", 120), Example("HOURSINSTATE(shop)", 50)), WRITTEN, WRITTEN, WRITTEN, write=_hours),
)  # fmt: skip
