"""Second look at an app: every place where a declared name is used."""

import re
from collections.abc import Iterable

from dougong_dsl.sentences import steps
from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.definition.builtin import USER
from dougong.definition.dispatch import BLANK
from dougong.names import expressions, written
from dougong.names.changes import Altered, altered, object_of, room_of_stages, stages_of, way
from dougong.names.documents import uses_in_document, uses_in_documents
from dougong.names.doors import DOORS, object_behind, uses_at_door, uses_at_doors
from dougong.names.expressions import Around
from dougong.names.scenes import uses_in_scenes
from dougong.names.symbols import Kind, Occurrence, Room, Symbol, World

_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_WORD = re.compile(r"\w+")
_ON = re.compile(r"\s*(?:on\s+|于\s*)(\w+)\s*")
_FROM_USERS = re.compile(r"\s*user\s+where\s+(.+?)\s*", re.DOTALL)
_ADDRESSED = re.compile(r"\s*(role|user|角色|用户)\s+([\w.@-]+)\s*")
_HOW_MANY = re.compile(r"\s*(?:(?:any|all|任一|全部|\d+)\s*(?:of\s+|位|个)?\s*)?(role|team|角色|团队)\s+(\w+)\s*")
_TARGET = re.compile(r"\s*(role|角色|pool|公海)\s+(\w+)\s*")
_TABLE = re.compile(r"\s*(?:table|决策表)\s+(\w+)\s*")
_WEIGHT = re.compile(r"\s*(?:weight|权重)\s*\((.+)\)\s*", re.DOTALL)
_DOORS: tuple[tuple[str, Kind], ...] = (("channel", "channel"), ("form", "form"), ("webhook", "webhook"))
_TEAM = re.compile(r"\s*(?:team|团队)\s+\S.*", re.DOTALL)


def uses(world: World, files: Iterable[Entries]) -> list[Occurrence]:
    """Every use, in the order of the files."""
    found = _Uses(world)
    files = list(files)
    for file in files:
        for name, value in written.pairs(written.get(file, "objects")):
            found.object(str(name), value)
        for _, value in written.pairs(written.get(file, "pipelines")):
            found.pipeline(value)
        for name, value in written.pairs(written.get(file, "triggers")):
            found.trigger(str(name), value)
        for name, value in written.pairs(written.get(file, "approvals")):
            found.approval(str(name), value)
        found.found += [*uses_at_doors(world, file), *uses_in_documents(world, file)]
        for _, value in written.pairs(written.get(file, "pools")):
            found.pool(value)
        for _, value in written.pairs(written.get(file, "decision_tables")):
            found.table(value)
        for _, value in written.pairs(written.get(file, "scores")):
            found.score(value)
        for _, value in written.pairs(written.get(file, "roles")):
            found.role(value)
        for _, value in written.pairs(written.get(file, "forms")):
            found.form(value)
        for _, value in written.pairs(written.get(file, "views")):
            found.view(value)
        for change in altered(file):
            found.change(change)
    return [*found.found, *uses_in_scenes(world, files)]


class _Uses:
    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[Occurrence] = []

    def note(self, kind: Kind, word: Word | None, owner: str = "") -> None:
        """A name, when it is declared."""
        if word is not None and (symbol := Symbol(kind, str(word), owner)) in self.world.declared:
            self.found.append(Occurrence(symbol, word.place))

    def named(self, owner: str, words: Iterable[Word]) -> None:
        """Fields of an object; each may be followed by more (`reason(as buttons)`) or preceded by a minus."""
        for word in words:
            for piece in _WORD.finditer(word.split("(")[0]):
                self.member(owner, Word(word.source.part(piece.start(), piece.end())))

    def member(self, owner: str, word: Word | None) -> None:
        found = self.world.members.get(owner, {}).get(word) if word is not None else None
        if found is not None and word is not None:
            self.found.append(Occurrence(found.symbol, word.place))

    def expression(self, value: Written | None, around: Around) -> None:
        if isinstance(value, Word):
            self.found += expressions.occurrences(self.world, value.source, around)

    def template(self, value: Written | None, around: Around) -> None:
        """A text with expressions in it, or one for each language."""
        texts = list(value.values()) if isinstance(value, Entries) else [value]
        for text in texts:
            if isinstance(text, Word):
                for gap in _GAP.finditer(text):
                    self.found += expressions.occurrences(self.world, text.source.part(gap.start(1), gap.end(1)), around)

    def change(self, change: Altered) -> None:
        """The names on the way to what is changed, and those in what it writes."""
        self.found += way(self.world, change)
        section, name, value, owner = change.section, str(change.name), change.value, object_of(self.world, change)
        if section == "documents":
            self.found += uses_in_document(self.world, value, owner)
        elif section in DOORS:
            self.found += uses_at_door(self.world, value)
        elif section == "pipelines":
            self.pipeline(value, owner, stages_of(self.world, change))
        elif section in (named := {"objects": self.object, "triggers": self.trigger, "approvals": self.approval}):
            named[section](name, value)
        elif section == "roles":
            self.role(value)
        elif section in (
            of := {"forms": self.form, "views": self.view, "pools": self.pool, "decision_tables": self.table, "scores": self.score}
        ):
            of[section](value, owner)

    def object(self, name: str, value: Written) -> None:
        around = Around(name)
        self.member(name, written.word(written.get(value, "record_title")))
        for field, line in written.pairs(written.get(value, "fields")):
            long = written.field(line)
            self.note("object", written.word(written.get(long, "target")))
            self.note("list", written.word(written.get(long, "from")))
            for key in ("required_when", "show_when"):
                self.expression(written.get(long, key), around)
            member = self.world.members.get(name, {}).get(str(field))
            result = Around(name, result=member.room if member else None)
            for key in ("default", "formula"):
                self.expression(written.get(long, key), result)
        for check in written.each(written.get(value, "checks")):
            self.expression(written.get(check, "rule"), around)
            self.template(written.get(check, "message"), around)

    def pipeline(self, value: Written, owner: str = "", stages: str = "") -> None:
        of = written.word(written.get(value, "of"))
        self.note("object", of)
        owner = str(of or owner)
        stages = stages or room_of_stages(owner, value)
        for key in ("field", "under"):
            self.member(owner, written.word(written.get(value, key)))
        self.splits(owner, written.get(value, "splits"))
        for _, where in written.pairs(written.get(value, "moved")):
            self.expression(where, Around(owner, result=Room("stage", stages)))
        for _, stage in written.pairs(written.get(value, "stages")):
            for gate in ("to_enter", "to_leave"):
                self.gate(owner, written.get(stage, gate))
            for moment in ("on_enter", "on_leave", "on_overdue"):
                for action in written.each(written.get(stage, moment)):
                    self.action(owner, action, Around(owner))
            self.people(written.get(stage, "owner"), Around(owner))
            self.template(written.get(stage, "standard"), Around(owner))
            for deadline in ("overdue", "review"):
                self.deadline(owner, written.get(stage, deadline))
        for line in written.each(written.get(value, "moves")):
            long = written.move(line)
            for word in (*written.words(written.get(long, "from")), *written.words(written.get(long, "to"))):
                self.note("stage", word, stages)
            for role in written.words(written.get(long, "by")):
                self.note("role", role)
            self.expression(written.get(long, "when"), Around(owner))
            self.named(owner, written.words(written.get(long, "asks")))

    def splits(self, owner: str, value: Written | None) -> None:
        """The object of the parts, its link to the whole, the sums, which both have."""
        into = written.word(written.get(value, "into"))
        self.note("object", into)
        self.member(str(into or ""), written.word(written.get(value, "by")))
        self.named(owner, written.words(written.get(value, "sums")))

    def gate(self, owner: str, value: Written | None) -> None:
        self.named(owner, written.words(written.get(value, "fields")))
        for action in written.each(written.get(value, "actions")):
            self.roles(written.words(written.get(action, "by")))
        for evidence in written.each(written.get(value, "evidence")):
            self.named(owner, written.words(written.get(evidence, "file")))
            self.expression(written.get(evidence, "version"), Around(owner))
        self.roles(written.words(written.get(value, "exceptions_by")))

    def roles(self, words: Iterable[Word]) -> None:
        """Roles by name, or as `role sales`."""
        for word in words:
            addressed = _ADDRESSED.fullmatch(word)
            self.note("role", word if addressed is None else Word(word.source.part(addressed.start(2), addressed.end(2))))

    def deadline(self, owner: str, value: Written | None) -> None:
        if isinstance(value, Word):
            planned = _ON.fullmatch(value)
            self.member(owner, None if planned is None else Word(value.source.part(planned.start(1), planned.end(1))))
            return
        self.member(owner, written.word(written.get(value, "on")))
        calendar = written.word(written.get(value, "calendar"))
        if calendar is not None and Symbol("calendar", str(calendar)) in self.world.declared:
            self.note("calendar", calendar)
        else:
            self.expression(calendar, Around(owner))
        for step in (value, *written.each(written.get(value, "then"))):
            for action in written.each(written.get(step, "do")):
                self.action(owner, action, Around(owner))

    def moment(self, owner: str, long: Entries | None) -> str:
        """What an event of time names beside its object; the object whose field it names."""
        what = written.word(written.get(long, "what"))
        if what is None:
            return owner
        member = self.world.members.get(owner, {}).get(what)
        if member is not None:
            self.member(owner, what)
            return str(member.target or owner)
        self.note("object", what)
        return str(what)

    def trigger(self, name: str, value: Written) -> None:
        owner = self.world.objects_of.get(Symbol("trigger", name), "") or object_behind(self.world, value)
        around = Around(owner)
        for line in written.each(written.get(value, "on")):
            self.event(owner, line)
        each = written.word(written.get(value, "each"))
        found = written.EACH.fullmatch(each) if each is not None else None
        if each is not None and found is not None:
            self.note("object", Word(each.source.part(found.start(1), found.end(1))))
            if found[2]:
                self.expression(Word(each.source.part(found.start(2), found.end(2))), around)
        self.expression(written.get(value, "when"), around)
        for action in written.each(written.get(value, "do")):
            self.action(owner, action, around)

    def event(self, owner: str, line: Written) -> None:
        """What a trigger waits for, or what starts an approval."""
        long = written.event(line)
        self.note("object", written.word(written.get(long, "of")))
        self.note("approval", written.word(written.get(long, "approval")))
        field = written.word(written.get(long, "field"))
        self.member(self.moment(owner, long), field)
        self.stage(owner, written.word(written.get(long, "stage")), field)
        for key, kind in _DOORS:
            self.note(kind, written.word(written.get(long, key)))
        member = self.world.members.get(owner, {}).get(str(field))
        for key in ("from", "to"):
            self.expression(written.get(long, key), Around(result=member.room if member else None))

    def approval(self, name: str, value: Written) -> None:
        self.note("object", written.word(written.get(value, "of")))
        owner = self.world.objects_of.get(Symbol("approval", name), "")
        around = Around(owner)
        self.template(written.get(value, "text"), around)
        self.expression(written.get(value, "when"), around)
        self.named(owner, written.words(written.get(value, "lock")))
        for line in written.each(written.get(value, "start")):
            self.event(owner, line)
        for group in written.each(written.get(value, "steps")):
            for _, line in written.pairs(group):
                self.step(written.step(line), around)
        for key, actions in written.pairs(value):
            for action in written.each(actions) if key.startswith("on_") else ():
                self.action(owner, action, around)

    def stage(self, owner: str, word: Word | None, field: Word | None = None) -> None:
        """A stage of one of an object's pipelines; the pipeline's field may stand before it, in the same word or in one of its own."""
        if word is None:
            return
        if field is None and "." in word:
            dot = word.index(".")
            field, word = Word(word.source.part(0, dot)), Word(word.source.part(dot + 1, len(word)))
            self.member(owner, field)
        rooms = self.world.stages.get(owner, ())
        if field is not None and f"{owner}.{field}" in rooms:
            self.note("stage", word, f"{owner}.{field}")
        else:
            self.note("stage", word, next((room for room in rooms if Symbol("stage", str(word), room) in self.world.declared), owner))

    def pool(self, value: Written, owner: str = "") -> None:
        """Who may claim which records, what is shown of them, what takes them back."""
        target = written.word(written.get(value, "of"))
        owner = str(target or owner)
        around = Around(owner)
        self.note("object", target)
        self.member(owner, written.word(written.get(value, "field")))
        self.named(owner, written.words(written.get(value, "shows")))
        for role in written.words(written.get(value, "by")):
            self.note("role", role)
        for key in ("where", "unless"):
            self.expression(written.get(value, key), around)
        for line in written.each(written.get(value, "recycle")):
            self.event(owner, line)

    def score(self, value: Written, owner: str = "") -> None:
        """What the rules of a score ask."""
        of = written.word(written.get(value, "of"))
        self.note("object", of)
        for rule in written.each(written.get(value, "rules")):
            self.expression(written.get(written.long(rule, steps.score), "when"), Around(str(of or owner)))

    def points(self, owner: str, value: Written | None, around: Around) -> None:
        """`score: {lead_score: +10, because: …}`."""
        for key, each in written.pairs(value):
            if key == "because":
                self.template(each, around)
            elif key == "score" and isinstance(each, Word):
                self.member(owner, each)
            else:
                self.member(owner, None if key == "points" else key)
                self.expression(each, around)

    def table(self, value: Written, owner: str = "") -> None:
        """The fields and options that a decision table asks about, and the roles and pools it gives records to."""
        target = written.word(written.get(value, "of"))
        owner = str(target or owner)
        self.note("object", target)
        for row in written.each(written.get(value, "rows")):
            for name, cell in written.pairs(written.get(row, "when")):
                self.member(owner, name)
                member = self.world.members.get(owner, {}).get(str(name))
                for word in written.words(cell):
                    if member is not None and member.room is not None and word not in BLANK:
                        self.note(member.room.kind, word, member.room.owner)
            self.target(written.word(written.get(row, "then")))

    def target(self, text: Word | None) -> None:
        """The role or pool in `role sales`, `pool hq`, where a record goes."""
        match = None if text is None else _TARGET.fullmatch(text)
        if text is not None and match is not None:
            kind: Kind = "role" if match[1] in ("role", "角色") else "pool"
            self.note(kind, Word(text.source.part(match.start(2), match.end(2))))

    def step(self, long: Entries | None, around: Around) -> None:
        """Whom a step asks, and when it comes."""
        self.expression(written.get(long, "when"), around)
        by = written.word(written.get(long, "by"))
        if by is None:
            return
        who = _HOW_MANY.fullmatch(by)
        if who is None:
            self.people(by, around)
        elif who[1] in ("role", "角色"):
            self.note("role", Word(by.source.part(who.start(2), who.end(2))))

    def action(self, owner: str, action: Written, around: Around) -> None:
        self.note("pool", written.word(written.get(action, "recycle")))
        self.expression(written.get(action, "when"), around)
        self.values(owner, written.get(action, "set"), around)
        named = {owner: owner, **around.names}
        create = written.get(action, "create")
        target = written.word(written.get(create, "of"))
        self.note("object", target)
        self.values(str(target or ""), written.get(create, "set"), Around(owner, named))
        update = written.get(action, "update")
        reached = self.path(owner, written.word(written.get(update, "of")))
        self.expression(written.get(update, "where"), Around(reached, named))
        self.values(reached, written.get(update, "set"), Around(reached, named))
        self.moving(owner, action, around)
        self.tag(owner, written.get(action, "tag"))
        self.points(owner, written.get(action, "score"), around)
        self.note("form", written.word(written.get(written.get(action, "survey"), "form")))
        made = str(target or self.starting(written.get(action, "start"), Around(owner, named)))
        inner = Around(around.object, {**around.names, "created": made}, around.result) if made else around
        for following in written.each(written.get(action, "then")):
            self.action(owner, following, inner)
        assign = written.get(action, "assign")
        self.member(owner, written.word(written.get(assign, "field")))
        users = written.word(written.get(assign, "from"))
        if users is not None and (match := _FROM_USERS.fullmatch(users)):
            self.expression(Word(users.source.part(match.start(1), match.end(1))), Around(USER, named))
        by = written.word(written.get(assign, "by"))
        if by is not None and (match := _WEIGHT.fullmatch(by)):
            self.expression(Word(by.source.part(match.start(1), match.end(1))), Around(USER, named))
        elif by is not None and (match := _TABLE.fullmatch(by)):
            self.note("table", Word(by.source.part(match.start(1), match.end(1))))
        self.expression(written.get(assign, "capacity"), Around(USER, named))
        self.target(written.word(written.get(assign, "else")))
        todo = written.get(action, "todo")
        self.people(written.get(todo, "for"), around)
        self.template(written.get(todo, "text"), around)
        self.expression(written.get(todo, "due"), around)
        survey = written.get(action, "survey")
        self.people(written.get(survey, "for"), around)
        self.template(written.get(survey, "text"), around)
        notify = written.get(action, "notify")
        self.people(written.get(notify, "to"), around)
        self.template(written.get(notify, "text"), around)
        for channel in written.words(written.get(notify, "via")):
            self.note("channel", channel)
        document = written.get(action, "document")
        self.note("document", written.word(document) or written.word(written.get(document, "name")))
        self.member(owner, written.word(written.get(document, "into")))
        self.people(written.get(document, "to"), around)
        self.template(written.get(document, "text"), around)
        call = written.get(action, "call")
        self.note("connector", written.word(written.get(call, "connector")))
        self.template(written.get(call, "path"), around)
        for _, text in written.pairs(written.get(call, "body")):
            self.expression(text, around)

    def starting(self, value: Written | None, around: Around) -> str:
        """An approval, or a pipeline with the fields of its new record; the object of that, empty for an approval."""
        name = written.word(value) or written.word(written.get(value, "name"))
        self.note("approval", name)
        self.note("pipeline", name)
        made = self.world.objects_of.get(Symbol("pipeline", str(name)), "")
        self.values(made, written.get(value, "with"), around)
        return made

    def people(self, value: Written | None, around: Around) -> None:
        """Those who are told: `owner.manager`, `role sales`, `user li.wei`."""
        for who in written.words(value):
            match = _ADDRESSED.fullmatch(who)
            if match is None and _TEAM.fullmatch(who):
                continue  # a team's name is data
            if match is None and who == around.object and who not in self.world.members.get(around.object, {}):
                self.note("object", who)  # the record itself
            elif match is None:
                self.expression(who, around)
            elif match[1] in ("role", "角色"):
                self.note("role", Word(who.source.part(match.start(2), match.end(2))))

    def tag(self, owner: str, value: Written | None) -> None:
        field = written.word(written.get(value, "field"))
        self.member(owner, field)
        member = self.world.members.get(owner, {}).get(str(field))
        for key in ("add", "remove"):
            for word in written.words(written.get(value, key)):
                if member is not None and member.room is not None:
                    self.note(member.room.kind, word, member.room.owner)

    def moving(self, owner: str, action: Written, around: Around) -> None:
        """`move` and `propose_move`, short or long."""
        for key in ("move", "propose_move"):
            value = written.get(action, key)
            self.stage(owner, written.word(value) or written.word(written.get(value, "to")))
            if isinstance(value, Entries):
                self.values(owner, written.get(value, "set"), around)
                self.expression(written.get(value, "automatic"), around)
                self.people(written.get(value, "for"), around)
                self.template(written.get(value, "text"), around)

    def path(self, owner: str, word: Word | None) -> str:
        """Links and lists one after another, each noted; the object they lead to."""
        if word is None:
            return ""
        for piece in _WORD.finditer(word):
            self.member(owner, Word(word.source.part(piece.start(), piece.end())))
            member = self.world.members.get(owner, {}).get(piece.group())
            owner = member.target if member is not None and member.target else ""
        return owner

    def values(self, target: str, value: Written | None, around: Around) -> None:
        """Fields and the expressions put into them."""
        for field, text in written.pairs(value):
            self.member(target, field)
            member = self.world.members.get(target, {}).get(str(field))
            self.expression(text, Around(around.object, around.names, member.room if member else None))

    def role(self, value: Written) -> None:
        for base in written.words(written.get(value, "extends")):
            self.note("role", base)
        for line in written.each(written.get(value, "may")):
            long = written.grant(line)
            self.note("pipeline", written.word(written.get(long, "along")))
            for of in written.words(written.get(long, "of")):
                self.note("object", of)
                self.expression(written.get(long, "where"), Around(str(of)))
                for key in ("fields", "mask", "hide"):
                    self.named(str(of), written.words(written.get(long, key)))

    def form(self, value: Written, owner: str = "") -> None:
        of = written.word(written.get(value, "of"))
        self.note("object", of)
        owner = str(of or owner)
        self.named(owner, written.words(written.get(value, "fields")))
        for section in written.each(written.get(value, "sections")):
            self.expression(written.get(section, "show_when"), Around(owner))
            self.named(owner, written.words(written.get(section, "fields")))

    def view(self, value: Written, owner: str = "") -> None:
        of = written.word(written.get(value, "of"))
        self.note("object", of)
        owner = str(of or owner)
        self.note("pipeline", written.word(written.get(value, "pipeline")))
        self.expression(written.get(value, "where"), Around(owner))
        for key in ("columns", "order"):
            self.named(owner, written.words(written.get(value, key)))
        for _, rule in written.pairs(written.get(value, "highlight")):
            self.expression(rule, Around(owner))
