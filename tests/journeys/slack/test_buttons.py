"""Forms, previews and buttons in Slack: from the press to X and back into the channel."""

from __future__ import annotations

import pytest

from tests.doubles.slack import Message
from tests.journeys.run.faults import expire_everything
from tests.journeys.run.harness import on_disk
from tests.journeys.run.scene import TWEET
from tests.journeys.slack.place import Place, button, living

MEDIA_TWEET = "1893500000000000001"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _own(shared: Place) -> Place:
    """A place of its own where many workspaces install the app; the shared one where only one can."""
    if shared.plan.slack == "http":
        return await shared.elsewhere(await shared.vendors.new_key())
    return shared


async def _becomes(place: Place, message: Message, words: str) -> None:
    """Wait until a message says something."""
    await place.server.changes.until(
        lambda: words in message.visible_text, 8.0, f"{words!r} in {message.visible_text!r}"
    )


async def test_a_draw_without_a_tweet_asks_for_it_and_runs_once_confirmed(shared: Place) -> None:
    place = await _own(shared)
    opened = await place.run("draw run winners:2 backups:2")
    view = await opened.wait_for_view()
    elements = (block.get("element", {}) for block in view.blocks)
    field = next(one for one in elements if "tweet" in one.get("action_id", ""))
    offered = await place.ws.suggest(view, field["action_id"], place.ann, TWEET)
    (chosen,) = offered.options
    submitted = await place.ws.submit_view(view, {"tweet": chosen})
    preview = await submitted.wait_for_message()
    await place.press(preview, "Confirm")
    await place.server.changes.until(lambda: _offers(preview, "Next backup"), 8.0, "the winners")
    asked = await (await place.press(preview, "Next backup")).wait_for_view()
    assert "Who is replaced?" in str(asked.blocks)
    backup = await place.ws.submit_view(asked, {"replaces": "w2"})
    assert (await backup.wait_for_message()).channel is place.alerts
    exported = await place.press(preview, "Export winners")
    told = await exported.wait_for_ephemeral()
    assert "direct messages" in told.visible_text
    assert place.server.violations == []


async def test_a_draw_that_the_credits_do_not_cover_is_confirmed_twice(shared: Place) -> None:
    key = await shared.vendors.new_key()
    own = shared.plan.slack == "http"
    place = await shared.elsewhere(key) if own else shared
    customer = {"key": key} if own else {}
    await shared.vendors.control("credits", balance=61, **customer)
    try:
        preview = await place.posted(f"draw run {TWEET}")
        assert "cover" not in preview.visible_text and "enough for 60" not in preview.visible_text
        asked = await (await place.press(preview, "Confirm")).wait_for_ephemeral()
        assert "enough for 60 of up to 251 replies and reposts" in asked.visible_text
        await place.press(asked, "Draw among fewer")
        await _becomes(place, preview, "Not every reply was inspected")
    finally:
        await shared.vendors.control("credits", balance=25_000, **customer)
    assert place.server.violations == []


async def test_the_rules_of_the_tweet_are_added_by_a_press(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted(f"draw run {TWEET}")
    await place.press(preview, "Add its rules")
    await _becomes(place, preview, "must follow @xquik")
    await place.press(preview, "Confirm")
    await _becomes(place, preview, "Draw result")
    assert place.server.violations == []


def _offers(message: Message, label: str) -> bool:
    try:
        return bool(button(message, label))
    except LookupError:
        return False


async def test_another_person_needs_publish_to_confirm(shared: Place) -> None:
    place = await _own(shared)
    standing = len(place.alerts.messages)
    preview = await place.posted('tweet post "Hello X"')
    before = await shared.vendors.writes()
    refused = await place.press(preview, "Confirm", place.bob)
    assert "You may not do that here" in (await refused.wait_for_ephemeral()).visible_text
    assert await shared.vendors.writes() == before
    granted = await place.run(f"policy grant publish to:<@{place.bob.id}|bob>")
    await granted.wait_for_ephemeral()
    await place.press(preview, "Confirm", place.bob)
    await _becomes(place, preview, "Posted on X")
    assert "Confirmed by" in preview.visible_text
    assert await shared.vendors.writes() == before + 1
    assert len(place.alerts.messages) == standing + 1


async def test_edit_opens_the_text_and_cancel_sends_nothing(shared: Place) -> None:
    place = await _own(shared)
    before = await shared.vendors.writes()
    preview = await place.posted('tweet post "Helo X"')
    old = button(preview, "Confirm")
    opened = await (await place.press(preview, "Edit")).wait_for_view()
    assert "Helo X" in str(opened.blocks)
    await place.ws.submit_view(opened, {"text": "Hello X, corrected"})
    await _becomes(place, preview, "Hello X, corrected")
    assert button(preview, "Confirm") != old
    await place.press(preview, "Cancel")
    await _becomes(place, preview, "ancelled")
    assert not _offers(preview, "Confirm")
    assert await shared.vendors.writes() == before


async def test_next_and_back_turn_the_pages_of_the_radar(shared: Place) -> None:
    place = await _own(shared)
    first = await place.posted("radar source:github")
    page = first.visible_text
    await place.press(first, "Next")
    await place.server.changes.until(lambda: first.visible_text != page, 5.0, "the next page")
    await place.press(first, "Back")
    await place.server.changes.until(lambda: first.visible_text == page, 5.0, "the page before")


async def test_an_expired_button_says_so_and_does_nothing(shared: Place) -> None:
    place = await _own(shared)
    before = await shared.vendors.writes()
    preview = await place.posted('tweet post "Too late"')
    radar = await place.posted("radar source:github")
    await expire_everything(shared.bot, place.tenant)
    for message, label in ((preview, "Confirm"), (radar, "Next")):
        pressed = await place.press(message, label)
        assert "This has expired" in (await pressed.wait_for_ephemeral()).visible_text
    assert await shared.vendors.writes() == before


async def test_the_key_is_entered_in_a_form_and_stands_in_no_message(
    shared: Place, caplog: pytest.LogCaptureFixture
) -> None:
    key = await shared.vendors.new_key()
    opened = await shared.run("setup key", where=shared.general)
    submitted = await shared.ws.submit_view(await opened.wait_for_view(), {"key": key})
    assert "webhook registered and tested" in (await submitted.wait_for_ephemeral()).visible_text
    wrong = await shared.run("setup key", where=shared.general)
    refused = await shared.ws.submit_view(await wrong.wait_for_view(), {"key": "xq_nonsense"})
    assert "not an Xquik key" in (await refused.wait_for_ephemeral()).visible_text
    said = [str(request.args) for request in shared.server.requests]
    said += [str(ix.response_posts) for ix in shared.server.interactions]
    assert not any(key in text or "nonsense" in text for text in said)
    assert key not in caplog.text
    assert key.encode() not in on_disk(shared.plan.database)
    typed = await shared.run(f"setup key {shared.vendors.sandbox.api_key}", where=shared.general)
    assert await typed.wait_for_view(), "a key typed into the command is not taken from there"


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_buttons_and_forms_work_after_a_restart(
    mode: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with living(tmp_path_factory.mktemp("slack"), mode) as place:
        preview = await place.posted('tweet post "Still here"')
        radar = await place.posted("radar source:github")
        opened = await (await place.run("tweet post")).wait_for_view()
        await place.restart()
        page = radar.visible_text
        await place.press(radar, "Next")
        await place.server.changes.until(lambda: radar.visible_text != page, 5.0, "the next page")
        await place.press(preview, "Confirm")
        await _becomes(place, preview, "Posted on X")
        submitted = await place.ws.submit_view(opened, {"text": "Written before, sent after"})
        assert "Written before, sent after" in (await submitted.wait_for_message()).visible_text
        assert await place.vendors.writes() == 1


async def test_what_costs_more_than_the_workspace_lets_be_spent_is_confirmed_first(shared: Place) -> None:
    place = await _own(shared)
    await (await place.run("setup spending 1")).wait_for_ephemeral()
    try:
        asked = await place.posted(f"media get {MEDIA_TWEET}")
        assert "Spend up to 2 credits?" in asked.visible_text
        await place.press(asked, "Confirm")
        await _becomes(place, asked, "Media saved")
    finally:
        await (await place.run("setup spending 100")).wait_for_ephemeral()
