"""Several pipelines on one record: each with its stage, its moves, its rights, its lines in the log."""

from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests.gates.apps import said
from tests.runtime.apps import hire, opened

CARD = """
app: cards
objects:
  card:
    fields:
      name: text required
      report: text
      note: text
      owner: user default me
pipelines:
  sales_flow:
    of: card
    stages:
      open: {start: true}
      won: {kind: won}
    moves: [open -> won when quality_stage = passed]
  quality_flow:
    of: card
    field: quality_stage
    title: {zh: 质量, en: Quality}
    stages:
      waiting: {start: true}
      testing: {to_leave: {fields: [report], actions: [{id: measured, by: quality}]}}
      passed: {kind: done, on_enter: [{set: {note: "'entered'"}}]}
      failed: {kind: lost}
    moves:
      - waiting -> testing by quality
      - testing -> passed
      - testing -> failed "不合格" asks(note)
      - failed -> testing
  production_flow:
    of: card
    field: production_stage
    stages: {planned: {start: true}, made: {kind: done}}
    moves: [planned -> made]
triggers:
  told:
    on: card.quality_stage entered passed
    do: [{create: {of: line, set: {text: name}}}]
  left:
    on: card left testing
    do: [{create: {of: line, set: {text: "'left'"}}}]
objects_of_log: 0
roles:
  sales: {may: ["read, create, update card", "move card along sales_flow", read line]}
  quality: {may: ["read card", "move card along quality_flow", read line]}
  boss: {may: ["read, create, update, move, import card", read line]}
""".replace("objects_of_log: 0\n", "").replace("pipelines:", "  line: {fields: {text: text}}\npipelines:", 1)


def refused(engine: Engine, who: int, card: int, to: str, pipeline: str | None, **values: Any) -> list[tuple[str, str | None]]:
    try:
        with engine.session(who) as session:
            session.move("card", card, to, values, pipeline=pipeline)
    except Refused as found:
        return said(found)
    return []


def buttons(session: Session, card: int) -> dict[tuple[str, str], bool]:
    return {(m.pipeline, m.target): m.allowed for m in session.moves("card", card)}


def test_each_department_moves_its_own_flow(database_url: str, tmp_path: Path) -> None:
    with opened(CARD, database_url, tmp_path) as engine:
        sales, quality = hire(engine, "sales", "sales"), hire(engine, "quality", "quality")
        with engine.session(sales) as session:
            card = session.create("card", name="c")
            assert (card["stage"], card["quality_stage"], card["production_stage"]) == ("open", "waiting", "planned")
            assert card["quality_stage_since"] == engine.clock.now()
            assert buttons(session, card.id) == {
                ("sales_flow", "won"): False,
                ("quality_flow", "testing"): False,
                ("production_flow", "made"): False,
            }
        with engine.session(quality) as session:  # all see the status, each sees the own moves
            assert buttons(session, card.id) == {
                ("sales_flow", "won"): False,
                ("quality_flow", "testing"): True,
                ("production_flow", "made"): False,
            }
        assert refused(engine, sales, card.id, "testing", "quality_flow") == [("R401", None)]
        assert refused(engine, quality, card.id, "won", None) == [("R401", None)]
        assert refused(engine, quality, card.id, "made", "production_flow") == [("R401", None)]
        assert refused(engine, quality, card.id, "passed", "quality_flow") == [("R302", "quality_stage")]
        assert refused(engine, quality, card.id, "gone", "quality_flow") == [("R301", "quality_stage")]
        assert refused(engine, quality, card.id, "testing", "flow") == [("R325", None)]
        assert refused(engine, quality, card.id, "testing", "quality_flow") == []
        assert refused(engine, quality, card.id, "passed", "quality_flow") == [("R305", "report"), ("R310", None)]
        assert refused(engine, quality, card.id, "failed", "quality_flow", report="r") == [("R307", "note"), ("R310", None)]
        with engine.session(quality) as session:
            session.do_action("card", card.id, "measured")
            assert {i.item for i in session.gates("card", card.id) if i.pipeline == "quality_flow"} == {"report", "measured"}
        assert refused(engine, sales, card.id, "won", None) == [("R304", "stage")]
        assert refused(engine, quality, card.id, "passed", "quality_flow", report="r") == []
        with engine.session(sales) as session:
            card = session.get("card", card.id)
            assert (card["quality_stage"], card["stage"], card["note"]) == ("passed", "open", "entered")
            assert sorted(r["text"] for r in session.find("line").records) == ["c", "left"]
            change = next(
                c for c in session.history("card", card.id) if "quality_stage" in c.fields and c.fields["quality_stage"][1] == "passed"
            )
            assert change.fields["quality_stage"] == ("testing", "passed")
            assert not card["unsupported"]
        assert refused(engine, sales, card.id, "won", None) == []
        with engine.session(quality) as session:
            session.undo_action("card", card.id, "measured")
            assert session.get("card", card.id)["unsupported"]


def test_a_write_of_the_field_is_a_move_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    with opened(CARD, database_url, tmp_path) as engine:
        sales, boss = hire(engine, "sales", "sales"), hire(engine, "boss", "boss")
        with engine.session(sales) as session:
            card = session.create("card", name="c")
            with pytest.raises(Refused) as caught:
                session.update("card", card.id, {"quality_stage": "passed"})
            assert said(caught.value) == [("R401", None)]
            with pytest.raises(Refused) as caught:
                session.create("card", name="d", quality_stage="passed")
            assert said(caught.value) == [("R308", "quality_stage")]
            with pytest.raises(Refused) as caught:
                session.update("card", card.id, {"quality_stage_since": "2026-01-01T00:00:00Z"})
            assert said(caught.value) == [("R209", "quality_stage_since")]
        with engine.session(boss) as session:
            session.update("card", card.id, {"production_stage": "made", "note": "n"})
            assert (session.get("card", card.id)["production_stage"], session.get("card", card.id)["note"]) == ("made", "n")
            made = session.create_many("card", [{"name": "x", "quality_stage": "failed"}, {"name": "y"}])
            assert [r["quality_stage"] for r in made if not isinstance(r, Refused)] == ["failed", "waiting"]
            assert session.count("card", "quality_stage = failed") == 1
            log = session.connection.all(_log(engine), {"id": card.id})
        assert [tuple(r) for r in log] == [
            (None, None, "open"),
            ("quality_flow", None, "waiting"),
            ("production_flow", None, "planned"),
            ("production_flow", "planned", "made"),
        ]


def _log(engine: Engine) -> Any:
    from dougong.database.text import compile_text
    from sqlalchemy import text

    sql = "SELECT pipeline, from_stage, to_stage FROM dg_stage_log WHERE record_id = :id AND object = 'card' ORDER BY id"
    return compile_text(text(sql), engine.database.dialect)


def test_the_past_of_the_main_pipeline_knows_nothing_of_the_others(database_url: str, tmp_path: Path) -> None:
    app = CARD.replace("{planned: {start: true}, made: {kind: done}}", "{open: {start: true}, made: {kind: done}}").replace(
        "planned ->", "open ->"
    )
    with opened(app, database_url, tmp_path) as engine:
        boss = hire(engine, "boss", "boss")
        with engine.session(boss) as session:
            card = session.create("card", name="c")
            session.move("card", card.id, "made", pipeline="production_flow")
        with engine.session(boss) as session:
            assert session.count("card", "passed(stage.open)") == 0
            assert session.count("card", "passed(production_stage.open)") == 1
            assert session.count("card", "passed(waiting)") == 0
