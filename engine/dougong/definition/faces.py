"""Forms and views as they may be written."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Names, Text, TitleText, Whole, one_of

COLOURS = ("red", "orange", "yellow", "green", "blue", "grey")


class SectionDefinition(Part):
    """A group of fields on a form."""

    label: ClassVar[Spoken] = ("表单分组", "a section of a form")

    title: TitleText | None = None
    columns: Whole = 2
    show_when: Text | None = None
    fields: Names


class FormDefinition(Part):
    """What a person fills for an object."""

    label: ClassVar[Spoken] = ("表单", "a form")
    later: ClassVar[Mapping[str, Spoken]] = {
        "public": ("公开表单 public", "public forms"),
        "spam_guard": ("防骚扰 spam_guard", "spam guards"),
        "kind": ("表单种类 kind", "kinds of forms"),
        "side": ("表单侧栏 side", "side panels of forms"),
    }

    of: Text
    title: TitleText | None = None
    budget: Text | None = None
    fields: Names | None = None
    sections: Annotated[tuple[SectionDefinition, ...], Each(SectionDefinition.label)] | None = None


class ViewDefinition(Part):
    """A saved list or kanban of an object's records."""

    label: ClassVar[Spoken] = ("视图", "a view")

    of: Text
    title: TitleText | None = None
    kind: Annotated[str, one_of("table", "kanban")] = "table"
    pipeline: Text | None = None
    where: Text | None = None
    columns: Names | None = None
    order: Names = ()
    highlight: dict[Annotated[str, one_of(*COLOURS)], Text] | None = None
