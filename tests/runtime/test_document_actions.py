"""The action `document`: for each record, as the actor, tried out, by several people at once, in every form."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dougong import Engine
from dougong.flow.scenarios.play import play_all
from dougong.flow.scenarios.world import World
from dougong.refusals import Refused
from dougong.runtime import files

from tests.runtime.apps import hire, opened
from tests.web.shop import api, shop

APP = """
app: quotes
objects:
  deal:
    fields:
      name: text required
      cost: money
      phone: phone
      customer: link customer as deals
      made: integer
      signed: boolean
      papers: file many
      paper: file accept(docx)
    checks: [{rule: made is blank or made <> 3, message: 不行}]
  customer: {fields: {name: text required}}
  line: {fields: {deal: link deal as lines required, name: text required, secret: boolean}}
documents:
  quote:
    of: deal
    title: {zh: 报价单, en: Quotation}
    number: "Q{0000}"
    as: [html, docx]
    template: |
      <p>{{ document.number }} {{ name }} [{{ cost }}] [{{ phone }}] [{{ customer.name }}] [{{ customer }}]</p>
      {% for one in lines %}<i>{{ one.name }}</i>{% else %}<b>none</b>{% endfor %}
triggers:
  made: {on: deal.made changed, do: [{document: {name: quote, into: papers}}]}
  signed: {on: deal.signed changed to true, as: actor, do: [{document: {name: quote, into: papers}}, {document: {name: quote, into: paper, as: docx}}]}
  weekly: {on: every monday at 09:00, each: deal where cost > 5, do: [{document: {name: quote, into: papers}}]}
roles:
  boss: {admin: true, may: ["read, create, update user", "read, create, update deal", "read, create customer", "read, create line"]}
  seller: {may: ["read, update deal hide cost, mask phone", read line where secret is blank]}
scenarios:
  weekly:
    as: anna
    given:
      - user anna: {roles: boss}
    steps:
      - create deal d1: {name: A, cost: 9}
      - create deal d2: {name: B, cost: 1}
      - wait: 8 days
      - expect d1: papers is not blank
      - expect d2: papers is blank
"""


def content(engine: Engine, number: int) -> str:
    """What is kept under a number."""
    found = files.find(engine.database, number)
    assert found is not None
    return files.place(engine.files_dir, found.sha256).read_text("utf-8")


def test_each_record_gets_its_own() -> None:
    with World({"app.yaml": APP}) as world:
        outcomes = play_all(world, world.app.scenarios.values())
    assert [(o.scenario.name, o.failure) for o in outcomes] == [("weekly", None)]


def test_as_the_actor_it_shows_what_the_actor_may_see(tmp_path: Path) -> None:
    with opened(APP, f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as engine:
        hire(engine, "boss", "boss")
        hire(engine, "seller", "seller")
        with engine.session("boss") as session:
            customer = session.create("customer", name="Zhou").id
            deal = session.create("deal", name="A", cost=7, phone="13900001111", customer=customer).id
            session.create("line", deal=deal, name="hidden", secret=True)
        with engine.session("seller") as session:
            session.update("deal", deal, made=1)
            session.update("deal", deal, signed=True)
        system, actor = (content(engine, number) for number in session.get("deal", deal)["papers"])
        assert "<p>Q0001 A [¥7.00] [13900001111] [Zhou] [Zhou]</p>" in system and "<i>hidden</i>" in system
        assert "<p>Q0002 A [] [] [] []</p>" in actor and "<b>none</b>" in actor
        paper = files.find(engine.database, session.get("deal", deal)["paper"])
        assert paper is not None and paper.name == "报价单 Q0003.docx" and "wordprocessingml" in paper.media_type


def test_a_trial_gives_its_number_back(tmp_path: Path) -> None:
    with opened(APP, f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deal = session.create("deal", name="A").id
            (firing,) = session.dry_run("made", "deal", deal).firings
            assert (firing.did[0]["document"], firing.did[0]["number"]) == ("quote", "Q0001")
            assert session.get("deal", deal)["papers"] is None
            session.update("deal", deal, made=1)
            (number,) = session.get("deal", deal)["papers"]
        assert "Q0001" in content(engine, number)


def test_numbers_have_no_gaps_and_no_doubles_when_many_write_at_once(database_url: str, tmp_path: Path) -> None:
    with opened(APP, database_url, tmp_path) as engine:
        hire(engine, "boss", "boss")
        with engine.session("boss") as session:
            deals = [session.create("deal", name=f"d{number}").id for number in range(3)]

        def write(deal: int) -> int:
            done = 0
            for made in range(1, 6):
                try:
                    with engine.session("boss") as session:
                        session.update("deal", deal, made=made)
                    done += 1
                except Refused as refused:
                    assert made == 3, refused
            return done

        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(write, deals)) == [4, 4, 4]
        with engine.session("boss") as session:
            papers = [paper for deal in deals for paper in session.get("deal", deal)["papers"]]
        numbers = sorted(content(engine, paper).partition("<p>")[2][:5] for paper in papers)
        assert numbers == [f"Q{number:04}" for number in range(1, 13)]


def test_every_form_is_on_the_page_and_can_be_fetched(tmp_path: Path) -> None:
    with shop(tmp_path / "app", f"sqlite:///{tmp_path / 'a.db'}", APP.replace("as: [html, docx]", "as: [pdf, html, docx]")) as engine:
        boss = api(engine, "boss")
        deal = boss.post("/api/v1/deal", json={"name": "甲"}).json()["id"]
        url = f"/api/v1/deal/{deal}/documents/quote"
        page = boss.get(f"/o/deal/{deal}").text
        assert all(f'href="{url}?as={form}"' in page for form in ("html", "pdf", "docx"))
        answers = [boss.get(url), *(boss.get(url, params={"as": form}) for form in ("html", "docx"))]
        assert [each.headers["content-type"].partition(";")[0].rpartition(".")[2].rpartition("/")[2] for each in answers] == [
            "pdf",
            "html",
            "document",
        ]
        assert [each.headers["content-disposition"].partition(";")[0] for each in answers] == ["inline", "inline", "attachment"]
        assert all("sandbox" in each.headers["content-security-policy"] for each in answers)
        assert answers[0].content.startswith(b"%PDF-") and answers[2].content.startswith(b"PK") and "甲" in answers[1].text
        refused = boss.get(url, params={"as": "xlsx"})
        assert (refused.status_code, refused.json()["code"]) == (404, "R841")
        described = boss.get("/api/v1/openapi.json").json()["paths"]["/api/v1/deal/{id}/documents/quote"]["get"]
        assert described["parameters"][0]["schema"] == {"enum": ["pdf", "html", "docx"], "default": "pdf"}
        assert len(described["responses"]["200"]["content"]) == 3
