"""Over the protocol: completion in scenarios, of pools, tables, calendars and changes, and of fields that nobody wrote; their hovers and renames."""

from collections.abc import Iterator
from typing import Any

import pytest
from dougong.pipeline import read_app

from tests.lsp.editor import Editor, Refusal, editing

APP = """app: t
uses: [{crm: customers}]
calendars:
  shop: {hours: "10:00-18:00"}
channels:
  sms: {kind: http, to: mobile}
webhooks:
  paid: {payload: {number: text}, find: deal where name = payload.number}
connectors:
  erp: {kind: http}
objects:
  deal:
    title: {zh: 商机, en: Deal}
    fields:
      name: text required
      customer: link crm_customer
      region: choice(east, south)
      owner: user
      amount: money
      mobile: phone
decision_tables:
  who:
    of: deal
    rows:
      - {when: {region: [east]}, then: role sales}
      - {when: {region: [south]}, then: pool hq}
      - {when: {region: [blank]}, then: pool hq}
pools:
  hq: {of: deal, by: [sales], shows: [name], recycle: [deal without update for 14 days]}
pipelines:
  flow:
    of: deal
    stages:
      open: {start: true, overdue: {after: 3 days, calendar: shop}, to_leave: {actions: [{id: called}]}}
      won: {kind: won}
    moves: [open -> won]
  quality:
    of: deal
    field: check
    title: {zh: 质检, en: Quality}
    stages: {todo: {start: true, overdue: after 2 days}, passed: {kind: done}}
    moves: [todo -> passed]
approvals:
  pay: {of: deal, start: deal.amount changed, steps: [{one: by role sales}]}
triggers:
  made:
    on: deal created
    do:
      - assign: {field: owner, by: table who}
      - recycle: hq
      - notify: {to: owner, via: [inbox], text: "{{ name }}"}
      - call: {connector: erp, path: /deals}
      - set: {name: "if(check = todo, name, owner.name)"}
roles:
  sales: {may: ["read, create, update deal"]}
forms:
  quick: {of: deal, fields: [name, owner]}
views:
  hot: {of: deal, where: check = todo and overdue, columns: [name]}
cast:
  - user li.wei: {name: 李伟, roles: [sales]}
scenarios:
  story:
    as: li.wei
    given:
      - deal d1: {name: a, owner: li.wei}
    steps:
      - create deal d2: {name: b, region: east}
      - move d1 to won
      - update d1: {amount: 3}
      - expect: d1 in won
      - create deal d3 with quick: {name: c}
      - message on sms from d1: hello
      - expect: 1 request to erp
      - expect d1: amount = 3
change:
  objects.crm_customer.title: 客户
  pools.hq.shows.+: [amount]
"""


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    built = read_app({"app.yaml": APP})
    assert [str(d) for d in built.diagnostics if d.is_error] == []
    folder = tmp_path_factory.mktemp("flow")
    (folder / "app.yaml").write_text(APP, encoding="utf-8")
    with editing(folder) as found:
        found.open("app.yaml")
        yield found


@pytest.fixture
def editor(conversation: Editor) -> Editor:
    conversation.type("app.yaml", APP)
    return conversation


def spot(text: str, needle: str, behind: int = 0) -> tuple[int, int]:
    """Line and character of the place `behind` characters after the beginning of `needle`."""
    before = text[: text.index(needle) + behind]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        ("- move d1 to won\n", "- |", ["create", "update", "move", "wait", "expect", "submit", "finish todo about"]),
        ("- move d1 to won\n", "- move |", ["d1", "d2"]),
        ("- move d1 to won\n", "- move d|", ["d1", "d2"]),
        ("- move d1 to won\n", "- move d1 to |", ["open", "won", "todo", "passed"]),
        ("- move d1 to won\n", "- do |", ["called"]),
        ("- move d1 to won\n", "- create deal d4 with |", ["quick"]),
        ("- move d1 to won\n", "- message on |", ["sms"]),
        ("- move d1 to won\n", "- message on sms from |", ["d1", "d2"]),
        ("- move d1 to won\n", "- webhook |", ["paid"]),
        ("- move d1 to won\n", "- ask |", ["li.wei"]),
        ("- move d1 to won\n", "- transfer d1 to |", ["li.wei"]),
        ("expect: d1 in won", "expect: 1 request to |", ["erp"]),
        ("via: [inbox]", "via: [|]", ["inbox", "mail", "sms"]),
        ("- move d1 to won\n", "- do called on |", ["d1", "d2"]),
        ("- move d1 to won\n", "- create |", ["deal", "crm_customer"]),
        ("- move d1 to won\n", "- submit d1: |", ["pay"]),
        ("- move d1 to won\n", "- as: |", ["li.wei"]),
        ("- move d1 to won\n", "- as: li.w|", ["li.wei"]),
        ("- move d1 to won\n", "- wait: 3 |", ["working days", "hours"]),
        ("update d1: {amount: 3}", "update d1: {|", ["amount", "name", "region"]),
        ("update d1: {amount: 3}", "update d1: {region: |", ["east", "south"]),
        ("update d1: {amount: 3}", "update d1: {owner: |", ["li.wei"]),
        ("- deal d1: {name: a, owner: li.wei}", "- |", ["user", "deal"]),
        ("roles: [sales]}\nscen", "roles: [|]}\nscen", ["sales"]),
        ("expect: d1 in won", "expect: |", ["todo for", "nothing else", "d1", "li.wei", "hot"]),
        ("expect: d1 in won", "expect: no todo for |", ["li.wei"]),
        ("expect: d1 in won", "expect: todo for li.wei about |", ["d1", "d2"]),
        ("expect: d1 in won", "expect: d1 in |", ["won", "open", "pool"]),
        ("expect: d1 in won", "expect: d1 in pool |", ["hq"]),
        ("expect: d1 in won", "expect: d1 is |", ["gone", "red"]),
        ("expect: d1 in won", "expect: d1 is red in |", ["hot"]),
        ("expect: d1 in won", "expect: li.wei may not move |", ["d1"]),
        ("expect: d1 in won", "expect: 1 deal where |", ["amount", "stage"]),
        ("expect d1: amount = 3", "expect d1: |", ["amount", "check", "d2"]),
        ("by: table who", "by: table |", ["who"]),
        ("by: table who", "by: |", ["least loaded", "round robin", "weight", "table"]),
        ("- recycle: hq", "- recycle: |", ["hq"]),
        ("then: role sales", "then: |", ["role", "pool"]),
        ("then: role sales", "then: pool |", ["hq"]),
        ("{when: {region: [east]}", "{when: {region: [|", ["east", "blank"]),
        ("calendar: shop", "calendar: |", ["shop"]),
        ("shows: [name]", "shows: [|]", ["name", "amount"]),
        ("where: check = todo and overdue", "where: |", ["check", "check_since", "check_due_at", "check_overdue", "due_at", "pool", "held_since"]),
        ("where: check = todo and overdue", "where: check = |", ["todo", "passed"]),
        ("where: check = todo and overdue", "where: pool = |", ["hq"]),
        ("objects.crm_customer.title: 客户", "|", ["objects", "pools", "pipelines"]),
        ("objects.crm_customer.title: 客户", "objects.|", ["deal", "crm_customer"]),
        ("objects.crm_customer.title: 客户", "objects.crm_customer.|", ["fields", "title", "checks"]),
        ("objects.crm_customer.title: 客户", "objects.crm_customer.fields.|", ["tier", "fax", "+", "-"]),
        ("objects.crm_customer.title: 客户", "pipelines.quality.stages.|", ["todo", "passed", "+"]),
    ],
)  # fmt: skip
def test_completion(editor: Editor, old: str, new: str, offered: list[str]) -> None:
    assert APP.count(old) >= 1
    text = APP.replace(old, new if new.endswith("scen") else new + ("\n" if old.endswith("\n") else ""), 1)
    at = spot(text, "|")
    editor.type("app.yaml", text.replace("|", "", 1))
    found = editor.labels("app.yaml", *at)
    assert [each for each in offered if each not in found] == []


@pytest.mark.parametrize(
    ("needle", "behind", "told"),
    [
        ("check = todo and", 0, "deal.check"),
        ("overdue, columns", 0, "deal.overdue"),
        ("table who", 6, "decision table"),
        ("- recycle: hq", 11, "pool"),
        ("calendar: shop", 10, "working calendar"),
        ("move d1", 5, "record of a scenario"),
        ("as: li.wei", 4, "person of a scenario"),
        ("objects.crm_customer.title", 8, "crm_customer"),
        ("link crm_customer", 6, ".uses/customers"),
    ],
)
def test_hover(editor: Editor, needle: str, behind: int, told: str) -> None:
    found = editor.at("hover", "app.yaml", *spot(APP, needle, behind))
    assert told in found["contents"]["value"]


@pytest.mark.parametrize(
    ("needle", "behind", "new", "places"),
    [
        ("  hq: {of", 2, "main", 5),
        ("  who:\n", 2, "table_of_all", 2),
        ("  shop: {hours", 2, "store", 2),
        ("deal d1: {name", 5, "first", 6),
        ("  hot: {of", 2, "warm", 1),
        ("  quick: {of", 2, "short", 2),
        ("  sms: {kind", 2, "texts", 2),
        ("  erp: {kind", 2, "sap", 3),
    ],
)
def test_a_renamed_app_is_sound(editor: Editor, needle: str, behind: int, new: str, places: int) -> None:
    edit: dict[str, Any] = editor.at("rename", "app.yaml", *spot(APP, needle, behind), newName=new)
    (edits,) = edit["changes"].values()
    assert len(edits) == places
    lines = APP.split("\n")
    for each in sorted(edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]), reverse=True):
        start, end = each["range"]["start"], each["range"]["end"]
        lines[start["line"]] = lines[start["line"]][: start["character"]] + each["newText"] + lines[end["line"]][end["character"] :]
    assert [str(d) for d in read_app({"app.yaml": "\n".join(lines)}).diagnostics if d.is_error] == []


def test_a_login_keeps_its_name(editor: Editor) -> None:
    with pytest.raises(Refusal, match="login"):
        editor.at("rename", "app.yaml", *spot(APP, "user li.wei", 6), newName="x")
