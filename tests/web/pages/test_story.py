"""The story of a record tells what was said about it among what happened."""

from dougong.engine import Engine

from tests.web.shop import api


def test_comments_stand_in_the_story(engine: Engine) -> None:
    with engine.session("boss") as session:
        made = session.create("customer", name="宁波某厂")
    with engine.session("boss") as session:
        said = session.comment("customer", made.id, "先报价 <b>再谈</b>\n@ann 看看")
        gone = session.comment("customer", made.id, "写错了")
        session.delete_comment("customer", made.id, gone.id)
    with engine.session("boss") as session:
        session.edit_comment("customer", made.id, said.id, said.text or "")
    boss = api(engine, "boss", "zh")
    page = boss.get(f"/o/customer/{made.id}").text
    assert "先报价 &lt;b&gt;再谈&lt;/b&gt;<br>@ann 看看" in page
    assert "评论" in page and "已编辑" in page and "写错了" not in page
    assert page.index("先报价") < page.index("新建了")
    assert "先报价" not in boss.get(f"/o/customer/{made.id}?story=moved").text


def test_the_home_page_lists_to_dos(engine: Engine) -> None:
    with engine.session("boss") as session:
        made = session.create("customer", name="宁波某厂").id
        me = session.user["id"]
        (todo,) = session.add_todos([(me, None, None)], ("打个电话", "Call"), "customer", made)
    boss = api(engine, "boss", "zh")
    for path in ("/", "/todos"):
        assert "打个电话" in boss.get(path).text
    assert boss.post(f"/todos/{todo}/done", data={"next": "/"}).status_code == 303
    assert "打个电话" not in boss.get("/").text
