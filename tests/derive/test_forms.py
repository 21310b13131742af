"""Form layouts, and the rules that go to the browser: only those that look at nothing hidden."""

from dougong.derive.form_rules import form_rules
from dougong.derive.forms import Layout, layout
from dougong.pipeline import read_app

APP = """
app: shop
objects:
  customer:
    fields:
      name: text required
      tier: choice(a, b)
  deal:
    record_title: name
    fields:
      number: autonumber(O{0000})
      name: text required
      customer: link customer
      count: integer
      price: money
      total: money = count * price
      cost: money
      margin: money = total - cost
      note: {type: long_text, show_when: total > 1000, required_when: count > 9}
      vip: {type: text, show_when: customer.tier = a}
forms:
  deal:
    of: deal
    sections:
      - {title: Basics, columns: 2, fields: [name, customer, count, price, total, margin]}
      - {title: More, columns: 1, show_when: count > 1, fields: [note, vip]}
"""
EVERYTHING = frozenset({"number", "name", "customer", "count", "price", "total", "cost", "margin", "note", "vip"})


def plan(text: str = APP) -> Layout:
    """The layout of `deal`."""
    built = read_app({"app.yaml": text})
    assert built.app is not None, [d.message("en") for d in built.diagnostics]
    return layout(built.app, "deal")


def test_sections_become_blocks() -> None:
    blocks = plan().blocks
    assert [(b.title.en if b.title else "", b.columns, [s.field.name for s in b.slots]) for b in blocks] == [
        ("Basics", 2, ["name", "customer", "count", "price", "total", "margin"]),
        ("More", 1, ["note", "vip"]),
    ]
    assert [s.widget for s in plan().slots()] == ["text", "link", "integer", "money", "computed", "computed", "long_text", "text"]


def test_an_object_without_a_form_gets_all_that_can_be_filled() -> None:
    names = [s.field.name for s in plan(APP.partition("forms:")[0]).slots()]
    assert names == ["name", "customer", "count", "price", "cost", "note", "vip"]


def test_fields_that_are_taken_away_take_empty_blocks_with_them() -> None:
    assert [[s.field.name for s in b.slots] for b in plan().only(frozenset({"name", "total"})).blocks] == [["name", "total"]]


def test_rules_run_in_the_browser_unless_they_look_elsewhere() -> None:
    rules = form_rules(plan(), EVERYTHING)
    assert '"total": (r, c) =>' in rules.module
    assert '"note": (r, c) =>' in rules.module
    assert '"vip"' not in rules.module.partition("kinds")[0]
    assert rules.asks_server


def test_a_rule_over_a_hidden_field_is_not_told() -> None:
    rules = form_rules(plan(), EVERYTHING - {"cost"})
    assert "cost" not in rules.module
    assert '"total": (r, c) =>' in rules.module
    assert rules.asks_server
