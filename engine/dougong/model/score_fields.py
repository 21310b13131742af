"""What scores add to their object: computed fields whose formulas are put together from the rules, and one for points that actions gave.

A formula is a text made of the author's conditions, each character of which knows where it was written: whatever is wrong is told there.
"""

import json
from collections.abc import Iterable, Iterator

from dougong_dsl.codes import names as codes
from dougong_dsl.places import Place, Source
from dougong_dsl.sentences.written import Entries, Word
from dougong_dsl.titles import Title

from dougong.definition.app import AppDefinition
from dougong.definition.fields import FieldDefinition
from dougong.definition.scores import BAND, ScoreDefinition
from dougong.fields.base import FieldType, OptionsError
from dougong.fields.registry import FIELD_TYPES
from dougong.model import builtin, names
from dougong.model.app import Field
from dougong.model.drafts import Draft, DraftField, DraftObject
from dougong.model.scores import Band, band_field, points_field

_WHY = ("有评分的对象本来就有这一项", "every record of an object with a score has it anyway")
Piece = tuple[str, Source | Place]  # a text, and where each of its characters, or all of it, was written


def draft_score_fields(draft: Draft, definition: AppDefinition) -> None:
    """Add the fields of every score to its object."""
    for name, written in definition.scores.items():
        problems = list(names.check_field_name(name))
        draft.report(*problems)
        owner = draft.object(written.of)
        if owner is not None and not problems:
            _add(draft, owner, name, written)


def scores_of(definition: AppDefinition, owner: DraftObject) -> tuple[tuple[str, ScoreDefinition], ...]:
    """The scores of an object, as written."""
    return tuple((str(name), each) for name, each in definition.scores.items() if each.of == owner.name)


def bands_of(written: ScoreDefinition) -> tuple[Band, ...]:
    """The bands with their bounds as numbers."""
    return tuple(_band(name, text) for name, text in written.bands.items())


def _band(name: Word, text: Word) -> Band:
    found = BAND.fullmatch(text)
    assert found is not None
    if found["sign"] is None:
        return Band(str(name), int(found["low"]), int(found["high"]), text.place)
    bound = int(found["bound"]) + (found["sign"] in (">", "<="))
    return Band(str(name), bound, None, text.place) if found["sign"].startswith(">") else Band(str(name), None, bound, text.place)


def _add(draft: Draft, owner: DraftObject, name: Word, written: ScoreDefinition) -> None:
    fields = list(_fields(draft, owner, name, written))
    for field in fields:
        own = owner.fields.get(field.name)
        if own is not None:
            draft.report(codes.RESERVED_NAME.at(own.place, name=str(field.name), why=_WHY))
            return
    owner.fields.update({field.name: field for field in fields})


def _fields(draft: Draft, owner: DraftObject, name: Word, written: ScoreDefinition) -> Iterator[DraftField]:
    title = written.title or Title.same(str(name))
    integer = _type(draft, "integer", {})
    given = points_field(str(name))
    of_points = _beside(title, "{0}：动作加分", "{0}: points given")
    kept = Field(given, integer, of_points, name.place, was=None if written.was is None else points_field(str(written.was)), is_kept=True)
    yield DraftField(builtin.word(given), str(owner.name), of_points, name.place, None, integer, built=kept)
    yield _computed(owner, name, name, title, integer, _sum(written, given, name.place), written.was)
    if written.bands:
        band = builtin.word(band_field(str(name)))
        try:
            kind = _type(draft, "choice", {"options": [str(each) for each in written.bands]})
        except OptionsError as error:
            draft.report(codes.WRONG_OPTION.at(written.place, key="`bands`", problem=(error.zh, error.en), nearest=error.nearest))
            return
        of_band = _beside(title, "{0}等级", "{0} band")
        was = None if written.was is None else Word.inserted(band_field(str(written.was)), written.was.place)
        yield _computed(owner, band, name, of_band, kind, _naming(str(name), bands_of(written), name.place), was)


def _beside(title: Title, zh: str, en: str) -> Title:
    """The title of what stands beside a score: in two languages where the score's own is, else in the one that it speaks."""
    both = Title(zh.format(title.zh), en.format(title.en))
    return both if title.zh != title.en else Title.same(both.en if title.zh.isascii() else both.zh)


def _type(draft: Draft, key: str, options: dict[str, object]) -> FieldType:
    kind = FIELD_TYPES[key]
    return kind(kind.Options.model_validate(options), draft.context)


def _computed(
    owner: DraftObject, name: Word, at: Word, title: Title, kind: FieldType, pieces: Iterable[Piece], was: Word | None
) -> DraftField:
    definition = FieldDefinition.model_construct(
        title=title, formula=Word(_source(pieces, at.place)), was=was, written=Entries(at.place, [])
    )
    return DraftField(name, str(owner.name), title, at.place, definition, kind)


def _sum(written: ScoreDefinition, given: str, place: Place) -> Iterator[Piece]:
    """`if((CONDITION), 20, 0) + … + ifblank(points, 0)`."""
    for rule in written.rules:
        yield "if((", rule.place
        yield rule.when.source.text, rule.when.source
        yield f"), {rule.points}, 0) + ", rule.place
    yield f"ifblank(`{given}`, 0)", place


def _naming(score: str, bands: Iterable[Band], place: Place) -> Iterator[Piece]:
    """`ifs(`score` >= 60, "A", …, null)`."""
    yield "ifs(", place
    for band in bands:
        bounds = [f"`{score}` >= {band.low}"] if band.low is not None else []
        bounds += [f"`{score}` < {band.high}"] if band.high is not None else []
        yield f"{' and '.join(bounds)}, {json.dumps(band.name, ensure_ascii=False)}, ", band.place
    yield "null)", place


def _source(pieces: Iterable[Piece], place: Place) -> Source:
    """The texts one after the other, with the places of them all."""
    text, spots = "", list[Place]()
    for piece, at in pieces:
        text += piece
        spots += [at.at(i) for i in range(len(piece))] if isinstance(at, Source) else [at] * len(piece)
    return Source(text, place, [(spot.line, spot.column) for spot in spots])
