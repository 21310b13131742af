"""The small definitions of tests/errors/codes: what each diagnostic is told about, and how it is done right.

A file is named after its code and holds documents that begin with `--- # wrong` or `--- # right`; the first of each go into the
catalogue page. What a document leaves out (name of the app, objects, roles) is taken from a shop with deals and customers.
What no short definition can show (files, sizes, packages, changes of a live app) stands in `told.yaml` beside them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "errors" / "codes"
NAME = "shop.yaml"
_DOCUMENT = re.compile(r"^--- # (wrong|right)\n(.*?)(?=^--- # |\Z)", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"  # (?:ERROR|WARNING|INFO)(?: T\d{3})+")
_SECTION = re.compile(r"^(\w+):", re.MULTILINE)
_OBJECT = re.compile(r"^  (\w+):", re.MULTILINE)
_OBJECTS = """objects:
  deal:
    fields:
      name: text required
      code: autonumber
      amount: money
      due: date
      tier: choice(gold, silver)
      note: long_text
      owner: user
      customer: link customer as deals
      papers: file many
  customer:
    fields:
      name: text
      city: text
"""


@dataclass(frozen=True)
class Example:
    """One document: the code of its file, whether it is right, its text with the notes on its guilty lines."""

    code: str
    number: int
    is_right: bool
    text: str

    def __str__(self) -> str:
        return f"{self.code}-{self.number}-{'right' if self.is_right else 'wrong'}"

    @property
    def shown(self) -> str:
        """The text without the notes."""
        return _NOTE.sub("", self.text).rstrip("\n")

    @property
    def files(self) -> Mapping[str, str]:
        """A whole app: the text, and a file with what it leaves out."""
        there = set(_SECTION.findall(self.text))
        objects = self.text if "objects" in there else _OBJECTS
        rest = "" if "app" in there else "app: shop\n"
        rest += "" if "objects" in there else _OBJECTS
        if "roles" not in there:
            names = _OBJECT.findall(objects.partition("objects:")[2].split("\npipelines:")[0].split("\nforms:")[0])
            rest += "roles:\n  staff:\n    may:\n" + "".join(f"      - read, create, update {name}\n" for name in names if name != "user")
        return {NAME: self.text, "rest.yaml": rest}


def examples() -> list[Example]:
    """Every document of the folder, by code and in its order."""
    found = []
    for path in sorted(FOLDER.glob("T*.yaml")):
        for number, (kind, text) in enumerate(_DOCUMENT.findall(path.read_text("utf-8")), 1):
            found.append(Example(path.stem, number, kind == "right", text))
    return found


@dataclass(frozen=True)
class Pair:
    """A wrong and a right way in the words of the catalogue; `is_app`: both are whole definitions."""

    code: str
    wrong: str
    right: str
    is_app: bool


def told() -> list[Pair]:
    """What `told.yaml` holds, by code."""
    found = yaml.safe_load((FOLDER / "told.yaml").read_text("utf-8"))
    return [
        Pair(code, each["wrong"].rstrip("\n"), each["right"].rstrip("\n"), each.get("app", False)) for code, each in sorted(found.items())
    ]
