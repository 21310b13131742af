"""What a gate lacks, for a record as it is or will be: every item at once, each with its clause.

`at` is the moment for which freshness counts. `is_later` asks whether a gate that was passed still has what opened it: versions that came
out since do not count against it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from dougong_dsl.working import due_before

from dougong.derive.moves import clause
from dougong.derive.rules import ObjectRules
from dougong.model.flow import Pipeline, Stage
from dougong.model.gates import Evidence, Gate
from dougong.refusals import Refusal, either
from dougong.runtime import refusals as needed
from dougong.runtime.gates import refusals as codes
from dougong.runtime.gates import rows
from dougong.runtime.gates.rows import Brought, Done, Excepted
from dougong.runtime.gates.versions import Version, family_of, spoken, version_of, wanted_version
from dougong.runtime.unit import Unit

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lack:
    """One item that a gate asks for and that is not there."""

    item: str
    refusal: Refusal


class Proof:
    """What is known about one record; asked of the database only when a gate wants it."""

    def __init__(self, unit: Unit, rules: ObjectRules, row: Mapping[str, Any], context: Any, *, is_new: bool = False) -> None:
        self.unit = unit
        self.rules = rules
        self.row = row
        self.context = context
        self._id: int | None = None if is_new else row["id"]

    @cached_property
    def done(self) -> Mapping[str, Done]:
        """The actions that stand."""
        return rows.done(self.unit, self.rules.name, self._id)

    @cached_property
    def excepted(self) -> Mapping[tuple[str, str, str], Excepted]:
        """The newest exceptions."""
        return rows.excepted(self.unit, self.rules.name, self._id)

    def files(self, field: str) -> list[Brought]:
        """The files in a field."""
        value = self.row[field]
        return rows.files(self.unit, value if isinstance(value, tuple) else () if value is None else (value,))


def refusals(proof: Proof, pipeline: Pipeline, stage: Stage, *, is_leaving: bool, is_wrong: Callable[[str], bool]) -> list[Refusal]:
    """What speaks against passing a gate now; items with an exception that holds are let pass. `is_wrong`: fields that are refused already."""
    gate = stage.to_leave if is_leaving else stage.to_enter
    found = [lack for lack in lacks(proof, stage, is_leaving=is_leaving, at=proof.unit.now) if not is_wrong(lack.item)]
    if not found or not gate.exceptions_by:
        return [lack.refusal for lack in found]
    held = {e.item for e in proof.excepted.values() if (e.pipeline, e.stage) == (pipeline.name, stage.name) and e.until > proof.unit.now}
    return [lack.refusal for lack in found if lack.item not in held]


def lacks(proof: Proof, stage: Stage, *, is_leaving: bool, at: datetime, is_later: bool = False) -> list[Lack]:
    """Every item of a gate that is not there, exceptions or not."""
    return list(_lacks(proof, stage, is_leaving, at, is_later))


def _lacks(proof: Proof, stage: Stage, is_leaving: bool, at: datetime, is_later: bool) -> Iterator[Lack]:
    gate: Gate = stage.to_leave if is_leaving else stage.to_enter
    blank = dict.fromkeys((*gate.fields, *(e.field for e in gate.evidence)))
    code = needed.NEEDED_TO_LEAVE if is_leaving else needed.NEEDED_TO_ENTER
    said = (stage.title.zh, stage.title.en)
    for name in blank:
        if proof.row[name] is None:
            yield Lack(name, Refusal(code, {"stage": said, "title": proof.rules.fields[name].spoken}, name, clause(stage.place)))
    before = _before(stage, is_leaving)
    for action in gate.actions:
        if action.name not in proof.done:
            title = (action.title.zh, action.title.en)
            yield Lack(action.name, Refusal(codes.ACTION_MISSING, {"before": before, "title": title}, None, clause(action.place)))
    for evidence in gate.evidence:
        if proof.row[evidence.field] is not None:
            wrong = _best(_Look(proof, evidence, before, at, is_later))
            if wrong is not None:
                yield Lack(evidence.field, wrong)


@dataclass(frozen=True, slots=True)
class _Look:
    """One piece of evidence as it is looked at."""

    proof: Proof
    evidence: Evidence
    before: Pair
    at: datetime
    is_later: bool

    def refuse(self, code: Any, file: Brought, **params: object) -> Refusal:
        """Why a file does not do."""
        field = self.evidence.field
        title = self.proof.rules.fields[field].spoken
        return Refusal(code, {"before": self.before, "title": title, "name": file.name, **params}, field, clause(self.evidence.place))


def verdicts(
    proof: Proof, stage: Stage, field: str, *, is_leaving: bool, at: datetime, is_later: bool = False
) -> list[tuple[Brought, tuple[Refusal, ...]]]:
    """Every file in a field, newest first, with why it does not do as evidence; none of it: it counts. `at`, `is_later`: as above."""
    gate = stage.to_leave if is_leaving else stage.to_enter
    looks = [_Look(proof, e, _before(stage, is_leaving), at, is_later) for e in gate.evidence if e.field == field]
    files = proof.files(field)[::-1]
    return [(file, tuple(wrong for look in looks if (wrong := _wrong(look, file)) is not None)) for file in files]


def _before(stage: Stage, is_leaving: bool) -> Pair:
    zh, en = stage.title.zh, stage.title.en
    return (f"离开“{zh}”之前", f"before leaving “{en}”") if is_leaving else (f"进入“{zh}”之前", f"before entering “{en}”")


def _best(look: _Look) -> Refusal | None:
    """None when one of the files will do; else what is wrong with the newest."""
    wrong: Refusal | None = None
    for file in look.proof.files(look.evidence.field):
        wrong = _wrong(look, file)
        if wrong is None:
            return None
    return wrong


def _wrong(look: _Look, file: Brought) -> Refusal | None:
    evidence, unit = look.evidence, look.proof.unit
    if evidence.accept and file.name.rpartition(".")[2].lower() not in evidence.accept:
        return look.refuse(codes.EVIDENCE_KIND, file, accept=either([kind.upper() for kind in evidence.accept]))
    if evidence.newer_than is not None and file.at < due_before(look.at, evidence.newer_than, unit.compiled.app.calendar):
        day = f"{file.at.astimezone(unit.reading.zone):%Y-%m-%d}"
        return look.refuse(codes.EVIDENCE_OLD, file, within=evidence.newer_than.words(), at=day)
    return None if look.is_later else _outdated(look, file)


def _outdated(look: _Look, file: Brought) -> Refusal | None:
    wanted = _wanted(look, file)
    if wanted is None:
        return None
    version = version_of(file.name)
    if version is None:
        return look.refuse(codes.EVIDENCE_UNNUMBERED, file)
    return look.refuse(codes.EVIDENCE_VERSION, file, wanted=spoken(wanted)) if version < wanted else None


def _wanted(look: _Look, file: Brought) -> Version | None:
    """The version that the file must have at least; None when any will do."""
    proof, evidence = look.proof, look.evidence
    if evidence.version is not None:
        number = proof.unit.compiled.program(evidence.version)(proof.row, proof.context)
        return None if number is None else wanted_version(number)
    if not evidence.is_newest:
        return None
    family = family_of(file.name)
    names = [*rows.names_in(proof.unit, proof.rules.name, evidence.field), *(f.name for f in proof.files(evidence.field))]
    known = [v for n in names if family_of(n) == family and (v := version_of(n)) is not None]
    return max(known, default=(0,))
