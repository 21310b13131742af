"""`dougong explain`: what is due of a record and why; with `--trigger` why that fired or did not, with `--dry-run` what it would do now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dougong.cli.opening import engine
from dougong.cli.options import DEFAULT_DATABASE, AppPath, Database, Output, Tongue
from dougong.cli.speech import WRONG_USAGE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong.engine import Engine
    from dougong.runtime.firing import Firing
    from dougong.runtime.triggers import Rehearsal

Line = tuple[str, str]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "explain",
        help="记录的时限怎么来的，触发器为什么触发、为什么没有 / what is due of a record and why; why a trigger fired, or did not",
    )(explain)


def explain(
    app: AppPath,
    record: Annotated[
        str | None, typer.Option("--record", metavar="OBJECT/ID", help="哪条记录，例如 deal/7 / the record, as in deal/7")
    ] = None,
    assignment: Annotated[
        str | None, typer.Option("--assignment", metavar="OBJECT/ID", help="这条记录为什么归这个人 / why the record went to whom it did")
    ] = None,
    scores: Annotated[bool, typer.Option("--scores", help="这条记录的评分怎么来的 / where the scores of the record come from")] = False,
    trigger: Annotated[str | None, typer.Option("--trigger", metavar="NAME", help="触发器 / the trigger")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="现在试一次，什么都不留下 / try it now, keep nothing")] = False,
    db: Database = DEFAULT_DATABASE,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Say it in sentences, each with the place of the clause that it is about."""
    speech = Speech.of(lang, output)
    if (record is None) == (assignment is None) or (assignment is not None and (trigger is not None or dry_run)):
        raise Mistake("请写 --record 或 --assignment，两者选一", "Give either --record or --assignment", WRONG_USAGE)
    object_name, record_id = _record(str(record or assignment))
    if dry_run and trigger is None:
        raise Mistake("--dry-run 需要 --trigger", "--dry-run needs --trigger", WRONG_USAGE)
    if scores and (record is None or trigger is not None):
        raise Mistake("--scores 只和 --record 一起写", "--scores goes with --record alone", WRONG_USAGE)
    with engine(db, app, speech) as running:
        if assignment is not None:
            _assignments(running, object_name, record_id, speech)
        elif scores:
            _scores(running, object_name, record_id, speech)
        elif trigger is None:
            _dues(running, object_name, record_id, speech)
        elif dry_run:
            with running.system_session("dry run") as session:
                tried = session.dry_run(trigger, object_name, record_id)
            for zh, en in _rehearsed(tried):
                speech.say(zh, en)
            speech.give({**asdict(tried), "refusals": [r.message(speech.language) for r in tried.refusals]})
        else:
            with running.system_session("explain", write=False) as session:
                found = session.explain_trigger(trigger, object_name, record_id)
            for zh, en in zip(found.lines("zh"), found.lines("en"), strict=True):
                speech.say(zh, en)
            speech.give(asdict(found))


def _assignments(running: "Engine", object_name: str, record_id: int, speech: Speech) -> None:
    from dougong.runtime.dispatch.explaining import explain_assignment  # lazy: the whole engine, only for this command

    with running.system_session("explain", write=False) as session:
        found = explain_assignment(session, object_name, record_id)
        zone = session.app.zone
    for each in found:
        (zh, en), *more = each.sentences
        at, place = each.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), f" ({each.clause})" if each.clause else ""
        speech.say(f"{at} {zh}{place}", f"{at} {en}{place}")
        for zh, en in more:
            speech.say(f"  {zh}", f"  {en}")
    if not found:
        speech.say("这条记录没有分配给谁过", "This was never given to anybody")
    chosen = 0 if speech.language == "zh" else 1
    speech.give([{**asdict(each), "sentences": [s[chosen] for s in each.sentences]} for each in found])


def _scores(running: "Engine", object_name: str, record_id: int, speech: Speech) -> None:
    from dougong.runtime.scores.explaining import explain_scores  # lazy: the whole engine, only for this command

    with running.system_session("explain", write=False) as session:
        found = explain_scores(session, object_name, record_id)
    for reason in found:
        for zh, en in reason.lines():
            speech.say(zh, en)
    if not found:
        speech.say("这个对象没有评分", "This object has no score")
    chosen = 0 if speech.language == "zh" else 1
    parts = [[{**asdict(p), "why": p.why[chosen]} for p in r.parts] for r in found]
    speech.give([{**asdict(r), "title": r.title[chosen], "parts": p} for r, p in zip(found, parts, strict=True)])


def _dues(running: "Engine", object_name: str, record_id: int, speech: Speech) -> None:
    from dougong.runtime.due.explain import explain_due  # lazy: the whole engine, only for this command

    with running.system_session("explain", write=False) as session:
        found = explain_due(session, object_name, record_id)
    for reason in found:
        zh, en = reason.sentence()
        speech.say(f"{zh} ({reason.clause})", f"{en} ({reason.clause})")
    if not found:
        speech.say("这条记录没有时限", "Nothing is due of this record")
    chosen = 0 if speech.language == "zh" else 1
    speech.give(
        [
            {
                "key": r.key,
                "kind": r.kind,
                "title": r.title[chosen],
                "start_at": r.start_at,
                "due_at": r.due_at,
                "fired_at": r.fired_at,
                "amounts": [a[chosen] for a in r.amounts],
                "calendar": r.calendar,
                "pauses": r.pauses,
                "sentence": r.sentence()[chosen],
                "clause": r.clause,
            }
            for r in found
        ]
    )


def _record(text: str) -> tuple[str, int]:
    name, slash, number = text.partition("/")
    if not slash or not number.isdecimal():
        raise Mistake(
            f"--record 要写成“对象/编号”，例如 deal/7，而不是 {text}", f"--record is object/number, as in deal/7, not {text}", WRONG_USAGE
        )
    return name, int(number)


def _rehearsed(found: "Rehearsal") -> Iterator[Line]:
    if found.refusals:
        yield "现在触发会被拒绝，什么都不会留下：", "Firing now would be refused, and nothing would be kept:"
        for refusal in found.refusals:
            yield f"  ✗ {refusal.message('zh')}", f"  ✗ {refusal.message('en')}"
    elif not found.firings:
        zh, en = found.why_not or ("", "")
        yield f"现在不会触发，条件不成立：需要{zh}", f"It would not fire now, its condition does not hold: it needs {en}"
    else:
        yield "现在触发会这样（什么都没有留下）：", "Firing now would do this (nothing was kept):"
    for firing in found.firings:
        yield from _fired(firing)


def _fired(firing: "Firing") -> Iterator[Line]:
    head = f"{firing.trigger} · {firing.object}/{firing.record_id}"
    yield head, head
    for did in firing.did:
        zh, en = _did(did)
        yield f"  {did['action']}：{zh} ({did['clause']})", f"  {did['action']}: {en} ({did['clause']})"


def _did(did: Mapping[str, Any]) -> Line:
    """What one action did: refusals, fields, to-dos, moves, records."""
    if did["outcome"] != "done":
        words = {"nothing": ("没有要做的", "nothing to do"), "skipped": ("条件不成立，跳过", "skipped, its condition does not hold")}
        refusals = did.get("refusals", ())
        refused = ("被拒绝：" + _joined(r["zh"] for r in refusals), "refused: " + _joined(r["en"] for r in refusals))
        return words.get(did["outcome"], refused)
    if "todos" in did:
        return f"给 {did['todos']} 的待办“{did['text'][0]}”", f"a to-do for {did['todos']}: “{did['text'][1]}”"
    told = [f"{n}: {_value(old)} → {_value(new)}" for n, (old, new) in did.get("fields", {}).items()]
    told += [f"{did['updated']}/{key}" for key in did.get("records", {})] if "updated" in did else []
    made = f"{did['created'][0]}/{did['created'][1]} " if "created" in did else ""
    return (made + _joined(told) or "完成", made + _joined(told) or "done")


def _value(value: Any) -> str:
    return "-" if value is None else str(value)


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)
