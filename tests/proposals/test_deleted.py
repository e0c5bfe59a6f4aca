"""What was posted from here and is deleted from here: its message loses its buttons, durably."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from bot.core.chat.ids import TenantId
from bot.core.proposal_states import ProposalState
from bot.storage.writes.posted import mark_deleted
from tests.features.edge import words
from tests.proposals.harness import ELSEWHERE, POST, TENANT, ProposalsHarness


async def _posted(
    house: ProposalsHarness, message: str | None = "m1", payload: Mapping[str, Any] = POST
) -> str:
    """Something that stands on X; its key."""
    key = await house.open(payload, message=message)
    await house.press("confirm", key, message=message)
    await house.finish()
    return key


async def _delete(house: ProposalsHarness, tweet: str, message: str = "m2") -> str:
    """That tweet is deleted, in another message; the key of the deletion."""
    key = await house.open({"account": "acme", "tweet_id": tweet}, "tweet.delete", message=message)
    await house.press("confirm", key, message=message)
    await house.finish()
    return key


async def _tweet(house: ProposalsHarness, key: str) -> str:
    result = (await house.row(key)).result
    assert result is not None
    return str(result["tweet_id"])


def _card(delivery: Any) -> Card:
    return card_json.decode(delivery.card)


@pytest.mark.parametrize("text", ["Good morning", "صباح الخير", "おはよう 🚀", "नमस्ते", "100% \\_ “quoted”"])
async def test_the_message_of_a_deleted_post_loses_its_buttons(house: ProposalsHarness, text: str) -> None:
    key = await _posted(house, payload={**POST, "text": text})
    await _delete(house, await _tweet(house, key))
    (edit,) = await house.words()
    assert edit.edit_message == "m1"
    card = _card(edit)
    assert (card.title, card.buttons) == ("Posted on X", ())
    assert "Deleted from X since." in words(card) and text in words(card)
    assert edit.lane in house.lanes.woken
    assert [_card(one).title for one in await house.outcomes()] == ["Posted on X", "Deleted from X"]
    again = await house.executor.outcome(TENANT, key)
    assert again.buttons == (), "however it is shown again"


async def test_only_the_post_that_was_deleted_loses_them(house: ProposalsHarness) -> None:
    first, second = await _posted(house, "m1"), await _posted(house, "m3", {**POST, "text": "Another"})
    await _delete(house, await _tweet(house, second))
    assert [one.edit_message for one in await house.words()] == ["m3"]
    assert len((await house.executor.outcome(TENANT, first)).buttons) == 3


@pytest.mark.parametrize("plan", ["reject", "ambiguous"])
async def test_a_deletion_that_failed_takes_nothing_away(house: ProposalsHarness, plan: str) -> None:
    key = await _posted(house)
    house.vendor.plan.append(plan)
    deletion = await _delete(house, await _tweet(house, key))
    assert (await house.row(deletion)).state in (ProposalState.FAILED, ProposalState.UNKNOWN)
    assert list(await house.words()) == []
    assert len((await house.executor.outcome(TENANT, key)).buttons) == 3


@pytest.mark.parametrize("tweet", ["78", "%", "_", "19000000000000000", '"'])
async def test_what_was_not_posted_from_here_changes_nothing(house: ProposalsHarness, tweet: str) -> None:
    key = await _posted(house)
    await _unmarked(house, tweet)
    assert list(await house.words()) == []
    assert len((await house.executor.outcome(TENANT, key)).buttons) == 3


async def test_a_post_of_another_place_is_not_touched(house: ProposalsHarness) -> None:
    key = await _posted(house)
    await _unmarked(house, await _tweet(house, key), ELSEWHERE)
    assert len((await house.executor.outcome(TENANT, key)).buttons) == 3


async def _unmarked(house: ProposalsHarness, tweet: str, tenant: TenantId = TENANT) -> None:
    """The mark that a deletion sets, where nothing is found to be marked."""

    async def work(connection: AsyncConnection) -> None:
        assert await mark_deleted(connection, tenant, tweet, {"tweet.create"}) == ()

    await house.database.write(work)


async def test_without_a_message_there_is_nothing_to_edit_and_the_card_says_it(
    house: ProposalsHarness,
) -> None:
    key = await _posted(house, None)
    await _delete(house, await _tweet(house, key))
    assert list(await house.words()) == []
    assert "Deleted from X since." in words(await house.executor.outcome(TENANT, key))


async def test_a_crash_before_the_deletion_is_unmarked_loses_nothing(house: ProposalsHarness) -> None:
    key = await _posted(house)
    house.vendor.plan.append("accept")
    deletion = await house.open(
        {"account": "acme", "tweet_id": await _tweet(house, key)}, "tweet.delete", message="m2"
    )
    await house.press("confirm", deletion, message="m2")
    await house.executor.sweep()
    house.rebuild()
    await house.executor.recover()
    await house.finish()
    (edit,) = await house.words()
    assert (edit.edit_message, _card(edit).buttons) == ("m1", ())
