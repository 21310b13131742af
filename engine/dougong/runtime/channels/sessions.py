"""What a session offers about doors: taking in what comes, the conversation with a record, and for administrators everything that came."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

import orjson

from dougong.database.instants import instant_from_db
from dougong.refusals import refuse
from dougong.runtime.channels import received, receiving, texts
from dougong.runtime.channels import refusals as codes
from dougong.runtime.channels.received import Came, Taken
from dougong.runtime.channels.texts import text
from dougong.runtime.read import finding
from dougong.runtime.triggers import asking
from dougong.runtime.unit import Unit


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation. `state` of what went out: waiting, running, done, dead, cancelled; `error` says why it did not arrive."""

    id: int
    channel: str
    direction: Literal["in", "out"]
    text: str
    at: datetime
    state: str | None = None
    error: str | None = None


class ChannelSession(ABC):
    """The part of a session that is about doors."""

    _unit: Unit

    @abstractmethod
    def _may_write(self) -> None:
        """`Refused` when this session only reads, or is spoiled."""

    def receive(self, channel: str, sender: str, words: str, *, id: str | None = None, at: datetime | None = None) -> Taken:
        """Take in a message as if the gateway had brought it; the same `id` is taken in once. For programs. `Refused` R823."""
        said = {"from": sender, "text": words, "id": id or uuid4().hex} | ({} if at is None else {"at": at.isoformat()})
        return self.receive_message(channel, orjson.dumps(said), str(said["id"]))

    def receive_message(self, channel: str, body: bytes, external_id: str) -> Taken:
        """Take in the body that a gateway brought. The signature is the caller's matter. `Refused` R823."""
        self._may_write()
        return receiving.message(self._unit, channel, body, external_id)

    def receive_webhook(self, webhook: str, body: bytes, external_id: str) -> Taken:
        """Take in the body that another system sent. The signature is the caller's matter. `Refused` R823."""
        self._may_write()
        return receiving.webhook(self._unit, webhook, body, external_id)

    def came_in(self, state: str | None = None, *, before: int | None = None, limit: int = 50) -> tuple[list[Came], dict[str, int]]:
        """What came in, newest first, and how much there is in each state; for administrators, `Refused` R430."""
        asking.only_admins(self._unit)
        return received.listed(self._unit, state, before, limit), received.counts(self._unit)

    def take_again(self, id: int) -> Taken:
        """Let in once more what could not be taken in; for administrators, `Refused` R430, R827, R828."""
        asking.only_admins(self._unit)
        self._may_write()
        found = received.find(self._unit, id)
        if found is None:
            raise refuse(codes.NO_SUCH_RECEIVED)
        return receiving.again(self._unit, found)

    def conversation(self, object: str, id: int) -> list[Said]:
        """What was said on channels to and by a visible record, oldest first; `Refused` R404."""
        finding.get(self._unit, object, id)
        dialect = self._unit.compiled.dialect
        rows = self._unit.connection.all(text(texts.SAID, dialect), {"object": object, "record_id": id})
        return [Said(r[0], r[1], r[2], r[4], instant_from_db(r[5], dialect), "waiting" if r[6] == "queued" else r[6], r[7]) for r in rows]
