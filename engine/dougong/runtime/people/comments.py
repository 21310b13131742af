"""Comments on any record. Whoever may read the record may read and write them; `@login` or `@姓名` tells a colleague.

A colleague who may not read the record is told nothing; the author is told who that was.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dougong.database.instants import instant_from_db
from dougong.refusals import refuse
from dougong.runtime import refusals as gate_codes
from dougong.runtime.people import inbox, texts
from dougong.runtime.people import refusals as codes
from dougong.runtime.people.mentioning import may_read, mentions
from dougong.runtime.people.texts import text
from dougong.runtime.read.titles import user_names
from dougong.runtime.record import Comment, Person
from dougong.runtime.unit import Row, Unit

MOST = 4000
SHORT = 60
CHANGED = ("作者修改了提到您的评论，新的内容请看记录", "The author changed the comment that mentioned you; the record has what it says now")
TAKEN_BACK = ("提到您的评论已被作者删除", "The comment that mentioned you was deleted by its author")
MENTIONED = ("{0}在评论里提到您：{1}", "{0} mentioned you: {1}")


def comment(unit: Unit, object_name: str, record_id: int, words: str) -> Comment:
    """Say something about a record; `unreached` of what comes back names those who may not read it. `Refused` R404, R414, R415."""
    row = _readable(unit, object_name, record_id)
    words = _checked(words)
    values = {"object": object_name, "record_id": record_id, "author": unit.actor.id, "text": words, "now": unit.driver_now}
    if unit.actor.id is None:
        raise refuse(codes.NO_SUCH_COMMENT)  # the system has nothing to say
    made = unit.connection.one(text(texts.ADD_COMMENT, unit.compiled.dialect), values)
    assert made is not None  # RETURNING always gives a row
    told, unreached = _mention(unit, object_name, row, words, f"comment:{made[0]}")
    author = Person(unit.actor.id, unit.actor.name)
    return Comment(int(made[0]), author, words, unit.now, mentioned=told, unreached=unreached)


def edit(unit: Unit, object_name: str, record_id: int, comment_id: int, words: str) -> Comment:
    """Change one's own comment; those who are mentioned for the first time are told. `Refused` R404, R413–R415.

    The inboxes of those it mentioned before do not keep the old words.
    """
    row = _readable(unit, object_name, record_id)
    words = _checked(words)
    _own(unit, object_name, record_id, comment_id)
    unit.connection.run(text(texts.EDIT_COMMENT, unit.compiled.dialect), {"id": comment_id, "text": words, "now": unit.driver_now})
    _say_again(unit, comment_id, CHANGED)  # without the words: who may read the record now reads them there
    told, unreached = _mention(unit, object_name, row, words, f"comment:{comment_id}")
    found = next(c for c in comments(unit, object_name, record_id) if c.id == comment_id)
    return replace(found, mentioned=told, unreached=unreached)


def delete(unit: Unit, object_name: str, record_id: int, comment_id: int) -> None:
    """Take one's own comment back: that there was one stays, its words do not, nor in the inboxes of those it mentioned.

    `Refused` R404, R413.
    """
    _readable(unit, object_name, record_id)
    _own(unit, object_name, record_id, comment_id)
    unit.connection.run(text(texts.DELETE_COMMENT, unit.compiled.dialect), {"id": comment_id, "now": unit.driver_now})
    _say_again(unit, comment_id, TAKEN_BACK, read_at=unit.driver_now)


def comments(unit: Unit, object_name: str, record_id: int) -> list[Comment]:
    """What was said about a record, oldest first. `Refused` R404."""
    _readable(unit, object_name, record_id)
    dialect = unit.compiled.dialect
    rows = unit.connection.all(text(texts.COMMENTS, dialect), {"object": object_name, "record_id": record_id})
    names = user_names(unit, sorted({r[1] for r in rows})) if rows else {}

    def instant(value: Any) -> Any:
        return None if value is None else instant_from_db(value, dialect)

    return [
        Comment(r[0], Person(r[1], names.get(r[1], f"#{r[1]}")), r[2], instant_from_db(r[3], dialect), instant(r[4]), instant(r[5]))
        for r in rows
    ]


def _mention(unit: Unit, object_name: str, row: Row, words: str, key: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Tell those who are mentioned; who was told, and the names of those who could not be."""
    users = {u["id"]: u for u in unit.users()}
    ids, shared = mentions(words, users.values())
    others = [i for i in ids if i != unit.actor.id]
    told = [i for i in others if may_read(unit, users[i], object_name, row)]
    short = words if len(words) <= SHORT else words[:SHORT] + "\u2026"
    spoken = (MENTIONED[0].format(unit.actor.name, short), MENTIONED[1].format(unit.actor.name, short))
    inbox.notify(unit, told, spoken, key=key, kind="mention", object=object_name, record_id=row["id"])
    unreached = [users[i]["name"] or users[i]["login"] for i in others if i not in told]
    return tuple(told), (*unreached, *shared)


def _readable(unit: Unit, object_name: str, record_id: int) -> Row:
    rules = unit.compiled.rules(object_name)
    row = unit.row(object_name, record_id)
    if row is None or not unit.matching(object_name, "read", row):
        raise refuse(gate_codes.NOT_FOUND, object=rules.spoken)
    return row


def _say_again(unit: Unit, comment_id: int, spoken: tuple[str, str], read_at: Any = None) -> None:
    """Other words for what a comment has told those it mentions; `read_at`: when nobody need read them any more."""
    values = {"key": f"comment:{comment_id}", "zh": spoken[0], "en": spoken[1], "now": read_at}
    unit.connection.run(text(texts.SAID_AGAIN, unit.compiled.dialect), values)


def _own(unit: Unit, object_name: str, record_id: int, comment_id: int) -> None:
    values = {"id": comment_id, "object": object_name, "record_id": record_id}
    row: Sequence[Any] | None = unit.connection.one(text(texts.ONE_COMMENT, unit.compiled.dialect), values)
    if row is None or row[0] != unit.actor.id:
        raise refuse(codes.NO_SUCH_COMMENT)


def _checked(words: str) -> str:
    words = words.strip()
    if not words:
        raise refuse(codes.EMPTY_COMMENT)
    if len(words) > MOST:
        raise refuse(codes.LONG_COMMENT, most=MOST)
    return words
