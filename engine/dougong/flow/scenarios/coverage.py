"""What scenarios exercised: conditions that came out both ways, branches taken, moves made, grants used, triggers fired."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dougong_dsl.expression import Expression
from dougong_dsl.expression.typed import Case, walk
from dougong_dsl.places import Place

from dougong.derive.programs import Program, compile_program
from dougong.flow.scenarios.dispatched import Dispatched, judged
from dougong.flow.scenarios.scored import Scored
from dougong.flow.scenarios.world import World
from dougong.model.actions import Action
from dougong.model.app import App
from dougong.model.stage_triggers import stage_rule

_KINDS = {"created": "create", "updated": "update", "moved": "move", "deleted": "delete"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of the definition that no scenario exercised."""

    place: Place
    zh: str
    en: str


class Watch:
    """Expressions compiled to functions that remember what they gave."""

    def __init__(self) -> None:
        self.results: dict[Place, set[bool]] = {}  # of conditions: by place, what came out
        self.branches: dict[tuple[Place, int], set[bool]] = {}  # of `if`: by place and offset of a branch's condition

    def compile(self, expression: Expression) -> Program:
        """As `compile_program`, watched."""
        program = compile_program(expression)
        place = expression.source.place
        parts = [(c.start, compile_program(replace(expression, root=c, type=c.type))) for c in conditions(expression)]

        def watched(row: Mapping[str, Any], context: Any) -> Any:
            for start, part in parts:
                self.branches.setdefault((place, start), set()).add(part(row, context) is True)
            value = program(row, context)
            if value is None or isinstance(value, bool):
                self.results.setdefault(place, set()).add(value is True)
            return value

        return watched


def conditions(expression: Expression) -> list[Any]:
    """The conditions of the branches of an expression that speak of the record itself, not of the rows of a list."""
    if expression.looks_elsewhere:
        return []
    return [condition for node in walk(expression.root) if isinstance(node, Case) for condition, _ in node.branches]


class Coverage:
    """Gathers, after each scenario, what is in the world's logs; `gaps` compares that with the definition."""

    def __init__(self, world: World, watch: Watch) -> None:
        self._world = world
        self._watch = watch
        self._moves: set[tuple[str, str | None, str, str]] = set()  # object, pipeline in the log, from, to
        self._triggers: set[str] = set()
        self._acts: set[tuple[str, str, str]] = set()  # role, action, object
        self._asked: set[tuple[str, int]] = set()  # approval, step
        self._stages: set[tuple[str, str]] = set()  # object, rule of a stage
        self._dispatched = Dispatched()
        self._scored = Scored()
        if world.app.scores or world.app.calendars:
            world.after = self._look

    def _look(self) -> None:
        with self._world.look() as session:
            self._scored.look(session)

    def note(self) -> None:
        """Take down what the scenario that was just played did."""
        roles: dict[int, tuple[str, ...]] = {}
        with self._world.look() as session:
            for record in session.find("user", limit=1000).records:
                roles[record.id] = record.get("roles") or ()
            connection = session.connection
            moves = "SELECT DISTINCT object, pipeline, from_stage, to_stage FROM dg_stage_log WHERE from_stage IS NOT NULL"
            self._moves.update((name, log, before, after) for name, log, before, after in connection.all(moves))
            fired = connection.all("SELECT DISTINCT object, trigger FROM dg_trigger_log")
            self._triggers.update(name for _, name in fired)
            self._stages.update((name, rule) for name, rule in fired)
            self._dispatched.note(connection, self._world.stopped)
            self._scored.note(connection, self._world.stopped)
            asked = "SELECT DISTINCT a.name, t.step FROM dg_approval_task t JOIN dg_approval a ON a.id = t.approval_id"
            self._asked.update((name, step) for name, step in connection.all(asked))
            granted = "SELECT DISTINCT object, kind, actor FROM dg_change WHERE actor IS NOT NULL AND cause <> 'pool'"
            for name, kind, actor in connection.all(granted):
                self._acts.update((role, _KINDS[kind], name) for role in roles.get(actor, ()))

    def gaps(self) -> list[Gap]:
        """What nothing exercised, by place."""
        app = self._world.app
        found = [*self._conditions(app), *self._branches(app), *self._of_flow(app), *self._grants(app)]
        found += [Gap(*told) for told in (*self._dispatched.gaps(app), *self._scored.gaps(app))]
        return sorted(found, key=lambda gap: (gap.place, gap.en))

    def _conditions(self, app: App) -> Iterator[Gap]:
        for expression, zh, en in _judged(app):
            seen = self._watch.results.get(expression.source.place, set())
            text = expression.source.text.strip()
            if not seen:
                yield Gap(expression.source.place, f"{zh} `{text}` 从来没有用到", f"{en} `{text}` was never asked")
            elif len(seen) == 1:
                (only,) = seen
                yield Gap(
                    expression.source.place,
                    f"{zh} `{text}` 每次都{'成立' if only else '不成立'}",
                    f"{en} `{text}` was {'true' if only else 'not true'} every time",
                )

    def _branches(self, app: App) -> Iterator[Gap]:
        made = {name for score in app.scores.values() for name in (score.name, score.band_field)}
        for target in app.objects.values():
            for field in target.fields.values():
                if field.name in made:  # of rules and bands, which are looked at one by one
                    continue
                for expression in (field.formula, field.default):
                    for part in conditions(expression) if expression is not None else ():
                        assert expression is not None
                        place = expression.source.at(part.start, part.end - part.start)
                        if True not in self._watch.branches.get((expression.source.place, part.start), ()):
                            text = expression.source.text[part.start : part.end]
                            yield Gap(
                                place,
                                f"`{target.name}.{field.name}` 的分支 `{text}` 从来没有走到",
                                f"branch `{text}` of `{target.name}.{field.name}` was never taken",
                            )

    def _of_flow(self, app: App) -> Iterator[Gap]:
        for pipeline in (pipeline for target in app.objects.values() for pipeline in target.pipelines):
            for move in pipeline.moves:
                if not any((pipeline.object, pipeline.log_name, source, move.target) in self._moves for source in move.sources):
                    text = f"{', '.join(move.sources)} -> {move.target}"
                    yield Gap(move.place, f"流转 `{text}` 没有发生过", f"move `{text}` was never made")
            for stage in pipeline.stages.values():
                if stage.overdue is not None and (pipeline.object, stage_rule(pipeline, stage, "overdue")) not in self._stages:
                    name = f"{pipeline.object}.{pipeline.qualified(stage.name)}"
                    yield Gap(stage.place, f"阶段 `{name}` 没有超期过", f"stage `{name}` was never overdue")
        for approval in app.approvals.values():
            for number, step in enumerate(approval.steps):
                if (approval.name, number) not in self._asked:
                    yield Gap(
                        step.place,
                        f"审批 `{approval.name}` 没有走到“{step.title.zh}”这一步",
                        f"approval `{approval.name}` never came to the step “{step.title.en}”",
                    )
        for trigger in app.triggers.values():
            if trigger.name not in self._triggers:
                yield Gap(trigger.place, f"触发器 `{trigger.name}` 没有触发过", f"trigger `{trigger.name}` never fired")

    def _grants(self, app: App) -> Iterator[Gap]:
        for role in app.roles.values():
            for grant in role.grants:
                for action in sorted(grant.actions & set(_KINDS.values())):
                    if (role.name, action, grant.object) not in self._acts:
                        yield Gap(
                            grant.place,
                            f"角色 `{role.name}` 没有用过授权 {action} {grant.object}",
                            f"role `{role.name}` never used its grant to {action} {grant.object}",
                        )


def _judged(app: App) -> Iterator[tuple[Expression, str, str]]:
    """The conditions that decide something, each with what it is."""
    for target in app.objects.values():
        for check in target.checks:
            yield check.rule, "检查", "check"
        for field in target.fields.values():
            if field.required_when is not None:
                yield field.required_when, "必填条件", "condition for being required"
        for move in (move for pipeline in target.pipelines for move in pipeline.moves):
            if move.when is not None:
                yield move.when, "流转条件", "condition of a move"
    for trigger in app.triggers.values():
        if trigger.when is not None:
            yield trigger.when, "触发条件", "condition of a trigger"
        yield from _of_actions(trigger.actions)
    yield from judged(app)


def _of_actions(actions: Iterable[Action]) -> Iterator[tuple[Expression, str, str]]:
    for action in actions:
        if action.when is not None:
            yield action.when, "动作的条件", "condition of an action"
        yield from _of_actions(action.then)
