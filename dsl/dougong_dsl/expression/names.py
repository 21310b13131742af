"""What a word means: a field, a title, a fact such as `today`, an option of the other side, or a mistake worth explaining."""

from collections.abc import Iterable, Mapping

from dougong_dsl.codes import expressions as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.expression import syntax
from dougong_dsl.expression.binding import Binding, Frame
from dougong_dsl.expression.scope import Member
from dougong_dsl.expression.typed import Acting, Before, Children, Constant, Each, Get, Here, Linked, Now, Row, Today, Typed
from dougong_dsl.expression.types import Choice, Date, DateTime, ListOf, Record, Type, words

_GLUED = ("不包含", "不为空", "不属于", "包含", "为空", "属于", "介于", "且", "或", "大于", "小于", "等于")
_NOTHING = {**dict.fromkeys(("blank", "empty", "none", "nil", "nothing"), "null"), **dict.fromkeys(("无", "空白", "清空", "空值"), "空")}
_FACTS = ("today", "now", "me", "old")


def members_of(checker: Binding, object_name: str) -> Mapping[str, Member]:
    """The members of an object; nothing for the empty name (an expression without a record)."""
    return checker.scope.schema.members(object_name) if object_name else {}


def by_title(members: Mapping[str, Member], word: str) -> list[Member]:
    """The members that carry a title."""
    return [member for member in members.values() if word in member.titles]


def resolve(checker: Binding, node: syntax.Name, hint: Type | None) -> Typed | None:
    """A bare word; unknown ones are reported with the nearest right thing."""
    found = _known(checker, node)
    if found is not None:
        if isinstance(hint, Choice) and hint.option(node.text) and not node.quoted:
            checker.report(codes.OPTION_HIDDEN, node, name=node.text)
        return found
    if (node.start, node.end - node.start) in checker.reported:
        return None
    if isinstance(hint, Choice):
        return option(checker, node, node.text, hint)
    _unknown(checker, node, node.text, checker.frames[-1].row.object)
    return None


def is_known(checker: Binding, node: syntax.Node) -> bool:
    """Whether a node is anything but a bare word that names nothing (and so may be an option)."""
    if not isinstance(node, syntax.Name):
        return True
    word = node.text
    scopes = [members_of(checker, frame.row.object) for frame in checker.frames]
    return word in checker.scope.names or word.lower() in _FACTS or any(word in members or by_title(members, word) for members in scopes)


def _known(checker: Binding, node: syntax.Name) -> Typed | None:
    word = node.text
    for frame in reversed(checker.frames):
        member = members_of(checker, frame.row.object).get(word)
        if member is not None:
            return get(checker, frame.row, member, frame.path)
    if word in checker.scope.names:
        checker.uses.add((word,))
        return Get(type=checker.scope.names[word], row=checker.frames[0].row, name=word)
    if not node.quoted and word.lower() in _FACTS:
        return _fact(checker, node, word.lower())
    for frame in reversed(checker.frames):
        titled = by_title(members_of(checker, frame.row.object), word)
        if len(titled) > 1:
            checker.report(codes.AMBIGUOUS_TITLE, node, name=word, fields=", ".join(member.name for member in titled))
            return None
        if titled:
            checker.canonical[node.start] = titled[0].name
            return get(checker, frame.row, titled[0], frame.path)
    return None


def _fact(checker: Binding, node: syntax.Name, word: str) -> Typed | None:
    if word == "today":
        return Today(type=Date(), nullable=False)
    if word == "now":
        return Now(type=DateTime(), nullable=False)
    if word == "me" and checker.scope.me is not None:
        return Get(type=Record(checker.scope.me), nullable=False, row=Acting(object=checker.scope.me), name="id")
    advice = ("old 只能写成 old.字段，并且只在修改记录时可用", "`old` is written old.field, and only where a record is being changed")
    checker.report(codes.NO_RECORD_HERE, node, name=word, advice=advice if word == "old" else "")
    return None


def option(checker: Binding, node: syntax.Node, word: str, choice: Choice) -> Typed | None:
    """An option of a choice by name or title; reports an unknown one."""
    found = choice.option(word)
    if found is not None:
        if found != word:
            checker.canonical[node.start] = found
        return Constant(type=Choice((found,)), nullable=False, value=found)
    pool = [*choice.options, *(title for title, _ in choice.titles)]
    if isinstance(node, syntax.Name):
        pool += list(members_of(checker, checker.frames[-1].row.object))
    shown = "、".join(choice.options[:12]) + (" …" if len(choice.options) > 12 else "")
    shown_en = ", ".join(choice.options[:12]) + (" …" if len(choice.options) > 12 else "")
    checker.report(
        codes.UNKNOWN_OPTION, node, name=word, options=(shown, shown_en), nearest=_NOTHING.get(word.lower()) or nearest(word, pool)
    )
    return None


def get(checker: Binding, row: Row, member: Member, path: tuple[str, ...] | None) -> Typed:
    """Reading one member of a row; `path` leads to the row from the record (None: the row is not of the record)."""
    if path is not None:
        checker.uses.add((*path, member.name))
    if member.through is not None and isinstance(member.type, ListOf) and isinstance(member.type.item, Record):
        return Children(type=member.type, nullable=False, row=row, object=member.type.item.object, through=member.through)
    nullable = isinstance(row, Linked | Before) or not member.required
    return Get(type=member.type, nullable=nullable, row=row, name=member.name)


def path_of(checker: Binding, row: Row) -> tuple[str, ...] | None:
    """Field names from the record to a row; None when the row hangs on something else."""
    if isinstance(row, Here):
        return checker.frames[row.depth].path
    if isinstance(row, Linked) and isinstance(row.link, Get):
        before = path_of(checker, row.link.row)
        return None if before is None else (*before, row.link.name)
    return None


def member(checker: Binding, node: syntax.Member) -> Typed | None:
    """`base.name`: a field of a link, of `me`, `old`, `PARENT`, `THIS`, or of every row of a list."""
    row = _special_row(checker, node.base)
    if row is None:
        base = checker.anything(node.base)
        if base is None:
            return None
        if isinstance(base.type, ListOf):
            return _through_list(checker, node, base)
        if not isinstance(base.type, Record):
            name = checker.source.text[node.base.start : node.base.end]
            checker.report(codes.NOT_A_RECORD, node.base, name=name, found=words(base.type))
            return None
        row = row_behind(base)
    found = _find(checker, node, row.object)
    return None if found is None else get(checker, row, found, path_of(checker, row))


def row_behind(link: Typed) -> Row:
    """The record that a link points to."""
    if isinstance(link, Get) and isinstance(link.row, Acting) and link.name == "id":
        return link.row
    assert isinstance(link.type, Record)
    return Linked(object=link.type.object, link=link)


def _special_row(checker: Binding, base: syntax.Node) -> Row | None:
    if not isinstance(base, syntax.Name) or base.quoted:
        return None
    word = base.text.lower()
    if word == "parent" and len(checker.frames) > 1:
        return checker.frames[-2].row
    if word == "this" and len(checker.frames) > 1 and checker.scope.object:
        return checker.frames[0].row
    if word == "old" and checker.scope.has_old and checker.scope.object:
        return Before(object=checker.scope.object)
    return None


def _find(checker: Binding, node: syntax.Member, object_name: str) -> Member | None:
    members = members_of(checker, object_name)
    if node.name in members:
        return members[node.name]
    titled = by_title(members, node.name)
    if len(titled) == 1:
        checker.canonical[node.name_start] = titled[0].name
        return titled[0]
    at = syntax.Name(text=node.name, start=node.name_start, end=node.end)
    if titled:
        checker.report(codes.AMBIGUOUS_TITLE, at, name=node.name, fields=", ".join(found.name for found in titled))
    else:
        _unknown(checker, at, node.name, object_name)
    return None


def _through_list(checker: Binding, node: syntax.Member, base: Typed) -> Typed | None:
    """`list.name`: the member of every row."""
    if isinstance(base, Children):
        depth = len(checker.frames)
        row = Here(object=base.object, depth=depth)
        path = path_of(checker, base.row)
        checker.frames.append(Frame(row, () if path is None else (*path, list_name(checker, base))))
        try:
            found = _find(checker, node, base.object)
            body = None if found is None else get(checker, row, found, checker.frames[-1].path)
        finally:
            checker.frames.pop()
        return None if body is None else Each(type=ListOf(body.type), nullable=False, rows=base, body=body, depth=depth)
    if isinstance(base, Each):
        kept = len(checker.frames)
        outer = path_of(checker, base.rows.row)
        inside = () if outer is None else (*outer, list_name(checker, base.rows))
        checker.frames.append(Frame(Here(object=base.rows.object, depth=base.depth), inside))
        try:
            body = _deeper(checker, node, base.body)
        finally:
            del checker.frames[kept:]
        return None if body is None else Each(type=ListOf(body.type), nullable=False, rows=base.rows, body=body, depth=base.depth)
    checker.report(codes.LIST_NEEDS_FUNCTION, node, name=checker.source.text[node.base.start : node.base.end])
    return None


def _deeper(checker: Binding, node: syntax.Member, body: Typed) -> Typed | None:
    if isinstance(body.type, ListOf):
        return _through_list(checker, node, body)
    if not isinstance(body.type, Record):
        name = checker.source.text[node.base.start : node.base.end]
        checker.report(codes.NOT_A_RECORD, node.base, name=name, found=words(body.type))
        return None
    row = row_behind(body)
    found = _find(checker, node, row.object)
    return None if found is None else get(checker, row, found, path_of(checker, row))


def list_name(checker: Binding, rows: Children) -> str:
    """The name under which the parent knows a list."""
    for name, found in members_of(checker, rows.row.object).items():
        if found.through == rows.through and found.type == rows.type:
            return name
    return rows.object


def _unknown(checker: Binding, node: syntax.Node, word: str, object_name: str) -> None:
    """Report a word that means nothing, with what the author probably meant."""
    for glued in _GLUED:
        if glued in word and word != glued and not word.isascii():
            checker.report(codes.GLUED_WORDS, node, name=word, word=glued, nearest=_near(checker, word, object_name))
            return
    where = (f"{object_name} ", f"`{object_name}`") if object_name else ("这里", "This place")
    near = _NOTHING.get(word.lower()) or _near(checker, word, object_name)
    checker.report(codes.UNKNOWN_NAME, node, name=word, where=where, nearest=near)


def _near(checker: Binding, word: str, object_name: str) -> str | None:
    members = members_of(checker, object_name)
    titles: Iterable[str] = (title for found in members.values() for title in found.titles)
    return nearest(word, [*members, *checker.scope.names, *titles, *_FACTS[:3]])
