"""Functions that only the server can answer: the spelling of Chinese, and the next number of a rule."""

from dougong_dsl.codes import expressions as codes
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding
from dougong_dsl.expression.functions.model import NOT_THERE, Example, Function, Parameter
from dougong_dsl.expression.functions.words import text_argument, written_text
from dougong_dsl.expression.typed import Call, Constant, Typed
from dougong_dsl.expression.types import Text, Type

INITIALS = "initials"


def _pinyin(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    text = text_argument(checker, node.arguments[0], "PINYIN")
    if len(node.arguments) == 1:
        how: str | None = ""
    else:
        how = written_text(checker, node.arguments[1], "PINYIN")
        if how not in (None, INITIALS):
            checker.report(codes.BAD_PATTERN, node.arguments[1], reason=(f'只能写 "{INITIALS}"', f'only "{INITIALS}" may stand here'))
            how = None
    if text is None or how is None:
        return None
    spelling = (Constant(type=Text(), nullable=False, value=how),) if how else ()
    return Call(type=Text(), nullable=True, function="PINYIN", arguments=(text, *spelling))


def _nextno(checker: Binding, node: syntax.Call, hint: Type | None) -> Typed | None:
    rule = written_text(checker, node.arguments[0], "NEXTNO")
    if rule is None:
        return None
    if not checker.scope.is_default:
        checker.report(codes.ONLY_IN_DEFAULTS, node, function="NEXTNO")
        return None
    return Call(type=Text(), nullable=True, function="NEXTNO", arguments=(Constant(type=Text(), nullable=False, value=rule),))


FUNCTIONS = (
    Function("PINYIN", "text", (Parameter("text", "text"), Parameter("initials", "text", optional=True)), "汉字的拼音，不带声调和空格；写 \"initials\" 只取首字母；其他字符不变", "Chinese in pinyin, without tones and spaces; with \"initials\" the first letters only; other characters stay", (Example('PINYIN("宁波机械")', "ningbojixie"), Example('PINYIN("重庆A1厂", "initials")', "cqA1c")), "pinyin({all})", NOT_THERE, NOT_THERE, write=_pinyin, maybe_null=True),
    Function("NEXTNO", "text", (Parameter("rule", "text"),), "按规则取下一个号，只能写在默认值里；规则同自动编号，相同的规则共用一个流水号", "The next number of a rule, in defaults only; rules are those of autonumber, and one rule counts on wherever it is used", (Example('NEXTNO("C{yyyy}-{000}")', "C2026-001"),), "next_number(c, {0})", NOT_THERE, NOT_THERE, write=_nextno, maybe_null=True),
)  # fmt: skip
