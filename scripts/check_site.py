"""Looks at a built site: whether a page loads anything from elsewhere, in its files and in Chromium.

    python scripts/check_site.py site

Ends with 1 and names what is wrong. Without Chromium the files alone are looked at, unless
XQUIK_BOT_TEST_STRICT=1.
"""

from __future__ import annotations

import asyncio
import functools
import http.server
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from playwright.async_api import Error, Page, Request, async_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# Elements and the attribute by which each loads something; a link does so by its rel.
_LOADING = {
    "script": "src", "img": "src", "source": "src", "iframe": "src", "video": "src", "audio": "src",
    "embed": "src", "object": "data", "link": "href",
}  # fmt: skip
_NAMING = {"canonical", "next", "prev", "license", "author"}
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_OF_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s;]+)""")
# A narrow telephone, in CSS pixels.
_NARROW = 375
# Pages that are opened at a time.
_TABS = 4
# Whatever is asked for elsewhere is not found.
_ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class _Loads(HTMLParser):
    """Collects the addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel", "") in _NAMING:
            return
        self.found += _OF_CSS.findall(given.get("style", ""))
        self.found += [one.strip().split(" ")[0] for one in given.get("srcset", "").split(",") if one.strip()]
        if tag in _LOADING and _LOADING[tag] in given:
            self.found.append(given[_LOADING[tag]])


def loaded_from_elsewhere(site: Path) -> list[str]:
    """What pages and style sheets load from other places, as "file: address"."""
    wrong = []
    for path in sorted(site.rglob("*")):
        if path.suffix == ".html":
            reader = _Loads()
            reader.feed(path.read_text(encoding="utf-8"))
            loads = reader.found
        elif path.suffix == ".css":
            loads = _OF_CSS.findall(path.read_text(encoding="utf-8"))
        else:
            continue
        name = path.relative_to(site).as_posix()
        wrong += [f"{name}: {address}" for address in loads if _ELSEWHERE.match(address)]
    return wrong


class _Pages(http.server.SimpleHTTPRequestHandler):
    """Answers without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    """A browser may leave before the end of an answer: that is no error."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site on a free port of this machine; its address."""
    with _Server(("127.0.0.1", 0), functools.partial(_Pages, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


async def seen_in_browser(site: Path, names: list[str]) -> list[str]:
    """What goes wrong when Chromium opens these pages on a telephone: a request elsewhere, an error, a page
    that is wider than the window, a search that finds nothing."""
    wrong: list[str] = []
    with served(site) as address:
        waiting = [f"{address}/{name.removesuffix('index.html')}" for name in names]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
            context = await browser.new_context(
                viewport={"width": _NARROW, "height": 800}, service_workers="block"
            )
            context.on("request", functools.partial(_asked, address, wrong))
            tabs = [await context.new_page() for _ in range(_TABS)]
            await asyncio.gather(*(_tab(tab, waiting, wrong) for tab in tabs))
            await _search(await context.new_page(), address, wrong)
            await browser.close()
    return wrong


def _asked(address: str, wrong: list[str], request: Request) -> None:
    if not request.url.startswith((f"{address}/", "data:", "blob:")):
        wrong.append(f"{request.frame.url}: asks for {request.url}")


async def _tab(page: Page, waiting: list[str], wrong: list[str]) -> None:
    """Opens one page after another, as long as any is left."""
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("response", lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    while waiting:
        await page.goto(waiting.pop(0))
        needed = await page.evaluate("document.documentElement.scrollWidth")
        if needed > _NARROW:
            wrong.append(f"{page.url}: is {needed} pixels wide in a window of {_NARROW}")


async def _search(page: Page, address: str, wrong: list[str]) -> None:
    """The search answers, from its own index."""
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto(f"{address}/")
    box = page.get_by_role("textbox", name="Search").first
    await box.click()
    await box.press_sequentially("giveaway")
    try:
        await page.locator(".md-search-result__item").first.wait_for(timeout=20_000)
    except Error as error:
        wrong.append(f"the search finds nothing: {error}")


def main(site: Path) -> int:
    """0 when all is well."""
    wrong = loaded_from_elsewhere(site)
    if Path(CHROMIUM).exists():
        pages = [path.relative_to(site).as_posix() for path in sorted(site.rglob("index.html"))]
        wrong += asyncio.run(seen_in_browser(site, pages))
    elif os.environ.get("XQUIK_BOT_TEST_STRICT") == "1":
        wrong.append(f"no browser ({CHROMIUM}, Debian's package chromium)")
    else:
        print(f"No browser ({CHROMIUM}, Debian's package chromium): only the files were looked at.")
    print("\n".join(wrong) or f"{site}: nothing is loaded from elsewhere")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
