"""Builds the context of a create or edit form: blocks of inputs, what is required and shown now, what is wrong and where."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from dougong.derive.form_rules import FACTS, FormRules, form_rules
from dougong.derive.forms import Block, Layout, layout
from dougong.derive.moves import clause
from dougong.model.app import Object
from dougong.refusals import Refusal, Refused
from dougong.runtime.record import Preview
from dougong.runtime.refusals import STALE_VERSION
from dougong.runtime.session import Session
from dougong.web.pages.inputs import Given, Input, input_of, sought_again
from dougong.web.pages.naming import title_of
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import text


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the summary on top: where to go and what is the matter there; without a label the message is the link."""

    href: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the form; `index` is its number in the layout, by which the script shows and hides it."""

    title: str
    columns: int
    inputs: tuple[Input, ...]
    index: int
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class FormPage:
    """Context of `form.html`."""

    heading: str
    object: str
    action: str
    back_url: str
    groups: tuple[Group, ...]
    reader: Reader
    submit: str
    wrong: tuple[Wrong, ...] = ()
    base: str = ""
    version: int | None = None
    is_stale: bool = False
    preview_url: str = ""
    rules_url: str = ""
    facts: str = ""
    back_title: str = ""
    draft: str = ""  # under which the browser keeps what is typed and not saved
    private: str = ""  # names of fields that it never keeps
    key: str = ""  # of this form as it was drawn: sent twice, it makes one record


def form_layout(session: Session, made: Object, action: Literal["create", "update"]) -> Layout:
    """The object's form with what this person may fill, and the computed fields that they may see."""
    writable = {f.name for f in session.fields(made.name, action)}
    computed = {f.name for f in session.fields(made.name) if not f.is_writable}
    return layout(session.app, made.name).only(frozenset(writable | computed))


def build(
    session: Session,
    shell: Shell,
    made: Object,
    plan: Layout,
    *,
    record: Any | None = None,
    values: Mapping[str, Any] | None = None,
    given: Given | None = None,
    refused: Refused | None = None,
    find: str | None = None,
) -> FormPage:
    """The form, empty, filled from a record, or as somebody typed it. `record` is the one being edited, as it is now."""
    typed = {s.field.name: given.texts[s.field.name] for s in plan.slots() if given and s.field.name in given.texts}
    preview = _preview(session, made, plan, record, {**(values or {}), **_raw(plan, typed)})
    current: Mapping[str, Any] = record if record is not None else preview.values
    messages, general = split(refused, shell, made, {s.field.name for s in plan.slots()})
    is_stale = refused is not None and any(r.code is STALE_VERSION for r in refused.refusals)
    groups = []
    for index, block in enumerate(plan.blocks):
        inputs = [
            _input(session, shell, made.name, block, i, current, preview, typed, given, is_stale, messages, find)
            for i in range(len(block.slots))
        ]
        title = block.title.text(shell.language) if block.title else ""
        groups.append(
            Group(
                title,
                block.columns,
                tuple(inputs),
                index,
                _section_shown(session, made, block, current, preview) and any(i.is_shown for i in inputs),
            )
        )
    url = f"{shell.root}/o/{made.name}"
    action = "create" if record is None else "update"
    rules = rules_of(session, made, plan)
    title = made.title.text(shell.language)
    labels = {i.name: i for g in groups for i in g.inputs}
    return FormPage(
        heading=text(shell.language, "New %(object)s", object=title) if record is None else title_of(made, record, shell.reading),
        object=made.name,
        action=f"{url}/new" if record is None else f"{url}/{record.id}/edit",
        back_url=url if record is None else f"{url}/{record.id}",
        back_title=title,
        groups=tuple(groups),
        reader=Reader(shell.reading, shell.root, session.now),
        submit=text(shell.language, "Create") if record is None else text(shell.language, "Save"),
        wrong=summary(messages, general, {n: i.label for n, i in labels.items()}, "f-"),
        base=_base(given, plan, shell, record, is_stale),
        version=record.version if record is not None and (is_stale or given is None) else given.version if given else None,
        is_stale=is_stale,
        preview_url=f"{url}/preview" + (f"?id={record.id}" if record is not None else ""),
        rules_url=f"{url}/rules.js?for={action}&release={shell.engine.release.id if shell.engine else 0}&user={shell.user_id}",
        facts=_facts(session, shell, made, plan, record, rules),
        draft=f"{shell.user_id}:{made.name}:{record.id if record is not None else 'new'}",
        private=" ".join(sorted(labels.keys() & session.masked(made.name))),
        key=(given.key if given is not None else "") or secrets.token_urlsafe(12) if record is None else "",
    )


def _input(
    session: Session,
    shell: Shell,
    owner: str,
    block: Block,
    index: int,
    current: Mapping[str, Any],
    preview: Preview,
    typed: Mapping[str, Sequence[str]],
    given: Given | None,
    is_stale: bool,
    messages: Mapping[str, str],
    find: str | None,
) -> Input:
    slot = block.slots[index]
    name = slot.field.name
    if slot.widget == "computed":
        made = input_of(session, shell, owner, slot, preview.values.get(name))
    else:
        mine = typed.get(name)
        keeps = mine is not None and not (is_stale and given is not None and not given.changed(name))
        made = input_of(session, shell, owner, slot, current.get(name), mine if keeps else None)
        if is_stale and keeps:
            theirs = input_of(session, shell, owner, slot, current.get(name))
            if (theirs.value, theirs.chosen) != (made.value, made.chosen):
                made = replace(made, theirs=_spoken(theirs) or "—")
    if find == name and slot.field.type.target and given is not None:
        made = sought_again(session, shell, made, slot.field.type.target, (given.texts.get(f"{name}~find") or [""])[-1])
    return replace(made, is_required=name in preview.required, is_shown=name in preview.shown, error=messages.get(name, ""))


def _spoken(theirs: Input) -> str:
    return "、".join(o.title for o in theirs.options if o.name in theirs.chosen) if theirs.options else theirs.value


def _section_shown(session: Session, made: Object, block: Block, current: Mapping[str, Any], preview: Preview) -> bool:
    if block.show_when is None:
        return True
    blank: dict[str, Any] = dict.fromkeys((*made.fields, *FACTS))
    start = {pipeline.field: pipeline.start.name for pipeline in made.pipelines}
    return session.holds(block.show_when, {**blank, **start, **current, **preview.values})


def _preview(session: Session, made: Object, plan: Layout, record: Any | None, values: Mapping[str, Any]) -> Preview:
    """What the gate would make of it; without an answer everything on the form is shown and nothing but the plainly required is required."""
    try:
        found: Preview = session.preview(made.name, values, record.id if record is not None else None)
    except Refused:
        names = frozenset(s.field.name for s in plan.slots())
        return Preview(values=record or {}, required=frozenset(s.field.name for s in plan.slots() if s.field.required), shown=names)
    return found


def _raw(plan: Layout, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        s.field.name: raw_value(s.field.type.is_many, typed[s.field.name])
        for s in plan.slots()
        if s.field.name in typed and s.widget != "computed"
    }


def raw_value(is_many: bool, texts: Sequence[str]) -> Any:
    """What goes to the gate for one field: the last text, or all that are not empty."""
    return [t for t in texts if t] if is_many else texts[-1] if texts else None


def values_of(plan: Layout, given: Given, *, only_changed: bool) -> dict[str, Any]:
    """What the person filled in, by field, as typed: the gate reads it."""
    return {
        s.field.name: raw_value(s.field.type.is_many, given.texts[s.field.name])
        for s in plan.slots()
        if s.widget != "computed" and s.field.name in given.texts and (not only_changed or given.changed(s.field.name))
    }


def split(refused: Refused | None, shell: Shell, made: Object, names: set[str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Messages by field; and those that belong to no field of the form, each with the field that a check speaks of first, if one is there."""
    by_field: dict[str, str] = {}
    general: list[tuple[str, str]] = []
    for refusal in refused.refusals if refused else ():
        message = refusal.message(shell.language)
        if refusal.field in names and refusal.field is not None:
            message = plain(message, made.fields[refusal.field].title.text(shell.language))
            by_field[refusal.field] = _both(by_field[refusal.field], message, shell.language) if refusal.field in by_field else message
        elif message not in [m for _, m in general]:
            general.append((next((n for n in _spoken_of(made, refusal) if n in names), ""), message))
    return by_field, general


def _both(first: str, second: str, language: str) -> str:
    """Two sentences about one field, told apart by a sign where the first has none at its end."""
    if first.endswith((".", "\u3002", "!", "\uff01", "?", "\uff1f")):
        return f"{first} {second}" if language == "en" else first + second
    return f"{first}; {second}" if language == "en" else f"{first}\uff1b{second}"


def plain(message: str, label: str) -> str:
    """A message as it stands beside its field: without the title of the field in front, which is there already."""
    for colon in ("\uff1a", ": "):
        message = message.removeprefix(label + colon)
    return message


def _spoken_of(made: Object, refusal: Refusal) -> Sequence[str]:
    """The fields that the check behind a refusal looks at, in declared order."""
    check = next((c for c in made.checks if refusal.clause is not None and clause(c.place) == refusal.clause), None)
    used = {path[0] for path in check.rule.uses} if check is not None else set()
    return [n for n in made.fields if n in used]


def summary(messages: Mapping[str, str], general: Sequence[tuple[str, str]], labels: Mapping[str, str], prefix: str) -> tuple[Wrong, ...]:
    """The lines on top of a form. A message that names its field is the link itself, so that nothing is said twice."""
    fields = [(n, "" if labels[n] in m else labels[n], m) for n, m in messages.items()]
    others = [(n, "" if not n or labels[n] in m else labels[n], m) for n, m in general]
    return tuple(Wrong(f"#{prefix}{n}" if n else "", label, m) for n, label, m in (*fields, *others))


def _base(given: Given | None, plan: Layout, shell: Shell, record: Any | None, is_stale: bool) -> str:
    """What stands in the inputs now, to know later what the person changed; kept through a refused attempt."""
    if given is not None and not is_stale:
        return orjson.dumps(dict(given.base)).decode()
    if record is None:
        return ""
    return orjson.dumps(
        {s.field.name: form_texts(s.field.type, record.get(s.field.name), shell) for s in plan.slots() if s.widget != "computed"}
    ).decode()


def rules_of(session: Session, made: Object, plan: Layout) -> FormRules:
    """The form's rules for the browser, as far as this person may know them."""
    masked = session.masked(made.name)
    return form_rules(plan, frozenset(f.name for f in session.fields(made.name) if f.name not in masked))


def _facts(session: Session, shell: Shell, made: Object, plan: Layout, record: Any | None, rules: FormRules) -> str:
    """What the rules need beside the inputs: the rest of the record, the day, the zone, what they ask of the acting user."""
    masked = session.masked(made.name)
    kept = {} if record is None else {n: f.type.to_json(record[n]) for n, f in made.fields.items() if n in record and n not in masked}
    for pipeline in made.pipelines:
        kept[pipeline.field] = record.get(pipeline.field) if record is not None else pipeline.start.name
    facts = {
        "today": session.today.isoformat(),
        "now": session.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "zone": str(shell.zone),
        "me": {n: session.user.get(n) for n in sorted(rules.asks_me | {"id"})},
        "record": kept,
        "isNew": record is None,
        "asks": rules.asks_server,
    }
    return orjson.dumps(facts, default=str).decode()


def form_texts(kind: Any, value: Any, shell: Shell) -> list[str]:
    """The texts that a browser sends for an untouched input."""
    if value is None:
        return []
    many = value if isinstance(value, tuple) else (value,)
    return [str(v) for v in many] if kind.is_many or kind.target else [kind.form_text(value, shell.reading)]
