"""The filter operators: one row each. A field type lists the rows that make sense for it."""

from dougong_dsl.titles import Title

from dougong.fields.base import Operator

EQUAL = Operator("eq", Title("等于", "is"), "{field} = {value}")
NOT_EQUAL = Operator("ne", Title("不等于", "is not"), "({field} != {value} or {field} is blank)")
LESS = Operator("lt", Title("小于", "less than"), "{field} < {value}")
AT_MOST = Operator("le", Title("不大于", "at most"), "{field} <= {value}")
MORE = Operator("gt", Title("大于", "more than"), "{field} > {value}")
AT_LEAST = Operator("ge", Title("不小于", "at least"), "{field} >= {value}")
BETWEEN = Operator("between", Title("介于", "between"), "{field} between {value} and {value}", "two")
BEFORE = Operator("before", Title("早于", "before"), "{field} < {value}")
FROM = Operator("from", Title("不早于", "from"), "{field} >= {value}")
UNTIL = Operator("until", Title("不晚于", "until"), "{field} <= {value}")
CONTAINS = Operator("contains", Title("包含", "contains"), "{field} contains {value}")
STARTS = Operator("starts", Title("开头是", "starts with"), "{field} starts with {value}")
ONE_OF = Operator("in", Title("是其中之一", "is one of"), "{field} in ({value})", "many")
HAS = Operator("has", Title("含有", "has"), "HAS({field}, {value})")
HAS_ANY = Operator("any", Title("含有其一", "has any of"), "HASANY({field}, {value})", "many")
HAS_ALL = Operator("all", Title("全部含有", "has all of"), "HASALL({field}, {value})", "many")
IS_TRUE = Operator("yes", Title("是", "yes"), "{field} = true", "none")
IS_FALSE = Operator("no", Title("否", "no"), "{field} = false", "none")
BLANK = Operator("blank", Title("为空", "is blank"), "{field} is blank", "none")
FILLED = Operator("filled", Title("不为空", "is filled"), "{field} is not blank", "none")

TEXTS = (CONTAINS, EQUAL, NOT_EQUAL, STARTS, BLANK, FILLED)
NUMBERS = (EQUAL, NOT_EQUAL, MORE, AT_LEAST, LESS, AT_MOST, BETWEEN, BLANK, FILLED)
TIMES = (FROM, UNTIL, BEFORE, BETWEEN, EQUAL, BLANK, FILLED)
ONE_CHOICE = (EQUAL, NOT_EQUAL, ONE_OF, BLANK, FILLED)
MANY_CHOICES = (HAS, HAS_ANY, HAS_ALL, BLANK, FILLED)
LINKS = (EQUAL, NOT_EQUAL, BLANK, FILLED)
