"""Writes the table of capital and small letters that UPPER and LOWER use everywhere: `letters_table.py` and its copy in `runtime.js`.

`python -m scripts.letters` writes it from the Unicode data of the Python that runs it. That changes answers, so it is done on purpose only:
what is checked in is the table, and Python, both databases and the browser read the same one.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / "dsl" / "dougong_dsl" / "expression"
PYTHON, JAVASCRIPT = HOME / "letters_table.py", HOME / "runtime.js"
Run = tuple[int, int, int, int]  # first, last, step, what is added


def main() -> None:
    """Write both files."""
    tables = {"UPPER": encode(runs(upper)), "LOWER": encode(runs(lower))}
    PYTHON.write_text(python(tables), encoding="utf-8")
    script = JAVASCRIPT.read_text(encoding="utf-8")
    for name, table in tables.items():
        script = re.sub(rf'(const {name} = ")[^"]*(";)', rf"\g<1>{table}\g<2>", script)
    JAVASCRIPT.write_text(script, encoding="utf-8")


def upper(letter: str) -> str:
    """The one capital letter of a letter; a letter whose capital is several letters (`ß`) stays."""
    capital = letter.upper()
    if len(capital) == 1:
        return capital
    titled = letter.title()  # `ᾀ` has one capital, though it is also written as two
    return titled if len(titled) == 1 else letter


def lower(letter: str) -> str:
    """The one small letter of a letter: `İ` is `i`, whose dot is there already."""
    small = letter.lower()
    return small if len(small) == 1 else small[0]


def runs(change: Callable[[str], str]) -> Iterator[Run]:
    """Letters that lie at equal distances and change by the same amount, together."""
    run: Run | None = None
    for at in range(sys.maxunicode + 1):
        shift = 0 if 0xD800 <= at < 0xE000 else ord(change(chr(at))) - at
        if not shift:
            continue
        if run is not None and run[3] == shift and at - run[1] <= 2 and (run[0] == run[1] or at - run[1] == run[2]):
            run = (run[0], at, at - run[1], shift)
            continue
        if run is not None:
            yield run
        run = (at, at, 1, shift)
    if run is not None:
        yield run


def encode(found: Iterator[Run]) -> str:
    """`first last step shift` in hexadecimal, `;` between runs."""
    return ";".join(f"{first:x} {last:x} {step} {shift:x}" for first, last, step, shift in found)


def python(tables: dict[str, str]) -> str:
    """The Python module with both tables."""
    lines = [
        f'"""Capital and small letters of Unicode {unicodedata.unidata_version}, one letter for one letter. Written by `python -m scripts.letters`."""',
        "",
    ]
    for name, table in tables.items():
        pieces = re.findall(r".{1,130}(?:;|$)", table)
        lines += [f"{name} = (", *(f'    "{piece}"' for piece in pieces), ")"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
