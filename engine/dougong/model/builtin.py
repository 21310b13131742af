"""The objects that every app has: the users who may sign in, and the teams they belong to."""

from dougong_dsl.expression import Expression, check
from dougong_dsl.expression.scope import Member, Scope
from dougong_dsl.expression.types import Boolean
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.builtin import TEAM_FIELDS, USER_FIELDS, Row
from dougong.fields.base import BuildContext
from dougong.fields.registry import FIELD_TYPES
from dougong.model.app import Field

PLACE = Place("<built-in>", 1, 1)
NOBODY_YET = "admin"  # an app without roles still needs one option for the column

USER_TITLE = Title("用户", "User")
TEAM_TITLE = Title("团队", "Team")
# columns of dg_user that are no fields
ENGINE_COLUMNS = frozenset(("password_hash", "language"))


def user_fields(context: BuildContext, roles: dict[str, Title]) -> list[Field]:
    """The built-in fields of a user; `roles` become the options of `roles`."""
    options = {name: {"zh": title.zh, "en": title.en} for name, title in roles.items()} or [NOBODY_YET]
    return _built(USER_FIELDS, context, options)


def team_fields(context: BuildContext) -> list[Field]:
    """The built-in fields of a team."""
    return _built(TEAM_FIELDS, context, ())


def _built(rows: tuple[Row, ...], context: BuildContext, options: object) -> list[Field]:
    fields = []
    for name, key, own, title, required, unique, searchable in rows:
        kind = FIELD_TYPES[key]
        chosen = kind.Options.model_validate({**own, "options": options} if kind.call_key == "options" else own)
        default = _always() if name == "active" else None  # whoever is made through the API or an import may sign in too
        made = Field(name, kind(chosen, context), title, PLACE, required=required, unique=unique, searchable=searchable, default=default)
        fields.append(made)
    return fields


def _always() -> Expression | None:
    """The expression `true`."""
    return check(Source.inline("true"), Scope(_NoSchema(), None), Boolean())[0]


class _NoSchema:
    """The schema of no object at all."""

    def members(self, object_name: str) -> dict[str, Member]:
        return {}

    def objects(self) -> tuple[str, ...]:
        return ()


def word(text: str) -> Word:
    """A name that no file holds."""
    return Word(Source.inline(text, PLACE.file))
