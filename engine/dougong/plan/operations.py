"""What a plan is made of: frozen values that say what they do, how grave it is, and whom it touches.

Names of tables and columns are those that stand in the database when the operation's turn comes. `late` operations belong to the moment
in which the release changes hands; the others may run before it, while the old release still works.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from dougong_dsl.titles import Title

from dougong.derive.engine_tables import TEAM_TABLE, USER_TABLE
from dougong.plan.facts import Route

Sign = Literal["+", "-", "~", "!"]
Kind = Literal["safe", "asks", "destructive"]


NAMELESS = Title("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change. `title` names it for a person: object, field."""

    sign: ClassVar[Sign] = "~"
    zh: ClassVar[str]
    en: ClassVar[str]
    table: str
    title: Title = NAMELESS
    late: bool = False

    @property
    def kind(self) -> Kind:
        """`safe`: nothing can be lost or wait; `asks`: somebody must decide; `destructive`: values disappear from sight."""
        return "safe"

    def describe(self, language: str) -> str:
        """One sentence: the object, what happens to it, and the number of records where it matters."""
        gaps = {
            name: getattr(self, name) for cls in type(self).__mro__ for name in getattr(cls, "__annotations__", {}) if hasattr(self, name)
        }
        title = self.title.text(language)
        column = gaps.get("to", gaps.get("column"))
        spoken = {
            "owner": {USER_TABLE: "user", TEAM_TABLE: "team"}.get(self.table, self.table),
            "title": title,
            "called": f"{column} ({title})" if title != column else column,
            "count": _counted(gaps.get("records", 0), "record"),
            "values": _counted(gaps.get("records", 0), "value"),
        }
        return (self.zh if language == "zh" else self.en).format(**gaps | spoken)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable(Operation):
    """A new object's table with its indexes."""

    sign = "+"
    zh, en = "新建对象 {title}（表 {table}）", "new object {title} (table {table})"
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable(Operation):
    """An object has another name."""

    zh, en = "对象改名：表 {table} → {to}", "object renamed: table {table} → {to}"
    to: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableAside(Operation):
    """A retired table gives its name to a new one."""

    zh, en = "已停用的表 {table} 改名为 {to}，数据保留", "the retired table {table} becomes {to}; its data stay"
    to: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireTable(Operation):
    """An object left the definition; its table stays as it is."""

    sign = "-"
    zh, en = "停用对象 {title}，保留 {records} 条记录", "object {title} retired, {count} kept"
    records: int

    @property
    def kind(self) -> Kind:
        return "destructive" if self.records else "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTable(Operation):
    """A retired object is back, with its records."""

    sign = "+"
    zh, en = "恢复对象 {title}，带回 {records} 条记录", "object {title} is back with {count}"
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Operation):
    """A new stored field; blank in the records that are there unless a `Fill` follows."""

    sign = "+"
    zh, en = "{owner}：新增字段 {called}，已有 {records} 条记录", "{owner}: new field {called}, {count} so far"
    column: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Operation):
    """A field has another name."""

    zh, en = "{owner}：字段改名 {column} → {called}", "{owner}: field renamed {column} → {called}"
    column: str
    to: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetColumnAside(Operation):
    """A retired column gives its name to a new one of another type."""

    zh, en = "已停用的列 {table}.{column} 改名为 {to}，数据保留", "the retired column {table}.{column} becomes {to}; its values stay"
    column: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireColumn(Operation):
    """A field left the definition; its column and values stay."""

    sign = "-"
    zh, en = "{owner}：停用字段 {called}，保留 {records} 个值", "{owner}: field {called} retired, {values} kept"
    column: str
    records: int

    @property
    def kind(self) -> Kind:
        return "destructive" if self.records else "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreColumn(Operation):
    """A retired field is back, with its values."""

    sign = "+"
    zh, en = "{owner}：恢复字段 {called}，带回 {records} 个值", "{owner}: field {called} is back with {values}"
    column: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Widen(Operation):
    """A number gets more decimal places; every value stays exactly what it is."""

    sign = "!"
    zh, en = (
        "{owner}：字段 {called} 增加小数位，{records} 条记录的值不变",
        "{owner}: field {called} gets more decimal places, no value changes in {count}",
    )
    column: str
    old_scale: int
    new_scale: int
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrange(Operation):
    """Several options become tags, or tags options: the words stay, in the order that they have from now on.

    `order`: of options; empty: by characters.
    """

    zh, en = (
        "{owner}：字段 {called} 改为{kind_zh}，{records} 条记录里的值都留着",
        "{owner}: field {called} becomes {kind_en}, every value in {count} is kept",
    )
    column: str
    kind_zh: str
    kind_en: str
    order: tuple[str, ...]
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIndex(Operation):
    """An index, or a rule that values are unique."""

    sign = "+"
    zh, en = "新增索引 {index}", "new index {index}"
    index: str
    columns: tuple[str, ...]
    unique: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex(Operation):
    """An index that nothing asks for any more."""

    sign = "-"
    zh, en = "删除索引 {index}", "index {index} removed"
    index: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(Operation):
    """Existing records get a field's value: its default where it is blank, or its formula (`overwrites`).

    `columns` says in which column each field stands at that moment, where it differs from the field's name. A `late` one looks at other
    records, and so waits until everything is in its new place.
    """

    zh, en = "{owner}：补算字段 {called}，{records} 条记录", "{owner}: field {called} is worked out for {count}"
    object: str
    column: str
    records: int
    overwrites: bool
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveBlank(Operation):
    """Existing records do not get a new field's default: it asks about the past, and theirs is another than a new record's."""

    zh = "{owner}：字段 {called} 的默认值要看历史，已有的 {records} 条记录留空"
    en = "{owner}: the default of field {called} asks about the past: left blank for {count}"
    column: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FillStage(Operation):
    """Records of an object that gets a pipeline stand at its start. `at`: where the pipeline keeps its stage."""

    zh, en = "{owner}：{records} 条记录进入起始阶段 {stage}", "{owner}: first stage {stage} for {count}"
    stage: str
    at: str = "stage"
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StartClocks(Operation):
    """Records whose field of options becomes a pipeline's have stood in their stage since they were made, for all that is known."""

    zh, en = (
        "{owner}：{records} 条记录留在各自的阶段，停留时间从建立时算起",
        "{owner}: time in stage counts from when it was made for {count}",
    )
    at: str
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameStage(Operation):
    """A stage has another name; its records move along. `at`: where the pipeline keeps its stage."""

    zh, en = "{owner}：阶段改名 {stage} → {to}（{records} 条记录）", "{owner}: stage renamed {stage} → {to} ({count})"
    stage: str
    to: str
    at: str = "stage"
    pipeline: str
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStage(Operation):
    """A stage is gone; its records go where `moved` of its pipeline says. `route` finds them once everything else has its new place.

    `log_name` is the pipeline's name in the stage log, `goes` how many records go to which stage.
    """

    zh, en = "{owner}：阶段 {stage} 的 {records} 条记录移到{where.zh}", "{owner}: {count} out of stage {stage} to {where.en}"
    stage: str
    route: Route
    log_name: str | None
    goes: Mapping[str, int]
    records: int
    where: Title
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveStage(Operation):
    """A stage is gone: nobody is asked any more about moves into it or out of it. `at`: where the pipeline keeps its stage."""

    sign = "-"
    zh, en = "{owner}：去掉阶段 {stage}", "{owner}: stage {stage} removed"
    stage: str
    at: str = "stage"
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePipeline(Operation):
    """A pipeline has another name; what the log says of it stays said."""

    zh, en = "{owner}：流程改名 {pipeline} → {to}", "{owner}: pipeline renamed {pipeline} → {to}"
    pipeline: str
    to: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTrigger(Operation):
    """A trigger has another name; what it has done stays done."""

    zh, en = "触发器改名 {trigger} → {called}", "trigger renamed {trigger} → {called}"
    trigger: str
    to: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDefinition(Operation):
    """Files of the definition differ; what is not storage (forms, rules, rights, titles) comes with it."""

    zh, en = "更新定义文件：{files}", "definition files changed: {files}"
    files: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeApp(Operation):
    """The database belongs to an app of another name: perhaps it was renamed, perhaps this is the wrong database."""

    sign = "!"
    zh, en = (
        "这个数据库现在是应用 {was} 的，将改为应用 {to}；请确认没有连错数据库",
        "this database belongs to the app {was} and would become {to}; make sure that it is not the wrong database",
    )
    was: str
    to: str

    @property
    def kind(self) -> Kind:
        return "asks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Operation):
    """Nothing can be applied before a person decides; the plan's diagnostics say what and where."""

    sign = "!"
    zh, en = "需要先决定：{what.zh}", "to be decided first: {what.en}"
    what: Title

    @property
    def kind(self) -> Kind:
        return "asks"
