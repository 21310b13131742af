"""Surveys: who is asked, when again, what ends it; equal to going through the days by hand."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from dougong.runtime.clock import SettableClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened
from tests.web.shop import api, shop

APP = """
app: asked
objects:
  customer:
    fields: {name: text required, seen: integer, owner: user default me}
  answer:
    title: {zh: 满意度, en: Satisfaction}
    fields: {customer: link customer as answers required, score: integer required, again: boolean}
forms:
  satisfaction: {of: answer, title: {zh: 满意度, en: Satisfaction}, fields: [customer, score, again]}
triggers:
  ask:
    on: customer.seen changed
    do: [{survey: {form: satisfaction, for: owner, within: 3 working days, once: 60 days}}]
roles:
  boss: {admin: true, may: ["read, create, update user", "read, create, update customer", "read, create, update answer"]}
"""


STORIES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["visit", "visit", "answer", "other"])), max_size=8)


def test_nobody_is_asked_twice_nor_again_too_soon(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        clock = engine.clock
        assert isinstance(clock, SettableClock)

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
        @given(STORIES)
        def agree(story: Sequence[tuple[int, str]]) -> None:
            with engine.session("boss") as session:
                customer, other = (session.create("customer", name=n, seen=0).id for n in "ab")
            last, is_open = None, False
            for number, (days, deed) in enumerate(story, 1):
                clock.set(clock.now() + timedelta(days=days, minutes=1))
                with engine.session("boss") as session:
                    if deed == "visit":
                        session.update("customer", customer, {"seen": number})
                    else:
                        about = other if deed == "other" else customer
                        session.submit_form("answer", "satisfaction", {"customer": about, "score": 3})
                    told = [(t.text, t.form) for t in session.todos() if t.record_id == customer]
                if deed == "answer":
                    last, is_open = clock.now(), False
                elif deed == "visit" and not is_open and (last is None or clock.now() >= last + timedelta(days=60)):
                    last, is_open = clock.now(), True
                assert told == ([("请填写：满意度", "satisfaction")] if is_open else [])

        agree()


def test_a_to_do_leads_to_the_form_and_is_done_by_it(database_url: str, tmp_path: Path) -> None:
    with shop(tmp_path / "app", database_url, APP.replace("roles:\n", "roles:\n  seller: {may: [read customer]}\n")) as engine:
        boss = api(engine, "boss")
        customer = boss.post("/api/v1/customer", json={"name": "A"}).json()["id"]
        assert boss.patch(f"/api/v1/customer/{customer}", json={"seen": 1}).status_code == 200
        page = boss.get("/todos").text
        assert "Please fill in: Satisfaction" in page and f'href="/o/answer/new?customer={customer}"' in page
        assert boss.post("/api/v1/answer", json={"customer": customer, "score": 1}).status_code == 201
        assert len(boss.get("/api/v1/todos").json()["data"]) == 1  # an answer that came in another way is no form
        assert boss.post("/o/answer/new", data={"customer": str(customer), "score": "5"}).status_code == 303
        assert boss.get("/api/v1/todos").json()["data"] == []
