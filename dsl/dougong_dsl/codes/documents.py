"""Diagnostics about documents."""

from dougong_dsl.diagnostics import Code, Severity

UNKNOWN_DOCUMENT = Code(
    "T270",
    Severity.ERROR,
    "没有名为 `{name}` 的文档",
    "There is no document `{name}`",
    "`documents` 里有的文档：{known}。",
    "The documents are {known}.",
)
DOCUMENT_OF_OTHER = Code(
    "T271",
    Severity.ERROR,
    "文档 `{name}` 写的是 `{other}`，不是 `{object}`",
    "The document `{name}` is about `{other}`, not about `{object}`",
    "为 `{object}` 另写一份文档。",
    "Write a document of `{object}`.",
)
WRONG_TAG = Code(
    "T272",
    Severity.ERROR,
    "模板里的 `{tag}` 写得不对：{problem}",
    "`{tag}` in the template is not right: {problem}",
    "模板里能写 `{{{{ 表达式 }}}}`、`{{% for 名称 in 列表 %}}` … `{{% else %}}` … `{{% endfor %}}`、"
    "`{{% if 条件 %}}` … `{{% elif 条件 %}}` … `{{% else %}}` … `{{% endif %}}`。",
    "A template knows `{{{{ expression }}}}`, `{{% for name in list %}}` … `{{% else %}}` … `{{% endfor %}}`, "
    "`{{% if condition %}}` … `{{% elif condition %}}` … `{{% else %}}` … `{{% endif %}}`.",
)
NOT_A_LIST = Code(
    "T273",
    Severity.ERROR,
    "`{object}` 没有名为 `{name}` 的列表",
    "`{object}` has no list `{name}`",
    "`for` 后面写指向这条记录的列表，有：{known}。",
    "`for` goes through records that link here: {known}.",
)
DOCUMENT_NOWHERE = Code(
    "T274",
    Severity.ERROR,
    "文档要么用 `into` 放进附件字段，要么用 `to` 发给人",
    "A document goes `into` a file field, or `to` people: write one of them",
    "例如 `document: {{name: {name}, into: 附件字段}}`。",
    "Write `document: {{name: {name}, into: file_field}}`, for example.",
)
NOT_A_FILE_FIELD = Code(
    "T275",
    Severity.ERROR,
    "`{name}` 不能放文档：它要是收 {forms} 文件的附件字段",
    "`{name}` cannot hold the document: it has to be a field of files that accepts {forms}",
    "例如 `{name}: file` 或 `{name}: file accept ({forms})`。",
    "Write `{name}: file`, or `{name}: file accept ({forms})`.",
)
NO_NUMBER = Code(
    "T276",
    Severity.ERROR,
    "文档 `{name}` 没有 `number`，没有 `document.number` 可写",
    "The document `{name}` has no `number`: there is no `document.number` to show",
    "给文档加上 `number`，写编号的格式。",
    "Give the document a `number`: a pattern such as those of automatic numbers.",
)
NO_TEMPLATE = Code(
    "T277",
    Severity.ERROR,
    "没有模板文件 `{name}`",
    "There is no template file `{name}`",
    "文件名从写它的 YAML 文件所在的文件夹算起。有的模板文件：{known}。",
    "The name is seen from the folder of the YAML file that it stands in. The template files are {known}.",
)
TEMPLATE_OUTSIDE = Code(
    "T278",
    Severity.ERROR,
    "模板文件 `{name}` 不在应用的文件夹里",
    "The template file `{name}` is outside of the app's folder",
    "把文件放到 YAML 文件旁边，只写文件名。",
    "Put the file beside the YAML file and write its name alone.",
)
TEMPLATE_KIND = Code(
    "T279",
    Severity.ERROR,
    "模板要用 HTML 写，`{name}` 不是 .html 文件",
    "Templates are written in HTML, and `{name}` is no .html file",
    "把内容另存为 .html；要 PDF 或 Word 文件，用 `as: [pdf, docx]`。",
    "Save it as .html; for PDF or Word files write `as: [pdf, docx]`.",
)
NOT_MADE_AS = Code(
    "T280",
    Severity.ERROR,
    "文档 `{name}` 不生成 {form} 文件",
    "The document `{name}` is not made as {form}",
    "它的 `as` 里有：{known}。",
    "Its `as` has {known}.",
)
