"""A new name for something, at every place where the old one stands; fields and objects remember the old one, so that their data are kept."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Entries, Items, Word, Written

from dougong.compose.packages import CARRIED
from dougong.model.drafts import BUILT_IN
from dougong.model.names import check_field_name, check_name, check_object_name
from dougong.names.declarations import BESIDE_SCORES, shown
from dougong.names.index import Index
from dougong.names.symbols import Declared, Symbol

_KEEPS = ("object", "field", "stage")
_PLAIN = re.compile(r"[^\W\d][\w ]*")
_YAML_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of a range (lines and columns from 1, code points). `keeps_data`: the edit adds the former name."""

    file: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    keeps_data: bool = False


class CannotRename(Exception):
    """Why a name cannot be given, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def rename(index: Index, files: Mapping[str, str], symbol: Symbol, new: str) -> list[Edit]:
    """The edits that give `symbol` the name `new`; raises `CannotRename`."""
    new = unicodedata.normalize("NFC", new.strip())
    found = index.world.declared.get(symbol)
    if found is None or (symbol.kind == "object" and symbol.name in BUILT_IN):
        raise CannotRename(f"`{symbol.name}` 是系统自带的，不能改名", f"`{symbol.name}` is built in and keeps its name")
    if symbol.kind == "person":
        raise CannotRename(f"`{symbol.name}` 是登录名，也可能写在文字里", f"`{symbol.name}` is a login, which may stand in texts too")
    if found.word.place.file.startswith(CARRIED):
        raise CannotRename(
            f"`{symbol.name}` 来自所用的积木或模板，在那里改", f"`{symbol.name}` comes from a building block; rename it there"
        )
    _allow(index, symbol, new)
    if new == symbol.name:
        return []
    edits = [_replace(o.place, new) for o in index.of(symbol) if o.is_name]
    for suffix in _beside(index, symbol):
        beside = Symbol("field", f"{symbol.name}{suffix}", symbol.owner)
        edits += [_replace(o.place, f"{new}{suffix}") for o in index.of(beside) if o.is_name]
    return edits + (_keep(found, files) if symbol.kind in _KEEPS else [])


def _allow(index: Index, symbol: Symbol, new: str) -> None:
    check = {"object": check_object_name, "field": check_field_name}.get(symbol.kind, check_name)
    problems = check(Word(Source.inline(new)))
    if problems:
        raise CannotRename(problems[0].message("zh"), problems[0].message("en"))
    taken = Symbol(symbol.kind, new, symbol.owner) in index.world.declared
    if symbol.kind in ("field", "reverse"):
        members = index.world.members.get(symbol.owner, {})
        taken = taken or any(f"{new}{suffix}" in members for suffix in ("", *_beside(index, symbol)))
    if taken and new != symbol.name:
        raise CannotRename(f"已经有 `{new}` 了", f"there is a `{new}` already")


def _beside(index: Index, symbol: Symbol) -> tuple[str, ...]:
    """How the fields end that the engine puts beside a score: they are called after it."""
    is_score = symbol.kind == "field" and index.world.scores.get(symbol.name) == symbol.owner
    return BESIDE_SCORES if is_score else ()


def _replace(place: Place, new: str) -> Edit:
    return Edit(place.file, (place.line, place.column), (place.line, place.column + place.length), new)


def _keep(found: Declared, files: Mapping[str, str]) -> list[Edit]:
    """`was: old` beside the declaration, whatever its form."""
    old, name = found.symbol.name, found.word.place
    if isinstance(found.value, Word) and found.value.strip():
        return [_long(found, found.value)] if found.long is not None else []
    if not isinstance(found.value, Entries) or not found.value:
        return [Edit(name.file, _behind(name, files), _behind(name, files), f" {{was: {old}}}", keeps_data=True)]
    was = next((value for key, value in found.value.items() if key == "was"), None)
    if isinstance(was, Word):
        return [Edit(name.file, *_ends(was.place), old, keeps_data=True)]
    lines = files[name.file].split("\n")
    start = found.value.place
    if lines[start.line - 1][start.column - 1 : start.column] == "{":
        at = (start.line, start.column + 1)
        return [Edit(name.file, at, at, f"was: {old}, ", keeps_data=True)]
    first = next(iter(found.value)).place
    at = (first.line, first.column)
    return [Edit(name.file, at, at, f"was: {old}\n{' ' * (first.column - 1)}", keeps_data=True)]


def _behind(name: Place, files: Mapping[str, str]) -> tuple[int, int]:
    """Just behind the colon of a key that has nothing under it."""
    line = files[name.file].split("\n")[name.line - 1]
    colon = line.find(":", name.column - 1 + name.length)
    return name.line, (colon + 2 if colon >= 0 else len(line) + 1)


def _long(found: Declared, line: Word) -> Edit:
    """A field line becomes its mapping, for the line has no word for the former name."""
    assert found.long is not None
    place = line.source.place
    text = "{" + ", ".join(f"{key}: {_yaml(each)}" for key, each in found.long.items()) + f", was: {found.symbol.name}}}"
    last = line.source.at(len(line) - 1)
    return Edit(place.file, (place.line, place.column), (last.line, last.column + 1), text, keeps_data=True)


def _ends(place: Place) -> tuple[tuple[int, int], tuple[int, int]]:
    return (place.line, place.column), (place.line, place.column + place.length)


def _yaml(value: Written) -> str:
    """A written value on one line."""
    if isinstance(value, Entries):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Items):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    if not isinstance(value.value, str):
        return shown(value)
    return str(value) if _PLAIN.fullmatch(value) and value.lower() not in _YAML_WORDS else json.dumps(str(value), ensure_ascii=False)
