"""Channels, webhooks and connectors: fields bound, payloads typed, the record that a webhook is about found by equal fields."""

import re
from collections.abc import Iterable, Mapping

from dougong_dsl.codes import channels as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.expression import Expression
from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.typed import Compare, Get, Here, Linked, Logical, Typed
from dougong_dsl.expression.types import Boolean, DateTime, Number, Record, Text, Type
from dougong_dsl.places import Place
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount, Calendar

from dougong.definition.app import AppDefinition
from dougong.definition.channels import INBOX, MAIL, ChannelDefinition, WebhookDefinition
from dougong.definition.durations import DurationDefinition
from dougong.definition.fields import FieldDefinition
from dougong.fields.base import OptionsError
from dougong.fields.registry import FIELD_TYPES
from dougong.model import names
from dougong.model.channels import KEPT_FOR, PAYLOAD, Channel, Connector, PayloadField, Webhook, received_as
from dougong.model.drafts import Draft, DraftObject
from dougong.model.resolve_amounts import amount_of

SETTING = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NO_PAYLOAD = ("required_when", "show_when", "unique", "indexed", "searchable", "masked", "default", "formula", "was", "retired")
LEAST_KEPT = 7  # days: longer than anybody repeats what they have sent
DAYS = {"minutes": 1 / 1440, "hours": 1 / 24, "days": 1, "weeks": 7, "months": 28}
_FIND = re.compile(r"\s*(\w+)\s+where\s+(.+?)\s*", re.DOTALL)
_MESSAGE: Mapping[str, Type] = {"text": Text(), "sender": Text(), "at": DateTime()}


def resolve_channels(draft: Draft, definition: AppDefinition) -> dict[str, Channel]:
    """Every sound channel; what came in on each is an object that expressions know as `message`."""
    found = {}
    draft.report(*names.check_case(definition.channels))
    for name, written in definition.channels.items():
        with draft.part("channels", str(name), written.is_sound):
            channel = _channel(draft, name, written)
        if channel is not None:
            found[str(name)] = channel
            title = Title("消息", "Message")
            _receive(draft, received_as("message", str(name)), title, name.place, {n: Member(n, t) for n, t in _MESSAGE.items()})
    return found


def resolve_connectors(draft: Draft, definition: AppDefinition) -> dict[str, Connector]:
    """Every connector."""
    draft.report(*names.check_case(definition.connectors))
    known = {name: each for name, each in definition.connectors.items() if _is_setting(draft, name)}
    return {str(name): Connector(str(name), each.title or Title.same(str(name)), name.place) for name, each in known.items()}


def resolve_webhooks(draft: Draft, definition: AppDefinition) -> dict[str, Webhook]:
    """Every sound webhook; what came in on each is an object that expressions know as `payload`."""
    found = {}
    draft.report(*names.check_case(definition.webhooks))
    for name, written in definition.webhooks.items():
        with draft.part("webhooks", str(name), written.is_sound):
            if not _is_setting(draft, name):
                continue
            fields = {str(f): made for f, each in written.payload.items() if (made := _payload_field(draft, f, each)) is not None}
            title = written.title or Title.same(str(name))
            members = {n: Member(n, f.type.type, (f.title.zh, f.title.en)) for n, f in fields.items()}
            _receive(draft, received_as("webhook", str(name)), title, name.place, members)
            of, find, equal = _find(draft, name, written)
        found[str(name)] = Webhook(str(name), title, fields, name.place, of, find, equal, _kept(draft, written.keep))
    return found


def _is_setting(draft: Draft, name: Word) -> bool:
    if SETTING.fullmatch(name):
        return True
    draft.report(codes.SETTING_NAME.at(name.place, name=str(name)))
    return False


def _receive(draft: Draft, name: str, title: Title, place: Place, members: Mapping[str, Member]) -> None:
    """An object without a table: what came in."""
    known = {"id": Member("id", Number(19, 0)), **members}
    draft.received[name] = DraftObject(Word.inserted(name, place), title, place, None, members=known)


def _channel(draft: Draft, name: Word, written: ChannelDefinition) -> Channel | None:
    if not _is_setting(draft, name):
        return None
    problem = _problem(name, written)
    if problem is not None:
        draft.report(codes.CHANNEL_SHAPE.at(name.place, name=str(name), problem=problem))
        return None
    objects = tuple(o for o, each in draft.objects.items() if _is_of(each, written.to, Text))
    if not objects:
        if not draft.mentions_broken(written.to):
            known = ("任何对象", "no object")
            draft.report(codes.CHANNEL_SHAPE.at(written.to.place, name=str(name), problem=_nobody(written.to, known)))
        return None
    for word in (written.consent, written.opt_out):
        if word is not None and not any(_is_of(draft.objects[o], word, Boolean) for o in objects) and word not in draft.broken:
            listed = "、".join(objects), ", ".join(objects)
            draft.report(
                codes.CHANNEL_SHAPE.at(
                    word.place,
                    name=str(name),
                    problem=(f"用的是否字段 `{word}` 不在 {listed[0]} 里", f"needs a yes/no field `{word}` in {listed[1]}"),
                )
            )
            return None
    week = written.week
    return Channel(
        str(name),
        "mail" if written.kind == MAIL else "http",
        written.title or Title.same(str(name)),
        str(written.to),
        objects,
        name.place,
        consent=None if written.consent is None else str(written.consent),
        opt_out=None if written.opt_out is None else str(written.opt_out),
        stop=frozenset(word.strip().casefold() for word in written.stop),
        hours=None if week is None else Calendar(draft.context.zone, tuple(week.get(day, ()) for day in range(7))),
        limit=written.limit,
        keep=_kept(draft, written.keep),
    )


def _problem(name: Word, written: ChannelDefinition) -> tuple[str, str] | None:
    """What cannot be, whatever the objects are."""
    if name == INBOX:
        return "是内置的收件箱，不用声明", "is the built-in inbox and is not declared"
    if (name == MAIL) != (written.kind == MAIL):
        return (
            "的 kind 不对：只有叫 mail 的渠道是 `kind: mail`，别的都是 `kind: http`",
            "has the wrong kind: `mail` is for the one named mail",
        )
    if written.limit is not None and written.limit < 10:
        return "的 limit 至少是 10", "needs a limit of at least 10"
    if written.stop and written.opt_out is None:
        return "有 stop，就要用 `opt_out:` 写明退订记在哪个字段", "has `stop:`, so `opt_out:` must say which field remembers it"
    if written.stop and name == MAIL:
        return "是邮件，不接收回复，不能写 stop", "is mail, which takes no answers, so it has no `stop:`"
    if written.keep is not None and name == MAIL:
        return "是邮件，不接收回复，不能写 keep", "is mail, which takes no answers, so it has no `keep:`"
    return None


def _kept(draft: Draft, written: DurationDefinition | None) -> Amount:
    found = None if written is None else amount_of(draft, written)
    if found is None or written is None:
        return KEPT_FOR
    if found.working or found.count * DAYS[found.unit] < LEAST_KEPT:
        draft.report(codes.KEPT_TOO_SHORT.at(written.place))
    return found


def _nobody(word: Word, known: tuple[str, str]) -> tuple[str, str]:
    return f"的地址字段 `{word}` 不在{known[0]}里", f"has its address in `{word}`, but {known[1]} has such a text field"


def _is_of(owner: DraftObject, name: Word, kind: type[Type]) -> bool:
    field = owner.fields.get(name)
    return field is not None and field.type is not None and isinstance(field.type.type, kind) and field.formula is None


def _payload_field(draft: Draft, name: Word, written: FieldDefinition) -> PayloadField | None:
    draft.report(*names.check_name(name))
    what = next(((f"`{key}`", f"`{key}`") for key in NO_PAYLOAD if getattr(written, key)), None)
    kind = None if written.type is None else FIELD_TYPES[written.type]
    if kind is not None and (kind.is_link or kind.is_file or kind.is_numbered):
        what = (f"类型 {kind.key}", f"type {kind.key}")
    if what is not None or kind is None:
        draft.report(codes.PAYLOAD_FIELD.at(name.place, name=str(name), what=what or ("公式", "formula")))
        return None
    try:
        built = kind(written.own, draft.context)
    except OptionsError as error:
        draft.report(
            name_codes.WRONG_OPTION.at(
                written.place_of(error.key), key=f"`{error.key}`", problem=(error.zh, error.en), nearest=error.nearest
            )
        )
        return None
    return PayloadField(str(name), built, written.title or Title.same(str(name)), written.required, name.place)


def _find(draft: Draft, name: Word, written: WebhookDefinition) -> tuple[str | None, Expression | None, tuple[tuple[str, str], ...]]:
    if written.find is None:
        return None, None, ()
    parts = _FIND.fullmatch(written.find)
    if parts is None:
        draft.report(codes.FIND_SHAPE.at(written.find.place))
        return None, None, ()
    owner = draft.object(Word(written.find.source.part(parts.start(1), parts.end(1))))
    if owner is None:
        return None, None, ()
    scope = draft.scope(str(owner.name), names={PAYLOAD: Record(received_as("webhook", str(name)))})
    found = draft.expression(Word(written.find.source.part(parts.start(2), parts.end(2))), scope, Boolean())
    if found is None:
        return None, None, ()
    equal = tuple(_equal(found.root))
    if not equal:
        draft.report(codes.FIND_SHAPE.at(written.find.place))
        return None, None, ()
    return str(owner.name), found, equal


def _equal(root: Typed) -> Iterable[tuple[str, str]]:
    """`field = payload.x` among the conditions that must all hold."""
    for item in root.items if isinstance(root, Logical) and root.operator == "and" else (root,):
        if isinstance(item, Compare) and item.operator == "=":
            for mine, other in ((item.left, item.right), (item.right, item.left)):
                if isinstance(mine, Get) and isinstance(mine.row, Here) and isinstance(other, Get) and _is_payload(other):
                    yield mine.name, other.name


def _is_payload(found: Get) -> bool:
    row = found.row
    return isinstance(row, Linked) and isinstance(row.link, Get) and isinstance(row.link.row, Here) and row.link.name == PAYLOAD
