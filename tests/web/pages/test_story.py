"""The story of a record tells what was said about it among what happened."""

import re

from dougong.engine import Engine
from dougong.runtime.users import create_user

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
    assert '先报价 &lt;b&gt;再谈&lt;/b&gt;<br><span class="mention">@ann</span> 看看' in page
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
        assert "打个电话" in boss.get(path).text and "刚刚</span>" in boss.get(path).text
    with engine.database.write() as connection:
        connection.run("UPDATE dg_todo SET created_at = '2020-03-01T04:00:00.000Z'")
    assert re.search(r"已等 \d{4} 天</span>", boss.get("/todos").text)
    assert boss.post(f"/todos/{todo}/done", data={"next": "/"}).status_code == 303
    assert "打个电话" not in boss.get("/").text


def test_only_who_may_read_the_record_is_offered_behind_an_at(engine: Engine) -> None:
    with engine.session("ann") as session:
        deal = session.create("deal", name="安的商机").id
    ann = api(engine, "ann")
    offered = ann.get(f"/o/deal/{deal}/people?q=").json()
    assert offered == [{"call": "老板", "name": "老板", "login": "boss"}]  # neither oneself nor bob, who may not read it
    assert ann.get(f"/o/deal/{deal}/people?q=OSS").json() == offered
    assert ann.get(f"/o/deal/{deal}/people?q=bob").json() == []
    assert api(engine, "bob").get(f"/o/deal/{deal}/people?q=").status_code == 404


def test_a_name_that_two_share_is_called_by_login(engine: Engine) -> None:
    with engine.system_session("test") as session:
        create_user(session, "boss2", "老板", None, ["boss"])
    with engine.session("ann") as session:
        deal = session.create("deal", name="安的商机").id
    assert [p["call"] for p in api(engine, "ann").get(f"/o/deal/{deal}/people?q=").json()] == ["boss", "boss2"]


def test_ones_own_comment_is_mended_on_the_page(engine: Engine) -> None:
    with engine.session("ann") as session:
        deal = session.create("deal", name="安的商机").id
        said = session.comment("deal", deal, "明天报价").id
    ann, boss = api(engine, "ann", "zh"), api(engine, "boss", "zh")
    address = f"/o/deal/{deal}/comments/{said}"
    assert f'href="{address}"' in ann.get(f"/o/deal/{deal}").text
    assert address not in boss.get(f"/o/deal/{deal}").text
    assert "明天报价" in ann.get(address).text
    refused = ann.post(address, data={"text": " "})
    assert (refused.status_code, "请写" in refused.text) == (422, True)
    assert ann.post(address, data={"text": "后天报价"}).status_code == 303
    assert [boss.get(address).status_code, boss.post(address, data={"text": "x"}).status_code] == [404, 404]
    assert "后天报价" in boss.get(f"/o/deal/{deal}").text
