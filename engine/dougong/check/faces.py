"""Checks over forms: what is created with a form can pass the gate."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Diagnostic

from dougong.model.app import App
from dougong.model.faces import Form


def required_on_form(app: App, unsound: AbstractSet[tuple[str, str]]) -> Iterator[Diagnostic]:
    """The first form of an object, which creates its records, holds every required field that has no default."""
    first: dict[str, Form] = {}
    for form in app.forms.values():
        first.setdefault(form.object, form)
    for form in first.values():
        if ("forms", form.name) in unsound:
            continue
        there = {item.field for section in form.sections for item in section.items}
        for field in app.objects[form.object].fields.values():
            if field.required and field.is_writable and field.default is None and field.name not in there:
                yield codes.FORM_MISSES_REQUIRED.at(form.place, form=form.name, name=field.name)


FACE_CHECKS = (required_on_form,)
