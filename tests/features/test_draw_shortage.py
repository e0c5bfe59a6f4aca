"""A draw whose entries the credits do not cover: confirmed twice, and the channel learns nothing of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from bot.core.chat.cards import ButtonStyle, Card, Tone
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import Screen, buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TWEET, BotHarness

RED = "Draw among fewer"


async def short(house: BotHarness, balance: int = 41) -> Screen:
    """A preview whose draw the credits do not cover. Looking the tweet up costs one of them."""
    await house.control("credits", body={"balance": balance})
    return await house.say(f"draw run {TWEET} winners:2")


async def ended(house: BotHarness, asked: Screen) -> Card:
    """The outcome, once the red button was pressed."""
    ref = ref_of(asked.card, RED)
    pressed = await house.press(ref)
    assert pressed.reply.replace and "as many as the credits cover" in pressed.card.title
    return await house.app.executor.outcome(HERE, ref.key)


def numbers(card: Card) -> set[str]:
    """Every number in the words of a card, but for ids and moments."""
    return set(re.findall(r"(?<![\d.])\d{1,3}(?:,\d{3})*(?![\d.])", words(card)))


@pytest.mark.parametrize("balance", [60, 41, 100, 250])
async def test_the_channel_learns_nothing_of_the_balance(house: BotHarness, balance: int) -> None:
    covered, preview = [await short(house, left) for left in (25_000, balance)]
    said = [replace(one.card, blocks=one.card.blocks[:-1]) for one in (covered, preview)]  # but until when
    assert words(said[0]) == words(said[1])
    assert preview.card.tone is Tone.INFO


@pytest.mark.parametrize("balance", [2, 41, 100, 150, 251])
async def test_confirm_asks_once_more_in_red_and_says_how_many_of_how_many(
    house: BotHarness, balance: int
) -> None:
    preview = await short(house, balance)
    asked = await house.press(preview, "Confirm")
    assert f"enough for {balance - 1} of up to 251 replies and reposts" in words(asked.card)
    [red] = buttons(asked.card)
    assert (red.label, red.style, asked.card.tone) == (RED, ButtonStyle.DANGER, Tone.DANGER)
    assert not asked.reply.replace, "to the person alone; the preview stands"
    assert await house.requests("/draws") == 0


async def test_the_second_confirmation_draws_once(house: BotHarness) -> None:
    asked = await house.press(await short(house), "Confirm")
    card = await ended(house, asked)
    assert field_of(card, "Inspected") == "40 of 120 replies"
    assert "Not every reply was inspected" in words(card)
    assert await house.credits() == 0
    late = await house.press(asked, RED)
    assert late.outcome is not InvocationOutcome.OK and "already confirmed this" in words(late.failure)


async def test_enough_credits_need_no_second_confirmation(house: BotHarness) -> None:
    preview = await short(house, 252)
    assert (await house.confirm(preview)).title == "Draw result"


async def test_credits_that_are_topped_up_by_themselves_need_none_either(house: BotHarness) -> None:
    """Whether the sandbox does top up is its own affair: here nobody is asked."""
    preview = await short(house, 41)
    await house.control("credits", body={"topup": "on"})
    confirm = ref_of(preview.card, "Confirm")
    pressed = await house.press(confirm)
    assert pressed.reply.replace and RED not in [one.label for one in buttons(pressed.card)]
    await house.app.executor.outcome(HERE, confirm.key)  # from now on it takes no credits
    await house.control("credits", body={"topup": "stopped"})
    assert RED in [one.label for one in buttons((await house.press(await short(house), "Confirm")).card)]


async def test_what_was_spent_since_the_preview_counts(house: BotHarness) -> None:
    preview = await short(house, 25_000)
    await house.control("credits", body={"balance": 60})
    asked = await house.press(preview, "Confirm")
    assert "enough for 60 of up to 251 replies and reposts" in words(asked.card)
    await house.control("credits", body={"balance": 25_000})
    assert (await house.confirm(preview)).title == "Draw result", "and what was topped up"


async def test_no_credits_at_all_is_an_error_and_nothing_is_drawn(house: BotHarness) -> None:
    preview = await short(house, 1)
    refused = await house.press(preview, "Confirm")
    assert refused.failure.title == "Not enough Xquik credits"
    assert await house.requests("/draws") == 0


async def test_who_may_spend_but_not_see_the_inside_learns_no_balance(house: BotHarness) -> None:
    await house.say("policy grant spend to:user:ben")
    asked = await house.press(await short(house), "Confirm", actor=MEMBER)
    assert "not enough for all entries, up to 251 replies and reposts" in words(asked.card)
    assert not {"40", "41"} & numbers(asked.card)
    await house.say("policy grant view to:user:ben")
    again = await house.press(await short(house), "Confirm", actor=MEMBER)
    assert "enough for 40 of" in words(again.card)


async def test_the_red_button_needs_the_permission_too(house: BotHarness) -> None:
    asked = await house.press(await short(house), "Confirm")
    assert (await house.press(asked, RED, actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    assert await house.requests("/draws") == 0


async def test_where_xquik_does_not_tell_the_credits_it_is_asked_all_the_same(house: BotHarness) -> None:
    preview = await short(house, 25_000)
    await house.fault(path="/credits", status=503)
    asked = await house.press(preview, "Confirm")
    assert "did not say whether the credits are enough" in words(asked.card)
    assert "top up" not in words(asked.card) and "press Confirm again in a minute" in words(asked.card)
    await house.control("faults", method="DELETE")
    assert (await ended(house, asked)).title == "Draw result"


async def test_many_presses_of_both_make_one_draw(house: BotHarness) -> None:
    preview = await short(house)
    asked = await house.press(preview, "Confirm")
    ref = ref_of(asked.card, RED)
    await asyncio.gather(*(house.press(ref) for _ in range(3)), house.press(preview, "Confirm", actor=ADMIN))
    await house.app.executor.outcome(HERE, ref.key)
    assert len(rows_of((await house.say("draw list")).card)) == 1


async def test_a_cancelled_draw_is_not_run_by_the_red_button(house: BotHarness) -> None:
    preview = await short(house)
    asked = await house.press(preview, "Confirm")
    await house.press(preview, "Cancel")
    late = await house.press(asked, RED)
    assert "cancelled this" in words(late.failure)
    assert await house.requests("/draws") == 0
