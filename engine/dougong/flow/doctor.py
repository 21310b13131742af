"""Whether an installation is well: release, tables, deadlines, workers, jobs, mail, calendars, administrators. Looks, and changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dougong.calendars.holidays import is_published
from dougong.database.instants import instant_from_db, instant_to_db
from dougong.engine import Engine
from dougong.plan.bootstrap import missing_parts
from dougong.refusals import Refused, refuse
from dougong.runtime.channels.doors import Kind, door
from dougong.runtime.channels.mail_server import mail_server
from dougong.runtime.channels.public_url import public_url
from dougong.runtime.documents.forms import is_installed
from dougong.runtime.documents.refusals import NOT_INSTALLED
from dougong.runtime.due import firing, settling
from dougong.runtime.jobs import letters
from dougong.runtime.jobs.queue import DEAD_AFTER
from dougong.runtime.jobs.texts import text
from dougong.runtime.session import Session

LATE = timedelta(minutes=1)  # a worker that lives is never that late
LIVING = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :since"
WAITING = "SELECT min(due_at) FROM dg_job WHERE state IN ('waiting', 'queued')"
STUCK = "SELECT count(*) FROM dg_due WHERE error IS NOT NULL AND open_at IS NULL AND fired_at IS NULL"
Level = Literal["fine", "doubt", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `doubt`: somebody should see to it; `bad`: something does not work."""

    about: Literal[
        "database", "release", "tables", "deadlines", "workers", "jobs", "mail", "doors", "documents", "calendar", "administrators"
    ]
    level: Level
    zh: str
    en: str


def examine(engine: Engine, environment: Mapping[str, str]) -> list[Finding]:
    """Everything, in the order in which one thing rests on another. `environment` holds the settings of the mail server."""
    with engine.database.read() as connection:
        missing = len(missing_parts(connection))
    found = [*_release(engine), _tables(missing)]
    if not missing:
        with engine.system_session("doctor", write=False) as session:
            found += [*_deadlines(session), *_work(session), _jobs(session), *_received(session), _administrators(session)]
    return [*found, *_mail(environment), *_doors(engine, environment), *_documents(engine), *_calendars(engine)]


def _release(engine: Engine) -> Iterator[Finding]:
    dialect, release = engine.database.dialect, engine.release
    yield Finding("database", "fine", f"数据库可以访问（{dialect}）", f"The database can be reached ({dialect})")
    at = release.applied_at.astimezone(engine.app.zone).strftime("%Y-%m-%d %H:%M")
    zh, en = f"发布 {release.id}，{at} 由 {release.applied_by} 应用", f"Release {release.id}, applied {at} by {release.applied_by}"
    yield Finding("release", "fine", zh, en)


def _tables(missing: int) -> Finding:
    if not missing:
        return Finding("tables", "fine", "引擎的表是完整的", "The engine's own tables are complete")
    return Finding(
        "tables",
        "doubt",
        f"引擎的表缺 {missing} 处，下次启动 serve 或 worker 时补上",
        f"{missing} parts of the engine's own tables are missing; the next start of serve or worker makes them",
    )


def _deadlines(session: Session) -> Iterator[Finding]:
    waiting = settling.unsettled(session.unit)
    if waiting:
        names = ", ".join(waiting)
        yield Finding("deadlines", "doubt", f"这些对象的时限还要重新计算：{names}", f"Deadlines wait to be worked out again: {names}")
    stuck = _number(session, STUCK)
    if stuck:
        yield Finding("deadlines", "bad", f"{stuck} 项到期动作多次失败，已停止重试", f"{stuck} things that were due failed too often")
    if not waiting and not stuck:
        yield Finding("deadlines", "fine", "时限都已算好", "Deadlines are worked out")


def _work(session: Session) -> Iterator[Finding]:
    """Workers tell of themselves on PostgreSQL; on SQLite one sees whether work is left lying."""
    dialect = session.connection.dialect
    row = session.connection.one(WAITING)
    dues = [firing.next_open(session.unit), None if row is None or row[0] is None else instant_from_db(row[0], dialect)]
    late = [due for due in dues if due is not None and due < session.now - LATE]
    if late:
        since = _said(session, min(late))
        yield Finding("workers", "bad", f"到期的工作从 {since} 起没有进程执行", f"What is due is not done by anybody, since {since}")
    if dialect == "postgresql":
        living = _number(session, LIVING, since=instant_to_db(session.now - DEAD_AFTER, dialect))
        level: Level = "fine" if living else "bad"
        yield Finding("workers", level, f"有 {living} 个后台任务进程", f"Workers that are alive: {living}")
    elif not late:
        yield Finding("workers", "fine", "没有积压的到期工作", "Nothing that is due is left lying")


def _jobs(session: Session) -> Finding:
    dead = letters.counts(session)["dead"]
    if not dead:
        return Finding("jobs", "fine", "没有未送达的任务", "No undelivered jobs")
    return Finding("jobs", "doubt", f"{dead} 个未送达的任务，用 dougong jobs list 查看", f"Undelivered jobs: {dead}; see dougong jobs list")


def _administrators(session: Session) -> Finding:
    roles = {role.name for role in session.app.roles.values() if role.is_admin}
    count = sum(1 for user in session.unit.users() if roles.intersection(user["roles"] or ()))
    if count:
        return Finding("administrators", "fine", f"{count} 位管理员", f"Administrators: {count}")
    return Finding("administrators", "doubt", "没有在用的管理员账号", "Nobody can sign in as an administrator")


def _mail(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        server, url = mail_server(environment), public_url(environment)
    except Refused as refused:
        told = refused.refusals[0]
        yield Finding("mail", "bad", told.message("zh"), told.message("en"))
        return
    if server is None:
        yield Finding("mail", "doubt", "没有配置邮件服务器（DOUGONG_SMTP_URL）", "No mail server is configured (DOUGONG_SMTP_URL)")
        return
    yield Finding("mail", "fine", f"邮件服务器 {server.host}:{server.port}", f"Mail server {server.host}:{server.port}")
    if url is None:
        yield Finding("mail", "doubt", "没有设置网址（DOUGONG_URL），邮件里没有链接", "DOUGONG_URL is not set: mails have no links")


def _doors(engine: Engine, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Whether every channel, connector and webhook of the app has the settings it needs."""
    app = engine.app
    wanted: list[tuple[Kind, str, tuple[str, ...]]] = [
        ("CHANNEL", c.name, ("URL", "SECRET")) for c in app.channels.values() if c.kind == "http"
    ]
    wanted += [("CONNECTOR", name, ("URL", "SECRET")) for name in app.connectors]
    wanted += [("WEBHOOK", name, ("SECRET",)) for name in app.webhooks]
    for kind, name, needed in wanted:
        try:
            found = door(environment, kind, name)
        except Refused as refused:
            told = refused.refusals[0]
            yield Finding("doors", "bad", told.message("zh"), told.message("en"))
            continue
        missing = " ".join(
            f"{found.setting}_{n}" for n, value in (("URL", found.url), ("SECRET", found.secret)) if n in needed and not value
        )
        what = {"CHANNEL": ("渠道", "Channel"), "CONNECTOR": ("连接器", "Connector"), "WEBHOOK": ("webhook", "Webhook")}[kind]
        if missing:
            yield Finding("doors", "bad", f"{what[0]} {name} 没有配置：{missing}", f"{what[1]} {name} lacks {missing}")
        else:
            yield Finding("doors", "fine", f"{what[0]} {name} 已配置", f"{what[1]} {name} is configured")


def _documents(engine: Engine) -> Iterator[Finding]:
    """Whether what documents are made as can be made here."""
    for form in sorted({form for document in engine.app.documents.values() for form in document.forms if form != "html"}):
        if is_installed(form):
            yield Finding("documents", "fine", f"可以生成 {form} 文档", f"Documents can be made as {form}")
        else:
            told = refuse(NOT_INSTALLED, form=form).refusals[0]
            yield Finding("documents", "bad", told.message("zh"), told.message("en"))


def _received(session: Session) -> Iterator[Finding]:
    """Whether something that came in waits for a person."""
    waiting = sum(count for state, count in session.came_in(limit=1)[1].items() if state != "done")
    if waiting:
        yield Finding(
            "doors", "doubt", f"{waiting} 条收到的内容没有处理，见“收到的”页面", f"Things that came in and wait for somebody: {waiting}"
        )


def _calendars(engine: Engine) -> Iterator[Finding]:
    """Whether the exchanged days of this year and the next are known: the next year's come out in November at the earliest."""
    year = engine.clock.now().astimezone(engine.app.zone).year
    for country in sorted({c.country for c in (engine.app.calendar, *engine.app.calendars.values()) if c.country is not None}):
        unknown = next((y for y in (year, year + 1) if not is_published(country, y)), None)
        if unknown is None:
            yield Finding("calendar", "fine", f"节假日（{country}）已公布到明年", f"Holidays ({country}) are known up to next year")
        else:
            yield Finding(
                "calendar",
                "doubt" if unknown == year else "fine",
                f"{unknown} 年（{country}）的调休安排还没有公布：只算法定节假日",
                f"The exchanged days of {unknown} ({country}) are not published yet: statutory holidays alone are counted",
            )


def _number(session: Session, sql: str, **values: object) -> int:
    row = session.connection.one(text(sql, session.connection.dialect), values)
    return 0 if row is None else int(row[0])


def _said(session: Session, instant: datetime) -> str:
    return instant.astimezone(session.app.zone).strftime("%Y-%m-%d %H:%M")
