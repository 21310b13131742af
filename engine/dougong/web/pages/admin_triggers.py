"""The trigger log for administrators: what fired, on what, what it saw and did; why a rule did not fire; what it would do now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.runtime.triggers.told import Entry, Explanation, Rehearsal
from dougong.web.pages.admin import number, only_admins
from dougong.web.pages.reader import Reader
from dougong.web.pages.request import only, work
from dougong.web.pages.shell import Shell
from dougong.web.pages.templates import respond
from dougong.web.pages.texts import noted, text
from dougong.web.pages.todos import titles_of

SHOWN = 50
OUTCOMES = {
    "done": (noted("done"), "good"),
    "nothing": (noted("nothing to do"), ""),
    "skipped": (noted("skipped"), ""),
    "refused": (noted("refused"), "bad"),
}
ACTIONS = {
    "set": noted("set fields"),
    "create": noted("create"),
    "update": noted("update"),
    "move": noted("move"),
    "propose_move": noted("propose a move"),
    "assign": noted("assign"),
    "tag": noted("tag"),
    "recycle": noted("into the pool"),
    "start": noted("start"),
    "todo": noted("to-do"),
    "notify": noted("notify"),
    "document": noted("document"),
    "call": noted("call"),
}


@dataclass(frozen=True, slots=True)
class RuleOption:
    """A rule that one can ask about; `value` is object/name."""

    value: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Did:
    """One action of a firing."""

    action: str
    outcome: str
    tone: str
    clause: str
    more: str


@dataclass(frozen=True, slots=True)
class FiringLine:
    """One firing; `about` and `url` are its record as far as this person may see it, `refused` says why nothing came of it."""

    id: int
    title: str
    name: str
    event: str
    about: str
    url: str
    why_url: str
    actor: str
    at: Markup
    did: tuple[Did, ...]
    seen: str
    chain: str
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a rule fired or not, or what it would do: a verdict, and steps as (holds, text, file:line)."""

    title: str
    verdict: str
    has_fired: bool
    steps: tuple[tuple[bool | None, str, str], ...]


@dataclass(frozen=True, slots=True)
class TriggersPage:
    """Context of `admin_triggers.html`."""

    heading: str
    rules: tuple[tuple[str, tuple[RuleOption, ...]], ...]
    objects: tuple[tuple[str, str], ...]
    lines: tuple[FiringLine, ...]
    older_url: str | None
    object: str
    rule: str
    record: str
    is_why: bool
    answer: Answer | None
    messages: tuple[str, ...]


async def show(request: Request) -> Response:
    """GET /admin/triggers?object=…&rule=object/name&record=…&before=…"""
    return await work(request, lambda session: _show(request, session, is_why=False), write=False)


async def why(request: Request) -> Response:
    """GET /admin/triggers/why?rule=object/name&record=…"""
    return await work(request, lambda session: _show(request, session, is_why=True), write=False)


async def rehearse(request: Request) -> Response:
    """POST the same address: what the rule would do to the record now; nothing is kept."""
    return await work(request, lambda session: _show(request, session, is_why=True, is_trial=True), write=True)


def _show(request: Request, session: Session, *, is_why: bool, is_trial: bool = False) -> Response:
    shell = only_admins(request, session, "triggers")
    only(request, "object", "rule", "record", "before")
    asked = request.query_params
    rule, record = asked.get("rule", ""), number(request, "record")
    made, _, name = rule.partition("/")
    answer: Answer | None = None
    messages: tuple[str, ...] = ()
    if is_why and rule and record is not None:
        answer, messages = _answer(session, shell, made, name, record, is_trial=is_trial)
    object = asked.get("object", "") or made
    lines, older = ((), None) if is_why else _log(request, session, shell, object, name, record)
    page = TriggersPage(
        heading=text(shell.language, "Rules at work"),
        rules=tuple(_rules(session, shell)),
        objects=tuple((o.name, o.title.text(shell.language)) for o in session.app.objects.values() if not o.is_system),
        lines=lines,
        older_url=older,
        object=object,
        rule=rule,
        record="" if record is None else str(record),
        is_why=is_why,
        answer=answer,
        messages=messages,
    )
    return respond(request, "admin_triggers.html", shell, page, 422 if messages else 200)


def _log(
    request: Request, session: Session, shell: Shell, object: str, name: str, record: int | None
) -> tuple[tuple[FiringLine, ...], str | None]:
    before = number(request, "before")
    found = session.trigger_log(object or None, record, name or None, SHOWN, None if before is None else str(before))
    titles = titles_of(session, [(e.object, e.record_id) for e in found.entries if e.object and e.record_id])
    reader = Reader(shell.reading, shell.root, session.now)
    rules = {rule.value: rule.title for _, some in _rules(session, shell) for rule in some}
    older = str(request.url.include_query_params(before=found.next_cursor)) if found.next_cursor else None
    return tuple(_line(session, shell, reader, e, titles, rules) for e in found.entries), older


def _rules(session: Session, shell: Shell) -> Iterator[tuple[str, tuple[RuleOption, ...]]]:
    """The rules of each object: its triggers, stages and approvals, and what waits for a moment."""
    for made in session.app.objects.values():
        rules = session.unit.compiled.rules(made.name)
        fires = [r.fires for r in (*rules.dues.own, *rules.dues.schedules) if r.fires is not None]
        found = {r.name: r.trigger.title.text(shell.language) for r in (*rules.trigger_rules, *fires)}
        if found:
            yield made.title.text(shell.language), tuple(RuleOption(f"{made.name}/{n}", n, t) for n, t in found.items())


def _answer(
    session: Session, shell: Shell, object: str, name: str, record: int, *, is_trial: bool
) -> tuple[Answer | None, tuple[str, ...]]:
    try:
        if object not in session.app.objects:
            object = next(iter(session.app.objects))  # the rule will not be found there either, and that is said
        if is_trial:
            return _rehearsed(shell, session.dry_run(name, object, record)), ()
        return _explained(shell, session.explain_trigger(name, object, record)), ()
    except Refused as refused:
        return None, tuple(r.message(shell.language) for r in refused.refusals)


def _explained(shell: Shell, found: Explanation) -> Answer:
    index = 0 if shell.language == "zh" else 1
    steps = tuple((s.holds, s.text(shell.language), s.clause or "") for s in found.steps)
    return Answer(text(shell.language, "Why did it not fire?"), found.verdict[index], found.has_fired, steps)


def _rehearsed(shell: Shell, found: Rehearsal) -> Answer:
    index = 0 if shell.language == "zh" else 1
    steps: list[tuple[bool | None, str, str]] = [(False, r.message(shell.language), r.clause or "") for r in found.refusals]
    if found.why_not is not None:
        steps.append((False, found.why_not[index], ""))
    for firing in found.firings:
        for did in firing.did:
            one = _did(shell, did)
            steps.append((did["outcome"] == "done", f"{firing.trigger}: {one.action} · {one.outcome} {one.more}".strip(), one.clause))
    does = bool(found.firings) and not found.refusals
    verdict = text(shell.language, "It would do this now; nothing was kept.") if does else text(shell.language, "It would do nothing now.")
    return Answer(text(shell.language, "A try"), verdict, does, tuple(steps))


def _line(
    session: Session, shell: Shell, reader: Reader, entry: Entry, titles: Mapping[tuple[str, int], str], rules: Mapping[str, str]
) -> FiringLine:
    key = (entry.object or "", entry.record_id or 0)
    made = session.app.objects.get(key[0])
    trigger = session.app.triggers.get(entry.trigger)
    index = "zh" if shell.language == "zh" else "en"
    return FiringLine(
        id=entry.id,
        title=trigger.title.text(shell.language) if trigger else rules.get(f"{key[0]}/{entry.trigger}", entry.trigger),
        name=entry.trigger,
        event=entry.event,
        about=titles.get(key) or (f"{made.title.text(shell.language)} #{key[1]}" if made and key[1] else ""),
        url=f"{shell.root}/o/{key[0]}/{key[1]}" if key in titles else "",
        why_url=f"{shell.root}/admin/triggers/why?rule={key[0]}/{entry.trigger}&record={key[1]}" if key[1] else "",
        actor=entry.actor.name if entry.actor.id is not None else text(shell.language, "System"),
        at=reader.time(entry.at),
        did=tuple(_did(shell, d) for d in entry.did),
        seen=_json(entry.seen),
        chain=" → ".join(f"{name} #{record}" for name, record in entry.chain),
        refused=tuple(str(r[index]) for r in entry.refused or ()),
    )


def _did(shell: Shell, did: Mapping[str, Any]) -> Did:
    words, tone = OUTCOMES.get(str(did["outcome"]), (str(did["outcome"]), ""))
    more = {k: v for k, v in did.items() if k not in ("action", "clause", "outcome", "refusals")}
    index = "zh" if shell.language == "zh" else "en"
    said = " ".join(str(r[index]) for r in did.get("refusals") or ())
    action = str(did["action"])
    return Did(
        text(shell.language, ACTIONS[action]) if action in ACTIONS else action,
        text(shell.language, words),
        tone,
        str(did["clause"]),
        said or _json(more),
    )


def _json(values: Mapping[str, Any]) -> str:
    return orjson.dumps(values, default=str).decode() if values else ""
