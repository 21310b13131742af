"""The app, its objects and their fields: the values that everything else is derived from.

All mappings keep the order of the definition. Names are what the author wrote; `place` is where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.titles import Title
from dougong_dsl.working import Calendar

from dougong.fields.base import FieldType
from dougong.model.approvals import Approval
from dougong.model.channels import Channel, Connector, Webhook
from dougong.model.dispatch import DecisionTable, Pool
from dougong.model.documents import Document
from dougong.model.faces import Form, View
from dougong.model.flow import Pipeline, Trigger
from dougong.model.past import Pasts
from dougong.model.rights import Role
from dougong.model.scenarios import Scenario
from dougong.model.scores import Score
from dougong.model.text import Template


@dataclass(frozen=True, slots=True)
class Field:
    """One field. A computed field has `formula`; `is_stored` tells whether it has a column (see architecture, "Storage")."""

    name: str
    type: FieldType
    title: Title
    place: Place
    required: bool = False
    required_when: Expression | None = None
    show_when: Expression | None = None
    unique: bool = False
    indexed: bool = False
    searchable: bool = False
    masked: bool = False
    default: Expression | None = None
    formula: Expression | None = None
    is_stored: bool = True
    was: str | None = None
    help: Title | None = None
    is_kept: bool = False  # the engine fills it
    pipeline: str | None = None  # whose stage it holds: moves write it

    @property
    def is_writable(self) -> bool:
        """Whether a person may give the value at all (not computed, not numbered or kept by the engine)."""
        return self.formula is None and not self.type.is_numbered and not self.is_kept and self.pipeline is None


@dataclass(frozen=True, slots=True)
class Reverse:
    """The other end of a link: `child.through` points here; `name` is what expressions and pages call the list."""

    name: str
    child: str
    through: str
    title: Title


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that must not be false. `severity` is `error` (refuses the write) or `warning` (tells)."""

    rule: Expression
    message: Template
    severity: str
    place: Place


@dataclass(frozen=True, slots=True)
class Object:
    """A kind of record. `table` is its table's name; `retired` holds names of columns that are kept but unused."""

    name: str
    title: Title
    table: str
    record_title: str
    fields: Mapping[str, Field]
    place: Place
    reverses: Mapping[str, Reverse] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    pipeline: Pipeline | None = None
    icon: str = "folder"
    was: str | None = None
    retired: frozenset[str] = frozenset()
    is_system: bool = False  # the engine's own (`user`): not in menus
    tracks: tuple[Pipeline, ...] = ()  # pipelines beside the main one, each with its stage in a field

    @property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """All of its pipelines, the main one first."""
        return self.tracks if self.pipeline is None else (self.pipeline, *self.tracks)

    def named(self, pipeline: str) -> Pipeline:
        """One of its pipelines."""
        return next(p for p in self.pipelines if p.name == pipeline)

    def placed(self, stage: str) -> tuple[Pipeline, str] | None:
        """The pipeline and the stage that a name among those of all pipelines means (`won`, `quality_stage.passed`); None: neither any more."""
        field, dot, name = stage.rpartition(".")
        found = next((p for p in self.pipelines if p.field == (field if dot else "stage")), None)
        return (found, name) if found is not None and name in found.stages else None


@dataclass(frozen=True, slots=True)
class App:
    """A whole app, ready to be derived from. `files` are the texts it was read from: path → text (what a release keeps)."""

    name: str
    version: str
    title: Title
    zone: ZoneInfo
    currency: str
    objects: Mapping[str, Object]
    roles: Mapping[str, Role]
    triggers: Mapping[str, Trigger]
    forms: Mapping[str, Form]
    views: Mapping[str, View]
    files: Mapping[str, str]
    calendar: Calendar = field(kw_only=True)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    tables: Mapping[str, DecisionTable] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    connectors: Mapping[str, Connector] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    pasts: Pasts = field(default_factory=dict)  # of objects whose names an earlier release wrote otherwise
