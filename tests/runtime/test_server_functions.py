"""Functions that only the server has: pinyin in a stored column, numbers drawn by defaults."""

from pathlib import Path

from tests.runtime.apps import hire, opened

APP = """
app: spelling
objects:
  firm:
    fields:
      name: text required
      spelt: text = pinyin(name)
      letters: text indexed = pinyin(name, "initials")
      code: text default nextno("F{yyyy}-{000}")
      other: text default nextno("{00}")
roles: {clerk: {may: ["create, read, update firm"]}}
"""


def test_pinyin_is_stored_and_filtered_by(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.session("clerk") as session:
            firm = session.create("firm", name="重庆A1机械")
            session.create("firm", name="Siemens")
            assert (firm.spelt, firm.letters) == ("chongqingA1jixie", "cqA1jx")
            assert [r.id for r in session.find("firm", where='spelt contains "qing"').records] == [firm.id]
            session.update(firm, name="宁波")
            assert [r.spelt for r in session.find("firm", where='letters = "nb"').records] == ["ningbo"]


def test_a_default_draws_a_number_and_a_form_that_is_looked_at_does_not(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "clerk", "clerk")
        with engine.reader(user="clerk") as session:
            assert session.preview("firm", {"name": "甲"}).values["code"] is None
        with engine.session("clerk") as session:
            made = [session.create("firm", name="甲"), session.create("firm", name="乙", code="mine"), session.create("firm", name="丙")]
            assert [(firm.code, firm.other) for firm in made] == [("F2026-001", "01"), ("mine", "02"), ("F2026-002", "03")]
