"""`check --show model --why KEY`: where one key of the composed app comes from, in words."""

from typing import Any

from dougong_dsl.sentences.written import Written

from dougong.cli.speech import Language, Mistake, Speech
from dougong.compose.packages import CARRIED
from dougong.compose.provenance import Origin, Unknown, why
from dougong.definition.fields import plain
from dougong.pipeline import Built


def explain(built: Built, path: str, speech: Speech) -> None:
    """Say it, or `Mistake` when there is no such key."""
    assert built.composed is not None
    found = why(built.composed, path)
    if isinstance(found, Unknown):
        raise _unknown(found)
    speech.give(as_json(found))
    for zh, en in lines(found):
        speech.say(zh, en)


def lines(found: Origin) -> list[tuple[str, str]]:
    """The sentences, in Chinese and English."""
    said = [(f"{found.path}:{shown(found.value, 'zh')}", f"{found.path}: {shown(found.value, 'en')}")]
    if found.value is not None:
        said.append(
            (f"  写在 {found.place}（{source(found.place.file, 'zh')}）", f"  written at {found.place} ({source(found.place.file, 'en')})")
        )
    for change in found.changes:
        by = (change.by or "本应用", change.by or "this app")
        path = ".".join(change.path)
        before, after = ((shown(change.before, "zh"), shown(change.before, "en")), (shown(change.after, "zh"), shown(change.after, "en")))
        said.append(
            (
                f"  {by[0]}在 {change.place} 修改 {path}：{before[0]} → {after[0]}",
                f"  {by[1]} changed {path} at {change.place}: {before[1]} → {after[1]}",
            )
        )
    return said


def as_json(found: Origin) -> dict[str, Any]:
    """The same for a program."""
    changes = [
        {"path": ".".join(c.path), "by": c.by or None, "place": str(c.place), "before": _plain(c.before), "after": _plain(c.after)}
        for c in found.changes
    ]
    return {"path": found.path, "value": _plain(found.value), "place": str(found.place), "changes": changes}


def shown(value: Written | None, language: Language) -> str:
    """A value on one line."""
    if value is None:
        return "(没有)" if language == "zh" else "(nothing)"
    return _flow(plain(value))


def source(file: str, language: Language) -> str:
    """Whose file it is."""
    if file.startswith(CARRIED):
        name = file.split("/")[1]
        return f"积木 {name}" if language == "zh" else f"building block {name}"
    return "本应用" if language == "zh" else "this app"


def _plain(value: Written | None) -> Any:
    return None if value is None else plain(value)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)


def _unknown(found: Unknown) -> Mistake:
    near_zh = f"，是不是“{found.nearest}”？" if found.nearest else ""
    near_en = f"; did you mean “{found.nearest}”?" if found.nearest else ""
    inside = f"{found.known} " if found.known else ""
    return Mistake(f"{inside}里没有写 {found.path}{near_zh}", f"{found.path} is not written{near_en}")
