"""Names in documents: their objects, and what stands in the gaps and tags of their templates."""

import re
from collections.abc import Iterator, Mapping

from dougong_dsl.sentences.written import Entries, Word, Written

from dougong.names import expressions, written
from dougong.names.expressions import Around
from dougong.names.symbols import Occurrence, Symbol, World
from dougong.read.templates import is_template

_TAG = re.compile(
    r"\{\{(?P<gap>.*?)\}\}|\{%\s*(?:el)?if\s(?P<condition>.*?)%\}"
    r"|\{%\s*for\s+(?P<name>\w+)\s+in\s+(?:(?P<of>\w+)\s*\.\s*)?(?P<list>\w+)\s*%\}",
    re.DOTALL,
)


def uses_in_documents(world: World, file: Entries) -> Iterator[Occurrence]:
    """What the documents of a file name. The name of a loop is known from there on: it can stand for nothing else."""
    for _, document in written.pairs(written.get(file, "documents")):
        yield from uses_in_document(world, document)


def uses_in_document(world: World, document: Written, owner: str = "") -> Iterator[Occurrence]:
    """What one document names, or a part of it that is changed: then `owner` is its object."""
    of, template = written.word(written.get(document, "of")), written.word(written.get(document, "template"))
    owner = str(of or owner)
    if Symbol("object", owner) not in world.declared:
        return
    if of is not None:
        yield Occurrence(Symbol("object", owner), of.place)
    if template is not None:
        yield from _in_template(world, owner, template)


def by_template(file: Entries) -> dict[str, str]:
    """Template file → the document of this file's that it is of; templates are filled in."""
    found = {}
    for name, document in written.pairs(written.get(file, "documents")):
        template = written.word(written.get(document, "template"))
        if template is not None and is_template(template.place.file):
            found[template.place.file] = str(name)
    return found


def looped(world: World, owner: str, text: str) -> dict[str, str]:
    """The names that the loops in a text have given up to its end, with the objects of their records."""
    names: dict[str, str] = {}
    for match in _TAG.finditer(text):
        if match["list"] is not None:
            member = world.members.get(_whose(owner, match["of"], names), {}).get(match["list"])
            names.update({match["name"]: str(member.target or "")} if member is not None else {})
    return names


def _whose(owner: str, of: str | None, names: Mapping[str, str]) -> str:
    """The object whose list a loop goes through."""
    return owner if of is None else names.get(of, "")


def _in_template(world: World, owner: str, template: Word) -> Iterator[Occurrence]:
    names: dict[str, str] = {}
    for match in _TAG.finditer(template):
        if match["list"] is not None:
            member = world.members.get(_whose(owner, match["of"], names), {}).get(match["list"])
            if member is not None:
                names[match["name"]] = str(member.target or "")
                yield Occurrence(member.symbol, template.source.part(match.start("list"), match.end("list")).place)
            continue
        part = "gap" if match["gap"] is not None else "condition"
        yield from expressions.occurrences(world, template.source.part(match.start(part), match.end(part)), Around(owner, dict(names)))
