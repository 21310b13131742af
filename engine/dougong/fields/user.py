"""`user`: a link to one of the app's users."""

from dougong_dsl.titles import Title
from pydantic import Field as Option

from dougong.fields import base
from dougong.fields.link import LinkField

USERS = "user"  # the built-in object


class UserOptions(base.Options):
    """`as`: the name of the list at the user's end."""

    as_: str | None = Option(None, alias="as")


class UserField(LinkField):
    """A person who may sign in."""

    key = "user"
    title = Title("用户", "User")
    Options = UserOptions
    after_key = None
    widget = "user"

    @property
    def target(self) -> str:
        return USERS
