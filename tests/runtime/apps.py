"""An app for the tests of the gates, and how to open one on a fresh database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime.clock import SettableClock

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai

THINGS = """
app: things
version: 1.0.0
title: {zh: 试验, en: Things}
objects:
  user:
    fields:
      region: text "大区"
  partner:
    title: {zh: 伙伴, en: Partner}
    record_title: name
    fields:
      name: text required searchable "名称"
      owner: user default me "负责人"
      region: text "大区"
  thing:
    title: {zh: 事项, en: Thing}
    record_title: name
    fields:
      code: autonumber(T{yyyy}-{000}) "编号"
      name: text required unique searchable "名称"
      amount: money "金额"
      half: money "一半" = amount / 2
      kind: choice(a, b) "类型"
      reason: {type: text, title: 原因, required_when: kind = b, show_when: kind = b}
      partner: link partner as things "伙伴"
      secret: text "机密"
      level: integer "级别"
      due: date "截止"
      days_left: integer "剩余天数" = due - today
      owner: user default me "负责人"
      note: text "备注"
    checks:
      - {rule: amount >= 0, message: "金额 {{ amount }} 不能为负"}
      - {rule: amount < 1000, message: 金额很大, severity: warning}
  poke:
    title: {zh: 触发, en: Poke}
    record_title: name
    fields:
      name: text "名称"
      amount: money "金额"
      kind: choice(a, b) "类型"
      reason: text "原因"
pipelines:
  flow:
    of: thing
    stages:
      open: {title: 开始, start: true}
      doing: {title: 进行, to_leave: {fields: [level]}}
      done: {title: 完成, kind: done, to_enter: {fields: [due]}}
      dropped: {title: 放弃, kind: lost}
    moves:
      - open -> doing
      - doing -> done when amount <= 500
      - doing -> open asks(note)
      - open -> dropped by boss
roles:
  clerk:
    title: 职员
    may:
      - read, create, update, move thing where owner = me, hide secret
      - read partner where owner = me
      - create poke
      - read user(login, name)
  boss:
    title: 主管
    may:
      - read, create, update, move, delete, import thing
      - read, create, update, delete partner
      - read, create poke
triggers:
  poked:
    on: poke created
    do:
      - create: {of: thing, set: {name: name, amount: amount, kind: kind, reason: reason}}
"""


@contextmanager
def opened(text: str, url: str, folder: Path) -> Iterator[Engine]:
    """An engine with this definition on an empty database, its clock standing at `NOON`."""
    (folder / "app").mkdir(exist_ok=True)
    (folder / "app" / "app.yaml").write_text(text, encoding="utf-8")
    engine = Engine.open(folder / "app", database=url, clock=SettableClock(NOON), files_dir=folder / "files")
    try:
        yield engine
    finally:
        engine.close()


def hire(engine: Engine, login: str, *roles: str, **attributes: object) -> int:
    """A new user."""
    with engine.system_session("test") as session:
        return session.create("user", login=login, name=login, roles=list(roles), active=True, **attributes).id


def codes(refused: Refused) -> set[tuple[str, str | None]]:
    """(code, field) of every refusal."""
    return {(r.code.code, r.field) for r in refused.refusals}
