"""What a session offers about people: to-dos, inbox, comments, absences, hand-over."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime

from dougong.runtime.jobs.outbox import enqueue
from dougong.runtime.people import absence, comments, handover, inbox, mails, preferences, todos
from dougong.runtime.people.absence import Absence
from dougong.runtime.people.leaving import Report
from dougong.runtime.people.preferences import Preferences
from dougong.runtime.record import Comment, Message, Todo
from dougong.runtime.unit import Unit


class PeopleSession(ABC):
    """The part of a session that is about people."""

    _unit: Unit

    @abstractmethod
    def _may_write(self) -> None:
        """`Refused` when this session only reads, or is spoiled."""

    def todos(self) -> list[Todo]:
        """The actor's open to-dos, newest first."""
        return todos.open_todos(self._unit)

    def add_todos(
        self,
        people: Iterable[tuple[int | None, str | None, int | None]],
        text: tuple[str, str],
        object: str,
        record_id: int,
        *,
        stage: str | None = None,
        due_at: datetime | None = None,
    ) -> list[int]:
        """Give people something to do about a record; ids. Each of `people` is (user, None, None), or a (None, role, team) of which one claims it.

        With `stage` it is done when the record leaves that stage. For the engine's own parts and programs: it asks for no grant.
        """
        self._may_write()
        whose = [todos.For(*each) for each in people]
        return todos.add(self._unit, whose, text, object=object, record_id=record_id, stage=stage, due_at=due_at)

    def claimable_todos(self) -> list[Todo]:
        """To-dos of the actor's roles and teams that nobody has claimed, newest first."""
        return todos.claimable(self._unit)

    def claim_todo(self, id: int) -> None:
        """Take one; of several people exactly one gets it. `Refused` R410 when somebody else was faster, R409 when there is none."""
        self._may_write()
        todos.claim(self._unit, id)

    def give_back_todo(self, id: int) -> None:
        """Let others claim it again. `Refused` R411, R409."""
        self._may_write()
        todos.give_back(self._unit, id)

    def finish_todo(self, id: int) -> None:
        """Mark one of the actor's own to-dos as done; `Refused` R409 when there is none."""
        self._may_write()
        todos.finish(self._unit, id)

    def remind(self) -> int:
        """Tell people of to-dos that are due, and managers of those that were due a day ago; how many were told of."""
        self._may_write()
        return todos.remind(self._unit)

    def notify(
        self,
        recipients: Iterable[int],
        text: tuple[str, str],
        via: Sequence[str] = ("inbox", "mail"),
        key: str | None = None,
        *,
        kind: str = "notify",
        object: str | None = None,
        record_id: int | None = None,
    ) -> list[int]:
        """Tell users something in Chinese and English; ids of the new messages. The same `key` tells the same person only once."""
        self._may_write()
        return inbox.notify(self._unit, recipients, text, via, key, kind=kind, object=object, record_id=record_id)

    def messages(self, *, unread: bool | None = None, before: int | None = None, limit: int = 50) -> list[Message]:
        """The actor's messages, newest first (at most 200): all, unread or read ones; `before`: the id to go on from."""
        return inbox.messages(self._unit, unread=unread, before=before, limit=limit)

    def message_file(self, id: int) -> int | None:
        """The id of the file that came with one of the actor's messages; None: no file, or no such message."""
        return inbox.file_of(self._unit, id)

    def read_message(self, id: int) -> None:
        """Mark a message as read; `Refused` R412."""
        self._may_write()
        inbox.read(self._unit, id)

    def read_all_messages(self) -> int:
        """Mark all messages as read; how many were not."""
        self._may_write()
        return inbox.read_all(self._unit)

    def unread_count(self) -> int:
        """How many messages are unread."""
        return inbox.unread_count(self._unit)

    def preferences(self) -> Preferences:
        """How the actor wants to be told."""
        return preferences.of(self._unit, self._unit.actor.id or 0)

    def set_preferences(self, wanted: Preferences) -> None:
        """Change how the actor is told; `Refused` R418."""
        self._may_write()
        preferences.keep(self._unit, self._unit.actor.id or 0, wanted)

    def send_digest(self, key: str) -> int | None:
        """Leave one mail about the unread messages that no digest told of; the job's id, None when there is nothing to tell."""
        self._may_write()
        payload = mails.digest(self._unit, inbox.digest(self._unit))
        return None if payload is None else enqueue(self._unit, inbox.MAIL, payload, key=key)

    def comment(self, object: str, id: int, text: str) -> Comment:
        """Say something about a visible record; `@login` and `@姓名` tell colleagues who may read it. `Refused` R404, R414, R415."""
        self._may_write()
        return comments.comment(self._unit, object, id, text)

    def comments(self, object: str, id: int) -> list[Comment]:
        """What was said about a visible record, oldest first; `Refused` R404."""
        return comments.comments(self._unit, object, id)

    def edit_comment(self, object: str, id: int, comment: int, text: str) -> Comment:
        """Change one's own comment; `Refused` R404, R413–R415."""
        self._may_write()
        return comments.edit(self._unit, object, id, comment, text)

    def delete_comment(self, object: str, id: int, comment: int) -> None:
        """Take one's own comment back; `Refused` R404, R413."""
        self._may_write()
        comments.delete(self._unit, object, id, comment)

    def absences(self, user: int | None = None) -> list[Absence]:
        """Absences of a user (the actor) that are not over."""
        return absence.absences(self._unit, user or self._unit.actor.id or 0)

    def set_absence(self, user: int, from_at: datetime, until_at: datetime, delegate: int) -> int:
        """Note that a user is away and who acts; the absence's id. The person or an administrator: `Refused` R416, R417."""
        self._may_write()
        return absence.set_absence(self._unit, user, from_at, until_at, delegate)

    def end_absence(self, id: int) -> None:
        """Take an absence back; `Refused` R416."""
        self._may_write()
        absence.end_absence(self._unit, id)

    def substitute_of(self, user: int, at: datetime | None = None) -> int:
        """Who acts for a user now, or at an instant: the user, or the first of the chain of substitutes who is there."""
        return absence.substitute_of(self._unit, user, at or self._unit.now)

    def handover(self, user: int, to: int | None = None, *, all: bool = False, pools: bool = False) -> Report:
        """Hand over everything of a user and close the account; without `to`, to the least loaded with a common role; `pools`: records that have pools go there. `Refused` R419–R421."""
        self._may_write()
        return handover.handover(self._unit, user, to, all=all, pools=pools)
