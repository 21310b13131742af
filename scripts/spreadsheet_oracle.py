"""Writes tests/dsl/expression/spreadsheet.csv: what LibreOffice Calc answers to formulas that mean the same here and there.

`python -m scripts.spreadsheet_oracle` needs `soffice` (Debian: libreoffice-calc-nogui); the tests only read the table.
"""

import csv
import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "tests/dsl/expression/spreadsheet.csv"
NUMBERS = ("0", "2.5", "-2.5", "1.005", "-7", "1234.565", "0.5", "-0.4", "99.995")
DAYS = ((2024, 1, 31), (2024, 2, 29), (2025, 12, 31), (2026, 3, 15), (2000, 2, 28))
TEXTS = ("宁波机械厂", "a-b-c", "abcABC", "2026")


def formulas() -> Iterator[tuple[str, str]]:
    """(our expression, the spreadsheet's formula)."""
    for number in NUMBERS:
        for name, places in itertools.product(("ROUND", "ROUNDUP", "ROUNDDOWN"), (0, 1, 2, -1)):
            yield f"{name}({number}, {places})", f"={name}({number};{places})"
        for name in ("ABS", "SIGN", "INT"):
            yield f"{name}({number})", f"={name}({number})"
        for other in ("3", "-3", "0.7"):
            yield f"MOD({number}, {other})", f"=ROUND(MOD({number};{other});6)"
        for pattern in ("0", "0.00", "#,##0.00", "0.0%", "000"):
            yield f'TEXT({number}, "{pattern}")', f'=TEXT({number};"{pattern}")'
    for (y, m, d), n in itertools.product(DAYS, (0, 1, -1, 12, 25)):
        for name in ("EDATE", "EOMONTH"):
            yield f'TEXT({name}(DATE({y}, {m}, {d}), {n}), "yyyy-mm-dd")', f'=TEXT({name}(DATE({y};{m};{d});{n});"yyyy-mm-dd")'
    for first, second in itertools.combinations(sorted(DAYS), 2):
        days = [f"DATE({', '.join(map(str, day))})" for day in (first, second)]
        theirs = [day.replace(", ", ";") for day in days]
        for unit in ("y", "m", "d"):
            yield f'DATEDIF({days[0]}, {days[1]}, "{unit}")', f'=DATEDIF({theirs[0]};{theirs[1]};"{unit}")'
        yield f"DAYS({days[1]}, {days[0]})", f"=DAYS({theirs[1]};{theirs[0]})"
    for y, m, d in DAYS:
        for ours, theirs_ in (
            ("WEEKDAY(…)", "WEEKDAY(…;2)"),
            ("WEEKNUM(…)", "ISOWEEKNUM(…)"),
            ("YEAR(…)", "YEAR(…)"),
            ("MONTH(…)", "MONTH(…)"),
        ):
            yield ours.replace("…", f"DATE({y}, {m}, {d})"), "=" + theirs_.replace("…", f"DATE({y};{m};{d})")
    yield from working_days()
    for text in TEXTS:
        yield f'LEN("{text}")', f'=LEN("{text}")'
        yield f'LOWER("{text}")', f'=LOWER("{text}")'
        for n in (1, 3, 9):
            for name in ("LEFT", "RIGHT"):
                yield f'{name}("{text}", {n})', f'={name}("{text}";{n})'
            yield f'MID("{text}", 2, {n})', f'=MID("{text}";2;{n})'
        yield f'SUBSTITUTE("{text}", "-", "+")', f'=SUBSTITUTE("{text}";"-";"+")'


def working_days() -> Iterator[tuple[str, str]]:
    """Monday to Friday without holidays: both ends are counted, the start of WORKDAY is not."""
    for (y, m, d), n in itertools.product(DAYS, (1, 2, 5, 6, 11, 260, -1, -2, -5, -6, -250)):
        yield f'TEXT(WORKDAY(DATE({y}, {m}, {d}), {n}), "yyyy-mm-dd")', f'=TEXT(WORKDAY(DATE({y};{m};{d});{n});"yyyy-mm-dd")'
    for (y, m, d), days in itertools.product(DAYS, (0, 1, 2, 5, 6, 7, 30, 400, -1, -3, -9)):
        yield (
            f"NETWORKDAYS(DATE({y}, {m}, {d}), DATE({y}, {m}, {d} + {days}))",
            f"=NETWORKDAYS(DATE({y};{m};{d});DATE({y};{m};{d}+({days})))",
        )


def main() -> None:
    """Let the spreadsheet answer and write the table."""
    pairs = list(formulas())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL).writerows([theirs] for _, theirs in pairs)
        read = "--infilter=Text - txt - csv (StarCalc):9,34,76,1,,1033,false,true,false,false,false,-1,true"
        write = "csv:Text - txt - csv (StarCalc):9,34,76,1,,1033,true,false,false"
        out = Path(folder) / "out"
        subprocess.run(
            ["soffice", "--headless", read, "--convert-to", write, "--outdir", str(out), str(source)], check=True, capture_output=True
        )
        with (out / "in.csv").open(encoding="utf-8", newline="") as file:
            answers = [row[0] for row in csv.reader(file, delimiter="\t")]
    assert len(answers) == len(pairs)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("expression", "formula", "answer"))
        rows.writerows((ours, theirs, answer) for (ours, theirs), answer in zip(pairs, answers, strict=True))


if __name__ == "__main__":
    main()
