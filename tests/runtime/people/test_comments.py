"""Comments: for those who may read the record; a mention tells only them, and the author hears who was not reached."""

from pathlib import Path

import pytest
from dougong.refusals import Refused
from dougong.runtime.people.mentioning import mentions
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.apps import codes
from tests.runtime.people.apps import later, work


def test_comment_mention_edit_delete(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            job = session.create("job", name="甲").id
            said = session.comment("job", job, "请 @boss 看看，@bob 也看 @ann")
            assert (said.mentioned, said.unreached) == ((1,), ("bob",))
        with engine.session("boss") as session:
            assert [(m.kind, m.text, m.record_title, m.sender.name) for m in session.messages(limit=1)] == [
                ("mention", "ann在评论里提到您：请 @boss 看看，@bob 也看 @ann", "甲", "ann")
            ]
            session.comment("job", job, "好")
            assert [(c.author.name, c.text) for c in session.comments("job", job)] == [
                ("ann", "请 @boss 看看，@bob 也看 @ann"),
                ("boss", "好"),
            ]
            for act in (lambda: session.edit_comment("job", job, said.id, "x"), lambda: session.delete_comment("job", job, said.id)):
                with pytest.raises(Refused) as refused:
                    act()
                assert codes(refused.value) == {("R413", None)}
        later(engine, minutes=1)
        with engine.session("ann") as session:
            changed = session.edit_comment("job", job, said.id, "@boss 不用看了")
            assert (changed.text, changed.edited_at) == ("@boss 不用看了", session.now)
        with engine.reader("boss") as session:  # the old words are nowhere any more
            assert [(m.text, m.read_at) for m in session.messages() if m.kind == "mention"] == [
                ("作者修改了提到您的评论，新的内容请看记录", None)
            ]
        with engine.session("ann") as session:
            session.delete_comment("job", job, said.id)
            first, second = session.comments("job", job)
            assert (first.text, first.deleted_at, second.text) == (None, session.now, "好")
            with pytest.raises(Refused) as refused:
                session.edit_comment("job", job, said.id, "again")
            assert codes(refused.value) == {("R413", None)}
        with engine.reader("bob") as session:
            assert "mention" not in [m.kind for m in session.messages()]
        with engine.reader("boss", language="en") as session:  # an edit tells nobody twice, and what was deleted is nowhere
            assert [m.text for m in session.messages() if m.kind == "mention"] == [
                "The comment that mentioned you was deleted by its author"
            ]


def test_who_may_not_read_may_not_comment(database_url: str, tmp_path: Path) -> None:
    with work(database_url, tmp_path) as engine:
        with engine.session("ann") as session:
            job = session.create("job", name="甲").id
            for text, code in (("  ", "R414"), ("字" * 4001, "R415")):
                with pytest.raises(Refused) as refused:
                    session.comment("job", job, text)
                assert codes(refused.value) == {(code, None)}
        with engine.session("bob") as session:
            for act in (
                lambda: session.comments("job", job),
                lambda: session.comment("job", job, "?"),
                lambda: session.comments("job", 999),
            ):
                with pytest.raises(Refused) as refused:
                    act()
                assert codes(refused.value) == {("R404", None)}


USERS = [
    {"id": 1, "login": "li.wei", "name": "李伟"},
    {"id": 2, "login": "li", "name": "李伟强"},
    {"id": 3, "login": "wang", "name": "王芳"},
    {"id": 4, "login": "fang", "name": "王芳"},
]


@pytest.mark.parametrize(
    ("text", "ids", "shared"),
    [
        ("@li.wei.", [1], []),
        ("@li.weix @li, @li", [2], []),
        ("@李伟请看；@李伟强也看", [1, 2], []),
        ("＠王芳 @wang", [3], ["王芳"]),
        ("mail@li", [], []),
        ("@nobody @", [], []),
    ],
)
def test_mentions(text: str, ids: list[int], shared: list[str]) -> None:
    assert mentions(text, USERS) == (ids, shared)


@given(st.text(alphabet="@li.we李伟强王芳 x", max_size=30))
def test_mentions_are_names_behind_an_at(text: str) -> None:
    found, _ = mentions(text, USERS)
    for user in USERS:
        if user["id"] in found:
            assert any(f"@{user[key]}" in text for key in ("login", "name"))
