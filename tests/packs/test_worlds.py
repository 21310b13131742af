"""Different people, different worlds: what each sample user of a template sees is counted on the sample file, and must be exactly that."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml
from dougong.engine import Engine
from dougong.exchange.demo import load_demo
from dougong.runtime.session import Session

from tests.packs.packs import PACKS

Row = Mapping[str, Any]
Test = Callable[[Row], bool]
MANUFACTURING = next(p for p in PACKS if p.name == "manufacturing")
DEMO = MANUFACTURING.folder / "demo"
PRICES = {"unit_price", "amount", "probability", "weighted", "competitor"}
TERMS = {"annual_value", "credit_limit", "payment_terms"}
HIDDEN: dict[str, dict[str, set[str]]] = {
    "sales": {"customer": {"credit_limit"}, "contact": set(), "deal": set(), "contract": set()},
    "engineer": {"customer": TERMS, "contact": {"email"}, "deal": PRICES, "ticket": {"deduction"}},
    "service": {"customer": TERMS, "contact": set(), "deal": PRICES, "contract": {"amount", "net_amount", "signed_file"}},
    "finance": {"customer": set(), "contact": {"preference"}, "deal": set(), "ticket": {"photos"}},
}
# whether phones of contacts are masked: a salesperson sees those of the own customers clear, those of colleagues masked
MASKED = {"engineer": {True}, "finance": {True}, "service": {False}, "sales": {False, True}, "admin": {False}}


class Sheet:
    """The sample records as they stand in the file, with their links followed and with what the triggers make of them."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = yaml.safe_load((DEMO / "records.yaml").read_text(encoding="utf-8"))
        people = yaml.safe_load((DEMO / "users.yaml").read_text(encoding="utf-8"))["users"]
        self.users: dict[str, Row] = {u["login"]: u for u in people}
        self._by_key = {f"@{row['_key']}": row for rows in self.rows.values() for row in rows if "_key" in row}
        converted = [r for r in self.rows["lead"] if r["stage"] == "converted"]
        won = [r for r in self.rows["deal"] if r["stage"] == "won"]
        archived = [r for r in self.rows["contract"] if r["stage"] == "archived"]
        self.rows["deal"] += [{k: r[k] for k in ("customer", "owner", "line")} for r in converted]
        self.rows["ticket"] += [{"customer": r["customer"], "deal": f"@{r['_key']}"} for r in won]
        self.rows["ticket"] += [{"customer": r["customer"], "deal": r["deal"]} for r in archived]

    def customer(self, row: Row) -> Row:
        found: Row = self._by_key[row["customer"]]
        return found

    def line(self, row: Row) -> str | None:
        """The product line of the deal behind a ticket."""
        return str(self._by_key[row["deal"]]["line"]) if "deal" in row else None


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = Engine.open(MANUFACTURING.folder, database=database_url)
    load_demo(opened, DEMO)
    yield opened
    opened.close()


def test_each_sample_user_sees_a_world_of_their_own(engine: Engine, sheet: Sheet) -> None:
    for login, user in sheet.users.items():
        with engine.reader(user=login) as session:
            expected = {name: sum(map(test, sheet.rows[name])) for name, test in visible(user, sheet).items()}
            seen = {name: session.count(name) for name in sheet.rows if session.may("read", name)}
            assert seen == expected, login
            check_fields(session, user["roles"][0])
    with engine.reader(user="li.wei") as session:
        assert any(todo.object == "lead" for todo in session.todos())


def visible(user: Row, sheet: Sheet) -> dict[str, Test]:
    """Which rows of each object a user must see; objects that are not there are closed to the role."""
    login, region, lines = user["login"], user.get("region"), user.get("lines", ())

    def mine(row: Row) -> bool:
        return bool(row["owner"] == login)

    def here(row: Row) -> bool:
        return bool((sheet.customer(row) if "customer" in row and "region" not in row else row)["region"] == region)

    def everything(row: Row) -> bool:
        return True

    worlds: dict[str, dict[str, Test]] = {
        "sales": {
            "customer": here,
            "contact": here,
            "lead": lambda row: handed_to(row, sheet) == login,
            **dict.fromkeys(("deal", "contract"), mine),
            "ticket": lambda row: bool(sheet.customer(row)["owner"] == login),
        },
        "engineer": {
            **dict.fromkeys(("customer", "contact"), everything),
            "deal": lambda row: row["line"] in lines,
            "ticket": lambda row: sheet.line(row) in lines,
        },
        "service": dict.fromkeys(("customer", "contact", "deal", "contract", "ticket"), here),
        "regional_manager": dict.fromkeys(("customer", "contact", "lead", "deal", "contract", "ticket"), here),
        "finance": dict.fromkeys(("customer", "contact", "deal", "contract", "ticket"), everything),
        "admin": dict.fromkeys(("customer", "contact", "lead", "deal", "contract", "ticket"), everything),
    }
    return worlds[user["roles"][0]]


def handed_to(lead: Row, sheet: Sheet) -> str:
    """The owner of a lead: the one of the file, or whoever of the region had the fewest open leads when it came."""
    load: dict[str, int] = {u["login"]: 0 for u in sheet.users.values() if u["roles"] == ["sales"]}
    for row in sheet.rows["lead"]:
        near = [name for name in load if sheet.users[name]["region"] == row["region"]]
        owner: str = row.get("owner") or min(near, key=lambda name: load[name])
        if row is lead:
            return owner
        load[owner] += row["stage"] not in ("converted", "invalid")
    raise AssertionError("a lead that is not in the file")


def check_fields(session: Session, role: str) -> None:
    """Hidden fields are not there, masked ones show their ends only."""
    for name, hidden in HIDDEN.get(role, {}).items():
        records = session.find(name, limit=100).records
        assert records
        assert {field for record in records for field in hidden if field in record} == set(), name
    if role in MASKED:
        phones = {c["phone"] for c in session.find("contact", limit=100).records if c.get("phone")}
        assert {"****" in phone for phone in phones} == MASKED[role]
