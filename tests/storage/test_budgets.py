"""Budgets: what is confirmed is reserved, in turns, and nothing that happens in any order passes a limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.commands.budgets import Budget, BudgetReached, BudgetScope, BudgetUse, Period, Spend
from bot.storage import tables
from bot.storage.engine.database import Database
from bot.storage.engine.statements import read_all
from bot.storage.places.budgets import Budgets, Sum, SumBy
from bot.storage.places.former_words import FormerWords
from bot.storage.places.personal_data import PersonalData
from bot.storage.places.personal_tables import DELETED
from bot.storage.places.timezones import StoredTimezones
from bot.storage.secrets.tenant_secrets import Secrets
from bot.storage.secrets.vault import Vault
from tests.conftest import ManualClock

HERE, ELSEWHERE = TenantId("discord", "1"), TenantId("discord", "2")
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAILY = Budget(BudgetScope.PLACE, "", Period.DAY, 100)
MONTHLY = replace(DAILY, period=Period.MONTH, credits=1_000)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
async def budgets(database: Database, clock: ManualClock) -> AsyncIterator[Budgets]:
    yield Budgets(database, clock)


def spend(id: str, amount: int, person: str = "ada", channel: str = "c1", route: str = "") -> Spend:
    return Spend(id, HERE, person, channel, "tweet show", amount, route=route)


async def used(budgets: Budgets, budget: Budget = DAILY) -> BudgetUse:
    return next(one for one in await budgets.standing(HERE) if one.budget == budget)


async def test_what_is_reserved_counts_and_what_would_pass_is_refused_with_who_can_lift_it(
    budgets: Budgets,
) -> None:
    await budgets.put(HERE, DAILY, "ada")
    await budgets.reserve(spend("a", 60))
    await budgets.reserve(spend("b", 40))
    with pytest.raises(BudgetReached) as refused:
        await budgets.reserve(spend("c", 1))
    assert "100 credits" in refused.value.detail and "credits budget" in refused.value.remedy
    assert (await used(budgets)).total == 100


async def test_the_charge_takes_the_place_of_what_was_reserved_and_a_refund_gives_back(
    budgets: Budgets,
) -> None:
    await budgets.put(HERE, DAILY, "ada")
    await budgets.reserve(spend("a", 90))
    await budgets.settle("a", None)
    assert (await used(budgets)).used == 90
    await budgets.settle("a", 30)
    await budgets.reserve(spend("b", 70))
    await budgets.settle("b", 0)
    assert (await used(budgets)).used == 30


async def test_a_charge_above_the_estimate_counts_whole(budgets: Budgets) -> None:
    await budgets.put(HERE, DAILY, "ada")
    await budgets.reserve(spend("a", 10))
    await budgets.settle("a", 120)
    assert (await used(budgets)).used == 120
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 1))


async def test_the_same_is_reserved_once(budgets: Budgets) -> None:
    await budgets.put(HERE, DAILY, "ada")
    for _ in range(3):
        await budgets.reserve(spend("a", 60))
    assert (await used(budgets)).used == 60


async def test_what_costs_nothing_is_never_stopped(budgets: Budgets) -> None:
    await budgets.put(HERE, DAILY, "ada")
    await budgets.reserve(spend("a", 100))
    await budgets.reserve(spend("b", 0))
    assert (await used(budgets)).used == 100


@pytest.mark.parametrize(
    ("budget", "mine", "others"),
    [
        (Budget(BudgetScope.PERSON, "ada", Period.DAY, 50), {"person": "ada"}, {"person": "bob"}),
        (Budget(BudgetScope.CHANNEL, "c1", Period.DAY, 50), {"channel": "c1"}, {"channel": "c2"}),
        (Budget(BudgetScope.ROUTE, "r1", Period.DAY, 50), {"route": "r1"}, {"route": "r2"}),
    ],
)
async def test_a_budget_is_for_one_alone(
    budgets: Budgets, budget: Budget, mine: dict[str, str], others: dict[str, str]
) -> None:
    await budgets.put(HERE, budget, "ada")
    await budgets.reserve(spend("a", 50, **mine))
    await budgets.reserve(spend("b", 500, **others))
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("c", 1, **mine))
    await budgets.reserve(replace(spend("d", 500, **mine), tenant=ELSEWHERE))


async def test_the_narrowest_budget_counts_beside_the_widest(budgets: Budgets) -> None:
    await budgets.put(HERE, MONTHLY, "ada")
    await budgets.put(HERE, DAILY, "ada")
    await budgets.reserve(spend("a", 100))
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 1))
    assert (await used(budgets, MONTHLY)).used == 100


async def test_a_day_and_a_month_begin_anew_by_the_clocks_of_the_place(
    budgets: Budgets, database: Database, clock: ManualClock
) -> None:
    await StoredTimezones(database, clock).put(HERE, "", "Asia/Tokyo")
    await budgets.put(HERE, DAILY, "ada")
    await budgets.put(HERE, MONTHLY, "ada")
    await budgets.reserve(spend("a", 100))
    clock.advance(2.9 * 3600)  # 23:54 in Tokyo
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 1))
    clock.advance(0.2 * 3600)
    await budgets.reserve(spend("b", 100))
    assert ((await used(budgets)).used, (await used(budgets, MONTHLY)).used) == (100, 200)
    clock.advance(24 * 3600)  # December in Tokyo
    assert (await used(budgets, MONTHLY)).used == 0


@pytest.mark.parametrize(
    ("zone", "at", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 12, tzinfo=UTC), 23),
        ("Europe/Berlin", datetime(2026, 10, 25, 12, tzinfo=UTC), 25),
        ("", datetime(2026, 2, 28, 23, 59, tzinfo=UTC), 24),
    ],
)
def test_a_day_is_as_long_as_it_is_there(zone: str, at: datetime, hours: int) -> None:
    begin, end = Period.DAY.bounds(at.timestamp(), zone)
    assert (end - begin) / 3600 == hours and begin <= at.timestamp() < end
    first, last = Period.MONTH.bounds(at.timestamp(), zone)
    assert first <= begin < end <= last


# --- what runs -----------------------------------------------------------------------------------


def run(id: str, hourly: int = 10) -> Spend:
    return Spend(id, HERE, "ada", "c1", "monitor.start", 0, hourly)


async def test_what_runs_is_foreseen_until_the_end_of_the_day(budgets: Budgets, clock: ManualClock) -> None:
    await budgets.put(HERE, replace(DAILY, credits=150), "ada")
    await budgets.reserve(run("a"))  # 12 hours are left
    assert ((await used(budgets, replace(DAILY, credits=150))).total) == 120
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 31))
    await budgets.reserve(spend("b", 30))
    clock.advance(6 * 3600)
    now = await used(budgets, replace(DAILY, credits=150))
    assert (now.used, now.foreseen) == (90, 60)


async def test_a_monitor_that_a_month_does_not_cover_is_not_started(budgets: Budgets) -> None:
    await budgets.put(HERE, replace(MONTHLY, credits=300), "ada")
    with pytest.raises(BudgetReached):
        await budgets.reserve(run("a"))  # 36 hours are left of November
    await budgets.put(HERE, replace(MONTHLY, credits=360), "ada")
    await budgets.reserve(run("a"))


async def test_what_runs_no_more_gives_back_what_was_foreseen(budgets: Budgets, clock: ManualClock) -> None:
    await budgets.put(HERE, DAILY, "ada")
    day = replace(DAILY, credits=400)
    await budgets.put(HERE, day, "ada")
    await budgets.reserve(run("a", 30))

    async def began(connection: AsyncConnection) -> None:
        await budgets.began_in(connection, "a", ["7", "8"])

    await budgets._db.write(began)
    await budgets._db.write(began)  # told twice
    assert (await used(budgets, day)).total == 360
    clock.advance(2 * 3600)
    await budgets.running(HERE, {"8": 15})
    assert (await used(budgets, day)).total == 2 * 15 + 12 * 15
    await budgets.running(HERE, {})
    assert (await used(budgets, day)).total == 2 * 30


async def test_one_that_was_not_started_costs_nothing(budgets: Budgets) -> None:
    await budgets.put(HERE, replace(DAILY, credits=400), "ada")
    await budgets.reserve(run("a", 30))
    await budgets._db.write(lambda connection: budgets.began_in(connection, "a", []))
    assert (await used(budgets, replace(DAILY, credits=400))).total == 0


async def test_what_was_started_elsewhere_counts_from_when_it_is_seen(
    budgets: Budgets, clock: ManualClock
) -> None:
    await budgets.put(HERE, DAILY, "ada")
    await budgets.running(HERE, {"99": 30})
    await budgets.running(HERE, {"99": 30})
    assert (await used(budgets)).total == 360
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("a", 1))


# --- warnings ------------------------------------------------------------------------------------


async def test_it_is_warned_once_a_day_at_four_fifths(database: Database, clock: ManualClock) -> None:
    told: list[int] = []

    async def warn(_connection: AsyncConnection, _tenant: TenantId, uses: object) -> None:
        told.extend(one.total for one in uses)  # type: ignore[attr-defined]

    budgets = Budgets(database, clock, warn)
    await budgets.put(HERE, DAILY, "ada")
    for number, amount in enumerate((79, 1, 10)):
        await budgets.reserve(spend(f"a{number}", amount))
    assert told == [80]
    clock.advance(24 * 3600)
    await budgets.reserve(spend("b", 85))
    assert told == [80, 85]


# --- reports -------------------------------------------------------------------------------------


async def test_what_was_spent_is_told_with_who_where_and_for_what(
    budgets: Budgets, clock: ManualClock
) -> None:
    await budgets.reserve(spend("a", 5, person="bob"))
    await budgets.settle("a", 3)
    clock.advance(60)
    await budgets.reserve(spend("b", 7))
    assert await sums(budgets, SumBy.PERSON) == [Sum("ada", 7, 1, 7), Sum("bob", 3, 1, 0)]
    assert await sums(budgets, SumBy.ALL) == [Sum("", 10, 2, 7)]
    assert await sums(budgets, SumBy.DRAW) == [], "none of them led to a draw"
    assert await budgets.sums(ELSEWHERE, SumBy.ALL, 0, NOON + 3600) == ()
    assert await budgets.sums(HERE, SumBy.ALL, NOON + 61, NOON + 3600) == ()


async def sums(budgets: Budgets, by: SumBy, since: float = NOON - 1) -> list[Sum]:
    return sorted(await budgets.sums(HERE, by, since, NOON + 30 * 24 * 3600), key=lambda one: one.key)


@pytest.mark.parametrize("seconds", [0, 1, 3599, 3600, 3601, 25 * 3600 + 0.5])
async def test_what_runs_is_added_up_as_its_budget_counts_it(
    budgets: Budgets, clock: ManualClock, seconds: float
) -> None:
    await budgets.put(HERE, Budget(BudgetScope.PLACE, "", Period.MONTH, 10_000), "ada")
    await budgets.running(HERE, {"1": 21, "2": 4})
    clock.advance(seconds)
    (use,) = await budgets.standing(HERE)
    found = await sums(budgets, SumBy.COMMAND)
    assert [one.credits for one in found] == ([use.used] if seconds else [])
    await budgets.running(HERE, {"2": 4})
    clock.advance(2 * 3600)
    (use,) = await budgets.standing(HERE)
    assert sum(one.credits for one in await sums(budgets, SumBy.ALL)) == use.used
    assert await sums(budgets, SumBy.ALL, since=clock() - 3600) == [Sum("", 4, 1, 0)], "as far as it ran then"


# --- many at once --------------------------------------------------------------------------------


async def test_of_many_at_once_in_two_processes_as_many_as_fit_are_taken(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    other = await Database.open(database_url)
    try:
        both = [Budgets(database, clock), Budgets(other, clock)]
        await both[0].put(HERE, DAILY, "ada")

        async def one(number: int) -> bool:
            try:
                await both[number % 2].reserve(spend(f"a{number}", 7))
            except BudgetReached:
                return False
            return True

        taken = await asyncio.gather(*map(one, range(40)))
        assert sum(taken) == 14
        assert (await used(both[1])).used == 98
    finally:
        await other.close()


# --- people whose data is deleted ----------------------------------------------------------------

BEN = Budget(BudgetScope.PERSON, "ben", Period.DAY, 40)


@pytest.mark.parametrize("times", [1, 2])
async def test_what_a_person_used_counts_on_without_their_name_once_their_data_is_deleted(
    database: Database, budgets: Budgets, times: int
) -> None:
    await budgets.put(HERE, BEN, "ada")
    await budgets.reserve(spend("a", 30, person="ben"))
    for _ in range(times):
        await PersonalData(database).forget(HERE, "ben")
    assert (await used(budgets, BEN)).used == 30
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 30, person="ben"))
    await budgets.reserve(spend("c", 10, person="ben"))
    await PersonalData(database).forget(HERE, "ben")
    assert (await used(budgets, BEN)).used == 40
    # Another amount, or for a month besides, counts the same.
    await budgets.put(HERE, replace(BEN, credits=50), "ada")
    await budgets.put(HERE, replace(BEN, period=Period.MONTH), "ada")
    assert [one.used for one in await budgets.standing(HERE)] == [40, 40]
    (row,) = await budgets.sums(HERE, SumBy.PERSON, 0, NOON + 1)
    assert (row.key, row.credits) == (DELETED, 40)
    assert await people(database) == {("a", True), ("c", True)}


async def test_a_late_charge_of_somebody_whose_data_is_deleted_still_settles(
    database: Database, budgets: Budgets
) -> None:
    await budgets.put(HERE, BEN, "ada")
    await budgets.reserve(spend("a", 30, person="ben"))
    await PersonalData(database).forget(HERE, "ben")
    await budgets.settle("a", 0)
    assert (await used(budgets, BEN)).used == 0


async def test_once_no_budget_counts_it_nothing_connects_a_charge_with_somebody(
    database: Database, budgets: Budgets, clock: ManualClock
) -> None:
    await budgets.put(HERE, BEN, "ada")
    await budgets.reserve(spend("a", 30, person="ben"))
    await PersonalData(database).forget(HERE, "ben")
    await budgets.let_go(HERE)
    assert (await used(budgets, BEN)).used == 30 and await people(database) == {("a", True)}
    clock.advance(34 * 86_400)
    await budgets.let_go(HERE)
    assert await people(database) == {("a", False)}
    query = select(tables.budgets.c.former)
    assert {row[0] for row in await read_all(database, query)} == {""}


async def test_of_a_person_without_a_budget_nothing_is_kept_apart(
    database: Database, budgets: Budgets
) -> None:
    await budgets.reserve(spend("a", 30, person="ben"))
    await PersonalData(database).forget(HERE, "ben")
    assert await people(database) == {("a", False)}


async def people(database: Database) -> set[tuple[str, bool]]:
    """The charges, each with whether it stands under a word of its own; none is anybody's by name."""
    rows = await read_all(database, select(tables.charges.c.id, tables.charges.c.person))
    assert all(row.person.startswith(DELETED) for row in rows)
    return {(row.id, row.person != DELETED) for row in rows}


async def test_deleting_ones_data_while_one_spends_passes_no_budget(
    database: Database, budgets: Budgets
) -> None:
    await budgets.put(HERE, BEN, "ada")

    async def spends(number: int) -> int:
        try:
            await budgets.reserve(spend(f"s{number}", 10, person="ben"))
        except BudgetReached:
            return 0
        return 10

    async def forgets() -> int:
        await PersonalData(database).forget(HERE, "ben")
        return 0

    done = await asyncio.gather(*(spends(number) if number % 4 else forgets() for number in range(16)))
    assert sum(done) == 40 and (await used(budgets, BEN)).used == 40


# --- budgets that are set once data was deleted --------------------------------------------------

VAULT = Vault([SecretStr("YWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWI=")])


@pytest.fixture
def words(database: Database, clock: ManualClock) -> FormerWords:
    return FormerWords(Secrets(database, VAULT, clock))


@pytest.mark.parametrize("times", [1, 2])
async def test_a_budget_that_is_set_later_counts_what_was_used_before_the_deletion(
    database: Database, clock: ManualClock, words: FormerWords, times: int
) -> None:
    budgets = Budgets(database, clock, words=words.of)
    for number in range(times):
        await budgets.reserve(spend(f"a{number}", 30 // times, person="ben"))
        await PersonalData(database, words.of).forget(HERE, "ben")
    await budgets.reserve(spend("other", 30, person="zoe"))
    await PersonalData(database, words.of).forget(HERE, "zoe")
    await budgets.put(HERE, BEN, "ada")
    assert (await used(budgets, BEN)).used == 30
    with pytest.raises(BudgetReached):
        await budgets.reserve(spend("b", 20, person="ben"))
    # Taken back and set again it is the same.
    await budgets.remove(HERE, BEN.scope, BEN.subject, BEN.period)
    await budgets.put(HERE, BEN, "ada")
    assert (await used(budgets, BEN)).used == 30
    (row,) = await budgets.sums(HERE, SumBy.PERSON, 0, NOON + 1)
    assert (row.key, row.credits) == (DELETED, 60), "reports tell nobody apart"


async def test_words_tell_nobody_who_it_was_and_end_with_the_longest_period(
    database: Database, clock: ManualClock, words: FormerWords
) -> None:
    budgets = Budgets(database, clock, words=words.of)
    await budgets.reserve(spend("a", 30, person="ben"))
    await PersonalData(database, words.of).forget(HERE, "ben")
    assert await people(database) == {("a", True)}
    assert await budgets.with_former() == [HERE]
    clock.advance(34 * 86_400)
    await budgets.let_go(HERE)
    assert await people(database) == {("a", False)} and await budgets.with_former() == []
    await budgets.put(HERE, BEN, "ada")
    assert {row[0] for row in await read_all(database, select(tables.budgets.c.former))} == {""}


async def test_words_are_of_one_place_and_of_one_person(words: FormerWords, database: Database) -> None:
    made = await asyncio.gather(*(words.of(HERE, "ben") for _ in range(8)))
    assert len(set(made)) == 1, "also where many make the first"
    assert len({made[0], await words.of(HERE, "zoe"), await words.of(ELSEWHERE, "ben")}) == 3
    rows = await read_all(database, select(tables.secrets.c.ciphertext))
    assert not [row for row in rows if made[0].encode() in row.ciphertext]
