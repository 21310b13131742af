"""One line of the panel of gates: what is asked for, in words, what is there, and what this person can do about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dougong.model.app import Object
from dougong.model.gates import Evidence
from dougong.refusals import Refusal, either
from dougong.runtime.gates import refusals as codes
from dougong.runtime.gates.rows import Brought, Done, Excepted
from dougong.runtime.gates.state import GateItem
from dougong.runtime.session import Session
from dougong.web.pages.reader import Reader
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text

REASONS = {
    codes.EVIDENCE_KIND: noted("no file of type %(accept)s"),
    codes.EVIDENCE_OLD: noted("brought on %(at)s, longer ago than %(within)s"),
    codes.EVIDENCE_VERSION: noted("outdated, version %(wanted)s is needed"),
    codes.EVIDENCE_UNNUMBERED: noted("the name tells no version, such as Rev3"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a piece of evidence; without `why` it counts."""

    name: str
    url: str
    at: Markup
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that is asked for: what is there or missing in words, and the addresses of what this person can do.

    `kind`: field, action, evidence, or condition (a rule of the move that does not hold).
    """

    name: str
    kind: str
    title: str
    is_there: bool
    notes: tuple[Markup | str, ...] = ()
    excepted: tuple[Markup | str, ...] = ()
    is_held: bool = False  # an exception lets it pass now
    edit_url: str = ""
    do_url: str = ""
    undo_url: str = ""
    is_asked: bool = False  # whether a page comes before it is undone
    bring_url: str = ""
    except_url: str = ""
    needs_place: bool = False
    is_many: bool = False
    accept: str = ""
    files: tuple[FileLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it keeps the record from moving on."""
        return not (self.is_there or self.is_held)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at which record: what the lines need."""

    session: Session
    shell: Shell
    reader: Reader
    made: Object
    url: str
    files_url: str
    names: Mapping[int, str]
    writable: frozenset[str]


def line_of(look: Look, item: GateItem) -> ItemLine:
    """An item of a gate as its line."""
    is_open, language = item.refusal is not None, look.shell.language
    held = item.exception if item.exception is not None and is_open else None
    field = look.made.fields.get(item.item)
    may_write = field is not None and item.item in look.writable
    return ItemLine(
        name=item.item,
        kind=item.kind,
        title=item.title.text(language),
        is_there=not is_open,
        notes=tuple(_notes(look, item)),
        excepted=tuple(_excepted(look, held)) if held is not None else (),
        is_held=held is not None and held.until > look.session.now,
        edit_url=f"{look.url}/field/{item.item}?in=dialog" if may_write and item.kind == "field" and is_open else "",
        do_url=f"{look.url}/actions/{item.item}" if item.may_do and item.done is None else "",
        undo_url=f"{look.url}/actions/{item.item}/undo" if item.may_do and item.done is not None else "",
        is_asked=item.when == "behind",
        bring_url=f"{look.url}/evidence/{item.item}" if may_write and item.kind == "evidence" else "",
        except_url=f"{look.url}/exceptions/{look.made.named(item.pipeline).qualified(item.stage)}/{item.item}"
        if item.may_except and is_open
        else "",
        needs_place=item.action is not None and item.action.needs_place,
        is_many=field is not None and field.type.is_many,
        accept=",".join(f".{kind}" for kind in dict.fromkeys(k for e in item.evidence for k in e.accept)),
        files=tuple(_file(look, file, why) for file, why in item.files),
    )


def _notes(look: Look, item: GateItem) -> Iterator[Markup | str]:
    """What is asked for, or who did it."""
    language = look.shell.language
    if item.done is not None:
        yield from _done(look, item.done)
    elif item.action is not None:
        if item.action.roles and not item.may_do:
            titles = [look.session.app.roles[r].title.text(language) for r in item.action.roles]
            yield text(language, "to be done by %(roles)s", roles=_listed(titles, language))
        if item.action.needs_place:
            yield text(language, "with the place")
    for evidence in item.evidence:
        yield from _demand(evidence, language)


def _done(look: Look, done: Done) -> Iterator[Markup | str]:
    yield look.names.get(done.by, f"#{done.by}") if done.by is not None else text(look.shell.language, "System")
    yield look.reader.time(done.at)
    if done.place:
        yield done.place
    if done.latitude is not None and done.longitude is not None:
        yield f"{done.latitude:.5f}, {done.longitude:.5f}"


def _demand(evidence: Evidence, language: str) -> Iterator[str]:
    """What a file must be like."""
    if evidence.accept:
        yield either([kind.upper() for kind in evidence.accept])[language != "zh"]
    if evidence.newer_than is not None:
        zh, en = evidence.newer_than.words()
        yield text(language, "brought within %(time)s", time=zh if language == "zh" else en)
    if evidence.is_newest:
        yield text(language, "the newest version")
    if evidence.version is not None:
        yield text(language, "the version that is asked for")


def _excepted(look: Look, exception: Excepted) -> Iterator[Markup | str]:
    language, until = look.shell.language, look.reader.exact(exception.until)
    name = look.names.get(exception.by, f"#{exception.by}") if exception.by is not None else text(language, "System")
    if exception.until > look.session.now:
        yield text(language, "exception by %(person)s until %(when)s", person=name, when=until)
    else:
        yield text(language, "the exception by %(person)s ended %(when)s", person=name, when=until)
    yield exception.reason


def _file(look: Look, file: Brought, why: Iterable[Refusal]) -> FileLine:
    reasons = tuple(_shortly(r, look.shell.language) for r in why)
    return FileLine(file.name, f"{look.files_url}/{file.id}", look.reader.time(file.at), reasons)


def _shortly(refusal: Refusal, language: str) -> str:
    """Why a file does not do, beside its name: without the title and the stage, which stand there already."""
    words = REASONS.get(refusal.code)
    if words is None:
        return refusal.message(language)
    spoken = {n: (v[language != "zh"] if isinstance(v, tuple) else v) for n, v in refusal.params.items()}
    return text(language, words, **spoken)


def _listed(words: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(words)
