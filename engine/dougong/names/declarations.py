"""First look at an app: every name that is declared, and what it is."""

from collections.abc import Iterable, Mapping

from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.builtin import TEAM, TEAM_FIELDS, USER, USER_FIELDS
from dougong.names import written
from dougong.names.changes import Altered, altered
from dougong.names.symbols import Declared, Kind, Member, Room, Symbol, World

FACTS: Mapping[str, tuple[str, str, str]] = {
    "id": ("编号", "Id", "integer"),
    "created_at": ("创建时间", "Created at", "datetime"),
    "created_by": ("创建人", "Created by", "user"),
    "updated_at": ("修改时间", "Updated at", "datetime"),
    "updated_by": ("修改人", "Updated by", "user"),
}
_SECTIONS: tuple[tuple[str, Kind], ...] = (
    ("objects", "object"),
    ("roles", "role"),
    ("lists", "list"),
    ("pipelines", "pipeline"),
    ("forms", "form"),
    ("views", "view"),
    ("approvals", "approval"),
    ("triggers", "trigger"),
    ("calendars", "calendar"),
)


def world(files: Iterable[Entries]) -> World:
    """What the files of an app declare. Of two of the same name the first counts."""
    reader = _Reader()
    kept = list(files)
    for section, kind in _SECTIONS:
        for file in kept:
            for name, value in written.pairs(written.get(file, section)):
                reader.top(kind, name, value)
    for file in kept:
        for change in altered(file):
            reader.changed(change)
    reader.built_in()
    reader.facts()
    reader.reverses()
    return World(reader.members, reader.declared, reader.objects_of)


class _Reader:
    def __init__(self) -> None:
        self.members: dict[str, dict[str, Member]] = {}
        self.declared: dict[Symbol, Declared] = {}
        self.objects_of: dict[Symbol, str] = {}

    def declare(self, kind: Kind, name: Word, owner: str, value: Written | None, long: Entries | None) -> Symbol:
        symbol = Symbol(kind, str(name), owner)
        titles = written.titles(written.get(long, "title") if long is not None else value)
        self.declared.setdefault(symbol, Declared(symbol, name, value, long, titles))
        return symbol

    def top(self, kind: Kind, name: Word, value: Written) -> None:
        symbol = self.declare(kind, name, "", value, value if isinstance(value, Entries) else None)
        if kind == "object":
            self.members.setdefault(str(name), {})
            for field, line in written.pairs(written.get(value, "fields")):
                self.field(str(name), field, line)
        elif kind == "list":
            self.options(f"@{name}", value)
        elif kind == "trigger":
            events = [e for each in written.each(written.get(value, "on")) if (e := written.event(each)) is not None]
            first = next(iter(events), None)
            self.of(symbol, first)
            approval = Symbol("approval", str(written.word(written.get(first, "approval"))))
            if approval in self.objects_of:
                self.objects_of.setdefault(symbol, self.objects_of[approval])
            named = written.word(written.get(value, "each"))
            found = written.EACH.fullmatch(named) if named is not None else None
            if found is not None:
                self.objects_of.setdefault(symbol, found[1])
        elif kind in ("pipeline", "form", "view", "approval"):
            self.of(symbol, value)
        if kind == "pipeline" and symbol in self.objects_of:
            for stage, each in written.pairs(written.get(value, "stages")):
                long = each if isinstance(each, Entries) else Entries(stage.place)
                self.declare("stage", stage, self.objects_of[symbol], each, long)

    def changed(self, change: Altered) -> None:
        """What a change adds to a part: fields, options, stages, or the whole part."""
        kind, name = dict(_SECTIONS).get(change.section), str(change.name)
        if kind is None:
            return
        if Symbol(kind, name) not in self.declared:
            self.top(kind, change.name, change.value)
            return
        for field, line in written.pairs(written.get(change.value, "fields") if kind == "object" else None):
            if Symbol("field", str(field), name) not in self.declared:
                self.field(name, field, line)
            self.options(f"{name}.{field}", written.get(line, "options"))
        for stage, each in written.pairs(written.get(change.value, "stages") if kind == "pipeline" else None):
            owner = self.objects_of.get(Symbol(kind, name), "")
            self.declare("stage", stage, owner, each, each if isinstance(each, Entries) else Entries(stage.place))
        if kind == "list":
            self.options(f"@{name}", change.value)

    def of(self, symbol: Symbol, value: Written | None) -> None:
        owner = written.word(written.get(value, "of"))
        if owner is not None:
            self.objects_of.setdefault(symbol, str(owner))

    def field(self, owner: str, name: Word, line: Written) -> None:
        long = written.field(line)
        symbol = self.declare("field", name, owner, line, long if long is not None else Entries(name.place))
        kind = str(written.word(written.get(long, "type")) or "")
        target = kind if kind in (USER, TEAM) else str(written.word(written.get(long, "target")) or "") if kind == "link" else ""
        shared = written.word(written.get(long, "from"))
        room = None
        if kind == "choice":
            room = Room("option", f"@{shared}" if shared is not None else f"{owner}.{name}")
            self.options(room.owner if shared is None else "", written.get(long, "options"))
        titles = self.declared[symbol].titles
        self.members[owner].setdefault(str(name), Member(symbol, titles, shown(line), target or None, False, room))

    def options(self, owner: str, value: Written | None) -> None:
        if isinstance(value, Items):
            for name in written.words(value):
                self.declare("option", name, owner, name, None)
        for name, title in written.pairs(value):
            self.declare("option", name, owner, title, None)

    def built_in(self) -> None:
        """The built-in users and teams; their fields are declared nowhere."""
        for owner, fields in ((USER, USER_FIELDS), (TEAM, TEAM_FIELDS)):
            own = self.members.setdefault(owner, {})
            for name, kind, _, title, *_ in fields:
                target = kind if kind in (USER, TEAM) else None
                room = Room("role") if name == "roles" else None
                own.setdefault(name, Member(Symbol("field", name, owner), (title.zh, title.en), kind, target, False, room))

    def facts(self) -> None:
        staged = {owner for symbol, owner in self.objects_of.items() if symbol.kind == "pipeline"}
        timed = {s.owner for s, d in self.declared.items() if s.kind == "stage" and written.get(d.long, "overdue") is not None}
        for owner, members in self.members.items():
            for name, (zh, en, kind) in FACTS.items():
                target = USER if kind == USER else None
                members.setdefault(name, Member(Symbol("field", name, owner), (zh, en), kind, target))
            if owner in staged:
                members.setdefault("stage", Member(Symbol("field", "stage", owner), ("阶段", "Stage"), "choice", room=Room("stage", owner)))
                members.setdefault(
                    "stage_since", Member(Symbol("field", "stage_since", owner), ("进入阶段时间", "In stage since"), "datetime")
                )
            if owner in timed:
                members.setdefault("due_at", Member(Symbol("field", "due_at", owner), ("到期时间", "Due at"), "datetime"))
                members.setdefault("overdue", Member(Symbol("field", "overdue", owner), ("已逾期", "Overdue"), "boolean"))

    def reverses(self) -> None:
        """`link customer as orders`: the list at the other end."""
        for symbol, found in list(self.declared.items()):
            name = written.word(written.get(found.long, "as")) if symbol.kind == "field" else None
            member = self.members[symbol.owner].get(symbol.name) if name is not None else None
            if name is None or member is None or member.target not in self.members:
                continue
            child = self.declared.get(Symbol("object", symbol.owner))
            reverse = self.declare("reverse", name, str(member.target), None, child.long if child else None)
            titles = self.declared[reverse].titles
            self.members[str(member.target)].setdefault(str(name), Member(reverse, titles, f"[{symbol.owner}]", symbol.owner, True))


def shown(line: Written) -> str:
    """A declaration as one line of text, for help."""
    if isinstance(line, Word):
        return " ".join(line.split())
    if isinstance(line, Items):
        return "[" + ", ".join(shown(each) for each in line) + "]"
    return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in line.items()) + "}"
