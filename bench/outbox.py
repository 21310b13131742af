"""What an effect outside of the database costs the write that wants it: the same write with a mail and without, in turns."""

import time
from statistics import median

from dougong.engine import Engine
from dougong.runtime.jobs.outbox import enqueue

from bench.engine import APP
from bench.lead import north
from bench.results import Result, Target

ROW = "write with an effect (plain: without)"
FIRST = 70_000_000  # of names that no other row uses
MAIL = {"to": "someone@example.com", "subject": "A new lead", "text": "It is yours."}
AT_MOST = 1.5  # times a write without


def effect(database: str, url: str, writes: int) -> Result:
    """Milliseconds of one write, the median of so many with a mail and as many without."""
    with_mail: list[float] = []
    without: list[float] = []
    with Engine.open(APP, database=url, apply=False) as engine:
        for number in range(FIRST, FIRST + 2 * writes):
            is_told = number % 2 == 0
            start = time.perf_counter()
            with engine.session("user1") as crm:
                lead = crm.create("lead", north(number))
                if is_told:
                    enqueue(crm._unit, "mail", MAIL, key=f"lead:{lead.id}")
            (with_mail if is_told else without).append((time.perf_counter() - start) * 1000)
    values = {"dougong": median(with_mail), "plain": median(without)}
    return Result(ROW, database, "ms", values, Target(round(1 / AT_MOST, 2), of="plain"), more_is_better=False)
