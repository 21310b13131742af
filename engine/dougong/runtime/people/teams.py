"""The tree of teams as people are found by it: who is in a team or below it, which teams a person answers to."""

from dougong.runtime.unit import Unit


def parents(unit: Unit) -> dict[int, int | None]:
    """Every team and the one above it."""
    rules = unit.compiled.rules("team")
    rows = (rules.codec.decode(r) for r in unit.connection.all(unit.compiled.writes("team").everybody))
    return {row["id"]: row["parent"] for row in rows}


def upward(tree: dict[int, int | None], team: int | None) -> list[int]:
    """A team and those above it, nearest first; a circle ends where it began."""
    found: dict[int, None] = {}
    while team is not None and team not in found:
        found[team] = None
        team = tree.get(team)
    return list(found)


def members(unit: Unit, team: int) -> list[int]:
    """The active users in a team or below it, by id."""
    tree = parents(unit)
    return [u["id"] for u in unit.users() if team in upward(tree, u["team"])]


def named(unit: Unit, name: str) -> int | None:
    """The team of that name, the first when there are several."""
    found = unit.records("team", {"name": name})
    return int(found[0]["id"]) if found else None
