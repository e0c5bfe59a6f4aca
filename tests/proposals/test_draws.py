"""Draws spend credits: sent under the stored key, else looked up, and never run under another."""

from __future__ import annotations

import json

import pytest

from bot.core.access import Grant, Permission
from bot.core.chat import card_json
from bot.core.errors import NotPermitted, OutOfCredits
from bot.core.proposal_states import ProposalState
from bot.proposals.draws import REPEATED_FOR, _as_asked, request_of
from bot.xquik.draw_requests import DrawRequest
from bot.xquik.models import DrawDetail
from tests.proposals.harness import ANN, DRAW, TENANT, ProposalsHarness


async def test_a_confirmed_draw_runs_once_and_is_shown_by_its_presenter(house: ProposalsHarness) -> None:
    key = await house.open(DRAW, "draw.run")
    reply = await house.press("confirm", key)
    assert reply.card.title == "Drawing…"
    await house.finish()
    (outcome,) = await house.outcomes()
    assert card_json.decode(outcome.card).title == "Draw draw1: ada"
    row = await house.row(key)
    assert row.result is not None
    assert row.result["draw"] == "draw1"
    request, look = house.vendor.requests
    assert look[:2] == ("GET", "/draws/draw1"), "for the replies of the tweet, free of charge"
    assert json.loads(request[3]) == DRAW
    assert request[2] == row.idempotency_key


async def test_spending_needs_its_own_permission(house: ProposalsHarness) -> None:
    key = await house.open(DRAW, "draw.run")
    house.policy.stored[:] = [Grant("role", "publishers", Permission.PUBLISH)]
    with pytest.raises(NotPermitted, match="spend"):
        await house.press("confirm", key, ANN)


async def test_a_draw_whose_answer_was_lost_is_found_and_not_run_again(house: ProposalsHarness) -> None:
    house.clock.advance(0.5)
    await house.open(DRAW, "draw.run")
    older = await house.open(DRAW, "draw.run")
    await house.press("confirm", older)
    await house.finish()
    house.clock.advance(60)
    house.vendor.plan.append("lost")
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.state is ProposalState.DONE
    assert row.result is not None
    assert row.result["draw"] == "draw2"
    assert len(house.vendor.draws) == 2


async def test_a_draw_that_is_not_found_is_offered_again_and_confirmed_anew(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["dropped"] * 30)
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    house.vendor.plan.clear()
    assert (await house.row(key)).state is ProposalState.UNKNOWN
    assert not house.vendor.draws
    (word,) = await house.words()
    (outcome,) = await house.outcomes()
    assert "It is looked up, and not run a second time." in str(card_json.decode(word.card))
    (offer,) = card_json.decode(outcome.card).buttons
    assert (offer.label, str(offer.action)) == ("Preview again", f"x1:pending.retry:{key}")
    reply = await house.press("retry", key)
    new = next(b.action.key for b in reply.card.buttons if b.action)
    await house.press("confirm", new)
    await house.finish()
    assert len(house.vendor.draws) == 1


def _keys(house: ProposalsHarness) -> list[str | None]:
    return [request[2] for request in house.vendor.requests if request[0] == "POST"]


@pytest.mark.parametrize(
    "plan",
    [
        ["lost"],
        ["dropped"],
        ["lost", "limited"],
        ["lost", "revoked"],
        ["running", "running"],
        ["lost", "broke"],
        ["dropped", "lost", "lost"],
    ],
)
async def test_a_draw_that_was_sent_again_under_its_key_is_one(
    house: ProposalsHarness, plan: list[str]
) -> None:
    house.vendor.plan.extend(plan)
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert (row.state, len(house.vendor.draws)) == (ProposalState.DONE, 1)
    assert set(_keys(house)) == {row.idempotency_key}
    assert len(await house.outcomes()) == 1


async def test_a_draw_of_another_is_not_taken_for_the_one_whose_answer_was_lost(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.append("lost")
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    house.vendor.draws.append(
        {
            "id": "others",
            "tweetUrl": DRAW["tweetUrl"],
            "status": "completed",
            "createdAt": "2100-01-01T00:00:00+00:00",
        }
    )
    await house.finish()
    row = await house.row(key)
    assert row.result is not None
    assert row.result["draw"] != "others"


async def test_long_after_the_click_a_draw_is_only_looked_for(house: ProposalsHarness) -> None:
    key = await house.open(DRAW, "draw.run")
    claimed = await house.store.claim(TENANT, key, ANN)
    assert claimed is not None
    await house.store.dispatching(claimed)
    house.clock.advance(REPEATED_FOR + 1)
    house.rebuild()
    await house.executor.recover()
    await house.finish()
    assert (await house.row(key)).state is ProposalState.UNKNOWN
    assert not _keys(house)
    assert house.vendor.requests, "it was looked for"


@pytest.mark.parametrize("plan", ["broke", "limited", "defer"])
async def test_a_draw_that_was_refused_fails_at_once(house: ProposalsHarness, plan: str) -> None:
    house.vendor.plan.append(plan)
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.FAILED
    assert len(house.vendor.requests) == 1


async def test_a_payload_that_is_no_draw_is_not_sent(house: ProposalsHarness) -> None:
    key = await house.open({"tweetUrl": "https://x.com/a/status/1", "cursor": "x"}, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.FAILED
    assert not house.vendor.requests


def test_every_field_of_a_draw_request_survives_the_payload() -> None:
    request = DrawRequest(
        tweet_url="https://x.com/a/status/1",
        winner_count=3,
        backup_count=2,
        unique_authors_only=True,
        must_retweet=True,
        must_follow_username="nasa",
        filter_min_followers=10,
        filter_account_age_days=30,
        filter_language="en",
        required_keywords=("a", "b"),
        required_hashtags=("c",),
        required_mentions=("d",),
    )
    assert request_of(request.body()) == request


async def test_where_several_draws_could_be_ours_none_is_taken_for_it(house: ProposalsHarness) -> None:
    """Others may use the same Xquik account: theirs must not be shown as ours."""
    theirs = await house.open(DRAW, "draw.run")
    await house.press("confirm", theirs)
    await house.finish()
    house.vendor.plan.extend(["lost", *["revoked"] * 30])
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.state is ProposalState.UNKNOWN
    assert row.result is not None
    assert len(house.vendor.draws) == 2, "and it is not run again"


async def test_of_several_draws_the_key_tells_which_is_ours(house: ProposalsHarness) -> None:
    theirs = await house.open(DRAW, "draw.run")
    await house.press("confirm", theirs)
    await house.finish()
    house.vendor.plan.append("lost")
    key = await house.open(DRAW, "draw.run")
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.result is not None
    assert (row.result["draw"], len(house.vendor.draws)) == ("draw2", 2)


async def test_a_draw_with_more_winners_than_were_asked_for_is_not_ours(house: ProposalsHarness) -> None:
    asked = {**DRAW, "winnerCount": 1, "backupCount": 0}
    assert not _as_asked(_drawn(winners=2, backups=0), asked)
    assert not _as_asked(_drawn(winners=1, backups=1), asked)
    assert _as_asked(_drawn(winners=1, backups=0), asked)


async def test_the_second_confirmation_is_told_in_the_preview_and_ends_there(house: ProposalsHarness) -> None:
    key = await house.open(DRAW, "draw.run", message="preview")
    house.vendor.balance = 7
    asked = await house.press("confirm", key, message="preview")
    assert "not enough for all entries, up to 30 replies and reposts" in str(asked.card), (
        "Ann may not see the balance"
    )
    assert not house.vendor.requests and (await house.row(key)).state is ProposalState.OPEN
    await house.press("partly", key, message="of one person alone")
    await house.finish()
    (word,) = await house.words()
    assert (card_json.decode(word.card).title, word.edit_message) == ("Drawing…", "preview")
    (outcome,) = await house.outcomes()
    assert outcome.edit_message == "preview"
    assert len(house.vendor.draws) == 1


async def test_what_was_confirmed_twice_goes_on_after_a_crash(house: ProposalsHarness) -> None:
    key = await house.open(DRAW, "draw.run")
    house.vendor.balance = 7
    await house.press("confirm", key)
    claimed = await house.store.claim(TENANT, key, ANN, also=house.executor.under_way())
    assert claimed is not None, "and then the process dies"
    assert len(await house.words()) == 1
    house.rebuild()
    await house.executor.recover()
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.draws) == 1


@pytest.mark.parametrize("balance", [0, 29, 30, 31])
async def test_only_what_does_not_cover_every_entry_is_asked_about(
    house: ProposalsHarness, balance: int
) -> None:
    key = await house.open(DRAW, "draw.run")
    house.vendor.balance = balance
    if balance == 0:
        with pytest.raises(OutOfCredits):
            await house.press("confirm", key)
        return
    reply = await house.press("confirm", key)
    assert (reply.card.title == "Drawing…") is (balance >= 30)


def _drawn(*, winners: int, backups: int) -> DrawDetail:
    people = [
        {"authorUsername": f"p{place}", "position": place, "isBackup": place > winners}
        for place in range(1, winners + backups + 1)
    ]
    return DrawDetail.from_body({"draw": {"id": "1"}, "winners": people})
