"""Steps of approvals and rules of scores → the mappings of their long forms."""

from lark import Token, Tree

from dougong_dsl.places import Source
from dougong_dsl.sentences.moments import Long, put, spelled
from dougong_dsl.sentences.parsing import Sentence, entries, parse, part, quoted, span, trimmed, word
from dougong_dsl.sentences.written import Word

STEP = Sentence("step", "审批步骤", "approval step", "by owner.manager within 8 working hours else escalate")
SCORE = Sentence("score", "评分规则", "score rule", '+20 when source = fair "From a fair"')

# words behind which a quoted text belongs to the condition
_JOINTS = frozenset(("contains", "with", "in", "and", "or", "not", "between", "包含", "开头是", "结尾是", "且", "或", "非"))


def step(source: Source) -> Long:
    """`by 2 of role finance within 8 hours else escalate when EXPR` → by, within, else, when."""
    tree, problems = parse(STEP, source)
    if tree is None:
        return None, problems
    long = entries(source)
    for each in tree.children:
        if not isinstance(each, Tree):
            continue
        tokens = _tokens(each)
        if each.data == "limit":
            put(long, "within", spelled(source, tokens[1:3]))
            if len(tokens) > 3:
                put(long, "else", word(source, tokens[4]))
        elif each.data == "when":
            start, end = int(tokens[0].start_pos or 0), int(tokens[0].end_pos or 0)
            length = 4 if source.text.startswith("when", start) else 1
            put(long, "when", Word(trimmed(source, start + length, end)))
        else:
            put(long, "by", Word(span(source, each)))
    return long, []


def score(source: Source) -> Long:
    """`+20 when EXPR "title"` → points, when, title."""
    tree, problems = parse(SCORE, source)
    if tree is None:
        return None, problems
    long = entries(source)
    points, keyword, *rest = _tokens(tree)
    put(long, "points", Word(part(source, points), int(points)))
    last = rest[-1]
    before = rest[-2] if len(rest) > 1 else None
    has_title = last.type == "STRING" and before is not None and before.type not in ("OPERATOR", "OTHER") and before not in _JOINTS
    end = int((last.start_pos if has_title else last.end_pos) or 0)
    put(long, "when", Word(trimmed(source, int(keyword.end_pos or 0), end)))
    if has_title:
        put(long, "title", quoted(source, last))
    return long, []


def _tokens(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda token: isinstance(token, Token)))
