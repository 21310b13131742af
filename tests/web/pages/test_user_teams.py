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


def test_the_page_of_the_users_leads_to_everything_about_them_and_to_the_teams(engine: Engine) -> None:
    boss, ann = api(engine, "boss"), user_number(engine, "ann")
    page = boss.get("/admin/users").text
    assert f'href="/o/user/{ann}"' in page and 'href="/o/team"' not in page  # the shop's boss has no right to read teams
    assert boss.get(f"/o/user/{ann}/edit").status_code == 200
