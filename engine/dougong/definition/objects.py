"""Objects, their checks and the named lists of options."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from dougong.definition.fields import FieldDefinition, FieldEntry
from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Each, Message, Text, TitleText, one_of


class CheckDefinition(Part):
    """A rule over a record that must not be false."""

    label: ClassVar[Spoken] = ("检查规则", "a check")

    rule: Text
    message: Message
    severity: Annotated[str, one_of("error", "warning")] = "error"


class ObjectDefinition(Part):
    """A kind of record."""

    label: ClassVar[Spoken] = ("对象", "an object")
    later: ClassVar[Mapping[str, Spoken]] = {
        "duplicates": ("查重规则 duplicates", "rules against duplicates"),
    }

    title: TitleText | None = None
    icon: Text | None = None
    record_title: Text | None = None
    fields: Annotated[dict[Text, FieldEntry], Each(FieldDefinition.label)]
    checks: Annotated[tuple[CheckDefinition, ...], Each(CheckDefinition.label)] = ()
    was: Text | None = None
