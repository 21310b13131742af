"""Gates and moves over HTTP."""

from pathlib import Path

from dougong.runtime.users import create_user
from dougong.runtime.users_sessions import create_token
from starlette.testclient import TestClient

from tests.gates.test_tracks import CARD
from tests.runtime.apps import opened


def test_gates_and_moves_over_http(tmp_path: Path) -> None:
    with opened(CARD, f"sqlite:///{tmp_path}/a.db", tmp_path) as engine:
        with engine.system_session("test") as session:
            number = create_user(session, "ann", "Ann", None, ["boss", "quality"])
            card = session.create("card", name="c").id
        _, secret = create_token(engine.database, number, "test")
        http = TestClient(engine.asgi(), headers={"authorization": f"Bearer {secret}", "accept-language": "en"})
        root = f"/api/v1/card/{card}"
        moves = http.get(f"{root}/moves").json()["data"]
        assert {(m["pipeline"], m["to"], m["allowed"]) for m in moves} == {
            ("sales_flow", "won", False),
            ("quality_flow", "testing", True),
            ("production_flow", "made", True),
        }
        assert next(m for m in moves if m["to"] == "won")["refusals"][0]["code"] == "R304"
        assert http.post(f"{root}/move", json={"to": "testing", "pipeline": "quality_flow"}).json()["quality_stage"] == "testing"
        assert http.post(f"{root}/move", json={"to": "testing", "pipeline": 3}).status_code in (400, 422)
        assert http.post(f"{root}/actions/measured", json={"place": "Wuxi"}).status_code == 204
        item = next(i for i in http.get(f"{root}/gates").json()["data"] if i["item"] == "measured")
        assert (item["is_there"], item["done"]["by"], item["done"]["place"]) == (True, number, "Wuxi")
        assert http.delete(f"{root}/actions/measured").status_code == 204
        assert http.delete(f"{root}/actions/measured").json()["code"] == "R320"
        wanted = {"stage": "testing", "item": "measured", "reason": "x", "until": "2027-01-01T00:00:00Z"}
        assert http.post(f"{root}/exceptions", json=wanted).json()["code"] == "R322"
