"""Forms, previews and buttons in Discord: from the press to X and back into the channel."""

from __future__ import annotations

import re

import pytest

from tests.doubles.discord import Message
from tests.journeys.discord.place import Place
from tests.journeys.run.faults import expire_everything
from tests.journeys.run.harness import on_disk
from tests.journeys.run.scene import TWEET

MEDIA_TWEET = "1893500000000000001"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _own(shared: Place) -> Place:
    return await shared.elsewhere(await shared.vendors.new_key())


async def _becomes(place: Place, message: Message, words: str) -> None:
    """Wait until a message says something."""
    await place.server.world.changes.wait_for(lambda: words in message.text, 8.0, words)


async def test_a_post_written_in_the_form_is_confirmed_and_stands_on_x_once(shared: Place) -> None:
    place = await _own(shared)
    opened = await place.run("tweet post")
    assert opened.modal is not None
    before = await shared.vendors.writes()
    await shared.server.submit_modal(opened, {"text": "Hello from the form"})
    (preview,) = await place.alerts.wait_for_messages(1)
    assert "Hello from the form" in preview.text
    await place.press(preview, "Confirm")
    await _becomes(place, preview, "Posted on X")
    assert await shared.vendors.writes() == before + 1
    assert [button.get("label") for button in preview.buttons()] == ["Open on X", "Reply", "Delete"]
    assert len(place.alerts.messages) == 1


async def test_another_person_needs_publish_to_confirm(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted("tweet post", {"text": ("Hello X",)})
    before = await shared.vendors.writes()
    refused = await place.press(preview, "Confirm", place.ben)
    await refused.wait_for(lambda ix: "You may not do that here" in ix.text)
    assert all(message.ephemeral for message in refused.messages)
    assert await shared.vendors.writes() == before
    granted = await place.run("policy grant", {"permission": ("publish",), "to": (f"<@{place.ben.id}>",)})
    await granted.wait_for_answer()
    await place.press(preview, "Confirm", place.ben)
    await _becomes(place, preview, "Posted on X")
    assert "Confirmed by ben" in preview.text
    assert await shared.vendors.writes() == before + 1


async def test_two_clicks_make_one_post(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted("tweet post", {"text": ("Hello once",)})
    before = await shared.vendors.writes()
    confirm = preview.button("Confirm")["custom_id"]
    presses = [await shared.server.press(preview, confirm, place.ada, wait=False) for _ in range(3)]
    for press in presses:
        await press.wait_for_response()
    await _becomes(place, preview, "Posted on X")
    assert await shared.vendors.writes() == before + 1


async def test_what_costs_more_than_the_server_lets_be_spent_is_confirmed_first(shared: Place) -> None:
    place = await _own(shared)
    await (await place.run("setup spending", {"ask_above": ("1",)})).wait_for_answer()
    asked = await place.posted("media get", {"tweets": (MEDIA_TWEET,)})
    assert "Spend up to 2 credits?" in asked.text and "Requested by ada" in asked.text
    refused = await place.press(asked, "Confirm", place.ben)
    await refused.wait_for(lambda ix: "You may not do that here" in ix.text)
    await place.press(asked, "Confirm")
    await _becomes(place, asked, "Media saved")
    assert len(place.alerts.messages) == 1, "the answer takes the place of the question"


async def test_edit_opens_the_text_and_voids_the_old_preview(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted("tweet post", {"text": ("Helo X",)})
    old = preview.button("Confirm")["custom_id"]
    opened = await place.press(preview, "Edit")
    assert opened.modal is not None and "Helo X" in str(opened.modal)
    await shared.server.submit_modal(opened, {"text": "Hello X"})
    await _becomes(place, preview, "Hello X")
    assert preview.button("Confirm")["custom_id"] != old
    await place.press(preview, "Confirm")
    await _becomes(place, preview, "Posted on X")
    assert len(place.alerts.messages) == 1


async def test_cancel_sends_nothing(shared: Place) -> None:
    place = await _own(shared)
    before = await shared.vendors.writes()
    preview = await place.posted("tweet post", {"text": ("Never mind",)})
    await place.press(preview, "Cancel")
    await _becomes(place, preview, "ancelled")
    assert preview.buttons() == []
    assert await shared.vendors.writes() == before


async def test_a_draw_is_confirmed_and_gives_its_next_backup_and_its_file(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted("draw run", {"tweet": (TWEET,), "winners": ("2",), "backups": ("2",)})
    await place.press(preview, "Confirm")
    await shared.server.world.changes.wait_for(
        lambda: "Next backup" in [button.get("label") for button in preview.buttons()], 8.0, "the winners"
    )
    asked = await place.press(preview, "Next backup")
    assert asked.modal is not None and "Who is replaced?" in str(asked.modal)
    await shared.server.submit_modal(asked, {"replaces": "w2"})
    await place.alerts.wait_for_messages(2)
    exported = await place.press(preview, "Export winners")
    await exported.wait_for(lambda ix: any(message.attachments for message in ix.messages))
    assert all(message.ephemeral for message in exported.messages)


async def test_a_draw_that_the_credits_do_not_cover_is_confirmed_twice(shared: Place) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key(credits=61))
    preview = await place.posted("draw run", {"tweet": (TWEET,)})
    assert "cover" not in preview.text and "enough for 60" not in preview.text
    pressed = await place.press(preview, "Confirm")
    await pressed.wait_for(lambda ix: any("Draw among" in message.text for message in ix.messages))
    (asked,) = pressed.messages
    assert asked.ephemeral and "enough for 60 of up to 251 replies and reposts" in asked.text
    assert asked.button("Draw among fewer")["style"] == 4, "red"
    await place.press(asked, "Draw among fewer")
    await _becomes(place, preview, "Not every reply was inspected")
    assert len(place.alerts.messages) == 1


async def test_the_rules_of_the_tweet_are_added_by_a_press(shared: Place) -> None:
    place = await _own(shared)
    preview = await place.posted("draw run", {"tweet": (TWEET,)})
    await place.press(preview, "Add its rules")
    await _becomes(place, preview, "must follow @xquik")
    await place.press(preview, "Confirm")
    await _becomes(place, preview, "Draw result")


async def test_next_and_back_turn_the_pages_of_the_radar(shared: Place) -> None:
    place = await _own(shared)
    first = await place.posted("radar show", {"source": ("github",)})
    page = first.text
    await place.press(first, "Next")
    await shared.server.world.changes.wait_for(lambda: first.text != page, 5.0, "the next page")
    await place.press(first, "Back")
    await shared.server.world.changes.wait_for(lambda: first.text == page, 5.0, "the page before")
    assert len(place.alerts.messages) == 1


async def test_an_expired_button_says_so_and_does_nothing(shared: Place) -> None:
    place = await _own(shared)
    before = await shared.vendors.writes()
    preview = await place.posted("tweet post", {"text": ("Too late",)})
    radar = await place.posted("radar show", {"source": ("github",)})
    await expire_everything(shared.bot, place.tenant)
    for message, label in ((preview, "Confirm"), (radar, "Next")):
        pressed = await place.press(message, label)
        await pressed.wait_for(lambda ix: "This has expired" in ix.text)
        assert all(one.ephemeral for one in pressed.messages)
    assert await shared.vendors.writes() == before
    assert len(place.alerts.messages) == 2


async def test_the_key_is_entered_in_a_form_and_stands_in_no_message(
    shared: Place, caplog: pytest.LogCaptureFixture
) -> None:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(None)
    opened = await place.run("setup key")
    assert opened.modal is not None
    answer = await (await shared.server.submit_modal(opened, {"key": key})).wait_for_answer()
    assert "webhook registered and tested" in answer.text
    wrong = await place.run("setup key")
    refused = await (await shared.server.submit_modal(wrong, {"key": "xq_nonsense"})).wait_for_answer()
    assert "not an Xquik key" in refused.text
    again = await place.press(refused, "Change it")
    assert again.modal is not None and "nonsense" not in str(again.modal)
    said = [str(request.body) for request in shared.server.requests]
    assert not any(key in text or "nonsense" in text for text in said)
    assert key not in caplog.text
    assert key.encode() not in on_disk(shared.plan.database)
    assert place.alerts.messages == []


@pytest.mark.asyncio(loop_scope="function")
async def test_buttons_and_forms_work_after_a_restart(place: Place) -> None:
    preview = await place.posted("tweet post", {"text": ("Still here",)})
    radar = await place.posted("radar show", {"source": ("github",)})
    opened = await place.run("tweet post")
    await place.restart()
    page = radar.text
    await place.press(radar, "Next")
    await place.server.world.changes.wait_for(lambda: radar.text != page, 5.0, "the next page")
    await place.press(preview, "Confirm")
    await _becomes(place, preview, "Posted on X")
    await place.server.submit_modal(opened, {"text": "Written before, sent after"})
    messages = await place.alerts.wait_for_messages(3)
    assert "Written before, sent after" in messages[2].text
    assert await place.vendors.writes() == 1
    uploads = [r for r in place.server.requests if re.fullmatch(r"/applications/\d+/commands", r.path)]
    assert len(uploads) == 1, "an unchanged tree is sent once"
