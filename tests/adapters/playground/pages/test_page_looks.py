"""The page for everyone: axe-core, both themes, a narrow screen, and text that attacks."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.harness import PlaygroundHarness, picture_server

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]


async def _fill(page: Chat) -> None:
    """A conversation with a bit of everything, its end in view."""
    for line, title in (
        ("media get", "6 pictures in 2 tweets"),
        ("credits show", "Not enough Xquik credits"),
        ("draw run https://x.com/xquik/status/1893456789012345678 winners:3", "3 winners drawn"),
        ('tweet post "Good morning! Version 2 is out."', "Post this to X?"),
    ):
        await page.run(line)
        await expect(page.card(title)).to_be_visible()
    await page.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(browser: Browser, house: PlaygroundHarness, scheme: str) -> None:
    async with chat(browser, house, color_scheme=scheme) as page:
        assert await page.page.evaluate("document.documentElement.dataset.theme") == scheme
        await page.check_accessibility()
        await page.shoot(f"{scheme}-empty")
        await _fill(page)
        await page.check_accessibility()
        await page.shoot(scheme)
        await page.page.keyboard.type("draw run https://x.com/xquik/status/1 ")
        await expect(page.page.get_by_role("option").first).to_be_visible()
        await page.page.keyboard.press("ArrowDown")
        await page.check_accessibility()
        await page.shoot(f"{scheme}-completion")
        await page.run("setup key")
        await expect(page.page.locator("dialog[open]")).to_be_visible()
        await page.page.keyboard.press("Enter")
        await page.check_accessibility()
        await page.shoot(f"{scheme}-form")
        assert page.trouble == []


async def test_the_chosen_theme_is_remembered(browser: Browser, house: PlaygroundHarness) -> None:
    async with chat(browser, house, color_scheme="light") as page:
        await page.page.get_by_role("button", name="Use the dark theme").click()
        await page.page.reload()
        assert await page.page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_a_phone_shows_the_channels_in_a_drawer(browser: Browser, house: PlaygroundHarness) -> None:
    async with chat(browser, house, viewport={"width": 375, "height": 740}) as page:
        await _fill(page)
        width = "document.documentElement.scrollWidth"
        assert await page.page.evaluate(width) == 375  # nothing sticks out to the side
        await page.shoot("375")
        await expect(page.page.locator("#sidebar")).to_be_hidden()
        await page.page.get_by_role("button", name="Open the list of channels").click()
        await expect(page.page.locator("#sidebar")).to_be_visible()
        await page.check_accessibility()
        await page.shoot("375-drawer")
        await page.page.keyboard.press("Escape")
        await expect(page.page.locator("#sidebar")).to_be_hidden()
        await page.page.get_by_role("button", name="Open the list of channels").click()
        await page.page.locator('.channel[data-channel="alerts"]').click()
        await expect(page.page.locator("#room-name")).to_have_text("# alerts")
        await page.page.locator("#command").fill("tr")
        await page.check_accessibility()
        await page.shoot("375-completion")


async def test_text_that_attacks_stays_text(browser: Browser, house: PlaygroundHarness) -> None:
    async with chat(browser, house) as page:
        await page.run("credits hostile")
        card = page.page.locator(".card").last
        await expect(card).to_contain_text("<img src=x onerror=")
        await expect(card).to_contain_text(
            "<script>window.owned='script'</script> @everyone <!channel> **bold**"
        )
        assert await card.locator("script, b, i, img:not([src^='http'])").count() == 0
        for link in await card.locator("a").all():
            assert (await link.get_attribute("href") or "").startswith(("http://", "https://"))
        assert await card.locator("a").count() == 0
        for button in await card.get_by_role("button").all():
            if await button.is_enabled():
                await button.click()
                await page.page.keyboard.press("Escape")
        assert await page.page.evaluate("window.owned") is None
        assert page.trouble == []


async def test_every_link_opens_elsewhere_and_tells_nothing(
    browser: Browser, house: PlaygroundHarness
) -> None:
    async with chat(browser, house) as page:
        await page.run("draw run 1893456789012345678")
        await expect(page.card("1 winners drawn")).to_be_visible()
        for link in await page.page.locator(".card a").all():
            assert await link.get_attribute("rel") == "noopener noreferrer"
            assert await link.get_attribute("target") == "_blank"


async def test_another_website_cannot_press_a_button_or_frame_the_page(
    browser: Browser, house: PlaygroundHarness
) -> None:
    """A real browser on another origin: form posts, fetches and frames all end at the guard."""
    async with picture_server() as elsewhere, chat(browser, house) as page:
        await page.run('tweet post "Good morning"')
        await expect(page.card("Post this to X?")).to_be_visible()
        other = await page.page.context.new_page()
        await other.goto(elsewhere + "/1.svg")
        outcome = await other.evaluate(
            """async (target) => {
                const body = JSON.stringify({ person: "ada", channel: "general", text: "trends US" });
                const headers = { "content-type": "application/json" };
                const tries = [
                    { method: "POST", mode: "no-cors", credentials: "include", body },
                    { method: "POST", credentials: "include", body, headers },
                    { credentials: "include" },
                ];
                const seen = [];
                for (const options of tries) {
                    const path = options.body ? "/api/command" : "/api/state";
                    try { const answer = await fetch(target + path, options); seen.push(answer.type); }
                    catch { seen.push("refused"); }
                }
                return seen;
            }""",
            house.origin,
        )
        assert outcome == ["refused", "refused", "refused"]
        await page.page.reload()
        await expect(page.card("Post this to X?")).to_be_visible()
        assert await page.page.get_by_role("heading", name="Trending in US").count() == 0
