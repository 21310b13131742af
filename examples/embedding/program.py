"""A program of its own with Dougong inside: a public page that takes enquiries, and the CRM in which they become deals.

`python examples/embedding/program.py` serves both on http://127.0.0.1:8010; sign in as `ann` with `dougong-demo`.
"""

from html import escape
from pathlib import Path

import uvicorn
from dougong import Engine
from dougong.refusals import Refused
from dougong.runtime.users import create_user
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

APP = Path(__file__).parent.parent / "quickstart"
PAGE = """<!doctype html><meta charset="utf-8"><title>Enquiry</title><h1>Enquiry</h1><p>{said}</p>
<form method="post"><label>Company <input name="company"></label> <label>What do you need? <input name="need"></label> <button>Send</button></form>"""


def build(database: str) -> Starlette:
    """The program over a database URL; the first start makes the tables and one user."""
    engine = Engine.open(APP, database=database)
    with engine.system_session("first start") as crm:
        if crm.count("user") == 0:
            create_user(crm, "ann", "Ann", "dougong-demo", ["boss"])

    def take(company: str, need: str) -> str:
        """One enquiry, one transaction: the customer if it is new, and a deal."""
        try:
            with engine.system_session("enquiry page") as crm:
                known = [c for c in crm.find("customer", search=company).records if c["name"] == company]
                customer = known[0] if known else crm.create("customer", name=company)
                crm.create("deal", name=need, customer=customer.id)
        except Refused as refused:
            return " ".join(r.message("en") for r in refused.refusals)
        return "Thank you, we will call you."

    async def enquiry(request: Request) -> HTMLResponse:
        said = ""
        if request.method == "POST":
            form = await request.form()
            said = await run_in_threadpool(take, str(form.get("company", "")), str(form.get("need", "")))
        return HTMLResponse(PAGE.format(said=escape(said)))

    return Starlette(routes=[Route("/enquiry", enquiry, methods=["GET", "POST"]), Mount("/", engine.asgi())])


if __name__ == "__main__":
    uvicorn.run(build("sqlite:///embedding.db"), host="127.0.0.1", port=8010)
