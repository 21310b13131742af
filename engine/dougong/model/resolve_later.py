"""Sentences whose engine part is not built yet: their names and types are checked, then each is refused at its place."""

from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Place

from dougong.definition.app import AppDefinition
from dougong.definition.flow import EventDefinition
from dougong.definition.later import ScoreDefinition
from dougong.model import names
from dougong.model.drafts import Draft

_MOMENTS: dict[str, tuple[str, str]] = {
    "message": ("消息触发", "message events"),
    "submitted": ("表单提交触发", "form events"),
    "received": ("Webhook 触发", "webhook events"),
}
LATER_MOMENTS = frozenset(_MOMENTS)


def refuse_later(draft: Draft, definition: AppDefinition) -> None:
    """Scores."""
    for name, score in definition.scores.items():
        draft.report(*names.check_name(name))
        _score(draft, score)
        _later(draft, name.place, ("评分 scores", "scores"))


def refuse_moment(draft: Draft, definition: AppDefinition, written: EventDefinition) -> None:
    """An event of messages or forms."""
    kind = str(written.event)
    needed = _NEEDED.get(kind, ())
    missing = [key for key in needed if getattr(written, key) is None]
    for key in missing:
        draft.report(name_codes.MISSING_KEY.at(written.place, part=EventDefinition.label, key=key))
    if not missing:
        word, known = written.form, definition.forms
        if word is not None and word not in known:
            expected = ("已有的表单", "the name of a form")
            near = nearest(word, known)
            draft.report(name_codes.WRONG_VALUE.at(word.place, key="`form`", value=str(word), expected=expected, nearest=near))
    _later(draft, written.place, _MOMENTS[kind])


_NEEDED: dict[str, tuple[str, ...]] = {
    "message": ("channel",),
    "submitted": ("form",),
    "received": ("webhook",),
}


def _score(draft: Draft, written: ScoreDefinition) -> None:
    owner = draft.object(written.of)
    for rule in written.rules if owner is not None else ():
        draft.expression(rule.when, draft.scope(str(written.of)), Boolean())


def _later(draft: Draft, place: Place, what: tuple[str, str]) -> None:
    draft.report(name_codes.LATER.at(place, what=what))
