"""What may be written at a spot: keys, names, words of sentences. Plain values; the server turns them into the protocol's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from dougong.definition.app import AppDefinition
from dougong.definition.approvals import ELSE
from dougong.definition.fields import words_of
from dougong.definition.key_help import key_help
from dougong.definition.part import Part
from dougong.definition.shape import Keyed, Listed, Named, Shape, shape_of
from dougong.fields.registry import FIELD_TYPES
from dougong.lsp.change_offers import path_offers
from dougong.lsp.functions import called, described, functions
from dougong.lsp.offer import Offer, OfferKind
from dougong.lsp.scene_offers import SceneOffers
from dougong.lsp.spot import ITEM, Spot
from dougong.model.drafts import BUILT_IN
from dougong.model.resolve_rights import ACTIONS
from dougong.names.documents import looped
from dougong.names.expressions import NAMING, Around, Meaning, meaning
from dougong.names.symbols import SECTIONS, Kind, Room, Symbol, World

_FLAGS = {
    "required": ("必填", "must be filled"),
    "unique": ("不允许重复", "no two the same"),
    "indexed": ("建索引", "kept in an index"),
    "searchable": ("能被搜索", "found by the search box"),
    "masked": ("打码", "shown masked"),
    "default": ("默认值", "default value"),
}
_OPERATORS = {
    "and": ("并且", "both"),
    "or": ("或者", "either"),
    "not": ("不", "not"),
    "in": ("是其中之一", "one of"),
    "contains": ("包含", "contains"),
    "starts with": ("开头是", "starts with"),
    "is blank": ("没填", "is blank"),
    "is not blank": ("填了", "is not blank"),
    "between": ("在两者之间", "between two values"),
    "where": ("只算其中……的", "only those for which"),
    "today": ("今天", "the current day"),
    "now": ("现在", "this moment"),
    "me": ("当前用户", "the acting user"),
}
_EVENTS = ("created", "changed", "deleted", "entered", "left")
_CONDITIONS = frozenset(("rule", "when", "where", "show_when", "required_when", "formula", "default"))
_FIELD_LISTS = frozenset(("lock", "fields", "columns", "order", "asks", "mask", "hide", "record_title", "shows", "sums", "file", "under"))
_ENUMS = {
    ("StageDefinition", "kind"): ("open", "waiting", "won", "lost", "done"),
    ("ViewDefinition", "kind"): ("table", "kanban"),
    ("CheckDefinition", "severity"): ("error", "warning"),
    ("EventDefinition", "event"): _EVENTS,
}
_TAIL = re.compile(r"((?:[^\W\d]\w*\.)*)(\w*)$")
_NAMES_ALONE: frozenset[Kind] = frozenset(("stage", "approval", "role"))  # calendars stand behind dates
_TEMPLATE_IF = re.compile(r"\s*(?:el)?if\s+(.*)", re.DOTALL)
_TEMPLATE_LOOP = re.compile(r"\s*for\s+\w+\s+in\s+(?:(\w+)\s*\.\s*)?\w*")
_CALL = re.compile(r"(\w+)\s*[(\uff08][^()\uff08\uff09]*$")
_OTHER_SIDE = re.compile(
    r"([^\W\d][\w.]*)\s*(?:=|<>|!=|不等于|等于|(?:not\s+)?in\s*[((](?:[^()()]*[,,、])?|不?属于\s*[((](?:[^()()]*[,,、])?)\s*(\w*)$"
)
_LANGUAGES = {"zh": 0, "en": 1}


@dataclass(frozen=True, slots=True)
class Offers:
    """Makes the offers of one app in one language."""

    world: World
    language: str
    packages: tuple[str, ...] = ()

    def at(self, spot: Spot) -> list[Offer]:
        """What may be written at a spot."""
        path, text = spot.path, spot.text.lstrip("\"'")
        if path[:1] in (("cast",), ("scenarios",)):
            scenes = SceneOffers(self.world, self.language, self.expression)
            return [*scenes.at(spot), *(self._keys(path) if spot.is_key else ())]
        if spot.is_key and path == ("change",):
            return list(path_offers(self.world, text, self.language))
        if spot.is_key:
            return [*self._keys(path), *self._named_keys(path)]
        found = list(self._value(path, text))
        if path and path[-1] == ITEM and re.fullmatch(r"\w*", text):
            found += self._keys(path)
        return found

    def _say(self, words: tuple[str, str]) -> str:
        return words[_LANGUAGES[self.language]]

    def _keys(self, path: tuple[str, ...]) -> Iterator[Offer]:
        """The keys of the language at a path."""
        part = part_at(path)
        if part is None:
            return
        known = part.keys()
        if part.__name__ == "FieldDefinition":
            own = [option.alias or name for cls in FIELD_TYPES.values() for name, option in cls.Options.model_fields.items()]
            known = [*known, *dict.fromkeys(own)]
        for key in known:
            words = key_help(part.__name__, key)
            yield Offer(key, "key", self._say(words) if words else "", text=f"{key}: ")

    def _named_keys(self, path: tuple[str, ...]) -> Iterator[Offer]:
        """Names of fields where a mapping gives them values."""
        if path[-1:] == ("set",):
            target = self._created(path) if path[-2:-1] == ("create",) else self._owner(path)
            yield from (Offer(o.label, "field", o.detail, text=f"{o.label}: ") for o in self._fields(target))
        elif path[:1] == ("decision_tables",) and path[-1:] == ("when",):
            yield from (Offer(o.label, "field", o.detail, text=f"{o.label}: ") for o in self._fields(self._owner(path)))
        elif path[-1:] == ("highlight",):
            yield from (Offer(colour, "word", text=f"{colour}: ") for colour in ("red", "orange", "yellow", "green", "blue", "grey"))

    def _created(self, path: tuple[str, ...]) -> str:
        """The object that a `create` makes: known only from the index, when the trigger's other half is written."""
        return self._owner(path)

    def _owner(self, path: tuple[str, ...]) -> str:
        """The object that a path is about."""
        if len(path) < 2:
            return ""
        section, name = path[:2]
        if section == "objects":
            return name
        return self.world.objects_of.get(Symbol(SECTIONS[section], name), "") if section in SECTIONS else ""

    def _value(self, path: tuple[str, ...], text: str) -> Iterator[Offer]:
        owner = self._owner(path)
        names = [step for step in path if step != ITEM]
        key = names[-1] if names else ""
        part = part_at(_parent(path))
        enum = _ENUMS.get((part.__name__ if part else "", key))
        if names == ["uses"]:
            yield from (Offer(name, "other") for name in self.packages)
        elif enum is not None:
            yield from (Offer(word, "word") for word in enum)
        elif len(names) == 4 and names[0] == "objects" and names[2] == "fields":
            yield from self._field_line(owner, text)
        elif names[:1] == ["documents"] and key == "template":
            yield from self._template(owner, text)
        elif "{{" in text and "}}" not in text.rpartition("{{")[2]:
            yield from self.expression(text.rpartition("{{")[2], Around(owner))
        elif key in _CONDITIONS or names[-2:-1] in (["set"], ["highlight"]):
            around = Around(owner, result=self._room(owner, names)) if key not in ("where",) or names[0] != "roles" else Around()
            yield from self.expression(text, around)
        elif names[:1] == ["pipelines"] and key == "moves":
            yield from self._move(owner, text)
        elif names[:1] == ["roles"] and key == "may":
            yield from self._grant(text)
        elif (names[:1], key) in ((["triggers"], "on"), (["approvals"], "start")):
            yield from self._event(text)
        elif key == "start" and len(names) != 5:  # not that of a stage
            yield from self._room_offers(Room("approval"))
            yield from self._room_offers(Room("pipeline"))
        elif names[:1] == ["approvals"] and len(names) == 4 and names[2] == "steps":
            yield from self._step(owner, text)
        elif key == "type":
            yield from self._types()
        elif key == "document" or names[-2:] == ["document", "name"]:
            yield from self._all("document", "other")
        elif names[-2:] == ["document", "into"]:
            yield from self._fields(owner)
        elif key in ("of", "target", "into"):
            yield from self._objects()
        elif (dispatched := self._dispatched(names, owner, text, part)) is not None:
            yield from dispatched
        elif key in ("by", "extends", "exceptions_by") and names[-2:-1] != ["splits"]:
            yield from self._all("role", "role")
        elif key == "from" and names[0] == "objects":
            yield from self._all("list", "other")
        elif key in ("from", "to") and names[0] == "pipelines":
            yield from self._room_offers(Room("stage", owner))
        elif key == "for" or names[-2:] in (["notify", "to"], ["document", "to"]):
            yield from (
                Offer("role", "word"),
                Offer("user", "word"),
                Offer("team", "word"),
                *self._all("role", "role"),
                *self._fields(owner),
            )
        elif key in _FIELD_LISTS or key == "field":
            yield from self._fields(owner)

    def _dispatched(self, names: list[str], owner: str, text: str, part: type[Part] | None) -> Iterator[Offer] | None:
        """What is said of pools, decision tables, calendars and channels; None for all else."""
        key = names[-1] if names else ""
        is_table = names[:1] == ["decision_tables"]
        if names[-2:] in (["assign", "by"], ["assign", "else"]) or (is_table and key == "then"):
            return self._whom(key, text)
        if key == "recycle":
            return self._event(text) if names[:1] == ["pools"] else self._all("pool", "other")
        if key == "calendar" and part is not None and part.__name__ == "DeadlineDefinition":
            return chain(self._all("calendar", "other"), self._fields(owner))
        if key == "via":
            return chain((Offer(word, "word") for word in ("inbox", "mail")), self._all("channel", "other"))
        if is_table and names[-2:-1] == ["when"]:
            member = self.world.members.get(owner, {}).get(key)
            return chain(self._room_offers(member.room) if member and member.room else (), (Offer("blank", "word"),))
        return None

    def _whom(self, key: str, text: str) -> Iterator[Offer]:
        """How `assign` chooses, or to whom a record goes."""
        if re.search(r"(?:table|决策表)\s+\w*$", text):
            yield from self._all("table", "other")
        elif re.search(r"(?:pool|公海)\s+\w*$", text):
            yield from self._all("pool", "other")
        elif re.search(r"(?:role|角色)\s+\w*$", text):
            yield from self._all("role", "role")
        else:
            words = ("least loaded", "round robin", "weight(", "table ") if key == "by" else ("role ", "user ", "pool ")
            yield from (Offer(word.strip(" ("), "word", text=word) for word in words)

    def _room(self, owner: str, names: list[str]) -> Room | None:
        """Where the options of a field come from that an expression is put into."""
        field = names[3] if names[-1] in ("default", "formula") and len(names) > 3 else names[-1]
        member = self.world.members.get(owner, {}).get(field)
        return member.room if member else None

    def _field_line(self, owner: str, text: str) -> Iterator[Offer]:
        """Types; then, behind `=` or `default`, an expression; otherwise the type's words."""
        formula = re.search(r"""^[^"'“=]*(?:(?:"[^"]*"|'[^']*'|“[^”]*”)[^"'“=]*)*(?<![<>!=])=(?!=)(.*)$""", text)
        default = re.search(r"(?:default|默认)\s+(\S*)$", text)
        if formula:
            yield from self.expression(formula[1], Around(owner))
        elif default:
            yield from self.expression(default[1], Around(owner))
        elif re.fullmatch(r"\w*", text):
            yield from self._types()
        elif re.search(r"\blink\s+\w*$", text):
            yield from self._objects()
        elif re.search(r"\bfrom\s+\w*$", text):
            yield from self._all("list", "other")
        elif text.count('"') % 2 == 0:
            words = words_of(re.split(r"[\s(]", text, maxsplit=1)[0])
            yield from (Offer(word, "word") for word in (words.words if words else ()))
            yield from (Offer(word, "word", self._say(told)) for word, told in _FLAGS.items())

    def _types(self) -> Iterator[Offer]:
        yield from (Offer(key, "type", cls.title.zh if self.language == "zh" else cls.title.en) for key, cls in FIELD_TYPES.items())

    def _objects(self) -> Iterator[Offer]:
        yield from self._all("object", "object")
        yield from (Offer(name, "object") for name in BUILT_IN if Symbol("object", name) not in self.world.declared)

    def _all(self, kind: Kind, offer: OfferKind) -> Iterator[Offer]:
        yield from (Offer(s.name, offer, self._title(d.titles)) for s, d in self.world.declared.items() if s.kind == kind)

    def _room_offers(self, room: Room) -> Iterator[Offer]:
        yield from (Offer(d.symbol.name, "option", self._title(d.titles)) for d in self.world.names(room))

    def _title(self, titles: tuple[str, ...]) -> str:
        return titles[min(_LANGUAGES[self.language], len(titles) - 1)] if titles else ""

    def _fields(self, owner: str) -> Iterator[Offer]:
        for name, member in self.world.members.get(owner, {}).items():
            yield Offer(name, "field", self._title(member.titles), member.type)

    def _move(self, owner: str, text: str) -> Iterator[Offer]:
        when = re.search(r"\b(?:when|当)\s(.*)$", text)
        if re.search(r"asks\s*[((][^))]*$", text):
            yield from self._fields(owner)
        elif when:
            yield from self.expression(when[1], Around(owner))
        elif re.search(r"\bby\s+[\w\s,]*$", text):
            yield from self._all("role", "role")
        else:
            yield from self._room_offers(Room("stage", owner))
            words = ("->",) if "->" not in text else ("by", "when", "asks(")
            yield from (Offer(word, "word") for word in (*words, *(("any", "any open") if "->" not in text else ())))

    def _step(self, owner: str, text: str) -> Iterator[Offer]:
        """`by owner.manager within 8 working hours else escalate when …`."""
        if when := re.search(r"\b(?:when|当)\s(.*)$", text):
            yield from self.expression(when[1], Around(owner))
        elif re.search(r"\brole\s+\w*$", text):
            yield from self._all("role", "role")
        elif re.search(r"\belse\s+\w*$", text):
            yield from (Offer(word, "word") for word in ELSE)
        else:
            yield from self.expression(text, Around(owner)) if re.search(r"\bby\s+[\w.]*$", text) else ()
            yield from (
                Offer(word, "word") for word in ("by", "any of role", "all of role", "role", "team", "user", "within", "else", "when")
            )

    def _grant(self, text: str) -> Iterator[Offer]:
        of = re.search(r"^[\w\s,]*?(?:read|create|update|delete|move|export|import)\s+(\w+)\s*(?:$|[\s(,])", text)
        owner = of[1] if of else ""
        where = re.search(r"\bwhere\s(.*)$", text)
        if re.search(r"\b(?:mask|hide)\s+[\w\s,]*$", text) or re.search(rf"{re.escape(owner)}\([^)]*$", text) and owner:
            yield from self._fields(owner)
        elif where:
            yield from self.expression(where[1], Around(owner))
        elif re.search(r"\balong\s+\w*$", text):
            yield from self._all("pipeline", "other")
        else:
            yield from (Offer(action, "word") for action in ACTIONS)
            yield from self._objects()
            yield from (Offer(word, "word") for word in ("where", "mask", "hide", "along"))

    def _event(self, text: str) -> Iterator[Offer]:
        dotted = re.search(r"(\w+)\.(\w*)$", text)
        stage = re.search(r"(\w+)\s+(?:entered|left)\s+\w*$", text)
        change = re.search(r"(\w+)\.(\w+)\s+changed\s+.*\b(?:from|to)\s+\w*$", text)
        if dotted:
            yield from self._fields(dotted[1])
        elif stage:
            yield from self._room_offers(Room("stage", stage[1]))
        elif change:
            member = self.world.members.get(change[1], {}).get(change[2])
            yield from self._room_offers(member.room) if member and member.room else ()
        else:
            yield from self._objects()
            yield from (Offer(word, "word") for word in (*_EVENTS, "from", "to"))

    def _template(self, owner: str, text: str) -> Iterator[Offer]:
        """In a gap or tag of a document's template that is still open; `text` is the template up to the cursor, or its last line."""
        start = max(text.rfind("{{"), text.rfind("{%"))
        inside = text[start + 2 :]
        if start < 0 or "}}" in inside or "%}" in inside:
            return
        names = looped(self.world, owner, text[:start])
        condition, loop = _TEMPLATE_IF.match(inside), _TEMPLATE_LOOP.fullmatch(inside)
        if text[start + 1] == "{" or condition:
            yield from self.expression(condition[1] if condition else inside, Around(owner, names))
        elif loop:
            lists = self.world.members.get(owner if loop[1] is None else names.get(loop[1], ""), {})
            yield from (Offer(name, "field", each.target or "") for name, each in lists.items() if each.symbol.kind == "reverse")
        else:
            yield from (Offer(word, "word") for word in ("if", "elif", "else", "endif", "for", "endfor"))

    def expression(self, text: str, around: Around) -> Iterator[Offer]:
        """Inside an expression: `text` is what stands before the cursor."""
        tail = _TAIL.search(text)
        assert tail is not None  # it matches the empty text too
        path, word = tail[1].rstrip("."), tail[2]
        frames = self._frames(text, around)
        if path:
            yield from self._fields(self._base(path, around, frames))
            return
        call = _CALL.search(text)
        kinds = set(NAMING.get(call[1].upper(), ())) if call else set()
        if kinds & _NAMES_ALONE:
            yield from self._names_of(kinds, (around.object, *frames))
            return
        yield from self._names_of(kinds, (around.object, *frames))
        side = _OTHER_SIDE.search(text)
        room = meaning(self.world, side[1], around, frames).room if side else around.result if not text[: tail.start()].strip() else None
        if room is not None:
            yield from self._room_offers(room)
        for frame in reversed((around.object, *frames)):
            yield from self._fields(frame)
        yield from (Offer(name, "object") for name in around.names)
        yield from (Offer(word, "word", self._say(told)) for word, told in _OPERATORS.items())
        for function in functions():
            yield Offer(
                function.name, "function", function.signature, described(function, self.language), f"{function.name}(", function.name
            )
        if word and not word.isascii():
            for function in called(word):
                label = f"{word} → {function.name}"
                yield Offer(label, "function", function.signature, described(function, self.language), f"{function.name}(", word)

    def _names_of(self, kinds: set[Kind | None], frames: Sequence[str]) -> Iterator[Offer]:
        """The names that a function takes: stages of the records at hand, approvals, calendars, roles."""
        for kind in sorted(k for k in kinds if k is not None):
            rooms = [r for frame in reversed(frames) for r in self.world.stage_rooms(frame)] if kind == "stage" else [Room(kind)]
            for room in rooms:
                yield from self._room_offers(room)

    def _base(self, path: str, around: Around, frames: list[str]) -> str:
        found = NOTHING_BEFORE.get(path.lower(), path)
        if found == "old":
            return around.object
        return meaning(self.world, path, around, frames).object or ""

    def _frames(self, text: str, around: Around) -> list[str]:
        """The objects of the list functions that are open before the cursor, outermost first."""
        starts, quote = list[int](), ""
        for at, char in enumerate(text):
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            elif char in "((":
                starts.append(at + 1)
            elif char in "))" and starts:
                starts.pop()
        frames: list[str] = []
        for start in starts:
            first = re.match(r"\s*([^\W\d][\w.]*)\s*(?:,|,|where\b)", text[start:])
            found: Meaning | None = meaning(self.world, first[1], around, frames) if first else None
            if first and found and found.rows is None and Symbol("object", first[1]) in self.world.declared:
                frames.append(first[1])
            elif found and found.rows is not None:
                frames.append(found.rows)
        return frames


NOTHING_BEFORE = {"old": "old", "this": "old"}


def part_at(path: tuple[str, ...]) -> type[Part] | None:
    """The part of the language whose keys stand at a path."""
    found = _shape(path)
    return found.part if isinstance(found, Keyed) else None


def _parent(path: tuple[str, ...]) -> tuple[str, ...]:
    """The mapping that a value belongs to."""
    while path and path[-1] == ITEM:
        path = path[:-1]
    return path[:-1]


def _shape(path: tuple[str, ...]) -> Shape | None:
    """What the language has at a path."""
    found: Shape | None = shape_of(AppDefinition)
    for step in path:
        if isinstance(found, Listed) and step != ITEM:  # one item without brackets
            found = found.item
        if isinstance(found, Keyed):
            found = found.keys.get(step)
        elif isinstance(found, Named | Listed):
            found = found.item
        else:
            return None
    return found.item if isinstance(found, Listed) and isinstance(found.item, Keyed) else found
