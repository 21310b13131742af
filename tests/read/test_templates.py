"""Templates of documents in files: read with the app, at home beside their YAML, wrong where they are wrong."""

from pathlib import Path

import pytest
from dougong import Engine
from dougong.cli.watching import _stamps, checks
from dougong.lsp.folder import root_of, texts
from dougong.lsp.texts import Texts
from dougong.model.documents import expressions
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from dougong.pipeline import Built, read_app
from dougong.read.templates import Lines
from dougong.rewrite.formatted import format_app
from hypothesis import given, settings
from hypothesis import strategies as st

APP = """app: shop
objects:
  deal: {fields: {name: text required, price: money}}
documents:
  quote: {of: deal, template: quote.html}
roles: {sales: {may: [read deal]}}
"""
PAGE = "<h1>{{ name }}</h1>\n<p>甲 {{ price }}</p>\n"


def folder(base: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text, encoding="utf-8")
    return base


def told(built: Built) -> list[str]:
    """What is wrong, and where."""
    return [f"{d.place} {d.code.code}" for d in built.diagnostics]


def places(built: Built) -> list[str]:
    """Where the expressions of the document stand."""
    assert built.app is not None, built.diagnostics
    return [str(e.source.place) for e in expressions(built.app.documents["quote"].pieces)]


@settings(max_examples=15, deadline=None)
@given(st.text(st.sampled_from("ab\n\r\u2028甲"), max_size=12))
def test_every_character_has_its_place(text: str) -> None:
    found = [(line, column) for line, part in enumerate(text.split("\n"), 1) for column in range(1, len(part) + 2)]
    lines = Lines(text)
    assert list(lines) == found[: len(text)] and lines[1:3] == found[1 : min(3, len(text))]


def test_a_template_lies_beside_the_yaml(tmp_path: Path) -> None:
    whole = folder(tmp_path, {"app.yaml": APP, "quote.html": PAGE, "other.html": "x", "sub/more.yaml": "title: Shop\n"})
    built = read_app(whole)
    assert places(built) == ["quote.html:1:7", "quote.html:2:8"] == places(read_app(whole / "app.yaml"))
    assert set(built.files) == {"app.yaml", "quote.html", "sub/more.yaml"}
    assert places(read_app(built.files)) == places(built)


def test_it_is_meant_as_seen_from_its_file(tmp_path: Path) -> None:
    rest = APP.split("documents:")[0] + "roles: {sales: {may: [read deal]}}\n"
    documents = "documents: {quote: {of: deal, template: NAME}}\n"
    for name, wanted in {"quote.html": "docs/quote.html", "parts/a.html": "docs/parts/a.html", "../b.htm": "b.htm"}.items():
        files = {"app.yaml": rest, "docs/d.yaml": documents.replace("NAME", name), wanted: PAGE}
        assert places(read_app(folder(tmp_path / wanted.replace("/", "_"), files))) == [f"{wanted}:1:7", f"{wanted}:2:8"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("quot.html", "T277"), ("../quote.html", "T278"), ("/quote.html", "T278"), ("../app/quote.html", "T278"), ("quote.docx", "T279")],
)
def test_what_is_not_there_is_told_with_its_place(tmp_path: Path, name: str, code: str) -> None:
    files = folder(tmp_path / "app", {"app.yaml": APP.replace("quote.html", name), "quote.html": PAGE})
    folder(tmp_path, {"quote.html": PAGE, "quote.docx": ""})
    built = read_app(files)
    assert told(built) == [f"app.yaml:5:31 {code}"]
    if code == "T277":
        assert "Did you mean `quote.html`?" in built.diagnostics[0].hint("en")


def test_mistakes_stand_in_the_template(tmp_path: Path) -> None:
    built = read_app(folder(tmp_path, {"app.yaml": APP, "quote.html": "<p>\n{{ nam }} {% while x %}\n{{ open"}))
    assert told(built) == ["quote.html:2:4 T320", "quote.html:2:13 T272", "quote.html:3:1 T228"]
    (tmp_path / "quote.html").write_bytes("报价 {{ name }}".encode("gbk"))
    assert told(read_app(tmp_path)) == ["quote.html:1:1 T102"]
    (tmp_path / "app.yaml").write_text(APP.replace("quote.html", "<p>.html</p>"), encoding="utf-8")
    assert told(read_app(tmp_path)) == []  # a file that is no business of the app


def test_a_change_of_the_file_is_seen(tmp_path: Path) -> None:
    folder(tmp_path, {"app.yaml": APP, "quote.html": PAGE})

    def written() -> object:
        for text in (PAGE, "{{ nam }}", PAGE.replace("price", "price * 2")):
            folder(tmp_path, {"quote.html": text})
            yield None

    for built, _ in checks(tmp_path, (), written()):  # type: ignore[arg-type]
        fresh = read_app(tmp_path)
        assert told(built) == told(fresh)
        assert built.app is None or places(built) == places(fresh)


def test_a_watch_looks_at_templates_too(tmp_path: Path) -> None:
    app = folder(tmp_path, {"app.yaml": APP, "docs/quote.html": PAGE, "beside.html": "", "notes.txt": ""})
    assert {Path(name).name for name in _stamps([app])} == {"app.yaml", "quote.html", "beside.html"}
    assert {Path(name).name for name in _stamps([app / "app.yaml"])} == {"app.yaml", "beside.html"}


def test_a_block_brings_its_own_with_its_names_in_front(tmp_path: Path) -> None:
    blocks = folder(tmp_path / "blocks", {"quotes/app.yaml": APP, "quotes/quote.html": PAGE + "{{ countrec(deal, price > 0) }}"})
    own = folder(tmp_path / "own", {"app.yaml": "app: own\nuses: [{old: quotes}]\n", "quote.html": "not this one"})
    built = read_app(own, [blocks])
    assert built.app is not None, built.diagnostics
    (document,) = built.app.documents.values()
    assert (document.name, document.object) == ("old_quote", "old_deal")
    assert [str(e.source.place) for e in expressions(document.pieces)][:2] == [".uses/quotes/quote.html:1:7", ".uses/quotes/quote.html:2:8"]
    assert read_app(built.files).app is not None and "quote.html" not in built.files
    changed = "app: own\nuses: [quotes]\nchange: {documents.quote.template: mine.html}\n"
    mine = read_app(folder(tmp_path / "mine", {"app.yaml": changed, "mine.html": "{{ price }}"}), [blocks])
    assert places(mine) == ["mine.html:1:3"] and set(mine.files) == {"app.yaml", "mine.html", ".uses/quotes/app.yaml"}
    assert places(read_app(mine.files)) == ["mine.html:1:3"]


def test_names_in_the_file_are_found_and_it_is_left_as_it_is(tmp_path: Path) -> None:
    files = {"app.yaml": APP, "quote.html": PAGE}
    found = index(files, declared(files)).by_symbol[Symbol("field", "price", "deal")]
    assert [str(each.place) for each in found] == ["app.yaml:3:40", "quote.html:2:9"]
    assert set(format_app(read_app(files)).files) == {"app.yaml"}


def test_an_editor_is_told_of_a_template_that_is_not_saved(tmp_path: Path) -> None:
    page = folder(tmp_path, {"app.yaml": APP, "quote.html": PAGE}) / "quote.html"
    opened = {page: "<p>{{ nam }}</p>"}
    root = root_of(page, opened, [tmp_path])
    files, problems = texts(root, opened)
    found = Texts(root, files, tuple(problems))
    assert [str(each.place) for each in found.diagnostics()] == ["quote.html:1:7"] and found.path("quote.html") == page


LISTS = """app: shop
objects:
  deal: {fields: {name: text required, price: money}}
  line: {fields: {deal: link deal as lines required, part: text}}
  bit: {fields: {line: link line as bits required, size: text}}
documents:
  quote: {of: deal, template: quote.html}
  letter: {of: line, template: "{{ pa }}"}
"""


@pytest.mark.parametrize(
    ("text", "offered", "not_offered"),
    [
        ("<p>{{ nam", {"name", "price"}, {"part", "for"}),
        ("<p>{% if na", {"name", "price", "SUM"}, {"part"}),
        ("<p>{% ", {"if", "for", "else"}, {"name"}),
        ("{% for one in ", {"lines"}, {"name", "bits"}),
        ("{% for one in lines %}\n{% for two in one.", {"bits"}, {"lines", "part"}),
        ("{% for one in lines %}\n{{ one.", {"part", "deal"}, {"price"}),
        ("{% for one in lines %}\n{% for two in one.bits %}{% elif two.", {"size"}, {"price"}),
        ("{{ name }} <p>", set(), {"name", "if"}),
    ],
)
def test_an_editor_offers_what_fits_into_a_template(tmp_path: Path, text: str, offered: set[str], not_offered: set[str]) -> None:
    there = Texts(tmp_path, {"app.yaml": LISTS, "quote.html": text})
    line, column = text.count("\n") + 1, len(text.rpartition("\n")[2]) + 1
    labels = {offer.label for offer in there.offers("quote.html", line, column, "en")[1]}
    assert offered <= labels and labels.isdisjoint(not_offered)


def test_a_release_keeps_the_text_that_was_applied(tmp_path: Path) -> None:
    app = folder(tmp_path / "app", {"app.yaml": APP, "quote.html": PAGE, "other.html": ""})
    with Engine.open(app, database=f"sqlite:///{tmp_path / 'a.db'}", apply=True) as engine:
        with engine.system_session("test") as session:
            deal = session.create("deal", name="a", price=5).id
        folder(app, {"quote.html": "{{ price * 2 }}", "other.html": "changed"})
        assert "<h1>a</h1>" in shown(engine, deal)
        planned = engine.plan(read_app(app).files)
        assert ["quote.html" in str(operation.describe("en")) for operation in planned.operations] == [True]
        engine.apply(read_app(app).files, actor="test")
        assert "10.00" in shown(engine, deal)
    with Engine.open(app, database=f"sqlite:///{tmp_path / 'a.db'}") as engine:
        assert "10.00" in shown(engine, deal) and not engine.plan(read_app(app).files).operations


def shown(engine: Engine, deal: int) -> str:
    """The document about a deal."""
    with engine.system_session("test", write=False) as session:
        return session.document("deal", deal, "quote").page
