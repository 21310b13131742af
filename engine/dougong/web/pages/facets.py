"""A facet is a field as a page sees it: title in the reader's language, widget, options with their colours.

The engine's own facts of a record (stage, created_at, …) are facets too, so that lists and timelines treat them alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dougong_dsl.titles import Title
from markupsafe import Markup

from dougong.fields.base import FieldType, Language, Operator
from dougong.fields.operators import EQUAL, NOT_EQUAL, ONE_OF
from dougong.model.app import App, Field, Object
from dougong.model.flow import Pipeline
from dougong.web.pages.reader import Reader
from dougong.web.pages.templates import macro

NUMERIC = frozenset({"integer", "number", "money", "percent"})
TONES = ("calm", "teal", "plum", "warn", "good", "accent")
FACTS: Mapping[str, tuple[str, Title]] = {
    "stage": ("stage", Title("阶段", "Stage")),
    "stage_since": ("datetime", Title("进入阶段", "In stage since")),
    "created_at": ("datetime", Title("创建时间", "Created")),
    "created_by": ("user", Title("创建人", "Created by")),
    "updated_at": ("datetime", Title("更新时间", "Updated")),
    "updated_by": ("user", Title("更新人", "Updated by")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice, or one stage; `tone` is a colour word of the stylesheet."""

    name: str
    title: str
    tone: str


@dataclass(frozen=True, slots=True)
class Facet:
    """`type` is None for the engine's own facts; `target` the object of a link."""

    name: str
    title: str
    widget: str
    type: FieldType | None = None
    options: Mapping[str, Option] = field(default_factory=dict)
    target: str | None = None
    is_masked: bool = False

    @property
    def is_number(self) -> bool:
        """Whether values stand right and can be added up."""
        return self.widget in NUMERIC

    @property
    def is_sortable(self) -> bool:
        """Whether a list may be ordered by it."""
        return not self.is_masked and (self.type is None or self.type.is_sortable)

    @property
    def operators(self) -> Sequence[Operator]:
        """What it can be filtered by; nothing when it is masked."""
        if self.is_masked:
            return ()
        if self.type is not None:
            return self.type.operators
        return (EQUAL, NOT_EQUAL, ONE_OF) if self.widget == "stage" else ()

    def option(self, name: str) -> Option:
        """An option; one that the definition no longer has shows its name."""
        return self.options.get(name) or Option(name, name, "")

    def text(self, value: Any, reader: Reader) -> str:
        """The value as plain text."""
        if value is None or value == ():
            return ""
        if isinstance(value, str) and self.is_masked:
            return value
        if self.target is not None:
            return reader.title(self.target, value)
        if self.widget == "stage":
            return self.option(value).title
        return self.type.format(value, reader.reading) if self.type else str(value)

    def show(self, value: Any, reader: Reader) -> Markup:
        """The value as markup, by its widget's template."""
        if value is None or value == ():
            return Markup()
        widget = "text" if self.is_masked else self.widget
        text = "" if widget in ("datetime", "file", "link", "user", "choice", "tags", "stage") else self.text(value, reader)
        return macro(reader.reading.language, f"widgets/{widget}.html", "show")(value, text, self, reader)


def facets(app: App, made: Object, names: Sequence[str], language: Language, masked: frozenset[str] = frozenset()) -> list[Facet]:
    """The facets of the named fields and facts, in the given order; unknown names are left out."""
    found = (facet(app, made, name, language, name in masked) for name in names)
    return [f for f in found if f is not None]


def facet(app: App, made: Object, name: str, language: Language, is_masked: bool = False) -> Facet | None:
    """One facet, or None when the object has no such name."""
    del app
    if name in made.fields:
        given = made.fields[name]
        pipeline = next((p for p in made.tracks if p.field == name), None)
        if pipeline is not None and not is_masked:
            return Facet(name, given.title.text(language), "stage", given.type, stages(pipeline, language))
        return Facet(
            name, given.title.text(language), given.type.widget, given.type, choices(given.type, language), given.type.target, is_masked
        )
    if name not in FACTS or (name.startswith("stage") and made.pipeline is None):
        return None
    widget, title = FACTS[name]
    return Facet(
        name,
        title.text(language),
        widget,
        None,
        stages(made.pipeline, language) if name == "stage" else {},
        "user" if widget == "user" else None,
    )


def choices(kind: FieldType, language: Language) -> dict[str, Option]:
    """The options of a choice; a handful get colours, a long list stays grey."""
    coloured = len(kind.choices) <= len(TONES)
    return {n: Option(n, t.text(language), TONES[i] if coloured else "") for i, (n, t) in enumerate(kind.choices.items())}


def stages(pipeline: Pipeline | None, language: Language) -> dict[str, Option]:
    """The stages as options; the tone is the kind of the stage."""
    stages = () if pipeline is None else pipeline.stages.values()
    return {stage.name: Option(stage.name, stage.title.text(language), stage.kind) for stage in stages}


def owner_field(fields: Iterable[Field]) -> str | None:
    """The field that says whose a record is: `owner`, `负责人`, else the first user field."""
    users = [f.name for f in fields if f.type.target == "user"]
    return next((n for n in users if n in ("owner", "负责人")), users[0] if users else None)
