"""The language server, driven over its protocol: every feature, Chinese names, half-typed files."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dougong.pipeline import read_app

from tests.lsp.editor import COMMAND, Editor, Refusal, editing

OBJECTS = """app: pets
lists:
  来源: {web: 网络, friend: 朋友介绍}
objects:
  主人:
    fields:
      姓名: text required searchable "姓名😀" "Name"  # who
      来源: choice from 来源
      累计: money = sum(就诊.费用 where stage = 完成 and 来自 = web)
  就诊:
    record_title: 症状
    fields:
      症状: text required "症状" "Symptoms"
      主人: link 主人 as 就诊 required
      来自: choice from 来源
      费用: {type: money, title: 费用}
    checks:
      - {rule: "费用 >= 0", message: "{{ 主人.姓名 }} 😀 {{ 费用 }}"}
"""
FLOW = """pipelines:
  看诊:
    of: 就诊
    stages:
      候诊: {start: true}
      完成: {kind: done, to_enter: {fields: [费用]}}
    moves: ['候诊 -> 完成 by 医生 when 费用 > 0']
roles:
  医生: {may: ["read, update, move 就诊(症状, 费用) where stage = 候诊, mask 主人", read 主人]}
views:
  等着: {of: 就诊, where: stage = 候诊 and not passed(候诊), columns: [症状, 主人, stage], order: "-费用"}
triggers:
  贵: {on: 就诊.费用 changed, when: 费用 > 100, do: [{set: {来自: friend}}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(OBJECTS, encoding="utf-8")
    (tmp_path / "flow.yaml").write_text(FLOW, encoding="utf-8")
    assert errors({"app.yaml": OBJECTS, "flow.yaml": FLOW}) == []
    return tmp_path


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for all tests that need nothing of their own."""
    folder = tmp_path_factory.mktemp("pets")
    (folder / "app.yaml").write_text(OBJECTS, encoding="utf-8")
    (folder / "flow.yaml").write_text(FLOW, encoding="utf-8")
    with editing(folder) as found:
        found.open("app.yaml")
        found.open("flow.yaml")
        yield found


@pytest.fixture
def editor(conversation: Editor) -> Editor:
    conversation.type("app.yaml", OBJECTS)
    conversation.type("flow.yaml", FLOW)
    return conversation


def errors(files: dict[str, str]) -> list[str]:
    return [f"{d.place} {d.message('en')}" for d in read_app(files).diagnostics if d.is_error]


def wrong(editor: Editor, name: str) -> list[dict[str, Any]]:
    """The errors in the next report on a file."""
    return [d for d in editor.reported(name) if d["severity"] == 1]


def spot(text: str, needle: str, behind: int = 0) -> tuple[int, int]:
    """The protocol's position of the first `needle`, `behind` characters further."""
    before = text[: text.index(needle) + behind]
    line = before.rpartition("\n")[2]
    return before.count("\n"), len(line.encode("utf-16-le")) // 2


def spots(found: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    return [
        (f["uri"].rpartition("/")[2], f["range"]["start"]["line"], *(f["range"][e]["character"] for e in ("start", "end"))) for f in found
    ]


def changed(texts: dict[str, str], edit: dict[str, Any]) -> dict[str, str]:
    """The texts after the edits, applied as an editor would."""
    result = dict(texts)
    for uri, edits in edit["changes"].items():
        name = uri.rpartition("/")[2]
        lines = result[name].split("\n")
        for each in sorted(edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]), reverse=True):
            start, end = each["range"]["start"], each["range"]["end"]
            assert start["line"] == end["line"]
            raw = lines[start["line"]].encode("utf-16-le")
            new = raw[: start["character"] * 2] + each["newText"].encode("utf-16-le") + raw[end["character"] * 2 :]
            lines[start["line"]] = new.decode("utf-16-le")
        result[name] = "\n".join(lines)
    return result


def test_diagnostics_follow_unsaved_texts_over_all_files(editor: Editor) -> None:
    while wrong(editor, "app.yaml"):
        pass
    editor.type("app.yaml", OBJECTS.replace("费用: {type: money", "价格: {type: money"))
    while not (found := wrong(editor, "flow.yaml")):
        pass
    assert "T206" in {d["code"] for d in found}
    editor.type("app.yaml", OBJECTS)
    while wrong(editor, "flow.yaml"):
        pass


def test_positions_count_utf16_units(editor: Editor) -> None:
    text = OBJECTS.replace("😀 {{ 费用 }}", "😀 {{ 费 }}")
    editor.type("app.yaml", text)
    while not (found := wrong(editor, "app.yaml")):
        pass
    line, character = spot(text, "费 }}")
    assert found[0]["range"] == {"start": {"line": line, "character": character}, "end": {"line": line, "character": character + 1}}
    assert "费用" in found[0]["message"]


def test_messages_speak_the_editors_language(folder: Path) -> None:
    for arguments, locale, word in (((), "zh-CN", "没有"), ((), "en-GB", "no"), (("--lang", "zh"), "en", "没有")):
        with editing(folder, *arguments, locale=locale) as editor:
            editor.open("app.yaml", OBJECTS.replace("record_title: 症状", "record_title: 病"))
            assert word in wrong(editor, "app.yaml")[0]["message"]


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        ("费用: {type: money, title: 费用}", "费用: {type: money, re", ["required", "required_when", "retired"]),
        ("费用: {type: money, title: 费用}", "费用: {type: mo", ["money", "text"]),
        ("费用: {type: money, title: 费用}", "费用: mon", ["money", "text"]),
        ("费用: {type: money, title: 费用}", "费用: money req", ["required", "max", "min"]),
        ("费用: {type: money, title: 费用}", "费用: money = 主人.", ["姓名", "来源", "累计", "created_at", "就诊"]),
        ("费用: {type: money, title: 费用}", "费用: money = ro", ["ROUND", "症状", "today", "me"]),
        ("费用: {type: money, title: 费用}", "费用: link 主", ["主人", "就诊", "user"]),
        ("费用: {type: money, title: 费用}", "费用: choice from ", ["来源"]),
        ("费用 where stage = 完成 and 来自 = web)", "费用 where stage = ", ["候诊", "完成", "症状"]),
        ("费用 where stage = 完成 and 来自 = web)", "费用 where 来自 in (web, ", ["web", "friend"]),
        ("费用 where stage = 完成 and 来自 = web)", "费用 where 症", ["症状", "费用"]),
        ("费用 where stage = 完成 and 来自 = web)", "费用 where passed(", ["候诊", "完成"]),
        ('rule: "费用 >= 0"', 'rule: "费用 >= 0 and old.', ["费用", "症状"]),
        ('message: "{{ 主人.姓名 }}', 'message: "{{ 主人.', ["姓名"]),
        ("record_title: 症状", "record_title: ", ["症状", "费用"]),
        ("record_title: 症状", "rec", ["record_title", "fields", "checks", "icon"]),
    ],
)
def test_completion_in_objects(editor: Editor, old: str, new: str, offered: list[str]) -> None:
    text = OBJECTS.replace(old, new)
    editor.type("app.yaml", text)
    found = editor.labels("app.yaml", *spot(text, new, len(new)))
    assert set(offered) <= set(found), found


@pytest.mark.parametrize(
    ("old", "new", "offered"),
    [
        ("of: 就诊\n", "of: ", ["主人", "就诊", "user"]),
        ("'候诊 -> 完成 by 医生 when 费用 > 0'", "'候诊 -> ", ["候诊", "完成"]),
        ("'候诊 -> 完成 by 医生 when 费用 > 0'", "'候诊 -> 完成 by ", ["医生"]),
        ("'候诊 -> 完成 by 医生 when 费用 > 0'", "'候诊 -> 完成 when 费", ["费用"]),
        ("'候诊 -> 完成 by 医生 when 费用 > 0'", "'候诊 -> 完成 asks(", ["费用", "症状"]),
        ("{fields: [费用]}", "{fields: [", ["费用", "症状"]),
        ("kind: done", "kind: ", ["open", "won", "lost", "done"]),
        ("read 主人]", "read ", ["主人", "就诊"]),
        ("stage = 候诊, mask 主人", "主人.", ["姓名"]),
        ("stage = 候诊, mask 主人", "stage = 候诊, mask ", ["症状", "主人"]),
        ("order: ", "or", ["order", "columns", "highlight"]),
        ("on: 就诊.费用 changed", "on: 就诊.", ["费用", "症状"]),
        ("on: 就诊.费用 changed", "on: 就诊 entered ", ["候诊", "完成"]),
        ("set: {来自: friend}", "set: {来", ["来自", "费用"]),
        ("set: {来自: friend}", "set: {来自: ", ["web", "friend"]),
        ("roles:\n", "ro", ["roles", "objects", "pipelines"]),
    ],
)
def test_completion_in_the_rest(editor: Editor, old: str, new: str, offered: list[str]) -> None:
    text = FLOW.replace(old, new)
    editor.type("flow.yaml", text)
    found = editor.labels("flow.yaml", *spot(text, new, len(new)))
    assert set(offered) <= set(found), found


def test_functions_are_found_by_chinese_words(editor: Editor) -> None:
    new = "费用: money = 求和"
    text = OBJECTS.replace("费用: {type: money, title: 费用}", new)
    editor.type("app.yaml", text)
    items = editor.at("completion", "app.yaml", *spot(text, new, len(new)))["items"]
    found = next(item for item in items if item["label"] == "求和 → SUM")
    line, character = spot(text, new, len(new) - 2)
    assert found["textEdit"]["newText"] == "SUM("
    assert found["textEdit"]["range"]["start"] == {"line": line, "character": character}
    assert (found["filterText"], "SUM(" in found["detail"]) == ("求和", True)
    assert "```" in found["documentation"]["value"]


def test_hover_tells_what_a_word_is(editor: Editor) -> None:
    def told(name: str, text: str, needle: str, behind: int = 0) -> str:
        value: str = editor.at("hover", name, *spot(text, needle, behind))["contents"]["value"]
        return value

    field = told("flow.yaml", FLOW, "费用 > 0")
    assert ("**就诊.费用** · field" in field, "type: money" in field, "app.yaml:16" in field) == (True, True, True)
    assert "SUM(list" in told("app.yaml", OBJECTS, "sum(") and "SUM(orders.amount" in told("app.yaml", OBJECTS, "sum(")
    assert "begin here" in told("flow.yaml", FLOW, "start: true")
    assert "**主人.created_at**" not in told("app.yaml", OBJECTS, "姓名 }}")
    assert "Money" in told("app.yaml", OBJECTS, "money = sum")
    assert "option" in told("app.yaml", OBJECTS, "web)")
    assert "stage" in told("flow.yaml", FLOW, "候诊, mask")


def test_definition_and_references_cross_files(editor: Editor) -> None:
    found = editor.at("definition", "flow.yaml", *spot(FLOW, "费用 > 100"))
    assert spots([found]) == [("app.yaml", *spot(OBJECTS, "费用: {type"), spot(OBJECTS, "费用: {type")[1] + 2)]
    stages = editor.at("references", "app.yaml", *spot(OBJECTS, "完成 and"), context={"includeDeclaration": True})
    assert [(name, line) for name, line, *_ in spots(stages)] == [("app.yaml", 8), ("flow.yaml", 5), ("flow.yaml", 6)]
    without = editor.at("references", "app.yaml", *spot(OBJECTS, "完成 and"), context={"includeDeclaration": False})
    assert len(without) == 2


@pytest.mark.parametrize(
    ("needle", "new"),
    [
        ("费用: {type", "诊费"),
        ("症状: text", "病情"),
        ("主人:\n", "宠主"),
        ("就诊:\n", "门诊"),
        ("web: ", "线上"),
        ("来源: {web", "渠道"),
        ("就诊 required", "病历"),
    ],
)
def test_a_renamed_app_checks_clean(editor: Editor, needle: str, new: str) -> None:
    edit = editor.at("rename", "app.yaml", *spot(OBJECTS, needle), newName=new)
    after = changed({"app.yaml": OBJECTS, "flow.yaml": FLOW}, edit)
    built = read_app(after)
    assert errors(after) == []
    assert after != {"app.yaml": OBJECTS, "flow.yaml": FLOW}
    assert built.app is not None
    was = {o.was for o in built.app.objects.values()} | {f.was for o in built.app.objects.values() for f in o.fields.values()}
    renamed = needle.partition(":")[0]
    assert (renamed in was) == (renamed in ("费用", "症状", "主人", "就诊"))


def test_stages_and_roles_are_renamed_and_comments_stay(editor: Editor) -> None:
    texts = {"app.yaml": OBJECTS, "flow.yaml": FLOW}
    stage = changed(texts, editor.at("rename", "flow.yaml", *spot(FLOW, "候诊: {"), newName="排队"))
    role = changed(texts, editor.at("rename", "flow.yaml", *spot(FLOW, "医生: {"), newName="兽医"))
    field = changed(texts, editor.at("rename", "app.yaml", *spot(OBJECTS, "姓名 }}"), newName="称呼"))
    assert [errors(t) for t in (stage, role, field)] == [[], [], []]
    assert "排队: {was: 候诊, start: true}" in stage["flow.yaml"] and "候诊 " not in stage["flow.yaml"]
    assert "where: stage = 排队 and not passed(排队)" in stage["flow.yaml"]
    assert "by 兽医 when" in role["flow.yaml"]
    line = '称呼: {type: text, required: true, searchable: true, title: {zh: "姓名😀", en: Name}, was: 姓名}  # who'
    assert line in field["app.yaml"]


def test_rename_refuses_bad_and_taken_names(editor: Editor) -> None:
    for new, words in (("症状", "already"), ("a b", "name"), ("today", "today")):
        with pytest.raises(Refusal, match=words):
            editor.at("rename", "app.yaml", *spot(OBJECTS, "费用: {type"), newName=new)
    assert editor.at("prepareRename", "app.yaml", *spot(OBJECTS, "money = sum")) is None
    assert editor.at("prepareRename", "app.yaml", *spot(OBJECTS, "费用: {type"))["placeholder"] == "费用"


def test_an_editor_that_can_ask_is_asked_about_the_former_name(folder: Path) -> None:
    ability = {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}}
    with editing(folder, workspace=ability) as editor:
        editor.open("app.yaml")
        edit = editor.at("rename", "app.yaml", *spot(OBJECTS, "费用: {type"), newName="诊费")
        assert [a["needsConfirmation"] for a in edit["changeAnnotations"].values()] == [True]
        marked = [e for change in edit["documentChanges"] for e in change["edits"] if "annotationId" in e]
        assert [e["newText"] for e in marked] == ["was: 费用, "]


def test_symbols_form_a_tree(editor: Editor) -> None:
    found = editor.ask("textDocument/documentSymbol", textDocument={"uri": editor.uri("app.yaml")})
    assert [(s["name"], [c["name"] for c in s["children"]]) for s in found] == [
        ("来源", []),
        ("主人", ["姓名", "来源", "累计"]),
        ("就诊", ["症状", "主人", "来自", "费用"]),
    ]


def test_a_broken_file_keeps_the_names_of_the_others(editor: Editor) -> None:
    broken = FLOW.replace("views:", "  x: {may: [read 主")
    editor.type("flow.yaml", broken)
    assert "主人" in editor.labels("flow.yaml", *spot(broken, "[read 主\n", 7))
    assert editor.at("definition", "flow.yaml", *spot(broken, "费用 > 0")) is not None


def test_nothing_that_is_typed_breaks_the_server(editor: Editor) -> None:
    """Every beginning of the files, and nonsense: all requests are answered, nothing is said on the error stream."""
    texts = [OBJECTS[:cut] for cut in range(0, len(OBJECTS), 23)] + [
        "",
        "{",
        "app: [",
        "- a",
        "\t:",
        "objects: {a: {fields: 3}}",
        "😀: 😀\n😀",
        "a: &b [*b]",
    ]
    for text in texts:
        editor.type("app.yaml", text)
        line, last = text.count("\n"), text.rpartition("\n")[2]
        at = (line, len(last.encode("utf-16-le")) // 2)
        assert editor.at("completion", "app.yaml", *at) is not None
        for method in ("hover", "definition", "prepareRename"):
            editor.at(method, "app.yaml", *at)
        editor.at("references", "app.yaml", *at, context={"includeDeclaration": True})
        editor.ask("textDocument/documentSymbol", textDocument={"uri": editor.uri("app.yaml")})
    assert editor.at("completion", "app.yaml", 999, 999) is not None


@pytest.mark.parametrize("told", ["--path", "DOUGONG_PATH"])
def test_names_of_building_blocks_are_known(told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "app: mine\nuses: [customers, bricks]\nviews:\n  v: {of: customer, where: tier = a, columns: [name, bri]}\n"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "app.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "packs" / "bricks").mkdir(parents=True)
    brick = "app: bricks\nobjects:\n  brick: {fields: {colour: text}}\nroles: {r: {may: [read brick]}}\n"
    (tmp_path / "packs" / "bricks" / "app.yaml").write_text(brick, encoding="utf-8")
    packs = str(tmp_path / "packs")
    if told == "DOUGONG_PATH":
        monkeypatch.setenv(told, packs)
    with editing(tmp_path / "mine", *((told, packs) if told == "--path" else ())) as editor:
        editor.open("app.yaml")
        assert {"customers", "bricks"} <= set(editor.labels("app.yaml", *spot(text, "customers,")))
        assert {"name", "tier", "phone"} <= set(editor.labels("app.yaml", *spot(text, "bri]")))
        there = editor.at("definition", "app.yaml", *spot(text, "tier ="))
        assert there["uri"].endswith("builtin_templates/customers/app.yaml")
        with pytest.raises(Refusal, match="building block"):
            editor.at("rename", "app.yaml", *spot(text, "tier ="), newName="grade")
        editor.type("app.yaml", text.replace("of: customer, where: tier = a, columns: [name, bri]", "of: "))
        assert {"brick", "customer"} <= set(editor.labels("app.yaml", 3, len("  v: {of: ")))


def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    program = "import sys\nsys.modules['pygls'] = None\nfrom dougong.cli.command import run\nsys.exit(run(['lsp', '--lang', 'en']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, 'The language server is not installed: pip install "dougong[lsp]"')
    assert COMMAND.exists()
