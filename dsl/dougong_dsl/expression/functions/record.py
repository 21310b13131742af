"""Functions of the record's own change: what it was before, what changed, whether it is new. Server and browser only."""

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import NOT_THERE, WRITTEN, Example, Function, Parameter
from dougong_dsl.expression.operators import in_list
from dougong_dsl.expression.typed import Acting, Before, Changed, Get, Here, IsNew, Typed
from dougong_dsl.expression.types import Boolean, ListOf, Record, Type

_FIELD = Parameter("field", "any")
_ADVICE = ("只在修改记录的规则里可用", "It is only there in rules about a change of the record")


def _pair(checker: Binding, node: syntax.Call) -> tuple[Get, Get] | None:
    """The field as it is and as it was."""
    if not checker.scope.has_old:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice=_ADVICE)
        return None
    found = checker.value(node.arguments[0])
    if found is None:
        return None
    if not isinstance(found, Get) or not isinstance(found.row, Here) or found.row.depth:
        what, expected = (f"{node.function} 的参数", f"The argument of {node.function}"), ("本记录的一个字段", "a field of this record")
        text = checker.text(node.arguments[0])
        checker.report(codes.WRONG_TYPE, node.arguments[0], what=what, expected=expected, found=f"`{text}`", advice="")
        return None
    return found, Get(type=found.type, row=Before(object=found.row.object), name=found.name)


def _old(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = _pair(checker, node)
    return None if found is None else found[1]


def _changed(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    found = _pair(checker, node)
    return None if found is None else Changed(type=Boolean(), nullable=False, now=found[0], before=found[1])


def _isnew(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    if not checker.scope.has_old:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice=_ADVICE)
        return None
    return IsNew(type=Boolean(), nullable=False)


def _user(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    if checker.scope.me is None:
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice="")
        return None
    return Get(type=Record(checker.scope.me), nullable=False, row=Acting(object=checker.scope.me), name="id")


def _inrole(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    roles = checker.scope.schema.members(checker.scope.me).get("roles") if checker.scope.me is not None else None
    if roles is None or checker.scope.me is None or not isinstance(roles.type, ListOf):
        checker.report(codes.NO_RECORD_HERE, node, name=node.function, advice="")
        return None
    mine = Get(type=roles.type, row=Acting(object=checker.scope.me), name="roles")
    role = checker.scalar(node.arguments[0], roles.type.item)
    return None if role is None else in_list(checker, node, role, mine)


FUNCTIONS = (
    Function("USER", "record", (), "当前用户，同 me；例如 USER().name", "The acting user, the same as me: USER().name", (Example("USER().name", "李伟"), Example("owner = USER()", True)), WRITTEN, WRITTEN, WRITTEN, write=_user),
    Function("INROLE", "record", (Parameter("role", "any"),), "当前用户是否有某个角色", "Whether the acting user has a role", (Example('INROLE("sales")', True),), WRITTEN, WRITTEN, WRITTEN, write=_inrole),
    Function("OLD", "record", (_FIELD,), "字段修改前的值，新建时为空", "A field's value before the change; null on a new record", (Example("OLD(name)", "旧名"),), WRITTEN, NOT_THERE, WRITTEN, write=_old),
    Function("CHANGED", "record", (_FIELD,), "字段这次是否被修改，新建时为是", "Whether a field is being changed; true on a new record", (Example("CHANGED(name)", True), Example("CHANGED(amount)", False)), WRITTEN, NOT_THERE, WRITTEN, write=_changed),
    Function("ISNEW", "record", (), "是否正在新建记录", "Whether the record is being created", (Example("ISNEW()", False),), WRITTEN, NOT_THERE, WRITTEN, write=_isnew),
)  # fmt: skip
