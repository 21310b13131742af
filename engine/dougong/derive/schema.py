"""A resolved app as the expression language sees it: for expressions that come while it runs (filters of pages and of the API)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.types import Choice, ListOf, Record

from dougong.derive.facts import facts
from dougong.model.app import App, Object
from dougong.model.flow import former_stages
from dougong.model.names import former_names
from dougong.model.past import NO_PAST


class AppSchema:
    """The objects of an app with their fields, facts and lists."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._members: dict[str, Mapping[str, Member]] = {}

    def members(self, object_name: str) -> Mapping[str, Member]:
        """Everything that a record of the object can be asked for."""
        found = self._members.get(object_name)
        if found is None:
            target = self._app.objects.get(object_name)
            found = self._members[object_name] = {} if target is None else _members(self._app, target)
        return found

    def objects(self) -> Iterable[str]:
        """All object names."""
        return list(self._app.objects)


def _members(app: App, target: Object) -> Mapping[str, Member]:
    found = {}
    past = app.pasts.get(target.name, NO_PAST)
    for name, field in {**facts(app, target), **target.fields}.items():
        kind = field.type.type
        if isinstance(kind, Choice):
            titles = tuple((text, option) for option, t in field.type.choices.items() for text in dict.fromkeys((t.zh, t.en)))
            kind = Choice(kind.options, titles)
        titled = (field.title.zh, field.title.en)
        found[name] = Member(
            name,
            kind,
            titled,
            former=former_names(field.was, name, past.fields.get(name, ())),
            is_recorded=name in target.fields and not field.formula,
        )
    approvals = tuple((a.name, (a.title.zh, a.title.en)) for a in app.approvals.values() if a.object == target.name)
    found["id"] = replace(found["id"], approvals=approvals)
    if target.pipeline is not None:
        found["stage"] = replace(found["stage"], former=former_stages(target.pipeline), is_recorded=True)
    for track in target.tracks:
        found[track.field] = replace(found[track.field], former=former_stages(track), stage_log=track.name)
    for reverse in target.reverses.values():
        found[reverse.name] = Member(reverse.name, ListOf(Record(reverse.child)), through=reverse.through)
    return found
