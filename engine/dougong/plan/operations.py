"""What a plan is made of: frozen values that say what they do, how grave it is, and whom it touches.

Names of tables and columns are those that stand in the database when the operation's turn comes. `late` operations belong to the moment
in which the release changes hands; the others may run before it, while the old release still works.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from dougong_dsl.titles import Title

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
        """One sentence, with the number of records where it matters."""
        gaps = {
            name: getattr(self, name) for cls in type(self).__mro__ for name in getattr(cls, "__annotations__", {}) if hasattr(self, name)
        }
        return (self.zh if language == "zh" else self.en).format(**gaps | {"title": self.title.text(language)})


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
    zh, en = "停用对象 {title}，保留 {records} 条记录", "object {title} retired; its {records} records are kept"
    records: int

    @property
    def kind(self) -> Kind:
        return "destructive" if self.records else "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTable(Operation):
    """A retired object is back, with its records."""

    sign = "+"
    zh, en = "恢复对象 {title}，带回 {records} 条记录", "object {title} is back with its {records} records"
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Operation):
    """A new stored field; blank in the records that are there unless a `Fill` follows."""

    sign = "+"
    zh, en = "新增字段 {title}（已有 {records} 条记录）", "new field {title} ({records} records are there)"
    column: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Operation):
    """A field has another name."""

    zh, en = "字段改名：{title}（{column} → {to}）", "field renamed: {title} ({column} → {to})"
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
    zh, en = "停用字段 {title}，保留 {records} 个值", "field {title} retired; its {records} values are kept"
    column: str
    records: int

    @property
    def kind(self) -> Kind:
        return "destructive" if self.records else "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreColumn(Operation):
    """A retired field is back, with its values."""

    sign = "+"
    zh, en = "恢复字段 {title}，带回 {records} 个值", "field {title} is back with its {records} values"
    column: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Widen(Operation):
    """A number gets more decimal places; every value stays exactly what it is."""

    sign = "!"
    zh, en = (
        "字段 {title} 增加小数位，{records} 条记录的值不变",
        "field {title} gets more decimal places; the values of {records} records stay",
    )
    column: str
    old_scale: int
    new_scale: int
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

    `columns` says in which column each field stands at that moment, where it differs from the field's name.
    """

    zh, en = "补算字段 {title}：{records} 条记录", "field {title} is worked out for {records} records"
    object: str
    column: str
    records: int
    overwrites: bool
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillStage(Operation):
    """Records of an object that gets a pipeline stand at its start."""

    zh, en = "{records} 条记录进入起始阶段 {stage}", "{records} records enter the first stage {stage}"
    stage: str
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameStage(Operation):
    """A stage has another name; its records move along."""

    zh, en = "阶段改名：{stage} → {to}（{records} 条记录）", "stage renamed: {stage} → {to} ({records} records)"
    stage: str
    to: str
    records: int
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDefinition(Operation):
    """Files of the definition differ; what is not storage (forms, rules, rights, titles) comes with it."""

    zh, en = "更新定义文件：{files}", "definition files changed: {files}"
    files: str
    late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Operation):
    """Nothing can be applied before a person decides; the plan's diagnostics say what and where."""

    sign = "!"
    zh, en = "需要先决定：{what.zh}", "to be decided first: {what.en}"
    what: Title

    @property
    def kind(self) -> Kind:
        return "asks"
