"""What a scenario expects: one function per kind, in one table; an expectation that does not hold raises `Unmet` with what was found."""

from collections.abc import Callable, Mapping
from typing import Any

from dougong_dsl.sentences.scenes import Said

from dougong.flow.scenarios import doors
from dougong.flow.scenarios.world import Unmet, World
from dougong.model.scenarios import SceneStep
from dougong.refusals import Refused
from dougong.runtime.session import Session

Expectation = Callable[[World, SceneStep], None]
LOGS = ("dg_todo", "dg_message", "dg_change")
_MARKS = "SELECT " + ", ".join(f"(SELECT COALESCE(MAX(id), 0) FROM {table})" for table in LOGS)
_TOLD = {"todo": ("待办", "to-do"), "message": ("消息", "message")}


def _told(world: World, step: SceneStep) -> None:
    """`todo for wang.zong about d1`."""
    said = _said(step)
    kind = said.kind
    everything = _texts(world, str(step.login), kind)
    about = None if step.record is None else world.records[step.record]
    saying = None if said.saying is None else str(said.saying)
    found = {
        key: texts
        for key, (record, texts) in everything.items()
        if about in (None, record) and (saying is None or any(saying in t for t in texts))
    }
    world.seen.update((kind, key) for key in found)
    wanted = said.count
    if (found and wanted is None) or len(found) == wanted:
        return
    zh, en = _TOLD[kind]
    listed_zh = "；".join(texts[0] for _, texts in everything.values()) or "没有"
    listed_en = "; ".join(texts[-1] for _, texts in everything.values()) or "none"
    count = "" if wanted is None else f"{wanted} "
    raise Unmet(
        f"{step.login} 应该有{count}这样的{zh}，实际有 {len(found)} 条。{step.login} 现在的{zh}：{listed_zh}",
        f"{step.login} should have {count or 'such a '}{en}, but has {len(found)}. {en}s of {step.login} now: {listed_en}",
    )


def _texts(world: World, login: str, kind: str) -> dict[int, tuple[tuple[str, int | None], tuple[str, str]]]:
    """What a person has to do, or was told: id → (the record it is about, the text in both languages)."""
    found: dict[int, list[str]] = {}
    records: dict[int, tuple[str, int | None]] = {}
    for language in ("zh", "en"):
        with world.engine.reader(world.users[login], language=language) as session:
            for each in _all(session, kind):
                records[each.id] = (each.object, each.record_id)
                found.setdefault(each.id, []).append(each.text)
    return {key: (records[key], (texts[0], texts[-1])) for key, texts in found.items()}


def _all(session: Session, kind: str) -> list[Any]:
    return list(session.todos() if kind == "todo" else session.messages())


def _stage(world: World, step: SceneStep) -> None:
    name, record_id = _noted(world, step)
    pipeline = next(p for p in world.app.objects[name].pipelines if p.name == step.action)
    with world.look() as session:
        stage = session.get(name, record_id)[pipeline.field]
    if stage != step.stage:
        raise Unmet(f"{step.record} 应该在 {step.stage}，实际在 {stage}", f"{step.record} should be in {step.stage}, but is in {stage}")


def _asked(world: World, step: SceneStep) -> None:
    """`wang.zong is asked about c1`."""
    about = world.records[str(step.record)]
    with world.engine.reader(world.users[str(step.login)]) as session:
        is_asked = any((a.object, a.record_id) == about for a in session.approvals_waiting())

    if is_asked == _said(step).is_not:
        zh, en = ("在等他审批", "is asked") if is_asked else ("没有在等他审批", "is not asked")
        raise Unmet(f"{step.record} {zh}（{step.login}）", f"{step.login} {en} about {step.record}")


def _pool(world: World, step: SceneStep) -> None:
    """`d1 in pool hq`."""
    with world.look() as session:
        record = session.get(*_noted(world, step))
        pool = record.get(world.app.pools[str(step.stage)].column)
    if pool != step.stage:
        zh, en = (f"在公海 {pool}", f"is in the pool {pool}") if pool is not None else ("不在公海", "is in no pool")
        raise Unmet(f"{step.record} 应该在公海 {step.stage}，实际{zh}", f"{step.record} should be in the pool {step.stage}, but {en}")


def _belongs(world: World, step: SceneStep) -> None:
    """`d1 belongs to li.wei`."""
    name, record_id = _noted(world, step)
    field = next((pool.field for pool in world.app.pools.values() if pool.object == name), "owner")
    with world.look() as session:
        record = session.get(name, record_id)
        holder = record.get(field)
    if holder != world.users[str(step.login)]:
        login = next((n for n, user in world.users.items() if user == holder), "-")
        raise Unmet(
            f"{step.record} 应该归 {step.login}，实际归 {login}", f"{step.record} should belong to {step.login}, but belongs to {login}"
        )


def _gone(world: World, step: SceneStep) -> None:
    with world.look() as session:
        try:
            session.get(*_noted(world, step))
        except Refused:
            return
    raise Unmet(f"{step.record} 还在", f"{step.record} is still there")


def _holds(world: World, step: SceneStep) -> None:
    """`expect d1: amount = 3 and stage = won`."""
    assert step.condition is not None
    name, record_id = _noted(world, step)
    with world.look() as session:
        if session.matches(step.condition, name, record_id, _names(world)):
            return
        seen = {path[0]: None for path in step.condition.uses}
        record = session.get(name, record_id)
        shown = ", ".join(f"{n} = {record[n]}" for n in seen if n in record)
    raise Unmet(f"条件不成立：{shown}", f"The condition does not hold: {shown}")


def _records(world: World, step: SceneStep) -> None:
    """`1 ticket where amount > 3`."""
    said, name = _said(step), str(step.object)
    with world.look() as session:
        table = session.app.objects[name].table
        ids = [row[0] for row in session.connection.all(f'SELECT id FROM "{table}" ORDER BY id')]
        found = [i for i in ids if step.condition is None or session.matches(step.condition, name, i, _names(world))]
    world.seen.update((name, i) for i in found)
    least = said.count or 0
    most = least if said.most is None else said.most
    if not least <= len(found) <= most:
        wanted = str(least) if said.most is None else f"{least}–{most}"
        raise Unmet(
            f"这样的 {name} 应该有 {wanted} 条，实际有 {len(found)} 条（一共 {len(ids)} 条）",
            f"There should be {wanted} such records of {name}, but there are {len(found)} (of {len(ids)})",
        )


def _may(world: World, step: SceneStep) -> None:
    """`li.wei may not read d1`."""
    said = _said(step)
    name, record_id = world.records[str(step.record)]
    with world.engine.reader(world.users[str(step.login)]) as session:
        may, why = _allowed(session, step, name, record_id)
    if may == said.is_not:
        zh, en = ("可以", "may") if may else ("不可以", "may not")
        reason = f"：{why}" if why else ""
        raise Unmet(f"{step.login} 实际上{zh}这样做{reason}", f"{step.login} {en} do so after all{': ' + why if why else ''}")


def _allowed(session: Session, step: SceneStep, name: str, record_id: int) -> tuple[bool, str]:
    said = _said(step)
    if said.act == "move":
        try:
            states = [s for s in session.moves(name, record_id) if s.target == step.stage and s.pipeline == step.action]
        except Refused as refused:
            return False, refused.refusals[0].message()
        why = "；".join(r.message() for s in states[:1] for r in s.refusals)
        return any(s.allowed for s in states), why
    if said.act == "read":
        try:
            session.get(name, record_id)
        except Refused:
            return False, ""
        return True, ""
    return session.given("update" if said.act == "update" else "delete", name, record_id) is not None, ""


def _nothing(world: World, step: SceneStep) -> None:
    """Nothing happened since the last act but what has been expected."""
    for number, mail in enumerate(world.letters.sent):
        if number >= world.mark["mail"] and ("mail", number) not in world.seen:
            whom = mail.name or mail.to
            raise Unmet(f"{whom} 还收到了邮件：{mail.subject}", f"{whom} also got a mail: {mail.subject}")
    doors.nothing_else(world)
    with world.look() as session:
        for kind, table in (("todo", "dg_todo"), ("message", "dg_message")):
            query = f"SELECT t.id, u.login, t.text FROM {table} t JOIN dg_user u ON u.id = t.for_user WHERE t.id > {world.mark[table]} ORDER BY t.id"
            for key, login, text in session.connection.all(query):
                if (kind, key) not in world.seen:
                    zh, en = _TOLD[kind]
                    raise Unmet(f"{login} 还得到了{zh}：{text}", f"{login} also got a {en}: {text}")
        query = f"SELECT object, record_id, cause, cause_id FROM dg_change WHERE id > {world.mark['dg_change']} AND cause NOT IN ('scenario', 'form') ORDER BY id"
        for name, record_id, cause, cause_id in session.connection.all(query):
            if (name, record_id) not in world.seen:
                called = next((n for n, known in world.records.items() if known == (name, record_id)), f"{name} {record_id}")
                raise Unmet(f"{cause_id or cause} 还改动了 {called}", f"{cause_id or cause} also changed {called}")


def mark(world: World) -> None:
    """Something is about to happen: what is there now is not news."""
    world.mark["mail"] = len(world.letters.sent)
    world.mark["sent"], world.mark["called"] = len(world.letters.told), len(world.letters.called)
    world.seen.clear()
    with world.look() as session:
        row = session.connection.one(_MARKS)
    assert row is not None  # one row of numbers
    world.mark.update(zip(LOGS, row, strict=True))


def _noted(world: World, step: SceneStep) -> tuple[str, int]:
    """A named record; what is expected of it has been accounted for."""
    found = world.records[str(step.record)]
    world.seen.add(found)
    return found


def _mail(world: World, step: SceneStep) -> None:
    """`mail for li.wei saying "…"`: what the mail server was given."""
    said = _said(step)
    if step.login is None:
        doors.mailed(world, step)
        return
    with world.look() as session:
        address = session.get("user", world.users[str(step.login)])["email"]
    saying = "" if said.saying is None else str(said.saying)
    sent = [(number, m) for number, m in enumerate(world.letters.sent) if m.to == address]
    found = [number for number, m in sent if saying in m.subject or saying in m.text]
    world.seen.update(("mail", number) for number in found)
    if (found and said.count is None) or len(found) == said.count:
        return
    listed = "；".join(m.subject for _, m in sent)
    raise Unmet(
        f"{step.login}（{address or '没有邮箱'}）应该收到{'' if said.count is None else f' {said.count} 封'}这样的邮件，实际收到 {len(found)} 封。收到的：{listed or '没有'}",
        f"{step.login} ({address or 'no address'}) should have got {'such a mail' if said.count is None else f'{said.count} such mails'}, but got {len(found)}. Mails: {listed or 'none'}",
    )


def _lists(world: World, step: SceneStep) -> None:
    """`hot lists d1, d2`: these and no others, for whoever acts (the system when nobody does)."""
    view = world.app.views[str(_said(step).names[0])]
    with world.session() if world.actor is not None else world.look() as session:
        found = {record.id for record in session.find(view.object, view=view, limit=1000, fields=[]).records}
    wanted = {world.records[str(name)][1] for name in _said(step).names[1:]}
    if found != wanted:
        called = {record_id: name for name, (of, record_id) in world.records.items() if of == view.object}
        names = ", ".join(called.get(i, f"{view.object} {i}") for i in sorted(found))
        raise Unmet(f"{view.name} 列出的是：{names or '没有'}", f"{view.name} lists {names or 'nothing'}")


def _coloured(world: World, step: SceneStep) -> None:
    """`d1 is red in hot`: the first colour whose condition holds is shown."""
    said, (name, record_id) = _said(step), world.records[str(step.record)]
    marks = world.app.views[str(said.names[1])].highlight or {}
    with world.look() as session:
        shown = next((colour for colour, rule in marks.items() if session.matches(rule, name, record_id, _names(world))), None)
    if (shown == said.colour) == said.is_not:
        raise Unmet(f"{step.record} 的颜色是：{shown or '没有'}", f"{step.record} is {shown or 'not coloured'}")


def _warning(world: World, step: SceneStep) -> None:
    """`warning "…"`, `no warning`: what checks said to the last write, though it was done."""
    said = _said(step)
    texts = [(w.message("zh"), w.message("en")) for w in world.warnings]
    found = [zh for zh, en in texts if said.saying is None or str(said.saying) in zh or str(said.saying) in en]
    if bool(found) is (said.count == 0):
        told_zh, told_en = ("；".join(t[0] for t in texts) or "没有", "; ".join(t[1] for t in texts) or "none")
        wanted = (
            ("不应该有这样的提醒", "There should be no such warning") if found else ("应该有这样的提醒", "There should be such a warning")
        )
        raise Unmet(f"{wanted[0]}。提醒：{told_zh}", f"{wanted[1]}. Warnings: {told_en}")


def _names(world: World) -> Mapping[str, int]:
    return {name: record_id for name, (_, record_id) in world.records.items()}


def _said(step: SceneStep) -> Said:
    assert step.expected is not None
    return step.expected


EXPECTATIONS: Mapping[str, Expectation] = {
    "expect todo": _told,
    "expect message": _told,
    "expect stage": _stage,
    "expect asked": _asked,
    "expect gone": _gone,
    "expect pool": _pool,
    "expect belongs": _belongs,
    "expect holds": _holds,
    "expect records": _records,
    "expect may": _may,
    "expect mail": _mail,
    "expect sent": doors.sent,
    "expect called": doors.called,
    "expect lists": _lists,
    "expect coloured": _coloured,
    "expect nothing": _nothing,
    "expect warning": _warning,
}
