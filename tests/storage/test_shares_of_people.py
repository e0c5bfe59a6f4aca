"""What one person can have stored in a place: bounded, and said when the bound is reached."""

from __future__ import annotations

import os
import random

import pytest

from bot.core.access import Actor
from bot.core.chat.cards import Card
from bot.core.chat.ids import Destination, TenantId
from bot.core.errors import LimitReached
from bot.storage.engine.database import Database
from bot.storage.places import button_states
from bot.storage.places.button_states import StoredButtonStates
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.writes.open_previews import MOST_OPEN
from bot.storage.writes.proposal_rows import NewProposal
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.sealing import Sealing
from tests.conftest import ManualClock

A, B = TenantId("discord", "1"), TenantId("slack", "T1")


async def test_the_oldest_state_of_a_person_makes_room_for_the_newest(
    database: Database, clock: ManualClock
) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    others = [
        await states.keep(A, "page", {}, lifetime=60, person="U2"),
        await states.keep(B, "page", {}, lifetime=60, person="U1"),
        await states.keep(A, "page", {}, lifetime=60),
    ]
    keys = []
    for number in range(button_states.MOST + 3):
        clock.advance(0.01)
        keys.append(await states.keep(A, "page", {"n": number}, lifetime=60, person="U1"))
    gone = [key for key in keys if await states.recall(A, "page", key) is None]
    assert gone == keys[:3]
    assert await states.recall(A, "page", others[0]) == {}
    assert await states.recall(B, "page", others[1]) == {}
    assert await states.recall(A, "page", others[2]) == {}


async def test_a_state_that_is_too_large_is_refused_with_the_limit_and_what_to_do(
    database: Database, clock: ManualClock
) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    await states.keep(A, "form", {"text": "x" * (button_states.LARGEST - 20)}, lifetime=60, person="U1")
    with pytest.raises(LimitReached, match="262,144") as error:
        await states.keep(A, "form", {"text": "x" * button_states.LARGEST}, lifetime=60, person="U1")
    assert "Shorten" in error.value.remedy


async def test_a_person_may_have_so_many_previews_open_and_is_told_what_to_do(
    database: Database, clock: ManualClock
) -> None:
    store = ProposalStore(
        database, clock, random.Random(1), {"tweet.create"}, Sealing(Vault([new_key()]), {})
    )

    def draft(person: str = "U1", tenant: TenantId = A, lifetime: float = 60.0) -> NewProposal:
        return NewProposal(
            kind="tweet.create",
            payload={"text": "x"},
            preview=Card("Post?"),
            credits=1,
            requester=person,
            requester_name=person,
            place=Destination(tenant, "C1"),
            locale="en",
            lifetime=lifetime,
        )

    made = [await store.create(draft()) for _ in range(MOST_OPEN)]
    with pytest.raises(LimitReached, match="50 open previews") as error:
        await store.create(draft())
    assert "Confirm or cancel" in error.value.remedy
    await store.create(draft("U2"))
    await store.create(draft(tenant=B))
    assert await store.cancel(A, made[0].id, Actor("U1", "U1")) is not None
    again = await store.create(draft())
    # Edited is no further one; what has expired is none, whether it was closed already or not.
    assert await store.edit(again, Actor("U1", "U1"), {"text": "y"}, Card("Post?")) is not None
    clock.advance(61)
    assert await store.create(draft()) is not None


async def test_a_form_is_kept_beside_any_number_of_lists(database: Database, clock: ManualClock) -> None:
    states = StoredButtonStates(database, clock, os.urandom)
    form = await states.keep(A, "form.command", {}, lifetime=3_600.0, person="ann")
    pages = [await states.keep(A, "list.page", {}, lifetime=86_400.0 + n, person="ann") for n in range(150)]
    assert await states.recall(A, "form.command", form) == {}
    assert await states.recall(A, "list.page", pages[-1]) == {}
    assert await states.recall(A, "list.page", pages[0]) is None
    last = await states.keep(A, "form.command", {}, lifetime=1.0, person="ann")
    assert await states.recall(A, "form.command", last) == {}
