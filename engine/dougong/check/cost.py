"""How long a form takes to fill on a phone, in seconds: what each field asks of a thumb, and the scrolling between them.

The figures are those of keystroke-level models (Card, Moran & Newell 1980) for touch: a tap with the look before it is about half a
second, a typed letter about a quarter. They rank forms and find the costly field; they are no stopwatch.
"""

from collections.abc import Mapping

from dougong.model.app import App, Field
from dougong.model.faces import Form, FormItem

LOOK = 0.2  # at a field that has its value already
TAP = 0.5
KEY = 0.25
SCROLL = 0.8  # one screen further
FIELDS_PER_SCREEN = 6
OPTION = 0.05  # reading one more option
MOST_READ = 10  # nobody reads a longer list: they search
# type → letters that a usual value has
LETTERS: Mapping[str, int] = {
    "text": 8,
    "long_text": 40,
    "email": 18,
    "phone": 11,
    "url": 24,
    "integer": 3,
    "number": 5,
    "money": 6,
    "percent": 2,
}
# type → taps
TAPS: Mapping[str, int] = {"boolean": 1, "date": 2, "datetime": 4, "link": 2, "user": 2, "file": 6}


def form_seconds(app: App, form: Form) -> float:
    """Seconds to fill a form from top to bottom."""
    costs = item_seconds(app, form)
    return sum(costs.values()) + SCROLL * ((len(costs) - 1) // FIELDS_PER_SCREEN)


def item_seconds(app: App, form: Form) -> dict[str, float]:
    """Seconds for each field of a form."""
    fields = app.objects[form.object].fields
    return {item.field: _seconds(fields[item.field], item) for section in form.sections for item in section.items if item.field in fields}


def _seconds(field: Field, item: FormItem) -> float:
    if field.default is not None or not field.is_writable:
        return LOOK
    if field.type.choices:
        reading = OPTION * min(len(field.type.choices), MOST_READ)
        taps = (1 if item.style == "buttons" else 2) + field.type.is_many
        return taps * TAP + reading
    if field.type.key in TAPS:
        return TAPS[field.type.key] * TAP
    return TAP + KEY * LETTERS.get(field.type.key, LETTERS["text"])
