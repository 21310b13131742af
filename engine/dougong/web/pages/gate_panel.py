"""What a record lacks on its way to the next stage, gate by gate: fields, actions, evidence, exceptions, and what each person can do about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.model.gates import Evidence
from dougong.refusals import Refusal
from dougong.runtime.gates import refusals as codes
from dougong.runtime.gates.rows import Brought, Done, Excepted
from dougong.runtime.gates.state import GateItem
from dougong.runtime.read.titles import user_names
from dougong.runtime.session import Session
from dougong.web.pages.moves import FORWARD_KINDS, MoveButton
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

HEADINGS = {
    "passed": noted("The stage “%(stage)s” has lost what opened it"),
    "leave": noted("Before leaving “%(stage)s”"),
    "enter": noted("Before entering “%(stage)s”"),
}
REASONS = {
    codes.EVIDENCE_KIND: noted("no file of type %(accept)s"),
    codes.EVIDENCE_OLD: noted("brought on %(at)s, longer ago than %(within)s"),
    codes.EVIDENCE_VERSION: noted("outdated, version %(wanted)s is needed"),
    codes.EVIDENCE_UNNUMBERED: noted("the name tells no version, such as Rev3"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a piece of evidence; without `why` it counts."""

    name: str
    url: str
    at: Markup
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that is asked for: what is there or missing in words, and the addresses of what this person can do.

    `kind`: field, action, evidence, or condition (a rule of the move that does not hold).
    """

    name: str
    kind: str
    title: str
    is_there: bool
    notes: tuple[Markup | str, ...] = ()
    excepted: tuple[Markup | str, ...] = ()
    is_held: bool = False  # an exception lets it pass now
    edit_url: str = ""
    do_url: str = ""
    undo_url: str = ""
    bring_url: str = ""
    except_url: str = ""
    needs_place: bool = False
    is_many: bool = False
    accept: str = ""
    files: tuple[FileLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it keeps the record from moving on."""
        return not (self.is_there or self.is_held)


@dataclass(frozen=True, slots=True)
class GateBlock:
    """One gate; `when` is passed, leave, enter, or move (only the conditions of a move). `pipeline` is told where there are several."""

    when: str
    heading: str
    pipeline: str
    lines: tuple[ItemLine, ...]

    @property
    def left(self) -> int:
        """How many things are missing."""
        return sum(line.is_open for line in self.lines)


@dataclass(frozen=True, slots=True)
class GatePanel:
    """Context of `parts/gates.html`. `unsupported` says since when the stage lacks what opened it, if it does."""

    blocks: tuple[GateBlock, ...]
    unsupported: Markup | None

    @property
    def left(self) -> int:
        """How many things are missing altogether."""
        return sum(block.left for block in self.blocks)


@dataclass(frozen=True, slots=True)
class _Look:
    """Who looks at which record: what the lines need."""

    session: Session
    shell: Shell
    reader: Reader
    made: Object
    url: str
    files_url: str
    names: Mapping[int, str]
    readable: frozenset[str]
    writable: frozenset[str]


def panel(
    session: Session,
    shell: Shell,
    reader: Reader,
    made: Object,
    record: Any,
    moves: Sequence[MoveButton],
    writable: frozenset[str],
) -> GatePanel | None:
    """The panel of a record; None where its pipelines ask for nothing and nothing stands in the way."""
    pipelines = {t.pipeline.name: t.pipeline for t in session.unit.compiled.rules(made.name).tracks}
    asks = any(gate.items for p in pipelines.values() for s in p.stages.values() for gate in (s.to_enter, s.to_leave))
    items = session.gates(made.name, record.id) if asks else []
    people = {p for i in items for p in (i.done.by if i.done else None, i.exception.by if i.exception else None) if p is not None}
    look = _Look(
        session=session,
        shell=shell,
        reader=reader,
        made=made,
        url=f"{shell.root}/o/{made.name}/{record.id}",
        files_url=f"{shell.root}/api/v1/{made.name}/{record.id}/files",
        names=user_names(session.unit, sorted(people)) if people else {},
        readable=frozenset(f.name for f in session.fields(made.name)) - session.masked(made.name),
        writable=writable,
    )
    blocks = tuple(_blocks(look, pipelines, items, moves))
    since = record.get(UNSUPPORTED_AT)
    lost = reader.time(since) if since is not None and since <= session.now else None
    return GatePanel(blocks, lost) if blocks else None


def _blocks(look: _Look, pipelines: Mapping[str, Pipeline], items: Sequence[GateItem], moves: Sequence[MoveButton]) -> Iterator[GateBlock]:
    said = {i.refusal.message(look.shell.language) for i in items if i.refusal is not None}
    conditions = {m.target: _conditions(m, said) for m in moves if m.kind in FORWARD_KINDS}
    groups: dict[tuple[str, str, str], list[GateItem]] = {}
    for item in sorted(items, key=lambda i: i.when != "passed"):
        groups.setdefault((item.when, item.pipeline, item.stage), []).append(item)
    for (when, pipeline, name), some in groups.items():
        stage = pipelines[pipeline].stages[name]
        rules = conditions.pop(pipelines[pipeline].qualified(name), ()) if when == "enter" else ()
        if when == "enter" and stage.kind not in FORWARD_KINDS and all(i.kind == "field" for i in some):
            continue  # its move asks for them
        title = stage.title.text(look.shell.language)
        lines = sorted((*(_line(look, item) for item in some), *rules), key=lambda line: not line.is_open)
        of = pipelines[pipeline].title.text(look.shell.language) if len(pipelines) > 1 else ""
        yield GateBlock(when, text(look.shell.language, HEADINGS[when], stage=title), of, tuple(lines))
    words = HEADINGS["enter"]
    for button in moves:
        if rules := conditions.get(button.target, ()):
            yield GateBlock("move", text(look.shell.language, words, stage=button.stage), "", rules)


def _conditions(move: MoveButton, said: set[str]) -> tuple[ItemLine, ...]:
    """What else speaks against a move than its gates."""
    return tuple(ItemLine("", "condition", why, is_there=False) for why in move.why if why not in said)


def _line(look: _Look, item: GateItem) -> ItemLine:
    is_open, language = item.refusal is not None, look.shell.language
    held = item.exception if item.exception is not None and is_open else None
    field = look.made.fields.get(item.item)
    evidence = item.kind == "evidence" and field is not None and item.item in look.readable
    may_write = field is not None and item.item in look.writable
    return ItemLine(
        name=item.item,
        kind=item.kind,
        title=item.title.text(language),
        is_there=not is_open,
        notes=tuple(_notes(look, item)),
        excepted=tuple(_excepted(look, held)) if held is not None else (),
        is_held=held is not None and held.until > look.session.now,
        edit_url=f"{look.url}/field/{item.item}?in=dialog" if may_write and item.kind == "field" and is_open else "",
        do_url=f"{look.url}/actions/{item.item}" if item.may_do and item.done is None else "",
        undo_url=f"{look.url}/actions/{item.item}/undo" if item.may_do and item.done is not None else "",
        bring_url=f"{look.url}/evidence/{item.item}" if may_write and item.kind == "evidence" else "",
        except_url=f"{look.url}/exceptions/{item.stage}/{item.item}" if item.may_except and is_open else "",
        needs_place=item.action is not None and item.action.needs_place,
        is_many=field is not None and field.type.is_many,
        accept=",".join(f".{kind}" for kind in dict.fromkeys(k for e in item.evidence for k in e.accept)),
        files=tuple(_file(look, file, why) for file, why in item.files) if evidence else (),
    )


def _notes(look: _Look, item: GateItem) -> Iterator[Markup | str]:
    """What is asked for, or who did it."""
    language = look.shell.language
    if item.done is not None:
        yield from _done(look, item.done)
    elif item.action is not None:
        if item.action.roles and not item.may_do:
            titles = [look.session.app.roles[r].title.text(language) for r in item.action.roles]
            yield text(language, "to be done by %(roles)s", roles=_listed(titles, language))
        if item.action.needs_place:
            yield text(language, "with the place")
    for evidence in item.evidence:
        yield from _demand(evidence, language)


def _done(look: _Look, done: Done) -> Iterator[Markup | str]:
    yield look.names.get(done.by, f"#{done.by}") if done.by is not None else text(look.shell.language, "System")
    yield look.reader.time(done.at)
    if done.place:
        yield done.place
    if done.latitude is not None and done.longitude is not None:
        yield f"{done.latitude:.5f}, {done.longitude:.5f}"


def _demand(evidence: Evidence, language: str) -> Iterator[str]:
    """What a file must be like."""
    if evidence.accept:
        yield _listed([kind.upper() for kind in evidence.accept], language)
    if evidence.newer_than is not None:
        zh, en = evidence.newer_than.words()
        yield text(language, "brought within %(time)s", time=zh if language == "zh" else en)
    if evidence.is_newest:
        yield text(language, "the newest version")
    if evidence.version is not None:
        yield text(language, "the version that is asked for")


def _excepted(look: _Look, exception: Excepted) -> Iterator[Markup | str]:
    language, until = look.shell.language, look.reader.exact(exception.until)
    name = look.names.get(exception.by, f"#{exception.by}") if exception.by is not None else text(language, "System")
    if exception.until > look.session.now:
        yield text(language, "exception by %(person)s until %(when)s", person=name, when=until)
    else:
        yield text(language, "the exception by %(person)s ended %(when)s", person=name, when=until)
    yield exception.reason


def _file(look: _Look, file: Brought, why: Iterable[Refusal]) -> FileLine:
    reasons = tuple(_shortly(r, look.shell.language) for r in why)
    return FileLine(file.name, f"{look.files_url}/{file.id}", look.reader.time(file.at), reasons)


def _shortly(refusal: Refusal, language: str) -> str:
    """Why a file does not do, beside its name: without the title and the stage, which stand there already."""
    words = REASONS.get(refusal.code)
    if words is None:
        return refusal.message(language)
    spoken = {n: (v[language != "zh"] if isinstance(v, tuple) else v) for n, v in refusal.params.items()}
    return text(language, words, **spoken)


def _listed(words: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(words)


def until_default(now: datetime, shell: Shell) -> str:
    """A week from now, at the end of the day, as a browser's input takes it."""
    day = now.astimezone(shell.zone).date().toordinal() + 7
    return f"{datetime.fromordinal(day):%Y-%m-%d}T18:00"
