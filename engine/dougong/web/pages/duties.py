"""Who is in charge of the stage that a record is in and what has to be delivered, on the record's page."""

from dataclasses import dataclass

from dougong.model.app import Object
from dougong.runtime.people.duty import Duty, duties
from dougong.runtime.session import Session
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import noted, text


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One stage with an owner or a standard."""

    heading: str
    owners: tuple[str, ...]
    standard: str
    has_owner: bool
    is_mine: bool


def duty_lines(session: Session, shell: Shell, made: Object, record_id: int) -> tuple[DutyLine, ...]:
    """One for each pipeline where somebody is in charge."""
    if not any(stage.owner or stage.standard for pipeline in made.pipelines for stage in pipeline.stages.values()):
        return ()
    return tuple(_line(shell, duty) for duty in duties(session.unit, made.name, record_id))


def _line(shell: Shell, duty: Duty) -> DutyLine:
    stage = duty.stage.title.text(shell.language)
    words = noted("You are in charge of “%(stage)s”") if duty.is_mine else noted("The stage “%(stage)s”")
    return DutyLine(text(shell.language, words, stage=stage), duty.owners, duty.standard, bool(duty.stage.owner), duty.is_mine)
