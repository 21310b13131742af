"""The index against a brute-force reading: every place shows its name, every word of an app that can be found is found."""

import re

import pytest
from dougong.lsp.positions import column, position
from dougong.lsp.rename import CannotRename, rename
from dougong.names.index import Index, declared, index
from dougong.names.symbols import Symbol
from dougong.names.written import file
from dougong.read.files import load_files
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import PositionEncodingKind

from tests.model.big_app import big_app
from tests.packs.packs import PACKS, Pack


def read(files: dict[str, str]) -> Index:
    return index(files, declared(files))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_place_shows_its_name(pack: Pack) -> None:
    files, _ = load_files(pack.folder)
    found = read(files)
    shown = {
        (symbol.name, files[o.place.file].split("\n")[o.place.line - 1][o.place.column - 1 :][: o.place.length])
        for symbol, places in found.by_symbol.items()
        for o in places
        if o.is_name
    }
    assert [pair for pair in shown if pair[0] != pair[1]] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_every_mention_of_an_object_is_found(pack: Pack) -> None:
    """Objects whose name is nothing else: each word of that name outside of notes, quoted texts and demo data is an occurrence."""
    files, _ = load_files(pack.folder)
    found = read(files)
    others = {s.name for s in found.by_symbol if s.kind != "object"} | {"user"}  # also a type
    for symbol in [s for s in found.by_symbol if s.kind == "object" and s.name not in others]:
        mentioned = set()
        for name, text in files.items():
            for number, line in enumerate(text.split("\n"), 1):
                bare = re.sub(r'(: )?"[^"]*[A-Z\u4e00-\u9fff][^"]*"|#.*|(zh|en|title|icon): [^,}]*', lambda m: " " * len(m[0]), line)
                mentioned |= {(name, number) for m in re.finditer(rf"(?<![\w.]){symbol.name}(?![\w@]|: [^{{\n])", bare) if m}
        assert mentioned - {(o.place.file, o.place.line) for o in found.of(symbol)} == set(), symbol


def test_a_file_that_changed_is_the_only_one_read_again() -> None:
    files = big_app(100)
    assert len(read(files).by_symbol) > 3000
    name, before = next(iter(files)), file.cache_info().misses
    declared({**files, name: files[name] + "\n# one more line\n"})
    assert file.cache_info().misses == before + 1


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab 客户😀𠮷é\u0301", max_size=12), st.integers(0, 14))
def test_columns_and_characters_are_each_others_opposite(line: str, number: int) -> None:
    at = min(number, len(line)) + 1
    for encoding, size in (
        (PositionEncodingKind.Utf16, "utf-16-le"),
        (PositionEncodingKind.Utf8, "utf-8"),
        (PositionEncodingKind.Utf32, "utf-32-le"),
    ):
        character = position([line], 1, at, encoding).character
        width = {"utf-16-le": 2, "utf-8": 1, "utf-32-le": 4}[size]
        assert character == len(line[: at - 1].encode(size)) // width
        assert column(line, character, encoding) == at


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="ab:{}[]\"'\n -,#客", max_size=60))
def test_any_text_is_read_as_far_as_it_goes(text: str) -> None:
    whole = "objects: {deal: {fields: {name: text}}}\n"
    found = read({"x.yaml": whole + text, "y.yaml": "roles: {r: {may: [read deal]}}"})
    known = file("x.yaml", whole + text)
    assert ("objects" in (known or {})) == bool(found.of(Symbol("object", "deal")))


CHANGED = {
    "base.yaml": "app: shop\nobjects:\n  deal:\n    fields: {name: text, size: integer, tier: 'choice(gold, silver)'}\n"
    "pipelines:\n  flow: {of: deal, stages: {open: {start: true}, won: {kind: won}}, moves: [open -> won]}\n"
    "views:\n  all: {of: deal, columns: [name]}\nlists: {sources: [web]}\nroles: {staff: {may: [read deal]}}\n",
    "ours.yaml": """change:
  objects.deal.title: 生意
  objects.deal.fields.size.required_when: tier = gold and fax is blank
  objects.deal.fields.tier.options.+: {bronze: 铜}
  objects.deal.fields.tier.options.silver: removed
  objects.deal.fields.+: {fax: 'text default name'}
  objects.deal.fields.name: removed
  pipelines.flow.stages.won.title: 成交
  pipelines.flow.stages.+: {lost: {kind: lost}}
  pipelines.flow.moves.+: [open -> lost when size > 3 and tier = bronze]
  views.all.columns.+: [size, fax]
  views.all.where: stage = lost
  roles.staff.may.+: [update deal(size) where tier = bronze]
  lists.sources.web: 网站
""",
}


def test_names_on_the_paths_of_changes_are_found() -> None:
    found = read(CHANGED)
    lines = {s: [o.place.line for o in places if o.place.file == "ours.yaml"] for s, places in found.by_symbol.items()}
    assert lines[Symbol("object", "deal")] == [2, 3, 4, 5, 6, 7, 13]
    assert lines[Symbol("field", "size", "deal")] == [3, 10, 11, 13]
    assert lines[Symbol("field", "fax", "deal")] == [3, 6, 11]
    assert lines[Symbol("field", "name", "deal")] == [6, 7]
    assert lines[Symbol("field", "tier", "deal")] == [3, 4, 5, 10, 13]
    assert lines[Symbol("option", "bronze", "deal.tier")] == [4, 10, 13]
    assert lines[Symbol("option", "silver", "deal.tier")] == [5]
    assert lines[Symbol("stage", "won", "deal")] == [8]
    assert lines[Symbol("stage", "lost", "deal")] == [9, 10, 12]
    assert lines[Symbol("pipeline", "flow")] == [8, 9, 10] and lines[Symbol("view", "all")] == [11, 12]
    assert lines[Symbol("option", "web", "@sources")] == [14] and lines[Symbol("role", "staff")] == [13]


def test_a_rename_reaches_the_paths_of_changes() -> None:
    edits = rename(read(CHANGED), CHANGED, Symbol("field", "size", "deal"), "amount")
    lines = CHANGED["ours.yaml"].split("\n")
    for edit in sorted((e for e in edits if e.file == "ours.yaml"), key=lambda e: e.start, reverse=True):
        (line, start), (_, end) = edit.start, edit.end
        lines[line - 1] = lines[line - 1][: start - 1] + edit.text + lines[line - 1][end - 1 :]
    assert "size" not in "\n".join(lines) and "objects.deal.fields.amount.required_when" in "\n".join(lines)


ACTING = {
    "app.yaml": """app: shop
objects:
  customer: {fields: {name: text, owner: user}}
  deal: {fields: {name: text, size: integer, tags: "choice(big, late) many", customer: link customer as deals, owner: user}}
pipelines:
  flow:
    of: deal
    stages:
      open: {start: true, on_leave: [{set: {size: size + 1}}]}
      won: {kind: won}
    moves: [open -> won]
triggers:
  all:
    on: customer.name changed
    do:
      - update: {of: deals, where: size > 1, set: {name: customer.name}}
      - create: {of: deal, set: {name: name}}
        then: [{set: {name: created.size & ""}}]
  mark:
    on: deal.size changed
    do:
      - tag: {field: tags, add: big, remove: [late]}
      - move: won
      - propose_move: {to: won, for: owner, text: "{{ size }}", automatic: size > 9}
"""
}


def test_names_in_actions_are_found() -> None:
    found = read(ACTING)
    lines = {s: [o.place.line for o in places] for s, places in found.by_symbol.items()}
    assert lines[Symbol("field", "size", "deal")] == [4, 9, 9, 16, 18, 20, 24, 24]
    assert lines[Symbol("reverse", "deals", "customer")] == [4, 16]
    assert lines[Symbol("stage", "won", "deal")] == [10, 11, 23, 24]
    assert lines[Symbol("field", "tags", "deal")] == [4, 22]
    assert lines[Symbol("option", "big", "deal.tags")] == [4, 22] and lines[Symbol("option", "late", "deal.tags")] == [4, 22]
    assert lines[Symbol("field", "owner", "deal")] == [4, 24]


TIMED = {
    "app.yaml": """app: timed
objects:
  customer: {fields: {name: text, tier: integer, due: date}}
  visit: {fields: {customer: link customer as visits, bad: boolean}}
pipelines:
  flow:
    of: visit
    stages:
      a: {start: true, overdue: {after: 3 days, then: [{after: 1 day, do: [{set: {bad: true}}]}]}}
      b: {kind: done}
    moves: [a -> b]
views:
  late: {of: visit, kind: table, where: overdue, columns: [bad]}
triggers:
  weekly:
    on: every monday
    each: customer where tier > 2
    do: [{set: {tier: 1}}]
  twice: {on: [customer had visits.bad twice in a row, 7 days before customer.due], do: [{set: {tier: 2}}]}
  silent: {on: customer without visit for 30 days, do: [{set: {tier: 3}}]}
"""
}


def test_names_in_what_happens_by_time_are_found() -> None:
    lines = {s: [o.place.line for o in places] for s, places in read(TIMED).by_symbol.items()}
    assert lines[Symbol("object", "customer")] == [3, 4, 17, 19, 19, 20]
    assert lines[Symbol("object", "visit")] == [4, 7, 13, 20]
    assert lines[Symbol("field", "tier", "customer")] == [3, 17, 18, 19, 20]
    assert lines[Symbol("field", "bad", "visit")] == [4, 9, 13, 19]
    assert lines[Symbol("field", "due", "customer")] == [3, 19]
    assert lines[Symbol("reverse", "visits", "customer")] == [4, 19]


STORY = """
app: story
objects:
  deal: {fields: {name: text required, amount: money}}
pipelines:
  flow: {of: deal, stages: {ask: {start: true}, won: {kind: won}}, moves: [ask -> won]}
roles: {seller: {may: ["read, create, update, move deal"]}}
cast:
  - user ann: {roles: [seller]}
  - deal old: {name: A}
scenarios:
  sold:
    as: ann
    given:
      - deal one: {name: B, amount: 3}
    steps:
      - update one: {amount: 4}
      - move one to won: {amount: 5}
      - move old to won
      - create deal two: {name: C}
      - expect: one in won
"""


def test_names_in_scenarios_are_found() -> None:
    found = read({"app.yaml": STORY})
    lines = {
        symbol: sorted(o.place.line for o in found.of(symbol) if o.place.line > 8)
        for symbol in (
            Symbol("object", "deal"),
            Symbol("field", "amount", "deal"),
            Symbol("field", "name", "deal"),
            Symbol("stage", "won", "deal"),
        )
    }
    assert list(lines.values()) == [[10, 15, 20], [15, 17, 18], [10, 15, 20], [18, 19, 21]]


def test_people_who_decide_in_scenarios_are_found() -> None:
    lines = ("transfer one to bob: x", "ask bob first about one", "bob stands in for ann: 1 hours")
    text = STORY.replace("  - deal old", "  - user bob: {}\n  - deal old") + "".join(f"      - {line}\n" for line in lines)
    found = read({"app.yaml": text})
    assert [sorted(o.place.line for o in found.of(symbol)) for symbol in _deciding()] == [
        [10, 23, 24, 25],
        [9, 14, 25],
        [16, 18, 19, 22, 23, 24],
    ]


def _deciding() -> tuple[Symbol, Symbol, Symbol]:
    return Symbol("person", "bob", ""), Symbol("person", "ann", ""), Symbol("record", "one", "sold")


SCORED = {
    "base.yaml": """app: shop
objects:
  deal: {fields: {name: text, size: integer, mobile: phone}}
scores:
  worth:
    of: deal
    rules: [+5 when size > 3]
    bands: {hot: ">= 5", cold: "< 5"}
documents:
  offer: {of: deal, template: "<p>{{ name }} {{ worth_band }}</p>"}
channels:
  sms: {kind: http, to: mobile}
webhooks:
  paid: {payload: {no: text}, find: deal where name = payload.no}
lists: {sources: [web]}
pipelines:
  flow: {of: deal, stages: {open: {start: true}, won: {kind: won}}, moves: [open -> won]}
triggers:
  rise: {on: deal.worth_band changed to hot, do: [{score: {worth: 1}}]}
views:
  hot: {of: deal, where: worth >= 5 and worth_points > 1 and worth_band = hot, columns: [worth, worth_band], order: -worth_points}
""",
    "ours.yaml": """change:
  scores.worth.rules.+: [+1 when size > 9 and worth_points > 2]
  scores.worth.bands.cold: "< 4"
  documents.offer.template: "<b>{% if worth_band = hot %}{{ size }}{% endif %}</b>"
  webhooks.paid.find: deal where name = payload.no and size > 3
  channels.sms.to: mobile
  lists.sources.+: [fair]
  views.hot.where: worth_band = cold
  scenarios.story.steps.+: [expect d1: worth = 3 and worth_band = hot]
  cast.+: [deal d1: {size: 3}]
""",
}


def test_changes_of_scores_documents_doors_lists_and_scenarios_are_found() -> None:
    found = read(SCORED)
    lines = {s: [o.place.line for o in places if o.place.file == "ours.yaml"] for s, places in found.by_symbol.items()}
    assert lines[Symbol("field", "size", "deal")] == [2, 4, 5, 10]
    assert lines[Symbol("field", "worth", "deal")] == [2, 3, 9]
    assert lines[Symbol("field", "worth_band", "deal")] == [4, 8, 9]
    assert lines[Symbol("option", "cold", "deal.worth_band")] == [3, 8]
    assert lines[Symbol("option", "hot", "deal.worth_band")] == [4, 9]
    assert lines[Symbol("field", "mobile", "deal")] == [6]
    assert lines[Symbol("field", "name", "deal")] == [5]
    assert lines[Symbol("option", "fair", "@sources")] == [7]
    assert lines[Symbol("document", "offer")] == [4]
    assert lines[Symbol("record", "d1")] == [9, 10]


def test_a_score_takes_the_fields_beside_it_along() -> None:
    found, symbol = read(SCORED), Symbol("field", "worth", "deal")
    texts = {name: text.split("\n") for name, text in SCORED.items()}
    for edit in sorted(rename(found, SCORED, symbol, "value"), key=lambda e: e.start, reverse=True):
        line = texts[edit.file][edit.start[0] - 1]
        texts[edit.file][edit.start[0] - 1] = line[: edit.start[1] - 1] + edit.text + line[edit.end[1] - 1 :]
    after = "\n".join(texts["base.yaml"] + texts["ours.yaml"])
    assert after.count("worth") == 1 and "was: worth" in after
    assert (after.count("value_band"), after.count("value_points")) == (7, 3)
    taken = {**SCORED, "more.yaml": "change: {objects.deal.fields.+: {price_band: text}}"}
    with pytest.raises(CannotRename, match="there is a `price` already"):
        rename(read(taken), taken, symbol, "price")
