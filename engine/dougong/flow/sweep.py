"""The sweep: does what is due by the engine's clock, each due once, in a transaction of its own with all that follows from it.

Several workers may sweep at once: whoever holds a record does its dues, the others go on to the next. A due that fails is tried again later;
what an action refuses is no failure, it stands in the trigger log.
"""

import logging
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta

from dougong.database.errors import StaleSchema, Unavailable
from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.actor import Cause
from dougong.runtime.approvals.running_out import of_approval
from dougong.runtime.due import firing, settling

log = logging.getLogger("dougong.sweep")
LIMIT = 500
TRIES = 8  # with pauses that double, from a minute to two hours
FIRST_PAUSE = timedelta(minutes=1)
Picked = tuple[int, str, int, str]  # id, object, record, key
MORE: Mapping[str, firing.Fire] = {"approval": of_approval}


def sweep(engine: Engine, limit: int = LIMIT) -> int:
    """Do at most `limit` things that are due; how many that were. 0: nothing is due, or other workers are at it.

    After a release that changed rules or calendars it works out first what is due when.
    """
    settle(engine)
    with engine.system_session("sweep", write=False) as session:
        picked = firing.pick(session.unit, limit)
    return sum(_done(engine, each) for each in picked)


def settle(engine: Engine) -> None:
    """Bring the dues of every object to the rules in force, in batches."""
    with engine.system_session("sweep", write=False) as session:
        waiting = settling.unsettled(session.unit)
    for name in waiting:
        is_last = False
        while not is_last:
            with engine.system_session("sweep") as session:
                is_last = name not in session.app.objects or settling.settle(session.unit, name)


def next_due(engine: Engine) -> datetime | None:
    """When the next thing is due (perhaps it is already); None when nothing is."""
    settle(engine)
    with engine.system_session("sweep", write=False) as session:
        return firing.next_open(session.unit)


def _done(engine: Engine, picked: Picked) -> bool:
    due_id, object_name, record_id, key = picked
    try:
        with engine.system_session("due", cause=Cause("due", key)) as session:
            return firing.fire(session.unit, due_id, object_name, record_id, MORE)
    except (StaleSchema, Unavailable):
        return False  # the next sweep finds it as it was
    except Exception as error:
        log.exception("%s of %s %s", key, object_name, record_id)
        _failed(engine, due_id, error)
        return False


def _failed(engine: Engine, due_id: int, error: Exception) -> None:
    said = error.refusals[0].message("en") if isinstance(error, Refused) else "".join(traceback.format_exception_only(error)).strip()
    with engine.system_session("due") as session:
        firing.postpone(session.unit, due_id, said[:500], TRIES, FIRST_PAUSE)
