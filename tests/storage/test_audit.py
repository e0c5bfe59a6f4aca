"""The records of places on both databases: appended by several at once, read again, and cut from a person."""

from __future__ import annotations

import asyncio
import signal
from multiprocessing.context import ForkServerContext

import pytest
from sqlalchemy import text

from bot.core.audit import AuditEntry, AuditEvent, check_lines
from bot.core.chat.ids import TenantId
from bot.storage.engine.database import Database
from bot.storage.secrets.person_keys import PersonKeys, destroy_key
from bot.storage.secrets.rotation import rotate
from bot.storage.secrets.vault import Vault, new_key
from bot.storage.writes.audit import CUT_OFF, UNFINISHED, AuditLog, lines_of
from tests import forked
from tests.conftest import ManualClock
from tests.storage import recording_child
from tests.storage.recording_child import ENTRY, HERE, VAULT

ELSEWHERE = TenantId("slack", "T2")
SECRET = "a-name-nobody-else-has"


def log_of(database: Database, clock: ManualClock, vault: Vault = VAULT) -> AuditLog:
    return AuditLog(database, PersonKeys(database, vault, clock), clock)


async def export(log: AuditLog, tenant: TenantId = HERE) -> str:
    return lines_of([one async for one in log.texts(tenant)])


async def test_records_are_read_newest_first_with_who_and_details(
    database: Database, clock: ManualClock
) -> None:
    log = log_of(database, clock)
    for number in range(3):
        one = await log.prepared(HERE, f"p{number}", f"P{number}", ENTRY, {"what": "draw"}, ["ben"])
        assert await log.append(one) == number + 1
    await log.append(await log.prepared(ELSEWHERE, "p0", "P0", ENTRY))
    page = await log.page(HERE, before=None, most=2)
    assert [(one.number, one.person, one.name) for one in page] == [(3, "p2", "P2"), (2, "p1", "P1")]
    assert page[0].details == {"what": "draw"} and page[0].about == ("ben",)
    assert [one.number for one in await log.page(HERE, before=2, most=5)] == [1]
    own = (await log.people.find(HERE, "p1")) or pytest.fail("p1 has a key")
    assert [one.number for one in await log.page(HERE, before=None, most=5, who=own.pseudonym)] == [2]
    assert (await log.checked(HERE)).count == 3 and (await log.checked(ELSEWHERE)).count == 1
    assert check_lines((await export(log)).splitlines()).faults == []


async def test_nothing_that_tells_of_a_person_is_readable_in_a_record(
    database: Database, clock: ManualClock
) -> None:
    log = log_of(database, clock)
    await log.append(await log.prepared(HERE, SECRET, SECRET, ENTRY, {"x": SECRET}, [f"{SECRET}2"]))
    assert SECRET not in await export(log)


async def test_without_the_key_of_a_person_the_chain_holds_and_tells_nothing_of_them(
    database: Database, clock: ManualClock
) -> None:
    log = log_of(database, clock)
    for person in ("ann", "ben", "ann"):
        await log.append(await log.prepared(HERE, person, person, ENTRY, None, ["ben"]))
    before = await export(log)
    gone = (await log.people.find(HERE, "ben")) or pytest.fail("ben has a key")
    assert await database.write(lambda c: destroy_key(c, HERE, "ben")) == gone.pseudonym
    assert await export(log) == before, "no record was touched"
    assert (await log.checked(HERE)).faults == []
    told = {one.number: (one.person, one.about) for one in await log.page(HERE, before=None, most=5)}
    assert told == {1: ("ann", (None,)), 2: (None, (None,)), 3: ("ann", (None,))}
    # Who comes again is somebody new: the old records are not theirs any more.
    await log.append(await log.prepared(HERE, "ben", "ben", ENTRY))
    again = (await log.people.find(HERE, "ben")) or pytest.fail("ben has a key")
    assert again.pseudonym != gone.pseudonym
    assert [one.number for one in await log.page(HERE, before=None, most=5, who=again.pseudonym)] == [4]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_records SET body = replace(body, 'draw run', 'draw list') WHERE number = 2",
        "UPDATE audit_records SET hash = '00' WHERE number = 2",
        "DELETE FROM audit_records WHERE number = 2",
        "DELETE FROM audit_records WHERE number = 1",
        "UPDATE audit_records SET number = 9 WHERE number = 3",
    ],
)
async def test_a_change_in_the_database_is_found(database: Database, clock: ManualClock, change: str) -> None:
    log = log_of(database, clock)
    for _ in range(4):
        await log.append(await log.prepared(HERE, "ann", "Ann", ENTRY))
    assert (await log.checked(HERE)).faults == []
    await database.write(lambda c: c.execute(text(change)))
    assert (await log.checked(HERE)).faults


async def test_many_at_once_make_one_chain_and_lose_nothing(database: Database, clock: ManualClock) -> None:
    logs = [log_of(database, clock) for _ in range(3)]

    async def some(log: AuditLog, whose: TenantId, number: int) -> None:
        await log.append(await log.prepared(whose, f"p{number % 4}", "P", ENTRY))

    await asyncio.gather(
        *(some(logs[n % 3], HERE if n % 2 else ELSEWHERE, n) for n in range(120)),
    )
    for whose in (HERE, ELSEWHERE):
        check = await logs[0].checked(whose)
        assert (check.count, check.faults) == (60, [])


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    return forked.context()


async def test_several_processes_append_to_one_chain(
    database: Database, database_url: str, clock: ManualClock, processes: ForkServerContext
) -> None:
    children = [processes.Process(target=recording_child.main, args=(database_url, 40, 0)) for _ in range(3)]
    for child in children:
        child.start()
    log = log_of(database, clock)
    for _ in range(20):
        await log.append(await log.prepared(HERE, "ours", "Ours", ENTRY))
    for child in children:
        await asyncio.to_thread(child.join, 60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    check = await log.checked(HERE)
    assert (check.count, check.faults) == (140, [])


async def test_a_process_that_is_killed_leaves_a_chain_that_goes_on(
    database: Database, database_url: str, clock: ManualClock, processes: ForkServerContext
) -> None:
    log = log_of(database, clock)
    for killed_at in (1, 4):
        child = processes.Process(target=recording_child.main, args=(database_url, 40, killed_at))
        child.start()
        await asyncio.to_thread(child.join, 60)
        assert child.exitcode == -signal.SIGKILL
        await log.append(await log.prepared(HERE, "ours", "Ours", ENTRY))
    assert (await log.checked(HERE)).faults == []
    # What it had begun is recorded later, once, as cut off.
    clock.advance(UNFINISHED + 60)
    assert await log.recover() == 2
    assert await log.recover() == 0
    cut = [one for one in await log.page(HERE, before=None, most=9) if one.body["outcome"] == CUT_OFF]
    assert len(cut) == 2 and (await log.checked(HERE)).faults == []


async def test_what_is_begun_is_recorded_once_when_it_ends(database: Database, clock: ManualClock) -> None:
    log = log_of(database, clock)
    one = await log.prepared(HERE, "ann", "Ann", AuditEntry(AuditEvent.SETTING, "slack", "setup key", ""))
    named = await log.begin(one)
    assert await log.page(HERE, before=None, most=5) == ()
    clock.advance(UNFINISHED - 1)
    assert await log.recover() == 0, "it may be under way"
    await log.finish(named, one, "ok")
    clock.advance(UNFINISHED)
    assert await log.recover() == 0
    [record] = await log.page(HERE, before=None, most=5)
    assert record.body["outcome"] == "ok"


async def test_keys_of_persons_are_sealed_anew_with_all_others(
    database: Database, clock: ManualClock
) -> None:
    old, new = new_key(), new_key()
    await log_of(database, clock, Vault([old])).append(
        await log_of(database, clock, Vault([old])).prepared(HERE, "ann", "Ann", ENTRY)
    )
    assert (await rotate(database, Vault([new, old]))).anew == 1
    [record] = await log_of(database, clock, Vault([new])).page(HERE, before=None, most=1)
    assert record.person == "ann"


async def test_two_who_see_a_person_first_make_one_key(database: Database, clock: ManualClock) -> None:
    found = await asyncio.gather(*(log_of(database, clock).people.of(HERE, "ann") for _ in range(8)))
    assert len({one.pseudonym for one in found}) == 1
