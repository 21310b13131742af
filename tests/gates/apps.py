"""An app whose stages ask for actions and evidence, and how its files are brought."""

import io
from datetime import datetime

from dougong.engine import Engine
from dougong.refusals import Refused
from dougong.runtime import files

DEALS = """
app: deals
title: {zh: 商机, en: Deals}
objects:
  deal:
    title: {zh: 商机, en: Deal}
    record_title: name
    fields:
      name: text required "名称"
      requirement: text "需求"
      proposal: file "方案"
      scans: file many "扫描件"
      deck: file "演示稿"
      wanted: integer "要求的版本"
      owner: user default me "负责人"
pipelines:
  deal_flow:
    of: deal
    stages:
      inquiry: {title: 询盘, start: true}
      solution:
        title: 方案
        to_leave:
          fields: [requirement]
          actions: [{id: compared, title: 完成竞品对比, by: role sales, where: true}, {id: called, title: 电话沟通}]
          evidence:
            - {file: proposal, accept: [pdf, pptx], newer_than: 30 days}
            - {file: deck, version: wanted}
          exceptions_by: boss
      contract:
        title: 合同
        to_enter: {evidence: [{file: scans, accept: pdf, version: newest}]}
      lost: {title: 输单, kind: lost}
    moves:
      - inquiry -> solution
      - solution -> contract
      - contract -> solution "退回"
      - any open -> lost
roles:
  sales: {title: 销售, may: ["read, create, update, move deal", "read user"]}
  helper: {title: 助理, may: ["read, update, move deal"]}
  boss: {title: 主管, may: ["read, create, update, move, delete, import deal"]}
"""


def bring(engine: Engine, name: str, user: int | None, content: bytes = b"x") -> int:
    """A kept file of this name that no record has yet."""
    return files.keep(engine.database, engine.files_dir, name, "application/octet-stream", io.BytesIO(content), user, engine.clock.now()).id


def said(refused: Refused) -> list[tuple[str, str | None]]:
    """(code, field) of every refusal, in order."""
    return [(r.code.code, r.field) for r in refused.refusals]


def later(engine: Engine, moment: datetime) -> None:
    """Turn the clock."""
    engine.clock.set(moment)  # type: ignore[attr-defined]  # tests have a clock that can be set
