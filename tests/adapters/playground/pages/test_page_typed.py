"""What is typed and not sent survives Esc, a reload, going Back, another channel and another person."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Route, expect

from tests.adapters.playground.browser import Chat, needs_browser

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

TEXTS = (
    'tweet post "Good morning"',
    "tweet post Günaydın İstanbul ☕",
    "tweet post صباح الخير 🚀",
    "tweet post नमस्ते दुनिया",
    "tweet post おはようございます",
    "tweet post สวัสดีตอนเช้า",
    "tweet post two\nlines <b>and</b> \\ \" ' &amp;",
)
KEY = "xq_" + "a1b2" * 16
STORED = "() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])"


async def _live(ada: Chat) -> None:
    await expect(ada.page.locator("#link-state")).to_have_text("Live")


async def _reload(ada: Chat) -> None:
    await ada.page.reload()
    await _live(ada)


async def _there_and_back(ada: Chat) -> None:
    await ada.page.goto("about:blank")
    await ada.page.go_back()
    await _live(ada)


def _form(ada: Chat, name: str = "tweet post") -> Locator:
    return ada.page.get_by_role("dialog", name=name)


def _strip(ada: Chat) -> Locator:
    return ada.page.get_by_role("group", name="Forms that were not sent")


async def test_a_line_survives_esc_a_reload_and_back(ada: Chat) -> None:
    for text in TEXTS:
        await ada.box.fill(text)
        await ada.page.keyboard.press("Escape")
        await ada.page.keyboard.press("Escape")
        await expect(ada.box).to_have_value(text)
        await _reload(ada)
        await expect(ada.box).to_have_value(text)
        await _there_and_back(ada)
        await expect(ada.box).to_have_value(text)
    assert ada.trouble == []


async def test_every_channel_and_every_person_has_a_line_of_their_own(ada: Chat) -> None:
    alerts = ada.page.locator('.channel[data-channel="alerts"]')
    general = ada.page.locator('.channel[data-channel="general"]')
    await ada.box.fill("tweet post for general")
    await alerts.click()
    await expect(ada.box).to_have_value("")
    await ada.box.fill("relay add for alerts")
    await ada.page.get_by_role("radio", name="Ben").check(force=True)
    await expect(ada.box).to_have_value("")
    await ada.page.get_by_role("radio", name="Ada").check(force=True)
    await expect(ada.box).to_have_value("relay add for alerts")
    await general.click()
    await expect(ada.box).to_have_value("tweet post for general")
    await _reload(ada)
    await alerts.click()
    await expect(ada.box).to_have_value("relay add for alerts")


async def test_a_line_that_ran_is_gone_and_an_example_puts_what_was_typed_one_key_away(ada: Chat) -> None:
    await ada.run("trends US")
    await expect(ada.card("Trending in US")).to_be_visible()
    await _reload(ada)
    await expect(ada.box).to_have_value("")
    await ada.box.fill("tweet post half a thought")
    await ada.page.keyboard.press("Escape")
    await ada.run("help")
    await ada.box.fill("tweet post half a thought")
    await ada.page.locator(".code-line").first.click()
    await expect(ada.box).not_to_have_value("tweet post half a thought")
    await ada.box.fill("")
    await ada.page.keyboard.press("ArrowUp")
    await expect(ada.box).to_have_value("tweet post half a thought")


@pytest.mark.parametrize("text", [text.partition("post ")[2] for text in TEXTS[1::2]])
async def test_a_form_survives_esc_a_reload_and_back(ada: Chat, text: str) -> None:
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill(text)
    await ada.page.keyboard.press("Escape")
    await expect(_form(ada)).to_have_count(0)
    await expect(_strip(ada)).to_contain_text("Not sent: Tweet post")
    await expect(ada.box).to_be_focused()
    await _reload(ada)
    await _strip(ada).get_by_role("button", name="Continue tweet post").click()
    await expect(_form(ada).get_by_label("Text")).to_have_value(text)
    await _there_and_back(ada)  # it was open, and is again
    await expect(_form(ada).get_by_label("Text")).to_have_value(text)
    await expect(_form(ada)).to_contain_text("Filled in with what you typed before.")
    await _form(ada).get_by_label("Account").fill("nasa")
    await _form(ada).get_by_role("button", name=re.compile("Run|Send|Continue|Preview|OK")).click()
    await expect(ada.card("Post this to X?")).to_be_visible()
    await expect(_form(ada)).to_have_count(0)  # its own answer may come after the card
    await expect(_strip(ada)).to_be_hidden()
    await _reload(ada)
    await expect(_form(ada)).to_have_count(0)
    await expect(_strip(ada)).to_be_hidden()
    assert ada.trouble == []


async def test_the_same_command_typed_again_has_what_was_typed_before(ada: Chat) -> None:
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill("Half a thought")
    await _form(ada).get_by_role("button", name="Cancel").click()
    await ada.run("tweet post")
    await expect(_form(ada).get_by_label("Text")).to_have_value("Half a thought")
    await ada.page.keyboard.press("Escape")
    await ada.run("tweet post account:nasa")  # another form: it begins with an account
    await expect(_form(ada).get_by_label("Text")).to_have_value("")


async def test_what_is_discarded_is_gone_and_what_was_only_looked_at_leaves_nothing(ada: Chat) -> None:
    await ada.run("tweet post")
    await expect(_form(ada)).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(_form(ada)).to_have_count(0)
    await expect(_strip(ada)).to_be_hidden()
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill("Never mind")
    await ada.page.keyboard.press("Escape")
    await _strip(ada).get_by_role("button", name="Discard tweet post").click()
    await expect(_strip(ada)).to_be_hidden()
    await ada.run("tweet post")
    await expect(_form(ada).get_by_label("Text")).to_have_value("")
    assert "Never mind" not in await ada.page.evaluate(STORED)


async def test_a_form_belongs_to_its_channel_and_person(ada: Chat) -> None:
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill("Of Ada, in general")
    await ada.page.keyboard.press("Escape")
    await expect(_strip(ada)).to_be_visible()
    await ada.page.locator('.channel[data-channel="alerts"]').click()
    await expect(_strip(ada)).to_be_hidden()
    await ada.page.locator('.channel[data-channel="general"]').click()
    await expect(_strip(ada)).to_be_visible()
    await ada.page.get_by_role("radio", name="Ben").check(force=True)
    await expect(_strip(ada)).to_be_hidden()


async def test_a_refused_form_is_kept_too(ada: Chat) -> None:
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill("Hello")
    await _form(ada).get_by_label("Account").fill("not valid name!!")
    await _form(ada).get_by_label("Account").press("Enter")
    await expect(_form(ada).get_by_role("alert")).to_contain_text("account:")
    await _reload(ada)
    await expect(_form(ada).get_by_label("Text")).to_have_value("Hello")
    await expect(_form(ada).get_by_label("Account")).to_have_value("not valid name!!")


async def test_a_channel_that_was_being_made_is_kept(ada: Chat) -> None:
    await ada.page.get_by_role("button", name="Create a channel").click()
    form = _form(ada, "Create a channel")
    await form.get_by_label("Name").fill("launches")
    await ada.page.keyboard.press("Escape")
    await _reload(ada)
    await _strip(ada).get_by_role("button", name="Continue Create a channel").click()
    await expect(form.get_by_label("Name")).to_have_value("launches")
    await form.get_by_role("button", name="Create").click()
    await expect(ada.page.locator("#room-name")).to_have_text("# launches")
    await expect(_strip(ada)).to_be_hidden()


async def test_nothing_secret_is_kept_anywhere(ada: Chat) -> None:
    await ada.run("setup key")
    await expect(ada.page.get_by_role("dialog", name="setup key")).to_be_visible()
    await ada.page.keyboard.type(KEY)
    await ada.page.keyboard.press("Escape")
    await expect(_strip(ada)).to_be_hidden()
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill(f"my key is {KEY}")
    await ada.page.keyboard.press("Escape")
    await expect(_form(ada)).to_have_count(0)
    await ada.box.fill(f"setup key {KEY}")
    assert KEY[3:] not in await ada.page.evaluate(STORED)
    await ada.page.locator('.channel[data-channel="alerts"]').click()
    assert KEY[3:] not in await ada.page.evaluate(STORED)


async def test_the_strip_has_nothing_serious_for_axe_and_hostile_words_stay_words(ada: Chat) -> None:
    await ada.run("tweet post")
    await _form(ada).get_by_label("Text").fill("<img src=x onerror=\"window.owned='strip'\">" + "w" * 200)
    await ada.page.keyboard.press("Escape")
    await expect(_strip(ada)).to_contain_text("<img src=x")
    await ada.check_accessibility()
    assert await ada.page.evaluate("window.owned") is None
    box = await _strip(ada).bounding_box()
    assert box is not None and box["height"] <= 40
    await ada.shoot("unfinished")


async def test_a_line_that_is_sent_before_the_page_knows_its_channel_runs_once_it_does(ada: Chat) -> None:
    known = asyncio.Event()

    async def late(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await ada.page.route("**/api/state**", late)
    await ada.page.reload()
    await ada.run("trends Japan")
    await ada.page.keyboard.press("Enter")
    await expect(ada.box).to_have_value("trends Japan")
    known.set()
    await expect(ada.card("Trending in Japan")).to_have_count(1)
    await expect(ada.box).to_have_value("")
    assert ada.trouble == []
