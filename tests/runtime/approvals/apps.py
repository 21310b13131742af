"""An app with approvals of every kind, and the people of a small firm."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dougong.engine import Engine

from tests.runtime.approvals.brute import Definition, Org, Rule
from tests.runtime.apps import hire, opened

PEOPLE: dict[str, tuple[tuple[str, ...], str | None]] = {
    "adm": ((), None),
    "m1": ((), "adm"),
    "m2": ((), "m1"),
    "ann": (("fin",), "m2"),
    "bob": (("fin", "leg"), "m2"),
    "cat": (("fin",), "m1"),
    "dan": (("leg",), "m2"),
    "sue": ((), "m2"),
}
ORG = Org(PEOPLE, "adm")
NUMBER = {name: number for number, name in enumerate(PEOPLE, 1)}
HEAD = """app: firm
objects:
  deal:
    fields:
      name: text required
      amount: integer
      owner: user
"""
ROLES = """roles:
  all: {may: ["read, create, update{move} deal"]}
  fin: {may: [read deal]}
  leg: {may: [read deal]}
  boss: {admin: true, may: ["read, create, update user"]}
"""
WAYS = (
    *(
        ("role:fin", 1, "role fin"),
        ("role:fin", 1, "any of role fin"),
        ("role:fin", 2, "2 of role fin"),
        ("role:fin", None, "all of role fin"),
    ),
    *(("role:leg", 1, "role leg"), ("role:leg", None, "all of role leg"), ("role:leg", 3, "3 of role leg")),
    *(("user:m1", 1, "user m1"), ("manager", 1, "owner.manager"), ("owner", 1, "owner")),
)


def definitions(count: int) -> list[tuple[Definition, str]]:
    """Approvals drawn by chance, each with its text."""
    draw = random.Random(11)
    return [_definition(draw, f"a{number}") for number in range(count)]


def _definition(draw: random.Random, name: str) -> tuple[Definition, str]:
    rules, lines = [], []
    for number in range(draw.randint(1, 4)):
        who, needed, text = draw.choice(WAYS)
        above = draw.choice((None, None, 100))
        upto = draw.choice((None, None, 100)) if above is None else None
        hours, otherwise = draw.choice(((None, None), (8, "escalate"), (8, "escalate"), (8, "approve"), (8, "reject")))
        rules.append(Rule(who, needed, above, upto, hours, otherwise))
        limit = f" within {hours} hours else {otherwise}" if hours else ""
        condition = " when amount > 100" if above else " when amount <= 100" if upto else ""
        lines.append(f"      - s{number}: by {text}{limit}{condition}\n")
    same, own = draw.choice(("other", "other", "counts", "again")), draw.random() < 0.3
    text = f"  {name}:\n    of: deal\n    same_person: {same}\n    own: {str(own).lower()}\n    steps:\n" + "".join(lines)
    return Definition(name, tuple(rules), same, own), text


@contextmanager
def firm(url: str, folder: Path, approvals: str, of_deal: str = "") -> Iterator[Engine]:
    """The app with these approvals (and more keys of its deals), and its people, numbered as they stand in `PEOPLE`."""
    permitted = ROLES.replace("{move}", ", move" if "pipelines:" in approvals else "")
    with opened(f"{HEAD}{of_deal}approvals:\n{approvals}{permitted}", url, folder) as engine:
        for name, (roles, manager) in PEOPLE.items():
            own = ("boss",) if name == "adm" else ()
            hire(engine, name, "all", *roles, *own, manager=NUMBER[manager] if manager else None)
        yield engine
