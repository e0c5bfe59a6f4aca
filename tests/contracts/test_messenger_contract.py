"""What every adapter's `Messenger` does with a message, and what it says when it cannot.

What a platform has not got (and why) is the table `harnesses.LACKS`:

    playground   the bot may post in every channel, and no answer is lost on the way
    terminal     any name is a channel, everything is taken, and what is printed stays
"""

from __future__ import annotations

import time

from bot.core.chat.cards import Card, Text, line
from bot.core.chat.delivery_results import Absent, Busy, Delivered, Found, Gone, Refused, Unknown, Unreadable
from bot.core.chat.ids import MessageRef
from tests.contracts.any_card import HOSTILE_TEXTS, hostile
from tests.contracts.harnesses import Ability, AdapterHarness, need

CARD = Card("News", (Text(line("Something happened.")),))


async def post(rig: AdapterHarness, key: str = "key1", card: Card = CARD) -> MessageRef:
    """A message that is there."""
    result = await rig.messenger.post(rig.place, card, key)
    assert isinstance(result, Delivered)
    return MessageRef(rig.place, result.message)


async def test_a_card_is_posted_as_the_bot_and_its_id_is_told(rig: AdapterHarness) -> None:
    ref = await post(rig)
    (message,) = await rig.channel()
    assert "Something happened." in message.text
    assert message.by_bot
    assert ref.message


async def test_two_keys_are_two_messages(rig: AdapterHarness) -> None:
    assert await post(rig, "key1") != await post(rig, "key2")
    assert len(await rig.channel()) == 2


async def test_the_same_key_is_the_same_message_where_the_adapter_says_so(rig: AdapterHarness) -> None:
    """`idempotent_window` is what the relay builds upon; without one, nothing is promised."""
    first, second = await post(rig), await post(rig)
    assert rig.window >= 0.0
    if rig.window > 0.0:
        assert first == second
        assert len(await rig.channel()) == 1
    else:
        assert len(await rig.channel()) == 2


async def test_hostile_texts_notify_nobody(rig: AdapterHarness) -> None:
    for number, text in enumerate(HOSTILE_TEXTS):
        await post(rig, f"key{number}", hostile(text))
    assert [message.pings for message in await rig.channel()] == [()] * len(HOSTILE_TEXTS)


# --- editing ---------------------------------------------------------------------------------


async def test_an_edit_takes_the_place_of_the_message(rig: AdapterHarness) -> None:
    need(rig, Ability.DELETION)
    ref = await post(rig)
    assert await rig.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    (message,) = await rig.channel()
    assert "Changed" in message.text
    assert "Something happened." not in message.text


async def test_an_edit_where_nothing_can_be_replaced_says_whose_place_it_takes(rig: AdapterHarness) -> None:
    ref = await post(rig)
    assert await rig.messenger.edit(ref, Card("Changed")) == Delivered(ref.message)
    assert "Changed" in (await rig.channel())[-1].text


async def test_an_edit_of_a_deleted_message_is_gone(rig: AdapterHarness) -> None:
    need(rig, Ability.DELETION)
    ref = await post(rig)
    await rig.delete(ref)
    result = await rig.messenger.edit(ref, Card("Changed"))
    assert isinstance(result, Gone)
    assert result.reason
    assert await rig.channel() == []


# --- what cannot be done -----------------------------------------------------------------------


async def test_a_channel_that_is_not_there_is_gone_with_a_reason(rig: AdapterHarness) -> None:
    need(rig, Ability.MISSING)
    for result in (
        await rig.messenger.post(rig.nowhere(), CARD, "key1"),
        await rig.messenger.check(rig.nowhere()),
    ):
        assert isinstance(result, Gone)
        assert result.reason
        assert result.remedy


async def test_a_channel_the_bot_may_not_post_in_is_gone_with_a_remedy(rig: AdapterHarness) -> None:
    need(rig, Ability.CLOSING)
    await rig.close_channel()
    for result in (
        await rig.messenger.post(rig.place, CARD, "key1"),
        await rig.messenger.check(rig.place),
    ):
        assert isinstance(result, Gone)
        assert result.reason
        assert result.remedy


async def test_what_is_no_address_at_all_is_gone_and_raises_nothing(rig: AdapterHarness) -> None:
    need(rig, Ability.MISSING)
    for message in ("", "x", "１２", "9" * 40, "../.."):
        result = await rig.messenger.edit(MessageRef(rig.place, message), CARD)
        assert isinstance(result, Gone | Refused), message


async def test_a_busy_platform_is_busy_and_says_for_how_long(rig: AdapterHarness) -> None:
    need(rig, Ability.BUSY)
    await rig.be_busy()
    result = await rig.messenger.post(rig.place, CARD, "key1")
    assert isinstance(result, Busy)
    assert result.retry_after > 0


async def test_an_answer_that_is_lost_is_unknown_and_the_message_is_there_once(rig: AdapterHarness) -> None:
    need(rig, Ability.LOSS)
    await rig.lose_answers()
    assert isinstance(await rig.messenger.post(rig.place, CARD, "key1"), Unknown)
    assert len(await rig.channel()) == 1


# --- telling, checking, finding ----------------------------------------------------------------


async def test_a_person_is_told_alone(rig: AdapterHarness) -> None:
    need(rig, Ability.PRIVACY)
    result = await rig.messenger.tell(rig.place.tenant, rig.person, CARD, "key1")
    assert isinstance(result, Delivered)
    (message,) = await rig.direct(rig.person)
    assert "Something happened." in message.text
    assert await rig.direct(rig.other) == []
    assert await rig.channel() == []


async def test_one_key_tells_two_people(rig: AdapterHarness) -> None:
    need(rig, Ability.PRIVACY)
    for person in (rig.person, rig.other):
        await rig.messenger.tell(rig.place.tenant, person, CARD, "key1")
    assert [len(await rig.direct(person)) for person in (rig.person, rig.other)] == [1, 1]


async def test_a_person_who_is_not_there_is_told_nothing(rig: AdapterHarness) -> None:
    need(rig, Ability.PRIVACY)
    for person in ("", "nobody", "123456789012345678"):
        result = await rig.messenger.tell(rig.place.tenant, person, CARD, "key1")
        assert isinstance(result, Gone | Refused), person


async def test_the_owner_of_a_place_can_be_told(rig: AdapterHarness) -> None:
    owner = await rig.messenger.owner(rig.place.tenant)
    assert isinstance(owner, Delivered) and owner.message
    need(rig, Ability.PRIVACY)
    assert isinstance(await rig.messenger.tell(rig.place.tenant, owner.message, CARD, "key1"), Delivered)
    assert len(await rig.direct(owner.message)) == 1


async def test_who_a_person_is_can_be_asked_without_a_click_of_theirs(rig: AdapterHarness) -> None:
    owner = await rig.messenger.owner(rig.place.tenant)
    assert isinstance(owner, Delivered)
    found = await rig.messenger.actor(rig.place.tenant, owner.message)
    assert found is not None and found.id == owner.message and found.is_admin
    need(rig, Ability.PRIVACY)
    other = await rig.messenger.actor(rig.place.tenant, rig.person)
    assert other is not None and other.id == rig.person and not other.is_admin
    for nobody in ("", "nobody", "123456789012345678"):
        gone = await rig.messenger.actor(rig.place.tenant, nobody)
        assert gone is None or not (gone.is_admin or gone.is_member or gone.roles), nobody


async def test_a_check_passes_and_posts_nothing(rig: AdapterHarness) -> None:
    assert await rig.messenger.check(rig.place) == Delivered("")
    assert await rig.channel() == []


async def test_a_lookup_finds_our_message_or_says_that_it_cannot_read(rig: AdapterHarness) -> None:
    since = time.time() - 60
    ref = await post(rig)
    assert await rig.messenger.find(rig.place, "key1", since) in (Found(ref.message), Unreadable())
    assert await rig.messenger.find(rig.place, "key2", since) in (Absent(), Unreadable())
