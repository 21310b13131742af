"""Splits as they may be written: a record in parts that belong to several parties."""

from typing import Annotated, ClassVar

from dougong.definition.mistakes import Spoken
from dougong.definition.part import Part
from dougong.definition.values import Names, Text, one_of


class SplitDefinition(Part):
    """The object of the parts, what must add up, and when the whole may close.

    There is no short form `{contract: contract_parts}`: names of an author would stand among the keys there, and an object called `sums`
    could not be split into.
    """

    label: ClassVar[Spoken] = ("拆分", "a split")

    into: Text
    by: Text | None = None
    sums: Names = ()
    close_when: Annotated[Text, one_of("all", "any")] | None = None
