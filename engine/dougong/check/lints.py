"""Lints: fields that nothing uses, forms that take too long or ask for too much, titles in one language only."""

import re
from collections.abc import Iterator

from dougong_dsl.codes import lints as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.check.cost import form_seconds, item_seconds
from dougong.check.uses import used_fields
from dougong.model.app import App
from dougong.model.faces import Form
from dougong.model.memory import Verdicts

MOST_REQUIRED = 12
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_TITLES_SHOWN = 6


def unused_fields(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Fields that are kept but neither shown, asked for, nor reckoned with."""
    used = used_fields(app, known)
    for owner in app.objects.values():
        idle = [field for field in owner.fields.values() if (owner.name, field.name) not in used]
        yield from (codes.UNUSED_FIELD.at(f.place, name=f.name, object=owner.name, count=len(idle)) for f in idle)


def forms_over_budget(app: App) -> Iterator[Diagnostic]:
    """Forms that take longer than their author allows."""
    for form in app.forms.values():
        budget = form.budget
        seconds = form_seconds(app, form)
        if budget is not None and seconds > budget.total_seconds():
            costs = sorted(item_seconds(app, form).items(), key=lambda item: -item[1])[:3]
            costly = ", ".join(f"`{name}` {cost:.1f}" for name, cost in costs)
            allowed = f"{budget.total_seconds():g}"
            yield codes.OVER_BUDGET.at(form.place, form=form.name, seconds=f"{seconds:.1f}", budget=allowed, costly=costly)


def many_required(app: App) -> Iterator[Diagnostic]:
    """First forms that let nobody through without a dozen answers."""
    first: dict[str, Form] = {}
    for form in app.forms.values():
        first.setdefault(form.object, form)
    for form in first.values():
        fields = app.objects[form.object].fields
        asked = [fields[item.field] for section in form.sections for item in section.items if item.field in fields]
        count = sum(field.required and field.default is None for field in asked)
        if count > MOST_REQUIRED:
            yield codes.MANY_REQUIRED.at(form.place, form=form.name, count=count, limit=MOST_REQUIRED)


def missing_translations(app: App) -> Iterator[Diagnostic]:
    """Titles in one language, in an app that speaks two elsewhere: one note for each part. What has no title at all is left alone."""
    parts = list(_titles(app))
    if not any(title.zh != title.en for _, _, titles in parts for _, title in titles):
        return
    for part, place, titles in parts:
        lone = dict.fromkeys(t.zh for name, t in titles if t.zh == t.en != name and _is_one_language(t.zh))
        if lone:
            shown = ", ".join(f"`{title}`" for title in list(lone)[:_TITLES_SHOWN]) + (" …" if len(lone) > _TITLES_SHOWN else "")
            yield codes.MISSING_TRANSLATION.at(place, part=f"`{part}`", count=len(lone), names=shown)


def _is_one_language(title: str) -> bool:
    """Whether a title is a word of one language: Chinese, or small letters as names are written; `PPAP` and `3D` serve both."""
    return bool(_CHINESE.search(title) or (_WORD.search(title) and not title.isupper()))


def _titles(app: App) -> Iterator[tuple[str, Place, list[tuple[str, Title]]]]:
    """Every part that has titles: its name, its place, and the titles in it, each with the name it stands for."""
    for owner in app.objects.values():
        if not owner.is_system:
            fields = [f for f in owner.fields.values() if not f.is_kept]
            options = [pair for f in fields for pair in f.type.choices.items()]
            yield owner.name, owner.place, [(owner.name, owner.title), *((f.name, f.title) for f in fields), *options]
        if owner.pipeline:
            moves = [("", move.title) for move in owner.pipeline.moves if move.title is not None]
            yield owner.pipeline.name, owner.pipeline.place, [*((s.name, s.title) for s in owner.pipeline.stages.values()), *moves]
    yield from ((role.name, role.place, [(role.name, role.title)]) for role in app.roles.values())
    for faces in (app.forms, app.views):
        yield from ((face.name, face.place, [(face.object, face.title)]) for face in faces.values())


LINTS = (forms_over_budget, many_required, missing_translations)
