"""Teams: `owner in me.team`, `team within me.team`: a team with all teams below it, or a person in one of them."""

from dougong_dsl.expression import names
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.typed import Typed, Within
from dougong_dsl.expression.types import Boolean, Record

TEAM, USER = "team", "user"
PARENT = "parent"


def within(item: Typed, above: Typed, checker: Binding) -> Typed | None:
    """Whether a team, or a person, is in a team or below it; None when the two are something else."""
    if above.type != Record(TEAM) or PARENT not in names.members_of(checker, TEAM):
        return None
    if item.type == Record(USER):
        member = names.members_of(checker, USER).get(TEAM)
        if member is None:
            return None
        row = names.row_behind(item)
        item = names.get(checker, row, member, names.path_of(checker, row))
    elif item.type != Record(TEAM):
        return None
    return Within(type=Boolean(), nullable=item.nullable or above.nullable, object=TEAM, item=item, above=above)
