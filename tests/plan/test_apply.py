"""Plans carried out on real databases: values stay, what cannot be is refused with a count, nothing is half done."""

import json
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from dougong.database import Connection, Database
from dougong.plan import apply as applying
from dougong.plan.apply import apply
from dougong.plan.inspect import live_columns
from dougong.plan.releases import get, latest
from dougong.refusals import Refused

from tests.plan.worlds import WHEN, Definition, World, app, insert, world

LEAD: Definition = {"lead": {"name": "text", "amount": "money", "n": "integer"}}


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def problems(here: World, after: Definition, extra: str = "") -> list[str]:
    return [f"{d.code.code} {d.message('en')}" for d in here.plan(app(after, extra)).diagnostics]


def amount(here: World, value: str) -> Any:
    return int(Decimal(value) * 100) if here.database.dialect == "sqlite" else Decimal(value)


def test_a_field_added_to_many_records_touches_none_of_them(here: World) -> None:
    here.become(app(LEAD))
    with here.database.write() as connection:
        mark = ":name" if connection.dialect == "sqlite" else "%(name)s"
        sql = f'INSERT INTO "lead" ("name", "created_at", "updated_at") VALUES ({mark}, \'{WHEN}\', \'{WHEN}\')'
        connection.many(sql, [{"name": str(n)} for n in range(1000)])
    after = app({"lead": {**LEAD["lead"], "city": "text"}})
    plan = here.plan(after)
    assert plan.describe("zh") == ["+ lead：新增字段 city，已有 1000 条记录", "~ 更新定义文件：app.yaml"]
    before = storage(here)
    apply(here.database, plan, after, "tester")
    assert storage(here) == before


def storage(here: World) -> list[Any]:
    """Where the table lies, and on PostgreSQL who wrote its rows last: another answer means that it was written anew."""
    asked = {
        "sqlite": "SELECT rootpage FROM sqlite_master WHERE name = 'lead'",
        "postgresql": """SELECT pg_relation_filenode('lead'), xmin::text FROM "lead" ORDER BY "id\"""",
    }
    with here.database.read() as connection:
        return connection.all(asked[connection.dialect])


def test_a_default_fills_what_is_there_and_a_formula_follows(here: World) -> None:
    here.become(app(LEAD))
    for n in range(3):
        here.insert("lead", {"name": str(n), "amount": amount(here, f"{n}.50")})
    after = {**LEAD["lead"], "rate": "percent default 13% required", "tax": "money = amount * rate"}
    plan = here.become(app({"lead": after}))
    assert [line for line in plan.describe("en") if "worked out" in line] == [
        "~ lead: field rate is worked out for 3 records",
        "~ lead: field tax is worked out for 3 records",
    ]
    assert here.column("lead", "tax") == [amount(here, "0.07"), amount(here, "0.20"), amount(here, "0.33")]
    here.become(app({"lead": {**after, "tax": "money = amount * rate * 2"}}))
    assert here.column("lead", "tax") == [amount(here, "0.13"), amount(here, "0.39"), amount(here, "0.65")]


def test_required_without_a_value_is_asked_about(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲"})
    assert problems(here, {"lead": {**LEAD["lead"], "city": "text required"}}) == [
        "T601 The new field `city` is required, but the records of `lead` have no value for it (1)."
    ]
    assert problems(here, {"lead": {**LEAD["lead"], "n": "integer required"}}) == [
        "T602 `n` becomes required, but it is blank in some records of `lead` (1)."
    ]
    here.become(app({"lead": {**LEAD["lead"], "n": "integer required default 7"}}))
    assert here.column("lead", "n") == [7]


def test_unique_needs_unique_values(here: World) -> None:
    here.become(app(LEAD))
    for name in ("甲", "甲", "乙", None, None):
        here.insert("lead", {"name": name})
    unique: Definition = {"lead": {**LEAD["lead"], "name": "text unique"}}
    assert problems(here, unique) == ["T603 `name` cannot be unique: some values stand in more than one record of `lead` (1)."]
    with here.database.write() as connection:
        connection.run('UPDATE "lead" SET "name" = \'丙\' WHERE "id" = 1')
    here.become(app(unique))
    with pytest.raises(Refused):
        here.insert("lead", {"name": "乙"})


def test_options_and_stages_in_use_cannot_leave(here: World) -> None:
    def pipeline(*stages: str) -> str:
        lines = "\n".join(f"      {s}" for s in stages)
        return f"pipelines:\n  flow:\n    of: lead\n    stages:\n{lines}\n    moves: [new -> {stages[-1].partition(':')[0]}]\n"

    tags = "choice(a, b, c) many"
    first = app({"lead": {"tier": "choice(x, y)", "tags": tags}}, pipeline("new: {start: true}", "old: {}", "gone: {}"))
    here.become(first)
    both = '["a", "c"]' if here.database.dialect == "sqlite" else ["a", "c"]
    here.insert("lead", {"tier": "y", "tags": both, "stage": "old", "stage_since": WHEN})
    after: Definition = {"lead": {"tier": "choice(x)", "tags": "choice(a, b) many"}}
    assert problems(here, after, pipeline("new: {start: true}", "end: {}")) == [
        "T605 The option `y` of `tier` is gone, but some records of `lead` still use it (1).",
        "T605 The option `c` of `tags` is gone, but some records of `lead` still use it (1).",
        "T604 The stage `old` is gone, but some records of `lead` still stand in it (1).",
    ]
    same: Definition = {"lead": {"tier": "choice(x, y)", "tags": tags}}
    here.become(app(same, pipeline("new: {start: true}", "older: {was: old}")))
    assert here.column("lead", "stage") == ["older"]


def test_records_get_the_first_stage_of_a_new_pipeline(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲"})
    here.become(app(LEAD, "pipelines: {flow: {of: lead, stages: {new: {start: true}, won: {kind: won}}, moves: [new -> won]}}\n"))
    assert here.column("lead", "stage") == ["new"]
    assert here.column("lead", "stage_since") == here.column("lead", "created_at")


def test_what_left_comes_back_with_its_values(here: World) -> None:
    here.become(app({**LEAD, "note": {"body": "text"}}))
    here.insert("lead", {"name": "甲", "amount": amount(here, "1.25")})
    here.insert("note", {"body": "乙"})
    gone = here.become(app({"lead": {"name": "text"}}))
    assert gone.is_destructive
    back = here.become(app({**LEAD, "note": {"body": "text"}}))
    assert "+ lead: field amount is back with 1 value" in back.describe("en")
    assert here.column("lead", "amount") == [amount(here, "1.25")]
    assert here.column("note", "body") == ["乙"]


def test_a_name_taken_again_by_another_type_starts_blank(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲", "n": 5})
    here.become(app({"lead": {"name": "text"}}))
    here.become(app({"lead": {"name": "text", "n": "date"}}))
    assert (here.column("lead", "n"), here.column("lead", "n~1")) == ([None], [5])


def test_widening_keeps_values_exact(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"n": 999, "amount": amount(here, "12.34")})
    here.become(app({"lead": {**LEAD["lead"], "n": "number(3)", "amount": "number(4)"}}))
    expected = [999000, 123400] if here.database.dialect == "sqlite" else [Decimal("999.000"), Decimal("12.3400")]
    assert [*here.column("lead", "n"), *here.column("lead", "amount")] == expected
    here.insert("lead", {"amount": expected[1] * 10**12})
    assert problems(here, {"lead": {**LEAD["lead"], "n": "number(3)", "amount": "number(6)"}}) == [
        "T607 `amount` cannot become Number: in some records (1) the number is too big for 6 decimal places."
    ]


def test_renames_carry_values_and_happen_once(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲", "n": 3})
    after: Definition = {
        "prospect": {"+": "was: lead", "title2": "{type: text, was: name, unique: true}", "n": "integer", "amount": "money"}
    }
    here.become(app(after))
    assert here.column("prospect", "title2") == ["甲"]
    assert here.plan(app(after)).is_empty
    # the old names are free again
    later: Definition = {"prospect": {"title2": "text unique", "n": "integer", "amount": "money", "name": "text"}}
    here.become(app({**LEAD, **later}))
    assert (here.column("lead", "name"), here.column("prospect", "title2"), here.column("prospect", "name")) == ([], ["甲"], [None])


def test_a_foreign_table_is_left_alone(here: World) -> None:
    with here.database.write() as connection:
        connection.run('CREATE TABLE "lead" ("x" INTEGER)')
    assert problems(here, LEAD) == ["T608 The database already has a table `lead` that was not made by this app."]


def test_a_blocked_plan_changes_nothing(here: World) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲"})
    desired = app({"lead": {**LEAD["lead"], "extra": "text", "city": "text required"}})
    with pytest.raises(Refused) as raised:
        apply(here.database, here.plan(desired), desired, "tester")
    assert raised.value.refusals[0].code.code == "R703"
    assert here.drift() == []


def test_a_plan_that_came_too_late_is_refused(here: World) -> None:
    here.become(app(LEAD))
    late_app = app({"lead": {**LEAD["lead"], "a": "text"}})
    late = here.plan(late_app)
    here.become(app({"lead": {**LEAD["lead"], "b": "text"}}))
    with pytest.raises(Refused) as raised:
        apply(here.database, late, late_app, "tester")
    assert raised.value.refusals[0].code.code == "R701"
    assert here.drift() == []


def test_two_applies_at_once_have_one_winner(here: World) -> None:
    here.become(app(LEAD))
    apps = [app({"lead": {**LEAD["lead"], f"f{n}": "text"}}) for n in range(3)]
    plans = [here.plan(a) for a in apps]
    results: list[object] = []

    def go(n: int) -> None:
        try:
            results.append(apply(here.database, plans[n], apps[n], "tester"))
        except Refused as refused:
            results.append(refused.refusals[0].code.code)

    threads = [threading.Thread(target=go, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(type(r).__name__) for r in results) == ["int", "str", "str"]
    assert {r for r in results if isinstance(r, str)} <= {"R701", "R702"}


def test_a_crash_in_the_middle_is_taken_up_by_the_next_apply(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here.become(app(LEAD))
    here.insert("lead", {"name": "甲", "n": 2})
    desired = app(
        {"lead": {"n": "integer", "amount": "money", "who": "{type: text, was: name}", "double": "integer = n * 2", "b": "text indexed"}}
    )
    original = applying._Apply._run
    for dies_at in range(1, 6):
        left = iter(range(dies_at))

        def run(self: Any, connection: Connection, operation: Any, release: int, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            original(self, connection, operation, release)

        monkeypatch.setattr(applying._Apply, "_run", run)
        with pytest.raises(KeyboardInterrupt):
            apply(here.database, here.plan(desired), desired, "tester")
            raise KeyboardInterrupt
        if here.releases() > 1:  # there were fewer steps than that
            here.app = desired
            break
        assert here.column("lead", "name") == ["甲"]
        monkeypatch.setattr(applying._Apply, "_run", original)
        applying_rows = 'SELECT count(*) FROM "dg_release" WHERE "state" = \'applying\''
        if here.database.dialect == "postgresql":
            applying.clean_up(here.database)
        with here.database.read() as connection:
            assert connection.all(applying_rows) == [(0,)]
        assert here.drift() == []
    monkeypatch.setattr(applying._Apply, "_run", original)
    here.become(desired)
    assert (here.column("lead", "who"), here.column("lead", "double")) == (["甲"], [4])


def test_a_table_in_use_is_waited_for(postgres_url: str) -> None:
    with world(postgres_url) as here:
        here.become(app(LEAD))
        desired = app({"lead": {**LEAD["lead"], "city": "text"}})
        plan = here.plan(desired)
        other = Database.open(postgres_url)
        with other.write() as connection:
            insert(connection, "lead", {"name": "甲"})
            thread = threading.Thread(target=lambda: apply(here.database, plan, desired, "tester"))
            thread.start()
            time.sleep(1.5)
            assert thread.is_alive()
        thread.join(20)
        other.close()
        with here.database.read() as connection:
            assert "city" in live_columns(connection, "lead")


def test_what_is_written_during_an_apply_is_filled_too(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with world(postgres_url) as here:
        here.become(app(LEAD))
        here.insert("lead", {"n": 1})
        original = applying._Apply._index_concurrently

        def meanwhile(self: Any, alone: Connection, operation: Any) -> None:
            here.insert("lead", {"n": 21, "updated_at": "2099-01-01T00:00:00Z"})
            original(self, alone, operation)

        monkeypatch.setattr(applying._Apply, "_index_concurrently", meanwhile)
        here.become(app({"lead": {**LEAD["lead"], "double": "integer indexed = n * 2"}}))
        assert here.column("lead", "double") == [2, 42]


def test_releases_are_kept_whole(here: World) -> None:
    here.become(app(LEAD))
    second = app({"lead": {"name": "text"}})
    here.become(second)
    now, before = latest(here.database), get(here.database, 1)
    assert now is not None and before is not None
    assert (now.files, now.app, now.app_version, now.applied_by) == (second.files, "world", "1.0.0", "tester")
    assert before.files == app(LEAD).files
    assert now.plan["zh"] == ["- lead：停用字段 amount，保留 0 个值", "- lead：停用字段 n，保留 0 个值", "~ 更新定义文件：app.yaml"]
    assert get(here.database, 99) is None


def test_a_default_that_looks_at_other_records_fills_what_is_there(here: World) -> None:
    """Over a link, over a list, by a formula that is not stored, with what hangs on it; in the release that renames what it reads."""
    here.become(app({"customer": {"town": "text"}, "lead": {"client": "link customer", "name": "text"}}))
    for town in ("x", "y"):
        here.insert("customer", {"town": town})
    for client in (1, 2, 2, None):
        here.insert("lead", {"name": "a", "client": client})
    customer = {"city": "{type: text, was: town}", "is_near": "boolean = count(leads) > 1"}
    lead = {"customer": "{type: link, target: customer, was: client, as: leads}", "name": "text"}
    more = {
        "far": "boolean default customer.city <> 'y'",
        "near": "boolean default customer.is_near",
        "others": "integer default count(customer.leads)",
        "twice": "integer = others * 2",
        "n": "integer default 1",
    }
    plan = here.become(app({"customer": customer, "lead": {**lead, **more}}))
    assert [line for line in plan.describe("en") if "worked out" in line] == [
        f"~ lead: field {name} is worked out for 4 records" for name in ("n", "far", "near", "others", "twice")
    ]
    yes, no = (1, 0) if here.database.dialect == "sqlite" else (True, False)
    assert here.column("lead", "far") == [yes, no, no, None]
    assert here.column("lead", "near") == [no, yes, yes, None]
    assert here.column("lead", "twice") == [2, 4, 4, 0]
    assert here.column("lead", "n") == [1, 1, 1, 1]
    needed = app({"customer": customer, "lead": {**lead, **more, "must": "text required default customer.city"}})
    with pytest.raises(Refused, match="R705|must"):
        here.become(needed)
    assert here.column("lead", "n") == [1, 1, 1, 1]


def test_a_default_that_asks_the_past_is_for_new_records(here: World) -> None:
    lead = {"name": "text"}
    here.become(app({"lead": lead}))
    here.insert("lead", {"name": "a"})
    plan = here.become(app({"lead": {**lead, "often": "integer default changes(name)"}}))
    assert "~ lead: the default of field often asks about the past: left blank for 1 record" in plan.describe("en")
    assert here.column("lead", "often") == [None]


def test_several_options_become_tags_and_tags_options(here: World) -> None:
    def become(line: str, lists: str = "") -> str:
        plan = here.become(app({"lead": {"tags": line}}, lists))
        return "\n".join(plan.describe("en"))

    def stored() -> list[object]:
        return [value and (json.loads(value) if isinstance(value, str) else value) for value in here.column("lead", "tags")]

    def insert(*words: str) -> None:
        here.insert("lead", {"tags": json.dumps(words, ensure_ascii=False) if here.database.dialect == "sqlite" else list(words)})

    listed = 'lists: {kinds: [老, 重点, "it\'s"]}\n'
    options = '{type: choice, many: true, options: [重点, "it\'s", 老]}'
    become(options)
    insert("重点", "it's", "老")
    insert("老")
    here.insert("lead", {"tags": None})
    assert "lead: field tags becomes tags, every value in 2 records is kept" in become("tags")
    assert stored() == [["it's", "老", "重点"], ["老"], None]
    assert "field tags becomes choice" in become(options)
    assert stored() == [["重点", "it's", "老"], ["老"], None]
    become("tags from kinds", listed)
    assert stored() == [["老", "重点", "it's"], ["老"], None]
    become("tags")
    insert("新")
    assert problems(here, {"lead": {"tags": options}}) == [
        "T609 `tags` cannot become a choice: some records of `lead` hold values that are not among the options (1)."
    ]
    one = problems(here, {"lead": {"tags": "choice(重点, 老, 新)"}})
    assert one == ["T606 `tags` cannot change from tags to choice: this conversion is not available yet."]


def test_options_that_are_no_tags_stay_options(here: World) -> None:
    here.become(app({"lead": {"size": '{type: choice, many: true, options: ["1,000", small]}'}}))
    (said,) = problems(here, {"lead": {"size": "tags"}})
    assert "`size` cannot change from choice to tags" in said
