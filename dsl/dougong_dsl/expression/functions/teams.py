"""INDEPT: whether the acting user is in a team, named by its name or held in a field."""

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import names, syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.lists import aggregated
from dougong_dsl.expression.functions.model import WRITTEN, Example, Function, Parameter
from dougong_dsl.expression.operators import compare, logical
from dougong_dsl.expression.teams import TEAM, within
from dougong_dsl.expression.typed import Acting, Get, Here, Records, Typed
from dougong_dsl.expression.types import ListOf, Record, Text, Type, words


def _indept(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    members = names.members_of(checker, checker.scope.me or "")
    if TEAM not in members or checker.scope.me is None:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice="")
        return None
    team = _team(checker, node.arguments[0])
    below = checker.condition(node.arguments[1]) if len(node.arguments) > 1 else None
    if team is None or (below is None and len(node.arguments) > 1):
        return None
    mine = Get(type=Record(TEAM), row=Acting(object=checker.scope.me), name=TEAM)
    same = compare(checker, node, "=", mine, team)
    deeper = within(mine, team, checker)
    if below is None or same is None or deeper is None:
        return same
    return logical("or", (same, logical("and", (below, deeper))))


def _team(checker: Binding, node: syntax.Node) -> Typed | None:
    """The team itself, or the first one of that name."""
    found = checker.scalar(node)
    if found is None or found.type == Record(TEAM):
        return found
    if not isinstance(found.type, Text):
        what, expected = ("INDEPT 的参数", "The argument of INDEPT"), ("团队或团队名称", "a team or the name of one")
        checker.report(codes.WRONG_TYPE, node, what=what, expected=expected, found=words(found.type), advice="")
        return None
    depth = len(checker.frames)
    row = Here(object=TEAM, depth=depth)
    rows = Records(type=ListOf(Record(TEAM)), nullable=False, row=Here(object=checker.scope.object or ""), object=TEAM, through="")
    test = compare(checker, node, "=", Get(type=Text(), row=row, name="name"), found)
    return aggregated("first", rows, Get(type=Record(TEAM), row=row, name="id"), test, depth)


FUNCTIONS = (
    Function("INDEPT", "record", (Parameter("team", "any"), Parameter("with_children", "boolean", optional=True)), "当前用户是否在某个团队；第二个参数为是时，下级团队也算", "Whether the acting user is in a team; with true as the second argument, in one below it", (Example('INDEPT("华东区")', True), Example('INDEPT("销售部")', False), Example('INDEPT("销售部", true)', True)), WRITTEN, WRITTEN, WRITTEN, write=_indept),
)  # fmt: skip
