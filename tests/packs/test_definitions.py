"""What can be told from the definition alone: it loads clean, speaks two languages, hides no required field, strands no stage."""

import re
from collections.abc import Iterator

import pytest
from dougong.model.app import App
from dougong.model.flow import Pipeline
from dougong.pipeline import read_app
from dougong_dsl.titles import Title

from tests.packs.packs import PACKS, Pack

CHINESE = re.compile(r"[\u4e00-\u9fff]")
each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.name)


@each_pack
def test_it_loads_without_a_warning(pack: Pack) -> None:
    assert [f"{d.place} {d.code.code} {d.message('en')}" for d in read_app(pack.folder).diagnostics] == []


@each_pack
def test_every_stage_can_be_reached_and_left(pack: Pack) -> None:
    for pipeline in (o.pipeline for o in pack.app.objects.values() if o.pipeline):
        assert set(pipeline.stages) - reached(pipeline) == set()
        assert [s.name for s in pipeline.stages.values() if s.is_open and not any(s.name in m.sources for m in pipeline.moves)] == []


@each_pack
def test_every_form_shows_each_required_field(pack: Pack) -> None:
    missing = []
    for form in pack.app.forms.values():
        shown = {item.field for section in form.sections for item in section.items}
        needed = {f.name for f in pack.app.objects[form.object].fields.values() if f.required and f.is_writable}
        missing += [f"{form.name}: {name}" for name in sorted(needed - shown)]
    assert missing == []


@each_pack
def test_every_title_is_there_in_both_languages(pack: Pack) -> None:
    assert [f"{where}: {t.zh} / {t.en}" for where, t in titles(pack.app) if not is_bilingual(t)] == []


@each_pack
def test_every_role_can_look_at_something(pack: Pack) -> None:
    blind = [r.name for r in pack.app.roles.values() if not any("read" in g.actions for g in r.grants)]
    assert blind == []


def reached(pipeline: Pipeline) -> set[str]:
    """The stages that moves lead to from the start."""
    found = {pipeline.start.name}
    while more := {m.target for m in pipeline.moves if found & set(m.sources)} - found:
        found |= more
    return found


def titles(app: App) -> Iterator[tuple[str, Title]]:
    """Every title of an app with the place it belongs to."""
    yield "app", app.title
    yield from ((r.name, r.title) for r in app.roles.values())
    yield from ((t.name, t.title) for t in app.triggers.values())
    yield from ((v.name, v.title) for v in app.views.values())
    for obj in app.objects.values():
        yield obj.name, obj.title
        for name, field in obj.fields.items():
            yield f"{obj.name}.{name}", field.title
            yield from ((f"{obj.name}.{name}.{key}", title) for key, title in getattr(field.type, "choices", {}).items())
        for stage in obj.pipeline.stages.values() if obj.pipeline else ():
            yield f"{obj.name}.{stage.name}", stage.title
        for move in obj.pipeline.moves if obj.pipeline else ():
            if move.title is not None:
                yield f"{obj.name} -> {move.target}", move.title
    for form in app.forms.values():
        yield form.name, form.title
        yield from ((form.name, s.title) for s in form.sections if s.title is not None)


def is_bilingual(title: Title) -> bool:
    """Chinese words for the Chinese reader, none for the English one; a code such as GTX is the same for both."""
    is_code = title.zh == title.en and not re.search("[a-z]", title.en)
    return is_code or bool(CHINESE.search(title.zh) and title.en and not CHINESE.search(title.en))
