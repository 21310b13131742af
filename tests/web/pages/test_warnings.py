"""What a check that only warns says stands on the record's page until it is mended, for whoever can mend it."""

from pathlib import Path

from dougong.engine import Engine
from dougong.runtime.users import create_user

from tests.web.shop import api, write_shop

APP = """\
app: budgets
objects:
  deal:
    fields: {name: text required, amount: money, owner: user default me}
    checks:
      - {rule: amount < 100, severity: warning, message: {zh: 预算偏高, en: The budget is high}}
      - {rule: amount < 1000, message: {zh: 太高, en: Too high}}
roles:
  sales: {may: ["read, create, update deal"]}
  reader: {may: ["read deal"]}
"""


def test_warnings_stay_until_they_are_mended(tmp_path: Path) -> None:
    with Engine.open(write_shop(tmp_path / "budgets", APP), database=f"sqlite:///{tmp_path / 'budgets.db'}") as engine:
        with engine.system_session("test") as session:
            create_user(session, "li", "李", None, ["sales"])
            create_user(session, "wang", "王", None, ["reader"])
        li, wang = api(engine, "li"), api(engine, "wang")
        made = li.post("/o/deal/new", data={"name": "泵", "amount": "200"}, headers={"accept-language": "zh"})
        page = made.headers["location"].partition("?")[0]
        assert "预算偏高" in li.get(page, headers={"accept-language": "zh"}).text
        assert "The budget is high" in li.get(page, headers={"accept-language": "en"}).text
        assert "notice-warn" not in wang.get(page).text
        li.post(f"{page}/edit", data={"name": "泵", "amount": "99"})
        assert "notice-warn" not in li.get(page).text
