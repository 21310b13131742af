"""Lints: fields that nothing uses, forms that take too long or ask for too much, titles in one language only."""

import re
from collections.abc import Iterable, Iterator

from dougong_dsl.codes import lints as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place
from dougong_dsl.titles import Title

from dougong.check.cost import form_seconds, item_seconds
from dougong.check.uses import used_fields
from dougong.model.app import App, Object
from dougong.model.faces import Form
from dougong.model.memory import Verdicts

MOST_REQUIRED = 12
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_TITLES_SHOWN = 6
Part = tuple[str, Place, list[tuple[str, Title]]]  # name, place, the titles in it, each with the name that it stands for


def unused_fields(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Fields that are kept but neither shown, asked for, nor reckoned with."""
    with_form = {form.object for form in app.forms.values()}
    used = used_fields(app, known) if with_form else set()
    for owner in app.objects.values():
        if owner.is_system or owner.name not in with_form:
            continue
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


def missing_translations(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Titles in one language, in an app that speaks two elsewhere: one note for each part. What has no title at all is left alone."""
    told = [known.of(_untranslated, owner) for owner in app.objects.values()]
    told.append(_lone(_titles(app)))
    if any(speaks_two for speaks_two, _ in told):
        yield from (each for _, found in told for each in found)


def _untranslated(owner: Object) -> tuple[bool, list[Diagnostic]]:
    return _lone(_titles_of(owner))


def _lone(parts: Iterable[Part]) -> tuple[bool, list[Diagnostic]]:
    """Whether any title speaks two languages, and a note for each part with titles in one."""
    speaks_two, found = False, []
    for part, place, titles in parts:
        speaks_two = speaks_two or any(title.zh != title.en for _, title in titles)
        lone = dict.fromkeys(t.zh for name, t in titles if t.zh == t.en != name and _is_one_language(t.zh))
        if lone:
            shown = ", ".join(f"`{title}`" for title in list(lone)[:_TITLES_SHOWN]) + (" …" if len(lone) > _TITLES_SHOWN else "")
            found.append(codes.MISSING_TRANSLATION.at(place, part=f"`{part}`", count=len(lone), names=shown))
    return speaks_two, found


def _is_one_language(title: str) -> bool:
    """Whether a title is a word of one language: Chinese, or small letters as names are written; `PPAP` and `3D` serve both."""
    return bool(_CHINESE.search(title) or (_WORD.search(title) and not title.isupper()))


def _titles_of(owner: Object) -> Iterator[Part]:
    if not owner.is_system:
        fields = [f for f in owner.fields.values() if not f.is_kept and f.pipeline is None]
        options = [pair for f in fields for pair in f.type.choices.items()]
        yield owner.name, owner.place, [(owner.name, owner.title), *((f.name, f.title) for f in fields), *options]
    for pipeline in owner.pipelines:
        moves = [("", move.title) for move in pipeline.moves if move.title is not None]
        yield pipeline.name, pipeline.place, [*((s.name, s.title) for s in pipeline.stages.values()), *moves]


def _titles(app: App) -> Iterator[Part]:
    """Every part that has titles beside the objects."""
    yield from ((role.name, role.place, [(role.name, role.title)]) for role in app.roles.values())
    for faces in (app.forms, app.views):
        yield from ((face.name, face.place, [(face.object, face.title)]) for face in faces.values())


LINTS = (forms_over_budget, many_required)
