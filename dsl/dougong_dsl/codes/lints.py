"""T7xx: lints, the traps that definitions fall into although every part of them is right. They can be silenced on their line."""

from dougong_dsl.diagnostics import Code, Severity

_WARNING = Severity.WARNING

UNUSED_FIELD = Code(
    "T701",
    _WARNING,
    "没有任何地方用到字段 `{name}`（`{object}` 共有 {count} 个这样的字段）",
    "Nothing uses the field `{name}` (`{object}` has {count} such fields)",
    "把它放进表单、列表或规则，或者删掉；确实需要时在这一行写 `# dougong: ignore T701 because 原因`。",
    "Put it on a form, in a view or in a rule, or remove it; to keep it, write `# dougong: ignore T701 because …` on this line.",
)
OVER_BUDGET = Code(
    "T702",
    _WARNING,
    "表单 `{form}` 在手机上大约要填 {seconds} 秒，超过了预算 {budget} 秒；最费时的是 {costly}",
    "The form `{form}` takes about {seconds} seconds to fill on a phone, over its budget of {budget}; what costs most: {costly}",
    "少放几个字段、给默认值、或把打字改成按钮，再不行就放宽 `budget:`。",
    "Leave fields out, give defaults, turn typing into buttons, or widen the `budget:`.",
)
MANY_REQUIRED = Code(
    "T703",
    _WARNING,
    "第一张表单 `{form}` 有 {count} 个必填字段，超过 {limit} 个，一线人员会随便填",
    "The first form `{form}` has {count} required fields, more than {limit}: people will fill in anything to get through",
    "把后面才需要的字段改成进入某个阶段时必填（`to_enter:` 或 `required_when:`）。",
    "Ask for what is needed later when a stage is entered (`to_enter:` or `required_when:`).",
)
MISSING_TRANSLATION = Code(
    "T704",
    Severity.INFO,
    "{part} 里有 {count} 个标题只有一种语言：{names}",
    "{count} titles in {part} speak one language only: {names}",
    '写两个标题：`"中文" "English"`，或 `{{zh: …, en: …}}`。',
    'Write two titles: `"中文" "English"`, or `{{zh: …, en: …}}`.',
)
SILENCE_WITHOUT_REASON = Code(
    "T705",
    _WARNING,
    "忽略提示要写原因",
    "A silence needs its reason",
    "写成 `# dougong: ignore {code} because 原因`。",
    "Write `# dougong: ignore {code} because …`.",
)
SILENCE_WITHOUT_EFFECT = Code(
    "T706",
    _WARNING,
    "这一行没有可以忽略的 {code}",
    "There is no {code} on this line to silence",
    "删掉这句注释；只能忽略警告和提示，不能忽略错误。",
    "Remove the comment; warnings and notes can be silenced, errors cannot.",
)
BIG_PERCENTAGE = Code(
    "T710",
    _WARNING,
    "`{field}` 的默认值 {found} 相当于 {percent}%",
    "The default {found} of `{field}` means {percent}%",
    "百分比写成 `{meant}%` 或小数；确实这么大时在这一行写 `# dougong: ignore T710 because 原因`。",
    "Write `{meant}%` or a fraction; where it is meant, write `# dougong: ignore T710 because …` on this line.",
)
WHOLE_TABLE = Code(
    "T711",
    _WARNING,
    "每次保存都要把 `{object}` 的全部记录看一遍：{function} 的条件里没有“字段 = 值”",
    "Every save looks at all records of `{object}`: the condition of {function} has no `field = value`",
    "在条件里加上一个相等的比较，例如 `{object}` 的某个字段 = 本记录的字段；确实需要时在这一行写 `# dougong: ignore T711 because 原因`。",
    "Add a comparison for equality, a field of `{object}` with a field of this record; to keep it, write `# dougong: ignore T711 because …`.",
)
NOBODY_ACTS = Code(
    "T714",
    _WARNING,
    "到时间才发生的事没有操作人：这里的 me 总是空的",
    "Nobody acts when time sets something off: `me` is always blank here",
    "写记录上的人，例如 owner；确实需要时在这一行写 `# dougong: ignore T714 because 原因`。",
    "Name somebody of the record, such as owner; to keep it, write `# dougong: ignore T714 because …` on this line.",
)
