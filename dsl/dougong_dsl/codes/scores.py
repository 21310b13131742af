"""Diagnostics about scores."""

from dougong_dsl.diagnostics import Code, Severity

BANDS_OVERLAP = Code(
    "T260",
    Severity.ERROR,
    "{points} 分既属于等级 `{first}`，又属于 `{second}`",
    "{points} points are both in the band `{first}` and in `{second}`",
    "`30..60` 是从 30 分起、不到 60 分；让每个等级从上一个结束的地方开始。",
    "`30..60` is from 30 on and below 60; let each band begin where the one before it ends.",
)
BANDS_GAP = Code(
    "T712",
    Severity.WARNING,
    "{points} 分不属于任何等级，这样的记录没有等级",
    "{points} points are in no band: such a record has none",
    "让等级互相接上；最低的写成 `< 30`，最高的写成 `>= 60`。",
    "Let the bands meet; write the lowest as `< 30` and the highest as `>= 60`.",
)
BAND_UNREACHED = Code(
    "T713",
    Severity.WARNING,
    "没有记录能到等级 `{band}`：规则最少给 {least} 分，最多给 {most} 分",
    "No record gets into the band `{band}`: the rules give {least} to {most} points",
    "改正等级的分数，或规则的分数。",
    "Mend the bounds of the band, or the points of the rules.",
)
