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
    rig: AdapterHarness, to: Destination | None = None, key: str = "key1", placement: Placement | None = None
) -> MessageRef:
    """A message that is there."""
    place = to or rig.place
    result = await rig.messenger.post(place, CARD, key, placement=placement or Placement())
    assert isinstance(result, Delivered), result
    return MessageRef(place, result.message)


def has(rig: AdapterHarness, ability: Ability) -> bool:
    """Whether the platform has it."""
    return ability not in LACKS[rig.name]


# --- deleting ------------------------------------------------------------------------------------


async def test_a_deleted_message_is_gone_for_everybody_and_the_others_stay(rig: AdapterHarness) -> None:
    need(rig, Ability.DELETION)
    first, second = await post(rig, key="key1"), await post(rig, key="key2")
    assert await rig.messenger.delete(first) == Delivered(first.message)
    assert len(await rig.channel()) == 1
    assert await rig.messenger.edit(second, Card("Changed")) == Delivered(second.message)


async def test_deleting_twice_is_deleting_once(rig: AdapterHarness) -> None:
    ref = await post(rig)
    for _ in range(2):
        assert await rig.messenger.delete(ref) == Delivered(ref.message)


async def test_what_somebody_else_deleted_counts_as_deleted(rig: AdapterHarness) -> None:
    need(rig, Ability.DELETION)
    ref = await post(rig)
    await rig.delete(ref)
    assert await rig.messenger.delete(ref) == Delivered(ref.message)


# --- threads -------------------------------------------------------------------------------------


async def test_a_thread_is_begun_once_however_often_it_is_asked_for(rig: AdapterHarness) -> None:
    ref = await post(rig)
    answers = [await rig.messenger.thread(ref, "What happened") for _ in range(3)]
    if has(rig, Ability.THREADS):
        assert isinstance(answers[0], Delivered)
        assert answers[0].message
    else:
        assert isinstance(answers[0], Refused)
        assert answers[0].detail
    assert answers == [answers[0]] * 3


async def test_two_messages_have_two_threads(rig: AdapterHarness) -> None:
    need(rig, Ability.THREADS)
    first, second = await post(rig, key="key1"), await post(rig, key="key2")
    assert await rig.messenger.thread(first, "One") != await rig.messenger.thread(second, "One")


async def test_what_is_posted_into_a_thread_stands_there_alone(rig: AdapterHarness) -> None:
    need(rig, Ability.THREADS)
    thread = await thread_of(rig, await post(rig))
    reply = await post(rig, replace(rig.place, thread=thread), "key2")
    assert ["Something happened." in message.text for message in await rig.inside(thread)] == [True]
    assert len(await rig.channel()) == 1
    assert await rig.messenger.edit(reply, Card("Changed")) == Delivered(reply.message)
    assert ["Changed" in message.text for message in await rig.inside(thread)] == [True]
    assert await rig.messenger.delete(reply) == Delivered(reply.message)
    assert await rig.inside(thread) == []


async def test_a_thread_below_a_message_of_a_thread_is_that_thread(rig: AdapterHarness) -> None:
    need(rig, Ability.THREADS)
    thread = await thread_of(rig, await post(rig))
    reply = await post(rig, replace(rig.place, thread=thread), "key2")
    assert await rig.messenger.thread(reply, "Deeper") == Delivered(thread)


@pytest.mark.parametrize("title", ["", " \n\t", "t" * 500, *HOSTILE_TEXTS])
async def test_a_thread_can_be_called_anything(rig: AdapterHarness, title: str) -> None:
    need(rig, Ability.THREADS)
    thread = await thread_of(rig, await post(rig), title)
    await post(rig, replace(rig.place, thread=thread), "key2")
    assert len(await rig.inside(thread)) == 1


async def thread_of(rig: AdapterHarness, ref: MessageRef, title: str = "What happened") -> str:
    """The thread below a message."""
    begun = await rig.messenger.thread(ref, title)
    assert isinstance(begun, Delivered), begun
    return begun.message


# --- publishing ----------------------------------------------------------------------------------


async def test_a_plain_channel_publishes_nothing(rig: AdapterHarness) -> None:
    result = await rig.messenger.publish(await post(rig))
    assert isinstance(result, Refused)
    assert result.detail


async def test_a_message_is_published_once_however_often_it_is_asked_for(rig: AdapterHarness) -> None:
    need(rig, Ability.PUBLISHING)
    ref = await post(rig, rig.announcements())
    for _ in range(2):
        assert await rig.messenger.publish(ref) == Delivered(ref.message)
    assert ["Something happened." in message.text for message in rig.published()] == [True]


async def test_a_deleted_message_is_not_published(rig: AdapterHarness) -> None:
    need(rig, Ability.PUBLISHING, Ability.DELETION)
    ref = await post(rig, rig.announcements())
    assert await rig.messenger.delete(ref) == Delivered(ref.message)
    assert isinstance(await rig.messenger.publish(ref), Gone | Refused)
    assert rig.published() == []


# --- what a place is -------------------------------------------------------------------------------


async def test_a_plain_channel_is_called_one_and_nothing_is_posted_for_it(rig: AdapterHarness) -> None:
    facts = await rig.messenger.facts(rig.place)
    assert facts is not None
    assert facts.kind is PlaceKind.CHANNEL
    assert facts.threads is (Ability.THREADS not in LACKS[rig.name])
    assert await rig.channel() == []


async def test_a_thread_is_called_one(rig: AdapterHarness) -> None:
    need(rig, Ability.THREADS)
    thread = await thread_of(rig, await post(rig))
    facts = await rig.messenger.facts(replace(rig.place, thread=thread))
    assert facts == PlaceFacts(PlaceKind.THREAD)


async def test_a_channel_that_others_follow_is_called_one(rig: AdapterHarness) -> None:
    need(rig, Ability.PUBLISHING)
    assert await rig.messenger.facts(rig.announcements()) == PlaceFacts(PlaceKind.ANNOUNCEMENTS)


async def test_a_channel_for_sensitive_content_is_called_one(rig: AdapterHarness) -> None:
    need(rig, Ability.SENSITIVE)
    facts = await rig.messenger.facts(rig.sensitive())
    assert facts is not None
    assert facts.sensitive


# --- forums ----------------------------------------------------------------------------------------


async def test_a_placement_changes_nothing_where_there_is_no_forum(rig: AdapterHarness) -> None:
    await post(rig, placement=Placement("A title of its own", ("news",)))
    (message,) = await rig.channel()
    assert "Something happened." in message.text
    assert "A title of its own" not in message.text


async def test_a_forum_tells_its_tags(rig: AdapterHarness) -> None:
    need(rig, Ability.FORUMS)
    facts = await rig.messenger.facts(rig.forum())
    assert facts is not None
    assert (facts.kind, set(facts.tags), facts.tag_required) == (PlaceKind.FORUM, {"news", "media"}, False)


async def test_a_message_in_a_forum_is_a_post_with_the_tags_that_the_forum_has(rig: AdapterHarness) -> None:
    need(rig, Ability.FORUMS)
    placement = Placement("A title of its own", ("news", "nothing"))
    ref = await post(rig, rig.forum(), placement=placement)
    (made,) = rig.posts()
    assert (made.title, made.tags) == ("A title of its own", frozenset({"news"}))
    assert ["Something happened." in message.text for message in made.messages] == [True]
    inside = replace(rig.forum(), thread=ref.message)
    await post(rig, inside, "key2")
    assert [len(made.messages) for made in rig.posts()] == [2]
    assert await rig.messenger.thread(ref, "Deeper") == Delivered(ref.message)


async def test_a_post_without_a_title_is_called_as_its_card(rig: AdapterHarness) -> None:
    need(rig, Ability.FORUMS)
    await post(rig, rig.forum())
    assert [(made.title, made.tags) for made in rig.posts()] == [("News", frozenset())]


async def test_a_post_is_edited_and_deleted_like_any_message(rig: AdapterHarness) -> None:
    need(rig, Ability.FORUMS)
    ref = await post(rig, rig.forum())
    assert await rig.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    assert ["Changed" in message.text for made in rig.posts() for message in made.messages] == [True]
    for _ in range(2):
        assert await rig.messenger.delete(ref) == Delivered(ref.message)
    assert [message for made in rig.posts() for message in made.messages] == []
