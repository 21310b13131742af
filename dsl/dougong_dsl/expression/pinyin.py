"""Chinese in the letters of pinyin, as people type it to find a name: no tones, no spaces."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def pinyin(text: str, how: str = "") -> str | None:
    """`宁波` → `ningbo`, with `initials` → `nb`; characters of several readings go by the word they stand in; others stay as they are."""
    from pypinyin import Style, lazy_pinyin  # lazy: its dictionary takes a tenth of a second, and few apps spell

    style = Style.FIRST_LETTER if how else Style.NORMAL
    return "".join(lazy_pinyin(text, style=style)) or None
