"""Different people, different worlds: what each sample user of a template sees is counted on the sample file, and must be exactly that."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dougong.engine import Engine
from dougong.exchange.demo import load_demo
from dougong.refusals import Refused
from dougong.runtime.session import Session

from tests import postgres
from tests.packs.packs import PACKS

Row = Mapping[str, Any]
Test = Callable[[Row], bool]
MANUFACTURING = next(p for p in PACKS if p.name == "manufacturing")
DEMO = MANUFACTURING.folder / "demo"
PRICES = {"unit_price", "amount", "probability", "weighted", "competitor"}
TERMS = {"annual_value", "credit_limit", "payment_terms", "arrears", "open_weighted"}
HIDDEN: dict[str, dict[str, set[str]]] = {
    "sales": {"customer": {"credit_limit", "kept_grade"}, "contact": set(), "deal": set(), "contract": set()},
    "engineer": {"customer": TERMS, "contact": {"email"}, "deal": PRICES, "ticket": {"deduction"}},
    "quality": {"customer": TERMS, "deal": PRICES, "ticket": {"deduction"}},
    "production": {"customer": TERMS, "deal": PRICES, "contract": {"amount", "net_amount", "signed_file"}},
    "service": {"customer": TERMS, "contact": set(), "deal": PRICES, "contract": {"amount", "net_amount", "signed_file"}},
    "finance": {"customer": set(), "contact": {"preference"}, "deal": set(), "ticket": {"photos"}},
}
# what leads from a record to its customer, the nearest first
PARENTS = ("quote", "contract", "deal")
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

    def behind(self, row: Row, name: str) -> Row:
        """The customer, deal or contract that a record belongs to, perhaps through another one."""
        found: Row = self._by_key[row[name]] if name in row else self.behind(self._by_key[row[next(k for k in PARENTS if k in row)]], name)
        return found

    def customer(self, row: Row) -> Row:
        return self.behind(row, "customer")

    def line(self, row: Row) -> str | None:
        """The product line of the deal behind a ticket."""
        return str(self._by_key[row["deal"]]["line"]) if "deal" in row else None


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a database with the sample data, of which each test gets a copy."""
    file = tmp_path_factory.mktemp("worlds") / "loaded.db"
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = f"sqlite:///{file}" if server is None else postgres.create_database(server, "worlds")
    with Engine.open(MANUFACTURING.folder, database=url, files_dir=file.parent / "files") as engine:
        load_demo(engine, DEMO)
    yield url
    if server is not None:
        postgres.drop_database(server, "worlds")


@pytest.fixture
def engine(loaded: str, tmp_path: Path) -> Iterator[Engine]:
    """The template with its sample data, one's own."""
    source, server = loaded.rpartition("/")[2], loaded.rpartition("/")[0]
    url = f"sqlite:///{tmp_path / 'own.db'}"
    if loaded.startswith("sqlite"):
        shutil.copy(loaded.removeprefix("sqlite:///"), tmp_path / "own.db")
    else:
        url = postgres.create_database(f"{server}/postgres", f"{source}_own", template=source)
    with Engine.open(MANUFACTURING.folder, database=url, files_dir=Path(tmp_path / "files")) as opened:
        yield opened
    if not loaded.startswith("sqlite"):
        postgres.drop_database(f"{server}/postgres", f"{source}_own")


def test_each_sample_user_sees_a_world_of_their_own(engine: Engine, sheet: Sheet) -> None:
    for login, user in sheet.users.items():
        with engine.reader(user=login) as session:
            expected = {name: sum(map(test, sheet.rows[name])) for name, test in visible(user, sheet).items()}
            seen = {name: session.count(name) for name in sheet.rows if session.may("read", name)}
            assert seen == expected, login
            check_fields(session, user["roles"][0])
    with engine.reader(user="li.wei") as session:
        cards = session.find("customer", limit=50).records
        own = {c.id: c["owner"] == session.user["id"] for c in cards}
        assert {i: session.given("update", "customer", i) is not None for i in own} == own
        assert set(own.values()) == {True, False}
        assert any(todo.object == "lead" for todo in session.todos())


def test_only_an_engineer_confirms_and_only_then_there_is_a_contract(engine: Engine) -> None:
    with engine.reader(user="admin") as session:
        deal = session.find("deal", where="owner.login = 'li.wei' and engineer.login = 'chen.gong' and not technical_confirmed").records[0]
    values = {
        "title": "框架合同",
        "deal": deal.id,
        "customer": deal["customer"],
        "amount": 1,
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    for login in ("li.wei", "sun.yue"):
        with pytest.raises(Refused, match="may not write"), engine.session(user=login) as session:
            session.update("deal", deal.id, {"technical_confirmed": True})
    with pytest.raises(Refused, match="not technically confirmed"), engine.session(user="li.wei") as session:
        session.create("contract", values | {"delivery_requirements": ["jit"]})
    with engine.session(user="chen.gong") as session:
        session.update("deal", deal.id, {"technical_confirmed": True})
    with pytest.raises(Refused) as refused, engine.session(user="li.wei") as session:
        session.create("contract", values)
    assert {r.field for r in refused.value.refusals} == {"delivery_requirements", "signed_file"}


def test_a_ticket_closes_with_a_root_cause_or_not_at_all(engine: Engine) -> None:
    with engine.reader(user="liu.yan") as session:
        ticket = session.find("ticket", where="stage = analysis and root_cause is blank").records[0]
    with pytest.raises(Refused, match="Root cause"), engine.session(user="liu.yan", language="en") as session:
        session.move("ticket", ticket.id, "closed", {"corrective_action": "全检"})
    row = {"title": "到货延迟", "customer": ticket["customer"], "kind": "delivery", "description": "迟到两天", "stage": "closed"}
    with engine.system_session("import") as session:
        (result,) = session.create_many("ticket", [row])
        assert isinstance(result, Refused)
        assert {r.field for r in result.refusals} == {"root_cause", "corrective_action"}
    with engine.session(user="liu.yan") as session:
        closed = session.move("ticket", ticket.id, "closed", {"root_cause": "logistics", "corrective_action": "全检"})
        assert (closed["stage"], closed["closed_on"]) == ("closed", session.today)


def test_a_deal_goes_back_with_a_reason_and_waits_with_a_date(engine: Engine) -> None:
    with engine.reader(user="admin") as session:
        deal = session.find("deal", where="stage = tooling").records[0]
    with engine.session(user="admin") as session:
        with pytest.raises(Refused, match="Reason for return"):
            session.move("deal", deal.id, "technical")
        with pytest.raises(Refused, match="Review on"):
            session.move("deal", deal.id, "paused", {"pause_reason": "budget"})
        assert session.move("deal", deal.id, "technical", {"return_reason": "公差看错"})["stage"] == "technical"
        kinds = [change.stage for change in session.history("deal", deal.id) if change.stage]
    assert kinds[0] == ("tooling", "technical")


def visible(user: Row, sheet: Sheet) -> dict[str, Test]:
    """Which rows of each object a user must see; objects that are not there are closed to the role."""
    login, region, lines = user["login"], user.get("region"), user.get("lines", ())

    def mine(row: Row) -> bool:
        return bool(row["owner"] == login)

    def here(row: Row) -> bool:
        return bool((row if "region" in row else sheet.customer(row))["region"] == region)

    def everything(row: Row) -> bool:
        return True

    def my_customers(row: Row) -> bool:
        return bool(sheet.customer(row)["owner"] == login)

    def my_deals(row: Row) -> bool:
        return bool(sheet.behind(row, "deal")["owner"] == login)

    def my_contracts(row: Row) -> bool:
        return bool(sheet.behind(row, "contract")["owner"] == login)

    def asked(row: Row) -> bool:
        return bool(row["helper"] == login)

    worlds: dict[str, dict[str, Test]] = {
        "sales": {
            "customer": here,
            "contact": here,
            "grading": everything,
            "lead": lambda row: handed_to(row, sheet) == login,
            **dict.fromkeys(("deal", "contract"), mine),
            **dict.fromkeys(("ticket", "pain_point", "ppap_submission", "journey", "satisfaction"), my_customers),
            "visit": lambda row: my_customers(row) or mine(row),
            **dict.fromkeys(("quote", "quote_line", "assist"), my_deals),
            **dict.fromkeys(("contract_part", "delivery", "payment"), my_contracts),
        },
        "engineer": {
            **dict.fromkeys(("customer", "contact", "pain_point", "journey"), everything),
            "deal": lambda row: row["line"] in lines,
            **dict.fromkeys(("ticket", "ppap_submission"), lambda row: sheet.line(row) in lines),
            "assist": asked,
        },
        "quality": {
            **dict.fromkeys(("customer", "deal", "ticket", "pain_point", "ppap_submission", "journey", "delivery"), everything),
            "assist": asked,
        },
        "production": {**dict.fromkeys(("customer", "deal", "contract", "journey", "delivery"), everything), "assist": asked},
        "service": dict.fromkeys(
            ("customer", "contact", "deal", "contract", "ticket", "visit", "journey", "delivery", "satisfaction"), here
        ),
        "regional_manager": {**dict.fromkeys(sheet.rows, here), "grading": everything},
        "finance": dict.fromkeys(
            ("customer", "contact", "deal", "contract", "ticket", "quote", "quote_line", "contract_part", "payment"), everything
        ),
        "admin": dict.fromkeys(sheet.rows, everything),
    }
    return worlds[user["roles"][0]]


def handed_to(lead: Row, sheet: Sheet) -> str:
    """The owner of a lead: the one of the file, or whoever of the region had the fewest open leads when it came."""
    load: dict[str, int] = {u["login"]: 0 for u in sheet.users.values() if u["roles"] == ["sales"]}
    for row in sheet.rows["lead"]:
        near = [name for name in load if sheet.users[name]["region"] == row["region"]]
        owner: str = row.get("owner") or min(near, key=lambda name: load[name], default="")
        if row is lead:
            return owner
        if owner:  # else it waits in the pool
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
