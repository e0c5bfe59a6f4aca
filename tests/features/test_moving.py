"""`setup key` with the key of another Xquik account: what goes on in the one before, and what stops here."""

from __future__ import annotations

from bot.core.chat.cards import Card, Tone
from tests.features.edge import words
from tests.features.harness import HERE, BotHarness


async def _entered(house: BotHarness, key: str) -> Card:
    form = (await house.say("setup key")).form
    return (await house.press(form.action, values={"key": key})).card


async def _other(house: BotHarness) -> str:
    return str((await house.control("keys", body={}))["key"])


async def test_what_goes_on_in_the_account_before_is_told_with_its_price(house: BotHarness) -> None:
    for line in ("monitor add nasa", "monitor add esa", "monitor keyword artemis"):
        await house.done(line)
    await house.done("relay add channel:#alerts account:nasa")
    card = await _entered(house, await _other(house))
    said = words(card)
    assert card.tone is Tone.WARNING and "another Xquik account than before" in said
    assert "3 monitors go on in the account before, for 90 credits an hour" in said
    assert "This route now gets nothing: alerts-nasa" in said
    assert "#1" in said


async def test_another_key_of_the_same_account_is_no_move(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    same = await house.control("keys", body={"for": house.sandbox.api_key})
    card = await _entered(house, str(same["key"]))
    assert card.tone is Tone.SUCCESS and "before" not in words(card)


async def test_the_first_key_of_a_place_follows_none(house: BotHarness) -> None:
    await house.press(await house.say("setup forget"), "Forget the key")
    assert "before" not in words(await _entered(house, house.sandbox.api_key))


async def test_a_key_before_that_is_revoked_leaves_that_open(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    await house.give_key(HERE, "xq_" + "0" * 64)
    said = words(await _entered(house, house.sandbox.api_key))
    assert "no longer knew the key before" in said and "dashboard" in said
