"""A list that never ends, or ends early: what is free stops reading, and why is said in any language."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.core.chat import card_json
from bot.core.chat.cards import Card, Tone
from bot.features.user.followers import FOLLOWERS
from bot.xquik.models import Page, User
from bot.xquik.resources.users import UsersResource
from tests.features.harness import BotHarness
from tests.features.listing_asked import asked, confirmed, ended
from tests.i18n.left_over import english_in_card

NAMES = "Followers of cafe_luna csv ada Ada credits show topup"


@pytest.fixture
async def sending(house: BotHarness) -> AsyncIterator[BotHarness]:
    """A house whose lanes deliver."""
    await house.app.relay.start()
    yield house


async def test_why_a_file_ends_early_is_said_in_any_language(sending: BotHarness) -> None:
    await sending.control("credits", body={"balance": 331})
    preview = await asked(sending, rows="500")
    outcome: Card = await ended(sending, await confirmed(sending, preview))
    assert "Not enough Xquik credits." in str(outcome.blocks)
    stored = card_json.decode(card_json.encode(outcome))
    assert english_in_card(stored, NAMES) == set()


def followers_of(pages: Callable[[int, int], tuple[int, int]]) -> Callable[..., Awaitable[Page[User]]]:
    """What `UsersResource.followers` gives. pages: of the number of a page and how many rows are asked for,
    the first of its people and the one behind its last."""
    given: list[int] = []

    async def followers(_self: Any, _name: str, *, cursor: str | None = None, rows: int) -> Page[User]:
        del cursor
        given.append(rows)
        first, end = pages(len(given), rows)
        people = tuple(User(id=str(one), username=f"p{one}", name="P") for one in range(first, end))
        return Page(people, True, f"c{len(given)}")

    return followers


async def test_rows_that_come_again_are_charged_within_what_was_confirmed_and_it_says_so(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of each page stood in the one before."""
    preview = await asked(sending, rows="500")
    assert "for about 500 credits" in str(preview.card)
    charged: list[int] = []

    def half(number: int, rows: int) -> tuple[int, int]:
        charged.append(rows)
        return sum(charged[:-1]) // 2, sum(charged[:-1]) // 2 + rows

    monkeypatch.setattr(UsersResource, "followers", followers_of(half))
    outcome = await ended(sending, await confirmed(sending, preview))
    assert sum(charged) == 500
    assert "What was confirmed covers no further page: 500 credits." in str(outcome)
    assert "Xquik charges each row that it gives, also one that it gave before." in str(outcome)
    assert outcome.title == "Followers of @cafe_luna: part of it as a file"
    assert english_in_card(card_json.decode(card_json.encode(outcome)), NAMES) == set()
    more = await sending.press(outcome, "Go on")
    assert "were read before and are not paid for again" in str(more.card)
    await ended(sending, await confirmed(sending, more))
    assert sum(charged) > 500


async def test_where_nobody_knows_how_many_there_are_no_credit_more_than_the_most_is_spent(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Xquik gives 70 at once, and would sell 20 for the last 10."""
    charged: list[int] = []

    def few(number: int, rows: int) -> tuple[int, int]:
        charged.append(min(rows, 70))
        return number * 35, number * 35 + charged[-1]

    count = FOLLOWERS.count
    object.__setattr__(FOLLOWERS, "count", None)
    try:
        preview = await asked(sending, rows="500")
        assert "for at most 500 credits" in str(preview.card)
        monkeypatch.setattr(UsersResource, "followers", followers_of(few))
        outcome = await ended(sending, await confirmed(sending, preview))
    finally:
        object.__setattr__(FOLLOWERS, "count", count)
    assert charged == [70] * 7
    assert "What was confirmed covers no further page" in str(outcome)


async def test_a_list_that_is_far_shorter_than_its_figure_is_explained(
    sending: BotHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await asked(sending)

    async def few(_self: Any, _name: str, *, cursor: str | None = None, rows: int) -> Page[User]:
        del cursor, rows
        return Page(tuple(User(id=str(one), username=f"p{one}", name="P") for one in range(90)))

    monkeypatch.setattr(UsersResource, "followers", few)
    outcome = await ended(sending, await confirmed(sending, preview))
    assert "X counts about 3,120 profiles, but gives no more than these" in str(outcome)
    assert outcome.title == "Followers of @cafe_luna: all of it as a file"
    assert outcome.tone is Tone.SUCCESS
    assert english_in_card(card_json.decode(card_json.encode(outcome)), NAMES) == set()


async def test_a_list_that_is_about_as_long_as_its_figure_is_not(sending: BotHarness) -> None:
    outcome = await ended(sending, await confirmed(sending, await asked(sending)))
    assert "X counts about" not in str(outcome)
