"""E-mail: through a real server, recognisable when it comes twice, never a header that somebody smuggled in, no secret in what is kept."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from dougong.flow.handlers import standard
from dougong.flow.worker import drain
from dougong.refusals import Refused
from dougong.runtime.channels.channel import Message, Undeliverable
from dougong.runtime.channels.mail import composed, message_id
from dougong.runtime.channels.mail_server import MailServer, mail_server
from dougong.runtime.jobs import letters
from dougong.runtime.people.inbox import notify
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.killing import free_port
from tests.jobs.apps import NOON, leave, opened, state

SENDER = "斗拱 <crm@example.com>"
PAYLOAD = {
    "to": "li@example.com",
    "name": "李雷",
    "subject": "报价 Q-1 已批准",
    "text": "总额 100 元。\n\n请尽快发出。",
    "link": "https://crm.example.com/o/quote/1",
}
PASSWORD = "p@ss:w/rd-secret"


class Server:
    """Keeps the mails; gives the answer it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.answer

    @contextmanager
    def opened(self, **options: Any) -> Iterator[dict[str, str]]:
        """Listening; the environment that leads to it."""
        controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        try:
            yield {"DOUGONG_SMTP_URL": f"smtp://127.0.0.1:{controller.port}", "DOUGONG_MAIL_FROM": SENDER}
        finally:
            controller.stop()


def test_a_mail_arrives_whole(database_url: str, tmp_path: Path) -> None:
    server = Server()
    with server.opened() as environment, opened(database_url, tmp_path) as engine:
        leave(engine, "mail", PAYLOAD, key="k1")
        leave(engine, "mail", PAYLOAD | {"language": "en", "name": "Li Lei"}, key="k2")
        assert drain(engine, standard(environment))
    zh, en = server.mails
    assert zh["To"] == "李雷 <li@example.com>"
    assert zh["From"] == SENDER
    assert zh["Subject"] == "报价 Q-1 已批准"
    assert zh["Message-ID"] == message_id("k1", "crm@example.com") != en["Message-ID"]
    assert zh["Date"].datetime == NOON
    plain, page = zh.get_body(("plain",)), zh.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == (
        "李雷，您好：\n\n总额 100 元。\n\n请尽快发出。\n\n查看：https://crm.example.com/o/quote/1\n\n这封邮件由信件自动发出，请不要直接回复。\n"
    )
    assert '<a href="https://crm.example.com/o/quote/1">' in page.get_content()
    english = en.get_body(("plain",))
    assert english is not None
    assert english.get_content().startswith("Hello Li Lei,")


def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(database_url: str, tmp_path: Path) -> None:
    server = Server()
    with server.opened() as environment, opened(database_url, tmp_path) as engine:
        handlers = standard(environment)
        server.answer = "451 try later"
        busy = leave(engine, "mail", PAYLOAD)
        drain(engine, handlers)
        server.answer = "554 this is spam"
        refused = leave(engine, "mail", PAYLOAD)
        drain(engine, handlers)
        assert (state(engine, busy), state(engine, refused)) == ("waiting", "dead")
        with engine.system_session("test") as session:
            assert "554 this is spam" in (letters.letter(session, refused).error or "")


def test_without_a_mail_server_letters_wait_for_a_person(database_url: str, tmp_path: Path) -> None:
    server = Server()
    with opened(database_url, tmp_path) as engine:
        job = leave(engine, "mail", PAYLOAD)
        drain(engine, standard({}))
        with engine.system_session("test") as session:
            (dead,) = letters.dead_letters(session)
            assert "DOUGONG_SMTP_URL" in (dead.error or "")
            letters.resend(session, job)
        with server.opened() as environment:
            drain(engine, standard(environment))
        assert state(engine, job) == "done"
        assert len(server.mails) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test has no TLS
def test_the_password_is_in_nothing_that_is_kept(database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def refusing(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=False, handled=False, message=f"535 {data.password.decode()} is wrong")

    options = {"authenticator": refusing, "auth_require_tls": False, "auth_required": True}
    with Server().opened(**options) as environment, opened(database_url, tmp_path) as engine:
        url = environment["DOUGONG_SMTP_URL"].replace("smtp://", "smtp://crm:p%40ss%3Aw%2Frd-secret@")
        job = leave(engine, "mail", PAYLOAD)
        drain(engine, standard(environment | {"DOUGONG_SMTP_URL": url}))
        with engine.system_session("test") as session:
            kept = letters.letter(session, job)
            story = letters.attempts(session, job)
    assert kept.state == "waiting"
    assert "535" in (kept.error or "")
    assert PASSWORD not in repr((kept, story))
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(mail_server(environment | {"DOUGONG_SMTP_URL": url}))


def test_settings() -> None:
    def read(url: str, sender: str = SENDER) -> MailServer | None:
        return mail_server({"DOUGONG_SMTP_URL": url, "DOUGONG_MAIL_FROM": sender})

    assert read("smtp://u:p%40@mail:26?starttls=always") == MailServer("mail", 26, SENDER, False, True, "u", "p@")
    assert read("smtp://mail") == MailServer("mail", 587, SENDER)
    assert read("smtps://mail") == MailServer("mail", 465, SENDER, True)
    assert mail_server({}) is None
    for wrong in (
        "mail",
        "http://mail",
        "smtp://",
        "smtp://mail:x",
        "smtp://mail?starttls=perhaps",
        "smtp://mail?tls=1",
        "smtp://mail/box",
    ):
        with pytest.raises(Refused, match="R810") as refused:
            read(wrong.replace("//", "//u:geheim@"))
        assert "geheim" not in str(refused.value)
    with pytest.raises(Refused, match="R811"):
        read("smtp://mail", "")


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.sampled_from(
    ["a\r\nBcc: x@y.z", "a\nBcc: x@y.z", "\u2028Bcc: x", "a\x00b", "=?utf-8?q?=0D=0ABcc:_x=40y.z?=", "a\r\n\r\nbody", "，" * 400]
)


@settings(max_examples=150, deadline=None)
@given(subject=WORDS, name=WORDS, text=WORDS, to=WORDS | WORDS.map(lambda w: f"li@example.com{w}"))
def test_nothing_smuggles_a_header_in(subject: str, name: str, text: str, to: str) -> None:
    message = Message(to, subject, text, "zh", NOON, name)
    try:
        raw = composed(message, "k", SENDER, "CRM").as_bytes()
    except Undeliverable:
        assert to != "li@example.com"
        return
    read = email.message_from_bytes(raw, policy=email.policy.default)
    expected = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type"]
    assert sorted(read.keys()) == sorted(expected)
    assert [a.addr_spec for a in read["To"].addresses] == [to]
    assert not read.defects


def test_mails_lead_to_their_records(database_url: str, tmp_path: Path) -> None:
    """Once people can be told where the app is; to the inbox, when a message is about no record. Nothing but an address is taken for one."""
    server = Server()
    with server.opened() as environment, opened(database_url, tmp_path) as engine:
        with engine.system_session("test") as session:
            li = session.create("user", login="li", name="李雷", email="li@example.com").id
            for number, about in enumerate(((None, None), ("user", li))):
                notify(session.unit, [li], ("看看", "look"), key=str(number), object=about[0], record_id=about[1])
        assert drain(engine, standard(environment | {"DOUGONG_URL": "https://crm.example.com/sales/"}))
        with engine.system_session("test") as session:
            notify(session.unit, [li], ("看看", "look"), key="2")
        assert drain(engine, standard(environment))
    told = [m.get_body(("plain",)) for m in server.mails]
    links = [re.findall(r"https?://\S+", body.get_content()) for body in told if body is not None]
    assert sorted(links) == [[], ["https://crm.example.com/sales/inbox"], [f"https://crm.example.com/sales/o/user/{li}"]]


@pytest.mark.parametrize(
    "url", ["crm.example.com", "ftp://x", "https://", "https://a:b@x", "https://x/?a=1", "https://x:a", "http://x y", "http://[x"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refused:
        standard({"DOUGONG_URL": url})
    assert refused.value.refusals[0].code.code == "R812"
