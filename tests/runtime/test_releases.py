"""A running engine goes on with a newer release by itself, and runs what was applied, not what lies in the folder."""

from pathlib import Path

import pytest
from dougong.engine import DefinitionError, Engine
from dougong.refusals import Refused

from tests.runtime.apps import THINGS, hire, opened

WITH_COLOUR = THINGS.replace('      note: text "备注"\n', '      note: text "备注"\n      colour: text "颜色"\n')
WITHOUT_NOTE = THINGS.replace('      note: text "备注"\n', "      note: {type: text, retired: true}\n").replace(" asks(note)", "")


def write(folder: Path, text: str) -> Path:
    (folder / "app" / "app.yaml").write_text(text, encoding="utf-8")
    return folder / "app"


def test_a_field_added_by_another_process_is_there_at_the_next_unit_of_work(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            thing = session.create("thing", name="x")
        path = write(tmp_path, WITH_COLOUR)
        with engine.session("boss") as session, pytest.raises(Refused, match="R402"):
            session.update(thing, colour="red")  # lies in the folder only
        other = Engine.open(path, database=database_url, files_dir=tmp_path)
        assert other.release.id == engine.release.id + 1
        other.close()
        assert engine.run("boss", lambda s: s.update(thing, colour="red").colour, write=True) == "red"
        with engine.session("boss") as session:
            assert session.find("thing", where='colour = "red"').records[0].id == thing.id
        assert engine.release.app_version == "1.0.0" and "colour" in engine.app.objects["thing"].fields


def test_a_unit_of_work_on_a_column_that_went_is_done_again(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            session.create("thing", name="x", note="n")
            session.find("thing")
        with Engine.open(tmp_path / "app", database=database_url, apply=False) as other:
            other.apply(write(tmp_path, WITHOUT_NOTE), "test")
        assert engine.run("boss", lambda s: "note" in s.find("thing").records[0], write=False) is False
        assert engine.run("boss", lambda s: s.create("thing", name="y").version, write=True) == 1


def test_a_definition_with_mistakes_is_not_opened(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        path = write(tmp_path, THINGS.replace("amount / 2", "amuont / 2").replace("rule: amount >= 0", "rule: level >="))
        with pytest.raises(DefinitionError) as wrong:
            engine.plan(path)
        assert len(wrong.value.diagnostics) >= 2
        with pytest.raises(DefinitionError):
            Engine.open(path, database=database_url, files_dir=tmp_path)
        with Engine.open(path, database=database_url, apply=False) as other:
            assert "half" in other.app.objects["thing"].fields


def test_a_change_that_needs_somebody_is_not_applied_at_opening(database_url: str, tmp_path: Path) -> None:
    with opened(THINGS, database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            session.create("thing", name="x", note="a value")
        path = write(tmp_path, WITHOUT_NOTE)
        with pytest.raises(Refused, match="R728"):
            Engine.open(path, database=database_url, files_dir=tmp_path)


def test_an_empty_database_has_nothing_to_run(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="R727"):
        Engine.open(tmp_path, database=database_url, apply=False)
