"""Every text of the pages is in the Chinese catalogue, with the same gaps, and the catalogue holds nothing else."""

import re
from pathlib import Path
from typing import Any

import dougong
import dougong.web
import dougong_dsl
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from dougong.web.pages import texts

WEB = Path(dougong.web.__file__).parent
PACKAGES = [Path(dougong.__file__).parent, Path(dougong_dsl.__file__).parent]
METHODS = [("pages/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS: dict[str, Any] = {"_": None, "ngettext": (1, 2), "text": (2,), "noted": None, "_count": (2, 3)}
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
GAP = re.compile(r"%\(\w+\)s")


def used() -> set[str]:
    """The keys that templates and pages use; of plurals the singular."""
    found = extract_from_dir(str(WEB), method_map=METHODS, keywords=KEYWORDS, options_map=OPTIONS)
    return {m if isinstance(m, str) else m[0] for _, _, m, _, _ in found} | set(texts.ISLANDS)


def catalogue() -> dict[str, str]:
    """Key → Chinese."""
    with (texts.LOCALE / "zh.po").open("rb") as file:
        messages = [m for m in read_po(file) if m.id]
    return {
        (m.id if isinstance(m.id, str) else m.id[0]): (m.string if isinstance(m.string, str) else (m.string or ("",))[0]) for m in messages
    }


def test_every_text_has_a_translation_and_every_translation_a_text() -> None:
    assert used() - set(catalogue()) == set()
    assert set(catalogue()) - used() == set()


def test_translations_are_chinese_and_keep_the_gaps() -> None:
    wrong = {
        key: words
        for key, words in catalogue().items()
        if not words or not set(GAP.findall(words)) <= set(GAP.findall(key)) or re.search(r"[\u4e00-\u9fff][,:;?]", words)
    }
    assert wrong == {}


def test_people_are_addressed_in_one_way() -> None:
    sources = [
        p for package in PACKAGES for kind in ("*.py", "*.po", "*.html") for p in package.rglob(kind) if "node_modules" not in p.parts
    ]
    assert [str(p) for p in sources if "\u4f60" in p.read_text(encoding="utf-8")] == []


def test_quotes_in_quotes() -> None:
    said = [texts.text(language, "by the rule “%(rule)s”", rule="离开“方案”") for language in ("zh", "en")]
    assert said == ["由规则“离开「方案」”自动完成", "by the rule “离开‘方案’”"]
    assert texts.text("en", "exception by %(person)s until %(when)s", person="“x”", when="y") == "exception by “x” until y"
