"""`change:` key by key: a new mapping with some values replaced, added or removed, and a note of each change with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from dougong_dsl.codes import composition as codes
from dougong_dsl.diagnostics import Diagnostic, Related, nearest
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from pydantic import ValidationError

from dougong.definition.app import AppDefinition
from dougong.definition.fields import plain
from dougong.definition.shape import LEAF, Keyed, Listed, Named, Shape, shape_of
from dougong.names.changes import REMOVED, segments
from dougong.read.yaml import kind_of

WHOLE = shape_of(AppDefinition)
_TITLES = ("zh", "en")  # a title may get the language that it lacks


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the keys that lead to the value, where it is written, by which package (empty: the app), and the value before and after;
    of a list only what was added or taken away."""

    path: tuple[str, ...]
    place: Place
    by: str
    before: Written | None
    after: Written | None


class _Refused(Exception):
    """A change that cannot be made; caught by `change`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(str(diagnostic))


def change(merged: Entries, changes: Entries, by: str) -> tuple[Entries, list[Change], list[Diagnostic]]:
    """`merged` after `changes` (dotted path → value), what was changed, and which changes could not be made."""
    made: list[Change] = []
    diagnostics: list[Diagnostic] = []
    for key, value in changes.items():
        path = segments(key)
        editor = _Editor(key, path, value, by)
        try:
            edited = editor.edit(merged, WHOLE, 0)
        except _Refused as refused:
            diagnostics.append(refused.diagnostic)
            continue
        assert isinstance(edited, Entries)
        merged = edited
        made += editor.made
    return merged, made, diagnostics


class _Editor:
    """One change on its way down to the value it is about."""

    def __init__(self, key: Word, path: Sequence[Word], value: Written, by: str) -> None:
        self.key = key
        self.path = path
        self.value = value
        self.by = by
        self.made: list[Change] = []

    def edit(self, value: Written, shape: Shape, at: int) -> Written:
        """A copy of `value` in which what `path[at:]` leads to is changed."""
        value = long_form(value, shape)
        step = self.path[at] if at < len(self.path) else self.key
        if at == len(self.path) - 1:
            if step == "+":
                return self._add(value, shape, at)
            if step == "-":
                return self._take(value, shape, at)
        if at >= len(self.path) or not isinstance(value, Entries):
            raise self._stops(value, at)
        known = next((k for k in value if k == step), None)
        below = _below(shape, step)
        copy = Entries(value.place, value)
        if at < len(self.path) - 1:
            if known is None and not (
                isinstance(shape, Keyed | Named) and below is not None and self._adds(at + 1) and isinstance(shape, Keyed)
            ):
                raise self._missing(value, shape, at)
            nothing: Written = Entries(self.value.place) if isinstance(self.value, Entries) else Items(self.value.place)
            copy[known or step] = self.edit(value[known] if known is not None else nothing, below or LEAF, at + 1)
            return copy
        return self._set(copy, shape, known, at)

    def _adds(self, at: int) -> bool:
        return at == len(self.path) - 1 and self.path[at] == "+"

    def _set(self, copy: Entries, shape: Shape, known: Word | None, at: int) -> Entries:
        step = self.path[at]
        removes = isinstance(self.value, Word) and self.value == REMOVED
        if known is None and (removes or not (isinstance(shape, Keyed) or step in _TITLES)):
            raise self._missing(copy, shape, at)
        before = None if known is None else copy[known]
        if removes:
            assert known is not None
            del copy[known]
        elif known is not None:
            copy = Entries(copy.place, [(step, self.value) if k is known else (k, v) for k, v in copy.items()])
        else:
            copy[step] = self.value
        self._note(self.path[: at + 1], before, None if removes else self.value)
        return copy

    def _add(self, value: Written, shape: Shape, at: int) -> Written:
        if isinstance(value, Items) and isinstance(self.value, Entries) and self._is_of_options(at):
            value = Entries(value.place, [(word, word) for word in value])  # options by name get titles
        if isinstance(value, Entries) and not isinstance(shape, Listed):
            if not isinstance(self.value, Entries):
                raise self._stops(value, at)
            copy = Entries(value.place, value)
            for name, each in self.value.items():
                if name in copy:
                    first = next(k for k in copy if k == name)
                    related = [Related(first.place, "已有的在这里", "it is here")]
                    raise _Refused(codes.ALREADY_THERE.at(name.place, related=related, name=str(name), path=self._text(at)))
                copy[name] = each
                self._note((*self.path[:at], name), None, each)
            return copy
        if isinstance(shape, Keyed) or (isinstance(value, Word) and self._is_of_options(at)):
            raise self._stops(value, at)
        there = value if isinstance(value, Items) else Items(value.place, [value])
        added = self.value if isinstance(self.value, Items) else Items(self.value.place, [self.value])
        self._note(self.path[:at], None, added)
        return Items(there.place, [*there, *added])

    def _take(self, value: Written, shape: Shape, at: int) -> Written:
        gone = self.value if isinstance(self.value, Items) else Items(self.value.place, [self.value])
        if isinstance(value, Entries) and isinstance(shape, Named):
            copy = Entries(value.place, value)
            for name in gone:
                known = next((k for k in copy if isinstance(name, Word) and k == name), None)
                if known is None:
                    raise self._not_in(name, [str(k) for k in value], at)
                self._note((*self.path[:at], known), copy.pop(known), None)
            return copy
        if isinstance(value, Entries) and not isinstance(shape, Listed):
            raise self._stops(value, at)
        left = Items(value.place, value if isinstance(value, Items) else [value])
        item = shape.item if isinstance(shape, Listed) else LEAF
        for each in gone:
            same = next((i for i, there in enumerate(left) if meaning(there, item) == meaning(each, item)), None)
            if same is None:
                raise self._not_in(each, [str(there) for there in left if isinstance(there, Word)], at)
            del left[same]
        self._note(self.path[:at], gone, None)
        return left

    def _is_of_options(self, at: int) -> bool:
        """Whether the value before `path[at]` is a list of options: its items may be given titles."""
        return at > 0 and (self.path[at - 1] == "options" or (at == 2 and self.path[0] == "lists"))

    def _note(self, path: Sequence[Word], before: Written | None, after: Written | None) -> None:
        place = path[-1].place if path[-1] not in self.path else self.key.place
        self.made.append(Change(tuple(map(str, path)), place, self.by, before, after))

    def _text(self, until: int) -> str:
        return ".".join(map(str, self.path[:until]))

    def _missing(self, value: Entries, shape: Shape, at: int) -> _Refused:
        known = [*map(str, value), *(shape.keys if isinstance(shape, Keyed) else ())]
        step = self.path[at]
        path, parent = self._text(at + 1), self._text(at)
        remedy = (f"这里还没有写它，可以写 `{path}: …`。", f"It is not written yet; write `{path}: …`.")
        if not (isinstance(shape, Keyed) and step in shape.keys):
            key = f"{parent}.+: {{{step}: …}}"
            remedy = (f"新增请在上一级用 `.+`，例如 `{key}`。", f"To add it, use `.+` one level above, as in `{key}`.")
        near = nearest(step, (each for each in known if each != step))
        return _Refused(codes.NOTHING_TO_CHANGE.at(step.place, path=path, remedy=remedy, nearest=near))

    def _not_in(self, written: Written, known: list[str], at: int) -> _Refused:
        name = str(written) if isinstance(written, Word) else "…"
        near, listed = nearest(name, known), "; ".join(known)
        remedy = (f"这里有：{listed}", f"There are: {listed}") if listed else ("", "")
        place, path = written.place, f"{self._text(at)}.{name}"
        return _Refused(codes.NOTHING_TO_CHANGE.at(place, path=path, remedy=remedy, nearest=near))

    def _stops(self, value: Written, at: int) -> _Refused:
        step = self.path[at] if at < len(self.path) else self.key
        return _Refused(codes.CHANGE_STOPS.at(step.place, path=self._text(at) or str(self.key), found=kind_of(value)))


def long_form(value: Written, shape: Shape) -> Written:
    """The mapping that a sentence stands for; anything else, and a sentence that cannot be read, as it is."""
    if not (isinstance(shape, Keyed) and shape.line is not None and isinstance(value, Word)):
        return value
    long, _ = shape.line.read(value) if value.value is not None else (None, [])
    return value if long is None else long


def meaning(value: Written, shape: Shape) -> object:
    """What a value says, without places, the same for a sentence and its long form."""
    try:
        return plain(long_form(value, shape))
    except ValidationError:
        return value


def _below(shape: Shape, step: str) -> Shape | None:
    if isinstance(shape, Named):
        return shape.item
    if isinstance(shape, Keyed):
        return shape.keys.get(step)
    return None
