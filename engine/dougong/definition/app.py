"""The whole definition: every key that may stand at the top of a file."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.sentences.written import Entries, Items, Word, Written
from pydantic import Field as Key
from pydantic import ValidationError

from dougong.definition.approvals import ApprovalDefinition
from dougong.definition.calendars import CalendarDefinition
from dougong.definition.channels import ChannelDefinition, ConnectorDefinition, WebhookDefinition
from dougong.definition.dispatch import DecisionTableDefinition, PoolDefinition
from dougong.definition.documents import DocumentDefinition
from dougong.definition.faces import FormDefinition, ViewDefinition
from dougong.definition.flow import PipelineDefinition, TriggerDefinition
from dougong.definition.mistakes import Collector, Spoken, wrong_kind
from dougong.definition.objects import ObjectDefinition
from dougong.definition.part import Part
from dougong.definition.rights import RoleDefinition
from dougong.definition.scenarios import ScenarioDefinition, StepLine
from dougong.definition.scores import ScoreDefinition
from dougong.definition.values import Each, Scalar, Text, TitleText


def read_options(value: Written) -> Entries | Items:
    """A named list of options, as written."""
    if not isinstance(value, Entries | Items):
        raise wrong_kind(value, ("选项列表", "a list of options"))
    return value


OptionList = Annotated[
    Any,
    Scalar(
        read_options,
        {
            "anyOf": [
                {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
                {"type": "object", "additionalProperties": {"anyOf": [{"type": ["string", "number", "null"]}, {"type": "object"}]}},
            ]
        },
    ),
]


def read_changes(value: Written) -> Entries:
    """Changes by dotted path; composition makes them before anything else is read."""
    if not isinstance(value, Entries):
        raise wrong_kind(value, ("一组“路径: 新值”", "a mapping of paths to new values"))
    return value


def read_uses(value: Written) -> Written:
    """Building blocks, each perhaps under a name of its own; composition has seen to them before anything else is read."""
    for each in value if isinstance(value, Items) else [value]:
        for word in each.values() if isinstance(each, Entries) else [each]:
            if not isinstance(word, Word) or word.value is None:
                expected = (
                    "积木的名称，例如 customers，或 {crm: customers}",
                    "the name of a building block, such as customers or {crm: customers}",
                )
                raise wrong_kind(word, expected)
    return value


_USES = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
Uses = Annotated[Any, Scalar(read_uses, {"anyOf": [*_USES["anyOf"], {"type": "array", "items": _USES}]})]
Changes = Annotated[Any, Scalar(read_changes, {"type": "object"})]


class AppDefinition(Part):
    """An app."""

    label: ClassVar[Spoken] = ("应用", "an app")
    later: ClassVar[Mapping[str, Spoken]] = {
        "syncs": ("同步 syncs", "syncs"),
        "metrics": ("指标 metrics", "metrics"),
        "dashboards": ("仪表盘 dashboards", "dashboards"),
        "vocabulary": ("词汇表 vocabulary", "vocabulary"),
        "teams": ("团队 teams", "teams"),
    }

    app: Text
    version: Text | None = None
    uses: Uses = None
    change: Changes = None
    title: TitleText | None = None
    timezone: Text | None = None
    currency: Text | None = None
    calendar: CalendarDefinition | None = None
    calendars: Annotated[dict[Text, CalendarDefinition], Each(CalendarDefinition.label)] = Key(default_factory=dict)
    lists: Annotated[dict[Text, OptionList], Each(("选项列表", "a list of options"))] = Key(default_factory=dict)
    objects: Annotated[dict[Text, ObjectDefinition], Each(ObjectDefinition.label)]
    pipelines: Annotated[dict[Text, PipelineDefinition], Each(PipelineDefinition.label)] = Key(default_factory=dict)
    triggers: Annotated[dict[Text, TriggerDefinition], Each(TriggerDefinition.label)] = Key(default_factory=dict)
    approvals: Annotated[dict[Text, ApprovalDefinition], Each(ApprovalDefinition.label)] = Key(default_factory=dict)
    decision_tables: Annotated[dict[Text, DecisionTableDefinition], Each(DecisionTableDefinition.label)] = Key(default_factory=dict)
    channels: Annotated[dict[Text, ChannelDefinition], Each(ChannelDefinition.label)] = Key(default_factory=dict)
    webhooks: Annotated[dict[Text, WebhookDefinition], Each(WebhookDefinition.label)] = Key(default_factory=dict)
    connectors: Annotated[dict[Text, ConnectorDefinition], Each(ConnectorDefinition.label)] = Key(default_factory=dict)
    pools: Annotated[dict[Text, PoolDefinition], Each(PoolDefinition.label)] = Key(default_factory=dict)
    scores: Annotated[dict[Text, ScoreDefinition], Each(ScoreDefinition.label)] = Key(default_factory=dict)
    roles: Annotated[dict[Text, RoleDefinition], Each(RoleDefinition.label)] = Key(default_factory=dict)
    forms: Annotated[dict[Text, FormDefinition], Each(FormDefinition.label)] = Key(default_factory=dict)
    views: Annotated[dict[Text, ViewDefinition], Each(ViewDefinition.label)] = Key(default_factory=dict)
    documents: Annotated[dict[Text, DocumentDefinition], Each(DocumentDefinition.label)] = Key(default_factory=dict)
    cast: Annotated[tuple[StepLine, ...], Each(("场景中的人和记录", "what every scenario starts with"), may_be_empty=True)] = ()
    scenarios: Annotated[dict[Text, ScenarioDefinition], Each(ScenarioDefinition.label)] = Key(default_factory=dict)


Parts = dict[tuple[int, str, str], tuple[Written, Any]]


def define(merged: Entries, kept: Parts | None = None) -> tuple[AppDefinition | None, list[Diagnostic], frozenset[str]]:
    """The definition in an app's merged files, what is wrong with it, and the names that were written but left out.

    `kept` holds the parts made of the same written values before; it is left with those of this reading.
    """
    found = Collector(kept)
    try:
        app = AppDefinition.model_validate(merged, context=found)
    except ValidationError as error:
        found.note(error, merged, AppDefinition.label)
        app = None
    if kept is not None:
        kept.clear()
        kept.update(found.kept)
    return app, found.diagnostics, frozenset(found.broken)
