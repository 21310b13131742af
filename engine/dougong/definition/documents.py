"""Documents as they may be written: a template of HTML that a record fills in, and how its copies are numbered."""

from typing import ClassVar

from pydantic import Field as Key

from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Names, Text, TitleText


class DocumentDefinition(Part):
    """A document about a record."""

    label: ClassVar[Spoken] = ("文档", "a document")

    of: Text
    title: TitleText | None = None
    template: Text
    number: Text | None = None
    as_: Names = Key(default=(), alias="as")
