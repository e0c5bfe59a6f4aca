"""Back and Forward step through the channels that were opened, and the address names the one that is open."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.adapters.playground.browser import Chat, needs_browser

pytestmark = [needs_browser, pytest.mark.asyncio(loop_scope="session")]


async def _open(ada: Chat, channel: str) -> None:
    await ada.page.locator(f'.channel[data-channel="{channel}"]').click()
    await _stands(ada, channel)


async def _stands(ada: Chat, channel: str) -> None:
    """That channel is shown, and the address and the title name it."""
    await expect(ada.page.locator("#room-name")).to_have_text(f"# {channel}")
    await expect(ada.page).to_have_url(re.compile(f"#{channel}$"))
    await expect(ada.page).to_have_title(re.compile(f"#{channel} · "))


async def test_back_and_forward_step_through_the_channels_with_what_is_typed_there(ada: Chat) -> None:
    await _stands(ada, "general")
    await ada.box.fill("tweet post for general")
    await _open(ada, "alerts")
    await ada.box.fill("relay add for alerts")
    await ada.page.locator('.channel[data-channel="alerts"]').click()  # is open: no step of its own
    await _open(ada, "social")
    await ada.page.go_back()
    await _stands(ada, "alerts")
    await expect(ada.box).to_have_value("relay add for alerts")
    await ada.page.go_back()
    await _stands(ada, "general")
    await expect(ada.box).to_have_value("tweet post for general")
    await ada.page.go_forward()
    await _stands(ada, "alerts")
    await ada.page.reload()
    await _stands(ada, "alerts")
    await expect(ada.box).to_have_value("relay add for alerts")
    await ada.page.go_forward()
    await _stands(ada, "social")
    assert ada.trouble == []


async def test_back_closes_a_form_and_keeps_it_where_it_was_begun(ada: Chat) -> None:
    await _open(ada, "alerts")
    await ada.run("tweet post")
    form = ada.page.get_by_role("dialog", name="tweet post")
    await form.get_by_label("Text").fill("Half a thought")
    await ada.page.go_back()
    await expect(form).to_have_count(0)
    await _stands(ada, "general")
    strip = ada.page.get_by_role("group", name="Forms that were not sent")
    await expect(strip).to_be_hidden()
    await ada.page.go_forward()
    await expect(strip).to_contain_text("Half a thought")


async def test_an_address_leads_to_its_channel_and_a_wrong_one_to_the_first(ada: Chat) -> None:
    for address, channel in {
        "#alerts": "alerts",
        "#nowhere": "general",
        "#%E0%A4%A": "general",
        "#%23alerts": "general",
    }.items():
        await ada.page.goto("about:blank")
        await ada.page.goto(f"{ada.house.origin}/{address}")
        await _stands(ada, channel)
    assert ada.trouble == []


async def test_the_skip_link_and_a_wrong_address_leave_the_channel_as_it_is(ada: Chat) -> None:
    await _open(ada, "alerts")
    await ada.page.get_by_role("link", name="Skip to the command box").focus()
    await ada.page.keyboard.press("Enter")
    await expect(ada.box).to_be_focused()
    await _stands(ada, "alerts")
    await ada.page.evaluate("location.hash = '#nowhere'")
    await _stands(ada, "alerts")
    await ada.page.evaluate("location.hash = '#social'")
    await _stands(ada, "social")
