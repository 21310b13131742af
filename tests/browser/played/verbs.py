"""What happens in a scenario, done on the pages: one function per kind of line, in one table.

A page that refuses raises what it says; a page that does not offer the act raises `Missing`.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dougong.flow.scenarios.verbs import VERBS
from dougong.flow.scenarios.world import USER
from dougong.model.scenarios import SceneStep
from playwright.sync_api import Locator

from tests.browser.played.hand import Hand, Missing, said
from tests.browser.played.player import Act, Player

MAIN = ".btn-primary:visible"
PART_ROWS = "fieldset.split-row"


def _create(player: Player, step: SceneStep) -> None:
    values = dict(step.values or {})
    object_name = str(step.object)
    if "stage" in values:  # no page lets anybody make a record in a later stage: only programs and imports try
        player.by_engine.append(step)
        VERBS["create"](player.world, step)
        return
    hand = player.hand()
    if object_name == USER:
        _employ(player, hand, step, values)
        return
    hand.new(object_name)
    left = player.filler.fill(hand, object_name, values)
    if step.refused is not None:
        _shown(player, object_name, left)
    _send(hand, hand.place.locator(f".form-foot {MAIN}"))
    tail = hand.path.rpartition("/")[2]
    player.world.name(step, int(tail) if tail.isdigit() else _newest(player, object_name))
    _in_place(player, hand, step, object_name, left)


def _employ(player: Player, hand: Hand, step: SceneStep, values: dict[str, Any]) -> None:
    """A new account; what the form does not ask for is filled in afterwards."""
    if not hand.menu("/admin/users"):
        raise Missing("the page of the users")
    hand.unfold(hand.page.locator(".add-user"))
    form = hand.page.locator(".add-user form")
    for name in ("login", "name"):
        form.locator(f"#u-{name}").fill(str(values.pop(name, "")))
    roles = values.pop("roles", ())
    for role in [roles] if isinstance(roles, str) else roles:
        form.locator(f'label.option:has(input[value="{role}"])').click()
    _send(hand, form.locator(MAIN))
    player.world.name(step, _newest(player, USER))
    if values:
        player.open(hand, step.record)
        _edit(player, hand, step, USER, values)


def _newest(player: Player, object_name: str) -> int:
    """Whoever may not read what they made is led elsewhere."""
    with player.world.look() as session:
        row = session.connection.one(f'SELECT MAX(id) FROM "{player.world.app.objects[object_name].table}"')
    assert row is not None
    return int(row[0])


def _update(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    _edit(player, hand, step, player.world.records[str(step.record)][0], step.values or {})


def _edit(player: Player, hand: Hand, step: SceneStep, object_name: str, values: Mapping[str, Any]) -> None:
    pencil = hand.page.locator('.record-title a[href$="/edit"]:visible, .phone-top a[href$="/edit"]:visible')
    hand.press(pencil)
    left = player.filler.fill(hand, object_name, values)
    if step.refused is not None:
        _shown(player, object_name, left)
    if len(left) < len(values):
        _send(hand, hand.place.locator(f".form-foot {MAIN}"))
    elif left:
        hand.press(hand.place.locator(".form-foot a.btn"))
    _in_place(player, hand, step, object_name, left)


def _in_place(player: Player, hand: Hand, step: SceneStep, object_name: str, values: Mapping[str, Any]) -> None:
    """What the form does not ask for is changed on the record's page, one fact after the other."""
    for name, value in values.items():
        fact = hand.page.locator(f"#fact-{name}")
        if not fact.locator("a.edit").count():
            _past(player, hand, step, object_name, {name: value})
            continue
        fact.locator("a.edit").click()
        hand.page.locator(f"#fact-{name}.is-editing").wait_for()
        hand.awake()
        player.filler.fill(hand, object_name, {name: value})
        fact.locator(MAIN).click()
        hand.page.locator(f"#fact-{name}:not(.is-editing), #fact-{name} .error:visible").first.wait_for()
        if complaint := hand.complaint:
            raise said(complaint)


def _past(player: Player, hand: Hand, step: SceneStep, object_name: str, values: Mapping[str, Any]) -> None:
    """Fields that the app keeps off its form: programs alone fill them."""
    player.by_engine.append(step)
    with player.world.session() as session:
        session.update(object_name, int(hand.path.rpartition("/")[2]), player.world.values(object_name, values))


def _shown(player: Player, object_name: str, hidden: Mapping[str, Any]) -> None:
    """A field that is not there cannot be filled: the page refuses by not showing it."""
    if hidden:
        own = player.world.app.objects[object_name].fields
        raise said("没有可以填的：" + "、".join(own[name].title.zh if name in own else name for name in hidden))


def _move(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    name, _ = player.world.records[str(step.record)]
    player.open(hand, step.record)
    pipeline = next(p for p in player.world.app.objects[name].pipelines if p.name == step.action)
    button = f'[data-move-to="{pipeline.qualified(str(step.stage))}"]:visible'
    values = dict(step.values or {})
    _step_up(hand, button)
    asked = {n: v for n, v in values.items() if hand.sheet.locator(f'[data-field="{n}"]').count()}
    if before := {n: v for n, v in values.items() if n not in asked}:
        player.notes.append(f"{step.place}: {', '.join(before)} is not asked for by the move: filled in before")
        player.open(hand, step.record)
        _edit(player, hand, step, name, before)
        _step_up(hand, button)
    if hand.sheet.count():
        player.filler.fill(hand, name, asked)
        _send(hand, hand.sheet.locator(f".sheet-foot {MAIN}"))


def _step_up(hand: Hand, button: str) -> None:
    """Press the button of a move, unless that is to be done with values first; a locked one says why."""
    found = hand.page.locator(button)
    if not found.count():
        raise Missing(f"the button {button}")
    if found.first.evaluate("one => one.tagName") == "SUMMARY":
        found.first.click()
        raise said(hand.page.locator("details.refused[open] .menu-body").inner_text())
    _send(hand, found)


def _delete(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    hand.unfold(hand.page.locator(".record-title details.menu, .phone-top details.menu").locator("visible=true"))
    hand.press(hand.page.locator('.record-title a[href$="/delete"]:visible, .phone-top a[href$="/delete"]:visible'))
    _send(hand, hand.place.locator(".btn-danger"))


def _finish(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    hand.desk("/todos")
    about = _about(player, step)
    ticks = hand.page.locator(f"li.todo{about} .tick")
    for _ in range(ticks.count()):
        _send(hand, ticks)


def _claim_todo(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    hand.desk("/todos")
    _send(hand, hand.page.locator(f"li.todo.is-free{_about(player, step)} .btn"))


def _about(player: Player, step: SceneStep) -> str:
    if step.record is None:
        return ""
    object_name, number = player.world.records[step.record]
    return f':has(a[href="/o/{object_name}/{number}"])'


def _decide(way: str) -> Act:
    def act(player: Player, step: SceneStep) -> None:
        hand = player.hand()
        task = player.task(step.record)
        _face(player, hand, step, task)
        words = _words(step)
        if way == "approve" and not words:
            _send(hand, hand.page.locator(f'form[action="/approvals/tasks/{task}/approve"] button:visible'))
            return
        link = hand.page.locator(f'a[href*="/tasks/{task}/{way}?"]')
        if way != "reject":
            hand.unfold(hand.page.locator(".decide details.menu").filter(has=link).locator("visible=true"))
        hand.press(link.locator("visible=true"))
        if way in ("transfer", "sign"):
            hand.sheet.locator("#d-login").select_option(str(step.login))
        if way == "sign" and step.action == "first":
            hand.sheet.locator('label.option:has(input[value="before"])').click()
        if way == "return" and step.action is not None:
            hand.sheet.locator("#d-step").select_option(label=step.action)
        hand.sheet.locator("#d-comment").fill(words)
        _send(hand, hand.sheet.locator(f".sheet-foot {MAIN}"))

    return act


def _face(player: Player, hand: Hand, step: SceneStep, task: int | None) -> None:
    """Before the question: on the record's page at a desk, among the to-dos on a phone or when the record may not be seen."""
    if task is None:
        raise Missing(f"an approval of {step.record} that waits for {player.world.actor}")
    if not player.look.is_phone:
        with suppress(Missing):
            player.open(hand, step.record)
            return
    hand.desk("/todos")


def _submit(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    _send(hand, hand.page.locator(f'.submits form[action$="/submit/{_words(step)}"] button'))


def _withdraw(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    _send(hand, hand.page.locator('.approval form[action$="/withdraw"] button:visible'))


def _comment(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    hand.page.locator("#comment").fill(_words(step))
    _send(hand, hand.page.locator(".comment-form .btn"))


def _do(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    hand.unfold(hand.page.locator("#gates"))
    form = hand.page.locator(f'#gates form[action$="/actions/{step.action}"]')
    if not form.count():
        raise Missing(f"the action {step.action}")
    if form.locator("input[name=place]").count():
        hand.unfold(form.locator("xpath=ancestor::details[1]"))
        form.locator("input[name=place]").fill(_words(step))
    _send(hand, form.locator("button:not([type=button])"))


def _undo(player: Player, step: SceneStep) -> None:
    """At once, or, when a stage behind rests on it, once somebody has read what follows."""
    hand = player.hand()
    player.open(hand, step.record)
    hand.unfold(hand.page.locator("#gates"))
    address = f'/actions/{step.action}/undo"]'
    _send(hand, hand.page.locator(f'#gates a[href$="{address}, #gates form[action$="{address} button').locator("visible=true"))
    if hand.sheet.count():
        _send(hand, hand.sheet.locator(".sheet-foot button"))


def _claim(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    object_name, number = player.world.records[str(step.record)]
    why = ""
    for pool in player.world.app.pools.values():
        if pool.object == object_name and hand.menu(f"/pools/{pool.name}"):
            button = hand.page.locator(f'form[action="/pools/{pool.name}/claim/{number}"] button')
            if button.count():
                _send(hand, button)
                return
            why += "\n".join(hand.page.locator("li.pooled p").all_inner_texts())
    if not why:
        raise Missing(f"a pool with {step.record}")
    raise said(why)


def _release(player: Player, step: SceneStep) -> None:
    hand = player.hand()
    player.open(hand, step.record)
    hand.press(hand.page.locator('a[href*="/release/"]:visible'))
    hand.sheet.locator("#d-comment").fill(_words(step))
    _send(hand, hand.sheet.locator(f".sheet-foot {MAIN}"))


def _handover(player: Player, step: SceneStep) -> None:
    hand, users = player.hand(), player.world.users
    leaver, *heir = step.names
    hand.press(player.account(hand, users[leaver]).locator('a[href$="/handover"]'))
    if heir:
        hand.place.locator("#h-to").select_option(value=str(users[heir[0]]))
    _send(hand, hand.place.locator(".sheet-foot .btn-danger"))


def _split(player: Player, step: SceneStep) -> None:
    hand, world = player.hand(), player.world
    whole, _ = world.records[str(step.record)]
    player.open(hand, step.record)
    hand.press(hand.page.locator(f'.split-panel a[href*="/split"][href*="{step.object}"]'))
    names = step.names or ("",) * len(step.rows)
    known = {world.records[part][1] for part in names if part in world.records}
    player.filler.fill(hand, whole, step.values or {}, "w-")
    rows = hand.page.locator(PART_ROWS)
    fresh = [i for i in range(rows.count()) if not _part(rows.nth(i))]
    while len(fresh) < len(names) - len(known):
        hand.press(hand.page.locator('button[name="_more"]'))
        fresh = [i for i in range(rows.count()) if not _part(rows.nth(i))]
    before = _parts(player, str(step.object))
    for i in range(rows.count()):
        if (part := _part(rows.nth(i))) and part not in known:
            rows.nth(i).locator(".split-gone label").click()
    for name, row in zip(names, step.rows, strict=True):
        here = [i for i in range(rows.count()) if name in world.records and _part(rows.nth(i)) == world.records[name][1]]
        player.filler.fill(hand, str(step.object), row, f"{here[0] if here else fresh.pop(0)}-")
    _send(hand, hand.place.locator(f".form-foot {MAIN}"))
    made = sorted(_parts(player, str(step.object)) - before)
    world.records.update({name: (str(step.object), one) for name, one in zip([n for n in names if n and n not in world.records], made)})


def _part(row: Locator) -> int | None:
    kept = row.locator('input[type=hidden][name^="id-"]')
    return int(str(kept.get_attribute("value"))) if kept.count() else None


def _parts(player: Player, object_name: str) -> set[int]:
    with player.world.look() as session:
        return {row[0] for row in session.connection.all(f'SELECT id FROM "{player.world.app.objects[object_name].table}"')}


def _words(step: SceneStep) -> str:
    return str((step.values or {}).get("text") or "")


def _send(hand: Hand, button: Locator) -> None:
    """Press; what the page says against it is a refusal."""
    form = button.locator("xpath=ancestor::form[1]")
    if button.count() and form.count() and form.first.evaluate("one => !one.noValidate && !one.checkValidity()"):
        raise said(form.first.inner_text())  # the browser itself points at the field that is wanted
    hand.press(button)
    if complaint := hand.complaint:
        raise said(complaint)


ACTS: Mapping[str, Act] = {
    "create": _create,
    "update": _update,
    "move": _move,
    "delete": _delete,
    "finish todo": _finish,
    "claim todo": _claim_todo,
    "submit": _submit,
    "withdraw": _withdraw,
    "approve": _decide("approve"),
    "reject": _decide("reject"),
    "return": _decide("return"),
    "transfer": _decide("transfer"),
    "ask": _decide("sign"),
    "comment": _comment,
    "claim": _claim,
    "release": _release,
    "do": _do,
    "undo": _undo,
    "split": _split,
    "handover": _handover,
}
