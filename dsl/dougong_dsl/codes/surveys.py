"""Diagnostics about surveys."""

from dougong_dsl.diagnostics import Code, Severity

SURVEY_LINK = Code(
    "T261",
    Severity.ERROR,
    "表单 `{form}` 填的是 `{of}`，它要有一个（也只有一个）关联到 `{object}` 的字段",
    "The form `{form}` fills in `{of}`, which needs one link to `{object}`, and only one",
    "给 `{of}` 加一个字段，例如 `{object}: link {object} required`。",
    "Give `{of}` a field such as `{object}: link {object} required`.",
)
SURVEY_FORM = Code(
    "T262",
    Severity.ERROR,
    "`{of}` 的页面用的是第一张表单 `{first}`，调查表 `{form}` 打不开",
    "The pages of `{of}` use its first form `{first}`: nobody gets to `{form}`",
    "把 `{form}` 写在 `{first}` 前面，或者调查用 `{first}`。",
    "Put `{form}` before `{first}`, or let the survey use `{first}`.",
)
