"""What a definition means: names bound, formulas typed and stored or not, roles merged, the users built in."""

import pytest
from dougong.model.actions import AssignAction, CreateAction, SetAction, TodoAction
from dougong.model.app import App
from dougong.pipeline import read_app
from dougong_dsl.expression.types import Boolean, Choice, Date, Money, Number, Record

from tests.model.big_app import big_app

APP = """
app: shop
version: 1.2.0
title: {zh: 商店, en: Shop}
currency: EUR
timezone: Europe/Berlin
lists: {sources: {web: 网站, fair: 展会}}
objects:
  user: {fields: {region: "choice(north, south)"}}
  customer:
    title: 客户
    fields:
      name: text required
      owner: user default me
      source: choice from sources
      spent: money = sum(orders.amount)
      is_big: = spent > 1000
      region: = owner.region
  purchase:
    was: invoice
    fields:
      no: autonumber(P{00000})
      customer: link customer as orders required
      amount: money default 0
      tax: = amount * 0.19
      gross: = amount + tax
      due: date
      left: = due - today
      late: = left < 0
      next: = due + 1
      fax: {type: phone, retired: true}
    checks:
      - {rule: amount >= 0, message: {zh: "金额 {{ amount }} 不对", en: "wrong: {{ amount }}"}, severity: warning}
pipelines:
  flow:
    of: purchase
    stages: {draft: {start: true}, review: {kind: waiting}, paid: {kind: won, to_enter: {fields: [due]}}, lost: {kind: lost}}
    moves: [draft -> review, review -> paid by boss when amount > 0, any open -> lost asks(due)]
roles:
  clerk: {may: ["read customer where owner = me, hide source", "read, create, move purchase along flow"]}
  boss: {extends: clerk, admin: true, may: [update customer]}
triggers:
  assign:
    on: [purchase created, purchase.amount changed]
    when: amount > 10
    do:
      - {set: {due: today + 3}, when: due is blank}
      - {create: {of: customer, set: {name: '"new"', owner: customer.owner}}}
      - {todo: {for: [customer.owner, role boss, user li.wei], text: "{{ no }} 待处理"}}
  give: {on: customer created, do: [{assign: {field: owner, from: user where region = customer.region, by: least loaded}}]}
forms:
  main: {of: customer, sections: [{title: 基本, fields: [name, source(as buttons)]}, {columns: 1, show_when: is_big, fields: [owner]}]}
views:
  late: {of: purchase, kind: kanban, where: late, columns: [no, stage], order: "-amount, created_at", highlight: {red: late}}
"""


def built(text: str = APP) -> App:
    result = read_app({"app.yaml": text})
    assert [f"{d.place} {d.message('en')}" for d in result.diagnostics if d.is_error] == []
    assert result.app is not None
    return result.app


def test_the_app_itself() -> None:
    app = built()
    assert (app.name, app.version, app.title.en, app.currency, app.zone.key) == ("shop", "1.2.0", "Shop", "EUR", "Europe/Berlin")
    assert list(app.objects) == ["user", "team", "customer", "purchase"]
    assert app.files == {"app.yaml": APP}


def test_fields_and_where_their_values_are() -> None:
    fields = built().objects["purchase"].fields
    stored = {name: field.is_stored for name, field in fields.items() if field.formula}
    assert stored == {"tax": True, "gross": True, "left": False, "late": False, "next": True}
    fields = built().objects["customer"].fields
    assert {name: field.is_stored for name, field in fields.items() if field.formula} == {"spent": False, "is_big": False, "region": False}
    assert "fax" in built().objects["purchase"].retired
    assert "fax" not in built().objects["purchase"].fields


def test_types_of_formulas_are_found() -> None:
    objects = built().objects
    types = {name: field.type.type for o in objects.values() for name, field in o.fields.items() if field.formula}
    assert isinstance(types["tax"], Money)
    assert types["tax"].currency == "EUR"
    assert types["is_big"] == types["late"] == Boolean()
    assert isinstance(types["left"], Number)
    assert types["next"] == Date()
    assert types["region"] == Choice(("north", "south"))


def test_links_go_both_ways() -> None:
    objects = built().objects
    assert objects["purchase"].fields["customer"].type.type == Record("customer")
    reverse = objects["customer"].reverses["orders"]
    assert (reverse.child, reverse.through) == ("purchase", "customer")


def test_the_built_in_users() -> None:
    user = built().objects["user"]
    assert list(user.fields) == ["login", "name", "email", "roles", "manager", "active", "team", "calendar", "region"]
    assert (user.table, user.is_system, user.record_title) == ("dg_user", True, "name")
    assert list(user.fields["roles"].type.choices) == ["clerk", "boss"]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("{code: text, name: text}", "name"),
        ("{amount: money, label: text}", "label"),
        ("{owner: user, due: date}", "due"),
        ("{owner: user}", "id"),
    ],
)
def test_what_names_a_record(fields: str, title: str) -> None:
    app = built(f"app: a\nobjects: {{x: {{fields: {fields}}}}}\n")
    assert app.objects["x"].record_title == title


def test_pipeline() -> None:
    pipeline = built().objects["purchase"].pipeline
    assert pipeline is not None
    assert pipeline.start.name == "draft"
    assert pipeline.stages["paid"].to_enter.fields == ("due",)
    assert [(m.sources, m.target, m.roles, m.asks, m.when is not None) for m in pipeline.moves] == [
        (("draft",), "review", (), (), False),
        (("review",), "paid", ("boss",), (), True),
        (("draft", "review"), "lost", (), ("due",), False),
    ]


def test_roles_hold_the_grants_they_extend() -> None:
    roles = built().roles
    assert [sorted(g.actions) for g in roles["boss"].grants] == [["read"], ["create", "move", "read"], ["update"]]
    assert (roles["boss"].is_admin, roles["clerk"].is_admin) == (True, False)
    assert roles["clerk"].grants[0].hide == {"source"}


def test_triggers() -> None:
    triggers = built().triggers
    assign = triggers["assign"]
    assert [(e.kind, e.field) for e in assign.events] == [("created", None), ("changed", "amount")]
    values, create, todo = assign.actions
    assert isinstance(values, SetAction)
    assert values.when is not None
    assert isinstance(create, CreateAction)
    assert create.object == "customer"
    assert isinstance(todo, TodoAction)
    assert [(r.user is not None, r.role, r.login) for r in todo.recipients] == [
        (True, None, None),
        (False, "boss", None),
        (False, None, "li.wei"),
    ]
    (give,) = triggers["give"].actions
    assert isinstance(give, AssignAction)
    assert give.candidates is not None


def test_texts_in_two_languages() -> None:
    (check,) = built().objects["purchase"].checks
    assert check.severity == "warning"
    assert [p if isinstance(p, str) else p.source.text for p in check.message.parts_in("zh")] == ["金额 ", " amount ", " 不对"]
    assert [p if isinstance(p, str) else p.source.text for p in check.message.parts_in("en")] == ["wrong: ", " amount "]


def test_faces() -> None:
    app = built()
    form, view = app.forms["main"], app.views["late"]
    assert [(s.columns, [(i.field, i.style) for i in s.items]) for s in form.sections] == [
        (2, [("name", None), ("source", "buttons")]),
        (1, [("owner", None)]),
    ]
    assert (view.kind, view.columns, view.order) == ("kanban", ("no", "stage"), (("amount", True), ("created_at", False)))


def test_a_broken_part_brings_no_complaints_about_itself() -> None:
    text = "app: a\nobjects: {x: {fields: {n: text, a: mony, b: = a + 1, c: = b + 1}, checks: [{rule: c > 0, message: '{{ b }}'}]}}\n"
    found = read_app({"app.yaml": text}).diagnostics
    assert [d.message("en") for d in found] == ["There is no field type `mony`"]


def test_places_of_mistakes_inside_quotes() -> None:
    text = 'app: a\nobjects:\n  x:\n    fields: {n: "text \\"\\u540d\\" = amout & 1"}\n'
    found = read_app({"app.yaml": text}).diagnostics
    assert [f"{d.place} {d.message('en')}" for d in found if d.is_error] == ["app.yaml:4:36 `x` has no field `amout`"]


def test_a_large_app_is_whole() -> None:
    app = read_app(big_app(objects=12)).app
    assert app is not None
    assert len(app.objects) == 14
    assert all(len(o.fields) == 20 for o in app.objects.values() if not o.is_system)
