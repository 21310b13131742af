"""`dougong test`: plays the scenarios of an app; says what none of them exercised, and which changes of a rule none of them notices."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dougong.cli.diagnostics import counted, excerpt
from dougong.cli.opening import read, stop_at_mistakes
from dougong.cli.options import AppPath, Output, Packages, Tongue
from dougong.cli.speech import MISTAKE, Format, Mistake, Speech

if TYPE_CHECKING:
    from dougong.flow.scenarios.coverage import Gap
    from dougong.flow.scenarios.mutate import Mutant
    from dougong.flow.scenarios.play import Outcome
    from dougong.model.scenarios import Scenario
    from dougong.pipeline import Built

MOST_MUTANTS = 500
IN_MEMORY = "sqlite://"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test", help="运行应用里的场景 / play the scenarios of an app")(test)


def test(
    path: AppPath,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="TEXT", help="只运行名称里有这段文字的场景 / only scenarios whose name has this text"),
    ] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="列出没有被任何场景用到的规则 / list what no scenario exercises")] = False,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="逐一改动规则，看场景是否察觉 / change one rule at a time and see whether a scenario notices")
    ] = False,
    most: Annotated[int, typer.Option("--most", min=1, help="最多改动多少处 / at most so many changes")] = MOST_MUTANTS,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="另存 JUnit 报告 / write a JUnit report, too")] = None,
    db: Annotated[
        str,
        typer.Option(
            "--db",
            metavar="URL",
            help="在一个空的数据库里运行，默认在内存里 / play in an empty database, in memory by default",
        ),
    ] = IN_MEMORY,
    packages: Packages = None,
    output: Output = Format.TEXT,
    lang: Tongue = None,
) -> None:
    """Play every scenario; exit code 1 when one fails, or when a changed rule goes unnoticed with `--mutate`."""
    speech = Speech.of(lang, output)
    built = read(path, speech, packages)
    stop_at_mistakes(built, speech)
    assert built.app is not None
    wanted = [s for s in built.app.scenarios.values() if not only or any(text in s.name or text in s.title.zh for text in only)]
    if not wanted:
        raise Mistake("没有要运行的场景", "There is no scenario to play")
    outcomes, gaps = _played(built, wanted, db, coverage, speech)
    failed = sum(not o.passed for o in outcomes)
    steps, seconds = sum(o.played for o in outcomes), sum(o.seconds for o in outcomes)
    speech.say(
        f"{len(outcomes)} 个场景，{failed} 个没有通过；{steps} 步，{seconds:.2f} 秒",
        f"{counted(len(outcomes), 'scenario')}, {failed} failed; {counted(steps, 'step')} in {seconds:.2f} s",
    )
    if coverage:
        _tell_gaps(gaps, speech)
    mutants = _mutants(built, wanted, most, speech) if mutate and not failed else []
    if junit is not None:
        from dougong.flow.scenarios.junit import report  # lazy: only for --junit

        junit.write_text(report(built.app.name, outcomes, speech.language), encoding="utf-8")
    speech.give(_as_json(outcomes, gaps, mutants, speech))
    if failed or any(m.survived for m in mutants):
        raise typer.Exit(MISTAKE)


def _played(built: "Built", wanted: "list[Scenario]", db: str, coverage: bool, speech: Speech) -> "tuple[list[Outcome], list[Gap]]":
    """Play scenarios one after the other, telling of each; what became of them, and with `coverage` what none of them exercised."""
    from dougong.flow.scenarios.coverage import Coverage, Watch  # lazy: the whole engine; --help must not load it
    from dougong.flow.scenarios.play import play  # lazy: as above
    from dougong.flow.scenarios.world import Unmet, World  # lazy: as above

    outcomes = []
    watch = Watch()
    try:
        opened = World(built.files, watch.compile, db)
    except Unmet as unmet:
        raise Mistake(unmet.zh, unmet.en) from unmet
    with opened as world:
        seen = Coverage(world, watch)
        for scenario in wanted:
            outcomes.append(play(world, scenario))
            seen.note()
            _tell(outcomes[-1], built, speech)
        return outcomes, seen.gaps() if coverage else []


def _tell(outcome: "Outcome", built: "Built", speech: Speech) -> None:
    name, failure = outcome.scenario.title, outcome.failure
    if failure is None:
        speech.say(f"✓ {name.zh}", f"✓ {name.en}")
        return
    place = failure.step.place
    speech.say(f"✗ {name.zh}", f"✗ {name.en}")
    speech.say(f"  {place}: {failure.zh}（场景时间 {failure.at}）", f"  {place}: {failure.en} (at {failure.at} in the scenario)")
    for line in excerpt(place, built.files):
        speech.say(f"  {line}", f"  {line}")


def _tell_gaps(gaps: "list[Gap]", speech: Speech) -> None:
    if not gaps:
        speech.say("所有规则、流转、授权和触发器都有场景用到", "Every rule, move, grant and trigger is exercised by a scenario")
    for gap in gaps:
        speech.say(f"没有场景用到 {gap.place}: {gap.zh}", f"Not exercised {gap.place}: {gap.en}")


def _mutants(built: "Built", wanted: list[Any], most: int, speech: Speech) -> "list[Mutant]":
    from dougong.flow.scenarios.mutate import mutants, try_mutant  # lazy: the whole engine; --help must not load it

    tried = []
    found = mutants(built)
    for mutant in found[:most]:
        result = try_mutant(built, mutant, [s.name for s in wanted])
        tried.append(result)
        if result.survived:
            speech.say(f"没有场景察觉 {mutant.place}: {mutant.zh}", f"Unnoticed {mutant.place}: {mutant.en}")
    if len(found) > most:
        speech.say(f"还有 {len(found) - most} 处没有试（见 --most）", f"{len(found) - most} more were not tried (see --most)")
    survived = sum(m.survived for m in tried)
    speech.say(f"改动了 {len(tried)} 处，{survived} 处没有场景察觉", f"{counted(len(tried), 'change')}, {survived} unnoticed")
    return tried


def _as_json(outcomes: "list[Outcome]", gaps: "list[Gap]", mutants: "list[Mutant]", speech: Speech) -> dict[str, Any]:
    zh = speech.language == "zh"
    return {
        "scenarios": [
            {
                "name": o.scenario.name,
                "passed": o.passed,
                "steps": o.played,
                "seconds": round(o.seconds, 4),
                "failure": None
                if o.failure is None
                else {
                    "place": str(o.failure.step.place),
                    "step": o.failure.step.text,
                    "at": o.failure.at,
                    "message": o.failure.zh if zh else o.failure.en,
                },
            }
            for o in outcomes
        ],
        "not_exercised": [{"place": str(g.place), "what": g.zh if zh else g.en} for g in gaps],
        "mutants": [
            {"place": str(m.place), "change": m.zh if zh else m.en, "noticed": not m.survived, "by": m.noticed_by} for m in mutants
        ],
    }
