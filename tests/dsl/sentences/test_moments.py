"""Durations, deadlines, moments, approval steps and score rules: each sentence and the long form it stands for."""

from typing import Any

import pytest
from dougong.definition.fields import plain
from dougong_dsl.places import Source
from dougong_dsl.sentences.moments import deadline, duration, moment
from dougong_dsl.sentences.printing import moment_text
from dougong_dsl.sentences.steps import score, step

THREE_DAYS = {"amount": "3", "unit": "days"}


def hours(amount: str, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "unit": "hours", **more}


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("72 hours", hours("72")),
        ("1 hour", hours("1")),
        ("3 working days", {**THREE_DAYS, "working": True}),
        ("3 个工作日", {**THREE_DAYS, "working": True}),
        ("8 工作小时", hours("8", working=True)),
        ("2 个月", {"amount": "2", "unit": "months"}),
    ],
)
def test_durations(text: str, long: dict[str, Any]) -> None:
    found, problems = duration(Source.inline(text))
    assert (plain(found) if found is not None else None, problems) == (long, [])


@pytest.mark.parametrize("text", ["after 72 hours", "满 72 小时", "超过 72 小时"])
def test_deadlines(text: str) -> None:
    found, _ = deadline(Source.inline(text))
    assert found is not None and plain(found) == {"after": hours("72")}


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("3 days before customer.due", {"span": THREE_DAYS, "event": "before", "of": "customer", "field": "due"}),
        ("3 天 之后 客户.到期日", {"span": THREE_DAYS, "event": "after", "of": "客户", "field": "到期日"}),
        ("deal overdue", {"event": "overdue", "of": "deal"}),
        ("deal in quote for 3 days", {"span": THREE_DAYS, "event": "stays", "of": "deal", "stage": "quote"}),
        ("deal.check overdue", {"event": "overdue", "of": "deal", "field": "check"}),
        ("deal in check.todo for 3 days", {"span": THREE_DAYS, "event": "stays", "of": "deal", "field": "check", "stage": "todo"}),
        ("deal.check 在 todo 满 3 天", {"span": THREE_DAYS, "event": "stays", "of": "deal", "field": "check", "stage": "todo"}),
        ("customer without update for 3 days", {"span": THREE_DAYS, "event": "without", "of": "customer", "what": "update"}),
        ("every monday, 周五 at 09:00", {"event": "every", "every": ["monday", "friday"], "at": "09:00"}),
        ("every 15 minutes", {"event": "every", "every": ["15 minutes"]}),
        ("每周一 at 9:00", {"event": "every", "every": ["monday"], "at": "9:00"}),
        ("every month on 1 at 09:00", {"event": "every", "every": ["month"], "on": "1", "at": "09:00"}),
        ("message on wecom contains (报价，样品)", {"event": "message", "channel": "wecom", "contains": ["报价", "样品"]}),
        ("message on wecom", {"event": "message", "channel": "wecom"}),
        ('message on sms from lead contains ("a b", 3)', {"event": "message", "channel": "sms", "of": "lead", "contains": ["a b", "3"]}),
        ("消息 于 sms 来自 客户 包含 （报价、样品）", {"event": "message", "channel": "sms", "of": "客户", "contains": ["报价", "样品"]}),
        ("form trial submitted", {"event": "submitted", "form": "trial"}),
        ("表单 试听 提交", {"event": "submitted", "form": "试听"}),
        ("webhook paid 收到", {"event": "received", "webhook": "paid"}),
        ("webhook paid received", {"event": "received", "webhook": "paid"}),
        ("审批 contract 驳回", {"event": "rejected", "approval": "contract"}),
    ],
)
def test_moments(text: str, long: dict[str, Any]) -> None:
    found, problems = moment(Source.inline(text))
    assert (plain(found) if found is not None else None, problems) == (long, [])


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("by owner.manager", {"by": "owner.manager"}),
        (
            "by owner.manager within 8 working hours else escalate",
            {"by": "owner.manager", "within": hours("8", working=True), "else": "escalate"},
        ),
        ("by 2 of role finance when region within me.region", {"by": "2 of role finance", "when": "region within me.region"}),
        ("由 角色 法务 当 金额 > 5", {"by": "角色 法务", "when": "金额 > 5"}),
        ("by user li.wei within 8 hours", {"by": "user li.wei", "within": hours("8")}),
        ("by all of team 东区", {"by": "all of team 东区"}),
        ("by team", {"by": "team"}),
        ("by team.leader when amount > 5", {"by": "team.leader", "when": "amount > 5"}),
        ("由 2位 角色 财务", {"by": "2位 角色 财务"}),
    ],
)
def test_steps(text: str, long: dict[str, Any]) -> None:
    found, problems = step(Source.inline(text))
    assert (plain(found) if found is not None else None, problems) == (long, [])


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ('+20 when source = 展会 "展会来源"', {"points": "+20", "when": "source = 展会", "title": "展会来源"}),
        ('-10 when name contains "x"', {"points": "-10", "when": 'name contains "x"'}),
        ('+5 when name = "x" "叫 x"', {"points": "+5", "when": 'name = "x"', "title": "叫 x"}),
    ],
)
def test_scores(text: str, long: dict[str, Any]) -> None:
    found, problems = score(Source.inline(text))
    assert (plain(found) if found is not None else None, problems) == (long, [])


def test_a_mistake_is_shown_where_it_stands() -> None:
    _, (problem,) = moment(Source.inline("every moonday at 09:00"))
    assert (problem.place.column, problem.message("en")) == (
        7,
        "In this event, `moonday` cannot stand here; expected quoted text or a number or a unit of time or a weekday",
    )


@pytest.mark.parametrize(
    "text",
    [
        "3 working days before customer.due at 09:00",
        "1 hour after customer.signed_at",
        "deal overdue",
        "deal.check overdue",
        "deal in check.todo for 3 days",
        "deal in quote for 3 days",
        "customer without visit for 30 days",
        "customer had ppap.late 3 times in a row",
        "every monday, friday at 09:00",
        "every month on 1 at 09:00",
        'every "0 9 * * 1-5"',
    ],
)
def test_a_moment_is_printed_as_it_is_read(text: str) -> None:
    found, _ = moment(Source.inline(text))
    assert found is not None and moment_text(plain(found)) == text
