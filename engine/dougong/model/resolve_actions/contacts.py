"""Who is written to beside the users: the record itself, a record that a link leads to, or whoever an address belongs to."""

import re
from collections.abc import Mapping, Sequence

from dougong_dsl.codes import channels as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import Expression
from dougong_dsl.expression.types import Record, Text
from dougong_dsl.sentences.written import Word

from dougong.fields.email import EmailField
from dougong.model.actions import Contact, Recipient
from dougong.model.channels import INBOX, MAIL, Channel
from dougong.model.drafts import USER, DraftObject
from dougong.model.resolve_actions.ground import Ground

_PATH = re.compile(r"\s*\w+(\s*\.\s*\w+)*\s*")


def known_channels(ground: Ground, words: Sequence[Word]) -> tuple[str, ...]:
    """The channels that words name, each once; unknown ones are reported."""
    known = (INBOX, MAIL, *ground.draft.channels)
    found: dict[str, None] = {}
    for word in words:
        if word in known:
            found[str(word)] = None
        elif word not in ground.draft.broken and word not in ground.definition.channels:
            listed = ", ".join(dict.fromkeys(known))
            ground.draft.report(codes.UNKNOWN_CHANNEL.at(word.place, name=str(word), known=listed, nearest=nearest(word, known)))
    return tuple(found)


def contact(ground: Ground, word: Word, via: Sequence[str]) -> Contact | None:
    """The one that a word stands for, with the field of its address on each channel; None when the word means somebody else."""
    owner = ground.owner
    if word.strip() == owner.name and word.strip() not in owner.members:
        return Contact(str(owner.name), _addresses(ground, owner, via))
    if not _PATH.fullmatch(word):
        return None
    before = len(ground.draft.diagnostics)
    found = ground.draft.expression(word, ground.scope, None)
    if found is None:
        del ground.draft.diagnostics[before:]  # whoever asks for a user next says what is wrong
        return None
    if isinstance(found.type, Record) and found.type.object in ground.draft.objects and found.type.object not in (USER, "team"):
        return Contact(found.type.object, _addresses(ground, ground.draft.objects[found.type.object], via), found)
    return _behind(ground, word, via) if isinstance(found.type, Text) else None


def _behind(ground: Ground, word: Word, via: Sequence[str]) -> Contact | None:
    """`customer.phone`: the record in front of the last dot, and the field behind it."""
    dot = word.rfind(".")
    path: Expression | None = None
    owner: str = str(ground.owner.name)
    if dot >= 0:
        path = ground.draft.expression(Word(word.source.part(0, dot)), ground.scope, None)
        if path is None or not isinstance(path.type, Record):
            return None
        owner = path.type.object
    field = word[dot + 1 :].strip()
    return Contact(owner, tuple((name, field) for name in via if name != INBOX), path)


def _addresses(ground: Ground, owner: DraftObject, via: Sequence[str]) -> tuple[tuple[str, str], ...]:
    known: Mapping[str, Channel] = ground.draft.channels
    found = []
    for name in via:
        field = known[name].address if name in known and owner.name in known[name].objects else None
        if name == MAIL and name not in known:
            field = next((str(f.name) for f in owner.fields.values() if isinstance(f.type, EmailField)), None)
        if field is not None:
            found.append((name, field))
    return tuple(found)


def check_reach(
    ground: Ground, words: Sequence[Word], recipients: Sequence[Recipient], via: Sequence[str], written: Sequence[Word]
) -> None:
    """Whoever is no user is reached by some channel, and every channel reaches somebody."""
    for word, each in zip(words, recipients, strict=False):
        if each.contact is not None and not any(name != INBOX for name in via):
            ground.draft.report(codes.NEEDS_CHANNEL.at(word.place, recipient=str(word)))
            return
    for name in (n for n in via if n != INBOX):
        channel = ground.draft.channels.get(name)
        users = name == MAIL or (channel is not None and USER in channel.objects)
        reached = [users if each.contact is None else any(n == name for n, _ in each.contact.addresses) for each in recipients]
        if recipients and not any(reached):
            place = next((word.place for word in written if word == name), words[0].place)
            first = recipients[0].contact
            of, field = USER if first is None else first.object, "email" if channel is None else channel.address
            ground.draft.report(codes.NO_ADDRESS.at(place, object=of, field=field, channel=name))
