"""First look at an app: every name that is declared, and what it is."""

from collections.abc import Iterable, Iterator, Mapping

from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.definition.builtin import TEAM, TEAM_FIELDS, USER, USER_FIELDS
from dougong.names import written
from dougong.names.changes import STAGE, Altered, altered, room_of_stages
from dougong.names.scenes import CAST, Line, lines, named, parts_of
from dougong.names.symbols import SECTIONS, Declared, Kind, Member, Room, Symbol, World

FACTS: Mapping[str, tuple[str, str, str]] = {
    "id": ("编号", "Id", "integer"),
    "created_at": ("创建时间", "Created at", "datetime"),
    "created_by": ("创建人", "Created by", "user"),
    "updated_at": ("修改时间", "Updated at", "datetime"),
    "updated_by": ("修改人", "Updated by", "user"),
}
BESIDE_SCORES = ("_points", "_band")
Fact = tuple[str, Room | None, str, str, str]
"""A field that the engine keeps: its name, where its options are found, its type, its titles."""
_HELD: tuple[Fact, ...] = (
    ("pool_since", None, "datetime", "进入公海时间", "In a pool since"),
    ("held_since", None, "datetime", "归属时间", "Held since"),
)
_PROOF = ("actions", "evidence")  # what of a gate makes `unsupported`


def world(files: Iterable[Entries]) -> World:
    """What the files of an app declare. Of two of the same name the first counts."""
    reader = _Reader()
    kept = list(files)
    for section, kind in SECTIONS.items():
        for file in kept:
            for name, value in written.pairs(written.get(file, section)):
                reader.top(kind, name, value)
    for file in kept:
        for change in altered(file):
            reader.changed(change)
    for name, value in (pair for file in kept for pair in written.pairs(written.get(file, "scores"))):
        reader.score(name, value)
    for change in (change for file in kept for change in altered(file) if change.section == "scores"):
        reader.changed_score(change)
    reader.built_in()
    reader.facts()
    reader.reverses()
    for file in kept:
        for line in lines(file):
            reader.introduced(line)
    return World(reader.members, reader.declared, reader.objects_of, reader.stages, reader.stories, reader.scores)


class _Reader:
    def __init__(self) -> None:
        self.members: dict[str, dict[str, Member]] = {}
        self.declared: dict[Symbol, Declared] = {}
        self.objects_of: dict[Symbol, str] = {}
        self.stages: dict[str, dict[str, None]] = {}
        self.stories: dict[str, list[Symbol]] = {}
        self.scores: dict[str, str] = {}

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
        elif kind in ("pipeline", "form", "view", "approval", "pool", "table", "document"):
            self.of(symbol, value)
        if kind == "pipeline" and symbol in self.objects_of:
            room = room_of_stages(self.objects_of[symbol], value)
            self.stages.setdefault(self.objects_of[symbol], {})[room] = None
            for stage, each in written.pairs(written.get(value, "stages")):
                long = each if isinstance(each, Entries) else Entries(stage.place)
                self.declare("stage", stage, room, each, long)

    def changed(self, change: Altered) -> None:
        """What a change adds to a part: fields, options, stages, or the whole part."""
        kind, name = SECTIONS.get(change.section), str(change.name)
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
            there = self.declared[Symbol(kind, name)]
            owner = room_of_stages(self.objects_of.get(there.symbol, ""), there.value)
            self.declare("stage", stage, owner, each, each if isinstance(each, Entries) else Entries(stage.place))
        if kind == "list":
            self.options(f"@{name}", change.value)

    def introduced(self, line: Line) -> None:
        """The person or record that a line of a scenario brings in."""
        for kind, name, of in named(line):
            symbol = self.declare(kind, name, line.story, line.value, None)
            self.objects_of.setdefault(symbol, of or self.part_in(line))
            self.stories.setdefault(line.story, []).append(symbol)

    def part_in(self, line: Line) -> str:
        """The object of the parts of the record that a line is about."""
        whole = str(line.said.names[0])
        known = (self.objects_of.get(Symbol("record", whole, story)) for story in (line.story, CAST))
        return parts_of(self.declared, self.objects_of, next((of for of in known if of), ""))

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
        elif kind == "tags" and shared is not None:
            room = Room("option", f"@{shared}")
        titles = self.declared[symbol].titles
        self.members[owner].setdefault(str(name), Member(symbol, titles, shown(line), target or None, False, room))

    def score(self, name: Word, value: Written) -> None:
        """A score is a field of its object, with others beside it."""
        owner = str(written.word(written.get(value, "of")) or "")
        if owner not in self.members:
            return
        self.scores.setdefault(str(name), owner)
        symbol = self.declare("field", name, owner, value, value if isinstance(value, Entries) else None)
        titles, band = self.declared[symbol].titles, f"{name}_band"
        self.options(f"{owner}.{band}", Items(name.place, [each for each, _ in written.pairs(written.get(value, "bands"))]))
        for beside, kind, room in (
            ("", "integer", None),
            ("_points", "integer", None),
            ("_band", "choice", Room("option", f"{owner}.{band}")),
        ):
            made = symbol if not beside else Symbol("field", f"{name}{beside}", owner)
            self.members[owner].setdefault(made.name, Member(made, titles, kind, room=room))

    def changed_score(self, change: Altered) -> None:
        """A new score under `change`, or further bands."""
        owner = self.scores.get(str(change.name))
        if owner is None:
            self.score(change.name, change.value)
        else:
            bands = [each for each, _ in written.pairs(written.get(change.value, "bands"))]
            self.options(f"{owner}.{change.name}_band", Items(change.name.place, bands))

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
        for owner, members in self.members.items():
            for name, (zh, en, kind) in FACTS.items():
                target = USER if kind == USER else None
                members.setdefault(name, Member(Symbol("field", name, owner), (zh, en), kind, target))
        first: dict[str, str] = {}  # the field of an object's first pool
        for symbol, owner in self.objects_of.items():
            if owner in self.members and symbol.kind == "pipeline":
                self.kept(owner, pipeline_facts(owner, self.declared[symbol]))
            elif owner in self.members and symbol.kind == "pool":
                field = str(written.word(written.get(self.declared[symbol].value, "field")) or "owner")
                prefix = "" if first.setdefault(owner, field) == field else f"{field}_"
                facts: tuple[Fact, ...] = (("pool", Room("pool"), "choice", "公海", "Pool"), *_HELD)
                self.kept(owner, [(prefix + name, room, kind, zh, en) for name, room, kind, zh, en in facts])

    def kept(self, owner: str, facts: Iterable[Fact]) -> None:
        """Fields that the engine keeps."""
        for name, room, kind, zh, en in facts:
            self.members[owner].setdefault(name, Member(Symbol("field", name, owner), (zh, en), kind, room=room))

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


def pipeline_facts(owner: str, pipeline: Declared) -> Iterator[Fact]:
    """The fields that a pipeline gives to its object without anybody writing them."""
    field = str(written.word(written.get(pipeline.value, "field")) or STAGE)
    is_main = field == STAGE
    before = "" if is_main else f"{field}_"
    zh, en = ("", "") if is_main or not pipeline.titles else (f"{pipeline.titles[0]}：", f"{pipeline.titles[-1]}: ")
    stages = [each for _, each in written.pairs(written.get(pipeline.value, "stages"))]
    yield field, Room("stage", room_of_stages(owner, pipeline.value)), "choice", f"{zh}阶段", f"{en}Stage"
    yield f"{field}_since", None, "datetime", f"{zh}进入阶段时间", f"{en}In stage since"
    if any(written.get(stage, "overdue") is not None for stage in stages):
        yield f"{before}due_at", None, "datetime", f"{zh}到期时间", f"{en}Due at"
        yield f"{before}overdue", None, "boolean", f"{zh}已逾期", f"{en}Overdue"
    gates = [written.get(stage, gate) for stage in stages for gate in ("to_enter", "to_leave")]
    if any(written.get(gate, proof) is not None for gate in gates for proof in _PROOF):
        yield "unsupported_at", None, "datetime", "失去依据的时间", "Unsupported since"
        yield "unsupported", None, "boolean", "阶段失去依据", "Stage unsupported"


def shown(line: Written) -> str:
    """A declaration as one line of text, for help."""
    if isinstance(line, Word):
        return " ".join(line.split())
    if isinstance(line, Items):
        return "[" + ", ".join(shown(each) for each in line) + "]"
    return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in line.items()) + "}"
