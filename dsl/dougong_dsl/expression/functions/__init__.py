"""The one table of functions: a row per function, a module per family."""

from dougong_dsl.expression.functions import (
    dates,
    history,
    lists,
    logic,
    lookups,
    numbers,
    periods,
    record,
    server,
    teams,
    text,
    words,
    working,
)
from dougong_dsl.expression.functions.model import NOT_THERE, WRITTEN, Example, Function, Parameter

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for family in (logic, numbers, text, words, dates, periods, lists, lookups, record, history, server, teams, working)
    for function in family.FUNCTIONS
}
ALIASES: dict[str, Function] = {name: function for function in FUNCTIONS.values() for name in (function.name, *function.aliases)}

__all__ = ["ALIASES", "FUNCTIONS", "NOT_THERE", "WRITTEN", "Example", "Function", "Parameter"]
