"""An app of a size that few customers have: objects with links among each other, formulas, checks, pipelines and grants, written as YAML."""

from pathlib import Path

LINES = (
    'name: text required searchable "名称" "Name"',
    'code: text unique "编码" "Code"',
    'kind: choice(a "甲" "A", b "乙" "B", c "丙" "C") "类别" "Kind"',
    'amount: money indexed "金额" "Amount"',
    'quantity: integer default 1 "数量" "Quantity"',
    'total: money "合计" "Total" = amount * quantity',
    'discount: percent "折扣" "Discount"',
    'net: money "净额" "Net" = if(discount is blank, amount * quantity, amount * quantity * (1 - discount))',
    'due: date "到期" "Due"',
    'days_left: integer "剩余天数" "Days left" = due - today',
    'active: boolean default true "有效" "Active"',
    'owner: user default me "负责人" "Owner"',
    'email: email "邮箱" "E-mail"',
    'phone: phone "电话" "Phone"',
    'site: url "网站" "Site"',
    'note: long_text "备注" "Note"',
    'region: choice(north "北" "North", south "南" "South") "区域" "Region"',
    "loss_reason: {type: text, title: {zh: 丢单原因, en: Reason}, required_when: stage = lost, show_when: stage = lost}",
    'score: number(2) "评分" "Score"',
)
FIELDS_PER_OBJECT = len(LINES) + 1  # and a link


def write(folder: Path, objects: int) -> None:
    """Write the app into `folder`, a file per object."""
    (folder / "app.yaml").write_text("app: big\nversion: 1.0.0\ncurrency: CNY\n", encoding="utf-8")
    for number in range(objects):
        (folder / f"thing{number}.yaml").write_text(_object(number), encoding="utf-8")
    grants = "\n".join(f"      - read, create, update, move thing{n} where owner = me or region = north" for n in range(objects))
    (folder / "roles.yaml").write_text(f"roles:\n  seller:\n    title: 销售\n    may:\n      - read user\n{grants}\n", encoding="utf-8")


def _object(number: int) -> str:
    fields = "\n".join(f"      {line}" for line in LINES)
    parent = number - 1 if number else number
    return f"""objects:
  thing{number}:
    title: {{zh: 对象{number}, en: Thing {number}}}
    fields:
{fields}
      above: link thing{parent} as children{number} "上级" "Parent"
    checks:
      - {{rule: amount is blank or amount >= 0, message: {{zh: 金额不能为负, en: The amount may not be negative}}}}
      - {{rule: quantity > 0, message: {{zh: 数量要大于 0, en: The quantity must be above 0}}}}
pipelines:
  flow{number}:
    of: thing{number}
    stages:
      open: {{title: 开始, start: true}}
      work: {{title: 进行, to_leave: {{fields: [amount]}}}}
      won: {{title: 成功, kind: won}}
      lost: {{title: 失败, kind: lost}}
    moves:
      - open -> work
      - work -> won when amount > 0
      - any open -> lost asks(loss_reason)
"""
