"""How a form is laid out: a pure function of the model. Sections, columns, fields, widgets; who may see what comes later, from the session.

The first form of an object is its create and edit form; an object without one gets all its fields in two columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dougong_dsl.expression import Expression
from dougong_dsl.titles import Title

from dougong.model.app import App, Field, Object
from dougong.model.faces import Form

WIDE = frozenset({"long_text", "file"})  # widgets that take a whole line of a two-column section


@dataclass(frozen=True, slots=True)
class Slot:
    """One field on a form. `widget` is the template; a value that nobody types has the widget `computed`."""

    field: Field
    widget: str
    style: str | None
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A group of fields in one or two columns; shown when `show_when` is true."""

    title: Title | None
    columns: int
    slots: tuple[Slot, ...]
    show_when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole form of an object."""

    object: str
    title: Title
    blocks: tuple[Block, ...]
    form: str | None = None  # the form that is declared; None for an object without one

    def slots(self) -> Iterator[Slot]:
        """Every field on the form, in order."""
        for block in self.blocks:
            yield from block.slots

    def only(self, names: frozenset[str]) -> "Layout":
        """The same form with just these fields; blocks that become empty go."""
        kept = (replace(b, slots=tuple(s for s in b.slots if s.field.name in names)) for b in self.blocks)
        return replace(self, blocks=tuple(b for b in kept if b.slots))


def layout(app: App, object_name: str, form: str | None = None) -> Layout:
    """The layout of the named form, or of the object's first one; `KeyError` for a form that is not there."""
    made = app.objects[object_name]
    if form is not None:
        return _written(app.forms[form], made)
    first = next((f for f in app.forms.values() if f.object == object_name), None)
    return _written(first, made) if first else _plain(made)


def _written(form: Form, made: Object) -> Layout:
    blocks = tuple(
        Block(s.title, s.columns, tuple(_slot(made.fields[i.field], i.style, s.columns) for i in s.items), s.show_when)
        for s in form.sections
    )
    return Layout(made.name, form.title, blocks, form.name)


def _plain(made: Object) -> Layout:
    slots = tuple(_slot(f, None, 2) for f in made.fields.values() if f.is_writable)
    return Layout(made.name, made.title, (Block(None, 2, slots),))


def _slot(field: Field, style: str | None, columns: int) -> Slot:
    widget = field.type.widget if field.is_writable else "computed"
    return Slot(field, widget, style, columns > 1 and (widget in WIDE or style == "buttons"))
