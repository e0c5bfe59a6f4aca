"""What an edit makes of a preview: everything that follows from the text is told anew, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card, Quote
from bot.core.errors import UsageError
from tests.proposals.harness import ANN, BOB, CARDS, ProposalsHarness

LINK = "https://x.com/acme/status/1893456789012345678"
OTHER = "https://x.com/acme/status/1111111111111111111"
QUOTING: dict[str, Any] = {"account": "acme", "text": f"Worth a look {LINK}"}
QUOTED = Quote("The quoted words", author="Acme", url=LINK)


def key_of(reply: Reply) -> str:
    """The proposal that a preview's buttons decide."""
    return next(button.action.key for button in reply.card.buttons if button.action)


def told(card: Card) -> str:
    """Everything a card holds."""
    return str(card.blocks)


async def ended(house: ProposalsHarness, reply: Reply) -> str:
    """The outcome after Bob confirmed it."""
    key = key_of(reply)
    await house.press("confirm", key, BOB)
    await house.finish()
    return told(CARDS.standing(await house.row(key)))


async def test_the_same_link_stays_the_same_quote(house: ProposalsHarness) -> None:
    key = await house.open(QUOTING, target=QUOTED)
    text = "Look https://twitter.com/i/status/1893456789012345678"
    new = await house.press("edit", key, values={"text": text})
    assert "The quoted words" in told(new.card)
    assert "The quoted words" in await ended(house, new)


async def test_another_link_is_told_as_the_link_it_is(house: ProposalsHarness) -> None:
    key = await house.open(QUOTING, target=QUOTED)
    new = await house.press("edit", key, values={"text": f"Worth a look {OTHER}"})
    for shown in (told(new.card), await ended(house, new)):
        assert "The quoted words" not in shown
        assert "Quoting " in shown
        assert "https://x.com/i/status/1111111111111111111" in shown


async def test_a_text_without_the_link_quotes_nothing(house: ProposalsHarness) -> None:
    key = await house.open(QUOTING, target=QUOTED)
    new = await house.press("edit", key, values={"text": "Worth a look"})
    assert "No tweet is quoted any more" in told(new.card)
    for shown in (told(new.card), await ended(house, new)):
        assert "Quoting" not in shown
        assert "The quoted words" not in shown


async def test_a_link_added_to_a_plain_post_is_a_quote(house: ProposalsHarness) -> None:
    key = await house.open()
    new = await house.press("edit", key, values={"text": f"Hello {OTHER}"})
    assert "Quoting " in told(new.card)


async def test_who_edited_it_stands_on_the_preview_and_every_outcome(house: ProposalsHarness) -> None:
    new = await house.press("edit", await house.open(), BOB, {"text": "Only Bob wrote this"})
    assert "Edited by Bob.'" in told(new.card)
    assert "Edited by Bob.'" in await ended(house, new)


@pytest.mark.parametrize("plan", ["reject", "ambiguous"])
async def test_who_edited_it_stands_on_what_went_wrong(house: ProposalsHarness, plan: str) -> None:
    new = await house.press("edit", await house.open(), BOB, {"text": "Only Bob wrote this"})
    house.vendor.plan.append(plan)
    assert "Edited by Bob.'" in await ended(house, new)


async def test_all_who_edited_it_are_named_once_the_latest_last(house: ProposalsHarness) -> None:
    one = await house.press("edit", await house.open(), BOB, {"text": "one"})
    two = await house.press("edit", key_of(one), ANN, {"text": "two"})
    assert "Edited by Bob, Ann.'" in told(two.card)
    three = await house.press("edit", key_of(two), BOB, {"text": "three"})
    assert "Edited by Ann, Bob.'" in told(three.card)


async def test_an_own_edit_and_one_that_changes_nothing_name_nobody(house: ProposalsHarness) -> None:
    own = await house.press("edit", await house.open(), ANN, {"text": "mine"})
    assert "Edited by" not in told(own.card)
    same = await house.press("edit", key_of(own), BOB, {"text": "mine"})
    assert "Edited by" not in told(same.card)


async def test_a_text_that_is_no_longer_long_is_no_long_post(house: ProposalsHarness) -> None:
    key = await house.open({"account": "acme", "text": "w" * 400, "is_note_tweet": True})
    new = await house.press("edit", key, values={"text": "short"})
    assert (await house.row(key_of(new))).payload == {"account": "acme", "text": "short"}
    assert "5/280" in told(new.card)


async def test_a_text_that_is_still_long_stays_a_long_post(house: ProposalsHarness) -> None:
    key = await house.open({"account": "acme", "text": "w" * 400, "is_note_tweet": True})
    new = await house.press("edit", key, values={"text": "v" * 300})
    assert (await house.row(key_of(new))).payload["is_note_tweet"] is True


@pytest.mark.parametrize("unseen", ["\u3164", "\u200b\u2800", "\u2060 \ufe0f"])
async def test_an_edit_to_what_nobody_sees_says_so_by_its_numbers(
    house: ProposalsHarness, unseen: str
) -> None:
    key = await house.open()
    with pytest.raises(UsageError, match=r"consists only of invisible characters \(U\+"):
        await house.press("edit", key, values={"text": unseen})
    assert (await house.row(key)).payload["text"] == "Hello from the moon"
