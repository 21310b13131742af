"""What a page about a record is made into: HTML as it is, PDF, Word.

The libraries that make PDF and Word files are an extra (`dougong[documents]`); without them there is a refusal that says so.
"""

import re
from collections.abc import Callable

from dougong.refusals import refuse
from dougong.runtime.documents.refusals import NOT_INSTALLED, NOT_LAID_OUT, TOO_LONG

LONGEST = 500_000  # characters of HTML without its pictures: some 5,000 rows of a table, a quarter of a minute of layout
_PICTURE = re.compile(r"data:image/[^\"')\s]*")


def made_as(form: str, page: str) -> bytes:
    """A page as a file of one of the `FORMS`.

    `Refused` R842 without the libraries, R843 when it is too long for them, R844 when they cannot do it.
    """
    if form == "html":
        return page.encode()
    if len(page) > LONGEST and len(_PICTURE.sub("", page)) > LONGEST:
        raise refuse(TOO_LONG, form=form)
    try:
        make = _maker(form)
    except (ImportError, OSError):  # OSError: the library is there, what it stands on in the system is not
        raise refuse(NOT_INSTALLED, form=form) from None
    try:
        return make(page)
    except Exception as problem:
        raise refuse(NOT_LAID_OUT, form=form, problem=type(problem).__name__) from problem


def is_installed(form: str) -> bool:
    """Whether files of this form can be made here."""
    try:
        return form == "html" or bool(_maker(form))
    except (ImportError, OSError):
        return False


def _maker(form: str) -> Callable[[str], bytes]:
    if form == "pdf":
        from dougong.runtime.documents.pdf import pdf  # lazy: an extra that not everybody installs

        return pdf
    from dougong.runtime.documents.word import docx  # lazy: as above

    return docx
