"""`dougong explain`: why a trigger did not fire, and what it would do."""

from pathlib import Path

import pytest
from dougong.engine import Engine

from tests.cli.test_commands import Line, line

__all__ = ["line"]  # the fixture

APP = """
app: shop
objects:
  deal: {fields: {name: text required, amount: money, note: text, owner: user default me}}
roles: {boss: {admin: true, may: ["read, create, update deal"]}}
triggers:
  big:
    on: deal.amount changed
    when: amount > 10
    do:
      - {set: {note: "'big'"}}
      - {todo: {for: owner, text: "look at {{ name }}"}}
"""


def test_a_trigger_is_explained_and_tried(line: Line, tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.yaml").write_text(APP, encoding="utf-8")
    with Engine.open(folder, database=database_url) as engine, engine.system_session("test") as session:
        user = session.create("user", login="boss", name="boss", roles=["boss"], active=True).id
        deal = session.create("deal", name="a", amount=1, owner=user)
        session.update(deal, amount=5)
    about = (str(folder), "--trigger", "big", "--record", f"deal/{deal.id}")
    code, out, err = line("explain", *about)
    assert (code, err) == (0, "")
    said = out.splitlines()
    assert said[0] == "It has not fired: it happened, but the condition did not hold"
    assert said[1].startswith("✓ “deal.amount changed” last happened at ") and said[1].endswith("(app.yaml:8)")
    assert said[2].startswith("✗ its condition does not hold then: it needs amount is more than 10 (now “¥5.00”)") and said[2].endswith(
        "(app.yaml:9)"
    )
    assert line("explain", *about, "--lang", "zh")[1].startswith("没有触发：事情发生了，但条件不成立\n")
    assert "It would not fire now, its condition does not hold" in line("explain", *about, "--dry-run")[1]
    with Engine.open(folder, database=database_url) as engine, engine.system_session("test") as session:
        session.update("deal", deal.id, {"amount": 50})
        session.update("deal", deal.id, {"note": None})
    tried = line("explain", *about, "--dry-run")[1].splitlines()
    assert tried[1:] == [
        f"big · deal/{deal.id}",
        "  set: note: - → big (app.yaml:11)",
        f"  todo: a to-do for [{user}]: “look at a” (app.yaml:12)",
    ]
    assert line.json("explain", *about, "--dry-run")["firings"][0]["trigger"] == "big"
    assert line.json("explain", *about)["has_fired"] is True


@pytest.mark.parametrize(("record", "code"), [("deal", 2), ("deal/x", 2), ("deal/99", 1), ("none/1", 1)])
def test_what_cannot_be_explained(line: Line, tmp_path: Path, record: str, code: int) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.yaml").write_text(APP, encoding="utf-8")
    assert line("apply", str(folder))[0] == 0
    assert line("explain", str(folder), "--trigger", "big", "--record", record)[0] == code
