"""T8xx: building blocks that an app uses, and its changes to them."""

from dougong_dsl.diagnostics import Code, Severity

_ERROR = Severity.ERROR

NO_PACKAGE = Code(
    "T801",
    _ERROR,
    "找不到积木或模板 `{name}`",
    "There is no building block or template `{name}`",
    "现有：{known}。自己的积木放在 `--path` 或 DOUGONG_PATH 指定的文件夹里。",
    "There are: {known}. Your own are looked for in the folders of `--path` or DOUGONG_PATH.",
)
NO_VERSION = Code(
    "T802",
    _ERROR,
    "`{name}` 没有符合 `{wanted}` 的版本",
    "No version of `{name}` fits `{wanted}`",
    "找到的版本：{known}",
    "Versions found: {known}",
)
USES_CYCLE = Code(
    "T803",
    _ERROR,
    "积木互相引用，成了一个圈：{chain}",
    "Building blocks use each other in a circle: {chain}",
    "去掉其中一个 uses。",
    "Take one of the uses out.",
)
NAME_TAKEN = Code(
    "T804",
    _ERROR,
    "`{name}` 在 {section} 里有两处定义：{first} 和 {second}",
    "`{name}` in {section} is defined twice: by {first} and by {second}",
    "要改用到的积木请写在 change 里，例如 `change: {{{section}.{name}.title: …}}`；本来就是两样东西，请给积木一个前缀，"
    "例如 `uses: [{{my: {block}}}]`，它的名称就成了 `my_{name}`。",
    "To alter what a building block brings, write it under change, as in `change: {{{section}.{name}.title: …}}`; for two different things "
    "give the block a prefix, as in `uses: [{{my: {block}}}]`: its name becomes `my_{name}`.",
)
NOTHING_TO_CHANGE = Code(
    "T805",
    _ERROR,
    "没有 `{path}`，无从修改",
    "There is no `{path}` to change",
    "{remedy}",
    "{remedy}",
)
CHANGE_STOPS = Code(
    "T806",
    _ERROR,
    "`{path}` 是{found}，不能这样修改",
    "`{path}` is {found} and cannot be changed this way",
    "整个替换请写 `{path}: …`；列表增减用 `.+` 和 `.-`。",
    "To replace it write `{path}: …`; to add to a list or take from it use `.+` and `.-`.",
)
ALREADY_THERE = Code(
    "T807",
    _ERROR,
    "`{path}` 里已经有 `{name}`",
    "`{name}` is already in `{path}`",
    "要修改它请写 `{path}.{name}: …`。",
    "To change it write `{path}.{name}: …`.",
)
CHANGED_TWICE = Code(
    "T808",
    _ERROR,
    "{first} 和 {second} 都修改了 `{path}`，互不知道",
    "{first} and {second} both change `{path}`, without knowing of each other",
    "在本应用的 change 里写明 `{path}` 的值。",
    "Say under change of this app what `{path}` shall be.",
)
WRONG_USE = Code(
    "T809",
    _ERROR,
    "`{text}` 不是积木的写法",
    "`{text}` does not name a building block",
    "可以写 `customers`、`customers@1.2.0` 或 `customers@^1.2`（同一大版本，不低于 1.2）。",
    "Write `customers`, `customers@1.2.0` or `customers@^1.2` (the same first number, not below 1.2).",
)
WRONG_ALIAS = Code(
    "T812",
    _ERROR,
    "`{text}` 不能放在名称前面",
    "`{text}` cannot stand in front of names",
    "写字母、数字和下划线，第一个不能是数字，例如 `crm: customers`。",
    "Letters, digits and underscores, the first one no digit, as in `crm: customers`.",
)
VERSIONS_DIFFER = Code(
    "T810",
    _ERROR,
    "`{name}` 需要 `{wanted}`，但别处已经用了 {found}",
    "`{name}` is wanted as `{wanted}`, but {found} is in use already",
    "让两处要求同一个版本。",
    "Let both ask for one version.",
)
SETTING_DIFFERS = Code(
    "T811",
    _ERROR,
    "{first} 和 {second} 对 `{key}` 的设置不同",
    "{first} and {second} set `{key}` differently",
    "在本应用里写明 `{key}`。",
    "Write `{key}` in this app.",
)
