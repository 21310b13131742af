"""`team`: a link to one of the app's teams."""

from dougong_dsl.titles import Title
from pydantic import Field as Option

from dougong.fields import base
from dougong.fields.link import LinkField

TEAMS = "team"  # the built-in object


class TeamOptions(base.Options):
    """`as`: the name of the list at the team's end."""

    as_: str | None = Option(None, alias="as")


class TeamField(LinkField):
    """A team of the company; teams form a tree."""

    key = "team"
    title = Title("团队", "Team")
    Options = TeamOptions
    after_key = None
    widget = "link"

    @property
    def target(self) -> str:
        return TEAMS
