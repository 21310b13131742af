"""Moves, grants and events → the mappings of their long forms."""

import re
from collections.abc import Mapping

from lark import Token, Tree

from dougong_dsl.codes import names as name_codes
from dougong_dsl.codes import sentences as codes
from dougong_dsl.diagnostics import Diagnostic
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences import moments
from dougong_dsl.sentences.parsing import Sentence, entries, items, parse, part, quoted, span, title, trimmed, word
from dougong_dsl.sentences.written import Entries, Word

MOVE = Sentence("move", "流转", "move", "draft, review -> done by manager")
GRANT = Sentence("grant", "授权", "grant", "read, update lead where owner = me")
EVENT = Sentence("event", "触发时机", "event", "lead.stage changed to done")

_ACTIONS: Mapping[str, str] = {
    "读取": "read",
    "查看": "read",
    "新建": "create",
    "修改": "update",
    "删除": "delete",
    "流转": "move",
    "导出": "export",
    "导入": "import",
}
_EVENTS = {"CREATED": "created", "CHANGED": "changed", "DELETED": "deleted", "ENTERED": "entered", "LEFT": "left"}

_MOMENT = re.compile(r"^(every|message|form|webhook|approval)\b|^(每|审批|表单|消息)|\bhad\b|连续")
# sentences of the language whose meaning is not built yet, by the words that give them away
_LATER_GRANTS: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = (
    (re.compile(r"\bsummary of\b"), ("汇总授权", "grants of summaries")),
    (re.compile(r"\bat least \d+ per group\b"), ("最小分组授权", "grants with a least group size")),
)


def move(source: Source) -> tuple[Entries | None, list[Diagnostic]]:
    """`a, b -> c "title" by role when EXPR asks(field)` → from, to, title, by, when, asks."""
    tree, problems = parse(MOVE, source)
    if tree is None:
        is_chain = problems[0].code is codes.UNEXPECTED and problems[0].params["found"] in ("->", "→")
        return None, [codes.CHAIN.at(problems[0].place)] if is_chain else problems
    long = entries(source)
    sources, target, *clauses = [c for c in tree.children if not (isinstance(c, Token) and c.type == "ARROW")]
    assert isinstance(sources, Tree) and isinstance(target, Token)
    _put(long, "from", items([Word(_joined(source, each)) for each in sources.find_data("source")]))
    _put(long, "to", word(source, target))
    titles: list[Word] = []
    for clause in clauses:
        assert isinstance(clause, Tree)
        kind = str(clause.data)
        if kind == "title":
            titles += [quoted(source, t) for t in _tokens(clause)]
        elif kind in long:
            problems.append(codes.WORD_TWICE.at(part(source, _tokens(clause)[0]).place, word=kind))
        elif kind == "when":
            _put(long, "when", Word(_condition(source, clause)))
        else:
            _put(long, kind, items([word(source, t) for t in _tokens(clause) if t.type == "WORD"]))
    if len(titles) > 2:
        problems.append(codes.TOO_MANY_TITLES.at(titles[2].place))
    elif titles:
        _put(long, "title", title(titles))
    return (None if problems else long), problems


def grant(source: Source) -> tuple[Entries | None, list[Diagnostic]]:
    """`read, update lead(field) where EXPR, mask a, hide b` → may, of (a name, or several), fields, where, along, mask, hide."""
    later = _later(source, _LATER_GRANTS)
    if later is not None:
        return None, [later]
    tree, problems = parse(GRANT, source)
    if tree is None:
        is_bare = source.text.strip() in (*_ACTIONS, *_ACTIONS.values())
        found = codes.NO_OBJECT.at(source.at(0, len(source.text)), text=source.text.strip())
        return None, [found] if is_bare else problems
    long = entries(source)
    actions, of, *clauses = tree.children
    assert isinstance(actions, Tree) and isinstance(of, Token)
    _put(long, "may", items([_action(source, t) for t in _tokens(actions) if t.type == "WORD"]))
    objects = [word(source, of)]
    listed = "" if any(isinstance(each, Tree) and each.data == "fields" for each in clauses) else "of"
    for clause in clauses:
        if not isinstance(clause, Tree):
            continue
        kind = str(clause.data)
        names = [word(source, t) for t in _tokens(clause) if t.type == "WORD"]
        if kind == "more" and listed == "of":
            objects.extend(names)
        elif kind == "more" and listed:
            long[Word.inserted(listed, names[0].place)].extend(names)
        elif kind == "more":
            problems.append(_stray(source, names[0]))
        elif kind in long:
            problems.append(codes.WORD_TWICE.at(part(source, _tokens(clause)[0]).place, word=kind))
        elif kind == "where":
            _put(long, "where", Word(_condition(source, clause)))
        elif kind == "along":
            _put(long, "along", names[0])
        else:
            _put(long, kind, items(names))
        listed = kind if kind in ("mask", "hide") else listed if kind == "more" else ""
    _put(long, "of", objects[0] if len(objects) == 1 else items(objects))
    return (None if problems else long), problems


def event(source: Source) -> tuple[Entries | None, list[Diagnostic]]:
    """`lead.score changed to 3` → of, event, field, from, to, stage; events of time and the like as `moments.moment` has them."""
    tree, problems = parse(EVENT, source)
    if tree is None:
        long, found = moments.moment(source)
        if long is not None:
            return long, []
        if _MOMENT.search(source.text):
            return None, found
        return None, [codes.UNKNOWN_EVENT.at(problems[0].place, text=source.text)]
    long = entries(source)
    tokens = [t for t in tree.children if isinstance(t, Token)]
    words = [word(source, t) for t in tokens if t.type == "WORD"]
    _put(long, "of", words[0])
    happened = next(t for t in tokens if t.type in _EVENTS)
    _put(long, "event", Word.inserted(_EVENTS[happened.type], part(source, happened).place))
    if len(words) == 3:
        _put(long, "field", words[1])
    if len(words) > 1:
        _put(long, "field" if happened.type == "CHANGED" else "stage", words[-1])
    for clause in tree.children:
        if isinstance(clause, Tree):
            value = next(clause.find_data("value"))
            _put(long, str(clause.data), Word(span(source, value)))
    return long, []


def _put(long: Entries, key: str, value: object) -> None:
    place = getattr(value, "place", long.place)
    long[Word.inserted(key, place)] = value


def _tokens(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda t: isinstance(t, Token)))


def _joined(source: Source, tree: Tree[Token]) -> Source:
    """A source stage: one word, or `any open`."""
    return span(source, tree)


def _condition(source: Source, clause: Tree[Token]) -> Source:
    """What stands behind `when` or `where`."""
    keyword, *rest = _tokens(clause)
    return trimmed(source, int(keyword.end_pos or 0), int(rest[-1].end_pos or 0))


def _action(source: Source, token: Token) -> Word:
    name = word(source, token)
    return Word.inserted(_ACTIONS[name], name.place) if name in _ACTIONS else name


def _stray(source: Source, name: Word) -> Diagnostic:
    expected: tuple[str, str] = ("where、mask 或 hide", "where, mask or hide")
    sentence = (GRANT.zh, GRANT.en)
    return codes.UNEXPECTED.at(name.place, sentence=sentence, found=str(name), expected=expected, example=GRANT.example)


def _later(source: Source, table: tuple[tuple[re.Pattern[str], tuple[str, str]], ...]) -> Diagnostic | None:
    """Whether the sentence belongs to a part of the language that is not built yet."""
    text = re.sub(r"\"[^\"]*\"|'[^']*'", lambda m: " " * len(m[0]), source.text)
    for pattern, what in table:
        if pattern.search(text):
            place: Place = source.at(0, len(source.text)) if source.positions is None else source.place
            return name_codes.LATER.at(place, what=what)
    return None
