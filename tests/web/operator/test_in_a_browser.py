"""The operator page in Chromium: by keyboard, for axe-core, in both themes and on a phone."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.relay.deliveries import PARKED
from bot.storage.relay.routes import Routes
from bot.storage.tables import events
from tests.adapters.playground.browser import SCREENSHOTS, needs_browser, running_browser
from tests.relay.harness import serving
from tests.web.operator.conftest import TOKEN, Office, dead, event, message

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="module")]
DISCORD = TenantId("discord", "900100200300400500")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def busy(sqlite_url: str) -> AsyncIterator[Office]:
    """An installation on a bad day."""
    db = await Database.open(sqlite_url)
    office = Office(db, Routes(db), time.time())
    await office.put(events, [event(number) for number in range(6)])
    await office.messages(
        *(message(n, "C0LAUNCHES", attempts=3, error="rate_limited, for 30 seconds") for n in range(40)),
        *(
            message(100 + n, "C0GONE", not_before=PARKED if n == 0 else 0, error="channel_not_found")
            for n in range(12)
        ),
        *(message(200 + n, "700800", tenant=DISCORD, state="sent") for n in range(25)),
        dead(300, "given up after 80 attempts: Discord answered 503 Service Unavailable", tenant=DISCORD),
        dead(301, "the stored card cannot be read: a block of an unknown kind", ambiguous=True),
        dead(302, "msg_too_long"),
    )
    async with serving(office.app()) as origin:
        office.origin = origin
        yield office
    await db.close()


@asynccontextmanager
async def opened(browser: Browser, office: Office, width: int, scheme: str) -> AsyncIterator[Page]:
    """A page that is signed in, by keyboard. Fails when the browser complained about anything."""
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]  # "light" and "dark" are two of them
    )
    page = await context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type in ("error", "warning") else None)
    await page.goto(f"{office.origin}/operator/dead")
    await check(page, "Sign in")
    await page.keyboard.press("Tab")
    await page.keyboard.type(TOKEN)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    yield page
    assert [one for one in trouble if "favicon" not in one] == []
    await context.close()


async def check(page: Page, heading: str) -> None:
    """The page is there, fits, and axe has nothing to say."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{heading} is {wide} pixels too wide"
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1200, "light"), (1200, "dark"), (375, "dark"), (375, "light")]
)
async def test_every_page_is_for_everyone(browser: Browser, busy: Office, width: int, scheme: str) -> None:
    async with opened(browser, busy, width, scheme) as page:
        await check(page, "Overview")
        await page.screenshot(path=SCREENSHOTS / f"operator-{width}-{scheme}.png", full_page=True)
        await page.get_by_role("link", name="Dead letters").click()
        await check(page, "Dead letters")
        await page.screenshot(path=SCREENSHOTS / f"operator-dead-{width}-{scheme}.png", full_page=True)
        await page.get_by_role("button", name="Send all 3 messages").click()
        await check(page, "Send again?")


async def test_dead_letters_are_replayed_by_keyboard(browser: Browser, busy: Office) -> None:
    async with opened(browser, busy, 1200, "light") as page:
        await page.get_by_role("link", name="Dead letters").focus()
        await page.keyboard.press("Enter")
        boxes = page.get_by_role("checkbox")
        await expect(boxes).to_have_count(3)
        await boxes.first.focus()
        await page.keyboard.press("Space")
        await page.get_by_role("button", name="Send the chosen ones").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Send 1 message")).to_be_visible()
        await page.get_by_role("button", name="Send 1 message").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("1 message is queued")
        await expect(boxes).to_have_count(2)
        await page.get_by_role("button", name="Sign out").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
