"""How much of a listing becomes a file: what is asked for, what Xquik sells, and what the credits cover."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.core.access import Actor
from bot.core.chat.cards import Tone
from bot.core.chat.words import card_words
from bot.xquik.resources.users import UsersResource
from tests.features.harness import BotHarness, asks
from tests.features.listing_asked import BUTTON, FOLLOWERS, WHO, asked, confirmed, ended, rows_of, spent
from tests.relay.harness import until


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


async def test_fewer_rows_than_xquik_sells_cost_as_many_as_it_sells(sending: BotHarness) -> None:
    listed = await sending.say(f"user followers @{WHO}")
    await sending.done("setup spending 19")
    preview = await sending.submit(await sending.press(listed, BUTTON), format="csv", rows="1")
    assert asks(preview.card) and "for about 20 credits" in str(preview.card)
    assert "Xquik sells at least 20 profiles at once." in str(preview.card)
    before = await sending.credits()
    outcome = await sending.confirm(preview)
    assert await spent(sending, before) == 20
    assert outcome.title == "Followers of @cafe_luna: 1 profile as a file"
    assert "Xquik sold 20 profiles." in str(outcome) and "about 20 credits" in str(outcome)
    await until(lambda: len(sending.wall.files) == 1)
    assert len(rows_of(sending.wall.files[0].content)) == 1


async def test_the_last_page_of_a_file_is_estimated_as_it_is_sold(house: BotHarness) -> None:
    preview = await asked(house, rows="305")
    assert "The first 305 profiles of about 3,120 are read, for about 320 credits" in str(preview.card)


async def test_a_price_that_the_credits_do_not_cover_is_warned_of_and_asked_about(house: BotHarness) -> None:
    """The channel sees the preview, so it says no balance."""
    for rows in ("", "80"):
        await house.control("credits", body={"balance": 90})
        preview = await asked(house, rows=rows)
        assert asks(preview.card) and preview.card.tone is Tone.WARNING
        assert "The Xquik credits do not cover that." in str(preview.card)
        assert "69" not in card_words(preview.card)
    await house.control("credits", body={"balance": 90})
    assert "do not cover" not in str((await asked(house, rows="30")).card)


async def test_a_price_that_they_cover_no_more_when_it_is_confirmed_is_refused(sending: BotHarness) -> None:
    preview = await asked(sending, rows="300")
    await sending.control("credits", body={"balance": 250})
    refused = await sending.press(preview, "Confirm")
    assert refused.failure.title == "Not enough Xquik credits"
    assert "about 300 credits" in card_words(refused.failure) and "250" not in card_words(refused.failure)
    assert await sending.credits() == 250
    await sending.control("credits", body={"balance": 400})
    assert "300 profiles" in (await sending.confirm(preview)).title


async def test_what_its_preview_said_they_do_not_cover_is_read_as_far_as_they_go(sending: BotHarness) -> None:
    await sending.control("credits", body={"balance": 121})
    preview = await asked(sending, rows="300")
    assert preview.card.tone is Tone.WARNING
    outcome = await sending.confirm(preview)
    assert "part of it as a file" in outcome.title and await sending.credits() == 0


async def test_going_on_behind_the_end_gives_the_file_and_reads_nothing(sending: BotHarness) -> None:
    """An old button, of a step after which others read the rest."""
    first = await ended(sending, await confirmed(sending, await asked(sending, rows="3000")))
    await ended(sending, await confirmed(sending, await sending.press(first, "Go on")))
    await until(lambda: len(sending.wall.files) == 2)
    before = await sending.credits()
    again = await sending.press(first, "Go on")
    assert not asks(again.card)
    outcome = await ended(sending, again)
    assert await spent(sending, before) == 0
    assert outcome.title == "Followers of @cafe_luna: all of it as a file"
    assert "All of it was read before, so nothing was charged now." in str(outcome)
    await until(lambda: len(sending.wall.files) == 3)
    assert len(rows_of(sending.wall.files[2].content)) == FOLLOWERS


async def test_rows_that_were_sold_beyond_what_was_asked_for_are_not_paid_for_again(
    sending: BotHarness,
) -> None:
    first = await ended(sending, await confirmed(sending, await asked(sending, rows="305")))
    again = await sending.press(first, "Go on")
    assert "320 profiles were read before and are not paid for again." in str(again.card)
    assert "about 2,800 credits" in str(again.card)
    await ended(sending, await confirmed(sending, again))
    await until(lambda: len(sending.wall.files) == 2)
    assert [len(rows_of(file.content)) for file in sending.wall.files] == [305, FOLLOWERS]


async def test_of_a_place_three_are_read_at_once_and_others_wait_for_their_turn(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [Actor(name, name.title(), is_admin=True) for name in ("ada", "bea", "cem", "dee")]
    forms = []
    for person in people:
        listed = await sending.say(f"user followers @{WHO}", person)
        forms.append((await sending.press(listed, BUTTON, actor=person)).form.action)
    open_gate, read = asyncio.Event(), UsersResource.followers

    async def held(*args: Any, **options: Any) -> Any:
        """Pages come once the gate is open."""
        await open_gate.wait()
        return await read(*args, **options)

    monkeypatch.setattr(UsersResource, "followers", held)
    previews = []
    for person, form in zip(people, forms, strict=True):
        previews.append(await sending.press(form, actor=person, values={"format": "csv", "rows": "900"}))
        await sending.press(previews[-1], "Confirm", actor=person)
    await until(lambda: any("3 other files are being read here" in one for one in _told(sending)))
    open_gate.set()
    for preview in previews:
        assert (await ended(sending, preview)).tone is Tone.SUCCESS
    await until(lambda: len(sending.wall.files) == len(people))


def _told(house: BotHarness) -> list[str]:
    """What messages were changed to last."""
    return [card_words(card) for card in house.wall.edited.values()]
