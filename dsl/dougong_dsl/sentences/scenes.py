"""The lines of a scenario and what it expects → the mappings of their long forms."""

from dataclasses import dataclass

from lark import Token, Tree

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Source
from dougong_dsl.sentences.parsing import Sentence, parse, quoted, span, word
from dougong_dsl.sentences.written import Word

SCENE = Sentence("scene", "场景步骤", "line of a scenario", "move d1 to won")
COLOURS = {"红": "red", "橙": "orange", "黄": "yellow", "绿": "green", "蓝": "blue", "灰": "grey"}
ACTS = ("FINISH", "CLAIM", "READ", "UPDATE", "DELETE", "MOVE", "FIRST", "AFTERWARDS")
EXPECTATION = Sentence("expectation", "期望", "expectation", "todo for wang.zong about d1")


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a scenario. `kind` says what is done or expected; the rest is there where the kind has it.

    `names` are the names in the order in which they stand; `act` is one of finish, claim, read, update, delete, move, first, afterwards; `colour` an English word.
    """

    kind: str
    source: Source
    names: tuple[Word, ...] = ()
    act: str | None = None
    count: int | None = None  # of an expectation: how many; None for at least one
    saying: Word | None = None
    condition: Word | None = None
    is_not: bool = False
    about: Word | None = None
    colour: str | None = None
    form: Word | None = None
    most: int | None = None  # behind `count` in `300 to 310 lead`


def scene(source: Source) -> tuple[Said | None, list[Diagnostic]]:
    """`move d1 to won`, `user li.wei`, `deal d1`, `wait` …"""
    tree, problems = parse(SCENE, source)
    return (None, problems) if tree is None else (_said(source, tree), [])


def expectation(source: Source) -> tuple[Said | None, list[Diagnostic]]:
    """`no todo for li.wei about d1`, `d1 in won`, `nothing else` …"""
    tree, problems = parse(EXPECTATION, source)
    return (None, problems) if tree is None else (_said(source, tree), [])


def _said(source: Source, tree: Tree[Token]) -> Said:
    line = tree.children[0]
    assert isinstance(line, Tree)
    tokens = [t for t in line.children if isinstance(t, Token)]
    kinds = {t.type: t for t in tokens}
    kind = str(line.data)
    if kind == "told":
        kind = kinds.get("TODO", kinds.get("MESSAGE", tokens[0])).type.lower()
    names = [word(source, t) for t in tokens if t.type == "NAME"]
    amounts = [int(t) for t in tokens if t.type == "AMOUNT"]
    about = names.pop() if "ABOUT" in kinds else None
    form = names.pop() if "WITH" in kinds else None
    where = next((c for c in line.children if isinstance(c, Tree)), None)
    return Said(
        kind,
        source,
        tuple(names),
        act=next((t.type.lower() for t in tokens if t.type in ACTS), None),
        count=0 if "NO" in kinds else amounts[0] if amounts else None,
        most=amounts[1] if len(amounts) == 2 else None,
        saying=quoted(source, kinds["STRING"]) if "STRING" in kinds else None,
        condition=None if where is None else Word(span(source, next(iter(where.find_data("condition"))))),
        is_not="NOT" in kinds,
        about=about,
        form=form,
        colour=COLOURS.get(str(kinds["COLOUR"]), str(kinds["COLOUR"])) if "COLOUR" in kinds else None,
    )
