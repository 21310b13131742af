"""Editors find what pools and decision tables name."""

from dougong.names.index import declared, index
from dougong.names.symbols import Symbol

APP = """app: sea
objects:
  user: {fields: {skill: integer}}
  lead: {fields: {name: text, size: integer, grade: "choice(a, b)", owner: user}}
decision_tables:
  who:
    of: lead
    rows:
      - {when: {grade: a, size: "< 3"}, then: role sales}
      - {when: {grade: [b, blank]}, then: pool hq}
pools:
  hq: {of: lead, field: owner, by: [sales], where: size > 1, shows: [name, size], recycle: lead without update for 3 days}
triggers:
  give:
    on: lead created
    do:
      - assign: {field: owner, from: user where skill > 1, by: weight(skill), capacity: skill, else: role sales}
roles:
  sales: {may: [read lead]}
"""


def test_fields_options_and_roles_are_found() -> None:
    files = {"app.yaml": APP}
    found = index(files, declared(files))

    def lines(kind: str, name: str, owner: str = "") -> list[int]:
        return sorted(o.place.line for o in found.of(Symbol(kind, name, owner)))  # type: ignore[arg-type]  # a kind

    assert lines("field", "size", "lead") == [4, 9, 12, 12]
    assert lines("field", "owner", "lead") == [4, 12, 17]
    assert lines("field", "skill", "user") == [3, 17, 17, 17]
    assert lines("role", "sales") == [9, 12, 17, 19]
    assert lines("option", "b", "lead.grade") == [4, 10]
