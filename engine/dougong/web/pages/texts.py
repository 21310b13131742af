"""UI texts from gettext catalogues: the English text is the key, `locale/<language>.po` holds the others.

Definitions' own words (titles of fields, stages, options) never pass here: they carry both languages themselves.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent.parent / "locale"
ISLANDS = (
    "Clear",
    "Colleagues",
    "Discard it",
    "Moved.",
    "No connection. Nothing was changed.",
    "Not saved yet",
    "Nothing found",
    "Put it back",
    "That did not work.",
    "The device does not say where it is. Type the place.",
    "Type to search",
    "What you typed here and did not save is still there.",
)  # what scripts say; the catalogue has the translations
LANGUAGES = {"zh": "中文", "en": "English"}
QUOTED = re.compile(r"“%\((\w+)\)s”")
INNER = {"zh": str.maketrans("“”", "「」"), "en": str.maketrans("“”", "‘’")}


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> NullTranslations:
    """The texts of `language`; English needs no catalogue of its own."""
    path = LOCALE / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def text(language: str, message: str, /, **values: object) -> str:
    """One text in `language`, its `%(name)s` gaps filled."""
    found = catalogue(language).gettext(message)
    return found % {**values, **_inner(language, found, values)} if values else found


def _inner(language: str, found: str, values: Mapping[str, object]) -> dict[str, str]:
    """The values that stand in quotation marks and have some of their own, with those for quotes in quotes."""
    return {name: str(values[name]).translate(INNER[language]) for name in QUOTED.findall(found)}


def noted(message: str) -> str:
    """The text as it is: marks one that is looked up later, so that it is found for the catalogue."""
    return message
