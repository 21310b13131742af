"""`survey`: somebody is asked to fill in a form about the record."""

from dougong_dsl.codes import surveys as codes
from dougong_dsl.codes.channels import UNKNOWN_FORM
from dougong_dsl.diagnostics import nearest

from dougong.definition.actions import SurveyDefinition
from dougong.model.actions import Action, SurveyAction
from dougong.model.drafts import DraftObject
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_actions.people import recipients
from dougong.model.resolve_amounts import amount_of


def read_survey(ground: Ground, written: SurveyDefinition, common: Common) -> Action | None:
    """`survey: {form: satisfaction, for: role service, within: 3 working days, once: 60 days}`."""
    people = recipients(ground, written.for_)
    text = None if written.text is None else ground.draft.template(written.text, ground.scope)
    within, once = (None if each is None else amount_of(ground.draft, each) for each in (written.within, written.once))
    asked = _asked(ground, written)
    through = None if asked is None else _link(ground, written, asked)
    if asked is None or through is None:
        return None
    form, of = str(written.form), str(asked.name)
    return SurveyAction(
        **common, form=form, object=of, through=through, recipients=people, text=text, within=within, once=once, claim=written.claim
    )


def _asked(ground: Ground, written: SurveyDefinition) -> DraftObject | None:
    """The object that the form fills in; its pages use its first form."""
    name, forms = written.form, ground.definition.forms
    form = forms.get(name)
    if form is None:
        if name not in ground.draft.broken:
            known = ", ".join(forms) or "-"
            ground.draft.report(UNKNOWN_FORM.at(name.place, name=str(name), known=known, nearest=nearest(name, list(forms))))
        return None
    first = next(str(each) for each, other in forms.items() if other.of == form.of)
    if first != name:
        ground.draft.report(codes.SURVEY_FORM.at(name.place, of=str(form.of), first=first, form=str(name)))
        return None
    return ground.draft.objects.get(form.of)


def _link(ground: Ground, written: SurveyDefinition, asked: DraftObject) -> str | None:
    links = [str(f.name) for f in asked.fields.values() if f.type is not None and f.type.target == ground.owner.name]
    if len(links) == 1:
        return links[0]
    form, of, about = str(written.form), str(asked.name), str(ground.owner.name)
    ground.draft.report(codes.SURVEY_LINK.at(written.form.place, form=form, of=of, object=about))
    return None
