"""What comes in through doors in a scenario, and what must have gone out."""

import orjson

from dougong.flow.scenarios.world import USER, Unmet, World
from dougong.model.scenarios import SceneStep
from dougong.refusals import Refused
from dougong.runtime.channels.channel import Message
from dougong.runtime.channels.received import Taken


def message(world: World, step: SceneStep) -> None:
    """`message on wecom from c1: 请报价`."""
    sender = step.address or _address(world, step, world.app.channels[str(step.door)].address)
    if sender is None:
        raise Unmet(f"{_whom(step)} 没有 {step.door} 的地址", f"{_whom(step)} has no address on {step.door}")
    number = len(world.heard) + 1
    world.heard.append(sender)
    with world.system() as session:
        taken = session.receive(str(step.door), sender, str((step.values or {})["text"]), id=str(number))
    _checked(taken)


def webhook(world: World, step: SceneStep) -> None:
    """`webhook paid: {no: A1, amount: 12}`."""
    world.heard.append(str(step.door))
    with world.system() as session:
        taken = session.receive_webhook(str(step.door), orjson.dumps(step.values or {}), str(len(world.heard)))
    _checked(taken)


def sent(world: World, step: SceneStep) -> None:
    """`2 sms for c1 saying "…"`."""
    address = _address(world, step, str(step.address))
    told = [(n, m) for n, (channel, m) in enumerate(world.letters.told) if channel == step.door and m.to == address]
    _counted(world, step, "sent", [(n, m.text) for n, m in told], str(address or "-"))


def mailed(world: World, step: SceneStep) -> None:
    """`mail for c1`, where c1 is a record."""
    address = _address(world, step, str(step.address))
    told = [(n, m) for n, m in enumerate(world.letters.sent) if m.to == address]
    _counted(world, step, "mail", [(n, _said(m)) for n, m in told], str(address or "-"))


def called(world: World, step: SceneStep) -> None:
    """`1 request to erp saying "12.50"`."""
    told = [(n, f"{path} {orjson.dumps(body).decode()}") for n, (name, path, body) in enumerate(world.letters.called) if name == step.door]
    _counted(world, step, "called", told, str(step.door))


def nothing_else(world: World) -> None:
    """Nothing went out since the last act but what has been expected."""
    for number, (channel, told) in enumerate(world.letters.told):
        if number >= world.mark["sent"] and ("sent", number) not in world.seen:
            raise Unmet(f"{told.to} 还收到了 {channel}：{told.text}", f"{told.to} also got on {channel}: {told.text}")
    for number, (connector, path, _) in enumerate(world.letters.called):
        if number >= world.mark["called"] and ("called", number) not in world.seen:
            raise Unmet(f"还调用了 {connector}：{path}", f"{connector} was also called: {path}")


def _counted(world: World, step: SceneStep, kind: str, told: list[tuple[int, str]], whom: str) -> None:
    said = step.expected
    assert said is not None
    saying = "" if said.saying is None else str(said.saying)
    found = [number for number, text in told if saying in text]
    world.seen.update((kind, number) for number in found)
    if (found and said.count is None) or len(found) == said.count:
        return
    listed = [text for _, text in told]
    count = "" if said.count is None else f" {said.count} "
    raise Unmet(
        f"{step.door} 应该发给 {whom}{count}条这样的内容，实际 {len(found)} 条。发出的：{'；'.join(listed) or '没有'}",
        f"{step.door} should have told {whom}{count or ' '}such a thing, but did {len(found)} times. Told: {'; '.join(listed) or 'nothing'}",
    )


def _address(world: World, step: SceneStep, field: str) -> str | None:
    about = (USER, world.users[step.login]) if step.login is not None else world.records[str(step.record)]
    with world.look() as session:
        found: str | None = session.get(*about)[field]
    return found


def _whom(step: SceneStep) -> str:
    return str(step.login or step.record)


def _said(mail: Message) -> str:
    return f"{mail.subject} {mail.text}"


def _checked(taken: Taken) -> None:
    if taken.problems:
        raise Refused(taken.problems)
