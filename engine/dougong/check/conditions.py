"""Checks over conditions: none that can never be true, no rule that cannot fail, no two rules that cannot both be kept."""

from collections.abc import Iterator, Mapping

from dougong_dsl.codes import flow as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.expression import Expression
from dougong_dsl.places import Place

from dougong.check.reasoning import can_be, exclude
from dougong.model.actions import every
from dougong.model.app import App, Check, Object
from dougong.model.memory import Verdicts

Spoken = tuple[str, str]


def never_true(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Conditions that no record can meet: what hangs on them never happens."""
    for owner in app.objects.values():
        yield from known.of(_impossible, owner)
    for condition, what in _conditions(app):
        if condition is not None and not known.of(_can_be_true, condition):
            yield codes.NEVER_TRUE.at(place_of(condition), what=what)


def _impossible(owner: Object) -> list[Diagnostic]:
    found = [(c, what) for c, what in _conditions_of(owner) if c is not None and not _can_be_true(c)]
    return [codes.NEVER_TRUE.at(place_of(condition), what=what) for condition, what in found]


def idle_events(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Events that wait for a change from a value to the same value."""
    for trigger in app.triggers.values():
        for event in trigger.events:
            if event.from_value is not None and event.to_value is not None and event.from_value.root == event.to_value.root:
                yield codes.NEVER_TRUE.at(event.place, what=_called("触发器", "the trigger", trigger.name))


def useless_checks(app: App, known: Verdicts) -> Iterator[Diagnostic]:
    """Rules that cannot fail, and pairs of rules that cannot both be kept."""
    for owner in app.objects.values():
        yield from known.of(_useless, owner)


def _useless(owner: Object) -> list[Diagnostic]:
    always = [codes.CHECK_ALWAYS.at(place_of(check.rule)) for check in owner.checks if not _can_be_false(check.rule)]
    return [*always, *(each for n, check in enumerate(owner.checks) for each in _contradictions(check, owner.checks[:n]))]


def _contradictions(check: Check, earlier: tuple[Check, ...]) -> Iterator[Diagnostic]:
    for other in earlier:
        if check.rule.uses & other.rule.uses and exclude(other.rule, check.rule):
            related = [Related(place_of(other.rule), "和它矛盾的检查", "the check it contradicts")]
            yield codes.CHECKS_EXCLUDE.at(place_of(check.rule), related=related)


def _can_be_true(condition: Expression) -> bool:
    return can_be(condition, True)


def _can_be_false(condition: Expression) -> bool:
    return can_be(condition, False)


def place_of(expression: Expression) -> Place:
    """Where an expression stands."""
    return expression.source.at(0, max(1, len(expression.source.text.split("\n")[0])))


def _called(zh: str, en: str, name: str) -> Spoken:
    return f"{zh} `{name}` ", f"{en} `{name}`"


def _conditions_of(owner: Object) -> Iterator[tuple[Expression | None, Spoken]]:
    """Every condition of an object and what hangs on it."""
    for field in owner.fields.values():
        yield field.required_when, _called("字段", "the field", field.name)
        yield field.show_when, _called("字段", "the field", field.name)
    for check in owner.checks:
        yield check.rule, ("这条检查", "this check")
    for move in (move for pipeline in owner.pipelines for move in pipeline.moves):
        yield move.when, _called("通往", "the move to", move.target)
    for stage in (stage for pipeline in owner.pipelines for stage in pipeline.stages.values()):
        for action in every(stage.actions):
            yield action.when, _called("动作所在的阶段", "an action of the stage", stage.name)


def _conditions(app: App) -> Iterator[tuple[Expression | None, Spoken]]:
    """Every condition of an app beside those of its objects, and what hangs on it."""
    for role in app.roles.values():
        for grant in role.grants:
            yield grant.where, _called("角色", "a grant of the role", role.name)
    for trigger in app.triggers.values():
        yield trigger.when, _called("触发器", "the trigger", trigger.name)
        for action in every(trigger.actions):
            yield action.when, _called("动作所在的触发器", "an action of the trigger", trigger.name)
    for approval in app.approvals.values():
        yield approval.when, _called("审批", "the approval", approval.name)
        for action in (a for actions in approval.actions.values() for a in every(actions)):
            yield action.when, _called("动作所在的审批", "an action of the approval", approval.name)
    for score in app.scores.values():
        for rule in score.rules:
            yield rule.when, _called("评分", "a rule of the score", score.name)
    for form in app.forms.values():
        for section in form.sections:
            yield section.show_when, _called("表单", "a section of the form", form.name)
    for view in app.views.values():
        yield view.where, _called("视图", "the view", view.name)
        highlights: Mapping[str, Expression] = view.highlight or {}
        for colour, condition in highlights.items():
            yield condition, _called("颜色", "the colour", colour)


CONDITION_CHECKS = (never_true, idle_events, useless_checks)
