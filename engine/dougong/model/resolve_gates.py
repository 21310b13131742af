"""Gates of stages bound to fields, roles and durations."""

import re
from collections.abc import Callable, Sequence

from dougong_dsl.codes import gates as codes
from dougong_dsl.expression.types import Number
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.flow import StageDefinition
from dougong.definition.gates import EvidenceDefinition, GateActionDefinition, GateDefinition
from dougong.fields.file import FileField
from dougong.model import names
from dougong.model.drafts import Draft, DraftObject
from dougong.model.gates import NEWEST, NO_GATE, Evidence, Gate, GateAction
from dougong.model.resolve_amounts import amount_of

_ROLE = re.compile(r"\s*(?:(?:role|角色)\s+)?(\w+)\s*")
_ENDING = re.compile(r"\.?([A-Za-z0-9]{1,10})")
Roles = Callable[[Draft, AppDefinition, Sequence[Word]], tuple[str, ...]]
Fields = Callable[[Draft, DraftObject, Sequence[Word]], tuple[str, ...]]


class Gates:
    """The gates of one object. `roles` and `fields` bind names and report those that are not there or cannot be filled."""

    def __init__(self, draft: Draft, definition: AppDefinition, owner: DraftObject, roles: Roles, fields: Fields) -> None:
        self.draft = draft
        self.definition = definition
        self.owner = owner
        self._known: dict[str, GateAction] = {}
        self._roles = roles
        self._fields = fields

    def stage(self, written: StageDefinition, *, is_start: bool) -> tuple[Gate, Gate]:
        """What one stage asks for: to enter it, to leave it."""
        entering = written.to_enter
        if is_start and entering is not None and entering.actions:
            self.draft.report(codes.ACTION_OF_START.at(entering.actions[0].place, action=str(entering.actions[0].id)))
        return self._gate(entering), self._gate(written.to_leave)

    def _gate(self, written: GateDefinition | None) -> Gate:
        if written is None:
            return NO_GATE
        if not (written.fields or written.actions or written.evidence):
            self.draft.report(codes.EMPTY_GATE.at(written.place))
        return Gate(
            self._fields(self.draft, self.owner, written.fields),
            tuple(a for each in written.actions if (a := self._action(each)) is not None),
            tuple(e for each in written.evidence if (e := self._evidence(each)) is not None),
            self._bound(written.exceptions_by),
        )

    def _action(self, written: GateActionDefinition) -> GateAction | None:
        draft, name = self.draft, written.id
        draft.report(*names.check_name(name))
        title = written.title or Title.same(str(name))
        found = GateAction(str(name), title, name.place, self._bound(written.by), written.where)
        known = self._known.setdefault(str(name), found)
        if (known.title, known.roles, known.needs_place) != (found.title, found.roles, found.needs_place):
            draft.report(codes.ACTION_TWICE.at(name.place, action=str(name), line=known.place.line))
        if name in self.owner.fields:
            draft.report(codes.ACTION_LIKE_FIELD.at(name.place, action=str(name)))
        return found

    def _bound(self, written: Sequence[Word]) -> tuple[str, ...]:
        """`role sales` and `sales` are the same."""
        parts = ((each, _ROLE.fullmatch(each)) for each in written)
        return self._roles(self.draft, self.definition, [w if m is None else Word(w.source.part(m.start(1), m.end(1))) for w, m in parts])

    def _evidence(self, written: EvidenceDefinition) -> Evidence | None:
        draft, name = self.draft, written.file
        field = draft.field(self.owner, name)
        if field is None or field.type is None:
            return None
        if not isinstance(field.type, FileField):
            draft.report(codes.NOT_A_FILE.at(name.place, field=str(name)))
            return None
        within = written.newer_than
        is_newest = written.version is not None and written.version.strip() in (NEWEST, "最新")
        scope = draft.scope(str(self.owner.name))
        return Evidence(
            field=str(name),
            place=name.place,
            accept=self._endings(written.accept, field.type),
            newer_than=None if within is None else amount_of(draft, within, is_wait=True),
            version=None if is_newest else draft.expression(written.version, scope, Number(19, 4)),
            is_newest=is_newest,
        )

    def _endings(self, written: Sequence[Word], field: FileField) -> tuple[str, ...]:
        found = []
        for word in written:
            ending = _ENDING.fullmatch(word)
            taken = field.options.accept
            if ending is None or (taken and ending[1].lower() not in taken):
                self.draft.report(codes.NEVER_ACCEPTED.at(word.place, ending=str(word), taken=", ".join(taken) or "pdf"))
            else:
                found.append(ending[1].lower())
        return tuple(found)
