"""A build with the memory of the builds before it, against a build from nothing: whatever is edited, both say the same."""

from dougong.cli.dump import STAGES
from dougong.model.memory import Memory
from dougong.pipeline import Built, read_app
from hypothesis import given, settings
from hypothesis import strategies as st

FILES = {
    "app.yaml": "app: x\nlists: {grades: [a, b]}\nroles:\n  sales: {may: [read deal where total > 1, read customer, read item]}\n",
    "deal.yaml": """objects:
  deal:
    fields:
      name: text
      amount: money
      grade: choice from grades
      customer: link customer as deals
      total: = sum(items.price)
      double: = total * 2
      checked: = passed(todo)
      late: {type: text, required_when: total > 5 and stage = won}
    checks:
      - {rule: double >= total, message: "{{ double }}"}
pipelines:
  flow:
    of: deal
    stages: {open: {start: true}, won: {kind: won}}
    moves:
      - open -> won when double > 3
  checks:
    of: deal
    field: check_stage
    stages: {todo: {start: true}, good: {kind: done}}
    moves: [todo -> good when time_in(todo) > 2 hours]
""",
    "customer.yaml": "objects:\n  customer:\n    fields:\n      name: text\n      spent: = sum(deals.double)\n      best: = max(deals.total)\n",
    "item.yaml": "objects:\n  item:\n    fields:\n      deal: link deal as items\n      price: number\n",
    "views.yaml": "views:\n  big: {of: deal, where: customer.spent > 3, columns: [name, double]}\n",
}
EDITS = [
    ("item.yaml", "price: number", "price: integer"),
    ("item.yaml", "price: number", "price: text"),
    ("item.yaml", "price: number", "cost: number"),
    ("item.yaml", "as items", "as lines"),
    ("item.yaml", "link deal", "link customer"),
    ("deal.yaml", "amount: money", "amount: money\n      total2: text"),
    ("deal.yaml", "total: = sum(items.price)", "total: text"),
    ("deal.yaml", "total: = sum(items.price)", "total: = amount"),
    ("deal.yaml", "total * 2", "total * 2 > 4"),
    ("deal.yaml", "won: {kind: won}", "gained: {kind: won}"),
    ("deal.yaml", "link customer", "link custmer"),
    ("deal.yaml", "      name: text", "      name: text\n      name: text"),
    ("deal.yaml", "open -> won", "open => won"),
    ("customer.yaml", "name: text", "name: text required"),
    ("customer.yaml", "sum(deals.double)", "count(deals)"),
    ("app.yaml", "[a, b]", "[a, c]"),
    ("app.yaml", "sales:", "boss:"),
    ("app.yaml", "app: x", "app: x\ncurrency: USD"),
    ("views.yaml", "customer.spent > 3", "grade = b"),
    ("views.yaml", "views:", "views: ["),
    ("views.yaml", "views:", "forms:\n  short: {of: customer, fields: [name]}\nviews:"),
    ("deal.yaml", "amount: money", 'amount: money "金额" "Amount"'),
    ("deal.yaml", "open: {start: true}", "open: {start: true, overdue: after 2 days, to_leave: {fields: [amount]}}"),
    ("deal.yaml", "open -> won", "open -> won by sales"),
    ("item.yaml", "objects:", "# moved\n\nobjects:"),
    ("deal.yaml", "check_stage", "proof_stage"),
    ("deal.yaml", "  checks:\n    of", "  proofs:\n    of"),
    ("deal.yaml", "todo: {start: true}", "todo: {start: true, overdue: after 2 days}"),
    ("deal.yaml", "stages: {open: {start: true}", "stages: {todo: {start: true}"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.sampled_from(range(len(EDITS))), max_size=3), min_size=2, max_size=5))
def test_what_is_taken_over_makes_no_difference(rounds: list[set[int]]) -> None:
    memory = Memory()
    for chosen in rounds:
        files = dict(FILES)
        for number in sorted(chosen):
            name, before, after = EDITS[number]
            files[name] = files[name].replace(before, after, 1)
        assert told(read_app(files, memory=memory)) == told(read_app(files))


def test_each_edit_alone() -> None:
    for name, before, after in EDITS:
        memory = Memory()
        read_app(FILES, memory=memory)
        files = {**FILES, name: FILES[name].replace(before, after, 1)}
        assert told(read_app(files, memory=memory)) == told(read_app(files)), after


def told(built: Built) -> object:
    """The diagnostics, the app as it is printed, and what its formulas mean."""
    words = [(str(d.place), d.code.code, d.message("en")) for d in built.diagnostics]
    objects = built.app.objects.values() if built.app else ()
    meant = {(o.name, f.name): repr(f.formula.root) for o in objects for f in o.fields.values() if f.formula is not None}
    return words, built.app and STAGES["model"](built.app, "en"), meant
