"""What the `input` macros of the widgets need to draw a field that somebody fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from dougong.derive.forms import Slot
from dougong.fields.file import FileField
from dougong.fields.money import MoneyField
from dougong.fields.tags import TagsField
from dougong.refusals import Refused
from dougong.runtime.session import Session
from dougong.web.pages.facets import Facet, Option, choices
from dougong.web.pages.reader import Reader, Stored
from dougong.web.pages.reading import as_ids, stored_files
from dougong.web.pages.shell import Shell
from dougong.web.pages.templates import macro
from dougong.web.pages.texts import text

FIRST_OPTIONS = 40  # records offered before anybody types
GROUPED = frozenset(("choice", "tags"))
MOST_TAGS = 200  # tags in use that are offered


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. `value` is text as it stands in the input; `chosen` the names of chosen options (or ids of linked records)."""

    name: str
    label: str
    widget: str
    value: str = ""
    chosen: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    is_required: bool = False
    is_shown: bool = True
    is_many: bool = False
    is_open: bool = False
    is_wide: bool = False
    is_focused: bool = False
    is_live: bool = False
    style: str | None = None
    help: str = ""
    error: str = ""
    theirs: str = ""
    source: str = ""
    placeholder: str = ""
    sought: str = ""
    find_label: str = ""
    keep_label: str = ""
    accept: str = ""
    unit: str = ""
    files: tuple[Stored, ...] = ()
    prefix: str = "f-"

    @property
    def id(self) -> str:
        """The id of its first control."""
        return self.prefix + self.name

    @property
    def described(self) -> str:
        """The ids of what describes it: help and error."""
        return " ".join(([f"{self.id}-help"] if self.help else []) + ([f"{self.id}-error"] if self.error else []))

    @property
    def is_group(self) -> bool:
        """Whether several controls stand under one label."""
        return self.widget in GROUPED and (self.is_many or self.style == "buttons")

    def html(self, reader: Reader) -> Markup:
        """The control, by its widget's template."""
        return macro(reader.reading.language, f"widgets/{self.widget}.html", "input")(self, reader)


def input_of(session: Session, shell: Shell, owner: str, slot: Slot, value: Any, raw: Sequence[str] | None = None) -> Input:
    """The input for a field of the object `owner` holding the canonical `value`; `raw` is what somebody typed and takes its place (nothing typed is lost)."""
    kind, language = slot.field.type, shell.language
    made = Input(
        name=slot.field.name,
        label=slot.field.title.text(language),
        widget=slot.widget,
        value=raw[-1] if raw else "" if raw is not None or value is None else kind.form_text(value, shell.reading),
        is_required=slot.field.required,
        is_many=kind.is_many,
        is_wide=slot.is_wide,
        is_live=slot.field.required_when is not None or slot.field.show_when is not None,
        style=slot.style,
        help=slot.field.help.text(language) if slot.field.help else "",
    )
    if slot.widget == "computed":
        return replace(made, value="" if value is None else kind.format(value, shell.reading))
    if kind.choices:
        chosen = raw if raw is not None else (value or ()) if kind.is_many else (value,)
        return replace(made, options=tuple(choices(kind, language).values()), chosen=frozenset(v for v in chosen if v))
    if isinstance(kind, TagsField):
        return _tags(session, shell, made, owner, value or (), raw)
    if kind.target:
        return _linked(session, shell, made, kind.target, raw[-1] if raw else value)
    if isinstance(kind, FileField):
        own = as_ids(value)
        return _files(session, shell, made, kind, {int(v) for v in raw if v.isdigit()} if raw is not None else own, own)
    return replace(made, unit=_sign(kind)) if isinstance(kind, MoneyField) else made


def _tags(session: Session, shell: Shell, made: Input, owner: str, value: Sequence[str], raw: Sequence[str] | None) -> Input:
    """Tags of one's own words: those chosen and those that the person sees elsewhere to tick, the most used first, and a line for others."""
    line = raw[-1] if raw else ""
    chosen = tuple(value) if raw is None else tuple(t for t in raw[:-1] if t)
    used = tags_in_use(session, owner, made.name)
    return replace(
        made,
        value=line,
        is_open=True,
        chosen=frozenset(chosen),
        options=tuple(Option(t, t, "") for t in dict.fromkeys((*chosen, *used))),
        placeholder=text(shell.language, "More tags, with commas between them"),
    )


def tags_in_use(session: Session, owner: str, name: str) -> list[str]:
    """The tags of the records that the person may see, the most used first."""
    try:
        groups = session.group(owner, name)
    except Refused:
        return []
    return [tag for tag, _, _ in sorted(groups, key=lambda g: -g[1]) if tag is not None][:MOST_TAGS]


def filter_input(session: Session, shell: Shell, facet: Facet) -> Input:
    """The control that takes a filter's value: options to tick, a record to pick, or the type's own input."""
    made = Input(name="value", label=facet.title, widget=facet.widget, prefix="filter-")
    if facet.options:
        return replace(made, widget="choice", is_many=True, options=tuple(facet.options.values()))
    if facet.target:
        return _linked(session, shell, made, facet.target, None)
    return replace(made, widget="text" if facet.widget in ("long_text", "autonumber", "boolean", "tags") else facet.widget)


def linked_options(session: Session, target: str, sought: str, chosen: int | None = None) -> tuple[Option, ...]:
    """Records to choose from: those that match, and the chosen one first even if it does not."""
    options: dict[int, Option] = {}
    if session.may("read", target):  # without it the chosen one stays all the same: saving the form must not lose it
        title = session.app.objects[target].record_title
        found = session.find(target, search=sought or None, order=title, limit=FIRST_OPTIONS, fields=[title])
        options = {r.id: Option(str(r.id), str(r.get(title) or f"#{r.id}"), "") for r in found.records}
    if chosen is not None and chosen not in options:
        options = {chosen: Option(str(chosen), session.titles(target, [chosen]).get(chosen, f"#{chosen}"), "")} | options
    return tuple(options.values())


def _linked(session: Session, shell: Shell, made: Input, target: str, chosen: Any, sought: str = "") -> Input:
    number = int(chosen) if str(chosen or "").isdigit() else None
    return replace(
        made,
        options=linked_options(session, target, sought, number),
        chosen=frozenset({str(number)} if number else ()),
        source=f"{shell.root}/options/{target}",
        placeholder=text(shell.language, "Type to search %(object)s", object=session.app.objects[target].title.text(shell.language)),
        find_label=text(shell.language, "Find"),
    )


def sought_again(session: Session, shell: Shell, made: Input, target: str, sought: str) -> Input:
    """The input of a link after "find" was pressed without script: the options are what was found."""
    chosen = next(iter(made.chosen), None)
    return replace(_linked(session, shell, made, target, chosen, sought), sought=sought)


def _files(session: Session, shell: Shell, made: Input, kind: FileField, ids: set[int], own: set[int]) -> Input:
    return replace(
        made,
        files=tuple(stored_files(shell, ids, own).values()),
        source=f"{shell.root}/api/v1/files",
        accept=",".join(f".{e}" for e in kind.options.accept),
        placeholder=text(shell.language, "Drop files here, or choose"),
        keep_label=text(shell.language, "Keep"),
    )


def _sign(kind: MoneyField) -> str:
    return next((m for m in kind.marks if not m.isalpha()), kind.currency)


@dataclass(frozen=True, slots=True)
class Given:
    """A submitted form: the texts of each field, what the person saw before (`base`), the version it was of, the form's own key."""

    texts: Mapping[str, list[str]] = field(default_factory=dict)
    base: Mapping[str, list[str]] = field(default_factory=dict)
    version: int | None = None
    key: str = ""

    def changed(self, name: str) -> bool:
        """Whether the person typed something else than what stood there."""
        return name in self.texts and _plain(self.texts[name]) != _plain(self.base.get(name, []))


def _plain(texts: Sequence[str]) -> list[str]:
    return sorted(t.replace("\r\n", "\n").strip() for t in texts if t.strip())
