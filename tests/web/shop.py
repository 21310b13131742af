"""A small app for the tests of the server's faces, an engine that runs it, and clients that are signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dougong.engine import Engine
from dougong.runtime.users import create_user
from dougong.runtime.users_sessions import create_token
from dougong.web.app import build
from starlette.testclient import TestClient

PASSWORD = "correct horse"
SHOP = """\
app: shop
version: 1.0.0
title: {zh: 小店, en: Shop}
timezone: Asia/Shanghai
currency: CNY

objects:
  customer:
    title: {zh: 客户, en: Customer}
    record_title: name
    fields:
      code: text unique "编号" "Code"
      name: text required searchable "客户名称" "Name"
      phone: phone "电话" "Phone"
      region: choice(east "华东" "East", south "华南" "South") "区域" "Region"
      tags: choice many(vip "重点" "VIP", old "老客户" "Old") "标签" "Tags"
      credit: money "信用额度" "Credit"
      since: date "合作日期" "Since"
      head: link customer as branches "上级" "Head"
      owner: user default me "负责人" "Owner"
      papers: file many accept(pdf) "资料" "Papers"
    checks:
      - {rule: credit >= 0, message: {zh: 信用额度不能小于 0, en: Credit cannot be negative}}
  deal:
    title: {zh: 商机, en: Deal}
    record_title: name
    fields:
      name: text required "名称" "Name"
      customer: link customer as deals "客户" "Customer"
      amount: money default 0 "金额" "Amount"
      reason: text "原因" "Reason"
      owner: user default me "负责人" "Owner"

pipelines:
  deal_flow:
    of: deal
    stages:
      open: {title: {zh: 进行中, en: Open}, start: true}
      won: {title: {zh: 成交, en: Won}, kind: won}
      lost: {title: {zh: 丢单, en: Lost}, kind: lost}
    moves:
      - open -> won
      - open -> lost asks(reason)

roles:
  seller:
    title: {zh: 业务员, en: Seller}
    may:
      - read user
      - "read, create, update customer where owner = me, hide credit"
      - "read, create, update, move deal where owner = me"
  boss:
    title: {zh: 老板, en: Boss}
    admin: true
    may:
      - "read, create, update user"
      - "read, create, update, delete, import customer"
      - "read, create, update, move, delete, import deal"
"""


def write_shop(folder: Path, text: str = SHOP) -> Path:
    """The app as a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "app.yaml").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def shop(folder: Path, database_url: str, text: str = SHOP) -> Iterator[Engine]:
    """An engine that runs the shop, with the users boss, ann and bob."""
    engine = Engine.open(write_shop(folder, text), database=database_url, apply=True, files_dir=folder.parent / "files")
    try:
        with engine.system_session("test") as session:
            create_user(session, "boss", "老板", None, ["boss"])
            create_user(session, "ann", "安", PASSWORD, ["seller"])
            create_user(session, "bob", "鲍", None, ["seller"])
        yield engine
    finally:
        engine.close()


def user_number(engine: Engine, login: str) -> int:
    """The id of a user."""
    with engine.system_session("test") as session:
        return session.find("user", where=f"login = '{login}'").records[0].id


def api(engine: Engine, login: str, language: str = "en") -> TestClient:
    """A client with a token of this user."""
    _, secret = create_token(engine.database, user_number(engine, login), "test")
    return TestClient(build(engine), headers={"authorization": f"Bearer {secret}", "accept-language": language}, follow_redirects=False)


def browser(engine: Engine, *, secure: bool = False) -> TestClient:
    """A client without a token, as a browser starts."""
    base = "https://crm.test" if secure else "http://crm.test"
    return TestClient(build(engine, secure=secure), base_url=base, follow_redirects=False)
