"""`long_text`: text of several lines."""

from collections.abc import Sequence
from typing import Any

from dougong_dsl.titles import Title
from pydantic import Field as Option

from dougong.fields import base
from dougong.fields.operators import BLANK, CONTAINS, FILLED
from dougong.fields.text import TextField


class LongTextOptions(base.Options):
    """`max`: characters (1 to 1,000,000)."""

    max: int = Option(20_000, ge=1, le=1_000_000)


class LongTextField(TextField):
    """Several lines, each ended by a line feed whatever the browser sent."""

    key = "long_text"
    title = Title("多行文本", "Long text")
    Options = LongTextOptions
    widget = "long_text"
    operators = (CONTAINS, BLANK, FILLED)
    keeps_lines = True

    def samples(self) -> Sequence[Any]:
        return ("第一行\n第二行", "tab\there", "单行", "x" * min(3000, self.options.max))
