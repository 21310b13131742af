"""What a record lacks on its way to the next stage, gate by gate: fields, actions, evidence, exceptions, and conditions of moves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from dougong.model.app import Object
from dougong.model.flow import Pipeline
from dougong.model.gate_fields import UNSUPPORTED_AT
from dougong.runtime.gates.state import GateItem
from dougong.runtime.read.titles import user_names
from dougong.runtime.session import Session
from dougong.web.pages.gate_lines import ItemLine, Look, line_of
from dougong.web.pages.moves import FORWARD_KINDS, MoveButton
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

HEADINGS = {
    "passed": noted("The stage “%(stage)s” has lost what opened it"),
    "leave": noted("Before leaving “%(stage)s”"),
    "enter": noted("Before entering “%(stage)s”"),
    "behind": noted("Done on the way here"),
}


@dataclass(frozen=True, slots=True)
class GateBlock:
    """One gate; `when` is passed, leave, enter, move (only the conditions of a move), or behind (all actions that may be withdrawn yet).

    `pipeline` is told where there are several.
    """

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

    @property
    def is_behind(self) -> bool:
        """Whether nothing is asked for any more."""
        return all(block.when == "behind" for block in self.blocks)


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
    look = Look(
        session=session,
        shell=shell,
        reader=reader,
        made=made,
        url=f"{shell.root}/o/{made.name}/{record.id}",
        files_url=f"{shell.root}/api/v1/{made.name}/{record.id}/files",
        names=user_names(session.unit, sorted(people)) if people else {},
        writable=writable,
    )
    stands = {name: str(record.get(p.field) or p.start.name) for name, p in pipelines.items()}
    blocks = tuple(_blocks(look, pipelines, items, moves, stands))
    since = record.get(UNSUPPORTED_AT)
    lost = reader.time(since) if since is not None and since <= session.now else None
    return GatePanel(blocks, lost) if blocks else None


def _ahead(pipeline: Pipeline, stands: str) -> Iterator[str]:
    """The stages in front of a record, by their names among those of all pipelines."""
    order = list(pipeline.stages)
    here = order.index(stands) if stands in order else -1
    for name in order[here + 1 :]:
        if pipeline.stages[name].kind in FORWARD_KINDS:
            yield pipeline.qualified(name)


def _blocks(
    look: Look, pipelines: Mapping[str, Pipeline], items: Sequence[GateItem], moves: Sequence[MoveButton], stands: Mapping[str, str]
) -> Iterator[GateBlock]:
    ahead = frozenset(stage for name, p in pipelines.items() for stage in _ahead(p, stands[name]))
    said = {i.refusal.message(look.shell.language) for i in items if i.refusal is not None}
    conditions = {m.target: _conditions(m, said) for m in moves if m.target in ahead and m.is_granted}
    groups: dict[tuple[str, str, str], list[GateItem]] = {}
    shown = [i for i in items if i.is_readable and (i.when != "behind" or i.may_do)]
    for item in sorted(shown, key=lambda i: i.when != "passed"):
        # What is gone or done behind the record is no matter of the stage that asked for it, but of the one where it stands
        name = stands[item.pipeline] if item.when in ("passed", "behind") else item.stage
        groups.setdefault((item.when, item.pipeline, name), []).append(item)
    behind = [groups.pop(key) for key in list(groups) if key[0] == "behind"]
    for (when, pipeline, name), some in groups.items():
        stage, target = pipelines[pipeline].stages[name], pipelines[pipeline].qualified(name)
        rules = conditions.pop(target, ()) if when == "enter" else ()
        if when == "enter" and target not in ahead and all(i.kind == "field" for i in some):
            continue  # its move asks for them
        title = stage.title.text(look.shell.language)
        lines = sorted((*(line_of(look, item) for item in some), *rules), key=lambda line: not line.is_open)
        of = pipelines[pipeline].title.text(look.shell.language) if len(pipelines) > 1 else ""
        yield GateBlock(when, text(look.shell.language, HEADINGS[when], stage=title), of, tuple(lines))
    words = HEADINGS["enter"]
    for button in moves:
        if rules := conditions.get(button.target, ()):
            yield GateBlock("move", text(look.shell.language, words, stage=button.stage), "", rules)
    if behind:
        words = HEADINGS["behind"]
        lines = [line_of(look, item) for some in behind for item in some]
        yield GateBlock("behind", text(look.shell.language, words), "", tuple(lines))


def _conditions(move: MoveButton, said: set[str]) -> tuple[ItemLine, ...]:
    """What else speaks against a move than its gates."""
    return tuple(ItemLine("", "condition", why, is_there=False) for why in move.why if why not in said)


def until_default(now: datetime, shell: Shell) -> str:
    """A week from now, at the end of the day, as a browser's input takes it."""
    day = now.astimezone(shell.zone).date().toordinal() + 7
    return f"{datetime.fromordinal(day):%Y-%m-%d}T18:00"
