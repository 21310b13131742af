"""The outcomes of scenarios as JUnit XML, which continuous integration servers read."""

from collections.abc import Sequence
from xml.etree import ElementTree

from dougong.fields.base import Language
from dougong.flow.scenarios.play import Outcome


def report(app: str, outcomes: Sequence[Outcome], language: Language) -> str:
    """One `testsuite` with a `testcase` per scenario; seconds are real time."""
    failed = sum(not o.passed for o in outcomes)
    suite = ElementTree.Element(
        "testsuite", name=app, tests=str(len(outcomes)), failures=str(failed), time=f"{sum(o.seconds for o in outcomes):.3f}"
    )
    for outcome in outcomes:
        place = outcome.scenario.place
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=app,
            name=outcome.scenario.name,
            file=place.file,
            line=str(place.line),
            time=f"{outcome.seconds:.3f}",
        )
        if outcome.failure is not None:
            failure = outcome.failure
            told = failure.zh if language == "zh" else failure.en
            ElementTree.SubElement(case, "failure", message=told).text = f"{failure.step.place}: {failure.step.text}\n{failure.at}\n{told}"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"
