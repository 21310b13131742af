"""One release of the app, ready to run: rules, texts and rights, each made when it is first asked for and kept.

Nothing in it changes what it means; an engine swaps the whole of it when a newer release is applied.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from dougong_dsl.expression import Expression

from dougong.access.access import Access
from dougong.database.text import Dialect
from dougong.derive.programs import Program, TextProgram, compile_program, compile_template
from dougong.derive.rules import ObjectRules, object_rules
from dougong.derive.schema import AppSchema
from dougong.derive.statements import EngineTexts, WriteTexts
from dougong.derive.tables import Tables, build_tables
from dougong.model.app import App
from dougong.model.text import Template
from dougong.refusals import refuse
from dougong.runtime import refusals as codes
from dougong.runtime.actor import Actor

T = TypeVar("T")
KEPT_QUESTIONS = 2_000  # filters are typed by people: the oldest make room


class Compiled:
    """An applied definition and everything derived from it. Shared by all threads: entries are only ever added."""

    def __init__(
        self,
        app: App,
        release_id: int,
        dialect: Dialect,
        compile: Callable[[Expression], Program] = compile_program,
        files_dir: Path = Path("files"),
    ) -> None:
        self.app = app
        self.files_dir = files_dir
        self.compile = compile
        self.release_id = release_id
        self.dialect: Dialect = dialect
        self.tables: Tables = build_tables(app, dialect)
        self.schema = AppSchema(app)
        self.statements = EngineTexts(self.tables, dialect)
        self._rules: dict[str, ObjectRules] = {}
        self._writes: dict[str, WriteTexts] = {}
        self._access: dict[tuple[str, ...] | None, Access] = {}
        self._programs: dict[int, tuple[Expression, Program]] = {}
        self._texts: dict[int, tuple[Template, TextProgram]] = {}
        self._questions: dict[Any, Any] = {}

    def rules(self, object_name: str) -> ObjectRules:
        """The rules of an object; `Refused` R407 when the app has none of this name."""
        found = self._rules.get(object_name)
        if found is None:
            target = self.app.objects.get(object_name)
            if target is None:
                raise refuse(codes.UNKNOWN_OBJECT, name=object_name)
            found = self._rules[object_name] = object_rules(self.app, target, self.dialect, self.compile)
        return found

    def writes(self, object_name: str) -> WriteTexts:
        """The texts that write an object."""
        found = self._writes.get(object_name)
        if found is None:
            rules = self.rules(object_name)
            found = self._writes[object_name] = WriteTexts(rules, self.tables.of[object_name], self.tables.engine, self.dialect)
        return found

    def access(self, actor: Actor) -> Access:
        """The rights of an actor's roles."""
        key = None if actor.is_system else actor.roles
        found = self._access.get(key)
        if found is None:
            found = self._access[key] = Access(self.app, key, self.schema, self.program)
        return found

    def program(self, expression: Expression) -> Program:
        """An expression of the definition in Python."""
        found = self._programs.get(id(expression))
        if found is None:
            found = self._programs[id(expression)] = (expression, self.compile(expression))
        return found[1]

    def text(self, template: Template) -> TextProgram:
        """A text of the definition with its gaps filled, in both languages."""
        found = self._texts.get(id(template))
        if found is None:
            found = self._texts[id(template)] = (template, compile_template(self.app, template))
        return found[1]

    def question(self, key: Any, make: Callable[[], T]) -> T:
        """A prepared question of the read gate, kept by what it depends on."""
        found: T | None = self._questions.get(key)
        if found is None:
            found = make()
            if len(self._questions) >= KEPT_QUESTIONS:
                self._questions = {}
            self._questions[key] = found
        return found
