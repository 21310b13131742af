"""What people call functions: Chinese words that lead to the English names of the table."""

from collections.abc import Iterator, Mapping

from dougong_dsl.expression.functions import FUNCTIONS, Function

CHINESE: Mapping[str, tuple[str, ...]] = {
    "求和": ("SUM",),
    "合计": ("SUM",),
    "总和": ("SUM",),
    "计数": ("COUNT",),
    "个数": ("COUNT",),
    "平均": ("AVERAGE",),
    "均值": ("AVERAGE",),
    "最大": ("MAX",),
    "最小": ("MIN",),
    "如果": ("IF", "IFS"),
    "判断": ("IF", "IFS"),
    "条件": ("IF", "IFS"),
    "对照": ("SWITCH",),
    "为空": ("ISBLANK", "IFBLANK"),
    "四舍五入": ("ROUND",),
    "取整": ("INT", "ROUND"),
    "绝对值": ("ABS",),
    "余数": ("MOD",),
    "长度": ("LEN",),
    "字数": ("LEN",),
    "截取": ("LEFT", "RIGHT", "MID"),
    "查找": ("FIND", "CONTAINS"),
    "包含": ("CONTAINS", "HAS"),
    "替换": ("SUBSTITUTE",),
    "大写": ("UPPER",),
    "小写": ("LOWER",),
    "去空格": ("TRIM",),
    "拼接": ("CONCAT",),
    "今天": ("TODAY",),
    "现在": ("NOW",),
    "年份": ("YEAR",),
    "月份": ("MONTH",),
    "星期": ("WEEKDAY",),
    "天数": ("DAYS", "DATEDIF"),
    "相差": ("DATEDIF", "DAYS"),
    "月底": ("EOMONTH",),
    "加月": ("EDATE",),
    "变化": ("CHANGED",),
    "新建": ("ISNEW",),
    "停留": ("TIME_IN", "HOURSINSTATE"),
    "进入": ("ENTERED_AT", "STATESINCE"),
    "经过": ("PASSED",),
    "走过": ("PASSED",),
    "阶段": ("INSTATE", "PASSED", "TIME_IN", "ENTERED_AT"),
    "修改次数": ("CHANGES",),
    "有没有": ("HAS", "ANY"),
    "工作日": ("WORKDAY", "NETWORKDAYS", "ISWORKDAY"),
    "工时": ("WORKHOURS",),
    "任一": ("ANY",),
    "全部": ("ALL",),
}


def functions() -> list[Function]:
    """Every function once."""
    return list({id(f): f for f in FUNCTIONS.values()}.values())


def called(word: str) -> Iterator[Function]:
    """The functions that a beginning of a Chinese word may mean: by the table above, then by their sentence."""
    told: set[str] = set()
    names = [name for chinese, each in CHINESE.items() if chinese.startswith(word) or word.startswith(chinese) for name in each]
    for function in (*(FUNCTIONS[n] for n in names if n in FUNCTIONS), *(f for f in functions() if len(word) > 1 and word in f.zh)):
        if function.name not in told:
            told.add(function.name)
            yield function


def described(function: Function, language: str) -> str:
    """Signature, sentence and an example, as Markdown."""
    example = next(iter(function.examples), None)
    shown = f"\n\n`{example.text}` → {example.value}" if example is not None else ""
    return f"```\n{function.signature}\n```\n{function.zh if language == 'zh' else function.en}{shown}"
