"""What may be written in scenarios: verbs, people and records of the story, stages, views, pools, the words of expectations."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dougong.definition.builtin import USER
from dougong.definition.faces import COLOURS
from dougong.lsp.offer import Offer, OfferKind
from dougong.lsp.spot import ITEM, Spot
from dougong.names import written
from dougong.names.expressions import Around
from dougong.names.scenes import CAST
from dougong.names.symbols import Declared, Kind, Room, Symbol, World

_NAME = r"[^\W\d][\w.@-]*"
_VERBS = {
    "as: ": ("以后的步骤由谁来做", "who does what follows"),
    "wait: ": ("时间过去", "time passes"),
    "create ": ("新建", "makes a record"),
    "update ": ("修改", "changes it"),
    "move ": ("流转", "moves it"),
    "delete ": ("删除", "deletes it"),
    "import ": ("导入", "imports rows"),
    "finish todo about ": ("完成待办", "finishes a to-do"),
    "claim todo about ": ("领取待办", "claims a to-do"),
    "claim ": ("从公海领取", "claims from a pool"),
    "release ": ("放回公海", "gives back to the pool"),
    "submit ": ("提交审批", "submits for approval"),
    "approve ": ("同意", "approves"),
    "reject ": ("驳回", "rejects"),
    "return ": ("退回", "returns"),
    "withdraw ": ("撤回", "withdraws"),
    "comment ": ("评论", "comments"),
    "do ": ("给阶段动作打勾", "ticks an action off"),
    "undo ": ("撤回打勾", "withdraws a tick"),
    "transfer ": ("转交审批", "passes an approval on"),
    "ask ": ("加签", "asks somebody else, too"),
    "split ": ("拆分", "splits into parts"),
    "message on ": ("有人发来消息", "somebody writes"),
    "webhook ": ("别的系统送来数据", "another system sends data"),
    "expect: ": ("期望", "what must have come of it"),
    "expect ": ("一条记录满足条件", "a condition on a record"),
}
_OF_A_RECORD = re.compile(
    rf"(?:update|move|delete|approve|reject|return|withdraw|submit|comment|release|claim|transfer|split|expect|.*\b(?:about|on|from))\s+(?:{_NAME})?"
)
_OF_AN_OBJECT = re.compile(rf"(?:create|import(?:\s+\d+)?)\s+(?:{_NAME})?$")
_SPANS = ("hours", "minutes", "days", "working days", "working hours", "weeks", "months", "until ")
_EXPECTED = ("todo for ", "message for ", "mail for ", "request to ", "warning ", "no ", "nothing else")


@dataclass(frozen=True, slots=True)
class SceneOffers:
    """Makes the offers inside `cast` and `scenarios`; `expression` makes those of a condition."""

    world: World
    language: str
    expression: Callable[[str, Around], Iterator[Offer]]

    def at(self, spot: Spot) -> Iterator[Offer]:
        """What may be written at a spot below `cast` or `scenarios`; nothing where a key of a scenario stands."""
        path = list(spot.path)
        story = path[1] if path[0] == "scenarios" and len(path) > 1 else CAST
        if path[-1:] == ["as"]:
            yield from self._people(story)
        if ITEM not in path:
            return
        below = [step for step in path[path.index(ITEM) + 1 :] if step != ITEM]
        is_given = path[0] == "cast" or (len(path) > 2 and path[2] == "given")
        text = spot.text.lstrip("\"'")
        if not below:
            yield from self._line(story, text, is_given)
        else:
            yield from self._behind(story, below, text, spot.is_key)

    def _line(self, story: str, text: str, is_given: bool) -> Iterator[Offer]:
        if is_given:
            yield Offer("user", "word", text="user ")
            yield from self._all("object", "object")
        elif _OF_AN_OBJECT.fullmatch(text):
            yield from self._all("object", "object")
        elif moved := re.fullmatch(rf"move\s+({_NAME})\s+to\s+\w*", text):
            yield from self._stages(self._object(story, moved[1]))
        elif re.fullmatch(r"(?:un)?do\s+\w*", text):
            yield from (Offer(name, "option") for name in self._actions())
        elif re.fullmatch(rf"move\s+{_NAME}\s+\w*", text):
            yield Offer("to", "word", text="to ")
        elif re.fullmatch(r"(?:create|update)\s.*\bwith\s+\w*", text):
            yield from self._all("form", "other")
        elif re.fullmatch(r"message\s+on\s+\w*", text):
            yield from self._all("channel", "other")
        elif re.fullmatch(r"webhook\s+\w*", text):
            yield from self._all("webhook", "other")
        elif re.fullmatch(rf"(?:transfer\s+{_NAME}\s+to|ask)\s+(?:{_NAME})?", text):
            yield from self._people(story)
        elif _OF_A_RECORD.fullmatch(text):
            yield from self._records(story)
        elif re.fullmatch(r"\w*", text):
            for verb, told in _VERBS.items():
                yield Offer(verb.strip(" :"), "word", told[self.language == "en"], text=verb)

    def _behind(self, story: str, below: Sequence[str], text: str, is_key: bool) -> Iterator[Offer]:
        """Behind the colon of a line: `below` begins with the line itself."""
        head = below[0]
        if head == "expect":
            yield from self._expectation(story, text)
        elif head == "wait":
            yield from (Offer(word.strip(), "word", text=word) for word in _SPANS)
        elif head.startswith("submit "):
            yield from self._all("approval", "other")
        elif head.startswith("expect "):
            yield from self.expression(text, self._around(story, self._object(story, head.split()[-1])))
        else:
            yield from self._values(story, self._made(story, head), below[1:], is_key)

    def _made(self, story: str, head: str) -> str:
        """The object of the record that a line is about."""
        words = head.split()
        if words[0] == "user":
            return USER
        if words[0] in ("create", "import") or (len(words) == 2 and Symbol("object", words[0]) in self.world.declared):
            return next((word for word in words if Symbol("object", word) in self.world.declared), "")
        return self._object(story, words[1]) if len(words) > 1 else ""

    def _values(self, story: str, owner: str, field: Sequence[str], is_key: bool) -> Iterator[Offer]:
        """Fields; behind one of them its options, people or records."""
        if not field or is_key:
            for name, each in self.world.members.get(owner, {}).items():
                if not each.is_list:
                    yield Offer(name, "field", self._title(each.titles), each.type, text=f"{name}: ")
            return
        member = self.world.members.get(owner, {}).get(field[0])
        if member is not None and member.room is not None:
            yield from self._room(member.room)
        elif member is not None and member.target == USER:
            yield from self._people(story)
        elif member is not None and member.target is not None:
            yield from self._records(story)

    def _expectation(self, story: str, text: str) -> Iterator[Offer]:
        if where := re.search(r"(\w+)\s+where\s(.*)$", text):
            yield from self.expression(where[2], self._around(story, where[1]))
        elif re.search(rf"\b(?:for|belongs\s+to)\s+(?:{_NAME})?$", text):
            yield from self._people(story)
        elif re.search(rf"\b(?:about|lists|may\s+(?:not\s+)?(?:read|update|delete|move)|lists\s.*,)\s*(?:{_NAME})?$", text):
            yield from self._records(story)
        elif re.search(r"\brequests?\s+to\s+\w*$", text):
            yield from self._all("connector", "other")
        elif re.search(r"\bin\s+pool\s+\w*$", text):
            yield from self._all("pool", "other")
        elif re.search(rf"\bis\s+(?:not\s+)?(?:{'|'.join(COLOURS)})\s+in\s+\w*$", text):
            yield from self._all("view", "other")
        elif re.search(r"\bis\s+\w*$", text):
            yield from (Offer(word, "word") for word in ("not", "gone", "asked about", *COLOURS))
        elif re.search(r"\bmay\s+(?:not\s+)?\w*$", text):
            yield from (Offer(word, "word") for word in ("not", "read", "update", "delete", "move"))
        elif stage := re.search(rf"({_NAME})\s+(?:in|to)\s+\w*$", text):
            yield from self._stages(self._object(story, stage[1]))
            yield Offer("pool", "word", text="pool ")
        elif re.fullmatch(rf"\w*|(?:no|\d+)\s+(?:{_NAME})?", text):
            yield from (Offer(word.strip(), "word", text=word) for word in _EXPECTED)
            yield from self._records(story)
            yield from self._people(story)
            yield from self._all("view", "other")
            yield from self._all("channel", "other")
            yield from self._all("object", "object")
        else:
            yield from (
                Offer(word, "word", text=f"{word} ") for word in ("in", "is", "about", "saying", "may", "lists", "belongs to", "where")
            )

    def _around(self, story: str, owner: str) -> Around:
        symbols = {found.symbol.name: found.symbol for found in self._named("record", story)}
        return Around(owner, {name: self.world.objects_of.get(symbol, "") for name, symbol in symbols.items()}, symbols=symbols)

    def _object(self, story: str, record: str) -> str:
        found = next((f for f in self._named("record", story) if f.symbol.name == record), None)
        return "" if found is None else self.world.objects_of.get(found.symbol, "")

    def _named(self, kind: Kind, story: str) -> list[Declared]:
        symbols = [s for there in dict.fromkeys((story, CAST)) for s in self.world.stories.get(there, ()) if s.kind == kind]
        return [self.world.declared[symbol] for symbol in symbols]

    def _people(self, story: str) -> Iterator[Offer]:
        for found in self._named("person", story):
            yield Offer(found.symbol.name, "other", str(written.word(written.get(found.value, "name")) or ""))

    def _records(self, story: str) -> Iterator[Offer]:
        for found in self._named("record", story):
            yield Offer(found.symbol.name, "other", self.world.objects_of.get(found.symbol, ""))

    def _actions(self) -> Iterator[str]:
        """What may be ticked off at the gates of all stages."""
        for symbol, found in self.world.declared.items():
            gates = [written.get(found.long, gate) for gate in ("to_enter", "to_leave")] if symbol.kind == "stage" else []
            for action in (each for gate in gates for each in written.each(written.get(gate, "actions"))):
                name = written.word(written.get(action, "id"))
                if name is not None:
                    yield str(name)

    def _stages(self, owner: str) -> Iterator[Offer]:
        for room in self.world.stage_rooms(owner):
            yield from self._room(room)

    def _room(self, room: Room) -> Iterator[Offer]:
        yield from (Offer(d.symbol.name, "option", self._title(d.titles)) for d in self.world.names(room))

    def _all(self, kind: Kind, offer: OfferKind) -> Iterator[Offer]:
        yield from (Offer(d.symbol.name, offer, self._title(d.titles)) for d in self.world.names(Room(kind)))

    def _title(self, titles: tuple[str, ...]) -> str:
        return titles[min(int(self.language == "en"), len(titles) - 1)] if titles else ""
