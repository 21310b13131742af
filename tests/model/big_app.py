"""A large app for measurements: many objects with fields of every kind, links, formulas, a pipeline, grants."""

_KINDS = (
    'text required searchable "名称 {n}" "Name {n}"',
    'long_text "备注 {n}"',
    "integer default 0",
    'number(3) "重量 {n}"',
    'money "金额 {n}"',
    "percent default 10%",
    "boolean default false",
    "date default today",
    'choice(hot "高", warm "中", cold "低") "热度 {n}"',
    'choice many (a "甲", b "乙")',
    "phone masked",
    "email",
    "url",
    "user default me",
    'number = f2 * 1.13 "含税 {n}"',
    "= f4 * 2",
    "integer = f7 - today",
)


def big_app(objects: int = 100, fields: int = 20) -> dict[str, str]:
    """The files of an app with that many objects of that many fields each (at least 18)."""
    files = {"app.yaml": "app: big\nversion: 1.0.0\ntitle: 大应用\n"}
    for number in range(objects):
        name = f"thing{number}"
        lines = [f"  {name}:", f"    title: 事物 {number}", "    fields:"]
        for n in range(fields - 2):
            kind = _KINDS[n % len(_KINDS)] if n < len(_KINDS) else _KINDS[n % 14]
            line = _line(kind.replace("{n}", f"{number}.{n}"))
            lines.append(f"      f{n}: {line}")
        parent = f"thing{number // 2}" if number else "user"
        lines.append(f"      parent: link {parent} as children{number}")
        lines.append(f"      total: money = sum(children{2 * number + 1}.f4)" if 0 < 2 * number + 1 < objects else "      total: money")
        files[f"objects/{name}.yaml"] = "\n".join(["objects:", *lines, *_flow(name), *_role(name)]) + "\n"
    return files


def _line(text: str) -> str:
    """A formula stands last in a field line."""
    before, equals, after = text.partition("= ")
    if not equals:
        return text
    formula, quote, title = after.partition(' "')
    return f"{before}{quote.strip() and quote.strip() + title + ' '}= {formula}"


def _flow(name: str) -> list[str]:
    return [
        "pipelines:",
        f"  flow_{name}:",
        f"    of: {name}",
        "    stages: {draft: {start: true}, review: {to_leave: {fields: [f0]}}, done: {kind: done}, lost: {kind: lost}}",
        "    moves:",
        '      - draft -> review "提交"',
        "      - review -> done when f4 > 100 and f0 is not blank",
        "      - any open -> lost asks(f1)",
    ]


def _role(name: str) -> list[str]:
    return [
        "roles:",
        f"  owner_of_{name}:",
        "    may:",
        f"      - read, create, update, move {name} where f13 = me and created_at > now - 90 days, hide f4",
    ]
