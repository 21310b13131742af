"""Lines of scenarios about doors: messages that come in, webhooks, forms, and what went out."""

from collections.abc import Collection, Mapping

from dougong_dsl.codes import channels as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.codes import scenarios as scene_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.scenes import Said
from dougong_dsl.sentences.written import Entries, Word

from dougong.definition.app import AppDefinition
from dougong.definition.fields import plain
from dougong.definition.scenarios import Step
from dougong.fields.email import EmailField
from dougong.model.channels import MAIL
from dougong.model.drafts import USER, Draft
from dougong.model.scenarios import SceneStep


class DoorScenes:
    """Reads them; `records` (name → object) and `people` grow while a scenario is read."""

    def __init__(self, draft: Draft, definition: AppDefinition, records: Mapping[str, str], people: Collection[str]) -> None:
        self.draft = draft
        self.definition = definition
        self.records = records
        self.people = people

    def happens(self, step: Step) -> SceneStep | None:
        """`message on wecom from c1: 请报价`, `webhook paid: {no: A1}`."""
        return self._message(step) if step.said.kind == "message" else self._webhook(step)

    def form(self, name: Word | None, object_name: str) -> str | None:
        """The form of `create … with FORM`; one of another object is reported."""
        if name is None:
            return None
        known = [str(n) for n, each in self.definition.forms.items() if each.of == object_name]
        if name not in known:
            self.draft.report(
                codes.UNKNOWN_FORM.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known))
            )
        return str(name)

    def expected(self, step: Step, said: Said) -> SceneStep | None:
        """`2 sms for c1 saying "…"`, `request to erp`."""
        text, kind, name = f"expect: {said.source.text}", f"expect {said.kind}", said.names[0]
        if said.kind == "called":
            known = list(self.draft.connectors)
            if name not in known:
                near = nearest(name, known)
                self.draft.report(codes.UNKNOWN_CONNECTOR.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=near))
                return None
            return SceneStep(kind, text, step.place, door=str(name), expected=said)
        return self._of(step, said, kind, text, name, said.names[1]) if self._channel(name) else None

    def mailed(self, step: Step, said: Said) -> SceneStep | None:
        """`mail for c1`, where c1 is a record."""
        return self._of(step, said, "expect mail", f"expect: {said.source.text}", Word(said.names[0].source), said.names[0], is_mail=True)

    def _of(self, step: Step, said: Said, kind: str, text: str, door: Word, whom: Word, *, is_mail: bool = False) -> SceneStep | None:
        name = MAIL if is_mail else str(door)
        owner = self.records.get(whom)
        if owner is None and whom not in self.people:
            known = [*self.records, *self.people]
            self.draft.report(scene_codes.UNKNOWN_RECORD.at(whom.place, name=str(whom), nearest=nearest(whom, known)))
            return None
        field = self._address(name, owner or USER)
        if field is None:
            wanted = self.draft.channels[name].address if name in self.draft.channels else "email"
            self.draft.report(codes.NO_ADDRESS.at(whom.place, object=owner or USER, field=wanted, channel=name))
            return None
        record, login = (str(whom), None) if owner is not None else (None, str(whom))
        return SceneStep(kind, text, step.place, record, owner, login, door=name, address=field, expected=said)

    def _address(self, channel: str, owner: str) -> str | None:
        """The field of an object that holds addresses of a channel."""
        known = self.draft.channels.get(channel)
        if known is not None and owner in known.objects:
            return known.address
        fields = self.draft.objects[owner].fields.values() if channel == MAIL and owner in self.draft.objects else ()
        return next((str(f.name) for f in fields if isinstance(f.type, EmailField)), None)

    def _channel(self, name: Word) -> bool:
        known = list(self.draft.channels)
        if name not in known:
            self.draft.report(
                codes.UNKNOWN_CHANNEL.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known))
            )
        return name in known

    def _message(self, step: Step) -> SceneStep | None:
        said, text = step.said, step.value
        channel = said.names[0]
        if not self._channel(channel):
            return None
        if not isinstance(text, Word):
            self._wrong(step, ("消息的内容", "the words of the message"))
            return None
        values = {"text": str(text)}
        if said.saying is not None:
            return SceneStep("message", said.source.text, step.place, values=values, door=str(channel), address=str(said.saying))
        whom = said.names[1]
        owner = self.records.get(whom) or (USER if whom in self.people else None)
        if owner is None:
            self.draft.report(
                scene_codes.UNKNOWN_RECORD.at(whom.place, name=str(whom), nearest=nearest(whom, [*self.records, *self.people]))
            )
            return None
        if self._address(str(channel), owner) is None:
            field = self.draft.channels[channel].address
            self.draft.report(codes.NO_ADDRESS.at(whom.place, object=owner, field=field, channel=str(channel)))
            return None
        record, login = (str(whom), None) if whom in self.records else (None, str(whom))
        return SceneStep("message", said.source.text, step.place, record, owner, login, values=values, door=str(channel))

    def _webhook(self, step: Step) -> SceneStep | None:
        said, value, name = step.said, step.value, step.said.names[0]
        webhook = self.draft.webhooks.get(name)
        if webhook is None:
            known = list(self.draft.webhooks)
            self.draft.report(
                codes.UNKNOWN_WEBHOOK.at(name.place, name=str(name), known=", ".join(known) or "-", nearest=nearest(name, known))
            )
            return None
        if not isinstance(value, Entries):
            self._wrong(step, ("`{字段: 值}`", "`{field: value}`"))
            return None
        for key in value:
            if key not in webhook.payload:
                near = nearest(key, webhook.payload)
                self.draft.report(name_codes.UNKNOWN_FIELD.at(key.place, object=f"webhook {name}", name=str(key), nearest=near))
        refused = None if step.refused is None else str(step.refused)
        return SceneStep("webhook", said.source.text, step.place, values=plain(value), door=str(name), refused=refused)

    def _wrong(self, step: Step, expected: tuple[str, str]) -> None:
        place = step.place if step.value is None else step.value.place
        self.draft.report(scene_codes.WRONG_VALUES.at(place, line=f"`{step.said.source.text}`", expected=expected))
