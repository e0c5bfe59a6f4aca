"""The menu of a message on the page of the demo, in Chromium: each entry, through the whole bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, expect
from playwright.async_api import Page as Tab

from tests.adapters.playground.browser import needs_browser, running_browser
from tests.journeys.run.message_actions import JOURNEYS, NASA
from tests.journeys.run.scene import TWEET
from tests.journeys.test_demo import demo, free_port

pytestmark = needs_browser
SECONDS = 15_000.0


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncIterator[Tab]:
    """The page of a demo, live."""
    async with demo(tmp_path / "data", free_port()) as page, running_browser() as browser:
        context = await browser.new_context(reduced_motion="reduce")
        tab = await context.new_page()
        tab.set_default_timeout(SECONDS)
        await tab.goto(str(page.client.base_url))
        await expect(tab.locator("#link-state")).to_have_text("Live", timeout=SECONDS)
        yield tab
        await context.close()


async def _run(tab: Tab, line: str) -> Locator:
    """Type a line; the line as it stands in the channel then."""
    await tab.locator("#command").fill(line)
    await tab.keyboard.press("Escape")
    await tab.keyboard.press("Enter")
    said = tab.locator("#messages .said").filter(has_text=line).last
    await expect(said).to_be_visible()
    return said


async def _choose(tab: Tab, message: Locator, name: str) -> None:
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await tab.get_by_role("menuitem", name=name).click()


def _card(tab: Tab, words: str) -> Locator:
    return tab.locator("#messages .message:not(.said)").filter(has_text=words).last


async def test_every_entry_is_done_on_the_page(tmp_path: Path) -> None:
    async with opened(tmp_path) as tab:
        await tab.locator(".channel[data-channel=social]").click()
        for name, journey in JOURNEYS.items():
            said = await _run(tab, TWEET)
            await _choose(tab, said, name)
            if journey.typed:
                dialog = tab.get_by_role("dialog")
                await expect(dialog.locator(f'input[value="{TWEET}"], [name="tweet"]').first).to_have_value(
                    TWEET
                )
                for field, text in journey.typed.items():
                    await dialog.locator(f'[name="{field}"]').fill(text)
                await dialog.locator('button[type="submit"]').click()
            if journey.asked:
                asked = _card(tab, journey.asked)
                await asked.get_by_role("button", name="Confirm").click()
            await expect(_card(tab, journey.ends)).to_be_visible(timeout=SECONDS)


async def test_of_several_links_one_is_chosen_and_who_may_not_is_told_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as tab:
        await tab.locator(".channel[data-channel=social]").click()
        said = await _run(tab, f"tweet show {NASA} {TWEET}")
        await _choose(tab, said, "Translate tweet")
        await _card(tab, "links to several tweets").get_by_role("button", name="2 · @xquik").click()
        await expect(_card(tab, "Translated tweet")).to_be_visible(timeout=SECONDS)
        await _run(tab, "help")
        await expect(
            _card(tab, "What this bot can do").get_by_role("button", name="More actions")
        ).to_have_count(0)
        await tab.get_by_role("radio", name="Ben").check(force=True)
        said = await _run(tab, TWEET)
        for name, journey in JOURNEYS.items():
            await _choose(tab, said, name)
            await expect(_card(tab, f"This needs {journey.needs}")).to_be_visible(timeout=SECONDS)
