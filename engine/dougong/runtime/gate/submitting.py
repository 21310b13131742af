"""Values that come through a form: the form must have their fields, and triggers hear that it was submitted."""

from collections.abc import Mapping
from typing import Any

from dougong.model.faces import Form
from dougong.refusals import Refusal, Refused, refuse
from dougong.runtime.actor import Cause
from dougong.runtime.channels import refusals as codes
from dougong.runtime.gate import write
from dougong.runtime.gate.draft import Draft
from dougong.runtime.unit import Unit

FORM = "form"


def submit(
    unit: Unit, object_name: str, form: str, values: Mapping[str, Any], record_id: int | None = None, version: int | None = None
) -> Draft:
    """Make a record through a form, or change `record_id`; history names the form as the cause. `Refused` R829, R830 and the gate's."""
    rules = unit.compiled.rules(object_name)
    found = unit.compiled.app.forms.get(form)
    if found is None or found.object != object_name:
        raise refuse(codes.NO_SUCH_FORM, name=form, object=rules.spoken)
    strange = [name for name in values if name not in fields_of(found)]
    if strange:
        title = (found.title.zh, found.title.en)
        spoken = {name: rules.fields[name].spoken if name in rules.fields else name for name in strange}
        raise Refused(Refusal(codes.NOT_ON_FORM, {"form": title, "title": spoken[name]}, name) for name in strange)
    actor, cause = unit.actor, unit.cause
    unit.act(actor, Cause(FORM, form, cause.happened_at))
    try:
        if record_id is None:
            return write.create(unit, object_name, values, form=form)
        return write.update(unit, object_name, record_id, values, version, form=form)
    finally:
        unit.act(actor, cause)


def fields_of(form: Form) -> frozenset[str]:
    """The fields on a form."""
    return frozenset(item.field for section in form.sections for item in section.items)
