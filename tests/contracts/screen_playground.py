"""The playground's screen: the page's own modules, in a browser, with nothing else around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from adapters.playground.platform import STATIC
from bot.core.chat import card_json
from bot.core.chat.cards import Card, File
from bot.i18n.translator import ENGLISH_TRANSLATOR
from tests.adapters.playground.browser import ARGUMENTS, EXECUTABLE
from tests.contracts.screens import Drawn, only_words

_ORIGIN = "http://playground.invalid"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_PAGE = '<!doctype html><meta charset="utf-8"><div id="toasts"></div><main></main>'

# Draws a card and reads it: words, links, buttons, and what may not be there.
_DRAW = """async (data) => {
  const { card } = await import("/static/js/render.js");
  const main = document.querySelector("main");
  main.replaceChildren(card(data, () => {}));
  const all = [...main.querySelectorAll("*")];
  const words = all.flatMap((n) => [n.getAttribute("aria-label"), n.getAttribute("alt"), n.dataset.alt]);
  const active = all.flatMap((n) => [
    ...(/^(script|iframe|object|embed|style|form|link|base)$/i.test(n.tagName) ? [n.tagName] : []),
    ...[...n.attributes].filter((a) => a.name.startsWith("on")).map((a) => `${n.tagName}.${a.name}`),
    ...[n.getAttribute("href"), n.getAttribute("src")].filter((u) => u && !/^https?:/.test(u)),
  ]);
  return {
    text: [main.textContent, ...words.filter(Boolean)].join("\\n"),
    links: [...main.querySelectorAll("a[href]")].map((n) => n.href),
    buttons: [...main.querySelectorAll("button[data-action]:not([disabled])")].map((n) => n.textContent),
    tags: [...new Set(all.map((n) => n.tagName.toLowerCase()))],
    active,
  };
}"""
_PLAIN = frozenset({"article", "h3", "span", "p", "svg", "path"})


class PlaygroundScreen:
    """See `screens.Screen`. Nine tiles are shown, and the ninth says how many more there are."""

    name = "playground"
    group = "writers"
    notifies = False
    limits: ClassVar[Mapping[str, int]] = {"pictures": 9}

    def __init__(self, page: Page) -> None:
        self._page = page

    def draw(self, card: Card) -> Drawn:
        # The page is given words, as the server's messenger says them.
        seen = self._page.evaluate(_DRAW, card_json.to_data(ENGLISH_TRANSLATOR.card(card)))
        alien = [tag for tag in seen["tags"] if only_words(card) and tag not in _PLAIN]
        return Drawn(
            seen["text"],
            None,
            frozenset(seen["links"]),
            tuple(seen["buttons"]),
            markup=(*seen["active"], *alien),
        )

    def files(self, card: Card) -> tuple[File, ...]:
        del card
        return ()  # it holds whatever there is


@contextmanager
def playground_screen() -> Iterator[PlaygroundScreen]:
    """A page with the playground's modules and no server behind it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            page = browser.new_page()
            page.route("**/*", _serve)
            page.goto(_ORIGIN + "/")
            yield PlaygroundScreen(page)
        finally:
            browser.close()


def _serve(route: Route) -> None:
    """The page and its modules; pictures and everything else are not there."""
    address = urlsplit(route.request.url)
    path = STATIC / Path(address.path).relative_to("/static") if address.path.startswith("/static/") else None
    if route.request.url == _ORIGIN + "/":
        route.fulfill(body=_PAGE, content_type="text/html")
    elif address.netloc == urlsplit(_ORIGIN).netloc and path is not None and path.is_file():
        route.fulfill(body=path.read_text(), content_type=_TYPES.get(path.suffix, "text/plain"))
    else:
        route.abort()
