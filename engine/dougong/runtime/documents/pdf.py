"""A page as PDF: laid out by WeasyPrint on A4, with its fonts inside, heads of tables on every page, pages numbered.

Nothing is fetched for it: pictures are those that the page brings along as `data:`.
"""

from threading import Lock

import weasyprint

_ONE_AT_A_TIME = Lock()  # the layout is Python, which gains nothing from threads, over libraries that were not made for them


def pdf(page: str) -> bytes:
    """The file; the same page gives the same bytes."""
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    with _ONE_AT_A_TIME:
        made: bytes = weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf()
    return made
