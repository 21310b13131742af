"""Fills the fields of a form as a person does: types, ticks, chooses from a list, brings files."""

import json
import mimetypes
from collections.abc import Mapping
from typing import Any

from dougong.fields.base import Reading
from dougong.flow.scenarios.world import World
from dougong.model.app import Field
from playwright.sync_api import FilePayload, Locator

from tests.browser.played.hand import Hand, Unseen, said


class Filler:
    """Knows how the values of a scenario are written on the pages of its world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def fill(self, hand: Hand, object_name: str, values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """Every value into its field; what is left are those whose field the form does not show."""
        own = self._world.app.objects[object_name].fields
        left = {}
        for name, value in values.items():
            box = hand.place.locator(f'[data-field="{prefix}{name}"]')
            if name not in own or not box.count() or not box.first.is_visible():
                left[name] = value
            elif own[name].type.is_file:
                self._files(hand, box.first, value)
            else:
                self._one(box.first, own[name], self._world.values(object_name, {name: value})[name])
        return left

    def _one(self, box: Locator, field: Field, value: Any) -> None:
        if box.locator("input[role=combobox]").count():
            self._choose(box, field, value)
        elif box.locator("select:visible").count():
            box.locator("select").select_option("" if value is None else str(value))
        elif field.type.choices or field.type.is_many:
            self._tick(box, value)
        elif box.locator("input[type=checkbox]").count():
            box.locator("input[type=checkbox]").set_checked(value in (True, "true"))
        else:
            one = box.locator("input:visible, textarea:visible").first
            one.fill(self._typed(field, value))
            one.blur()

    def _choose(self, box: Locator, field: Field, value: Any) -> None:
        """A list that is searched by typing."""
        search = box.locator("input[role=combobox]")
        if value is None or value == "":
            search.fill("")
            search.blur()
            return
        title = self._title(box, field, value)
        search.fill(title)
        option = box.get_by_role("option", name=title, exact=True)
        option.or_(box.locator(".combo-list .none", has_text="没有")).first.wait_for()
        if not option.count() and field.type.target is not None and not self._sees(field.type.target, int(value)):
            raise Unseen(title)
        option.first.click()

    def _sees(self, target: str, number: int) -> bool:
        with self._world.session() as session:
            return bool(session.titles(target, [number]))

    def _title(self, box: Locator, field: Field, value: Any) -> str:
        if field.type.target is None:
            return box.locator(f"select option[value={json.dumps(str(value))}]").inner_text()
        with self._world.look() as session:
            return session.titles(field.type.target, [int(value)])[int(value)]

    def _tick(self, box: Locator, value: Any) -> None:
        wanted = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        for option in box.locator("label.option:visible").all():
            tick = option.locator("input")
            if (tick.get_attribute("value") in wanted) != tick.is_checked():
                option.click()

    def _files(self, hand: Hand, box: Locator, value: Any) -> None:
        names = [value] if isinstance(value, str) else list(value or ())
        for kept in box.locator(".files input[type=checkbox]").all():
            kept.set_checked(False)
        for name in names:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            box.locator("input[type=file]").set_input_files(FilePayload(name=name, mimeType=kind, buffer=b"scenario"))
            box.locator(f".files input[data-title={json.dumps(name, ensure_ascii=False)}]").or_(
                hand.page.locator("#toasts .bad")
            ).first.wait_for()
            if refused := hand.page.locator("#toasts .bad").all_inner_texts():
                raise said("\n".join(refused))

    def _typed(self, field: Field, value: Any) -> str:
        """What a person types; what is no value of the field is typed as it was written."""
        reading = Reading("zh", self._world.app.zone)
        parsed, refusal = field.type.parse(value, reading)
        return str(value) if refusal is not None else field.type.form_text(parsed, reading)
