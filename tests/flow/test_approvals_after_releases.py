"""A release takes records out of a stage that is gone: the approvals that its entering started end, told to whoever was asked; others go on."""

from pathlib import Path

from dougong.engine import Engine

from tests.runtime.apps import hire, opened

STAGES = "new: {start: true}, review: {title: {zh: 评审, en: Review}}, signed: {kind: won}"
APP = """app: deals
objects:
  deal: {fields: {name: text}}
pipelines:
  flow: {of: deal, stages: {STAGES}, moves: [MOVES]MOVED}
  side: {of: deal, field: check, stages: {todo: {start: true}, look: {}}, moves: [todo -> look]}
approvals:
  APPROVALS
roles:
  boss: {admin: true, may: ["read, create, update, move deal"]}
  clerk: {may: ["read, create, update, move deal"]}
"""
ENTERED = """contract: {of: deal, start: deal entered review, steps: [{法务: by user boss within 8 hours}], on_withdrawn: [{set: {name: "'withdrawn'"}}]}
  patient: {of: deal, start: deal entered review, when_left: continue, steps: [{法务: by user boss}]}
  beside: {of: deal, start: deal.check entered look, steps: [{法务: by user boss}]}
  hand: {of: deal, steps: [{法务: by user boss}]}"""


def app(stages: str, moves: str, moved: str, approvals: str) -> dict[str, str]:
    text = APP.replace("STAGES", stages).replace("MOVES", moves).replace("MOVED", moved and f", moved: {moved}")
    return {"app.yaml": text.replace("APPROVALS", approvals)}


BEFORE = app(STAGES, "new -> review, review -> signed", "", ENTERED)
AFTER = app(
    STAGES.replace("review: {title: {zh: 评审, en: Review}}, ", ""),
    "new -> signed",
    "{review: new}",
    ENTERED.replace(", start: deal entered review, when_left: continue", "").replace(
        "start: deal entered review", "start: deal entered signed"
    ),
)


def states(engine: Engine, deal: int) -> dict[str, str]:
    with engine.system_session("test", write=False) as session:
        return {a.name: a.state for a in reversed(session.approvals("deal", deal))}


def told(engine: Engine, login: str) -> list[str]:
    with engine.session(login) as session:
        return [m.text for m in session.messages(unread=True) if m.kind == "approval"]


def test_approvals_of_a_stage_that_is_gone_end(database_url: str, tmp_path: Path) -> None:
    with opened(BEFORE["app.yaml"], database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "sue", "clerk")
        with engine.session("sue") as session:
            deal, other = session.create("deal", name="泵").id, session.create("deal", name="阀").id
            session.move("deal", deal, "review")
            session.move("deal", deal, "look", pipeline="side")
            session.submit("deal", deal, approval="hand")
            session.submit("deal", other, approval="hand")
        assert states(engine, deal) == {"contract": "running", "patient": "running", "beside": "running", "hand": "running"}
        engine.apply(AFTER, "tester")
        assert states(engine, deal) == {"contract": "withdrawn", "patient": "running", "beside": "running", "hand": "running"}
        assert states(engine, other) == {"hand": "running"}
        ended = [text for text in told(engine, "sue") if "评审" in text]
        assert ended and ended == [text for text in told(engine, "boss") if "评审" in text]
        assert ended[0].endswith("已撤回：新版本去掉了阶段“评审”")
        assert len(told(engine, "boss")) == 5  # the end of one, and four that wait
        with engine.session("boss") as session:
            assert len(session.approvals_waiting()) == 4
            record = session.get("deal", deal)
            assert (record["stage"], record["name"]) == ("new", "泵")
            gone = next(a for a in session.approvals("deal", deal) if a.name == "contract")
            assert (gone.left_stage, [t.state for t in gone.tasks]) == ("评审", ["cancelled"])
            assert session.unit.connection.one("SELECT count(*) FROM dg_due WHERE key LIKE 'approval:%'") == (0,)
        with engine.session("sue") as session:
            session.move("deal", deal, "signed")
        assert states(engine, deal)["contract"] == "running"  # a new one, as the release says
