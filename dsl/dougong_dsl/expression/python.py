"""Typed tree → plain Python: one generated function, compiled once, that gives the value for a row and a context.

Values that may be null are checked in line and only there; conditions are asked for what is needed (is it true, is it
false, or one of three), so that most of them become native `and`, `or` and comparisons. No text of the author reaches
the source but as the `repr` of a literal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

from dougong_dsl.expression import python_runtime, python_working, typed
from dougong_dsl.expression.context import Context
from dougong_dsl.expression.equalities import equalities
from dougong_dsl.expression.functions import FUNCTIONS
from dougong_dsl.expression.types import Boolean, Date, DateTime, Duration, Number, digits_of, is_number

Compiled = Callable[[Mapping[str, Any], Context], Any]
_DEEPEST = 20
"""Brackets that may stand inside each other before a part becomes a statement of its own (CPython stops at 200)."""
_NATIVE_DIGITS = 28
_DIVISION_DIGITS = 66
_YEARS = timedelta(days=366_000)


class _Writer(python_working.WorkingWriter):
    """Writes the source of one expression; `constants` are what the source names."""

    def __init__(self, root: typed.Typed) -> None:
        self.constants: dict[str, object] = {}
        self.lines: list[str] = []
        self.counter = 0
        self.looks_up = any(isinstance(node, typed.Records) for node in typed.walk(root))
        self.fields = self._repeated_fields(root)
        if self.looks_up:
            self.fields.pop("id", None)

    @staticmethod
    def _repeated_fields(root: typed.Typed) -> dict[str, str]:
        """Fields of the record that are read more than once: each gets a local."""
        seen: dict[str, int] = {}
        for node in typed.walk(root):
            if isinstance(node, typed.Get) and isinstance(node.row, typed.Here) and node.row.depth == 0:
                seen[node.name] = seen.get(node.name, 0) + 1
        return {name: f"f{index}" for index, name in enumerate(sorted(n for n, count in seen.items() if count > 1))}

    def fresh(self) -> str:
        """A local name."""
        self.counter += 1
        return f"t{self.counter}"

    def constant(self, value: object) -> str:
        """A name for a value that has no literal."""
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value and str(known) == str(value):
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    # values

    def value(self, node: typed.Typed) -> str:
        """Code for the value; None where it is null."""
        if isinstance(node.type, Boolean) and not isinstance(node, typed.Constant | typed.Get):
            return self.flat(self.three(node))
        visit = cast("Callable[[Any], str]", getattr(self, f"_{type(node).__name__.lower()}"))
        return self.flat(visit(node))

    def flat(self, code: str) -> str:
        """The code itself, or the name of a local when it is nested too deeply."""
        deepest = depth = 0
        for character in code:
            if character == "(":
                depth += 1
                deepest = max(deepest, depth)
            elif character == ")":
                depth -= 1
        if deepest < _DEEPEST:
            return code
        name = self.fresh()
        self.lines.append(f"{name} = {code}")
        return name

    def guarded(self, nodes: Sequence[typed.Typed], body: Callable[[list[str]], str]) -> str:
        """`body` of the values, None when one of them is null; each value is computed once."""
        checks: list[str] = []
        codes: list[str] = []
        for node in nodes:
            code = self.value(node)
            if code == "None":
                return "None"
            if node.nullable:
                if not code.isidentifier():
                    name = self.fresh()
                    checks.append(f"({name} := {code}) is None")
                    code = name
                else:
                    checks.append(f"{code} is None")
            codes.append(code)
        result = body(codes)
        return f"(None if {' or '.join(dict.fromkeys(checks))} else {result})" if checks else result

    def _constant(self, node: typed.Constant) -> str:
        value = node.value
        if value is None or isinstance(value, bool | str):
            return repr(value)
        if isinstance(value, int):
            return repr(value) if value >= 0 else f"({value!r})"
        return self.constant(value)

    def _localtime(self, node: typed.LocalTime) -> str:
        return f"instant({self.constant(node.value)}, c.zone)"

    def _today(self, node: typed.Today) -> str:
        return "c.today"

    def _now(self, node: typed.Now) -> str:
        return "c.now"

    def _get(self, node: typed.Get) -> str:
        row = node.row
        if isinstance(row, typed.Here):
            if row.depth == 0 and node.name in self.fields:
                return self.fields[node.name]
            if row.depth == 0 and node.name == "id" and self.looks_up:
                return "(r['id'] or 0)"  # a record that is being created has none, and differs from every other
            return f"r{row.depth or ''}[{node.name!r}]"
        if isinstance(row, typed.Acting):
            return f"c.me[{node.name!r}]" if node.name == "id" else f"c.me.get({node.name!r})"
        if isinstance(row, typed.Before):
            return f"read(c.old, {node.name!r})"
        assert isinstance(row, typed.Linked)
        return f"read(linked(c, {row.object!r}, {self.value(row.link)}), {node.name!r})"

    def _row_id(self, row: typed.Row) -> str:
        if isinstance(row, typed.Here):
            return f"r{row.depth or ''}['id']"
        if isinstance(row, typed.Linked):
            return self.value(row.link)
        return "c.me['id']" if isinstance(row, typed.Acting) else "read(c.old, 'id')"

    def _negate(self, node: typed.Negate) -> str:
        wide = is_number(node.type) and digits_of(node.type) > _NATIVE_DIGITS
        return self.guarded([node.item], lambda c: f"negate({c[0]})" if wide else f"(-{c[0]})")

    def _arithmetic(self, node: typed.Arithmetic) -> str:
        sides = [node.left, node.right]
        if node.operator == "/":
            wide = digits_of(node.left.type) + 2 * digits_of(node.right.type) > _DIVISION_DIGITS
            return self.guarded(sides, lambda c: f"{'divide_wide' if wide else 'divide'}({c[0]}, {c[1]})")
        if digits_of(node.type) <= _NATIVE_DIGITS:
            return self.guarded(sides, lambda c: f"({c[0]} {node.operator} {c[1]})")
        name = {"+": "add_wide", "-": "subtract_wide", "*": "multiply_wide"}[node.operator]
        return self.guarded(sides, lambda c: f"{name}({c[0]}, {c[1]})")

    def _difference(self, node: typed.Difference) -> str:
        days = ".days" if isinstance(node.type, Number) else ""
        return self.guarded([node.left, node.right], lambda c: f"({c[0]} - {c[1]}){days}")

    def _shift(self, node: typed.Shift) -> str:
        sign = "+" if node.sign > 0 else "-"
        amount = node.amount
        if isinstance(node.base, typed.Today | typed.Now) and isinstance(amount, typed.Constant):
            length = (
                amount.value
                if isinstance(amount.value, timedelta)
                else timedelta(days=cast(int, amount.value))
                if abs(cast(int, amount.value or 0)) < 366_000
                else None
            )
            if length is not None and abs(length) < _YEARS:
                return f"({self.value(node.base)} {sign} {self.constant(length)})"
        if isinstance(node.type, Date):
            return self.guarded([node.base, amount], lambda c: f"add_days({c[0]}, {c[1] if node.sign > 0 else f'-{c[1]}'})")
        if isinstance(node.type, Duration):
            return self.guarded([node.base, amount], lambda c: f"({c[0]} {sign} {c[1]})")
        name = "add_time" if node.sign > 0 else "subtract_time"
        return self.guarded([node.base, amount], lambda c: f"{name}({c[0]}, {c[1]})")

    def _shiftmonths(self, node: typed.ShiftMonths) -> str:
        minus = "" if node.sign > 0 else "-"
        if isinstance(node.type, DateTime):
            return self.guarded([node.base, node.months], lambda c: f"add_months_at({c[0]}, {minus}{c[1]}, c.zone)")
        return self.guarded([node.base, node.months], lambda c: f"add_months({c[0]}, {minus}{c[1]})")

    def _localday(self, node: typed.LocalDay) -> str:
        return self.guarded([node.item], lambda c: f"local_day({c[0]}, c.zone)")

    def _joined(self, node: typed.Joined) -> str:
        parts = [self._shown(item) for item in node.items]
        return f"(({' + '.join(parts)}) or None)" if node.nullable else f"({' + '.join(parts)})"

    def _shown(self, node: typed.Typed) -> str:
        if is_number(node.type):
            code = self.guarded([node], lambda c: f"shown({c[0]})")
        elif isinstance(node.type, Date):
            code = self.guarded([node], lambda c: f"{c[0]}.isoformat()")
        else:
            code = self.value(node)
        if code == "None":
            return "''"
        return f"({code} or '')" if node.nullable else code

    def _case(self, node: typed.Case) -> str:
        return self._branches([(self.true(test), self.value(result)) for test, result in node.branches], self.value(node.default))

    def _branches(self, branches: list[tuple[str, str]], default: str) -> str:
        """A chain of conditional expressions, cut into statements when it is long."""
        code = default
        for test, result in reversed(branches):
            code = f"{result} if {test} else {code}"
        return f"({code})"

    def _switch(self, node: typed.Switch) -> str:
        name = self.fresh()
        branches = [(f"{name} == {self.value(key)}", self.value(result)) for key, result in node.branches]
        if node.item.nullable:  # a null item equals no key, not even a null one
            branches = [(f"{name} is not None and {test}", result) for test, result in branches]
        first, result = branches[0]
        item = self.value(node.item)
        branches[0] = (first.replace(name, f"({name} := {item})", 1), result)
        return self._branches(branches, self.value(node.default))

    def _firstof(self, node: typed.FirstOf) -> str:
        *before, last = node.items
        code = self.value(last)
        for item in reversed(before):
            mine = self.value(item)
            if mine == "None":
                continue
            if not item.nullable:
                code = mine
                continue
            name = mine if mine.isidentifier() else self.fresh()
            first = name if name == mine else f"({name} := {mine})"
            code = f"({name} if {first} is not None else {code})"
        return code

    def _call(self, node: typed.Call) -> str:
        function = FUNCTIONS[node.function]
        kept = [not function.parameters[min(i, len(function.parameters) - 1)].blank_ok for i in range(len(node.arguments))]
        strict = [argument for argument, is_strict in zip(node.arguments, kept, strict=True) if is_strict]
        loose = [self.value(argument) for argument, is_strict in zip(node.arguments, kept, strict=True) if not is_strict]

        def body(codes: list[str]) -> str:
            ready, other = iter(codes), iter(loose)
            arguments = [next(ready) if is_strict else next(other) for is_strict in kept]
            if isinstance(function.python, str):
                return "(" + function.python.format(*arguments, all=", ".join(arguments)) + ")"
            return function.python(arguments, [argument.type for argument in node.arguments], node.type)

        if node.function == "COUNT":
            return body(codes=[self._local(code) for code in [self.value(node.arguments[0])]])
        return self.guarded(strict, body)

    def _local(self, code: str) -> str:
        return f"listed({code})"

    def _past(self, node: typed.Past) -> str:
        row = node.row
        here = f"r{cast(typed.Here, row).depth or ''}"
        code = f"linked(c, {row.object!r}, {self.value(row.link)})" if isinstance(row, typed.Linked) else here
        beside = "" if node.column == "stage" else f", {node.column!r}, {node.log!r}"
        return f"{node.kind}(c, {row.object!r}, {code}, {node.words!r}{beside})"

    def _aggregate(self, node: typed.Aggregate) -> str:
        source = self._source(node)
        where = "True" if node.where is None else self._per_row(node.depth, self.true, node.where)
        body = "" if node.body is None else self._per_row(node.depth, self.value, node.body)
        each = f"for r{node.depth} in {source}"
        if node.kind == "any":
            return f"any({where if node.body is None else body} {each})"
        if node.kind == "all":
            return f"all({where if node.body is None else body} {each})"
        test = "" if node.where is None else f" if {where}"
        if node.kind in ("first", "last"):
            order = "None" if node.order is None else self._per_row(node.depth, self.value, node.order)
            return f"{node.kind}_of([({order}, r{node.depth}['id'], {body}) {each}{test}])"
        if node.kind == "join":
            return f"join([{body} {each}{test}], {node.separator!r})"
        if node.kind == "count":
            return f"sum(1 {each}{test})" if node.body is None else f"sum({body} is not None {each}{test})"
        return f"{node.kind}_of([{body} {each}{test}])"

    def _source(self, node: typed.Aggregate) -> str:
        """Code for the rows of a list function."""
        rows = node.rows
        if isinstance(rows, typed.Records):
            equal = ", ".join(f"{name!r}: {self._named_before(self.value(value))}" for name, value in equalities(node))
            return f"found(c, {rows.object!r}, {{{equal}}})"
        id = self._named_before(self._row_id(rows.row))
        return f"rows(c, {rows.object!r}, {rows.through!r}, {id})"

    def _named_before(self, code: str) -> str:
        """The code, or a local for it: Python allows no assignment inside of a comprehension's source."""
        if ":=" not in code:
            return code
        name = self.fresh()
        self.lines.append(f"{name} = {code}")
        return name

    def _per_row(self, depth: int, write: Callable[[typed.Typed], str], node: typed.Typed) -> str:
        """Code for one row of a list: in place, or a local function when it needs statements of its own."""
        outer, self.lines = self.lines, []
        code = write(node)
        inner, self.lines = self.lines, outer
        if not inner:
            return code
        name = self.fresh()
        self.lines.append("\n    ".join([f"def {name}(r{depth}):", *(line.replace("\n", "\n    ") for line in inner), f"return {code}"]))
        return f"{name}(r{depth})"

    # conditions

    def three(self, node: typed.Typed) -> str:
        """Code for True, False or None."""
        if isinstance(node, typed.Constant | typed.Get):
            return self.value(node)
        if isinstance(node, typed.Case | typed.Switch | typed.FirstOf | typed.Call | typed.Aggregate | typed.Past):
            visit = cast("Callable[[Any], str]", getattr(self, f"_{type(node).__name__.lower()}"))
            return visit(node)
        if isinstance(node, typed.InList):
            return self._in_list(node)
        if isinstance(node, typed.Within):
            return self.guarded([node.item, node.above], lambda codes: f"within(c, {node.object!r}, {codes[0]}, {codes[1]})")
        if not node.nullable:
            return self._asked(node, True)
        if isinstance(node, typed.Not):
            name = self.fresh()
            return f"(None if ({name} := {self.value(node.item)}) is None else not {name})"
        if isinstance(node, typed.Logical):
            return self._kleene(node)
        if isinstance(node, typed.OneOf) and any(option.nullable for option in node.options):
            return f"one_of({self.value(node.item)}, {', '.join(self.value(option) for option in node.options)})"
        if isinstance(node, typed.Range):
            return f"in_range({self.value(node.item)}, {self.value(node.low)}, {self.value(node.high)})"
        return self.guarded(self._sides(node), lambda codes: self._test(node, codes))

    def _in_list(self, node: typed.InList) -> str:
        item, again = self._named(node.item)
        if not node.item.nullable:
            return f"({item} in listed({self.value(node.list)}))"
        name = self.fresh()
        return f"(False if not ({name} := {self.value(node.list)}) else None if {item} is None else {again} in {name})"

    def _named(self, node: typed.Typed) -> tuple[str, str]:
        """Code of a value at its first use, and a name for it afterwards."""
        code = self.value(node)
        if code.isidentifier() or not node.nullable:
            return code, code
        name = self.fresh()
        return f"({name} := {code})", name

    def _kleene(self, node: typed.Logical) -> str:
        """False (or True, for `or`) as soon as one item is; else None when one is null."""
        stop = "False" if node.operator == "and" else "True"
        stops: list[str] = []
        unknown: list[str] = []
        for item in node.items:
            if not item.nullable:
                stops.append(f"not {self.true(item)}" if node.operator == "and" else self.true(item))
                continue
            first, name = self._named(item)
            stops.append(f"{first} is {stop}")
            unknown.append(f"{name} is None")
        other = "True" if node.operator == "and" else "False"
        return f"({stop} if {' or '.join(stops)} else None if {' or '.join(unknown)} else {other})"

    def _sides(self, node: typed.Typed) -> list[typed.Typed]:
        if isinstance(node, typed.Compare):
            return [node.left, node.right]
        if isinstance(node, typed.Range):
            return [node.item, node.low, node.high]
        assert isinstance(node, typed.OneOf)
        return [node.item]

    def _test(self, node: typed.Typed, codes: list[str]) -> str:
        """The native test of values that are not null."""
        if isinstance(node, typed.Compare):
            operator = {"=": "==", "<>": "!="}.get(node.operator, node.operator)
            return f"({codes[0]} {operator} {codes[1]})"
        if isinstance(node, typed.Range):
            return f"({codes[1]} <= {codes[0]} <= {codes[2]})"
        assert isinstance(node, typed.OneOf)
        options = ", ".join(self.value(option) for option in node.options)
        return f"({codes[0]} in ({options},))"

    def _known(self, nodes: Sequence[typed.Typed], body: Callable[[list[str]], str]) -> str:
        """`body` and no side null."""
        checks: list[str] = []
        codes: list[str] = []
        for node in nodes:
            first, name = self._named(node)
            if first == "None":
                return "False"
            if node.nullable:
                checks.append(f"{first} is not None")
            codes.append(name)
        return f"({' and '.join([*dict.fromkeys(checks), body(codes)])})"

    def true(self, node: typed.Typed) -> str:
        """Code that is truthy exactly when the condition is true."""
        return self.flat(self._asked(node, True))

    def false(self, node: typed.Typed) -> str:
        """Code that is truthy exactly when the condition is false."""
        return self.flat(self._asked(node, False))

    def _asked(self, node: typed.Typed, wanted: bool) -> str:
        if isinstance(node, typed.Not):
            return self._asked(node.item, not wanted)
        if isinstance(node, typed.Logical):
            word = node.operator if wanted else {"and": "or", "or": "and"}[node.operator]
            return "(" + f" {word} ".join(self.true(item) if wanted else self.false(item) for item in node.items) + ")"
        if isinstance(node, typed.IsBlank):
            if not node.item.nullable:
                return str(node.negated == wanted)
            is_not = "is not" if node.negated == wanted else "is"
            return f"({self.value(node.item)} {is_not} None)"
        if isinstance(node, typed.Changed):
            test = f"(c.old is None or {self.value(node.now)} != c.old[{cast(typed.Get, node.before).name!r}])"
            return test if wanted else f"(not {test})"
        if isinstance(node, typed.IsNew):
            return "(c.old is None)" if wanted else "(c.old is not None)"
        if isinstance(node, typed.Compare) or (isinstance(node, typed.OneOf) and not any(option.nullable for option in node.options)):
            negation = "" if wanted else "not "
            return self._known(self._sides(node), lambda codes: negation + self._test(node, codes))
        if isinstance(node, typed.Range) and wanted:
            return self._known(self._sides(node), lambda codes: self._test(node, codes))
        code = self.three(node)
        if not node.nullable:
            return code if wanted else f"(not {code})"
        return f"({code} is {wanted})"


def _written(root: typed.Typed) -> tuple[str, dict[str, object]]:
    writer = _Writer(root)
    result = writer.value(root)
    prologue = [f"{local} = r[{name!r}]" for name, local in writer.fields.items()]
    lines = [*prologue, *writer.lines, f"return {result}"]
    body = "\n".join(lines).replace("\n", "\n    ")
    return f"def expression(r, c):\n    {body}\n", writer.constants


def python_source(expression: typed.Expression) -> str:
    """The generated source, with the constants it names as comments."""
    source, constants = _written(expression.root)
    notes = "".join(f"# {name} = {value!r}\n" for name, value in constants.items())
    return notes + source


def to_python(expression: typed.Expression) -> Compiled:
    """A function of (row, context) → value, in the Python forms of the value table.

    Conditions give True, False or None (unknown). Numbers are int when the type has no places, else Decimal.
    """
    source, constants = _written(expression.root)
    namespace: dict[str, Any] = {**python_runtime.NAMES, **constants}
    exec(compile(source, "<expression>", "exec"), namespace)  # noqa: S102  # generated above; no text of the author is in it
    return cast(Compiled, namespace["expression"])
