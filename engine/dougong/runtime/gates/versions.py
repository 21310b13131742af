"""Versions told by the names of files: Rev3, v1.10, 版本2, 第4版. Rev10 is newer than Rev9, v1.10 than v1.9."""

import re
from decimal import Decimal

_MARKED = r"(?:rev(?:ision)?|ver(?:sion)?|v|r|版本|第)[\s._-]*(\d+(?:\.\d+)*)(?:\s*版)?"
_VERSION = re.compile(rf"(?:(?<=[^a-z])|^|(?<=[\u4e00-\u9fff])){_MARKED}(?![a-z])", re.IGNORECASE)

Version = tuple[int, ...]


def version_of(name: str) -> Version | None:
    """The version that a file's name tells; the last one where there are several, None where there is none."""
    found = _VERSION.findall(_stem(name))
    return _plain(found[-1]) if found else None


def family_of(name: str) -> str:
    """The name without its version and its ending: files of one family are versions of each other."""
    return re.sub(r"[\s._-]+", " ", _VERSION.sub(" ", _stem(name))).strip().lower()


def wanted_version(number: Decimal | int) -> Version:
    """A number as a version: 3, or 1.5 for version 1.5."""
    return _plain(format(Decimal(number).normalize(), "f"))


def _plain(text: str) -> Version:
    numbers = [int(part) for part in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def spoken(version: Version) -> str:
    """A version as it is written."""
    return ".".join(map(str, version))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
