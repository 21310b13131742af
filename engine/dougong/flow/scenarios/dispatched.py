"""What scenarios did with pools, decision tables, and gates: part of what coverage looks at."""

from collections.abc import Iterator

import orjson
from dougong_dsl.expression import Expression
from dougong_dsl.places import Place

from dougong.database.connection import Connection
from dougong.derive.moves import clause
from dougong.model.app import App

Told = tuple[Place, str, str]
"""A place, and what is missing there, in Chinese and in English."""


class Dispatched:
    """Gathers after each scenario; `gaps` compares that with the definition."""

    def __init__(self) -> None:
        self._pools: set[tuple[str, str]] = set()  # pool, what happened in it
        self._rows: set[tuple[str, int]] = set()  # decision table, number of a row
        self._actions: set[tuple[str, str]] = set()  # object, action
        self._stopped: set[str] = set()  # clauses that refused something

    def note(self, connection: Connection, stopped: set[str]) -> None:
        """Take down what the scenario that was just played did, and which clauses refused something in it."""
        self._pools.update((pool, kind) for pool, kind in connection.all("SELECT DISTINCT pool, kind FROM dg_pool_log"))
        self._actions.update((of, action) for of, action in connection.all("SELECT DISTINCT object, action FROM dg_action"))
        self._stopped |= stopped
        for (did,) in connection.all("SELECT did FROM dg_trigger_log"):
            for entry in orjson.loads(did) if isinstance(did, str | bytes) else did or ():
                said = entry.get("dispatch") or {}
                if "row" in said:
                    self._rows.add((said["table"], said["row"]))

    def gaps(self, app: App) -> Iterator[Told]:
        """What nothing exercised."""
        for pool in app.pools.values():
            if (pool.name, "in") not in self._pools:
                yield pool.place, f"公海 `{pool.name}` 没有进过记录", f"nothing ever went into the pool `{pool.name}`"
            if (pool.name, "claim") not in self._pools:
                yield pool.place, f"没有人从公海 `{pool.name}` 领取过", f"nobody ever claimed from the pool `{pool.name}`"
        for table in app.tables.values():
            for number, row in enumerate(table.rows, 1):
                if (table.name, number) not in self._rows:
                    yield (
                        row.place,
                        f"决策表 `{table.name}` 的第 {number} 行没有用到",
                        f"row {number} of the table `{table.name}` never applied",
                    )
        for target in app.objects.values():
            for pipeline in target.pipelines:
                for stage in pipeline.stages.values():
                    for gate in (stage.to_enter, stage.to_leave):
                        for action in gate.actions:
                            if (target.name, action.name) not in self._actions:
                                yield action.place, f"动作 `{action.name}` 没有人做过", f"nobody ever did the action `{action.name}`"
                        for evidence in gate.evidence:
                            if clause(evidence.place) not in self._stopped:
                                name = f"{target.name}.{evidence.field}"
                                yield evidence.place, f"凭证 `{name}` 没有拦住过谁", f"the evidence `{name}` never stopped anybody"


def judged(app: App) -> Iterator[tuple[Expression, str, str]]:
    """The conditions of pools and approvals, each with what it is."""
    for pool in app.pools.values():
        if pool.where is not None:
            yield pool.where, "公海的条件", "condition of a pool"
        if pool.unless is not None:
            yield pool.unless, "不回公海的条件", "condition for staying out of a pool"
    for approval in app.approvals.values():
        if approval.when is not None:
            yield approval.when, "审批的条件", "condition of an approval"
