"""Decision tables: conditions read by the types of their fields, then asked for gaps and overlaps."""

import re
from collections.abc import Sequence
from decimal import Decimal

from dougong_dsl.codes import dispatch as codes
from dougong_dsl.diagnostics import Related, nearest
from dougong_dsl.expression.types import Boolean, Choice, Money, Number
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.dispatch import BLANK, DecisionTableDefinition, TableRowDefinition
from dougong.model import names
from dougong.model.dispatch import AnyOf, DecisionTable, OneOf, Range, TableRow
from dougong.model.dispatch_words import Target
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.resolve_flow import known_roles
from dougong.model.table_cells import Case, Column, gap, overlaps

_TARGET = re.compile(r"\s*(pool|role|user|公海|角色|用户)\s+([\w.@-]+)\s*")
_KINDS = {"公海": "pool", "角色": "role", "用户": "user"}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_COMPARED = re.compile(rf"\s*(<=|>=|<|>|=)?\s*{_NUMBER}\s*")
_BETWEEN = re.compile(rf"\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*")
Problem = tuple[str, str]


def resolve_tables(draft: Draft, definition: AppDefinition) -> dict[str, DecisionTable]:
    """Every sound decision table."""
    found = {}
    for name, written in definition.decision_tables.items():
        with draft.part("decision_tables", str(name), written.is_sound):
            draft.report(*names.check_name(name))
            owner = draft.object(written.of)
            if owner is not None:
                before = len(draft.diagnostics)
                table = _table(draft, definition, name, owner, written)
                found[str(name)] = table
                if len(draft.diagnostics) == before and written.is_sound:
                    _complete(draft, owner, table)
    return found


def target(draft: Draft, definition: AppDefinition, text: Word, owner: DraftObject, field: str | None = None) -> Target | None:
    """`user li.wei`, `role sales`, `pool hq`; what is unknown is reported. `field`: the one that is being filled."""
    found = _TARGET.fullmatch(text)
    if found is None:
        draft.report(codes.WRONG_TARGET.at(text.place, text=str(text)))
        return None
    kind = _KINDS.get(found[1], found[1])
    name = Word(text.source.part(found.start(2), found.end(2)))
    if kind == "user":
        return Target("user", str(name))
    if kind == "role":
        return Target("role", str(name)) if known_roles(draft, definition, [name]) else None
    return Target("pool", str(name)) if pool_fits(draft, definition, name, owner, field) else None


def pool_fits(draft: Draft, definition: AppDefinition, name: Word, owner: DraftObject, field: str | None = None) -> bool:
    """Whether there is such a pool for these records; if not it is reported."""
    pool = definition.pools.get(name)
    if pool is None:
        if name not in draft.broken:
            known = list(definition.pools)
            draft.report(codes.UNKNOWN_POOL.at(name.place, name=str(name), known=", ".join(known), nearest=nearest(name, known)))
        return False
    held = str(pool.field or "owner")
    if pool.of != owner.name or (field is not None and field != held):
        draft.report(codes.OTHER_POOL.at(name.place, name=str(name), object=str(pool.of), field=held))
        return False
    return True


def _table(draft: Draft, definition: AppDefinition, name: Word, owner: DraftObject, written: DecisionTableDefinition) -> DecisionTable:
    rows = [row for each in written.rows if (row := _row(draft, definition, owner, each)) is not None]
    return DecisionTable(str(name), written.title or Title.same(str(name)), str(owner.name), tuple(rows), name.place, written.first)


def _row(draft: Draft, definition: AppDefinition, owner: DraftObject, written: TableRowDefinition) -> TableRow | None:
    cells = {}
    for name, values in written.when.items():
        field = draft.field(owner, name)
        if field is None or field.type is None:
            continue
        cell = _cell(draft, name, field, values)
        if cell is not None:
            cells[str(name)] = cell
    then = target(draft, definition, written.then, owner)
    return None if then is None else TableRow(cells, then, written.place)


def _cell(draft: Draft, name: Word, field: DraftField, values: Sequence[Word]) -> AnyOf | None:
    assert field.type is not None
    kind = field.type.type
    found: list[OneOf | Range] = []
    for value in values:
        one = _blank_or(kind, value)
        if isinstance(one, OneOf | Range):
            found.append(one)
        else:
            place: Place = value.place
            draft.report(codes.WRONG_CELL.at(place, field=str(name), problem=one))
            return None
    return AnyOf(tuple(found))


def _blank_or(kind: object, value: Word) -> OneOf | Range | Problem:
    if value in BLANK:
        return OneOf(frozenset((None,)))
    if isinstance(kind, Choice):
        option = kind.option(value)
        return OneOf(frozenset((option,))) if option is not None else (f"没有选项 `{value}`", f"there is no option `{value}`")
    if isinstance(kind, Boolean):
        truth = {"true": True, "false": False, "是": True, "否": False}.get(str(value).lower())
        return OneOf(frozenset((truth,))) if truth is not None else ("要写 true 或 false", "write true or false")
    if isinstance(kind, Number | Money):
        return _number(value)
    return "只有选项、是否和数字字段可以放进决策表", "only choices, booleans and numbers may stand in a decision table"


def _number(text: Word) -> Range | Problem:
    between = _BETWEEN.fullmatch(text)
    if between is not None:
        low, high = Decimal(between[1]), Decimal(between[2])
        return Range(low, high, True, False) if low < high else ("左边要比右边小", "the left end must be less than the right one")
    compared = _COMPARED.fullmatch(text)
    if compared is None:
        return "要写成 `< 100`、`100..500` 或 `>= 500`", "write `< 100`, `100..500` or `>= 500`"
    sign, end = compared[1], Decimal(compared[2])
    if sign in ("<", "<="):
        return Range(None, end, False, sign == "<=")
    if sign in (">", ">="):
        return Range(end, None, sign == ">=", False)
    return Range(end, end, True, True)


def _complete(draft: Draft, owner: DraftObject, table: DecisionTable) -> None:
    """No gaps, and no overlaps unless the first row counts."""
    named = dict.fromkeys(name for row in table.rows for name in row.when)
    columns = [_column(owner.fields[name]) for name in named]
    missing = gap(columns, table.rows)
    if missing is not None:
        draft.report(codes.TABLE_GAP.at(table.place, table=table.name, case=_said(missing)))
    if not table.is_first:
        for earlier, later, case in overlaps(columns, table.rows):
            related = [Related(earlier.place, "前面的一行", "the earlier row")]
            draft.report(codes.TABLE_OVERLAP.at(later.place, related=related, case=_said(case)))


def _said(case: Case) -> str:
    return ", ".join(case.values()) or "…"


def _column(field: DraftField) -> Column:
    assert field.type is not None
    kind, written = field.type.type, field.definition
    options: tuple[object, ...] | None = None
    if isinstance(kind, Choice):
        options = tuple(kind.options)
    elif isinstance(kind, Boolean):
        options = (True, False)
    return Column(str(field.name), options, written is None or not written.required)
