"""What every adapter's `Messenger` does besides posting: deleting, threads, publishing, facts and forums.

What a platform has not got (and why) is the table `harnesses.LACKS`; there the adapter refuses, and a
placement changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.cards import Card, Text, line
from bot.core.chat.delivery_results import Delivered, Gone, Refused
from bot.core.chat.ids import Destination, MessageRef
from bot.core.chat.places import PlaceFacts, PlaceKind, Placement
from tests.contracts.any_card import HOSTILE_TEXTS
from tests.contracts.harnesses import LACKS, Ability, AdapterHarness, need

CARD = Card("News", (Text(line("Something happened.")),))


async def post(
    harness: AdapterHarness,
    to: Destination | None = None,
    key: str = "key1",
    placement: Placement | None = None,
) -> MessageRef:
    """A message that is there."""
    place = to or harness.place
    result = await harness.messenger.post(place, CARD, key, placement=placement or Placement())
    assert isinstance(result, Delivered), result
    return MessageRef(place, result.message)


def has(harness: AdapterHarness, ability: Ability) -> bool:
    """Whether the platform has it."""
    return ability not in LACKS[harness.name]


# --- deleting ------------------------------------------------------------------------------------


async def test_a_deleted_message_is_gone_for_everybody_and_the_others_stay(harness: AdapterHarness) -> None:
    need(harness, Ability.DELETION)
    first, second = await post(harness, key="key1"), await post(harness, key="key2")
    assert await harness.messenger.delete(first) == Delivered(first.message)
    assert len(await harness.channel()) == 1
    assert await harness.messenger.edit(second, Card("Changed")) == Delivered(second.message)


async def test_deleting_twice_is_deleting_once(harness: AdapterHarness) -> None:
    ref = await post(harness)
    for _ in range(2):
        assert await harness.messenger.delete(ref) == Delivered(ref.message)


async def test_what_somebody_else_deleted_counts_as_deleted(harness: AdapterHarness) -> None:
    need(harness, Ability.DELETION)
    ref = await post(harness)
    await harness.delete(ref)
    assert await harness.messenger.delete(ref) == Delivered(ref.message)


# --- threads -------------------------------------------------------------------------------------


async def test_a_thread_is_begun_once_however_often_it_is_asked_for(harness: AdapterHarness) -> None:
    ref = await post(harness)
    answers = [await harness.messenger.thread(ref, "What happened") for _ in range(3)]
    if has(harness, Ability.THREADS):
        assert isinstance(answers[0], Delivered)
        assert answers[0].message
    else:
        assert isinstance(answers[0], Refused)
        assert answers[0].detail
    assert answers == [answers[0]] * 3


async def test_two_messages_have_two_threads(harness: AdapterHarness) -> None:
    need(harness, Ability.THREADS)
    first, second = await post(harness, key="key1"), await post(harness, key="key2")
    assert await harness.messenger.thread(first, "One") != await harness.messenger.thread(second, "One")


async def test_what_is_posted_into_a_thread_stands_there_alone(harness: AdapterHarness) -> None:
    need(harness, Ability.THREADS)
    thread = await thread_of(harness, await post(harness))
    reply = await post(harness, replace(harness.place, thread=thread), "key2")
    assert ["Something happened." in message.text for message in await harness.inside(thread)] == [True]
    assert len(await harness.channel()) == 1
    assert await harness.messenger.edit(reply, Card("Changed")) == Delivered(reply.message)
    assert ["Changed" in message.text for message in await harness.inside(thread)] == [True]
    assert await harness.messenger.delete(reply) == Delivered(reply.message)
    assert await harness.inside(thread) == []


async def test_a_thread_below_a_message_of_a_thread_is_that_thread(harness: AdapterHarness) -> None:
    need(harness, Ability.THREADS)
    thread = await thread_of(harness, await post(harness))
    reply = await post(harness, replace(harness.place, thread=thread), "key2")
    assert await harness.messenger.thread(reply, "Deeper") == Delivered(thread)


@pytest.mark.parametrize("title", ["", " \n\t", "t" * 500, *HOSTILE_TEXTS])
async def test_a_thread_can_be_called_anything(harness: AdapterHarness, title: str) -> None:
    need(harness, Ability.THREADS)
    thread = await thread_of(harness, await post(harness), title)
    await post(harness, replace(harness.place, thread=thread), "key2")
    assert len(await harness.inside(thread)) == 1


async def thread_of(harness: AdapterHarness, ref: MessageRef, title: str = "What happened") -> str:
    """The thread below a message."""
    begun = await harness.messenger.thread(ref, title)
    assert isinstance(begun, Delivered), begun
    return begun.message


# --- publishing ----------------------------------------------------------------------------------


async def test_a_plain_channel_publishes_nothing(harness: AdapterHarness) -> None:
    result = await harness.messenger.publish(await post(harness))
    assert isinstance(result, Refused)
    assert result.detail


async def test_a_message_is_published_once_however_often_it_is_asked_for(harness: AdapterHarness) -> None:
    need(harness, Ability.PUBLISHING)
    ref = await post(harness, harness.announcements())
    for _ in range(2):
        assert await harness.messenger.publish(ref) == Delivered(ref.message)
    assert ["Something happened." in message.text for message in harness.published()] == [True]


async def test_a_deleted_message_is_not_published(harness: AdapterHarness) -> None:
    need(harness, Ability.PUBLISHING, Ability.DELETION)
    ref = await post(harness, harness.announcements())
    assert await harness.messenger.delete(ref) == Delivered(ref.message)
    assert isinstance(await harness.messenger.publish(ref), Gone | Refused)
    assert harness.published() == []


# --- what a place is -------------------------------------------------------------------------------


async def test_a_plain_channel_is_called_one_and_nothing_is_posted_for_it(harness: AdapterHarness) -> None:
    facts = await harness.messenger.facts(harness.place)
    assert facts is not None
    assert facts.kind is PlaceKind.CHANNEL
    assert facts.threads is (Ability.THREADS not in LACKS[harness.name])
    assert await harness.channel() == []


async def test_a_thread_is_called_one(harness: AdapterHarness) -> None:
    need(harness, Ability.THREADS)
    thread = await thread_of(harness, await post(harness))
    facts = await harness.messenger.facts(replace(harness.place, thread=thread))
    assert facts == PlaceFacts(PlaceKind.THREAD)


async def test_a_channel_that_others_follow_is_called_one(harness: AdapterHarness) -> None:
    need(harness, Ability.PUBLISHING)
    assert await harness.messenger.facts(harness.announcements()) == PlaceFacts(PlaceKind.ANNOUNCEMENTS)


async def test_a_channel_for_sensitive_content_is_called_one(harness: AdapterHarness) -> None:
    need(harness, Ability.SENSITIVE)
    facts = await harness.messenger.facts(harness.sensitive())
    assert facts is not None
    assert facts.sensitive


# --- forums ----------------------------------------------------------------------------------------


async def test_a_placement_changes_nothing_where_there_is_no_forum(harness: AdapterHarness) -> None:
    await post(harness, placement=Placement("A title of its own", ("news",)))
    (message,) = await harness.channel()
    assert "Something happened." in message.text
    assert "A title of its own" not in message.text


async def test_what_a_post_would_be_called_is_found_out_in_a_forum_alone(harness: AdapterHarness) -> None:
    asked: list[str] = []

    def named() -> str:
        asked.append("asked")
        return "A title of its own"

    await post(harness, placement=Placement(named))
    assert asked == []
    if has(harness, Ability.FORUMS):
        await post(harness, harness.forum(), "key2", Placement(named))
        assert [made.title for made in harness.posts()] == ["A title of its own"]


async def test_a_forum_tells_its_tags(harness: AdapterHarness) -> None:
    need(harness, Ability.FORUMS)
    facts = await harness.messenger.facts(harness.forum())
    assert facts is not None
    assert (facts.kind, set(facts.tags), facts.tag_required) == (PlaceKind.FORUM, {"news", "media"}, False)


async def test_a_message_in_a_forum_is_a_post_with_the_tags_that_the_forum_has(
    harness: AdapterHarness,
) -> None:
    need(harness, Ability.FORUMS)
    placement = Placement("A title of its own", ("news", "nothing"))
    ref = await post(harness, harness.forum(), placement=placement)
    (made,) = harness.posts()
    assert (made.title, made.tags) == ("A title of its own", frozenset({"news"}))
    assert ["Something happened." in message.text for message in made.messages] == [True]
    inside = replace(harness.forum(), thread=ref.message)
    await post(harness, inside, "key2")
    assert [len(made.messages) for made in harness.posts()] == [2]
    assert await harness.messenger.thread(ref, "Deeper") == Delivered(ref.message)


async def test_a_post_without_a_title_is_called_as_its_card(harness: AdapterHarness) -> None:
    need(harness, Ability.FORUMS)
    await post(harness, harness.forum())
    assert [(made.title, made.tags) for made in harness.posts()] == [("News", frozenset())]


async def test_a_post_is_edited_and_deleted_like_any_message(harness: AdapterHarness) -> None:
    need(harness, Ability.FORUMS)
    ref = await post(harness, harness.forum())
    assert await harness.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    assert ["Changed" in message.text for made in harness.posts() for message in made.messages] == [True]
    for _ in range(2):
        assert await harness.messenger.delete(ref) == Delivered(ref.message)
    assert [message for made in harness.posts() for message in made.messages] == []
