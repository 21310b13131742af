"""Conditions and loops in templates of documents: on generated templates they give what Jinja gives, and names are found in all of them."""

from pathlib import Path

import jinja2
from dougong.names.index import declared, index
from dougong.names.symbols import Symbol
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.runtime.apps import hire, opened

APP = """
app: quotes
objects:
  deal: {fields: {name: text required, n: integer}}
  line: {fields: {deal: link deal as lines required, name: text required, n: integer}}
  bit: {fields: {line: link line as bits required, name: text required}}
roles:
  boss: {admin: true, may: ["read, create, update user", "read, create deal", "read, create line", "read, create bit"]}
documents:
"""
DEALS = {"a": (1, {}), "b": (2, {"l1": (1, ["x", "y"]), "l2": (2, [])}), "c": (3, {"l3": (3, ["z"])})}


def branches(body: st.SearchStrategy[str], condition: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An `if` with any number of branches."""
    others = st.lists(st.tuples(condition, body), max_size=2).map(lambda found: "".join(f"{{% elif {c} %}}{b}" for c, b in found))
    last = st.just("") | body.map(lambda b: "{% else %}" + b)
    return st.tuples(condition, body, others, last).map(lambda f: f"{{% if {f[0]} %}}{f[1]}{f[2]}{f[3]}{{% endif %}}")


def looped(name: str, source: str, body: st.SearchStrategy[str], empty: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A loop, with or without what is there when there is nothing."""
    return st.tuples(body, st.just("") | empty.map(lambda b: "{% else %}" + b)).map(
        lambda f: f"{{% for {name} in {source} %}}{f[0]}{f[1]}{{% endfor %}}"
    )


PLAIN = st.sampled_from(["-", "<p>", "\n", "甲"])
OF_DEAL = st.sampled_from(["n > 1", "n > 2", "n = 1"])
OF_LINE = OF_DEAL | st.sampled_from(["one.n > 1", "one.n = 1"])


def joined(*choices: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Some pieces, one after the other."""
    return st.lists(st.one_of(*choices), max_size=3).map("".join)


BASE = joined(PLAIN, st.just("{{ name }}"), branches(PLAIN, OF_DEAL))
IN_BIT = joined(PLAIN, st.sampled_from(["{{ part.name }}", "{{ one.name }}"]), branches(PLAIN, OF_LINE))
IN_LINE = joined(PLAIN, st.just("{{ one.name }}"), branches(PLAIN, OF_LINE), looped("part", "one.bits", IN_BIT, BASE))
TEMPLATES = joined(BASE, looped("one", "lines", IN_LINE, BASE), branches(looped("one", "lines", IN_LINE, BASE), OF_DEAL))


def by_jinja(template: str, deal: str) -> str:
    """What Jinja makes of it."""
    n, lines = DEALS[deal]
    found = [{"name": name, "n": number, "bits": [{"name": bit} for bit in bits]} for name, (number, bits) in lines.items()]
    return jinja2.Environment(keep_trailing_newline=True).from_string(template.replace(" = ", " == ")).render(name=deal, n=n, lines=found)


def test_templates_do_what_those_of_jinja_do(tmp_path: Path) -> None:
    @settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(TEMPLATES.filter(bool), min_size=15, max_size=15))
    def agree(templates: list[str]) -> None:
        documents = {f"d{number}": f"<p>{template}" for number, template in enumerate(templates)}
        written = "".join(f"  {name}: {{of: deal, template: {name}.html}}\n" for name in documents)
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        (folder / "app").mkdir(parents=True)
        for name, text in documents.items():
            (folder / "app" / f"{name}.html").write_text(text, encoding="utf-8", newline="")
        with opened(APP + written, f"sqlite:///{folder / 'a.db'}", folder) as engine:
            hire(engine, "boss", "boss")
            with engine.session("boss") as session:
                for name, (n, lines) in DEALS.items():
                    deal = session.create("deal", name=name, n=n).id
                    for line, (number, bits) in lines.items():
                        one = session.create("line", deal=deal, name=line, n=number).id
                        for bit in bits:
                            session.create("bit", line=one, name=bit)
                for record in session.find("deal").records:
                    for name, text in documents.items():
                        page = session.document("deal", record.id, name).page
                        body = page.split("<body>\n")[1].removesuffix("\n</body></html>\n")
                        assert body == by_jinja(text, str(record["name"])), text

    agree()


def test_names_in_every_tag_are_found() -> None:
    template = "{% if n > 1 %}{% elif n > 2 %}{% endif %}\\n{% for one in lines %}{% for part in one.bits %}{{ part.name }}{% endfor %}{% endfor %}"
    files = {"app.yaml": f'{APP}  quote: {{of: deal, template: "{template}"}}\n'}
    found = index(files, declared(files)).by_symbol
    last = APP.count("\n") + 1
    for symbol, count in {
        Symbol("field", "n", "deal"): 2,
        Symbol("reverse", "lines", "deal"): 1,
        Symbol("reverse", "bits", "line"): 1,
        Symbol("field", "name", "bit"): 1,
    }.items():
        assert sum(each.place.line == last for each in found[symbol]) == count, symbol
