"""Scenarios: people, records, stages and fields bound, conditions typed."""

from datetime import datetime
from typing import Any

from dougong_dsl.codes import names as name_codes
from dougong_dsl.codes import scenarios as codes
from dougong_dsl.codes.dispatch import UNKNOWN_POOL
from dougong_dsl.codes.gates import UNKNOWN_ACTION
from dougong_dsl.codes.splits import NO_SPLITS
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.types import Boolean, Record
from dougong_dsl.sentences import moments
from dougong_dsl.sentences.scenes import Said, expectation
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

from dougong.definition.app import AppDefinition
from dougong.definition.fields import plain
from dougong.definition.scenarios import ScenarioDefinition, Step
from dougong.model import names
from dougong.model.drafts import USER, Draft, DraftObject
from dougong.model.resolve_amounts import read_amount
from dougong.model.resolve_approval_scenes import KINDS as PASSED_ON
from dougong.model.resolve_approval_scenes import ApprovalScenes
from dougong.model.resolve_door_scenes import DoorScenes
from dougong.model.scenarios import Scenario, SceneStep
from dougong.model.stage_names import Found, find_stage

MONDAY_MORNING = datetime(2026, 3, 2, 9, 0)
_AT = "%Y-%m-%d %H:%M"
_GIVEN = ("user", "record")
_SPOKEN = ("approve", "reject", "return", "withdraw", "submit", "comment", "release")
_TICKED = ("do", "undo")
_EXTRA = ("stage", "language")  # what may be given beside fields


def resolve_scenarios(draft: Draft, definition: AppDefinition) -> dict[str, Scenario]:
    """Every scenario that can be played."""
    scenarios = {}
    for name, each in definition.scenarios.items():
        before = len(draft.diagnostics)
        with draft.part("scenarios", str(name), each.is_sound):
            scenario = _Scenario(draft, definition, name, each).read()
        if len(draft.diagnostics) == before:
            scenarios[str(name)] = scenario
    return scenarios


class _Scenario:
    def __init__(self, draft: Draft, definition: AppDefinition, name: Word, written: ScenarioDefinition) -> None:
        self.draft = draft
        self.cast = definition.cast
        self.approvals = frozenset(map(str, definition.approvals))
        self.pools = {str(name): str(pool.of) for name, pool in definition.pools.items()}
        self.views = {str(name): str(view.of) for name, view in definition.views.items()}
        self.name = name
        self.written = written
        self.records: dict[str, str] = {}  # name → object
        self.people: set[str] = set()
        self.actor: Word | None = None
        self.doors = DoorScenes(draft, definition, self.records, self.people)
        self.deciding = ApprovalScenes(draft, definition, self.records, self.people)

    def read(self) -> Scenario:
        written = self.written
        given = [*self.cast, *written.given]
        for each in given:
            self._introduce(each)
        before = [step for each in given if (step := self._given(each)) is not None]
        if written.as_ is not None:
            self._act(written.as_)
        steps = [step for each in written.steps if (step := self._step(each)) is not None]
        if self.written.as_ is not None:
            word = self.written.as_
            steps.insert(0, SceneStep("as", f"as: {word}", word.place, login=str(word)))
        title = written.title or Title.same(str(self.name))
        return Scenario(str(self.name), title, tuple(before), tuple(steps), self._starts_at(), self.name.place)

    def _starts_at(self) -> datetime:
        written = self.written.at
        return MONDAY_MORNING if written is None else self._instant(written, written) or MONDAY_MORNING

    def _instant(self, word: Word, text: str) -> datetime | None:
        try:
            return datetime.strptime(text.strip(), _AT)
        except ValueError:
            expected = ("`2026-03-02 09:00` 这样的时刻", "a moment such as `2026-03-02 09:00`")
            self.draft.report(codes.WRONG_VALUES.at(word.place, line="`at`", expected=expected))
            return None

    def _introduce(self, step: Step) -> None:
        """Names first: people and records may speak of each other in any order."""
        said = step.said
        if said.kind == "user":
            if said.names[0] in self.people:
                self.draft.report(codes.TAKEN.at(said.names[0].place, name=str(said.names[0])))
            self.people.add(str(said.names[0]))
        elif said.kind == "record" and len(said.names) == 2:
            self._name(said.names[1], str(said.names[0]))

    def _name(self, name: Word, object_name: str) -> None:
        self.draft.report(*names.check_name(name))
        if name in self.records:
            self.draft.report(codes.TAKEN.at(name.place, name=str(name)))
        self.records[str(name)] = object_name

    def _given(self, step: Step) -> SceneStep | None:
        said = step.said
        if said.kind not in _GIVEN:
            where = ("`given:`", "`given:`")
            self.draft.report(codes.NOT_HERE.at(step.place, line=f"`{said.source.text}`", where=where))
            return None
        if said.kind == "user":
            values = self._values(self.draft.objects[USER], step)
            return SceneStep("user", said.source.text, step.place, login=str(said.names[0]), values=values)
        owner = self.draft.object(said.names[0])
        if owner is None:
            return None
        name = str(said.names[1]) if len(said.names) == 2 else None
        return SceneStep("given", said.source.text, step.place, name, str(owner.name), values=self._values(owner, step))

    def _step(self, step: Step) -> SceneStep | None:
        said = step.said
        if said.kind in _GIVEN:
            self.draft.report(codes.NOT_HERE.at(step.place, line=f"`{said.source.text}`", where=("`steps:`", "`steps:`")))
            return None
        if said.kind == "expect":
            return self._expect(step)
        if said.kind in ("wait", "stands"):
            return self._wait(step)
        if said.kind == "as":
            return self._as(step)
        if self.actor is None and said.kind not in ("message", "webhook"):
            self.draft.report(codes.NOBODY_ACTS.at(step.place))
        return self._do(step)

    def _do(self, step: Step) -> SceneStep | None:
        """A line that somebody acts in."""
        said, kind = step.said, step.said.kind
        refused = None if step.refused is None else str(step.refused)
        if kind in ("message", "webhook"):
            return self.doors.happens(step)
        if kind in ("create", "import"):
            owner = self.draft.object(said.names[0])
            if owner is None:
                return None
            if len(said.names) == 2:
                self._name(said.names[1], str(owner.name))
            rows = self._rows(owner, step) if kind == "import" else ()
            values = {} if kind == "import" else self._values(owner, step)
            name = str(said.names[1]) if len(said.names) == 2 else None
            form = self.doors.form(said.form, str(owner.name))
            return SceneStep(
                kind, said.source.text, step.place, name, str(owner.name), values=values, rows=rows, refused=refused, form=form
            )
        if kind == "todo":
            record = None if said.about is None else self._record(said.about)
            about = None if said.about is None or record is None else str(said.about)
            return SceneStep(f"{said.act} todo", said.source.text, step.place, about, refused=refused)
        if kind == "handover":
            people = tuple(self._person(name) for name in said.names)
            return SceneStep(kind, said.source.text, step.place, names=people, refused=refused)
        if kind in PASSED_ON:
            return self.deciding.passing(step)
        found = self._record(said.names[-1] if kind in _TICKED else said.names[0])
        if found is None:
            return None
        if kind == "split":
            return self._split(step, found)
        if kind in _TICKED:
            return self._tick(step, found)
        if kind in _SPOKEN:
            return self._speak(step, found)
        stage = None
        if kind == "move":
            way = find_stage(self.draft, found, said.names[1])
            action, stage = (None, None) if way is None else (way[0].name, way[1])
            values = self._values(found, step)
            name = str(said.names[0])
            return SceneStep(
                kind, said.source.text, step.place, name, str(found.name), stage=stage, action=action, values=values, refused=refused
            )
        name, owner_name = str(said.names[0]), str(found.name)
        values, form = self._values(found, step), self.doors.form(said.form, owner_name)
        return SceneStep(kind, said.source.text, step.place, name, owner_name, stage=stage, values=values, refused=refused, form=form)

    def _tick(self, step: Step, owner: DraftObject) -> SceneStep | None:
        """`do compared on d1`, behind whose colon may stand a place; `undo compared on d1`."""
        said, action = step.said, step.said.names[0]
        if step.value is not None and not isinstance(step.value, Word):
            self._wrong(step, ("地点", "a place"))
            return None
        known = {name for pipeline in owner.pipelines for name in pipeline.actions}
        if action not in known:
            near = nearest(action, known)
            self.draft.report(
                UNKNOWN_ACTION.at(action.place, object=str(owner.name), name=str(action), known=", ".join(known), nearest=near)
            )
            return None
        text = None if step.value is None else str(step.value)
        refused = None if step.refused is None else str(step.refused)
        name, about = str(said.names[1]), str(owner.name)
        return SceneStep(said.kind, said.source.text, step.place, name, about, action=str(action), values={"text": text}, refused=refused)

    def _split(self, step: Step, owner: DraftObject) -> SceneStep | None:
        """`split c1: [{…}, {…}]`, or `{p1: {…}, p2: {…}}`: a part that has a name already is changed; `c1: {…}` changes the record."""
        said, value = step.said, step.value
        splits = next((p.splits for p in owner.pipelines if p.splits is not None), None)
        if splits is None:
            self.draft.report(NO_SPLITS.at(step.place, object=str(owner.name)))
            return None
        part, own = self.draft.objects[splits.into], str(said.names[0])
        pairs = list(value.items()) if isinstance(value, Entries) else [(None, row) for row in value] if isinstance(value, Items) else None
        if pairs is None or not all(isinstance(row, Entries) for _, row in pairs):
            self._wrong(step, ("`[{字段: 值}, …]` 或 `{名称: {字段: 值}, …}`", "`[{field: value}, …]` or `{name: {field: value}, …}`"))
            return None
        values: dict[str, Any] = {}
        rows, names = [], []
        for name, row in pairs:
            assert isinstance(row, Entries)
            if name == own:
                values = self._of(owner, row)
                continue
            if name is not None and self.records.get(name) != part.name:
                self._name(name, str(part.name))
            rows.append(self._of(part, row))
            names += [] if name is None else [str(name)]
        refused = None if step.refused is None else str(step.refused)
        return SceneStep(
            "split", said.source.text, step.place, own, str(part.name), values=values, rows=tuple(rows), names=tuple(names), refused=refused
        )

    def _speak(self, step: Step, owner: DraftObject) -> SceneStep | None:
        """A line with a text behind its colon: `reject c1: too dear`, `comment d1: …`, `submit c1: contract`, `approve c1`."""
        said = step.said
        if step.value is not None and not isinstance(step.value, Word):
            self._wrong(step, ("一段文字", "a text"))
            return None
        refused = None if step.refused is None else str(step.refused)
        text = None if step.value is None else str(step.value)
        if said.kind == "submit" and (text is None or text not in self.approvals):
            self._wrong(step, ("审批的名称", "the name of an approval"))
            return None
        name, about = str(said.names[0]), str(owner.name)
        to = self.deciding.step_of(step, about) if said.kind == "return" else None
        return SceneStep(said.kind, said.source.text, step.place, name, about, action=to, values={"text": text}, refused=refused)

    def _record(self, name: Word) -> DraftObject | None:
        found = self.records.get(name)
        if found is None:
            self.draft.report(codes.UNKNOWN_RECORD.at(name.place, name=str(name), nearest=nearest(name, self.records)))
            return None
        return self.draft.objects.get(found)

    def _person(self, name: Word) -> str:
        if name not in self.people:
            self.draft.report(codes.UNKNOWN_PERSON.at(name.place, name=str(name), nearest=nearest(name, self.people)))
        return str(name)

    def _values(self, owner: DraftObject, step: Step) -> dict[str, Any]:
        if step.value is None:
            return {}
        if not isinstance(step.value, Entries):
            self._wrong(step, ("`{字段: 值}`", "`{field: value}`"))
            return {}
        return self._of(owner, step.value)

    def _of(self, owner: DraftObject, written: Entries) -> dict[str, Any]:
        found = {}
        for name, value in written.items():
            if name in _EXTRA or self.draft.field(owner, name) is not None:
                found[str(name)] = plain(value)
        return found

    def _rows(self, owner: DraftObject, step: Step) -> tuple[dict[str, Any], ...]:
        if step.said.count is not None and isinstance(step.value, Entries):
            return (self._of(owner, step.value),) * step.said.count
        rows = step.value if isinstance(step.value, Items) else Items(step.place)
        if not rows or not all(isinstance(row, Entries) for row in rows):
            self._wrong(step, ("一个列表，每行是 `{字段: 值}`", "a list with `{field: value}` in each row"))
            return ()
        return tuple(self._of(owner, row) for row in rows)

    def _wrong(self, step: Step, expected: tuple[str, str]) -> None:
        place = step.place if step.value is None else step.value.place
        self.draft.report(codes.WRONG_VALUES.at(place, line=f"`{step.said.source.text}`", expected=expected))

    def _wait(self, step: Step) -> SceneStep | None:
        """`wait: 72 hours`, `chen stands in for li.wei: until 2026-03-05 18:00`."""
        text, said = step.value, step.said
        if not isinstance(text, Word):
            self._wrong(
                step, ("时长，例如 `72 hours`，或 `until 2026-03-02 09:00`", "a duration such as `72 hours`, or `until 2026-03-02 09:00`")
            )
            return None
        people = tuple(self._person(name) for name in said.names)
        told = f"{said.source.text}: {text}"
        if text.startswith(("until ", "到 ")):
            until = self._instant(text, text.partition(" ")[2])
            return SceneStep(said.kind, told, step.place, names=people, until=until)
        long, problems = moments.duration(text.source)
        self.draft.report(*problems)
        if long is None:
            return None
        spoken = plain(long)
        amount = read_amount(int(spoken["amount"]), str(spoken["unit"]), bool(spoken.get("working")))
        if not isinstance(amount, Amount):
            self._wrong(step, amount)
            return None
        return SceneStep(said.kind, told, step.place, names=people, amount=amount)

    def _as(self, step: Step) -> SceneStep | None:
        if not isinstance(step.value, Word):
            self._wrong(step, ("登录名", "a login"))
            return None
        self._act(step.value)
        return SceneStep("as", f"as: {step.value}", step.place, login=str(step.value))

    def _act(self, name: Word) -> None:
        self.actor = name
        self._person(name)

    def _expect(self, step: Step) -> SceneStep | None:
        text: Written | None = step.value
        if not isinstance(text, Word):
            self._wrong(step, ("期望，例如 `todo for wang.zong about d1`", "what is expected, such as `todo for wang.zong about d1`"))
            return None
        if step.said.names:
            return self._holds(step, text)
        said, problems = expectation(text.source)
        self.draft.report(*problems)
        return None if said is None else self._expected(step, said)

    def _held(self, step: Step, said: Said) -> SceneStep | None:
        """`d1 in pool hq`, `d1 belongs to li.wei`."""
        name, other = said.names
        owner = self._record(name)
        if owner is None:
            return None
        text, kind = f"expect: {said.source.text}", f"expect {said.kind}"
        if said.kind == "belongs":
            return SceneStep(kind, text, step.place, str(name), str(owner.name), self._person(other), expected=said)
        if other not in self.pools or self.pools[other] != owner.name:
            known = [pool for pool, of in self.pools.items() if of == owner.name]
            near = nearest(other, known)
            self.draft.report(UNKNOWN_POOL.at(other.place, name=str(other), known=", ".join(known), nearest=near))
            return None
        return SceneStep(kind, text, step.place, str(name), str(owner.name), stage=str(other), expected=said)

    def _holds(self, step: Step, text: Word) -> SceneStep | None:
        """`expect d1: amount = 3`."""
        (name,) = step.said.names
        owner = self._record(name)
        if owner is None:
            return None
        condition = self._condition(text, str(owner.name))
        return SceneStep("expect holds", f"expect {name}: {text}", step.place, str(name), str(owner.name), condition=condition)

    def _condition(self, text: Word, object_name: str) -> Any:
        known = {name: Record(of) for name, of in self.records.items()}
        return self.draft.expression(text, self.draft.scope(object_name, names=known), Boolean())

    def _expected(self, step: Step, said: Said) -> SceneStep | None:
        text, place, kind = f"expect: {said.source.text}", step.place, f"expect {said.kind}"
        if kind in ("expect todo", "expect message"):
            login = self._person(said.names[0])
            record = None if said.about is None or self._record(said.about) is None else str(said.about)
            return SceneStep(kind, text, place, record, login=login, expected=said)
        if kind == "expect records":
            owner = self.draft.object(said.names[0])
            if owner is None:
                return None
            condition = None if said.condition is None else self._condition(said.condition, str(owner.name))
            return SceneStep(kind, text, place, object=str(owner.name), expected=said, condition=condition)
        if kind in ("expect sent", "expect called"):
            return self.doors.expected(step, said)
        if kind in ("expect nothing", "expect warning"):
            return SceneStep(kind, text, place, expected=said)
        if kind in ("expect pool", "expect belongs"):
            return self._held(step, said)
        if kind == "expect mail":
            if said.names[0] in self.records:
                return self.doors.mailed(step, said)
            return SceneStep(kind, text, place, login=self._person(said.names[0]), expected=said)
        if kind in ("expect lists", "expect coloured"):
            return self._seen(step, said)
        has_person = kind in ("expect may", "expect asked")
        person = self._person(said.names[0]) if has_person else None
        name = said.about if said.about is not None else said.names[1] if has_person else said.names[0]
        owner = self._record(name)
        if owner is None:
            return None
        stage = pipeline = None
        if kind == "expect stage" or said.act == "move":
            way = self._stage(owner, said.names[-1])
            pipeline, stage = (None, None) if way is None else (way[0].name, way[1])
        return SceneStep(kind, text, place, str(name), str(owner.name), person, stage, pipeline, expected=said)

    def _seen(self, step: Step, said: Said) -> SceneStep | None:
        """`hot lists d1, d2`, `d1 is red in hot`: the records are of the view's object."""
        is_list = said.kind == "lists"
        view, records = (said.names[0], said.names[1:]) if is_list else (said.names[1], said.names[:1])
        if view not in self.views:
            self.draft.report(codes.UNKNOWN_VIEW.at(view.place, name=str(view), nearest=nearest(view, self.views)))
            return None
        of = {str(name): self._record(name) for name in records}
        for name in records:
            found = of[str(name)]
            if found is not None and str(found.name) != self.views[view]:
                self.draft.report(codes.OTHER_VIEW.at(name.place, name=str(name), view=str(view), object=self.views[view]))
                return None
        record = None if is_list else str(records[0])
        return SceneStep(f"expect {said.kind}", f"expect: {said.source.text}", step.place, record, self.views[view], expected=said)

    def _stage(self, owner: DraftObject, name: Word) -> Found | None:
        if not owner.pipelines:
            self.draft.report(name_codes.UNKNOWN_FIELD.at(name.place, object=str(owner.name), name="stage", nearest=None))
            return None
        return find_stage(self.draft, owner, name)
