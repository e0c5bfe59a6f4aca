"""A write from its preview to its outcome, over a real database and the real client."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from bot.core.chat import card_json
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Priority, Quote, Timestamp, Tone
from bot.core.errors import Expired, NotPermitted, UsageError
from bot.core.proposal_states import ProposalState
from bot.i18n.translator import ENGLISH_TRANSLATOR
from bot.proposals.attempts import said_in
from bot.storage.writes.proposal_rows import StoredProposal
from tests.proposals.harness import ANN, BOB, ELSEWHERE, EVE, POST, TENANT, ProposalsHarness


async def test_a_confirmed_post_is_sent_once_and_its_outcome_replaces_the_preview(
    house: ProposalsHarness,
) -> None:
    key = await house.open()
    reply = await house.press("confirm", key)
    assert reply.replace
    assert reply.card.title == "Posting…"
    await house.finish()
    (tweet,) = house.vendor.tweets
    assert (tweet["account"], tweet["text"]) == (POST["account"], POST["text"])
    (outcome,) = await house.outcomes()
    assert (outcome.edit_message, outcome.channel, outcome.person) == ("m1", "10", "ann")
    card = card_json.decode(outcome.card)
    assert card.title == "Posted on X"
    assert card.tone is Tone.SUCCESS
    assert card.buttons[0].url == f"https://x.com/i/status/{tweet['id']}"
    assert "Charged: 30 credits." in str(card.blocks)
    assert (await house.row(key)).state is ProposalState.DONE
    assert house.lanes.woken == ["discord:1/10#cards"]


async def test_twenty_simultaneous_clicks_of_two_people_make_one_post(house: ProposalsHarness) -> None:
    key = await house.open()
    clicks = [house.press("confirm", key, (ANN, BOB)[n % 2]) for n in range(20)]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    won = [a for a in answers if isinstance(a, Reply) and a.replace]
    assert len(won) == 1
    for other in answers:
        if other is not won[0]:
            assert isinstance(other, Expired) or (isinstance(other, Reply) and not other.replace)
    await house.finish()
    assert len(house.vendor.tweets) == 1
    assert len(house.vendor.writes()) == 1


async def test_a_second_click_while_it_runs_says_who_was_first(house: ProposalsHarness) -> None:
    key = await house.open()
    await house.store.claim(TENANT, key, BOB)
    reply = await house.press("confirm", key, ANN)
    assert not reply.replace
    assert "Bob confirmed it a moment ago" in str(reply.card)


async def test_only_people_with_the_permission_may_press_and_it_is_checked_at_the_click(
    house: ProposalsHarness,
) -> None:
    key = await house.open()
    with pytest.raises(NotPermitted):
        await house.press("confirm", key, EVE)
    house.policy.stored.clear()
    with pytest.raises(NotPermitted):
        await house.press("confirm", key, ANN)
    assert (await house.row(key)).state is ProposalState.OPEN
    assert not house.vendor.requests


async def test_the_requester_may_cancel_without_the_permission_and_strangers_may_not(
    house: ProposalsHarness,
) -> None:
    key = await house.open()
    house.policy.stored.clear()
    with pytest.raises(NotPermitted):
        await house.press("cancel", key, BOB)
    reply = await house.press("cancel", key, ANN)
    assert reply.replace
    assert "Cancelled by Ann" in str(reply.card)
    with pytest.raises(NotPermitted):
        await house.press("confirm", key, ANN)


async def test_a_cancelled_proposal_says_what_became_of_it(house: ProposalsHarness) -> None:
    key = await house.open()
    await house.press("cancel", key, BOB)
    with pytest.raises(Expired, match="Bob cancelled this"):
        await house.press("confirm", key)
    with pytest.raises(Expired, match="Bob cancelled this"):
        await house.press("cancel", key)


async def test_a_button_of_another_tenant_finds_nothing(house: ProposalsHarness) -> None:
    key = await house.open()
    with pytest.raises(Expired):
        await house.press("confirm", key, tenant=ELSEWHERE)
    assert (await house.row(key)).state is ProposalState.OPEN


async def test_an_expired_preview_cannot_be_confirmed(house: ProposalsHarness) -> None:
    key = await house.open()
    stored = await house.row(key)
    assert Timestamp(stored.expires_at) in _inlines(house, stored)
    house.clock.advance(15 * 60)
    with pytest.raises(Expired, match="Nobody confirmed this in time"):
        await house.press("confirm", key)
    assert (await house.row(key)).state is ProposalState.EXPIRED
    with pytest.raises(Expired):
        await house.press("edit", key, values={"text": "x"})


async def test_an_edit_voids_the_old_preview_and_is_a_new_intended_write(house: ProposalsHarness) -> None:
    old = await house.open()
    reply = await house.press("edit", old, BOB, {"text": "Hello from Mars"})
    assert reply.replace
    assert "Hello from Mars" in str(reply.card)
    new = next(b.action.key for b in reply.card.buttons if b.action)
    before, after = await house.row(old), await house.row(new)
    assert before.state is ProposalState.CANCELLED
    assert before.idempotency_key != after.idempotency_key
    assert before.payload_hash != after.payload_hash
    assert (after.requester, after.message) == ("ann", "m1")
    with pytest.raises(Expired, match="newer preview"):
        await house.press("confirm", old)
    await house.press("confirm", new)
    await house.finish()
    assert [t["text"] for t in house.vendor.tweets] == ["Hello from Mars"]


async def test_the_edit_form_is_filled_in_and_a_text_too_long_changes_nothing(
    house: ProposalsHarness,
) -> None:
    key = await house.open()
    action = next(a for a in house.actions.actions() if a.name == "pending.edit")
    assert action.form is not None
    call = type("C", (), {"invocation": house.invocation(ANN), "tenant": TENANT})()
    form = await action.form(call, key, {"key": key})
    assert form is not None
    assert (form.inputs[0].value, str(form.action)) == (POST["text"], f"x1:pending.edit:{key}")
    with pytest.raises(UsageError, match="281"):
        await house.press("edit", key, values={"text": "x" * 281})
    with pytest.raises(UsageError, match="needs text"):
        await house.press("edit", key, values={"text": "  "})
    assert (await house.row(key)).payload == POST


async def test_try_again_is_a_new_proposal_with_a_new_key_that_is_confirmed_anew(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.append("limited")
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    offers = await asyncio.gather(
        *(house.press("retry", key, who) for who in (ANN, BOB)), return_exceptions=True
    )
    (offer,) = [o for o in offers if not isinstance(o, BaseException)]
    assert offer.card.title == "Post this on X?"
    assert not house.vendor.tweets
    house.clock.advance(2)  # the limit that was met is over
    new = next(b.action.key for b in offer.card.buttons if b.action)
    await house.press("confirm", new)
    await house.finish()
    assert len(house.vendor.tweets) == 1
    assert (await house.row(new)).idempotency_key != (await house.row(key)).idempotency_key
    with pytest.raises(Expired):
        await house.press("retry", new)


async def test_what_is_offered_again_below_an_outcome_posted_anew_changes_that_message(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.append("limited")
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    offer = await house.press("retry", key, message="m2")
    new = next(b.action.key for b in offer.card.buttons if b.action)
    house.clock.advance(15 * 60 + 1)
    await house.executor.sweep()
    (word,) = await house.words()
    assert (word.purpose, word.edit_message) == (f"x:{new}", "m2")


async def test_a_key_removed_between_click_and_request_fails_with_its_remedy(house: ProposalsHarness) -> None:
    key = await house.open()
    house.clients.keyless = True
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.state is ProposalState.FAILED
    assert row.result is not None
    assert "setup key" in said_in(row.result, "remedy")


async def test_a_reply_and_a_delete_say_what_they_are(house: ProposalsHarness) -> None:
    reply = await house.open({**POST, "reply_to_tweet_id": "77"})
    delete = await house.open({"account": "acme", "tweet_id": "78"}, "tweet.delete")
    assert (await house.press("confirm", reply)).card.title == "Replying…"
    assert (await house.press("confirm", delete)).card.title == "Deleting…"
    await house.finish()
    assert house.vendor.tweets[0]["reply_to_tweet_id"] == "77"
    assert {w[:2] for w in house.vendor.writes()} == {
        ("POST", "/x/tweets"),
        ("DELETE", "/x/tweets/78"),
    }
    titles = {card_json.decode(o.card).title for o in await house.outcomes()}
    assert titles == {"Replied on X", "Deleted from X"}


async def test_a_post_with_media_leaves_one_row_in_the_handoff_log(house: ProposalsHarness) -> None:
    key = await house.open({**POST, "media": ["https://img.example/a.png"]})
    await house.press("confirm", key)
    await house.finish()
    (row,) = await house.handed_off()
    assert (row.id, row.event, row.at) == (key, "post", house.clock())
    assert row.fields == {
        "media_url": "https://img.example/a.png",
        "reply_to_tweet_id": None,
        "tweet_id": house.vendor.tweets[0]["id"],
        "charged_credits": 30,
        "write_action_id": "wa1",
        "status": "success",
    }


async def test_a_failure_that_xquik_reports_is_told_as_one(house: ProposalsHarness) -> None:
    house.vendor.plan.append("accept")
    house.vendor.polls.append("failed")
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.result is not None
    assert said_in(row.result, "title") == "Xquik reports that it failed"
    (outcome,) = await house.outcomes()
    shown = str(card_json.decode(outcome.card))
    assert "not answering" not in shown
    assert "Nothing was charged." in shown


@pytest.mark.parametrize("plan", ["limited", "revoked", "broke", "reject"])
async def test_a_refusal_says_that_nothing_was_charged(house: ProposalsHarness, plan: str) -> None:
    house.vendor.plan.append(plan)
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    (outcome,) = await house.outcomes()
    assert "Nothing was charged." in str(card_json.decode(outcome.card))


async def test_an_edit_keeps_the_tweet_that_is_answered(house: ProposalsHarness) -> None:
    target = Quote("What was said", author="NASA (@nasa)", url="https://x.com/nasa/status/77")
    payload = {**POST, "reply_to_tweet_id": "77"}
    key = await house.open(payload, target=target)
    edited = await house.press("edit", key, values={"text": "Better"})
    assert replace(target, priority=Priority.QUOTED) in edited.card.blocks
    new = next(b.action.key for b in edited.card.buttons if b.action)
    assert (await house.row(new)).payload == {**payload, "text": "Better"}


async def test_a_payload_changed_in_the_database_is_not_sent(house: ProposalsHarness) -> None:
    from sqlalchemy import update

    from bot.storage.tables import proposals

    key = await house.open()
    forged = json.dumps({"account": "acme", "text": "Buy now"})
    change = update(proposals).where(proposals.c.id == key).values(payload=forged)
    await house.database.write(lambda connection: connection.execute(change))
    await house.press("confirm", key)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.FAILED
    assert not house.vendor.requests


async def test_who_waits_for_the_outcome_gets_its_card(house: ProposalsHarness) -> None:
    key = await house.open()
    waiting = asyncio.create_task(house.executor.outcome(TENANT, key))
    await house.press("confirm", key)
    await house.finish()
    assert (await waiting).title == "Posted on X"
    assert (await house.executor.outcome(TENANT, key)).title == "Posted on X"


def _inlines(house: ProposalsHarness, stored: StoredProposal) -> list[object]:
    from bot.core.chat.cards import Text

    card = ENGLISH_TRANSLATOR.card(house.actions._cards.standing(stored))
    return [part for block in card.blocks if isinstance(block, Text) for part in block.line]
