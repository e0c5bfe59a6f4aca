"""The executor as a running task, and several of them on one database."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.core.chat import card_json
from bot.core.chat.ids import Destination
from bot.core.errors import Expired
from bot.core.proposal_states import ProposalState
from bot.features.draw.kinds import DRAW_RUN
from bot.proposals.announcing import STAGE
from bot.proposals.kinds import ProposalKinds
from bot.storage.engine.database import Database
from bot.storage.writes.proposals import LEASE
from tests.conftest import ManualClock
from tests.proposals.harness import ANN, POST, TENANT, ProposalsHarness


async def test_it_watches_polls_by_itself_and_ends_what_an_earlier_process_left(
    database: Database, tmp_path: Path
) -> None:
    house = ProposalsHarness(database, time.time, tmp_path)
    house.vendor.poll_after_ms = 100
    house.vendor.plan.append("accept")
    house.vendor.polls.append("pending")
    left = await house.open()
    await house.store.claim(TENANT, left, ANN)
    house.rebuild()
    await house.executor.start()
    card = await asyncio.wait_for(house.executor.outcome(TENANT, left), 20)
    await house.executor.stop()
    assert card.title == "Posted on X"
    assert len(house.vendor.tweets) == 1


async def test_another_machine_takes_over_only_when_the_lease_has_lapsed(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    one = ProposalsHarness(database, clock, tmp_path, sole=False)
    two = ProposalsHarness(database, clock, tmp_path, sole=False)
    two.vendor = one.vendor
    two.rebuild()
    key = await one.open()
    await one.store.claim(TENANT, key, ANN)  # and then that machine is gone
    await two.executor.recover()
    await two.executor.sweep()
    assert (await two.row(key)).state is ProposalState.CLAIMED
    clock.advance(LEASE + 1)
    await asyncio.gather(one.executor.sweep(), two.executor.sweep())
    assert (await two.row(key)).state is ProposalState.DONE
    assert len(one.vendor.writes()) == 1
    assert len(await two.outcomes()) == 1


async def test_a_machine_that_comes_back_late_takes_no_step_a_second_time(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    one = ProposalsHarness(database, clock, tmp_path, sole=False)
    key = await one.open()
    stale = await one.store.claim(TENANT, key, ANN)
    assert stale is not None
    clock.advance(LEASE + 1)
    await one.finish()
    one.executor.begin(stale)
    await one.executor.sweep()
    assert len(one.vendor.writes()) == 1
    assert len(await one.outcomes()) == 1


async def test_open_previews_expire_by_themselves(house: ProposalsHarness) -> None:
    key = await house.open()
    house.clock.advance(15 * 60 + 1)
    await house.executor.sweep()
    assert (await house.row(key)).state is ProposalState.EXPIRED
    (word,) = await house.words()
    assert (word.kind, word.edit_message, word.person) == ("edit", "m1", None)
    card = card_json.decode(word.card)
    assert (card.title, card.buttons) == ("Expired", ())
    assert "Requested by Ann." in str(card)
    assert house.lanes.woken == ["discord:1/10#cards"]
    await house.executor.sweep()
    assert len(await house.words()) == 1
    assert await house.outcomes() == []


async def test_a_click_that_finds_it_expired_has_the_message_say_so_too(house: ProposalsHarness) -> None:
    key = await house.open()
    house.clock.advance(15 * 60 + 1)
    with pytest.raises(Expired):
        await house.press("confirm", key)
    (word,) = await house.words()
    assert card_json.decode(word.card).title == "Expired"


async def test_a_preview_that_nobody_can_edit_expires_without_a_word(house: ProposalsHarness) -> None:
    await house.open(message=None)
    house.clock.advance(15 * 60 + 1)
    await house.executor.sweep()
    assert [*await house.words(), *await house.outcomes()] == []


async def test_while_xquik_is_silent_the_message_says_so_and_not_too_often(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["lost", *["dropped"] * 11])
    key = await house.open()
    await house.press("confirm", key)
    began = house.clock()
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    words = await house.words()
    (outcome,) = await house.outcomes()
    assert card_json.decode(outcome.card).title == "Posted on X"
    silence = house.clock() - began
    assert 3 <= len(words) <= silence / STAGE + 2
    assert {(word.kind, word.edit_message) for word in words} == {("edit", "m1")}
    first = card_json.decode(words[0].card)
    assert (first.title, first.buttons) == ("Posting…", ())
    said = str(first)
    assert "Xquik is not answering. Tried 5 times; the next try is at" in said
    assert "It is posted at most once." in said
    assert began + 10 < words[0].created_at < began + 25


async def test_an_answer_that_comes_soon_needs_no_word_in_between(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["lost", "dropped", "dropped"])
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    assert len(await house.outcomes()) == 1
    assert await house.words() == []


async def test_what_xquik_took_and_then_is_silent_about_is_told_as_that(house: ProposalsHarness) -> None:
    house.vendor.plan.append("accept")
    house.vendor.polls.extend([*["pending"] * 12, *["lost"] * 24, "pending", "success"])
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    first, *_, resumed = await house.words()
    (outcome,) = await house.outcomes()
    assert "Xquik accepted it but has not said how it went. Asked 2 times" in str(
        card_json.decode(first.card)
    )
    assert "This message changes when it is done." in str(card_json.decode(resumed.card))
    assert "does not say" not in str(card_json.decode(resumed.card))
    assert card_json.decode(outcome.card).title == "Posted on X"


async def test_what_a_terminal_asked_for_is_delivered_nowhere(house: ProposalsHarness) -> None:
    """Also when another process on the same database carries it out: a terminal is no channel."""
    house.vendor.plan.extend(["lost", *["dropped"] * 8])
    key = await house.open(place=Destination(TENANT, ""), message=None)
    await house.press("confirm", key, message=None)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert [*await house.words(), *await house.outcomes()] == []
    assert house.lanes.woken == []


async def test_a_mistake_of_ours_is_not_the_end_of_a_write(
    house: ProposalsHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A write whose answer we stumble over is repeated with its key, and known in the end."""
    from bot.proposals import performer
    from bot.proposals.outcomes import of_action as real

    stumbles = iter([True])

    def stumble(*args: object) -> object:
        if next(stumbles, False):
            raise RuntimeError("a bug")
        return real(*args)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(performer, "of_action", stumble)
    key = await house.open()
    await house.press("confirm", key)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(house.vendor.tweets) == 1
    assert "met a mistake of the bot" in caplog.text


async def test_who_waits_for_an_outcome_sees_it_through_without_a_watch(
    database: Database, tmp_path: Path
) -> None:
    """One command from a terminal has no loops, and still polls what takes its time."""
    house = ProposalsHarness(database, time.time, tmp_path)
    house.vendor.poll_after_ms = 100
    house.vendor.plan.extend(["lost", "accept"])
    house.vendor.polls.append("pending")
    key = await house.open()
    await house.press("confirm", key)
    card = await asyncio.wait_for(house.executor.outcome(TENANT, key), 20)
    assert card.title == "Posted on X"
    with pytest.raises(LookupError):
        await house.executor.outcome(TENANT, "nonsense")


async def test_an_outcome_is_stored_only_together_with_its_delivery(
    house: ProposalsHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = await house.open()
    # A deliveries row that cannot be stored: the lane's name is missing.
    monkeypatch.setattr("bot.relay.sending.outbox.lane_of_cards", lambda _destination: None)
    await house.press("confirm", key)
    await house.executor.sweep()
    assert (await house.row(key)).state is ProposalState.DISPATCHING
    assert await house.outcomes() == []
    assert f"proposal {key} stopped" in caplog.text
    monkeypatch.undo()
    house.clock.advance(LEASE + 1)
    await house.finish()
    assert (await house.row(key)).state is ProposalState.DONE
    assert len(await house.outcomes()) == 1
    assert len(house.vendor.tweets) == 1


async def test_what_another_version_proposed_is_left_to_it(house: ProposalsHarness) -> None:
    """Neither carried out, nor ended, nor closed: it has a kind that this version does not know."""
    running, waiting = await house.open(), await house.open({**POST, "text": "Later"})
    assert await house.store.claim(TENANT, running, ANN) is not None
    house.kinds = ProposalKinds((DRAW_RUN,))
    house.rebuild()
    house.clock.now += 3_600.0
    await house.executor.recover()
    await house.executor.sweep()
    assert (await house.row(running)).state is ProposalState.CLAIMED
    assert (await house.row(waiting)).state is ProposalState.OPEN
    assert await house.store.next_due() is None
    with pytest.raises(Expired, match="another version of the bot"):
        await house.press("confirm", waiting)
