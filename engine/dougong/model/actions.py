"""Actions: what a trigger, a stage or an approval does. One class for each kind; all of them know their expressions and what they write.

Lists of them stand wherever something follows from something else, and are done in declared order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from dougong_dsl.expression import Expression
from dougong_dsl.places import Place
from dougong_dsl.working import Amount

from dougong.model.dispatch_words import Method, Target
from dougong.model.text import Template

Use = tuple[str, str]  # object, field


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is no user: the record itself, or the one of `object` behind `path`; `addresses` are (channel, field) pairs."""

    object: str
    addresses: tuple[tuple[str, str], ...]
    path: Expression | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: the user in a field or path (`user`), everyone with a `role`, one user by `login`, or a team with those below it:
    one in a field or path (`team_path`), or `team` by its name; or a `contact`, who is no user."""

    user: Expression | None = None
    role: str | None = None
    login: str | None = None
    team_path: Expression | None = None
    team: str | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What every action has. `then` follows it when it was done; a refusal undoes the whole write when it `must` be done, and is
    noted in the log otherwise; `by_actor`: it needs the rights of the person whose write it was, else it is the system's."""

    key: ClassVar[str]
    place: Place
    when: Expression | None = None
    then: tuple["Action", ...] = ()
    must: bool = True
    by_actor: bool = False

    def expressions(self) -> Iterator[Expression]:
        """Its own expressions, beside `when` and those of `then`."""
        yield from ()

    def writes(self, owner: str) -> Iterator[Use]:
        """The fields it writes, of whatever object; `owner` is the object of the record it is about."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAction(Action):
    """Give fields of the record new values."""

    key = "set"
    values: Mapping[str, Expression]

    def expressions(self) -> Iterator[Expression]:
        """What is put into the fields."""
        yield from self.values.values()

    def writes(self, owner: str) -> Iterator[Use]:
        """Fields of the record."""
        yield from ((owner, name) for name in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAction(Action):
    """Make a record of another object; the expressions speak of the triggering record. In `then` it is called `created`."""

    key = "create"
    object: str
    values: Mapping[str, Expression]

    def expressions(self) -> Iterator[Expression]:
        """What is put into the fields."""
        yield from self.values.values()

    def writes(self, owner: str) -> Iterator[Use]:
        """Fields of the new record."""
        yield from ((self.object, name) for name in self.values)


@dataclass(frozen=True, slots=True)
class Reach:
    """One step from a record to others: over the link `field` of `owner`, or, backwards, over `through` of `object`."""

    owner: str
    object: str
    field: str | None = None
    through: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAction(Action):
    """Change the records that a path leads to; `where` and the values speak of each, the record goes by its object's name."""

    key = "update"
    path: tuple[Reach, ...]
    values: Mapping[str, Expression]
    where: Expression | None = None

    @property
    def object(self) -> str:
        """The object of the records it changes."""
        return self.path[-1].object

    def expressions(self) -> Iterator[Expression]:
        """The condition and what is put into the fields."""
        yield from self.values.values()
        if self.where is not None:
            yield self.where

    def writes(self, owner: str) -> Iterator[Use]:
        """Fields of the records it reaches, and the links that lead there."""
        yield from ((step.owner, step.field) for step in self.path if step.field is not None)
        yield from ((step.object, step.through) for step in self.path if step.through is not None)
        yield from ((self.object, name) for name in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAction(Action):
    """Move the record to `stage` of the pipeline that keeps it in `column`, with the values that the move asks for."""

    key = "move"
    stage: str
    column: str = "stage"
    values: Mapping[str, Expression]

    def expressions(self) -> Iterator[Expression]:
        """What is put into the fields."""
        yield from self.values.values()

    def writes(self, owner: str) -> Iterator[Use]:
        """Fields of the record."""
        yield from ((owner, name) for name in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAction(Action):
    """Propose to the recipients to move the record to `stage` of the pipeline in `column`; where `automatic` is true it moves by itself."""

    key = "propose_move"
    stage: str
    column: str = "stage"
    recipients: tuple[Recipient, ...]
    text: Template | None = None
    automatic: Expression | None = None

    def expressions(self) -> Iterator[Expression]:
        """The recipients, the gaps of the text and the condition."""
        yield from users_of(self.recipients)
        if self.text is not None:
            yield from gaps(self.text)
        if self.automatic is not None:
            yield self.automatic


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAction(Action):
    """Put a user into `field`: the one named by `login`, or one of those for whom `candidates` is true, chosen `by`

    least: fewest open records of the object with that user in `field`, ties go to the lowest id · round: whose last turn is longest ago ·
    weight: drawn, each as often as its `weight` says, at least `floor` of all · table: whatever the decision table says of the record.
    Who has `capacity` open records gets none; `otherwise` says who gets the record when nobody is left. `candidates`, `weight` and
    `capacity` speak of the user's own fields; the record goes by its object's name (`city = lead.city`).
    """

    key = "assign"
    field: str
    login: str | None = None
    candidates: Expression | None = None
    by: Method = "least"
    weight: Expression | None = None
    table: str | None = None
    floor: Decimal | None = None
    capacity: Expression | None = None
    otherwise: Target | None = None

    def expressions(self) -> Iterator[Expression]:
        """What is asked about the users."""
        yield from (each for each in (self.candidates, self.weight, self.capacity) if each is not None)

    def writes(self, owner: str) -> Iterator[Use]:
        """The field."""
        yield owner, self.field


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAction(Action):
    """Add to and take from what a field of tags or of many choices holds."""

    key = "tag"
    field: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def writes(self, owner: str) -> Iterator[Use]:
        """The field."""
        yield owner, self.field


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAction(Action):
    """Give the record `points` of a score for good (below 0: take them away), and note why."""

    key = "score"
    score: str
    points: Expression
    because: Template

    def expressions(self) -> Iterator[Expression]:
        """The points and the gaps of the reason."""
        yield self.points
        yield from gaps(self.because)

    def writes(self, owner: str) -> Iterator[Use]:
        """The score."""
        yield owner, self.score


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycleAction(Action):
    """Put the record into a pool: nobody has it then."""

    key = "recycle"
    pool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAction(Action):
    """Start an approval of the record, unless it is running."""

    key = "start"
    approval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecordAction(Action):
    """Begin a pipeline under the record: a record of its `object` whose `link` leads here, unless one is open and not `again`.

    `column` holds the stage, `open` are the stages in which work goes on. In `then` the new record is called `created`.
    """

    key = "start"
    pipeline: str
    object: str
    link: str
    column: str
    open: frozenset[str]
    values: Mapping[str, Expression]
    again: bool = False

    def expressions(self) -> Iterator[Expression]:
        """What is put into the fields."""
        yield from self.values.values()

    def writes(self, owner: str) -> Iterator[Use]:
        """Fields of the new record."""
        yield self.object, self.link
        yield from ((self.object, name) for name in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoAction(Action):
    """A to-do about the record for each recipient; with `claim`, one for each role and team, of which one person takes it.

    `until_left`: it is done when the record leaves its stage (None: only a to-do that a stage brings about). `due` gives a day or an instant.
    """

    key = "todo"
    recipients: tuple[Recipient, ...]
    text: Template
    claim: bool = False
    until_left: bool | None = None
    due: Expression | None = None

    def expressions(self) -> Iterator[Expression]:
        """The recipients, the gaps of the text and the due time."""
        yield from users_of(self.recipients)
        yield from gaps(self.text)
        if self.due is not None:
            yield self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAction(Action):
    """A to-do to fill in `form` about the record, done when somebody submits it with `through` pointing to the record.

    `within` is the time for it; whoever was asked, or has answered, less than `once` ago is not asked again.
    """

    key = "survey"
    form: str
    object: str
    through: str
    recipients: tuple[Recipient, ...]
    text: Template | None = None
    within: Amount | None = None
    once: Amount | None = None
    claim: bool = False

    def expressions(self) -> Iterator[Expression]:
        """The recipients and the gaps of the text."""
        yield from users_of(self.recipients)
        if self.text is not None:
            yield from gaps(self.text)

    def writes(self, owner: str) -> Iterator[Use]:
        """The link by which answers point to the record."""
        yield self.object, self.through


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyAction(Action):
    """A message about the record for each recipient: for users in the inbox, and on the other channels of `via` for everybody."""

    key = "notify"
    recipients: tuple[Recipient, ...]
    text: Template
    via: tuple[str, ...] = ("inbox",)

    def expressions(self) -> Iterator[Expression]:
        """The recipients and the gaps of the text."""
        yield from users_of(self.recipients)
        yield from gaps(self.text)

    def reads(self) -> Iterator[Use]:
        """The fields that hold addresses of contacts."""
        contacts = (each.contact for each in self.recipients if each.contact is not None)
        yield from ((contact.object, field) for contact in contacts for _, field in contact.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAction(Action):
    """Make a copy of a document of the record as `form`: into the file field `into`, or with a message to each recipient."""

    key = "document"
    document: str
    form: str
    into: str | None = None
    recipients: tuple[Recipient, ...] = ()
    text: Template | None = None

    def expressions(self) -> Iterator[Expression]:
        """The recipients and the gaps of the text."""
        yield from users_of(self.recipients)
        if self.text is not None:
            yield from gaps(self.text)

    def writes(self, owner: str) -> Iterator[Use]:
        """The field."""
        if self.into is not None:
            yield owner, self.into


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAction(Action):
    """Tell another system something: the JSON of `body` goes to `path` of a connector's address."""

    key = "call"
    connector: str
    path: Template
    body: Mapping[str, Expression]
    method: str

    def expressions(self) -> Iterator[Expression]:
        """The gaps of the path and what is sent."""
        yield from gaps(self.path)
        yield from self.body.values()


def every(actions: Iterable[Action]) -> Iterator[Action]:
    """The actions and those that follow them, in declared order."""
    for action in actions:
        yield action
        yield from every(action.then)


def users_of(recipients: Iterable[Recipient]) -> Iterator[Expression]:
    """The paths that lead to users, teams and contacts."""
    paths = ((each.user, each.team_path, None if each.contact is None else each.contact.path) for each in recipients)
    return (path for some in paths for path in some if path is not None)


def gaps(text: Template) -> Iterator[Expression]:
    """The expressions in a text."""
    return (part for part in (*text.parts, *(text.en or ())) if isinstance(part, Expression))
