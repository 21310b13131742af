"""`assign`, `todo` and `notify`: who gets the record, who has something to do, who is told; and how people are named."""

import re
from collections.abc import Sequence

from dougong_dsl.codes import expressions as expression_codes
from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Boolean, Date, DateTime, Record, words
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import AssignDefinition, NotifyDefinition, TodoDefinition
from dougong.model.actions import Action, AssignAction, NotifyAction, Recipient, TodoAction
from dougong.model.drafts import TEAM, USER, DraftField
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_flow import known_roles

_FROM_USERS = re.compile(r"\s*user\s+where\s+(.+?)\s*", re.DOTALL)
_ADDRESSED = re.compile(r"\s*(role|user|角色|用户)\s+([\w.@-]+)\s*")
_TEAM = re.compile(r"\s*(?:team|团队)\s+(\S.*?)\s*")
LEAST_LOADED = "least loaded"


def read_assign(ground: Ground, written: AssignDefinition, common: Common) -> Action | None:
    """`assign: {field: owner, to: li.wei}`, `assign: {field: owner, from: user where …}`."""
    field = ground.writable(ground.owner, written.field)
    if field is None:
        return None
    if field.type is None or field.type.target != USER:
        ground.draft.report(codes.NOT_A_USER_FIELD.at(written.field.place, name=str(written.field)))
        return None
    if (written.to is None) == (written.from_ is None):
        ground.draft.report(codes.ASSIGN_WHOM.at(written.place))
        return None
    if written.to is not None:
        return AssignAction(**common, field=str(field.name), login=str(written.to))
    assert written.from_ is not None
    if written.by is not None and " ".join(written.by.split()) != LEAST_LOADED:
        what = (f"分配方式 {written.by}，目前只有 {LEAST_LOADED}", f"assigning by {written.by}; for now there is `{LEAST_LOADED}`")
        ground.draft.report(name_codes.LATER.at(written.by.place, what=what))
    return _candidates(ground, written.from_, field, common)


def _candidates(ground: Ground, text: Word, field: DraftField, common: Common) -> Action | None:
    found = _FROM_USERS.fullmatch(text)
    if found is None:
        ground.draft.report(codes.ASSIGN_FROM.at(text.place))
        return None
    rule = Word(text.source.part(found.start(1), found.end(1)))
    return AssignAction(**common, field=str(field.name), candidates=ground.draft.expression(rule, ground.named(USER), Boolean()))


def read_todo(ground: Ground, written: TodoDefinition, common: Common) -> Action | None:
    """`todo: {for: [owner, role boss], text: …}`."""
    return TodoAction(
        **common,
        recipients=recipients(ground, written.for_),
        text=ground.draft.template(written.text, ground.scope),
        claim=written.claim,
        until_left=None if written.done_by is None else written.done_by == "leaving",
        due=_due(ground, written.due),
    )


def _due(ground: Ground, word: Word | None) -> Expression | None:
    """A day or an instant."""
    found = ground.draft.expression(word, ground.scope, None)
    if found is None or word is None or isinstance(found.type, Date | DateTime):
        return found
    what, expected = ("到期时间 due", "`due`"), ("日期或时间", "a day or an instant")
    ground.draft.report(expression_codes.WRONG_TYPE.at(word.place, what=what, expected=expected, found=words(found.type), advice=""))
    return None


def read_notify(ground: Ground, written: NotifyDefinition, common: Common) -> Action | None:
    """`notify: {to: [owner, team 工程部], text: …, via: [inbox, mail]}`."""
    via = tuple(dict.fromkeys(("inbox", *(str(channel) for channel in written.via))))
    text = ground.draft.template(written.text, ground.scope)
    return NotifyAction(**common, recipients=recipients(ground, written.to), text=text, via=via)


def recipients(ground: Ground, words: Sequence[Word]) -> tuple[Recipient, ...]:
    """The people that words name; unknown ones are reported."""
    return tuple(r for word in words if (r := _recipient(ground, word)) is not None)


def _recipient(ground: Ground, word: Word) -> Recipient | None:
    """`role sales`, `user li.wei`, `team 工程部`, or an expression that gives a user or a team."""
    team = _TEAM.fullmatch(word)
    if team is not None:
        return Recipient(team=team[1].strip("\"'"))
    found = _ADDRESSED.fullmatch(word)
    if found is None:
        expression = ground.draft.expression(word, ground.scope, None)
        if expression is not None and expression.type == Record(TEAM):
            return Recipient(team_path=expression)
        expression = expression and ground.draft.expression(word, ground.scope, Record(USER))
        return None if expression is None else Recipient(user=expression)
    name = Word(word.source.part(found.start(2), found.end(2)))
    if found[1] in ("user", "用户"):
        return Recipient(login=str(name))
    known = known_roles(ground.draft, ground.definition, [name])
    return Recipient(role=known[0]) if known else None
