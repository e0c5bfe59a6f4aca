"""What every adapter's `Messenger` does with a message, and what it says when it cannot.

What a platform has not got (and why) is the table `harnesses.LACKS`:

    playground   the bot may post in every channel, and no answer is lost on the way
    terminal     any name is a channel, everything is taken, and what is printed stays
"""

from __future__ import annotations

import time

import pytest

from bot.core.access import Actor
from bot.core.chat.cards import Card, File, Text, line
from bot.core.chat.delivery_results import Absent, Busy, Delivered, Found, Gone, Refused, Unknown, Unreadable
from bot.core.chat.ids import MessageRef
from tests.contracts.any_card import HOSTILE_TEXTS, hostile
from tests.contracts.harnesses import Ability, AdapterHarness, need, settled

CARD = Card("News", (Text(line("Something happened.")),))


async def post(harness: AdapterHarness, key: str = "key1", card: Card = CARD) -> MessageRef:
    """A message that is there."""
    result = await harness.messenger.post(harness.place, card, key)
    assert isinstance(result, Delivered)
    return MessageRef(harness.place, result.message)


async def test_a_card_is_posted_as_the_bot_and_its_id_is_told(harness: AdapterHarness) -> None:
    ref = await post(harness)
    (message,) = await harness.channel()
    assert "Something happened." in message.text
    assert message.by_bot
    assert ref.message


async def test_two_keys_are_two_messages(harness: AdapterHarness) -> None:
    assert await post(harness, "key1") != await post(harness, "key2")
    assert len(await harness.channel()) == 2


async def test_the_same_key_is_the_same_message_where_the_adapter_says_so(harness: AdapterHarness) -> None:
    """`idempotent_window` is what the relay builds upon; without one, nothing is promised."""
    first, second = await post(harness), await post(harness)
    assert harness.window >= 0.0
    if harness.window > 0.0:
        assert first == second
        assert len(await harness.channel()) == 1
    else:
        assert len(await harness.channel()) == 2


async def test_hostile_texts_notify_nobody(harness: AdapterHarness) -> None:
    for number, text in enumerate(HOSTILE_TEXTS):
        await post(harness, f"key{number}", hostile(text))
    assert [message.pings for message in await harness.channel()] == [()] * len(HOSTILE_TEXTS)


# --- files -----------------------------------------------------------------------------------

CSV = File("people.csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfid,bio\r\n1,'=1+1\r\n")


@pytest.mark.parametrize("way", ["place", "person"])
async def test_a_file_goes_with_a_message(harness: AdapterHarness, way: str) -> None:
    """What was paid for reaches whoever asked, also where the channel takes no message."""
    if way == "place":
        result = await harness.messenger.post(harness.place, CARD, "key1", (CSV,))
    else:
        result = await harness.messenger.tell(harness.place.tenant, harness.person, CARD, "key1", (CSV,))
    assert isinstance(result, Delivered)

    if harness.name == "terminal":
        return  # it names the file; what a command gives is saved by its responder

    async def there() -> bool:
        return bool(await harness.files())

    await settled(there)
    assert await harness.files() == {CSV.name: CSV.content}


# --- editing ---------------------------------------------------------------------------------


async def test_an_edit_takes_the_place_of_the_message(harness: AdapterHarness) -> None:
    need(harness, Ability.DELETION)
    ref = await post(harness)
    assert await harness.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    (message,) = await harness.channel()
    assert "Changed" in message.text
    assert "Something happened." not in message.text


async def test_an_edit_where_nothing_can_be_replaced_says_whose_place_it_takes(
    harness: AdapterHarness,
) -> None:
    ref = await post(harness)
    assert await harness.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    assert "Changed" in (await harness.channel())[-1].text


async def test_an_edit_of_a_deleted_message_is_gone(harness: AdapterHarness) -> None:
    need(harness, Ability.DELETION)
    ref = await post(harness)
    await harness.delete(ref)
    result = await harness.messenger.edit(ref, Card("Changed"))
    assert isinstance(result, Gone)
    assert result.reason
    assert await harness.channel() == []


# --- what cannot be done -----------------------------------------------------------------------


async def test_a_channel_that_is_not_there_is_gone_with_a_reason(harness: AdapterHarness) -> None:
    need(harness, Ability.MISSING)
    for result in (
        await harness.messenger.post(harness.nowhere(), CARD, "key1"),
        await harness.messenger.check(harness.nowhere()),
    ):
        assert isinstance(result, Gone)
        assert result.reason
        assert result.remedy


async def test_a_channel_the_bot_may_not_post_in_is_gone_with_a_remedy(harness: AdapterHarness) -> None:
    need(harness, Ability.CLOSING)
    await harness.close_channel()
    for result in (
        await harness.messenger.post(harness.place, CARD, "key1"),
        await harness.messenger.check(harness.place),
    ):
        assert isinstance(result, Gone)
        assert result.reason
        assert result.remedy


async def test_what_is_no_address_at_all_is_gone_and_raises_nothing(harness: AdapterHarness) -> None:
    need(harness, Ability.MISSING)
    for message in ("", "x", "１２", "9" * 40, "../.."):
        result = await harness.messenger.edit(MessageRef(harness.place, message), CARD)
        assert isinstance(result, Gone | Refused), message


async def test_a_busy_platform_is_busy_and_says_for_how_long(harness: AdapterHarness) -> None:
    need(harness, Ability.BUSY)
    await harness.be_busy()
    result = await harness.messenger.post(harness.place, CARD, "key1")
    assert isinstance(result, Busy)
    assert result.retry_after > 0


async def test_an_answer_that_is_lost_is_unknown_and_the_message_is_there_once(
    harness: AdapterHarness,
) -> None:
    need(harness, Ability.LOSS)
    await harness.lose_answers()
    assert isinstance(await harness.messenger.post(harness.place, CARD, "key1"), Unknown)
    assert len(await harness.channel()) == 1


# --- telling, checking, finding ----------------------------------------------------------------


async def test_a_person_is_told_alone(harness: AdapterHarness) -> None:
    need(harness, Ability.PRIVACY)
    result = await harness.messenger.tell(harness.place.tenant, harness.person, CARD, "key1")
    assert isinstance(result, Delivered)
    (message,) = await harness.direct(harness.person)
    assert "Something happened." in message.text
    assert await harness.direct(harness.other) == []
    assert await harness.channel() == []


async def test_one_key_tells_two_people(harness: AdapterHarness) -> None:
    need(harness, Ability.PRIVACY)
    for person in (harness.person, harness.other):
        await harness.messenger.tell(harness.place.tenant, person, CARD, "key1")
    assert [len(await harness.direct(person)) for person in (harness.person, harness.other)] == [1, 1]


async def test_a_person_who_is_not_there_is_told_nothing(harness: AdapterHarness) -> None:
    need(harness, Ability.PRIVACY)
    for person in ("", "nobody", "123456789012345678"):
        result = await harness.messenger.tell(harness.place.tenant, person, CARD, "key1")
        assert isinstance(result, Gone | Refused), person


async def test_the_owner_of_a_place_can_be_told(harness: AdapterHarness) -> None:
    owner = await harness.messenger.owner(harness.place.tenant)
    assert isinstance(owner, Delivered) and owner.message
    need(harness, Ability.PRIVACY)
    assert isinstance(
        await harness.messenger.tell(harness.place.tenant, owner.message, CARD, "key1"), Delivered
    )
    assert len(await harness.direct(owner.message)) == 1


async def test_who_a_person_is_can_be_asked_without_a_click_of_theirs(harness: AdapterHarness) -> None:
    owner = await harness.messenger.owner(harness.place.tenant)
    assert isinstance(owner, Delivered)
    found = await harness.messenger.actor(harness.place.tenant, owner.message)
    assert isinstance(found, Actor) and found.id == owner.message and found.is_admin
    need(harness, Ability.PRIVACY)
    other = await harness.messenger.actor(harness.place.tenant, harness.person)
    assert isinstance(other, Actor) and other.id == harness.person and not other.is_admin
    for nobody in ("", "nobody", "123456789012345678"):
        gone = await harness.messenger.actor(harness.place.tenant, nobody)
        assert gone is None or isinstance(gone, Actor), nobody
        assert gone is None or not (gone.is_admin or gone.is_member or gone.roles), nobody


async def test_a_check_passes_and_posts_nothing(harness: AdapterHarness) -> None:
    assert await harness.messenger.check(harness.place) == Delivered("")
    assert await harness.channel() == []


async def test_a_lookup_finds_our_message_or_says_that_it_cannot_read(harness: AdapterHarness) -> None:
    since = time.time() - 60
    ref = await post(harness)
    assert await harness.messenger.find(harness.place, "key1", since) in (Found(ref.message), Unreadable())
    assert await harness.messenger.find(harness.place, "key2", since) in (Absent(), Unreadable())
