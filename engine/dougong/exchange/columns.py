"""Which column is which field: by the field's name or its title in either language, or as the person says with `--map`."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dougong_dsl.diagnostics import nearest
from dougong_dsl.titles import Title

from dougong.derive.facts import TITLES
from dougong.exchange import refusals as codes
from dougong.exchange.report import MARKS
from dougong.model.app import Object
from dougong.refusals import Refusal, Refused, refuse

STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file that becomes a field: its position in a row, its header, the field's name (or `stage`)."""

    position: int
    header: str
    field: str


def parse_map(given: Iterable[str]) -> dict[str, str]:
    """`column=field` texts as a mapping; an empty field leaves the column out. The last `=` divides, so that a header may hold one."""
    found: dict[str, str] = {}
    for text in given:
        column, divider, field = text.rpartition("=")
        if not divider or not column.strip():
            raise refuse(codes.BAD_MAP, given=text)
        found[column.strip()] = field.strip()
    return found


def match_columns(headers: Sequence[str], obj: Object, chosen: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns to import; those that a file of rejected rows added are not. All problems come together in one `Refused` (R660–R665)."""
    names = _names(obj)
    problems = [Refusal(codes.NO_SUCH_COLUMN, {"column": c, "nearest": near(c, headers)}) for c in chosen if c not in headers]
    columns: dict[str, Column] = {}
    for position, header in enumerate(headers):
        if not header or chosen.get(header) == "" or (header in MARKS and header not in chosen):
            continue
        fields = [chosen[header]] if header in chosen else names.get(_folded(header), [])
        problem = _problem(header, fields, obj, header in chosen)
        if problem is None and fields[0] in columns:
            problem = Refusal(codes.SAME_FIELD, {"first": columns[fields[0]].header, "second": header, "field": fields[0]})
        if problem is not None:
            problems.append(problem)
        else:
            columns[fields[0]] = Column(position, header, fields[0])
    if problems:
        raise Refused(problems)
    return tuple(columns.values())


def near(name: str, names: Iterable[str]) -> tuple[str, str]:
    """The did-you-mean tail of a sentence, in both languages; empty when nothing is near."""
    found = nearest(name, names)
    return (f"，是不是“{found}”？", f"; did you mean “{found}”?") if found else ("", "")


def _problem(header: str, fields: Sequence[str], obj: Object, is_chosen: bool) -> Refusal | None:
    if not fields:
        known = [*obj.fields, *(t for f in obj.fields.values() for t in (f.title.zh, f.title.en))]
        known += [STAGE, TITLES[STAGE].zh, TITLES[STAGE].en] if obj.pipeline is not None else []
        return Refusal(codes.UNKNOWN_COLUMN, {"column": header, "object": _pair(obj.title), "nearest": near(header, known)})
    if len(fields) > 1:
        return Refusal(codes.UNCLEAR_COLUMN, {"column": header, "fields": ", ".join(fields)})
    name = fields[0]
    if any(name == pipeline.field for pipeline in obj.pipelines):
        return None
    if name not in obj.fields:
        return Refusal(codes.NO_SUCH_FIELD, {"object": _pair(obj.title), "field": name, "nearest": near(name, obj.fields)})
    if not obj.fields[name].is_writable:
        return Refusal(codes.COMPUTED, {"column": header})
    return None


def _names(obj: Object) -> dict[str, list[str]]:
    """Every name and title by which a column may be called, and the fields it may mean; a name beats a title."""
    found: dict[str, list[str]] = {}
    for name, field in obj.fields.items():
        for title in {_folded(field.title.zh), _folded(field.title.en)}:
            found.setdefault(title, []).append(name)
    if obj.pipeline is not None:
        for title in {_folded(TITLES[STAGE].zh), _folded(TITLES[STAGE].en)}:
            found.setdefault(title, []).append(STAGE)
        found[STAGE] = [STAGE]
    for name in obj.fields:
        found[_folded(name)] = [name]
    return found


def _folded(text: str) -> str:
    """Headers are compared without case, width of characters, spaces and underscores."""
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "").replace("_", "")


def _pair(title: Title) -> tuple[str, str]:
    return title.zh, title.en
