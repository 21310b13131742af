"""Apps written in every way that the language allows: sentences, long forms, brackets, quotes, comments, blank lines."""

from hypothesis import strategies as st

FIELDS = (
    'text required unique  searchable "名称" "Name"',
    "text   max 20",
    "{type: text, required_when: size > 3, title: {zh: 甲, en: A}}",
    "{type: integer, default: 3, required: false}",
    'integer min 1 max 9 "数量"',
    "number(3) default 1.5",
    'money "金额" = size*2+1',
    "money = IF( 数量2 >3,size , 0 )",
    "percent default 10%",
    "boolean default (size > 1 or size<0)",
    "date default today+7 days",
    'choice(hot "高" "Hot", cold \'低\', "A/B")',
    "choice many (a, b)",
    "{type: choice, options: [x, y]}",
    "{type: choice, options: {x: 甲, y: {zh: 乙, en: B}}}",
    "choice from grades required",
    "phone masked",
    "phone 脱敏 必填",
    "file many accept(pdf, dwg) max 50MB",
    "user default me",
    'autonumber(C{yyyy}-{00000}) "编号"',
    "{formula: size + 1, title: 'it''s \"so\"'}",
    "{type: text, help: 帮助, title: 'a: b # c'}",
)
GRANTS = (
    "read,create,update thing",
    "{may: [read], of: thing, where: size>3}",
    "'读取, 修改 thing where 数量2 >=3, mask f0'",
    "{may: update, of: thing, fields: [f0]}",
    "read thing,user",
    "{may: [read], of: [thing, user]}",
    "move thing  along flow",
    'read thing where name = "a" and (size > 3 or size < 1)',
)
MOVES = (
    "a->b",
    'a,c -> b "走" "Go" by keeper when size>3',
    "any open -> d asks( f0 )",
    "{from: [b], to: c, title: 退}",
    "{from: b, to: a, when: size>1}",
)
STEPS = (
    "by role keeper within  8 working hours else escalate",
    "by 2 of role keeper when size>3",
    "{by: role keeper, within: 3 days}",
    "{by: role keeper, within: {amount: 2, unit: days, working: true}, else: approve, when: size > 1}",
)
RULES = (
    '+20 when size>3 "大"',
    "-5 when name is  blank",
    "{points: 10, when: size < 3, title: 小}",
    "{points: -1, when: 'name = \"x\"', title: {zh: 甲, en: A}}",
)
EVENTS = (
    "thing  created",
    "thing.size changed from 1 to 2",
    "{of: thing, event: entered, stage: b}",
    "thing entered   b",
    "[thing created, thing.f0 changed]",
)


def _quoted(text: str) -> str:
    return text if text.startswith(("{", "'", "[")) else "'" + text.replace("'", "''") + "'"


def _listed(items: list[str], notes: list[str], indent: str) -> str:
    return "".join(f"{indent}- {item if item[0] in '{[' else _quoted(item)}{note}" for item, note in zip(items, notes, strict=True))


@st.composite
def apps(draw: st.DrawFn) -> str:
    """The text of an app of one file."""
    note = st.sampled_from(["\n", "  # 备注: note\n", "\n\n", "\n      # 一行 # two\n"])

    def several(pool: tuple[str, ...]) -> tuple[list[str], list[str]]:
        found = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=5))
        return found, [draw(note) for _ in found]

    fields, notes = several(FIELDS)
    lines = "".join(
        f"      f{n}: {each if draw(st.booleans()) and each[0] != '{' and ': ' not in each else _quoted(each)}{after}"
        for n, (each, after) in enumerate(zip(fields, notes, strict=True))
    )
    grants = _listed(*several(GRANTS), "      ")
    moves = _listed(*several(MOVES), "      ")
    steps = "".join(f"      - s{n}: {each}\n" for n, each in enumerate(several(STEPS)[0]))
    rules = _listed(*several(RULES), "      ")
    event = draw(st.sampled_from(EVENTS))
    flow = draw(st.booleans())
    may = f"[{', '.join(map(_quoted, draw(st.lists(st.sampled_from(GRANTS), min_size=1, max_size=3))))}]" if flow else f"\n{grants}"
    return f"""# 开头 / the head
app: a

lists: {{grades: [x, y]}}
objects:
  thing:
    fields:
      name: text   "名字"
      size: integer "数量2"   # size
{lines}
    checks:
      # 一条规则
      - rule: 数量2 >0 且 name is not blank
        message: "要大于 {{{{ size+0 }}}}"
pipelines:
  flow:
    of: thing
    stages: {{a: {{start: true}}, b: {{}}, c: {{}}, d: {{kind: done}}}}
    moves:
{moves}
triggers:
  one:
    on: {event}
    when: size>1
    do: [{{set: {{size: size+1}}}}]
approvals:
  ok:
    of: thing
    steps:
{steps}scores:
  rank:
    of: thing
    rules:
{rules}roles:
  keeper:
    title: 管理
    may: {may}
views: {{all: {{of: thing, where: size>3, columns: [name]}}}}
"""
