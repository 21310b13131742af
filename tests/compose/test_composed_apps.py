"""Apps that use building blocks and change them: what they come to, where each key is from, and that they run on both databases."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from dougong.compose.provenance import Origin, Unknown, why
from dougong.engine import Engine
from dougong.model.app import App
from dougong.model.memory import Memory
from dougong.pipeline import read_app
from dougong.rewrite.expressions import summary

from tests.compose.apps import OUR_CRM

PACKAGES = Path(__file__).parent.parent / "errors" / "packages"


def app_of(files: Mapping[str, str] | str) -> App:
    built = read_app({"app.yaml": files} if isinstance(files, str) else files, [PACKAGES])
    assert [f"{d.place} {d.code.code} {d.message('en')}" for d in built.diagnostics if d.is_error] == []
    assert built.app is not None
    return built.app


def problems(text: str) -> list[str]:
    return [f"{d.place} {d.code.code} {d.message('en')}" for d in read_app({"app.yaml": text}, [PACKAGES]).diagnostics if d.is_error]


def origin(path: str, text: str = OUR_CRM) -> Origin:
    built = read_app({"app.yaml": text}, [PACKAGES])
    assert built.composed is not None
    found = why(built.composed, path)
    assert isinstance(found, Origin)
    return found


def test_names_of_all_building_blocks_are_there_and_changed() -> None:
    app = app_of(OUR_CRM)
    customer, lead = app.objects["customer"], app.objects["lead"]
    assert list(customer.fields["tier"].type.choices) == ["a", "b", "c", "distributor"]
    assert "fax" not in customer.fields and customer.fields["line"].title.en == "Line"
    assert lead.pipeline is not None and lead.pipeline.stages["contacted"].title.en == "Called"
    moves = [(m.sources, m.target) for m in lead.pipeline.moves]
    assert (("qualified",), "contacted") in moves and (("dropped",), "fresh") not in moves
    assert app.views["lead_board"].columns == ("name", "phone")
    assert app.name == "our_crm" and app.title.en == "Our CRM"


def test_a_composed_app_runs_on_both_databases_and_needs_no_folder(database_url: str, tmp_path: Path) -> None:
    blocks = tmp_path / "blocks"
    shutil.copytree(PACKAGES / "stall", blocks / "stall")
    text = OUR_CRM.replace("uses: [", "uses: [stall, ") + "  keeper: {title: K, may: ['read, create, update, delete stall']}\n"
    built = read_app({"app.yaml": text}, [blocks])
    with Engine.open(built.files, database=database_url):
        shutil.rmtree(blocks)
    with Engine.open("nowhere", database=database_url, apply=False) as engine:
        assert ".uses/stall/app.yaml" in engine.release.files
        with engine.system_session("test") as session:
            customer = session.create("customer", name="周记五金", tier="distributor", line="泵体")
            lead = session.create("lead", name="宁波某厂", contact_name="周工", source="exhibition", need="一台")
            for stage in ("contacted", "qualified", "contacted"):
                session.move("lead", lead.id, stage, {"next_on": "2026-12-01", "need": "一台"})
            assert session.get("customer", customer.id)["tier"] == "distributor"
            assert session.get("lead", lead.id)["stage"] == "contacted"
        assert engine.plan(engine.release.files).is_empty


def test_a_changed_building_block_is_planned_like_any_change(database_url: str) -> None:
    plain = "app: mine\nuses: [customers]\n"
    with Engine.open({"app.yaml": plain}, database=database_url) as engine:
        changed = plain + "change: {objects.customer.fields.+: {line: text}}\n"
        plan = engine.plan({"app.yaml": changed})
        assert [o.describe("en") for o in plan.operations if o.sign == "+"] and all(o.kind == "safe" for o in plan.operations)
        engine.apply({"app.yaml": changed}, "test")
        assert "line" in engine.app.objects["customer"].fields


@pytest.mark.parametrize(("wanted", "field"), [("shop", "street"), ("shop@^1", "city"), ("shop@1.4", "city"), ("shop@2.0.0", "street")])
def test_the_highest_version_that_fits_is_taken(wanted: str, field: str) -> None:
    assert field in app_of(f"app: a\nuses: ['{wanted}']\n").objects["shop"].fields


def test_settings_come_from_the_template_unless_the_app_says_otherwise() -> None:
    assert app_of("app: a\nuses: [shop@^1]\n").currency == "EUR"
    assert app_of("app: a\ncurrency: USD\nuses: [shop@^1]\n").currency == "USD"


def test_the_app_settles_what_two_packages_disagree_about() -> None:
    both = "app: a\nuses: [stall_dear, stall_cheap]\n"
    assert [p.split()[1] for p in problems(both)] == ["T808"]
    settled = app_of(both + "change: {objects.stall.fields.rent.default: 7}\n")
    default = settled.objects["stall"].fields["rent"].default
    assert default is not None and default.source.text == "7"


def test_users_belong_to_everybody() -> None:
    text = "app: a\nuses: [shop]\nobjects: {user: {fields: {region: text, lines: text}}}\n"
    assert {"region", "lines", "login"} <= set(app_of(text).objects["user"].fields)


def test_every_key_knows_its_file_and_line() -> None:
    tier = origin("objects.customer.fields.tier")
    assert (tier.place.file, tier.place.line) == (".uses/customers/app.yaml", _line("customers", "tier: choice"))
    assert [(c.path[-1], c.by, str(c.place)) for c in tier.changes] == [("distributor", "", "app.yaml:5:44")]
    title = origin("pipelines.lead_flow.stages.contacted.title")
    assert (str(title.place), title.changes[0].by) == ("app.yaml:9:40", "")
    assert origin("objects.customer.fields.fax").value is None
    assert origin("roles.boss.admin").place.file == "app.yaml"
    dear = origin("objects.stall.fields.rent.default", "app: a\nuses: [stall_dear]\n")
    assert (dear.value, dear.changes[0].by, dear.place.file) == ("500", "stall_dear", ".uses/stall_dear/app.yaml")


def test_a_key_that_is_not_there_has_a_nearest_one() -> None:
    built = read_app({"app.yaml": OUR_CRM})
    assert built.composed is not None
    assert why(built.composed, "objects.customr.title") == Unknown("objects.customr.title", "objects", "customer")


def test_a_change_does_not_reach_what_is_written_twice_by_an_alias() -> None:
    text = "app: a\nuses: [shop]\nobjects:\n  one: &o {fields: {name: text}}\n  two: *o\nchange: {objects.two.fields.name: text required}\n"
    app = app_of(text)
    assert (app.objects["one"].fields["name"].required, app.objects["two"].fields["name"].required) == (False, True)


def test_what_a_removal_breaks_is_told_where_it_is_used_and_where_it_was_removed() -> None:
    built = read_app({"app.yaml": "app: a\nuses: [stall]\nchange: {objects.stall.fields.rent: removed}\n"}, [PACKAGES])
    found = next(d for d in built.diagnostics if d.place == min(d.place for d in built.diagnostics))
    assert (found.place.file, found.place.line, found.params["name"]) == (".uses/stall/app.yaml", 6, "rent")
    assert [(str(r.place), r.en) for r in found.related] == [("app.yaml:3:10", "taken out here")]


def test_a_build_that_remembers_sees_a_change_of_a_change() -> None:
    memory = Memory()
    assert read_app({"app.yaml": OUR_CRM}, memory=memory).app is not None
    changed = {"app.yaml": OUR_CRM.replace("Called", "Phoned").replace("{distributor: {zh: 经销商", "{dealer: {zh: 分销商")}
    remembered, fresh = read_app(changed, memory=memory).app, read_app(changed).app
    assert remembered is not None and summary(remembered) == summary(fresh)


def test_a_missing_package_is_all_that_is_told() -> None:
    assert [p.split()[1] for p in problems("app: a\nuses: [customerz]\n")] == ["T801"]


def _line(package: str, text: str) -> int:
    lines = (Path(__file__).parents[2] / "builtin_templates" / package / "app.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
