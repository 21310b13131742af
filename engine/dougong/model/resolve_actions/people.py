"""`todo` and `notify`: who has something to do, who is told; and how people are named."""

import re
from collections.abc import Sequence

from dougong_dsl.codes import expressions as expression_codes
from dougong_dsl.codes import flow as codes
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Date, DateTime, Record, words
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import NotifyDefinition, TodoDefinition
from dougong.model.actions import Action, NotifyAction, Recipient, TodoAction
from dougong.model.channels import INBOX
from dougong.model.drafts import TEAM, USER
from dougong.model.resolve_actions.contacts import check_reach, contact, known_channels
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_flow import known_roles

_ADDRESSED = re.compile(r"\s*(role|user|角色|用户)\s+([\w.@-]+)\s*")
_TEAM = re.compile(r"\s*(?:team|团队)\s+(\S.*?)\s*")


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
    before = len(ground.draft.diagnostics)
    via = tuple(dict.fromkeys((INBOX, *known_channels(ground, written.via))))
    text = ground.draft.template(written.text, ground.scope)
    found = recipients(ground, written.to, via)
    if len(ground.draft.diagnostics) == before:
        check_reach(ground, written.to, found, via, written.via)
    return NotifyAction(**common, recipients=found, text=text, via=via)


def recipients(ground: Ground, words: Sequence[Word], via: Sequence[str] = ()) -> tuple[Recipient, ...]:
    """The people that words name; unknown ones are reported. With `via` also contacts: records and addresses on these channels."""
    return tuple(r for word in words if (r := _recipient(ground, word, via)) is not None)


def _recipient(ground: Ground, word: Word, via: Sequence[str]) -> Recipient | None:
    """`role sales`, `user li.wei`, `team 工程部`, or an expression that gives a user or a team."""
    team = _TEAM.fullmatch(word)
    if team is not None:
        return Recipient(team=team[1].strip("\"'"))
    found = _ADDRESSED.fullmatch(word)
    if found is None:
        other = contact(ground, word, via) if via else None
        if other is not None:
            return Recipient(contact=other)
        if word in ground.definition.roles and word not in ground.owner.fields:
            ground.draft.report(codes.ROLE_ALONE.at(word.place, name=str(word), nearest=f"role {word}"))
            return None
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
