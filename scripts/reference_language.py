"""The reference pages about the language itself: every key of a definition, every operator of an expression."""

from collections.abc import Callable, Iterable, Iterator

from dougong.definition.app import AppDefinition
from dougong.definition.fields import FieldDefinition
from dougong.definition.key_help import key_help
from dougong.definition.part import Part
from dougong.definition.shape import Keyed, Listed, Named, Shape, shape_of
from dougong.fields.registry import FIELD_TYPES
from dougong_dsl.expression.operator_help import OPERATORS, spellings, units

Table = Callable[[Iterable[str], Iterable[Iterable[str]]], str]


def keys(table: Table) -> str:
    """One table per part of the language."""
    sections = []
    for path, part in parts(shape_of(AppDefinition), "").items():
        rows = [(f"`{key}`", *(key_help(part.__name__, key) or ("", ""))) for key in keys_of(part)]
        zh, en = part.label
        sections.append(f"## {zh} / {en}\n\n`{path or '/'}`\n\n{table(('键 / Key', '作用', 'What it means'), rows)}")
    words = "每一处能写的键。`*` 是你起的名字，`-` 是列表里的一项。 Every key and where it stands; `*` is a name of yours, `-` an item of a list.\n\n"
    return f"# 键 / Keys\n\n{words}" + "\n".join(sections)


def keys_of(part: type[Part]) -> list[str]:
    """The keys of a part; those of all field types are a field's."""
    own = [o.alias or n for cls in FIELD_TYPES.values() for n, o in cls.Options.model_fields.items()] if part is FieldDefinition else []
    return list(dict.fromkeys([*part.keys(), *own]))


def parts(shape: Shape, path: str) -> dict[str, type[Part]]:
    """Every part with the first path that leads to it."""
    found: dict[str, type[Part]] = {}
    for where, part in _walk(shape, path, ()):
        if part not in found.values():
            found[where] = part
    return found


def _walk(shape: Shape, path: str, above: tuple[type[Part], ...]) -> Iterator[tuple[str, type[Part]]]:
    if isinstance(shape, Named | Listed):
        yield from _walk(shape.item, f"{path}.{'*' if isinstance(shape, Named) else '-'}".lstrip("."), above)
    elif isinstance(shape, Keyed) and shape.part not in above:
        yield path, shape.part
        for key, below in shape.keys.items():
            yield from _walk(below, f"{path}.{key}".lstrip("."), (*above, shape.part))


def operators(table: Table) -> str:
    """Operators from loosest to tightest, then the units of durations."""
    rows = [(" · ".join(f"`{s}`" for s in spellings(o)), f"{o.zh}<br>{o.en}", f"`{o.example.text}` → {o.example.value}") for o in OPERATORS]
    head = ("写法 / Written", "意思 / Meaning", "例子 / Example")
    words = "从最松到最紧；括号先算。全角的括号、逗号和运算符照样认。 From loosest to tightest; brackets come first. Full-width signs are read too.\n\n"
    spans = "## 时长 / Durations\n\n" + table(("单位 / Units",), [(" · ".join(f"`3 {w}`" for w in some),) for some in units().values()])
    return f"# 运算符 / Operators\n\n{words}{table(head, rows)}\n{spans}"
