"""May a whole enter a stage that ends it well? The gate of moves asks, so that a button that would be refused says why."""

from dougong.derive.splits import SplitRule
from dougong.model.flow import Pipeline, Stage
from dougong.runtime.gate.draft import Draft
from dougong.runtime.read.titles import titles
from dougong.runtime.splits import refusals as codes
from dougong.runtime.splits.settling import is_enough

NAMED = 5  # open parts that a refusal names; the others are counted


def against_closing(draft: Draft, pipeline: Pipeline, stage: Stage) -> None:
    """Note that parts are still open."""
    rule = next((r for r in draft.rules.splits if r.pipeline.name == pipeline.name), None)
    if rule is None or draft.old is None or stage.name not in pipeline.ends_well:
        return
    parts = draft.unit.children(rule.part, rule.link, draft.old["id"])
    if is_enough(rule, parts):
        return
    title = (stage.title.zh, stage.title.en)
    spoken = draft.unit.compiled.rules(rule.part).spoken
    if rule.closing == "any":
        draft.refuse(codes.NO_PART_DONE, field=pipeline.field, clause=rule.clause, part=spoken, stage=title)
        return
    open_ = [part["id"] for part in parts if not rule.is_done(part)]
    names = _names(draft, rule, open_)
    draft.refuse(codes.PARTS_OPEN, field=pipeline.field, clause=rule.clause, count=len(open_), part=spoken, stage=title, names=names)


def _names(draft: Draft, rule: SplitRule, ids: list[int]) -> tuple[str, str]:
    """What the open parts are called, as far as the person may see them; rules that act by themselves name none."""
    unit = draft.unit
    seen = list(titles(unit, rule.part, ids).values()) if unit.actor is unit.person else []
    if not seen:
        return "", ""
    more = len(ids) > min(len(seen), NAMED)
    return f"：{'、'.join(seen[:NAMED])}{'等' if more else ''}", f": {', '.join(seen[:NAMED])}{' …' if more else ''}"
