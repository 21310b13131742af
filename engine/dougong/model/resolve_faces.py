"""Forms and views: fields bound, conditions typed."""

import re
from collections.abc import Sequence
from datetime import timedelta

from dougong_dsl.codes import flow as codes
from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression.typed import Constant
from dougong_dsl.expression.types import Boolean, Duration
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.faces import FormDefinition, ViewDefinition
from dougong.model import names
from dougong.model.drafts import Draft, DraftObject
from dougong.model.faces import Form, FormItem, Section, View

_ITEM = re.compile(r"\s*(\w+)\s*(?:\(\s*as\s+buttons\s*\))?\s*")
_FACTS = ("stage", "stage_since", "created_at", "created_by", "updated_at", "updated_by", "id")


def resolve_forms(draft: Draft, definition: AppDefinition) -> dict[str, Form]:
    """Every form of an object that there is."""
    forms = {}
    for name, each in definition.forms.items():
        draft.report(*names.check_name(name))
        owner = draft.object(each.of)
        if owner is None:
            continue
        with draft.part("forms", str(name), each.is_sound):
            sections = _sections(draft, owner, name, each)
            budget = _budget(draft, each)
            forms[str(name)] = Form(str(name), each.title or owner.title, str(owner.name), sections, name.place, budget)
    return forms


def _budget(draft: Draft, form: FormDefinition) -> timedelta | None:
    """`3 seconds`, `1 分钟`: a written duration."""
    found = draft.expression(form.budget, draft.scope(None), Duration())
    value = found.root.value if found is not None and isinstance(found.root, Constant) else None
    return value if isinstance(value, timedelta) else None


def _sections(draft: Draft, owner: DraftObject, name: Word, form: FormDefinition) -> tuple[Section, ...]:
    seen: set[str] = set()
    if (form.fields is None) == (form.sections is None):
        draft.report(codes.FORM_FIELDS.at(name.place))
        return ()
    if form.fields is not None:
        return (Section(None, 1, _items(draft, owner, form.fields, seen)),)
    sections = []
    for each in form.sections or ():
        if each.columns not in (1, 2):
            draft.report(codes.FORM_COLUMNS.at(each.place))
        show_when = draft.expression(each.show_when, draft.scope(str(owner.name)), Boolean())
        sections.append(Section(each.title, each.columns, _items(draft, owner, each.fields, seen), show_when))
    return tuple(sections)


def _items(draft: Draft, owner: DraftObject, wanted: Sequence[Word], seen: set[str]) -> tuple[FormItem, ...]:
    items = []
    for word in wanted:
        found = _ITEM.fullmatch(word)
        if found is None:
            draft.report(codes.FORM_ITEM.at(word.place, text=str(word)))
            continue
        field = draft.field(owner, Word(word.source.part(found.start(1), found.end(1))))
        if field is None:
            continue
        name, has_buttons = str(field.name), word.rstrip().endswith(")")
        if name in seen:
            draft.report(codes.FIELD_TWICE.at(word.place, name=name))
        elif has_buttons and field.type is not None and not field.type.choices:
            draft.report(codes.NO_BUTTONS.at(word.place, name=name))
        seen.add(name)
        items.append(FormItem(name, "buttons" if has_buttons else None))
    return tuple(items)


def resolve_views(draft: Draft, definition: AppDefinition) -> dict[str, View]:
    """Every view of an object that there is."""
    views = {}
    for name, each in definition.views.items():
        draft.report(*names.check_name(name))
        owner = draft.object(each.of)
        if owner is not None:
            views[str(name)] = _view(draft, owner, name, each)
    return views


def _view(draft: Draft, owner: DraftObject, name: Word, view: ViewDefinition) -> View:
    if view.kind == "kanban" and not owner.pipelines:
        draft.report(codes.KANBAN_WITHOUT_STAGES.at(view.of.place, object=str(owner.name)))
    known = [p.name for p in owner.pipelines]
    if view.pipeline is not None and view.kind != "kanban":
        draft.report(codes.PIPELINE_OF_KANBAN.at(view.pipeline.place))
    elif view.pipeline is not None and view.pipeline not in (*known, *draft.broken):
        draft.report(
            codes.UNKNOWN_PIPELINE.at(
                view.pipeline.place, object=str(owner.name), name=str(view.pipeline), nearest=nearest(view.pipeline, known)
            )
        )
    scope = draft.scope(str(owner.name))
    highlight = {colour: draft.expression(rule, scope, Boolean()) for colour, rule in (view.highlight or {}).items()}
    return View(
        str(name),
        view.title or Title.same(str(name)),
        str(owner.name),
        "kanban" if view.kind == "kanban" else "table",
        tuple(str(word) for word in view.columns or () if _column(draft, owner, word)),
        name.place,
        where=draft.expression(view.where, scope, Boolean()),
        order=tuple(_order(draft, owner, view.order)),
        highlight={str(colour): rule for colour, rule in highlight.items() if rule is not None} or None,
        pipeline=str(view.pipeline) if view.pipeline in known else None,
    )


def _column(draft: Draft, owner: DraftObject, word: Word) -> bool:
    """Whether a word is a field or a fact of the record."""
    if word in owner.fields or (word in _FACTS and word in owner.members):
        return True
    if word not in draft.broken:
        known = [*owner.fields, *(fact for fact in _FACTS if fact in owner.members)]
        draft.report(name_codes.UNKNOWN_FIELD.at(word.place, object=str(owner.name), name=str(word), nearest=nearest(word, known)))
    return False


def _order(draft: Draft, owner: DraftObject, wanted: Sequence[Word]) -> list[tuple[str, bool]]:
    """`-score, name` or a list of the same."""
    order = []
    for text in wanted:
        for found in re.finditer(r"[^,,]+", text):
            piece = found[0].strip()
            start = found.start() + found[0].index(piece) if piece else found.start()
            is_down = piece.startswith("-")
            word = Word(text.source.part(start + is_down, start + len(piece)))
            if not _column(draft, owner, word):
                continue
            field = owner.fields.get(word)
            if field is not None and field.type is not None and not field.type.is_sortable:
                draft.report(codes.NOT_SORTABLE.at(word.place, name=str(word)))
            order.append((str(word), is_down))
    return order
