"""Fetches what the values of some records point to: titles of linked records and names of files, one query each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dougong.runtime import files
from dougong.runtime.session import Session
from dougong.web.pages.facets import Facet
from dougong.web.pages.reader import Reader, Stored
from dougong.web.pages.shell import Shell


def reader_for(
    session: Session,
    shell: Shell,
    facets: Sequence[Facet],
    records: Iterable[Mapping[str, Any]],
    people: Iterable[int] = (),
    files_url: str = "",
) -> Reader:
    """A reader that knows every title and file name that the given values need, as far as this person may see them."""
    links = [(f.name, f.target) for f in facets if f.target and not f.is_masked]
    file_fields = [f.name for f in facets if f.widget == "file"]
    wanted: dict[str, set[int]] = {"user": set(people)} if people else {}
    wanted_files: set[int] = set()
    for record in records:
        for name, target in links:
            value = record.get(name)
            if value is not None:
                wanted.setdefault(target, set()).add(value)
        for name in file_fields:
            wanted_files |= as_ids(record.get(name))
    titles = {target: session.titles(target, sorted(ids)) for target, ids in wanted.items() if ids}
    return Reader(
        reading=shell.reading,
        root=shell.root,
        now=session.now,
        titles=titles,
        files=stored_files(shell, wanted_files),
        readable=frozenset(p.name for p in shell.objects),
        files_url=files_url,
    )


def stored_files(shell: Shell, ids: set[int], seen: set[int] | None = None) -> dict[int, Stored]:
    """Names and sizes of files by id: of those in `seen` (None: all), and of those that this person has just uploaded."""
    if shell.engine is None:
        return {}
    found = [f for f in (files.find(shell.engine.database, i) for i in sorted(ids)) if f is not None]
    return {f.id: Stored(f.id, f.name, f.size) for f in found if seen is None or f.id in seen or f.created_by == shell.user_id}


def as_ids(value: Any) -> set[int]:
    """The ids in the value of a file field."""
    if value is None:
        return set()
    return {value} if isinstance(value, int) else set(value)
