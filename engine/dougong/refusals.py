"""What a user of a running app is told when something may not be: a refusal is a value; `Refused` carries all of one write.

One table of codes: R1xx values · R2xx rules · R3xx pipelines · R4xx rights · R5xx concurrency · R6xx requests and
files · R7xx definitions and releases at run time · R8xx jobs and channels · R9xx the environment (database, disk). `status` is the HTTP status that fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RefusalCode:
    """One kind of refusal; `{name}` in the texts marks gaps. A gap filled with a `(zh, en)` pair speaks the reader's language."""

    code: str
    status: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a write or a read was refused.

    `field` names the field it is about (None: the whole record), `clause` the rule's `file:line`, when a rule of the
    definition is behind it.
    """

    code: RefusalCode
    params: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None
    clause: str | None = None

    def message(self, language: str = "zh") -> str:
        """The sentence for the person who tried."""
        template = self.code.zh if language == "zh" else self.code.en
        index = 0 if language == "zh" else 1
        spoken = {k: (v[index] if isinstance(v, tuple) and len(v) == 2 else v) for k, v in self.params.items()}
        return template.format_map(spoken)


class Refused(Exception):
    """A write or read that may not be; nothing of it was done. `refusals` holds every reason, not only the first."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{r.code.code} {r.field or ''}: {r.message('en')}" for r in self.refusals))

    @property
    def status(self) -> int:
        """The HTTP status: the gravest of the refusals' own (forbidden before conflict before bad value)."""
        order = (401, 403, 404, 409, 412, 413, 429, 503)
        found = {r.code.status for r in self.refusals}
        return next((s for s in order if s in found), 422)


def refuse(code: RefusalCode, /, *, field: str | None = None, clause: str | None = None, **params: object) -> Refused:
    """A `Refused` with one refusal, ready to raise."""
    return Refused([Refusal(code, params, field, clause)])


def either(words: Sequence[str]) -> tuple[str, str]:
    """Words of which one will do, at least one: `PDF、PPTX 或 DOCX`, `PDF, PPTX or DOCX`."""
    *most, last = words
    return ("、".join(most) + (f" 或 {last}" if most else last), ", ".join(most) + (f" or {last}" if most else last))
