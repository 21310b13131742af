"""The users' page: an administrator puts somebody into a team."""

from dougong.engine import Engine

from tests.web.shop import api, user_number


def test_a_team_is_set_and_taken_back(engine: Engine) -> None:
    boss, ann = api(engine, "boss"), user_number(engine, "ann")
    assert "设置团队" not in boss.get("/admin/users", headers={"accept-language": "zh"}).text
    with engine.system_session("test") as session:
        east = session.create("team", name="华东区").id
    page = boss.get("/admin/users", headers={"accept-language": "zh"}).text
    assert "设置团队" in page and f'<option value="{east}">华东区</option>' in page
    for given, kept in ((str(east), east), ("", None)):
        assert boss.post(f"/admin/users/{ann}", data={"do": "team", "team": given}).status_code == 303
        with engine.reader("boss") as session:
            assert session.get("user", ann).team == kept
    assert f'<option value="{east}" selected>' not in boss.get("/admin/users").text
    assert boss.post(f"/admin/users/{ann}", data={"do": "team", "team": "999"}).status_code == 422
