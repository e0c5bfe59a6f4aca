"""Debian's Chromium, driven as a person would use it."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.adapters.playground.harness import PlaygroundHarness

EXECUTABLE = shutil.which("chromium") or "/usr/bin/chromium"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
# What Playwright switches off, since Chromium takes the last of such lists alone; and two pages of its
# own that the address bar loads for every window, which take longer than ours.
SWITCHED_OFF = (
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    *("AimEnabled", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup"),
)
ARGUMENTS = [
    "--headless",
    f"--disable-features={','.join(SWITCHED_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

needs_browser = pytest.mark.skipif(
    not Path(EXECUTABLE).exists(), reason=f"no browser: {EXECUTABLE} (Debian's package chromium) is missing"
)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """One browser for a module."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Chat:
    """An open page. trouble: whatever the browser complained about."""

    def __init__(self, page: Page, house: PlaygroundHarness) -> None:
        self.page = page
        self.house = house
        self.trouble: list[str] = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    async def open(self, live: str | re.Pattern[str] = "Live") -> None:
        """Load the page, until it is live. live: how it says so."""
        await self.page.goto(self.house.origin + "/")
        await expect(self.page.locator("#link-state")).to_have_text(live)

    @property
    def box(self) -> Locator:
        """The command box."""
        return self.page.locator("#command")

    def card(self, title: str) -> Locator:
        """The message whose card has that title, the newest of them."""
        return (
            self.page.locator("#messages .message")
            .filter(has=self.page.get_by_role("heading", name=title))
            .last
        )

    async def run(self, text: str) -> None:
        """Run a whole line by keyboard."""
        await self.box.focus()
        await self.box.fill(text)
        await self.page.keyboard.press("Escape")
        await self.page.keyboard.press("Enter")

    async def check_accessibility(self) -> None:
        """axe-core finds nothing serious."""
        results = await Axe().run(self.page)
        serious = [
            f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes']]}"
            for violation in results.response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        assert serious == []

    async def shoot(self, name: str) -> None:
        """Write a picture of the page, for people to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"playground-{name}.png")


@asynccontextmanager
async def chat(browser: Browser, house: PlaygroundHarness, **options: Any) -> AsyncIterator[Chat]:
    """A new visitor's page. options: of the browser context (viewport, locale …); live: as of `open`."""
    live = options.pop("live", "Live")
    options = {"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce", **options}
    context = await browser.new_context(**options)
    context.set_default_timeout(10_000)
    opened = Chat(await context.new_page(), house)
    try:
        await opened.open(live)
        yield opened
    finally:
        await context.close()
