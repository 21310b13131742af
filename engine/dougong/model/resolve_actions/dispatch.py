"""`assign` and `recycle`: who gets the record, or that nobody has it."""

import re
from decimal import Decimal

from dougong_dsl.codes import dispatch as codes
from dougong_dsl.codes import expressions as expression_codes
from dougong_dsl.codes import flow as flow_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Boolean, Money, Number, words
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import AssignDefinition
from dougong.model.actions import Action, AssignAction, RecycleAction
from dougong.model.dispatch_words import Method
from dougong.model.drafts import USER, DraftField
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_tables import pool_fits, target

_FROM_USERS = re.compile(r"\s*user\s+where\s+(.+?)\s*", re.DOTALL)
_METHOD = re.compile(
    r"\s*(?:(?P<least>least\s+loaded|手上最少)|(?P<round>round\s+robin|轮流)|(?:weight|权重)\s*\((?P<weight>.+)\)|(?:table|决策表)\s+(?P<table>\w+))\s*",
    re.DOTALL,
)
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


def read_assign(ground: Ground, written: AssignDefinition, common: Common) -> Action | None:
    """`assign: {field: owner, to: li.wei}`, `assign: {field: owner, from: user where …, by: weight(score), floor: 5%, else: pool hq}`."""
    field = ground.writable(ground.owner, written.field)
    if field is None:
        return None
    if field.type is None or field.type.target != USER:
        ground.draft.report(flow_codes.NOT_A_USER_FIELD.at(written.field.place, name=str(written.field)))
        return None
    method = _method(ground, written)
    if method is None:
        return None
    by, found = method
    if (written.to is None) + (written.from_ is None) + (by != "table") != 2:
        ground.draft.report(flow_codes.ASSIGN_WHOM.at(written.place))
        return None
    otherwise = None if written.else_ is None else target(ground.draft, ground.definition, written.else_, ground.owner, str(field.name))
    if written.to is not None:
        for key in ("by", "floor", "capacity", "else_"):
            word = getattr(written, key)
            if word is not None:
                problem = ("`to` 已经写明给谁了", "`to` says already who gets it")
                ground.draft.report(codes.WRONG_SHARE.at(word.place, key=key.rstrip("_"), problem=problem))
        return AssignAction(**common, field=str(field.name), login=str(written.to))
    return AssignAction(
        **common,
        field=str(field.name),
        candidates=None if written.from_ is None else _candidates(ground, written.from_),
        by=by,
        weight=_number(ground, found) if by == "weight" else None,
        table=_table(ground, found, field) if by == "table" else None,
        floor=_floor(ground, written.floor, by),
        capacity=_number(ground, written.capacity),
        otherwise=otherwise,
    )


def read_recycle(ground: Ground, written: Word, common: Common) -> Action | None:
    """`recycle: hq`."""
    return RecycleAction(**common, pool=str(written)) if pool_fits(ground.draft, ground.definition, written, ground.owner) else None


def _method(ground: Ground, written: AssignDefinition) -> tuple[Method, Word | None] | None:
    if written.by is None:
        return "least", None
    found = _METHOD.fullmatch(written.by)
    if found is None:
        ground.draft.report(codes.WRONG_METHOD.at(written.by.place, by=str(written.by)))
        return None
    for key in ("weight", "table"):
        if found[key] is not None:
            return ("weight" if key == "weight" else "table"), Word(written.by.source.part(found.start(key), found.end(key)))
    return ("round" if found["round"] else "least"), None


def _candidates(ground: Ground, text: Word) -> Expression | None:
    found = _FROM_USERS.fullmatch(text)
    if found is None:
        ground.draft.report(flow_codes.ASSIGN_FROM.at(text.place))
        return None
    return ground.draft.expression(Word(text.source.part(found.start(1), found.end(1))), ground.named(USER), Boolean())


def _number(ground: Ground, word: Word | None) -> Expression | None:
    """A number about each user."""
    found = ground.draft.expression(word, ground.named(USER), None)
    if found is None or word is None or isinstance(found.type, Number | Money):
        return found
    what, expected = ("权重和上限", "a weight or a capacity"), ("数字", "a number")
    ground.draft.report(expression_codes.WRONG_TYPE.at(word.place, what=what, expected=expected, found=words(found.type), advice=""))
    return None


def _floor(ground: Ground, word: Word | None, by: Method) -> Decimal | None:
    if word is None:
        return None
    found = _PERCENT.fullmatch(word)
    problem = None
    if by != "weight":
        problem = ("只有按权重分配才有最低份额", "only shares by weight have a least one")
    elif found is None or not 0 < Decimal(found[1]) <= 50:
        problem = ("要写 0% 到 50% 之间的百分数，例如 `5%`", "write a percentage up to 50%, such as `5%`")
    if problem is not None:
        ground.draft.report(codes.WRONG_SHARE.at(word.place, key="floor", problem=problem))
        return None
    assert found is not None
    return Decimal(found[1]) / 100


def _table(ground: Ground, name: Word | None, field: DraftField) -> str | None:
    assert name is not None
    found = ground.definition.decision_tables.get(name)
    if found is None or found.of != ground.owner.name:
        known = [str(n) for n, each in ground.definition.decision_tables.items() if each.of == ground.owner.name]
        near = nearest(name, known)
        told = codes.UNKNOWN_TABLE.at(name.place, name=str(name), object=str(ground.owner.name), known=", ".join(known), nearest=near)
        if name not in ground.draft.broken:
            ground.draft.report(told)
        return None
    for row in found.rows:
        words_of = row.then.split()
        pool = next((each for n, each in ground.definition.pools.items() if len(words_of) == 2 and n == words_of[1]), None)
        held = str(field.name) if pool is None or words_of[0] not in ("pool", "公海") else str(pool.field or "owner")
        if held != field.name:
            ground.draft.report(codes.OTHER_POOL.at(name.place, name=words_of[1], object=str(ground.owner.name), field=held))
            return None
    return str(name)
