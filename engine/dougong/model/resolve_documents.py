"""Documents bound to their objects: what they are made as, how they are numbered, their templates taken apart."""

from collections.abc import Sequence

from dougong_dsl.codes import names as name_codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Word
from dougong_dsl.titles import Title
from pydantic import ValidationError

from dougong.definition.app import AppDefinition
from dougong.fields.autonumber import AutonumberOptions
from dougong.fields.base import OptionsError
from dougong.model.documents import FORMS, Document
from dougong.model.drafts import Draft
from dougong.model.names import check_case
from dougong.model.resolve_templates import TemplateReader


def resolve_documents(draft: Draft, definition: AppDefinition) -> dict[str, Document]:
    """Every document whose object is there."""
    draft.report(*check_case(definition.documents))
    found = {}
    for name, written in definition.documents.items():
        owner = draft.object(written.of)
        forms = _forms(draft, written.as_)
        if owner is not None:
            number = None if written.number is None else _number(draft, written.number)
            title = written.title or Title.same(str(name))
            template = TemplateReader(draft, owner, written.template, str(name), is_numbered=written.number is not None)
            found[str(name)] = Document(str(name), str(owner.name), title, template.read(), name.place, number, forms)
    return found


def _forms(draft: Draft, words: Sequence[Word]) -> tuple[str, ...]:
    """What the copies are made as, each once, in the order that they are written in."""
    for word in words:
        if word not in FORMS:
            known = ", ".join(FORMS)
            found = name_codes.WRONG_VALUE.at(
                word.place, key="`as`", value=str(word), expected=(f" {known}", known), nearest=nearest(word, FORMS)
            )
            draft.report(found)
    return tuple(dict.fromkeys(str(word) for word in words if word in FORMS)) or FORMS[:1]


def _number(draft: Draft, word: Word) -> AutonumberOptions | None:
    try:
        return AutonumberOptions(pattern=str(word))
    except OptionsError as error:
        problem = (error.zh, error.en)
    except ValidationError:
        problem = ("编号格式最多 60 个字", "a number pattern has at most 60 characters")
    draft.report(name_codes.WRONG_OPTION.at(word.place, key="`number`", problem=problem))
    return None
