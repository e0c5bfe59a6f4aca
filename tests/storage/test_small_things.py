"""What is kept for a while or claimed once: button states, cached answers, claims, facts, states."""

from __future__ import annotations

import asyncio
import os

import pytest

from bot.core.chat.ids import TenantId
from bot.core.errors import StorageUnavailable
from bot.core.messages.message import Message, msg
from bot.storage.engine.database import Database
from bot.storage.engine.kv import StoredKeyValues
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.places.cached_answers import CachedAnswer, CachedAnswers
from bot.storage.places.claims import StoredClaims
from bot.storage.places.oauth_states import LIFETIME, OAuthStates
from bot.storage.retention import RULES, drop
from tests.conftest import ManualClock
from tests.journeys.run.harness import until

A, B = TenantId("discord", "1"), TenantId("slack", "T1")


async def test_a_button_finds_its_state_again(database: Database, clock: ManualClock) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    state = {"draw": "d1", "page": 2, "names": ["ä", None]}
    key = await states.keep(A, "page", state, lifetime=60)
    assert len(key) == 22
    assert await states.recall(A, "page", key) == state
    assert await states.recall(A, "page", key) == state


async def test_a_state_is_of_one_tenant_and_action_and_expires(
    database: Database, clock: ManualClock
) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    key = await states.keep(A, "page", {}, lifetime=60)
    assert await states.recall(B, "page", key) is None
    assert await states.recall(A, "other", key) is None
    assert await states.recall(A, "page", key[::-1]) is None
    clock.advance(60)
    assert await states.recall(A, "page", key) is None
    assert await states.consume(A, "page", key) is None


async def test_a_state_is_consumed_once(database: Database, clock: ManualClock) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    key = await states.keep(A, "confirm", {"x": 1}, lifetime=60)
    presses = await asyncio.gather(*(states.consume(A, "confirm", key) for _ in range(8)))
    assert [press for press in presses if press is not None] == [{"x": 1}]
    assert await states.recall(A, "confirm", key) is None


async def test_a_message_in_a_state_is_one_when_it_is_recalled(
    database: Database, clock: ManualClock
) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    key = await states.keep(A, "page", {"why": msg("Not {what}", what="now")}, lifetime=60)
    why = (await states.recall(A, "page", key) or {})["why"]
    assert isinstance(why, Message) and (why.id, why.arguments) == ("Not {what}", {"what": "now"})


async def test_expired_states_are_pruned(database: Database, clock: ManualClock) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    await states.keep(A, "page", {}, lifetime=60)
    kept = await states.keep(A, "page", {}, lifetime=120)
    clock.advance(90)
    assert await drop(database, RULES["button_states"], clock()) == 1
    assert await states.recall(A, "page", kept) == {}


async def test_an_answer_is_a_tenants_own_and_ages(database: Database, clock: ManualClock) -> None:
    answers = CachedAnswers(database, clock)
    await answers.put(A, "trends:1", "[1]", lifetime=900)
    at = clock()
    assert await answers.get(A, "trends:1") == CachedAnswer("[1]", at)
    assert await answers.get(B, "trends:1") is None
    clock.advance(899)
    assert await answers.get(A, "trends:1") is not None
    clock.advance(1)
    assert await answers.get(A, "trends:1") is None
    await answers.put(A, "trends:1", "[2]", lifetime=900)
    assert await answers.get(A, "trends:1") == CachedAnswer("[2]", at + 900)
    clock.advance(900)
    assert await drop(database, RULES["cached_answers"], clock() + 1) == 1


async def test_one_of_many_wins_a_claim(database: Database, clock: ManualClock) -> None:
    claims = StoredClaims(database, clock)
    won = await asyncio.gather(*(claims.claim("slack.event", "Ev1") for _ in range(10)))
    assert sorted(won) == [False] * 9 + [True]
    assert await claims.claim("discord.interaction", "Ev1")


async def test_what_is_harmless_is_claimed_without_the_disk_and_stored_a_moment_later(
    database: Database, clock: ManualClock
) -> None:
    claims = StoredClaims(database, clock, soon=0.0)
    assert await claims.claim("s", "a", durably=False)
    assert not await claims.claim("s", "a", durably=False)
    assert not await claims.claim("s", "a"), "whoever wants it durably finds it taken too"
    assert await claims.claim("s", "b", durably=False)
    await until(lambda: claims.claimed("s", "b"))
    other = StoredClaims(database, clock)
    assert not await other.claim("s", "a")
    assert not await other.claim("s", "b")


async def test_claims_that_nobody_waits_for_are_stored_before_the_process_ends(
    database: Database, clock: ManualClock
) -> None:
    claims = StoredClaims(database, clock)
    await claims.close()
    assert await claims.claim("s", "a", durably=False)
    assert not await claims.claimed("s", "a")
    await claims.close()
    assert await claims.claimed("s", "a")


async def test_claims_that_nobody_waits_for_fail_nobody(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def away(_work: object) -> None:
        tried.set()
        raise StorageUnavailable("the database is away")

    claims = StoredClaims(database, clock, soon=0.0)
    monkeypatch.setattr(database, "write", away)
    assert await claims.claim("s", "a", durably=False)
    await tried.wait()
    assert not await claims.claim("s", "a", durably=False)
    with pytest.raises(StorageUnavailable):
        await claims.claim("s", "b")
    monkeypatch.undo()
    assert await claims.claim("s", "b"), "what could not be stored was not taken"


async def test_old_claims_are_pruned(database: Database, clock: ManualClock) -> None:
    claims = StoredClaims(database, clock)
    await claims.claim("s", "old")
    clock.advance(100)
    await claims.claim("s", "new")
    assert await drop(database, RULES["claims"], clock() - 50) == 1
    assert await claims.claim("s", "old")
    assert not await claims.claim("s", "new")


async def test_an_id_longer_than_the_column_is_claimed_too(database: Database, clock: ManualClock) -> None:
    claims = StoredClaims(database, clock)
    assert await claims.claim("s", "x" * 500)
    assert not await claims.claim("s", "x" * 500)
    assert await claims.claim("s", "x" * 501)


async def test_a_fact_is_replaced_and_forgotten(database: Database) -> None:
    facts = StoredKeyValues(database)
    assert await facts.get("k") is None
    await facts.put("k", "1")
    await facts.put("k", "2")
    assert await facts.get("k") == "2"
    await facts.forget("k")
    assert await facts.get("k") is None


async def test_an_oauth_state_is_accepted_once(database: Database, clock: ManualClock) -> None:
    states = OAuthStates(database, clock, os.urandom)
    state = await states.issue()
    assert sorted(await asyncio.gather(*(states.consume(state) for _ in range(4)))) == [False] * 3 + [True]
    assert not await states.consume("made up")


async def test_an_oauth_state_is_not_good_for_longer_because_a_clock_was_set_back(
    database: Database, clock: ManualClock
) -> None:
    states = OAuthStates(database, clock, os.urandom)
    state = await states.issue()
    clock.advance(-23 * 3600)
    assert not await states.consume(state)
    clock.advance(23 * 3600)
    assert await states.consume(state)


async def test_an_oauth_state_expires(database: Database, clock: ManualClock) -> None:
    states = OAuthStates(database, clock, os.urandom)
    state = await states.issue()
    clock.advance(LIFETIME)
    assert not await states.consume(state)
    assert await drop(database, RULES["slack_oauth_states"], clock() + 1) == 1
