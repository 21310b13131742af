"""What may be a name: letters, digits and underscores of any script that every database takes as a table or column."""

import unicodedata
from collections.abc import Iterable

from dougong_dsl.codes import names as codes
from dougong_dsl.diagnostics import Diagnostic, Related
from dougong_dsl.sentences.written import Word

MAX_BYTES = 63  # PostgreSQL cuts longer names

# reserved in PostgreSQL or SQLite: a table of such a name trips whoever writes SQL by hand
_SQL_WORDS = frozenset(
    [
        "add",
        "all",
        "alter",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "autoincrement",
        "between",
        "both",
        "by",
        "case",
        "cast",
        "check",
        "collate",
        "column",
        "commit",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_time",
        "current_timestamp",
        "current_user",
        "default",
        "deferrable",
        "delete",
        "desc",
        "distinct",
        "do",
        "drop",
        "else",
        "end",
        "escape",
        "except",
        "exists",
        "false",
        "fetch",
        "for",
        "foreign",
        "from",
        "full",
        "grant",
        "group",
        "having",
        "in",
        "index",
        "initially",
        "inner",
        "insert",
        "intersect",
        "into",
        "is",
        "isnull",
        "join",
        "lateral",
        "leading",
        "left",
        "limit",
        "localtime",
        "localtimestamp",
        "natural",
        "not",
        "nothing",
        "notnull",
        "null",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "outer",
        "placing",
        "primary",
        "references",
        "returning",
        "right",
        "select",
        "session_user",
        "set",
        "similar",
        "some",
        "symmetric",
        "table",
        "then",
        "to",
        "trailing",
        "transaction",
        "true",
        "union",
        "unique",
        "update",
        "user",
        "using",
        "values",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
    ]
)
_FACT = ("每条记录本来就有这一项", "every record has it anyway")
_LANGUAGE = ("它是表达式里的词", "it is a word of the expression language")
_DATABASE = ("它是数据库自己的列", "it is a column of the database's own")
RESERVED_FIELDS = {
    **dict.fromkeys(("id", "version", "created_at", "created_by", "updated_at", "updated_by", "stage", "stage_since"), _FACT),
    **dict.fromkeys(("me", "old", "today", "now", "true", "false", "null", "真", "假", "空"), _LANGUAGE),
    **dict.fromkeys(("and", "or", "not", "in", "within", "is", "between", "where", "且", "或", "非"), _LANGUAGE),
    **dict.fromkeys(("rowid", "oid", "_rowid_", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"), _DATABASE),
}
_RESERVED_OBJECTS = {
    **dict.fromkeys(("me", "old", "today", "now", "true", "false", "null"), _LANGUAGE),
    "files": ("接口 /api/v1/files 用来上传附件", "/api/v1/files is where files are uploaded"),
    "todos": ("接口 /api/v1/todos 是待办", "/api/v1/todos is where to-dos are"),
    "approvals": ("接口 /api/v1/approvals 是审批", "/api/v1/approvals is where approvals are"),
    "inbox": ("接口 /api/v1/inbox 是收件箱", "/api/v1/inbox is where messages are"),
    "absences": ("接口 /api/v1/absences 是请假代理", "/api/v1/absences is where absences are"),
}


def former_names(was: str | None, name: str, earlier: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """The former names, newest first, each paired with the present one. `earlier`: those of releases before."""
    names = dict.fromkeys((*(() if was is None else (str(was),)), *earlier))
    return tuple((former, str(name)) for former in names)


def check_name(name: Word) -> list[Diagnostic]:
    """Whether a name can stand anywhere at all."""
    place = name.place
    if not (name[:1].isalpha() or name[:1] == "_") or not all(c.isalnum() or c == "_" for c in name):
        return [codes.BAD_NAME.at(place, name=str(name))]
    if unicodedata.normalize("NFC", name) != name:
        return [codes.BAD_NAME.at(place, name=str(name))]
    size = len(name.encode())
    if size > MAX_BYTES:
        return [codes.NAME_TOO_LONG.at(place, name=f"{name[:20]}…", found=size, limit=MAX_BYTES)]
    if name.lower().startswith("dg_"):
        return [codes.ENGINE_PREFIX.at(place, name=str(name))]
    return []


def check_object_name(name: Word) -> list[Diagnostic]:
    """Whether a name can be an object and so a table."""
    found = check_name(name)
    if found:
        return found
    folded = name.lower()
    if folded in _SQL_WORDS:
        return [codes.SQL_WORD.at(name.place, name=str(name), other=f"{name}_record")]
    if folded in _RESERVED_OBJECTS:
        return [codes.RESERVED_NAME.at(name.place, name=str(name), why=_RESERVED_OBJECTS[folded])]
    if folded.startswith("sqlite_"):
        return [codes.RESERVED_NAME.at(name.place, name=str(name), why=_DATABASE)]
    return []


def check_field_name(name: Word) -> list[Diagnostic]:
    """Whether a name can be a field and so a column."""
    found = check_name(name)
    if not found and name.lower() in RESERVED_FIELDS:
        return [codes.RESERVED_NAME.at(name.place, name=str(name), why=RESERVED_FIELDS[name.lower()])]
    return found


def check_case(names: Iterable[Word]) -> list[Diagnostic]:
    """Names that differ only in case: the second of each such pair."""
    found: list[Diagnostic] = []
    first: dict[str, Word] = {}
    for name in names:
        other = first.setdefault(name.casefold(), name)
        if other is not name:
            related = [Related(other.place, "另一个在这里", "the other one is here")]
            found.append(codes.SAME_BUT_CASE.at(name.place, related=related, name=str(name), other=str(other)))
    return found
