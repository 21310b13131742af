"""Why a record went to whom it did: sentences, what an administrator alone hears, the command, and lines of scenarios."""

from datetime import timedelta
from pathlib import Path

import pytest
from dougong.cli.command import run
from dougong.engine import Engine
from dougong.flow.scenarios.play import play
from dougong.flow.scenarios.world import World
from dougong.pipeline import read_app
from dougong.runtime.clock import SettableClock
from dougong.runtime.dispatch.explaining import explain_assignment
from dougong.runtime.users import create_user

from tests.runtime.apps import NOON, hire, opened

APP = """
app: why
objects:
  user: {fields: {city: text, conversion: number(2)}}
  lead:
    fields: {name: text, city: text, owner: user "负责人"}
pools:
  hq: {of: lead, title: {zh: 总部公海, en: HQ}, by: [sales]}
triggers:
  give:
    on: lead created
    do:
      - assign: {field: owner, from: "user where city = lead.city", by: weight(conversion), floor: 5%, else: pool hq}
roles:
  sales: {may: ["read, create, update lead"]}
"""
STORY = """
cast:
  - user li: {roles: [sales], city: nb, conversion: 1}
  - user wu: {roles: [sales], city: sh, conversion: 1}
scenarios:
  公海:
    as: li
    given:
      - lead old: {name: 旧, owner: wu}
    steps:
      - create lead d1: {name: 甲, city: xx}
      - expect: d1 in pool hq
      - claim d1
      - expect: d1 belongs to li
      - claim d1: refused because "不在公海"
      - release d1: 打不通
      - expect: d1 in pool hq
      - release old: 不要了
        refused: 不归您
      - create lead d2: {name: 乙, city: sh}
      - expect: d2 belongs to wu
"""


def told(engine: Engine, record_id: int, login: str | None = None) -> list[tuple[tuple[str, str], ...]]:
    if login is None:
        with engine.system_session("test", write=False) as session:
            return [each.sentences for each in explain_assignment(session, "lead", record_id)]
    with engine.session(login) as session:
        return [each.sentences for each in explain_assignment(session, "lead", record_id)]


def test_every_assignment_is_told(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        assert isinstance(engine.clock, SettableClock)
        li = hire(engine, "li", "sales", city="nb", conversion="0.3")
        hire(engine, "new", "sales", city="nb")
        with engine.system_session("test") as session:
            near, far = (session.create("lead", name=c, city=c).id for c in ("nb", "xx"))
            owner = session.unit.row("user", session.get("lead", near).owner)
        assert owner is not None
        (sentences,) = told(engine, near)
        assert sentences[0] == (
            f"触发器 give 分配给 {owner['name']}：按权重抽取",
            f"The trigger give gave it to {owner['name']}: drawn by weight",
        )
        assert sentences[1:3] == (
            ("候选人：li, new", "Candidates: li, new"),
            ("权重和份额：li 0.30 → 95%, new - → 5%", "Weights and shares: li 0.30 → 95%, new - → 5%"),
        )
        assert [len(each) for each in told(engine, near, "li")] == [1]  # what others weigh is not for everybody
        for hours, act in enumerate(("claim", "release", "hand"), 1):
            engine.clock.set(NOON + timedelta(hours=hours))
            with engine.session("li") as session:
                if act == "claim":
                    session.claim("lead", far)
                elif act == "release":
                    session.release("lead", far, "打不通")
                else:
                    session.update("lead", far, {"owner": li})
        assert [each[0][1] for each in told(engine, far)] == [
            "The trigger give put it into the pool “HQ”",
            "li claimed it from the pool “HQ”",
            "li gave it back to the pool “HQ”: 打不通",
            "li made li the 负责人",
        ]
        assert told(engine, far)[0][1] == ("没有合适的人，按“其余”给公海“总部公海”", "Nobody fitted; otherwise it goes to the pool “HQ”")


TABLE = """
app: why
objects: {lead: {fields: {name: text, city: "choice(nb)", owner: user "负责人"}}}
decision_tables:
  who: {of: lead, title: {zh: 分给谁, en: Who}, rows: [{when: {city: nb}, then: user li}, {when: {city: blank}, then: role none}]}
triggers:
  give: {title: {zh: "进入“新”", en: "entered “New”"}, on: lead created, do: [{assign: {field: owner, by: table who, else: ELSE}}]}
roles:
  sales: {title: {zh: 销售, en: Sales}, may: ["read, create, update lead"]}
  none: {may: [read lead]}
"""


@pytest.mark.parametrize(
    ("otherwise", "zh", "en"), [("user li", " 李", "李"), ("role sales", "角色“销售”", "the role “Sales”")], ids=["user", "role"]
)
def test_what_is_left_is_told_for_people(tmp_path: Path, otherwise: str, zh: str, en: str) -> None:
    with opened(TABLE.replace("ELSE", otherwise), f"sqlite:///{tmp_path / 'why.db'}", tmp_path) as engine:
        with engine.system_session("test") as session:
            create_user(session, "li", "李", None, ["sales"])
            by_row, by_rest = (session.create("lead", name="x", city=c).id for c in ("nb", None))
        assert told(engine, by_rest) == [
            (
                ("触发器“进入「新」”分配给 李", "The trigger “entered ‘New’” gave it to 李"),
                ("决策表“分给谁”的第 2 行适用（app.yaml:5）", "Row 2 of the table “Who” applied (app.yaml:5)"),
                (f"没有合适的人，按“其余”给{zh}", f"Nobody fitted; otherwise it goes to {en}"),
                ("候选人：李", "Candidates: 李"),
            )
        ]
        ((head, row, *_),) = told(engine, by_row)
        assert head[0] == "触发器“进入「新」”分配给 李：按决策表"
        assert row == ("决策表“分给谁”的第 1 行适用（app.yaml:5）", "Row 1 of the table “Who” applied (app.yaml:5)")


def test_the_command_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'why.db'}"
    with opened(APP, url, tmp_path) as engine:
        hire(engine, "li", "sales", city="nb", conversion=1)
        with engine.system_session("test") as session:
            session.create("lead", name="x", city="nb")
    assert run(["explain", str(tmp_path / "app"), "--assignment", "lead/1", "--db", url, "--lang", "en"]) == 0
    assert "The trigger give gave it to li: drawn by weight" in capsys.readouterr().out
    assert run(["explain", str(tmp_path / "app"), "--lang", "en"]) == 2


def test_scenarios_speak_of_pools() -> None:
    built = read_app({"app.yaml": APP + STORY})
    assert built.app is not None, [d.message("en") for d in built.diagnostics]
    with World(dict(built.app.files)) as world:
        failures = [play(world, each).failure for each in built.app.scenarios.values()]
    assert failures == [None]
    wrong = read_app({"app.yaml": APP + STORY.replace("d1 in pool hq", "d1 in pool hg")})
    assert [d.code.code for d in wrong.diagnostics if d.is_error] == ["T593", "T593"]
