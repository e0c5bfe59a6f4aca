"""What is private in a proposal: sealed as long as it can be sent, whole to who sends it, and erased once."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text, update

from bot.core.access import Actor
from bot.core.chat.cards import Card, Priority, Quote, Text, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.errors import VaultError
from bot.core.proposal_states import ProposalState
from bot.storage.engine.database import Database
from bot.storage.secrets.rotation import rotate
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.tables import proposals
from bot.storage.writes.proposal_rows import NewProposal, StoredProposal
from bot.storage.writes.proposals import ProposalStore
from bot.storage.writes.sealing import Sealing
from tests.conftest import ManualClock

A = TenantId("slack", "T1")
ANN = Actor("ann", "Ann")
MARK = "zq7private"
OLD, NEW = new_key(), new_key()


def store(database: Database, clock: ManualClock, *keys: object) -> ProposalStore:
    vault = Vault([*keys] or [OLD])  # type: ignore[list-item]
    sealing = Sealing(vault, {"dm.send": ("text",)})
    return ProposalStore(database, clock, random.Random(), {"dm.send", "tweet.create"}, sealing)


def draft(kind: str = "dm.send") -> NewProposal:
    preview = Card("Send?", (Text(line("To Ben")), Quote(MARK, priority=Priority.OWN)))
    return NewProposal(
        kind=kind,
        payload={"account": "acme", "user_id": "1", "text": MARK},
        preview=preview,
        credits=1,
        requester="ann",
        requester_name="Ann",
        place=Destination(A, "C1"),
        locale="en",
        lifetime=60.0,
    )


async def raw(database: Database) -> list[tuple[object, ...]]:
    rows = await database.read(lambda connection: connection.execute(select(proposals)))
    return [tuple(row) for row in rows]


async def test_it_is_whole_to_who_reads_it_and_ciphertext_in_the_row(
    database: Database, clock: ManualClock
) -> None:
    opened = store(database, clock)
    made = await opened.create(draft())
    for found in (made, await opened.get(A, made.id)):
        assert found is not None and found.intact
        assert found.payload["text"] == MARK and MARK in repr(found.preview)
    assert MARK not in repr(await raw(database)) and "To Ben" in repr(await raw(database))
    plain = await opened.create(draft("tweet.create"))
    assert plain.intact and MARK in repr(await raw(database)), "only of kinds that say so"


async def _cancel(opened: ProposalStore, made: StoredProposal, _clock: ManualClock) -> None:
    assert await opened.cancel(A, made.id, ANN) is not None


async def _edit(opened: ProposalStore, made: StoredProposal, _clock: ManualClock) -> None:
    new = await opened.edit(made, ANN, {**made.payload, "text": "other"}, Card("Send?"))
    assert new is not None and new.intact
    assert await opened.cancel(A, new.id, ANN) is not None


async def _expire(opened: ProposalStore, _made: StoredProposal, clock: ManualClock) -> None:
    clock.advance(61)
    seen: list[StoredProposal] = []

    async def also(_connection: object, one: StoredProposal) -> None:
        seen.append(one)

    assert await opened.expire(also) == 1
    assert MARK not in repr(seen), "what is told of it has nothing left to tell"


def _settle(state: ProposalState) -> Callable[[ProposalStore, StoredProposal, ManualClock], Awaitable[None]]:
    async def settle(opened: ProposalStore, made: StoredProposal, _clock: ManualClock) -> None:
        claimed = await opened.claim(A, made.id, ANN)
        assert claimed is not None and claimed.payload["text"] == MARK
        running = await opened.dispatching(claimed)
        assert running is not None and running.intact and running.payload["text"] == MARK
        again = await opened.postpone(running, 1.0, {})
        assert again is not None and again.payload["text"] == MARK, "the identical request can be repeated"

        async def also(_connection: object, one: StoredProposal) -> None:
            assert MARK not in repr(one)

        assert await opened.settle(again, state, {}, also) is not None

    return settle


@pytest.mark.parametrize(
    "end",
    [
        _cancel,
        _edit,
        _expire,
        *map(_settle, (ProposalState.DONE, ProposalState.FAILED, ProposalState.UNKNOWN)),
    ],
)
async def test_whatever_settles_it_erases_it(
    database: Database,
    clock: ManualClock,
    end: Callable[[ProposalStore, StoredProposal, ManualClock], Awaitable[None]],
) -> None:
    opened = store(database, clock)
    made = await opened.create(draft())
    await end(opened, made, clock)
    query = select(proposals.c.sealed, proposals.c.payload_hash)
    rows = await database.read(lambda connection: connection.execute(query))
    assert [tuple(row) for row in rows] == [(None, "")] * len(await raw(database))
    left = await opened.get(A, made.id)
    assert left is not None and "text" not in left.payload and MARK not in repr(left)


async def test_it_is_sealed_anew_when_keys_change_and_belongs_to_its_tenant(
    database: Database, clock: ManualClock
) -> None:
    made = await store(database, clock).create(draft())
    assert (await rotate(database, Vault([NEW, OLD]))).anew == 1
    found = await store(database, clock, NEW).get(A, made.id)
    assert found is not None and found.intact
    with pytest.raises(VaultError):
        await store(database, clock, new_key()).get(A, made.id)
    other = TenantId("slack", "T2")
    await database.write(lambda connection: connection.execute(update(proposals).values(tenant=str(other))))
    with pytest.raises(VaultError, match="another server"):
        await store(database, clock, NEW).get(other, made.id)


async def test_one_that_no_key_opens_holds_up_no_other_and_is_never_sent(
    database: Database, clock: ManualClock
) -> None:
    """A key was taken out of the settings too early."""
    before, now = store(database, clock), store(database, clock, NEW)
    closed, whole = await before.create(draft()), await now.create(draft())
    for one, by in ((closed, before), (whole, now)):
        claimed = await by.claim(A, one.id, ANN)
        assert claimed is not None and await by.dispatching(claimed) is not None
    found = {one.id: one for one in await now.unsettled()}
    assert found[whole.id].intact and not found[closed.id].intact
    taken = await now.take(found[closed.id])
    assert taken is not None and not taken.intact and "text" not in taken.payload
    assert await now.postpone(taken, clock.now + 1, {}) is not None


async def test_no_byte_of_what_was_erased_is_left_in_the_file(sqlite_url: str, clock: ManualClock) -> None:
    """Also where it was too large for its page, and in the log of commits once that is written back."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = await Database.open(sqlite_url)
    opened = store(database, clock)
    large = Card("Send?", (Text(line("To Ben")), Quote(MARK * 2_000, priority=Priority.OWN)))
    made = [await opened.create(replace(draft(), preview=large)) for _ in range(3)]
    made.append(await opened.create(draft()))
    query = select(proposals.c.sealed).where(proposals.c.sealed.is_not(None))
    rows = await database.read(lambda connection: connection.execute(query))
    sealed = [bytes(one) for one in rows.scalars()]
    marks = [one[at : at + 24] for one in sealed for at in range(40, len(one) - 24, 1_000)]
    assert len(sealed) == 4 and len(marks) > 30
    assert {mark in await _on_disk(path) for mark in marks} == {True}
    for one in made:
        assert await opened.cancel(A, one.id, ANN) is not None
    left = await _on_disk(path)
    assert not [mark for mark in marks if mark in left]
    await database.close()


async def test_what_was_erased_leaves_every_file_as_soon_as_nobody_holds_the_log_back(
    sqlite_url: str, clock: ManualClock
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = await Database.open(sqlite_url)
    opened = store(database, clock)
    made = await opened.create(draft())
    query = select(proposals.c.sealed).where(proposals.c.id == made.id)
    sealed = await database.read(lambda connection: connection.execute(query))
    mark = bytes(sealed.scalar_one())[40:80]

    def files() -> bytes:
        return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()) if one.is_file())

    with closing(sqlite3.connect(path, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        assert reading.execute("SELECT count(*) FROM proposals").fetchone() == (1,)
        assert await opened.cancel(A, made.id, ANN) is not None
        assert mark in files()
        assert not await database.write_back(), "somebody still reads what it was before"
        assert mark in files()
        reading.execute("COMMIT")
    assert await database.write_back()
    assert mark not in files()
    assert await opened.create(draft()) is not None, "and it goes on"
    await database.close()


async def test_every_database_can_be_asked_to_write_back(database: Database) -> None:
    assert await database.write_back()


async def _on_disk(path: Path) -> bytes:
    """The file and its log of commits, once all of that is written back."""

    def read() -> bytes:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return path.read_bytes() + Path(f"{path}-wal").read_bytes()

    return await asyncio.to_thread(read)


async def test_deleting_overwrites_however_sqlite_was_built(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    asked = text("PRAGMA secure_delete")
    assert (await database.write(lambda connection: connection.execute(asked))).scalar_one() == 1
    await database.close()
