"""An app whose people have something to do, and somebody to hire."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from dougong.engine import Engine
from dougong.runtime.clock import SettableClock

from tests.runtime.apps import hire, opened

WORK = """
app: people
version: 1.0.0
title: {zh: 人和事, en: People}
objects:
  job:
    title: {zh: 工作, en: Job}
    record_title: name
    fields:
      name: text required "名称"
      owner: user default me "负责人"
      helper: user "协助人"
      team: team "团队"
      due: date "截止"
pipelines:
  way:
    of: job
    stages:
      open: {title: 开始, start: true}
      doing:
        title: 进行
        on_enter:
          - todo: {for: [owner, role clerk], claim: true, text: {zh: "处理 {{ name }}", en: "Do {{ name }}"}}
      done: {title: 完成, kind: done}
    moves: [open -> doing, doing -> open "退回", doing -> done]
triggers:
  look:
    on: job created
    do:
      - todo: {for: [role boss], claim: true, text: 看一看, due: now + 2 hours}
      - todo: {for: team, claim: true, text: 团队的事}
      - notify: {to: [owner.manager, team 东区], text: {zh: "新工作 {{ name }}", en: "New job {{ name }}"}, via: [inbox, mail]}
roles:
  clerk:
    title: 职员
    may: ["read, create, update, move job where owner = me", read user]
  boss:
    title: 主管
    admin: true
    may: ["read, create, update, move, delete job", "read, create, update user", "read, create, update team"]
"""


@contextmanager
def work(url: str, folder: Path) -> Iterator[Engine]:
    """The app on an empty database: `boss`, `ann` and `bob` (clerks of the teams 全国 and 东区, which is below it), `eve` (no role)."""
    with opened(WORK, url, folder) as engine:
        hire(engine, "boss", "boss", email="boss@example.com")
        with engine.system_session("test") as session:
            whole = session.create("team", name="全国")
            east = session.create("team", name="东区", parent=whole.id)
        hire(engine, "ann", "clerk", manager=1, team=whole.id, email="ann@example.com")
        hire(engine, "bob", "clerk", manager=1, team=east.id, email="bob@example.com")
        hire(engine, "eve")
        yield engine


def later(engine: Engine, **span: float) -> None:
    """Some time goes by."""
    clock = engine.clock
    assert isinstance(clock, SettableClock)
    clock.advance(timedelta(**span))
