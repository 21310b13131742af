"""Lines of scenarios about people in approvals: passing on, adding signers, returning to a step, standing in for somebody."""

from collections.abc import Collection, Mapping

from dougong_dsl.codes import scenarios as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Word

from dougong.definition.app import AppDefinition
from dougong.definition.scenarios import Step
from dougong.model.drafts import Draft
from dougong.model.scenarios import SceneStep

KINDS = ("transfer", "ask")


class ApprovalScenes:
    """Reads them; `records` (name → object) and `people` grow while a scenario is read."""

    def __init__(self, draft: Draft, definition: AppDefinition, records: Mapping[str, str], people: Collection[str]) -> None:
        self.draft = draft
        self.definition = definition
        self.records = records
        self.people = people

    def passing(self, step: Step) -> SceneStep | None:
        """`transfer c1 to chen: 请看`, `ask chen first about c1: 请看`."""
        said = step.said
        record, login = (said.about, said.names[0]) if said.about is not None else (said.names[0], said.names[1])
        if record not in self.records:
            self.draft.report(codes.UNKNOWN_RECORD.at(record.place, name=str(record), nearest=nearest(record, self.records)))
            return None
        if step.value is not None and not isinstance(step.value, Word):
            expected = ("一段文字", "a text")
            self.draft.report(codes.WRONG_VALUES.at(step.value.place, line=f"`{said.source.text}`", expected=expected))
            return None
        text = None if step.value is None else str(step.value)
        refused = None if step.refused is None else str(step.refused)
        return SceneStep(
            said.kind,
            said.source.text,
            step.place,
            str(record),
            self.records[record],
            self.person(login),
            action=said.act,
            values={"text": text},
            refused=refused,
        )

    def step_of(self, step: Step, object_name: str) -> str | None:
        """The step in `return c1 to 法务`; one that no approval of the record has is reported."""
        said = step.said
        name = said.saying if said.saying is not None else said.names[1] if len(said.names) == 2 else None
        if name is None:
            return None
        mine = [each for each in self.definition.approvals.values() if each.of == object_name]
        known = [str(title) for each in mine for group in each.steps for title in group]
        if name not in known:
            expected = (
                "这条记录的审批步骤：" + "、".join(known),
                "a step of the record's approvals: " + ", ".join(f"“{each}”" for each in known),
            )
            self.draft.report(codes.WRONG_VALUES.at(name.place, line="`to`", expected=expected))
        return str(name)

    def person(self, name: Word) -> str:
        """Somebody of the scenario."""
        if name not in self.people:
            self.draft.report(codes.UNKNOWN_PERSON.at(name.place, name=str(name), nearest=nearest(name, self.people)))
        return str(name)
