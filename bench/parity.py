"""The long run behind `make soak` for expressions: pairs of a generated expression and a generated row, the same answer on every backend."""

import argparse
import sys
import uuid
from dataclasses import replace

from dougong_dsl.expression import Expression, check
from dougong_dsl.places import Source
from dougong_dsl.working import Calendar
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests import postgres
from tests.dsl.expression import generated
from tests.dsl.expression.backends import Browser, Database, Everywhere
from tests.dsl.expression.test_working_time import calendars
from tests.dsl.expression.test_working_time import texts as working_texts
from tests.dsl.expression.world import SCOPE

TEXTS, ROWS = 40, 4
ALL = st.one_of(generated.texts_of_expressions(), generated.texts_of_expressions(), generated.texts_of_expressions(), working_texts())


class Tally:
    """Pairs that were compared so far."""

    def __init__(self) -> None:
        self.pairs = 0


def compare(everywhere: Everywhere, tally: Tally, worlds: int, number: int) -> None:
    """So many worlds, each with its expressions; raises AssertionError at the first difference."""

    @seed(number)
    @settings(deadline=None, max_examples=worlds, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(rows=generated.worlds(), own=calendars(), plant=calendars(), texts=st.lists(ALL, min_size=TEXTS, max_size=TEXTS))
    def agree(rows: dict[str, list[dict[str, object]]], own: Calendar, plant: Calendar, texts: list[str]) -> None:
        scope = replace(SCOPE, calendar=own, calendars={"plant": plant})
        found = [check(Source.inline(text), scope)[0] for text in texts]
        expressions: list[Expression] = [expression for expression in found if expression is not None]
        everywhere.fill(rows)
        differences = everywhere.differences(expressions, rows)
        assert not differences, "\n".join(differences)
        tally.pairs += len(expressions) * ROWS

    agree()


def main() -> int:
    """Compare until `--pairs` are reached; 1 when a backend gave another answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    tally, number = Tally(), wanted.seed
    with postgres.running() as server:
        name = f"parity_{uuid.uuid4().hex[:12]}"
        everywhere = Everywhere(
            Database("sqlite://", "sqlite"), Database(postgres.create_database(server.url(), name), "postgresql"), Browser()
        )
        try:
            while tally.pairs < wanted.pairs:
                compare(everywhere, tally, 50, number)
                number += 1
                print(f"{tally.pairs:,} of {wanted.pairs:,} pairs agree", flush=True)
        except AssertionError as difference:
            print(f"seed {number}: {difference}", file=sys.stderr)
            return 1
        finally:
            everywhere.browser.close()
            for database in everywhere.databases:
                database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
