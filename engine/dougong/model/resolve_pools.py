"""Pools: the field, people, conditions and events bound."""

from dataclasses import replace

from dougong_dsl.codes import dispatch as codes
from dougong_dsl.expression.types import Boolean, Record
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title
from dougong_dsl.working import Amount

from dougong.definition.app import AppDefinition
from dougong.definition.dispatch import PoolDefinition
from dougong.definition.durations import DurationDefinition
from dougong.model import names
from dougong.model.dispatch import Pool
from dougong.model.drafts import USER, Draft, DraftObject
from dougong.model.flow import Event
from dougong.model.pool_fields import NAMES, prefix_of
from dougong.model.resolve_amounts import amount_of, length_of
from dougong.model.resolve_flow import known_roles
from dougong.model.resolve_triggers import Events

OF_TIME = ("without", "stays", "overdue", "after")
Problem = tuple[str, str]


def resolve_pools(draft: Draft, definition: AppDefinition) -> dict[str, Pool]:
    """Every sound pool."""
    found: dict[str, Pool] = {}
    for name, written in definition.pools.items():
        with draft.part("pools", str(name), written.is_sound):
            draft.report(*names.check_name(name))
            owner = draft.object(written.of)
            if owner is not None:
                pool = _Pool(draft, definition, name, owner, written).read()
                if pool is not None:
                    found[str(name)] = replace(pool, prefix=prefix_of(definition, written))
    return found


class _Pool:
    def __init__(self, draft: Draft, definition: AppDefinition, name: Word, owner: DraftObject, written: PoolDefinition) -> None:
        self.draft, self.definition, self.name, self.owner, self.written = draft, definition, name, owner, written

    def read(self) -> Pool | None:
        written, draft, name = self.written, self.draft, self.name
        field = self._field()
        if field is None:
            return None
        scope = draft.scope(str(self.owner.name))
        holder = draft.expression(Word(Source.inline(field, name.place.file)), scope, Record(USER))
        for key in ("open", "per_day", "views_per_day"):
            if (value := getattr(written, key)) is not None and value < 1:
                self._wrong(written.place, key, ("至少是 1", "must be at least 1"))
        self._warned_in_time()
        shows = tuple(str(f.name) for f in draft.fields(self.owner, written.shows))
        if written.warn is not None and not written.recycle:
            self._wrong(
                written.warn.place, "warn", ("没有 recycle，就没有什么可提醒的", "goes with `recycle`: without it nothing is taken back")
            )
        pool = Pool(
            str(name),
            written.title or Title.same(str(name)),
            str(self.owner.name),
            field,
            frozenset(known_roles(draft, self.definition, written.by)),
            name.place,
            where=draft.expression(written.where, scope, Boolean()),
            shows=shows,
            open=written.open,
            per_day=written.per_day,
            views_per_day=written.views_per_day,
            unless=draft.expression(written.unless, scope, Boolean()),
            holder=holder,
        )
        return replace(
            pool,
            again=self._amount(written.again),
            recycle=self._events(),
            protect=self._amount(written.protect),
            warn=self._amount(written.warn),
            rest=self._amount(written.rest),
        )

    def _warned_in_time(self) -> None:
        """A warning comes before what it warns of begins to run out: it must be shorter."""
        warn = self.written.warn
        spans = [event.span for event in self.written.recycle if event.span is not None]
        for span in spans if warn is not None else ():
            if warn is not None and bool(span.working) == bool(warn.working) and length_of(warn) >= length_of(span):
                self._wrong(warn.place, "warn", ("要比 recycle 的时间短", "must be shorter than the time of `recycle`"))

    def _field(self) -> str | None:
        """The field that holds who has the record: a user that may be blank."""
        written = self.written.field
        word = written if written is not None else Word(Source.inline("owner", self.name.place.file))
        place = self.name.place if written is None else written.place
        field = self.owner.fields.get(word)
        if field is None and written is not None:
            self.draft.field(self.owner, written)
            return None
        is_user = field is not None and field.type is not None and field.type.target == USER
        if field is None or not is_user or (field.definition is not None and (field.definition.required or field.definition.formula)):
            problem = ("要是一个可以空着的用户字段", "must be a field with a user that may be blank")
            self._wrong(place, "field", problem)
            return None
        return str(word)

    def _events(self) -> tuple[Event, ...]:
        """What takes a record back."""
        reader = Events(self.draft, self.definition)
        found = []
        for each in self.written.recycle:
            event = reader.read(each)
            if event is None:
                continue
            if event.moment is None or event.kind not in OF_TIME or event.object != self.owner.name:
                problem = (
                    f"要写 {self.owner.name} 自己到时候的事情，例如 `{self.owner.name} without update for 14 days`",
                    f"must be something that time does to {self.owner.name}, such as `{self.owner.name} without update for 14 days`",
                )
                self._wrong(each.place, "recycle", problem)
                continue
            if event.moment.field is not None and self._is_kept(event.moment.field):
                self._wrong(each.place, "recycle", ("不能等公海自己的时间", "cannot wait for what the pool itself keeps"))
                continue
            found.append(event)
        return tuple(found)

    def _is_kept(self, name: str) -> bool:
        field = self.owner.fields.get(Word(Source.inline(name, self.name.place.file)))
        return name.endswith(NAMES) and field is not None and field.built is not None and field.built.is_kept

    def _amount(self, written: DurationDefinition | None) -> Amount | None:
        return None if written is None else amount_of(self.draft, written)

    def _wrong(self, place: Place, key: str, problem: Problem) -> None:
        self.draft.report(codes.POOL_SHAPE.at(place, pool=str(self.name), key=key, problem=problem))
