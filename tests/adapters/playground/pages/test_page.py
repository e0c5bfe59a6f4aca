"""The page, driven in a browser: by keyboard alone, live, and as it was after a reload."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from bot.core.chat.cards import Card, Quote
from bot.core.chat.ids import Destination
from tests.adapters.playground.browser import Chat, chat, needs_browser
from tests.adapters.playground.commands import TENANT
from tests.adapters.playground.harness import PlaygroundHarness, open_house

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]

ALERTS = Destination(TENANT, "alerts")
# What a page draws because of something just received is there two frames later.
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def test_a_command_is_completed_and_run_by_keyboard_alone(ada: Chat) -> None:
    keyboard = ada.page.keyboard
    await expect(ada.box).to_be_focused()
    await keyboard.type("tr")
    await expect(ada.page.get_by_role("option", name="trends")).to_be_visible()
    await keyboard.press("Tab")
    await expect(ada.box).to_have_value("trends ")
    await keyboard.type("re")
    await keyboard.press("Tab")
    await expect(ada.box).to_have_value("trends region:")
    await expect(ada.page.locator("#hint")).to_contain_text("What is trending in a region")
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowDown")
    await expect(ada.page.locator('[role="option"][aria-selected="true"]')).to_contain_text("US")
    await keyboard.press("Enter")
    await expect(ada.box).to_have_value("trends region:US ")
    await keyboard.press("Enter")
    await expect(ada.card("Trending in US")).to_be_visible()
    await expect(ada.box).to_have_value("")
    assert ada.trouble == []


async def test_values_are_completed_from_the_server_and_missing_ones_are_said(ada: Chat) -> None:
    await ada.page.keyboard.type("/tweet post account:nasa_")
    await expect(ada.page.locator("#hint .hint-needed")).to_contain_text("text")
    await expect(ada.page.get_by_role("option", name="nasa_hubble")).to_be_visible()
    await ada.page.keyboard.press("Tab")
    await expect(ada.box).to_have_value("/tweet post account:nasa_hubble ")


async def test_the_other_options_of_the_line_are_told_where_values_are_asked_for(ada: Chat) -> None:
    async with ada.page.expect_request("**/api/suggest") as asked:
        await ada.page.keyboard.type('/tweet post text:"güneş 月" account:na')
    sent = (await asked.value).post_data_json
    assert sent is not None
    assert (sent["option"], sent["given"]) == ("account", {"text": "güneş 月"})


async def test_what_was_typed_first_ranks_before_what_has_it_somewhere(ada: Chat) -> None:
    await ada.page.keyboard.type("draw run 1 channel:al")
    options = ada.page.get_by_role("option")
    await expect(options).to_have_text([re.compile("#alerts"), re.compile("#general"), re.compile("#social")])
    await ada.page.keyboard.press("Tab")
    await expect(ada.box).to_have_value("draw run 1 channel:alerts ")


async def test_suggestions_that_come_late_do_not_open_the_list_again(ada: Chat) -> None:
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await ada.page.route("**/api/suggest", late)
    async with ada.page.expect_request("**/api/suggest"):
        await ada.page.keyboard.type("tweet post hello account:na")
    await ada.page.keyboard.press("Enter")
    await expect(ada.card("Post this to X?")).to_be_visible()
    async with ada.page.expect_response("**/api/suggest") as response:
        answered.set()
    await (await response.value).finished()
    await ada.page.evaluate(TWO_FRAMES)
    await expect(ada.page.locator("#menu")).to_be_hidden()


async def test_a_line_sent_at_once_asks_for_no_suggestions(ada: Chat) -> None:
    asked: list[str] = []
    ada.page.on("request", lambda request: asked.append(request.url))
    await ada.page.clock.install()
    await ada.page.keyboard.insert_text("tweet post hello account:na")
    await ada.page.keyboard.press("Enter")
    await ada.page.clock.run_for(500)
    await expect(ada.card("Post this to X?")).to_be_visible()
    await expect(ada.page.locator("#menu")).to_be_hidden()
    assert not [url for url in asked if url.endswith("/api/suggest")]


async def test_escape_closes_the_list_and_arrows_bring_back_earlier_lines(ada: Chat) -> None:
    keyboard = ada.page.keyboard
    for line in ("trends US", "trends Japan"):
        await ada.run(line)
        await expect(ada.card(f"Trending in {line.split()[1]}")).to_be_visible()
    await keyboard.type("dr")
    await expect(ada.page.locator("#menu")).to_be_visible()
    await keyboard.press("Escape")
    await expect(ada.page.locator("#menu")).to_be_hidden()
    await ada.box.fill("")
    for expected in ("trends Japan", "trends US"):
        await keyboard.press("ArrowUp")
        await expect(ada.box).to_have_value(expected)
    await keyboard.press("ArrowDown")
    await expect(ada.box).to_have_value("trends Japan")


async def test_tab_leaves_the_box_when_there_is_nothing_to_complete(ada: Chat) -> None:
    await ada.page.keyboard.press("Tab")
    await expect(ada.page.locator("#send")).to_be_focused()


async def test_a_button_is_pressed_by_keyboard_and_its_message_changes_in_place(ada: Chat) -> None:
    await ada.run('tweet post "Good morning"')
    await expect(ada.card("Post this to X?").get_by_text("Only visible to you")).to_be_visible()
    for _ in range(20):
        await ada.page.keyboard.press("Shift+Tab")
        if await ada.page.evaluate("document.activeElement.textContent") == "Confirm":
            break
    await ada.page.keyboard.press("Enter")
    await expect(ada.card("Posted to X")).to_be_visible()
    await expect(ada.page.get_by_role("heading", name="Post this to X?")).to_have_count(0)
    assert ada.house.services.posted == ["Good morning"]
    assert await ada.page.evaluate("document.activeElement !== document.body")


async def test_a_form_keeps_focus_hides_secrets_and_says_what_is_wrong_beside_the_field(ada: Chat) -> None:
    keyboard = ada.page.keyboard
    await ada.run("setup key")
    dialog = ada.page.get_by_role("dialog", name="setup key")
    field = dialog.get_by_label("key", exact=False).first
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("type", "password")
    await keyboard.press("Enter")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(dialog.locator(".input-error")).to_have_text("This is needed.")
    for _ in range(8):  # focus goes round inside, never behind, the dialog
        await keyboard.press("Tab")
        assert await ada.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await field.focus()
    await keyboard.type("xq_" + "a1" * 32)
    await keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(ada.card("The key is stored")).to_be_visible()
    assert ada.house.services.keys == ["xq_" + "a1" * 32]
    await expect(ada.box).to_be_focused()


async def test_escape_leaves_a_form_and_nothing_happens(ada: Chat) -> None:
    await ada.run("setup key")
    await expect(ada.page.locator("dialog[open]")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.locator("dialog[open]")).to_have_count(0)
    await expect(ada.box).to_be_focused()
    assert ada.house.services.keys == []


async def test_messages_appear_live_and_channels_show_what_is_unread(
    ada: Chat, house: PlaygroundHarness
) -> None:
    alerts = ada.page.locator('.channel[data-channel="alerts"]')
    await house.playground.messenger.post(ALERTS, Card("NASA posted", (Quote("Liftoff"),)), "k1")
    await expect(alerts).to_contain_text("unread")
    await alerts.click()
    await expect(ada.card("NASA posted")).to_be_visible()
    await house.playground.messenger.post(ALERTS, Card("ESA posted", (Quote("Touchdown"),)), "k2")
    await expect(ada.card("ESA posted")).to_be_visible()
    await expect(alerts).not_to_contain_text("unread")


async def test_people_see_their_own_private_messages_only(ada: Chat) -> None:
    await ada.run("credits show")
    await expect(ada.card("Not enough Xquik credits")).to_be_visible()
    await ada.page.get_by_role("radio", name="Ben").check(force=True)
    await expect(ada.card("Not enough Xquik credits")).to_have_count(0)
    await ada.run('tweet post "hello"')
    await expect(ada.card("You may not do that here")).to_be_visible()


async def test_a_reload_keeps_all(ada: Chat) -> None:
    await ada.run("draw run 1893456789012345678 winners:3")
    await ada.run('tweet post "Good morning"')
    await expect(ada.card("Post this to X?")).to_be_visible()
    await ada.page.reload()
    for title in ("3 winners drawn", "Post this to X?"):
        await expect(ada.card(title)).to_be_visible()
    await expect(ada.page.locator(".said").first).to_contain_text("/draw run 1893456789012345678 winners:3")
    await ada.page.get_by_role("button", name="Discard").click()
    await expect(ada.card("Nothing was posted")).to_be_visible()


async def test_the_page_survives_a_restart_of_the_server(browser: Browser, tmp_path: Path) -> None:
    async with open_house(tmp_path / "bot.db") as house:
        port = int(house.host.rpartition(":")[2])
        opened = chat(browser, house)
        ada = await opened.__aenter__()
        await ada.run("trends US")
        await expect(ada.card("Trending in US")).to_be_visible()
    await expect(ada.page.locator("#link-state")).to_have_text("Reconnecting…")
    async with open_house(tmp_path / "bot.db", port=port):
        await expect(ada.page.locator("#link-state")).to_have_text("Live")
        await ada.run("trends Japan")  # the token of the earlier run was renewed before it is needed
        await expect(ada.card("Trending in Japan")).to_be_visible()
        assert [words for words in ada.trouble if "403" in words] == []
        await opened.__aexit__(None, None, None)


async def test_work_under_way_is_shown_until_the_answer_is_there(ada: Chat, house: PlaygroundHarness) -> None:
    await ada.run("media slow")
    working = ada.page.locator("#working")
    await expect(working).to_contain_text("Xquik Bot is working on /media slow")
    await expect(working.get_by_role("progressbar", name="Tweets")).to_be_visible()
    await ada.page.reload()
    await expect(working.get_by_role("progressbar", name="Tweets")).to_be_visible()
    house.services.gate.set()
    await expect(ada.card("All of it is here")).to_be_visible()
    await expect(working).to_be_hidden()


async def test_pictures_open_large_and_are_paged_by_keyboard(ada: Chat) -> None:
    await ada.run("media get")
    tiles = ada.card("6 pictures in 2 tweets").get_by_role("button")
    await expect(tiles).to_have_count(6)
    await tiles.first.focus()
    await ada.page.keyboard.press("Enter")
    viewer = ada.page.get_by_role("dialog", name="Pictures")
    await expect(viewer.get_by_role("img", name="Nebula number 1")).to_be_visible()
    await ada.page.keyboard.press("ArrowRight")
    await expect(viewer.get_by_role("img", name="Nebula number 2")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(tiles.first).to_be_focused()
    assert ada.trouble == []


async def test_a_file_is_downloaded_under_its_name(ada: Chat) -> None:
    await ada.run("draw run 1893456789012345678")
    await ada.page.get_by_role("button", name="Export as CSV").click()
    async with ada.page.expect_download() as waiting:
        await ada.page.get_by_role("link", name="winners.csv").click()
    download = await waiting.value
    assert download.suggested_filename == "winners.csv"
    assert (await download.path()).read_bytes() == b"position,user\n1,winner_1\n"


async def test_a_channel_is_created_from_the_page(ada: Chat) -> None:
    await ada.page.get_by_role("button", name="Create a channel").click()
    await ada.page.keyboard.type("general")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("alert")).to_contain_text("There is a channel #general already.")
    await ada.page.get_by_label("Name").fill("launch")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.locator("#room-name")).to_have_text("# launch")
    await expect(ada.page.get_by_role("heading", name="Welcome to #launch")).to_be_visible()


async def test_a_long_history_is_read_upwards_and_the_newest_is_one_press_away(
    ada: Chat, house: PlaygroundHarness
) -> None:
    general = Destination(TENANT, "general")
    for number in range(60):
        await house.playground.messenger.post(
            general, Card(f"Post {number}", (Quote("Liftoff"),)), f"k{number}"
        )
    await ada.page.reload()
    await expect(ada.card("Post 59")).to_be_in_viewport()
    await ada.page.locator("#stream").evaluate("(node) => node.scrollTo(0, 0)")
    await ada.page.get_by_role("button", name="Show older messages").click()
    await expect(ada.page.get_by_role("heading", name="Post 0", exact=True)).to_have_count(1)
    await ada.page.locator("#stream").evaluate("(node) => node.scrollTo(0, 0)")
    await house.playground.messenger.post(general, Card("The newest"), "k60")
    newest = ada.page.locator("#newest")
    await expect(newest).to_contain_text("1 new message")
    await newest.click()
    await expect(ada.card("The newest")).to_be_in_viewport()
    await expect(newest).to_be_hidden()


async def test_a_command_named_in_a_card_is_put_into_the_box_and_not_run(ada: Chat) -> None:
    await ada.run("help")
    await ada.card("What this bot can do").get_by_role("button", name="draw", exact=True).click()
    await expect(ada.box).to_have_value("draw")
    await expect(ada.box).to_be_focused()
    await expect(ada.page.locator(".said")).to_have_count(1)
