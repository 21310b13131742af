"""`document`: a copy of a document of the record is made, kept and handed on."""

from collections.abc import Sequence

from dougong_dsl.codes import documents as codes
from dougong_dsl.diagnostics import nearest
from dougong_dsl.sentences.written import Word

from dougong.definition.actions import DocumentActionDefinition
from dougong.definition.part import unknown_key
from dougong.fields.file import FileField
from dougong.model.actions import Action, DocumentAction
from dougong.model.documents import FORMS
from dougong.model.resolve_actions.ground import Common, Ground
from dougong.model.resolve_actions.people import recipients


def read_document(ground: Ground, written: DocumentActionDefinition, common: Common) -> Action | None:
    """`document: {name: quote, into: contract_file}`, `document: {name: quote, to: owner}`; `document: quote` goes into the only field
    that can hold it."""
    name, people = written.name, recipients(ground, written.to)
    text = None if written.text is None else ground.draft.template(written.text, ground.scope)
    if not _is_document(ground, name) or not _is_made_as(ground, name, written.as_):
        return None
    forms = [str(word) for word in ground.definition.documents[name].as_ or FORMS[:1]]
    wanted = forms if written.as_ is None else [str(written.as_)]
    if written.to and written.into is not None:
        ground.draft.report(codes.DOCUMENT_NOWHERE.at(written.place, name=str(name)))
        return None
    if not written.to and text is not None:
        part = ("放进字段的 document", "a document that goes into a field")
        ground.draft.report(unknown_key(part, Word.inserted("text", written.place), ["name", "into"]))
    if written.to:
        return DocumentAction(**common, document=str(name), form=wanted[0], recipients=people, text=text)
    into = _field(ground, written, wanted)
    if into is None:
        return None
    kept = next(form for form in wanted if _holds(ground.owner.fields[into].type, [form]))
    return DocumentAction(**common, document=str(name), form=kept, into=into)


def _is_document(ground: Ground, name: Word) -> bool:
    known = ground.definition.documents
    found, owner = known.get(name), str(ground.owner.name)
    if found is None:
        if name not in ground.draft.broken:
            names = ", ".join(known) or "-"
            ground.draft.report(codes.UNKNOWN_DOCUMENT.at(name.place, name=str(name), known=names, nearest=nearest(name, list(known))))
        return False
    if found.of != owner:
        ground.draft.report(codes.DOCUMENT_OF_OTHER.at(name.place, name=str(name), other=str(found.of), object=owner))
    return found.of == owner


def _is_made_as(ground: Ground, name: Word, form: Word | None) -> bool:
    known = [str(word) for word in ground.definition.documents[name].as_ or FORMS[:1]]
    if form is None or form in known:
        return True
    near = nearest(form, known)
    ground.draft.report(codes.NOT_MADE_AS.at(form.place, name=str(name), form=str(form), known=", ".join(known), nearest=near))
    return False


def _field(ground: Ground, written: DocumentActionDefinition, forms: Sequence[str]) -> str | None:
    """The field the copy goes into: the named one, or the only one that can hold it."""
    if written.into is not None:
        field = ground.writable(ground.owner, written.into)
        if field is None or field.type is None:
            return None
        if not _holds(field.type, forms):
            ground.draft.report(codes.NOT_A_FILE_FIELD.at(written.into.place, name=str(written.into), forms=", ".join(forms)))
            return None
        return str(written.into)
    fitting = [str(name) for name, field in ground.owner.fields.items() if _holds(field.type, forms)]
    if len(fitting) != 1:
        ground.draft.report(codes.DOCUMENT_NOWHERE.at(written.place, name=str(written.name)))
        return None
    return fitting[0]


def _holds(kind: object, forms: Sequence[str]) -> bool:
    """Whether a field takes files of one of the forms."""
    return isinstance(kind, FileField) and (not kind.options.accept or not set(forms).isdisjoint(kind.options.accept))
