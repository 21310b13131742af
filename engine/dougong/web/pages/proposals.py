"""Moves that rules propose: a yes is the person's own move, a no settles it."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dougong.refusals import refuse
from dougong.runtime.gate.proposals import Proposal
from dougong.runtime.session import Session
from dougong.web.pages.moves import MoveButton, buttons
from dougong.web.pages.once import mark_of, once
from dougong.web.pages.request import go, local
from dougong.web.pages.shell import Shell
from dougong.web.pages.texts import text
from dougong.web.refusals import NO_ROUTE


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposed move; `form_url` is there when the move asks for something first, `why` says what stands in the way."""

    id: int
    stage: str
    text: str
    form_url: str | None
    why: tuple[str, ...]


def of_record(session: Session, shell: Shell, object: str, id: int, moves: tuple[MoveButton, ...]) -> tuple[ProposalLine, ...]:
    """Those about one record; `moves` are its buttons."""
    found = [p for p in session.proposals() if (p.object, p.record_id) == (object, id)]
    by_target = {m.target: m for m in moves}
    return tuple(_line(session, shell, p, by_target) for p in found)


def by_record(session: Session, shell: Shell) -> dict[tuple[str, int], list[ProposalLine]]:
    """All that wait for this person, by record, the newest first."""
    found: dict[tuple[str, int], list[ProposalLine]] = {}
    for name, id in dict.fromkeys((p.object, p.record_id) for p in session.proposals()):
        made = session.app.objects[name]
        if session.titles(name, [id]):
            moves = buttons(session, shell, made, session.get(name, id)) if session.may("move", name) else ()
            found[name, id] = list(of_record(session, shell, name, id, moves))
    return found


async def answer(request: Request) -> Response:
    """POST /proposals/{id}/{answer}: accept or decline."""
    form = await request.form()
    target = local(str(form.get("next") or "/"))

    def handle(session: Session) -> Response:
        if request.path_params["answer"] == "accept":
            session.accept_proposal(request.path_params["id"])
        elif request.path_params["answer"] == "decline":
            session.decline_proposal(request.path_params["id"])
        else:
            raise refuse(NO_ROUTE, path=request.url.path)
        return go(request, target, "moved" if request.path_params["answer"] == "accept" else "done")

    return await once(request, mark_of(request, form), handle)


def _line(session: Session, shell: Shell, proposal: Proposal, moves: Mapping[str, MoveButton]) -> ProposalLine:
    pipeline = next(p for p in session.app.objects[proposal.object].pipelines if p.name == proposal.pipeline)
    move = moves.get(pipeline.qualified(proposal.to_stage))
    stage = pipeline.stages[proposal.to_stage].title.text(shell.language)
    trigger = session.app.triggers.get(proposal.trigger)
    said = proposal.text or (trigger.title.text(shell.language) if trigger else "")
    return ProposalLine(
        id=proposal.id,
        stage=text(shell.language, "Move to %(stage)s", stage=stage),
        text=said,
        form_url=move.url if move and move.needs_form else None,
        why=move.why if move and not move.is_allowed else (),
    )
