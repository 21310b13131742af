"""What an author is told: a diagnostic is a value with a code, a place and the words to explain it.

Stages return `(value, diagnostics)` and go on, so that one run shows every problem. Texts live in the tables of
`dougong_dsl.codes`; a diagnostic carries only the code and what fills the gaps, and is rendered in the reader's language.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dougong_dsl.everyday import meant
from dougong_dsl.places import Place


class Severity(StrEnum):
    """How bad: an error stops the definition from being applied, a warning and an info do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem. `zh`/`en` say what was found and expected, `hint_*` how to mend it; `{name}` marks gaps."""

    code: str
    severity: Severity
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""

    def at(self, place: Place, *, related: Iterable["Related"] = (), **params: object) -> "Diagnostic":
        """A diagnostic of this kind at `place`; `nearest=` (a name or None) adds the did-you-mean sentence."""
        return Diagnostic(self, place, params, tuple(related))


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that matters for a diagnostic, with a word on why, in both languages."""

    place: Place
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding at one place."""

    code: Code
    place: Place
    params: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Related, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def is_error(self) -> bool:
        return self.code.severity is Severity.ERROR

    def message(self, language: str = "zh") -> str:
        """What was found and what was expected, one sentence."""
        return _fill(self.code.zh if language == "zh" else self.code.en, self.params, language)

    def hint(self, language: str = "zh") -> str:
        """How to mend it, with the nearest right name when there is one; may be empty."""
        words = _fill(self.code.hint_zh if language == "zh" else self.code.hint_en, self.params, language)
        nearest = self.params.get("nearest")
        if nearest:
            ask = f"是不是想写 `{nearest}`?" if language == "zh" else f"Did you mean `{nearest}`?"
            words = f"{ask} {words}".strip()
        return words


def _fill(template: str, params: Mapping[str, object], language: str) -> str:
    """Fill the gaps; a parameter that is a `(zh, en)` pair speaks the reader's language."""
    spoken = {k: (v[0 if language == "zh" else 1] if isinstance(v, tuple) and len(v) == 2 else v) for k, v in params.items()}
    return template.format_map(spoken)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is meant by the everyday word `name` or is most like it, or None."""
    pool = list(dict.fromkeys(candidates))
    folded = {c.casefold(): c for c in reversed(pool)}
    if name.casefold() in folded:
        return folded[name.casefold()]
    if everyday := meant(name, pool):
        return everyday
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6 if name.isascii() else 0.5)  # one of two signs
    if close:
        return folded[close[0]]
    # Chinese names are two or three characters long: one shared half is already near
    shared = [c for c in pool if len(name) > 1 and (name in c or (len(c) > 1 and c in name))]
    return min(shared, key=len) if shared else None


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops the definition from being applied."""
    return any(d.is_error for d in diagnostics)
