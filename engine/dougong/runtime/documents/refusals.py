"""R84x: what documents say no with."""

from dougong.refusals import RefusalCode

NO_DOCUMENT = RefusalCode("R840", 404, "这条记录没有文档“{name}”", "The record has no document “{name}”")
NO_FORM = RefusalCode(
    "R841", 404, "文档“{name}”不生成 {form} 文件，有：{known}", "The document “{name}” is not made as {form}; there is {known}"
)
NOT_INSTALLED = RefusalCode(
    "R842",
    501,
    "这台服务器还不能生成 {form} 文件，请管理员安装：pip install 'dougong[documents]'，Debian 上还要 libpango-1.0-0 libpangoft2-1.0-0 和 fonts-noto-cjk",
    "This server cannot make {form} files yet; whoever runs it installs: pip install 'dougong[documents]', and on Debian libpango-1.0-0 "
    "libpangoft2-1.0-0 and fonts-noto-cjk",
)
NOT_LAID_OUT = RefusalCode(
    "R844",
    422,
    "模板的写法排不成 {form} 文件（{problem}），请检查模板里的样式和图片",
    "What the template says cannot be laid out as {form} ({problem}): look at its styles and pictures",
)
TOO_LONG = RefusalCode("R843", 422, "内容太多，生成不了 {form} 文件", "There is too much in it to be made as {form}")
