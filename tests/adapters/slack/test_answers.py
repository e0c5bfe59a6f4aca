"""Where answers go, and what becomes of them when Slack does not take them."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from adapters.slack import limits
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Button, Card, File, Gallery, Media, Priority, Quote, Text, line
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import SlackHarness, running
from tests.doubles.slack import Message, SlackServer

AGAIN = Button("Again", ActionRef("thing.again", "k1"))


def deciding(words: str) -> Card:
    """A card with a button, and with more of somebody's own text than a message holds."""
    return Card("Post", (Quote(words * 2_000, priority=Priority.OWN),), buttons=(AGAIN,))


CSV = File("winners.csv", "text/csv", b"name\nann\n")


async def test_private_answers_reach_people_where_the_bot_is_not(house: SlackHarness) -> None:
    outside = house.ws.add_channel("C0002", "elsewhere", member=False)
    ix = await house.slash("thing say x", channel=outside)
    assert (await ix.wait_for_ephemeral()).via == "response_url"


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ({"member": False}, "The bot is not in that channel."),
        ({"member": False, "private": True}, "private and the bot is not in it"),
        ({"archived": True}, "archived"),
        ({"read_only": True}, "do not let the bot post"),
    ],
)
async def test_where_the_bot_cannot_post_the_person_gets_the_answer_and_the_reason(
    house: SlackHarness, channel: dict[str, bool], words: str
) -> None:
    there = house.ws.add_channel("C0002", "there", **channel)
    answer = await (await house.slash("thing post", channel=there)).wait_for_ephemeral()
    assert "Only you see this." in answer.visible_text
    assert words in answer.visible_text
    assert "It is done." in answer.visible_text
    assert there.messages == []


async def test_a_post_that_slack_did_not_confirm_is_told_and_not_repeated(house: SlackHarness) -> None:
    house.server.fail_next("chat.postMessage", lost=True)
    answer = await (await house.slash("thing post")).wait_for_ephemeral()
    assert "did not confirm" in answer.visible_text
    assert len(house.channel.messages) == 1


async def test_a_rate_limit_is_waited_for(house: SlackHarness) -> None:
    house.server.enforce_retry_after = False  # the pause is not a real one here
    house.pauses.end()
    house.server.fail_next("chat.postMessage", status=429, headers={"Retry-After": "7"})
    await (await house.slash("thing post")).wait_for_message()
    assert 7.0 in house.pauses.asked


async def test_pictures_that_slack_cannot_fetch_go_as_links(house: SlackHarness) -> None:
    house.stage.card = Card("Pictures", (Gallery((Media("https://pbs.example/a.jpg", "A rocket"),)),))
    house.server.fail_next("chat.postMessage", error="invalid_blocks")
    message = await (await house.slash("thing post")).wait_for_message()
    assert "image" not in {block["type"] for block in message.blocks}
    assert ("https://pbs.example/a.jpg", "A rocket") in message.links


async def test_blocks_that_slack_refuses_altogether_go_as_words(house: SlackHarness) -> None:
    house.server.fail_next("chat.postMessage", error="invalid_blocks", times=1)
    message = await (await house.slash("thing post")).wait_for_message()
    assert (message.blocks, message.text) == ([], "Done\nIt is done.")


async def test_an_answer_replaces_the_message_whose_button_was_pressed(house: SlackHarness) -> None:
    house.stage.button()
    message = await (await house.slash("thing post")).wait_for_message()
    private = await (await house.slash("thing say x")).wait_for_ephemeral()
    house.stage.card, house.stage.replace = Card("Page 2"), True
    for target in (message, private):
        await house.ws.press(target, "x1:thing.again:k1", house.ann)
        await house.server.wait_for(partial(getattr, target, "edits"))
        assert target.visible_text == "Page 2"
    assert len(house.channel.messages) == 1
    assert len(house.ws.ephemerals) == 1


async def test_a_message_that_is_gone_is_answered_anew(house: SlackHarness) -> None:
    house.stage.button()
    message = await (await house.slash("thing post")).wait_for_message()
    house.stage.replace = True
    house.server.fail_next("chat.update", error="message_not_found")
    house.server.fail_next("response_url", status=404, body="used_url")
    pressed = await house.ws.press(message, "x1:thing.again:k1", house.ann)
    assert (await pressed.wait_for_ephemeral()).visible_text.startswith("Pick")


async def test_public_answers_to_a_button_in_a_thread_stay_in_the_thread(house: SlackHarness) -> None:
    house.stage.button(name="thing.loud")
    message = await (await house.slash("thing post")).wait_for_message()
    root = house.ws.say(house.ann, house.channel, "a thread")
    message.thread_ts = root.ts
    pressed = await house.ws.press(message, "x1:thing.loud:k1", house.ann)
    assert (await pressed.wait_for_message()).thread_ts == root.ts


# --- files -----------------------------------------------------------------------------------


async def test_files_of_a_public_answer_stand_in_its_thread(house: SlackHarness) -> None:
    house.stage.files = (CSV,)
    await house.slash("thing post")
    message, shared = await house.channel.wait_for_messages(2)
    assert shared.thread_ts == message.ts
    assert [(file.name, file.content) for file in shared.files] == [("winners.csv", CSV.content)]


async def test_files_of_a_private_answer_come_as_a_direct_message_and_it_says_so(house: SlackHarness) -> None:
    house.stage.files = (CSV,)
    answer = await (await house.slash("thing say x")).wait_for_ephemeral()
    assert "winners.csv: sent to you in our direct messages." in answer.visible_text
    assert house.ann.dms[0].files[0].content == CSV.content
    assert house.channel.messages == []


async def test_a_file_that_slack_does_not_take_is_told_and_the_answer_still_comes(
    house: SlackHarness,
) -> None:
    house.stage.files = (CSV,)
    house.server.fail_next("files.getUploadURLExternal", error="internal_error", times=2)
    answer = await (await house.slash("thing say x")).wait_for_ephemeral()
    assert "Slack did not accept the file: winners.csv" in answer.visible_text
    assert "It is done." in answer.visible_text


@pytest.mark.parametrize("way", ["in place", "privately", "the preview is gone"])
async def test_the_file_of_a_preview_that_was_changed_is_said_to_be_void(
    house: SlackHarness, way: str
) -> None:
    """Beside the file, and before that of the new one."""
    house.stage.card = old = deciding("old words ")
    private = way == "privately"
    ix = await house.slash("thing say x" if private else "thing post")
    message = await (ix.wait_for_ephemeral() if private else ix.wait_for_message())

    def beside() -> list[Message]:
        return house.ann.dms if private else house.channel.replies(message.ts)

    await house.server.wait_for(lambda: [one for one in beside() if one.files])
    house.stage.card, house.stage.replace, house.stage.renews = deciding("new words "), True, old
    if way == "the preview is gone":
        house.server.fail_next("chat.update", error="message_not_found")
        house.server.fail_next("response_url", status=404, body="used_url")
    pressed = await house.ws.press(message, "x1:thing.again:k1", house.ann)
    if way == "the preview is gone":
        await pressed.wait_for_ephemeral()
    await house.server.wait_for(
        lambda: [one for one in beside() if "(post.txt) will not be posted" in one.visible_text]
    )
    if way != "the preview is gone":
        await house.server.wait_for(lambda: len([one for one in beside() if one.files]) == 2)
    said = [(one.files[0].content or b"")[:3] if one.files else one.visible_text for one in beside()]
    assert [isinstance(one, bytes) for one in said[:2]] == [True, False], "the word stands below the old file"
    assert said[2:] in ([b"new"], [])


# --- on the way ------------------------------------------------------------------------------


async def test_a_long_command_says_that_it_is_at_work_once(house: SlackHarness) -> None:
    house.stage.gate.clear()
    ix = await house.slash("thing post")
    await house.pauses.until(limits.WORKING_AFTER)
    house.pauses.end()
    assert (await ix.wait_for_ephemeral()).visible_text == "Working on it…"
    house.stage.gate.set()
    await ix.wait_for_message()
    assert len(ix.ephemerals) == 1


async def test_progress_never_uses_up_what_the_answer_needs(house: SlackHarness) -> None:
    house.stage.progress = tuple(Card(f"Step {n}") for n in range(30))
    ix = await house.slash("thing say x")
    await ix.wait_for(lambda ix: any("It is done." in m.visible_text for m in ix.ephemerals))
    assert [m.visible_text for m in ix.ephemerals] == ["Step 0", "Done\nIt is done."]
    assert len(ix.response_posts) == 2


async def test_when_the_response_url_is_used_up_the_answer_comes_another_way(house: SlackHarness) -> None:
    house.server.fail_next("response_url", status=404, body="used_url")
    ix = await house.slash("thing say x")
    assert (await ix.wait_for_ephemeral()).via == "chat.postEphemeral"


async def test_when_nothing_else_works_the_answer_comes_as_a_direct_message(house: SlackHarness) -> None:
    outside = house.ws.add_channel("C0002", "elsewhere", member=False)
    house.server.fail_next("response_url", status=404, body="expired_url")
    await house.slash("thing say x", channel=outside)
    await house.server.wait_for(lambda: house.ann.dms)
    assert house.ann.dms[0].visible_text == "Done\nIt is done."


async def test_what_is_withdrawn_is_replaced_where_a_press_showed_it_and_else_left(
    house: SlackHarness,
) -> None:
    house.stage.button()
    house.stage.instead = Card("Withdrawn")
    alone = await (await house.slash("thing say x")).wait_for_ephemeral()
    other = await (await house.slash("thing say x")).wait_for_ephemeral()
    house.stage.card, house.stage.replace = Card("Page 2"), True
    await house.ws.press(other, "x1:thing.again:k1", house.ann)
    await house.server.wait_for(lambda: other.visible_text == "Page 2")
    house.stage.withdrawn.set()
    await house.server.wait_for(lambda: other.visible_text == "Withdrawn")
    assert "Withdrawn" not in alone.visible_text and len(house.ws.ephemerals) == 2, "and nothing beside it"


async def test_what_is_confidential_never_comes_as_a_direct_message(house: SlackHarness) -> None:
    """Not even where nothing else is left: a direct message stays."""
    outside = house.ws.add_channel("C0002", "elsewhere", member=False)
    house.stage.button(name="thing.hush")
    shown = await (await house.slash("thing say x", channel=outside)).wait_for_ephemeral()
    house.stage.card, house.stage.replace = Card("Hush", (Text(line("between us")),)), True
    house.stage.files = (CSV,)
    house.server.fail_next("response_url", status=404, body="expired_url", times=9)
    await house.ws.press(shown, "x1:thing.hush:k1", house.ann)
    await house.server.wait_for(lambda: house.ann.dms)
    told = " ".join(one.visible_text for one in house.ann.dms)
    assert "only you would have seen" in told
    assert "between us" not in told + shown.visible_text and not any(one.files for one in house.ann.dms)


async def test_what_is_confidential_replaces_what_one_person_sees_and_no_more(house: SlackHarness) -> None:
    house.stage.button(name="thing.hush")
    alone = await (await house.slash("thing say x")).wait_for_ephemeral()
    public = await (await house.slash("thing post")).wait_for_message()
    house.stage.card, house.stage.replace = Card("Hush", (Text(line("between us")),)), True
    pressed = await house.ws.press(public, "x1:thing.hush:k1", house.ann)
    assert "between us" in (await pressed.wait_for_ephemeral()).visible_text
    assert "between us" not in public.visible_text
    await house.ws.press(alone, "x1:thing.hush:k1", house.ann)
    await house.server.wait_for(lambda: "between us" in alone.visible_text)


async def test_a_database_that_cannot_be_written_is_told(server: SlackServer, storage: Database) -> None:
    async with running(server, storage) as house:
        await storage.close()
        told = await (await house.slash("thing say x")).wait_for_ephemeral()
        assert "Nothing was changed" in told.visible_text
        assert house.stage.seen == []


async def test_nothing_is_posted_with_previews_of_links_or_parsed_names(house: SlackHarness) -> None:
    house.stage.card = Card("Names", (Text(line("@channel @ann #alerts https://x.com/a")),))
    message = await (await house.slash("thing post")).wait_for_message()
    (call,) = house.server.calls("chat.postMessage")
    assert str(call.args["unfurl_links"]) in ("False", "0", "false")
    assert (call.args["parse"], message.pings) == ("none", [])


async def test_many_commands_at_once_are_all_answered(house: SlackHarness) -> None:
    people = [house.ws.add_user(f"U10{n}", f"p{n}") for n in range(12)]
    given = await asyncio.gather(*(house.slash(f"thing say {p.name}", p) for p in people))
    answers = await asyncio.gather(*(ix.wait_for_ephemeral() for ix in given))
    assert len(answers) == 12
    assert max(ix.acked_in or 9 for ix in given) < 1
