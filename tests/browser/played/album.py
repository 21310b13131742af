"""Pictures of what was done, one after each act, and a page that shows them one below the other with the line of the scenario."""

import html
from dataclasses import dataclass, field
from pathlib import Path

from dougong.model.scenarios import SceneStep
from playwright.sync_api import Error

from tests.browser.played.hand import Hand

_PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 sans-serif;margin:2rem;display:flex;flex-wrap:wrap;gap:1.5rem}}figure{{margin:0;max-width:{width}px}}
img{{max-width:100%;border:1px solid #8888}}h1{{width:100%}}</style><h1>{title}</h1>{figures}"""


@dataclass
class Album:
    """`folder` None: no pictures are taken."""

    folder: Path | None = None
    taken: list[tuple[str, str]] = field(default_factory=list)  # file, words

    def empty(self) -> None:
        """Throw away the pictures of the last time."""
        if self.folder is not None and self.folder.exists():
            for picture in (*self.folder.glob("*.png"), *self.folder.glob("index.html")):
                picture.unlink()

    def take(self, hand: Hand | None, step: SceneStep) -> None:
        """What the person sees now."""
        if self.folder is None or hand is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{len(self.taken) + 1:03}.png"
        try:
            hand.page.screenshot(path=self.folder / name, scale="css")
        except Error:
            return  # the page is gone with its browser; the failure is told elsewhere
        self.taken.append((name, f"{step.place.line}: {step.text}"))

    def bind(self, title: str, width: int) -> None:
        """Write `index.html`."""
        if self.folder is None or not self.taken:
            return
        figures = "".join(f'<figure><figcaption>{html.escape(words)}</figcaption><img src="{name}"></figure>' for name, words in self.taken)
        (self.folder / "index.html").write_text(_PAGE.format(title=html.escape(title), figures=figures, width=width), encoding="utf-8")
