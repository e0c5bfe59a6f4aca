"""A name that stays in no card once its person was deleted, on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.people import people
from bot.core.access import Actor
from bot.core.chat import card_json
from bot.core.chat.cards import Bold, Card, Quote, Text, line
from bot.core.messages.message import Joined, msg
from bot.core.proposal_states import ProposalState
from bot.storage.engine import stored_bytes
from bot.storage.engine.database import Database
from bot.storage.places.personal_data import PersonalData
from bot.storage.places.personal_tables import DELETED
from bot.storage.places.stored_names import without
from bot.storage.tables import deliveries, proposals
from tests.conftest import ManualClock
from tests.proposals.harness import ANN, TENANT, ProposalsHarness

ZOE = Actor("zoe-4711", 'Zoë "Z" O\\Hara_%', frozenset({"publishers"}))


def test_a_name_is_taken_out_of_messages_and_of_nothing_else() -> None:
    said = msg("Kept by {who}.", who=msg("{name} and others", name=Bold("Zoe")))
    edited = msg("Edited by {names}.", names=Joined(("Ann", "Zoe")))
    card = Card("Zoe", (Text(line(people("Zoe", "Ann"), said, edited, "Zoe")), Quote("Zoe")))
    bare = card_json.decode(without(card_json.encode(card), {"Zoe"}))
    said = msg("Kept by {who}.", who=msg("{name} and others", name=Bold(DELETED)))
    edited = msg("Edited by {names}.", names=Joined(("Ann", DELETED)))
    assert bare == Card("Zoe", (Text(line(people(DELETED, "Ann"), said, edited, "Zoe")), Quote("Zoe")))
    assert without("no JSON, Zoe", {"Zoe"}) == "no JSON, Zoe"


async def test_of_who_edited_and_confirmed_for_another_no_card_keeps_the_name(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    house = ProposalsHarness(database, clock, tmp_path)
    first = await house.open(who=ANN)
    edited = await house.press("edit", first, ZOE, values={"text": "Changed"})
    key = next(b.action.key for b in edited.card.buttons if b.action and b.label == "Confirm")
    await house.press("confirm", key, ZOE)
    await house.finish()
    row = await house.row(key)
    assert row.state is ProposalState.DONE
    # As a kind with a performer of its own stores how it ended.
    own = {"card": card_json.encode(Card("Done", (Text(line(people(ANN.display_name, ZOE.display_name))),)))}
    await _set(database, proposals, proposals.c.id == key, result=_dumped(own))
    sent = deliveries.c.tenant == str(TENANT)
    await _set(database, deliveries, sent, settled_at=1.0, state="sent")
    assert len(await _holding(database, "Hara")) >= 4

    await PersonalData(database).forget(TENANT, ZOE.id)

    assert await _holding(database, "Hara") == [] and await _holding(database, ZOE.id) == []
    assert await _holding(database, ANN.display_name), "of others it stays"
    kept = await house.row(key)
    assert "Edited by" in str(kept.preview) and DELETED in str(kept.preview)
    assert DELETED in str(card_json.decode((kept.result or {})["card"]))
    assert (await stored_bytes.largest(database))[str(TENANT)] == await _counted(database)


async def test_what_was_sent_to_somebody_and_is_deleted_counts_no_more(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    house = ProposalsHarness(database, clock, tmp_path)
    await house.press("confirm", await house.open(who=ZOE), ZOE)
    await house.finish()
    await _set(database, deliveries, deliveries.c.tenant == str(TENANT), settled_at=1.0, state="sent")
    assert (await stored_bytes.largest(database))[str(TENANT)] > 0
    await PersonalData(database).forget(TENANT, ZOE.id)
    assert (await stored_bytes.largest(database)).get(str(TENANT), 0) == await _counted(database) == 0


def _dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


async def _set(database: Database, table: Any, which: Any, **values: Any) -> None:
    change = update(table).where(which).values(**values)
    await database.write(lambda connection: connection.execute(change))


async def _holding(database: Database, word: str) -> list[str]:
    """Every stored text of proposals and deliveries with that in it."""

    async def work(connection: AsyncConnection) -> list[str]:
        found = []
        for table in (proposals, deliveries):
            for row in await connection.execute(select(table)):
                found += [str(value) for value in row if isinstance(value, str) and word in value]
        return found

    return await database.read(work)


async def _counted(database: Database) -> int:
    query = select(func.coalesce(func.sum(stored_bytes.message_column(deliveries.c.card)), 0))

    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(query)).scalar_one())

    return await database.read(work)
