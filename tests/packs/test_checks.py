"""Every check of every app says no to a record that breaks it, at its own clause, and nothing to one that does not."""

from pathlib import Path
from typing import Any

import pytest
from dougong.engine import Engine
from dougong.exchange.demo import Sample, Samples
from dougong.model.app import Check
from dougong.refusals import Refusal, Refused
from dougong.runtime import files
from dougong.runtime.session import Session

from tests.packs.packs import PACKS, Pack

with_checks = [p for p in PACKS if any(o.checks for o in p.app.objects.values())]
each_pack = pytest.mark.parametrize("pack", with_checks, ids=lambda p: p.name)


@each_pack
def test_every_check_has_a_sample(pack: Pack) -> None:
    rows = [(row["object"], row["check"]) for row in pack.samples["checks"]]
    checks = [(o.name, c) for o in pack.app.objects.values() for c in o.checks]
    assert [str(c.place) for name, c in checks if not any(name == n and says(c, words) for n, words in rows)] == []
    assert [row for row in rows if not any(row[0] == name and says(c, row[1]) for name, c in checks)] == []


@each_pack
def test_every_check_refuses_what_breaks_it_and_nothing_else(pack: Pack, database_url: str, tmp_path: Path) -> None:
    engine = Engine.open(pack.folder, database=database_url, files_dir=tmp_path / "files")
    try:
        kept = {path: [keep(engine, pack.folder / "demo" / path) for _ in range(40)] for path in pack.samples.get("files", ())}
        with engine.system_session("test") as session:
            trial = Trial(session, pack, kept)
            problems = [p for row in pack.samples["checks"] for p in trial.run(row)]
    finally:
        engine.close()
    assert problems == []


class Trial:
    """The sample records in a session, and attempts at further ones."""

    def __init__(self, session: Session, pack: Pack, kept: dict[str, list[int]]) -> None:
        self.session = session
        self.pack = pack
        self.samples = Samples(session, kept)
        for name, row in pack.samples["records"].items():
            self.samples.create(Sample.of(row, name))
        for row in pack.samples.get("also", ()):
            self.samples.create(Sample.of(row))

    def run(self, row: dict[str, Any]) -> list[str]:
        """What is wrong with a row of the samples: a failing sample that passes, or a passing one that fails."""
        check = next(c for c in self.pack.app.objects[row["object"]].checks if says(c, row["check"]))
        told = self.attempt(row["object"], row["fails"])
        silent = (
            [] if str(check.place).rpartition(":")[0] in {r.clause for r in told} else [f"{check.place} lets {row['fails']} pass: {told}"]
        )
        return silent + [f"{check.place} refuses {row['passes']}: {r.message('en')}" for r in self.attempt(row["object"], row["passes"])]

    def attempt(self, name: str, values: dict[str, Any]) -> tuple[Refusal, ...]:
        """Refusals and warnings of making the sample record with other values; nothing stays."""
        base = dict(self.pack.samples["records"][name])
        for field in self.pack.app.objects[name].fields.values():
            if field.unique and field.name in base:  # the sample itself is there already
                base[field.name] = f"{base[field.name]} 2"
        try:
            made = self.samples.create(Sample.of({**base, **values, "_key": None}, name))
        except Refused as refused:
            return refused.refusals
        self.session.delete(name, made.id)
        return made.warnings


def keep(engine: Engine, path: Path) -> int:
    """A kept copy of a file; its id."""
    with path.open("rb") as content:
        return files.keep(engine.database, engine.files_dir, path.name, "application/pdf", content, None).id


def says(check: Check, words: str) -> bool:
    """Whether a check's message begins with these words (the first Chinese text of it)."""
    first = check.message.parts[0] if check.message.parts else ""
    return isinstance(first, str) and first.startswith(words)
