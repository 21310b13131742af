"""Hypothesis strategies: rows of the test world, and texts of expressions by type."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

ALPHABET = "abcXYZ 09-宁波机械厂😀éß　"


def decimals(places: int, digits: int = 18) -> st.SearchStrategy[Decimal]:
    """Decimals with exactly so many places: small ones mostly, the greatest sometimes."""
    top = 10**digits - 1
    whole = st.one_of(
        st.integers(-1000, 1000), st.integers(-(10**7), 10**7), st.integers(-top, top), st.sampled_from([0, top, -top, 5, -5, 50])
    )
    return whole.map(lambda n: Decimal(n).scaleb(-places))


texts = st.text(ALPHABET, min_size=1, max_size=8)
days = st.one_of(
    st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    st.sampled_from([date(2024, 2, 29), date(2024, 1, 31), date(2026, 3, 15), date(2026, 3, 16), date.min, date.max, date(2000, 2, 29)]),
)
instants = st.one_of(
    st.datetimes(datetime(1995, 1, 1), datetime(2099, 1, 1)),
    st.sampled_from([datetime(2026, 3, 15, 15, 59, 59, 999000), datetime(2026, 3, 15, 16), datetime(2024, 1, 31, 20)]),
).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC))
tiers = st.sampled_from(["oem", "tier1", "tier2"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or, one time in three, null."""
    return st.one_of(strategy, strategy, st.none())


def subset(options: list[Any]) -> st.SearchStrategy[Any]:
    """Some of the options in their order; None for none."""
    return st.lists(st.booleans(), min_size=len(options), max_size=len(options)).map(
        lambda kept: tuple(option for option, keep in zip(options, kept, strict=True) if keep) or None
    )


def deals(id: int) -> st.SearchStrategy[dict[str, Any]]:
    """One deal."""
    return st.fixed_dictionaries(
        {
            "id": st.just(id),
            "name": texts,
            "note": maybe(texts),
            "count": maybe(st.one_of(st.integers(-20, 20), st.integers(-(10**15) + 1, 10**15 - 1))),
            "visits": st.one_of(st.integers(-20, 20), st.integers(-(10**15) + 1, 10**15 - 1)),
            "amount": maybe(decimals(2)),
            "cost": decimals(2),
            "dollars": maybe(decimals(2)),
            "rate": maybe(decimals(4)),
            "fine": maybe(decimals(6)),
            "small": decimals(2, 6),
            "flag": maybe(st.booleans()),
            "done": st.booleans(),
            "due": maybe(days),
            "start": days,
            "closed_at": maybe(instants),
            "created_at": instants,
            "tier": maybe(tiers),
            "region": st.sampled_from(["华东", "华南", "north"]),
            "tags": subset(["vip", "新客", "asleep"]),
            "words": maybe(st.frozensets(texts, min_size=1, max_size=3).map(lambda found: tuple(sorted(found)))),
            "company": maybe(st.integers(1, 2)),
            "owner": st.integers(1, 3),
        }
    )


def lines(id: int) -> st.SearchStrategy[dict[str, Any]]:
    """One line of a deal."""
    return st.fixed_dictionaries(
        {
            "id": st.just(id),
            "deal": st.integers(1, 3),
            "price": maybe(decimals(2)),
            "quantity": maybe(st.integers(-100, 100)),
            "day": maybe(days),
            "tier": maybe(tiers),
            "ok": maybe(st.booleans()),
        }
    )


companies = st.tuples(maybe(decimals(2)), maybe(days), maybe(st.integers(1, 3)))
USERS: list[dict[str, Any]] = [
    {"id": 1, "name": "王总", "rank": 9, "region": ("华东",), "home": None, "lines": None, "roles": ("boss",), "manager": None},
    {"id": 2, "name": "李伟", "rank": 3, "region": ("华东", "north"), "home": "华东", "lines": (1, 3), "roles": ("sales",), "manager": 1},
    {"id": 3, "name": "陈工", "rank": None, "region": None, "home": "north", "lines": (2,), "roles": None, "manager": 2},
]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table: four deals, their lines, two companies, three users."""
    companies_ = [draw(companies) for _ in range(2)]
    return {
        "deal": [draw(deals(i + 1)) for i in range(4)],
        "line": [draw(lines(i + 1)) for i in range(5)],
        "company": [
            {"id": i + 1, "name": f"公司{i}", "credit": credit, "since": since, "owner": owner}
            for i, (credit, since, owner) in enumerate(companies_)
        ],
        "user": USERS,
    }


Templates = dict[str, Callable[[], tuple[str, ...]]]


def pick(draw: st.DrawFn, *choices: str) -> str:
    """One of several texts."""
    return draw(st.sampled_from(choices))


def number_look_ups(draw: st.DrawFn) -> Templates:
    """Numbers out of lists and other objects."""
    return {
        "DISTINCT(lines.{})": lambda: (pick(draw, "price", "tier", "day", "ok"),),
        "{}(lines, {}, {})": lambda: (
            pick(draw, "FIRST", "LAST"),
            draw(numbers(0)),
            pick(draw, "price", "day", "PARENT.cost - price", "quantity / 3"),
        ),
        "{}(lines.price where {}) ": lambda: (pick(draw, "FIRST", "LAST"), draw(line_conditions)),
        "COUNTREC(line, {})": lambda: (draw(look_ups),),
        "SUMREC(line, price * {}, {})": lambda: (draw(numbers(0)), draw(look_ups)),
        "LOOKUP(line, {}, price, {})": lambda: (draw(look_ups), pick(draw, "day", "quantity", "id")),
        "COUNTREC(deal, {})": lambda: (
            pick(draw, "tier = THIS.tier", "owner = THIS.owner and id <> THIS.id", "amount > THIS.cost", "region = THIS.region"),
        ),
        "COUNTREC(deal where COUNT(lines) > 1 and owner = THIS.owner)": lambda: (),
    }


@st.composite
def numbers(draw: st.DrawFn, depth: int) -> str:
    """A number."""
    if depth <= 0 or draw(st.integers(0, 4)) == 0:
        return pick(
            draw,
            "count",
            "visits",
            "amount",
            "cost",
            "rate",
            "fine",
            "small",
            "0",
            "1",
            "3",
            "0.1",
            "2.5",
            "1.005",
            "-7",
            "13%",
            "company.credit",
            "9007199254740993",
        )
    n = numbers(depth - 1)
    templates: Templates = {
        "({} {} {})": lambda: (draw(n), pick(draw, "+", "-", "*", "/"), draw(n)),
        "-({})": lambda: (draw(n),),
        "({})%": lambda: (draw(n),),
        "{}({})": lambda: (pick(draw, "ABS", "SIGN", "ROUND", "INT", "TRUNC", "CEILING", "FLOOR", "ROUNDUP", "ROUNDDOWN"), draw(n)),
        "{}({}, {})": lambda: (pick(draw, "ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC"), draw(n), pick(draw, "0", "1", "2", "4", "-1", "-3")),
        "{}({}, {}) ": lambda: (pick(draw, "MOD", "PERCENT", "CEILING", "FLOOR"), draw(n), draw(n)),
        " {}({}, {})": lambda: (pick(draw, "MIN", "MAX", "COALESCE", "IFBLANK"), draw(n), draw(n)),
        "IF({}, {}, {})": lambda: (draw(conditions(depth - 1)), draw(n), draw(n)),
        "SWITCH({}, 1, {}, 2.5, {}, {})": lambda: (draw(n), draw(n), draw(n), draw(n)),
        "SWITCH(tier, oem, {}, tier1, {})": lambda: (draw(n), draw(n)),
        "({}) ^ {}": lambda: (draw(n), pick(draw, "0", "1", "2", "3")),
        "LEN({})": lambda: (draw(words(depth - 1)),),
        "FIND({}, {})": lambda: (draw(words(0)), draw(words(depth - 1))),
        "NUMBER({})": lambda: (draw(words(depth - 1)),),
        "NUMBER({} & '')": lambda: (draw(n),),
        "{}({}) ": lambda: (pick(draw, "YEAR", "MONTH", "DAY", "QUARTER", "WEEKDAY"), draw(dates(depth - 1))),
        "({} - {})": lambda: (draw(dates(depth - 1)), draw(dates(depth - 1))),
        "DATEDIF({}, {}, {})": lambda: (draw(dates(depth - 1)), draw(dates(depth - 1)), pick(draw, "'d'", "'m'", "year")),
        "HOURS({} - {})": lambda: (draw(moments(depth - 1)), draw(moments(depth - 1))),
        "{}(lines.price where {})": lambda: (pick(draw, "SUM", "AVERAGE", "MIN", "MAX"), draw(line_conditions)),
        "{}(lines, price * quantity)": lambda: (pick(draw, "SUM", "MINOF", "MAXOF", "AVERAGE"),),
        "{}(lines, {})": lambda: (pick(draw, "SUM", "MINOF", "AVERAGE"), draw(numbers(0))),
        "{}(lines, {} + quantity where {})": lambda: (pick(draw, "SUM", "MAXOF"), draw(numbers(0)), draw(line_conditions)),
        "COUNT(lines where {})": lambda: (draw(line_conditions),),
        "{}(company.deals.lines.quantity)": lambda: (pick(draw, "SUM", "MAX", "COUNT"),),
        "COUNT({})": lambda: (pick(draw, "tags", "words"),),
        **number_look_ups(draw),
        "CLAMP({}, {}, {})": lambda: (draw(n), draw(numbers(0)), draw(numbers(0))),
        "POWER({}, {})": lambda: (draw(n), pick(draw, "0", "1", "2", "3")),
        "IFERROR({}, {})": lambda: (draw(n), draw(numbers(0))),
        "{}({})  ": lambda: (pick(draw, "HOUR", "MINUTE"), draw(moments(depth - 1))),
        "{}({})   ": lambda: (pick(draw, "WEEKNUM", "AGE"), draw(dates(depth - 1))),
    }
    template = draw(st.sampled_from(sorted(templates)))
    return template.format(*templates[template]())


look_ups = st.sampled_from(
    [
        "deal = THIS.id",
        "deal = THIS.id and ok",
        "tier = THIS.tier",
        "ok",
        "day >= THIS.start",
        "tier = THIS.tier and quantity > THIS.small",
        "THIS.done",
    ]
)
line_conditions = st.sampled_from(
    [
        "ok",
        "not ok",
        "tier = oem",
        "quantity > 0",
        "day < due",
        "price >= PARENT.amount",
        "tier = PARENT.tier",
        "price is blank",
        "tier in (oem, tier2)",
    ]
)


@st.composite
def words(draw: st.DrawFn, depth: int) -> str:
    """A text."""
    if depth <= 0 or draw(st.integers(0, 3)) == 0:
        literal = '"' + draw(texts) + '"'
        return pick(draw, "name", "note", "tier", "company.name", "owner.name", literal, "me.name")
    w = words(depth - 1)
    templates: Templates = {
        "({} & {})": lambda: (draw(w), draw(w)),
        "CONCAT({}, {})": lambda: (draw(w), draw(st.one_of(numbers(depth - 1), dates(0)))),
        "{}({})": lambda: (pick(draw, "UPPER", "LOWER", "TRIM"), draw(w)),
        "{}({}, {})": lambda: (pick(draw, "LEFT", "RIGHT"), draw(w), pick(draw, "0", "1", "3", "-1", "count", "99999999999")),
        "MID({}, {}, {})": lambda: (draw(w), pick(draw, "0", "1", "2", "-5", "count"), pick(draw, "0", "2", "9", "visits")),
        "SUBSTITUTE({}, {}, {})": lambda: (draw(w), draw(words(0)), draw(words(0))),
        "IF({}, {}, {})": lambda: (draw(conditions(depth - 1)), draw(w), draw(w)),
        "COALESCE({}, {})": lambda: (draw(w), draw(w)),
        "JOIN(tags, '、')": lambda: (),
        "JOIN(words, ',')": lambda: (),
        "JOIN(lines.{}, '/' where {})": lambda: (pick(draw, "tier", "price", "day"), draw(line_conditions)),
        "LOOKUP(company, id = THIS.company, name)": lambda: (),
        "LOOKUP(deal, tier = THIS.tier, {}, {})": lambda: (draw(words(0)), pick(draw, "name", "amount", "cost * rate")),
        "SPLIT({}, {}, {})": lambda: (draw(w), draw(words(0)), pick(draw, "1", "2", "0", "count")),
        "RMBUPPER({})": lambda: (draw(numbers(depth - 1)),),
        "REPEAT({}, {})": lambda: (draw(w), pick(draw, "0", "2", "-1", "count")),
        "PADLEFT({}, {})": lambda: (draw(w), pick(draw, "0", "6", "count")),
        "PADLEFT({}, {}, {})": lambda: (draw(w), pick(draw, "12", "visits"), draw(words(0))),
        "MASK({}, {}, {})": lambda: (draw(w), pick(draw, "0", "1", "3", "count"), pick(draw, "0", "2", "-1", "visits")),
        "TEXT({}, {})": lambda: (
            draw(numbers(depth - 1)),
            pick(draw, *(f'"{p}"' for p in ("0", "#,##0.00", "0.0%", "¥#,##0.0##元", "000", "#.##", "#,##0", "0.0000000000"))),
        ),
        "TEXT({}, {}) ": lambda: (draw(dates(depth - 1)), pick(draw, '"yyyy-mm-dd"', '"yy/m/d"', '"yyyy年m月d日aaaa"', '"aaa"')),
        "TEXT({}, {})  ": lambda: (draw(moments(depth - 1)), pick(draw, '"yyyy-mm-dd hh:mm:ss"', '"h时m分s"', '"m月d日"')),
    }
    template = draw(st.sampled_from(sorted(templates)))
    return template.format(*templates[template]())


@st.composite
def dates(draw: st.DrawFn, depth: int) -> str:
    """A date."""
    if depth <= 0 or draw(st.integers(0, 3)) == 0:
        return pick(draw, "due", "start", "today", "#2024-02-29#", "company.since")
    d = dates(depth - 1)
    templates: Templates = {
        "({} {} {})": lambda: (
            draw(d),
            pick(draw, "+", "-"),
            pick(draw, "1", "30", "count", "visits", "2 weeks", "1 month", "3 年", "5 天"),
        ),
        "{}({}, {})": lambda: (pick(draw, "EDATE", "EOMONTH"), draw(d), pick(draw, "1", "-1", "11", "count", "visits")),
        "DATEADD({}, {}, {})": lambda: (draw(d), pick(draw, "1", "-3", "count"), pick(draw, "'day'", "'week'", "month", "年")),
        "DATE({}, {}, {})": lambda: (
            pick(draw, "2024", "1", "9999", "count"),
            pick(draw, "1", "13", "-2", "count"),
            pick(draw, "1", "31", "0", "visits"),
        ),
        "IF({}, {}, {})": lambda: (draw(conditions(depth - 1)), draw(d), draw(d)),
        "{}({}, {}) ": lambda: (pick(draw, "MIN", "MAX", "IFBLANK"), draw(d), draw(d)),
        "{}(lines.day)": lambda: (pick(draw, "MIN", "MAX"),),
        "{}({}, {})  ": lambda: (pick(draw, "STARTOF", "ENDOF"), draw(d), pick(draw, "week", "month", "'quarter'", "年")),
        "DATEVALUE({})": lambda: (
            draw(st.one_of(words(0), st.sampled_from(["TEXT(due, 'yyyy/m/d')", "' 2024年2月29日'", "'2023-2-29'", "'0000-01-01'"]))),
        ),
    }
    template = draw(st.sampled_from(sorted(templates)))
    return template.format(*templates[template]())


@st.composite
def moments(draw: st.DrawFn, depth: int) -> str:
    """An instant."""
    if depth <= 0 or draw(st.integers(0, 2)) == 0:
        if draw(st.integers(0, 5)) == 0:
            return f"DATETIME({pick(draw, '2024', '1995', 'count')}, 2, {pick(draw, '29', '0')}, {pick(draw, '0', '23', '24')}, {pick(draw, '30', '-1')})"
        return pick(draw, "closed_at", "created_at", "now", "#2026-03-01 09:30#")
    m = moments(depth - 1)
    templates: Templates = {
        "({} {} {})": lambda: (
            draw(m),
            pick(draw, "+", "-"),
            pick(draw, "72 hours", "30 minutes", "2 周", "1 month", "1 year", "DURATION(count, 'hour')"),
        ),
        "DATEADD({}, {}, {})": lambda: (draw(m), pick(draw, "1", "-30", "count"), pick(draw, "'day'", "'hour'", "month")),
        "IFBLANK({}, {})": lambda: (draw(m), draw(m)),
    }
    template = draw(st.sampled_from(sorted(templates)))
    return template.format(*templates[template]())


def _repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,}"])).map("".join),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
    )


regulars = st.recursive(
    st.sampled_from(["a", "宁", "😀", ".", "[a-z]", "[^0-9]", "[一-龥]", "\\\\d", "\\\\w", "\\\\s", "\\\\.", "-", "[X-Z厂]", "/"]),
    _repeated,
    max_leaves=5,
)
"""Regular expressions as they stand in a text of the language: backslashes doubled."""


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> str:
    """A condition."""
    if depth <= 0 or draw(st.integers(0, 4)) == 0:
        return pick(
            draw, "flag", "done", "tier = oem", "tier <> tier1", "tier in (oem, tier2)", "tags contains vip", "vip in tags", "HAS(tags, 新客)",
            "region within me.region", "region in me.region", "owner = me", "owner.manager = me", "company in me.lines", "owner in (me, 3)",
            "region = me.home", "owner.region contains north", "tags is blank", "company is not blank", "ANY(lines, ok)", "ALL(lines where quantity > 0)",
            "note is blank", "amount is not blank", '"sales" in me.roles', "true", "tier not in (oem)",
            "words contains name", "words is blank", "HAS(words, '😀')", "HASANY(words, name, note)", "HASALL(words, name, '甲')",
            "HASANY(tags, vip, asleep)", "HASALL(tags, vip, 新客)", "INROLE('sales')", "owner = USER()", "EXISTS(line, deal = THIS.id and ok)",
            "EXISTS(deal, name = THIS.note and id <> THIS.id)",
            "ISPHONE(note)", "ISEMAIL(name)",
        )  # fmt: skip
    c = conditions(depth - 1)
    compare = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    templates: Templates = {
        "({} {} {})": lambda: (draw(c), pick(draw, "and", "or"), draw(c)),
        "(({}) {} ({}) {} ({}))": lambda: (draw(c), (w := pick(draw, "and", "or")), draw(c), w, draw(c)),
        "not ({})": lambda: (draw(c),),
        "({} {} {}) ": lambda: (draw(numbers(depth - 1)), draw(compare), draw(numbers(depth - 1))),
        " ({} {} {}) ": lambda: (draw(words(depth - 1)), draw(compare), draw(words(depth - 1))),
        "  ({} {} {})": lambda: (draw(dates(depth - 1)), draw(compare), draw(dates(depth - 1))),
        "   ({} {} {})": lambda: (draw(moments(depth - 1)), draw(compare), draw(st.one_of(moments(depth - 1), dates(0)))),
        "({} between {} and {})": lambda: (draw(numbers(depth - 1)), draw(numbers(0)), draw(numbers(0))),
        "({} not between {} and {}) ": lambda: (draw(dates(depth - 1)), draw(dates(0)), draw(dates(0))),
        "({} in ({}, {}))": lambda: (draw(numbers(depth - 1)), draw(numbers(0)), draw(numbers(0))),
        "({} {} {})   ": lambda: (draw(words(depth - 1)), pick(draw, "contains", "starts with", "ends with"), draw(words(depth - 1))),
        "({} is {}) ": lambda: (draw(st.one_of(numbers(depth - 1), words(depth - 1), dates(depth - 1))), pick(draw, "blank", "not blank")),
        "IF({}, {}, {})": lambda: (draw(c), draw(c), draw(c)),
        "XOR({}, {}, {})": lambda: (draw(c), draw(c), draw(c)),
        "MATCHES({}, {})": lambda: (draw(words(depth - 1)), '"' + draw(regulars) + '"'),
    }
    template = draw(st.sampled_from(sorted(templates)))
    return template.format(*templates[template]())


def texts_of_expressions(depth: int = 3) -> st.SearchStrategy[str]:
    """An expression of any type."""
    return st.one_of(numbers(depth), words(depth), dates(depth), moments(depth), conditions(depth), conditions(depth))
