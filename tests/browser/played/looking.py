"""What a scenario expects, looked for on the pages, once the engine has said that it is so: one function per kind, in one table."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from dougong.flow.scenarios.world import Unmet
from dougong.model.scenarios import SceneStep
from dougong.runtime.session import Session

from tests.browser.played.hand import Hand, Missing
from tests.browser.played.player import Act, Player

T = TypeVar("T")
SHOWN = 50  # messages on the first page of the inbox


def _todos(player: Player, step: SceneStep) -> None:
    """Everything that a person has to do stands on the page of their to-dos, and nothing else does."""
    hand = player.hand(step.login)
    hand.desk("/todos")
    shown = [text.strip() for text in hand.page.locator("li.todo:not(.is-free) p").all_inner_texts()]
    _same("待办", shown, [todo.text for todo in _as(player, step.login, lambda session: list(session.todos()))])


def _messages(player: Player, step: SceneStep) -> None:
    hand = player.hand(step.login)
    hand.desk("/inbox")
    lines = hand.page.locator("li.message > div > form .message-open, li.message > div > p:first-child")
    shown = [text.strip() for text in lines.all_inner_texts()]
    _same("消息", shown, [m.text for m in _as(player, step.login, lambda session: list(session.messages()))][:SHOWN])


def _same(what: str, shown: list[str], there: list[str]) -> None:
    if sorted(shown) != sorted(text.strip() for text in there):
        raise Unmet(f"页面上的{what}是：{shown}，实际是：{there}", f"The page shows {shown}, there is {there}")


def _asked(player: Player, step: SceneStep) -> None:
    hand, task = player.hand(step.login), player.task(step.record, step.login)
    hand.desk("/todos")
    if task is not None and not hand.page.locator(f'.waiting form[action="/approvals/tasks/{task}/approve"] button').count():
        raise Missing(f"the approval of {step.record} that waits for {step.login}")


def _stage(player: Player, step: SceneStep) -> None:
    object_name, _ = player.world.records[str(step.record)]
    pipeline = next(p for p in player.world.app.objects[object_name].pipelines if p.name == step.action)
    title = pipeline.stages[str(step.stage)].title.zh
    hand = _reader(player, step)
    if hand is None:
        return
    here = [text.split("\n")[0].strip() for text in hand.page.locator(".record-head .path [aria-current=step]").all_inner_texts()]
    if title not in here:
        raise Missing(f"{title} in the stage bar, which shows {here}")


def _reader(player: Player, step: SceneStep) -> Hand | None:
    """Whoever acts, before the record, if they may read it."""
    if player.world.actor is None or not _may_read(player, str(player.world.actor), str(step.record)):
        return None
    hand = player.hand()
    player.open(hand, step.record)
    return hand


def _may_read(player: Player, login: str, record: str) -> bool:
    object_name, number = player.world.records[record]
    return bool(_as(player, login, lambda session: session.may("read", object_name) and session.titles(object_name, [number])))


def _gone(player: Player, step: SceneStep) -> None:
    object_name, number = player.world.records[str(step.record)]
    if player.world.actor is not None and player.hand().go(f"/o/{object_name}/{number}") < 400:
        raise Missing(f"that {step.record} is gone")


def _pool(player: Player, step: SceneStep) -> None:
    """Somebody who may claim from the pool finds the record there."""
    pool = player.world.app.pools[str(step.stage)]
    for login in _holders(player, pool.roles):
        hand = player.hand(login)
        if not hand.menu(f"/pools/{pool.name}") or not hand.page.locator("li.pooled").count():
            raise Missing(f"{step.record} in the pool {pool.name}")
        return


def _holders(player: Player, roles: frozenset[str]) -> Iterator[str]:
    with player.world.look() as session:
        for login, number in player.world.users.items():
            if roles & set(session.get("user", number)["roles"] or ()):
                yield login


def _belongs(player: Player, step: SceneStep) -> None:
    hand = _reader(player, step)
    if hand is None:
        return
    with player.world.look() as session:
        name = str(session.get("user", player.world.users[str(step.login)])["name"])
    if name not in hand.text():
        raise Missing(f"{name} on the page of {step.record}")


def _may(player: Player, step: SceneStep) -> None:
    """What somebody may do is a button; what they may not is none, or a locked one."""
    assert step.expected is not None
    object_name, number = player.world.records[str(step.record)]
    hand = player.hand(step.login)
    can_read = hand.go(f"/o/{object_name}/{number}") < 400
    act = step.expected.act
    if act == "move":
        pipeline = next(p for p in player.world.app.objects[object_name].pipelines if p.name == step.action)
        offered = hand.page.locator(f':is(a, button)[data-move-to="{pipeline.qualified(str(step.stage))}"]:visible').count() > 0
    elif act == "read":
        offered = can_read
    else:
        offered = hand.page.locator(f'#main a[href$="/{"edit" if act == "update" else act}"]').count() > 0
    if offered == step.expected.is_not:
        raise Missing(f"that {step.text}")


def _lists(player: Player, step: SceneStep) -> None:
    """The rows of a view, found by its tab."""
    assert step.expected is not None
    if player.world.actor is None:
        return
    view = player.world.app.views[str(step.expected.names[0])]
    hand = player.hand()
    _show(hand, view.object, view.name)
    shown = {str(a.get_attribute("href")).rpartition("/")[2] for a in hand.page.locator(".row-link, .deck h3 a").all()}
    wanted = {str(player.world.records[str(name)][1]) for name in step.expected.names[1:]}
    if shown != wanted:
        raise Missing(f"the rows {sorted(wanted)} in {view.name}, which shows {sorted(shown)}")


def _coloured(player: Player, step: SceneStep) -> None:
    assert step.expected is not None
    object_name, number = player.world.records[str(step.record)]
    if player.world.actor is None or not _may_read(player, str(player.world.actor), str(step.record)):
        return
    hand = player.hand()
    _show(hand, object_name, str(step.expected.names[1]))
    row = hand.page.locator(f'tr:has(a[href="/o/{object_name}/{number}"]), .deck:has(a[href="/o/{object_name}/{number}"])')
    shown = row.first.get_attribute("data-mark") if row.count() else None
    if (shown == step.expected.colour) == step.expected.is_not:
        raise Missing(f"the colour of {step.record}, which is {shown}")


def _show(hand: Hand, object_name: str, view: str) -> None:
    hand.go("/")
    if not hand.menu(f"/o/{object_name}"):
        raise Missing(f"the list of {object_name}")
    tab = hand.page.locator(f'.tabs a[href*="view={view}"]')
    if tab.count():
        hand.press(tab)


def _as(player: Player, login: str | None, look: Callable[[Session], T]) -> T:
    with player.world.engine.reader(player.world.users[str(login)], language="zh") as session:
        return look(session)


LOOKS: Mapping[str, Act] = {
    "expect todo": _todos,
    "expect message": _messages,
    "expect asked": _asked,
    "expect stage": _stage,
    "expect gone": _gone,
    "expect pool": _pool,
    "expect belongs": _belongs,
    "expect may": _may,
    "expect lists": _lists,
    "expect coloured": _coloured,
}
