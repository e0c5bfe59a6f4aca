"""Budgets and the charges that they are held against.

A charge is reserved in the transaction that confirms it, before anything is sent. Those of a tenant take
turns there (`Database.serialised`), so that of two that would pass a budget together one is refused,
whichever process each is in. What is known later (a charge, a refund) takes the place of what was reserved;
what a crash leaves reserved goes on counting, so that no limit is passed by it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Update, and_, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.clocks import Clock
from bot.core.commands.budgets import (
    MOST_BUDGETS,
    Budget,
    BudgetReached,
    BudgetScope,
    BudgetUse,
    Period,
    Spend,
    reached,
)
from bot.core.errors import LimitReached
from bot.core.messages.message import msg
from bot.core.routes.watched import WatchedSource, stored
from bot.storage.engine.database import Database
from bot.storage.engine.statements import adding
from bot.storage.places.budget_uses import budgets_of, counting_for, hours_of, uses_of, wanted_of
from bot.storage.places.former_people import (
    WordOf,
    by_chance,
    former_of,
    let_go,
    named,
    places_of_former,
    used_as,
)
from bot.storage.places.route_costs import costs_of_routes
from bot.storage.tables import budgets, charges

_B = budgets.c
_C = charges.c
_ADD = adding(charges)
_MONITOR: Final = "monitor"
_UNKNOWN: Final[Mapping[str, WatchedSource]] = {}

Warn: TypeAlias = Callable[[AsyncConnection, TenantId, Sequence[BudgetUse]], Awaitable[None]]
"""Tells of budgets that are nearly used up, inside the transaction that makes them so."""


async def untold(_connection: AsyncConnection, _tenant: TenantId, _uses: Sequence[BudgetUse]) -> None:
    """Nobody is told."""


class SumBy(StrEnum):
    """By what charges are added up: a column of theirs, or all of them."""

    COMMAND = "what"
    PERSON = "person"
    ROUTE = "route"
    DRAW = "draw"
    CHANNEL = "channel"
    ALL = ""


class Sum(msgspec.Struct, frozen=True):
    """Charges of one sort, for reports. key: of what they are, "" of all; credits: what they cost so far, or
    what is reserved; count: how many there are; open: credits of those whose charge nobody has said."""

    key: str
    credits: int
    count: int
    open: int


class Budgets:
    """The tables `budgets` and `charges`. clock: epoch seconds. warn: told of what is nearly used up."""

    def __init__(
        self, database: Database, clock: Clock, warn: Warn = untold, words: WordOf = by_chance
    ) -> None:
        """words: under which charges of people stand whose data was deleted."""
        self._words = words
        self._db = database
        self._clock = clock
        self._warn = warn

    # --- what is set -------------------------------------------------------------------------

    async def put(self, tenant: TenantId, budget: Budget, by: str) -> None:
        """Set one, in place of the one of its scope and period. LimitReached where there are too many."""
        row = {
            "tenant": str(tenant),
            "scope": budget.scope.value,
            "subject": budget.subject,
            "period": budget.period.value,
            "credits": budget.credits,
            "warned": 0.0,
            "set_by": by,
            "set_at": self._clock(),
        }

        of_person = budget.scope is BudgetScope.PERSON
        word = await self._words(tenant, budget.subject) if of_person else ""

        async def work(connection: AsyncConnection) -> None:
            await self._in_turn(connection, tenant)
            if of_person:
                former = await former_of(connection, str(tenant), budget.subject)
                if not former and word and await used_as(connection, str(tenant), word):
                    former = word
                row["former"] = former
            await connection.execute(delete(budgets).where(*_is(tenant, budget)))
            count = select(func.count()).select_from(budgets).where(_B.tenant == str(tenant))
            if (await connection.execute(count)).scalar_one() >= MOST_BUDGETS:
                raise LimitReached(
                    msg("There are {most} budgets here, which is the limit.", most=MOST_BUDGETS),
                    remedy=msg("Take one back: `credits budget off:yes`."),
                )
            await connection.execute(insert(budgets).values(row))

        await self._db.write(work)

    async def remove(self, tenant: TenantId, scope: BudgetScope, subject: str, period: Period) -> bool:
        """Take one back; False where there was none."""
        gone = delete(budgets).where(*_is(tenant, Budget(scope, subject, period, 0)))

        async def work(connection: AsyncConnection) -> bool:
            return (await connection.execute(gone)).rowcount > 0

        return await self._db.write(work)

    async def tenants(self) -> tuple[TenantId, ...]:
        """Those that have set one, or for which something is known to run."""
        query = select(_B.tenant).union(select(_C.tenant).where(_C.hourly > 0, _C.ended_at.is_(None)))

        async def work(connection: AsyncConnection) -> tuple[TenantId, ...]:
            return tuple(map(TenantId.parse, sorted((await connection.execute(query)).scalars())))

        return await self._db.read(work)

    async def standing(self, tenant: TenantId) -> tuple[BudgetUse, ...]:
        """How each stands now."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> tuple[BudgetUse, ...]:
            found = await budgets_of(connection, tenant)
            return await uses_of(connection, tenant, [budget for budget, _ in found], now)

        return await self._db.read(work)

    # --- what is spent -----------------------------------------------------------------------

    async def reserve(self, spend: Spend) -> None:
        """Reserve it. BudgetReached where a budget does not cover it; nothing is stored then."""
        now = self._clock()
        await self._db.write(lambda connection: self.reserve_in(connection, spend, now))

    async def reserve_in(self, connection: AsyncConnection, spend: Spend, now: float) -> None:
        """The same inside a transaction of the caller, who ends it by the error. Twice is once."""
        if spend.credits <= 0 and spend.hourly <= 0:
            return
        await self._in_turn(connection, spend.tenant)
        known = select(_C.id).where(_C.id == spend.id)
        if (await connection.execute(known)).first() is not None:
            return
        found = await counting_for(connection, spend, await budgets_of(connection, spend.tenant))
        uses = await uses_of(connection, spend.tenant, [one for one, _, _ in found], now)
        grown = []
        for (_, warned, part), use in zip(found, uses, strict=True):
            wanted = wanted_of(part, use, now)
            if use.total + wanted > use.budget.credits:
                raise reached(use, wanted, looked=spend.looked)
            grown.append((warned, replace(use, used=use.used + wanted)))
        await connection.execute(_ADD[self._db.dialect], _row(spend, now))
        await self._note(connection, spend.tenant, grown)

    async def short(self, spend: Spend) -> BudgetReached | None:
        """What `reserve` would raise now; None where all cover it. Stores nothing."""
        if spend.credits <= 0 and spend.hourly <= 0:
            return None
        now = self._clock()

        async def work(connection: AsyncConnection) -> BudgetReached | None:
            found = await counting_for(connection, spend, await budgets_of(connection, spend.tenant))
            uses = await uses_of(connection, spend.tenant, [one for one, _, _ in found], now)
            for (_, _, part), use in zip(found, uses, strict=True):
                if use.total + (wanted := wanted_of(part, use, now)) > use.budget.credits:
                    return reached(use, wanted, looked=spend.looked)
            return None

        return await self._db.read(work)

    async def settle(self, id: str, charged: int | None) -> None:
        """What it cost. charged: credits; None where nobody says: what was reserved counts."""
        await self._db.write(lambda connection: self.settle_in(connection, id, charged))

    async def settle_in(
        self, connection: AsyncConnection, id: str, charged: int | None, draw: str = ""
    ) -> None:
        """The same inside a transaction of the caller. draw: the id of the draw that came of it."""
        values: dict[str, Any] = {"draw": draw[:80]} if draw else {}
        if charged is not None:
            values["charged"] = max(0, charged)
        if values:
            await connection.execute(update(charges).where(_C.id == id, _C.hourly == 0).values(values))

    async def began_in(
        self,
        connection: AsyncConnection,
        id: str,
        monitors: Sequence[str],
        each: int | None = None,
        watched: Sequence[WatchedSource] = (),
    ) -> None:
        """What was reserved to run runs, as these monitors; none: it does not. each: credits that one costs
        an hour; None: they share what was reserved. watched: what each watches, in their order; (): what was
        reserved for."""
        row = (await connection.execute(select(charges).where(_C.id == id))).mappings().first()
        if row is None or not row["hourly"] or row["monitor"]:
            return
        await connection.execute(delete(charges).where(_C.id == id))
        price = each or math.ceil(row["hourly"] / max(1, len(monitors)))
        for number, monitor in enumerate(monitors):
            it = (_C.tenant == row["tenant"], _C.monitor == monitor[:80], _C.ended_at.is_(None))
            # It may have been seen before this was told, as of nobody.
            await connection.execute(delete(charges).where(*it, _C.person == ""))
            if (await connection.execute(select(_C.id).where(*it))).first() is None:
                values = {**row, "id": f"{id}:{number}"[:64], "hourly": price, "monitor": monitor[:80]}
                if len(watched) == len(monitors):
                    values["watched"] = json.dumps(stored(watched[number : number + 1]))
                await connection.execute(_ADD[self._db.dialect], values)

    async def running(
        self, tenant: TenantId, monitors: Mapping[str, int], watched: Mapping[str, WatchedSource] = _UNKNOWN
    ) -> None:
        """Which monitors of a tenant run, by their ids, and what each costs an hour: what runs no more stops
        costing, and what was started elsewhere costs from now on. watched: what each watches."""
        now = self._clock()
        mine = (_C.tenant == str(tenant), _C.hourly > 0, _C.ended_at.is_(None), _C.monitor != "")

        async def work(connection: AsyncConnection) -> None:
            await self._in_turn(connection, tenant)
            found = await connection.execute(select(_C.monitor, _C.watched).where(*mine))
            known = {row.monitor: row.watched for row in found}
            for monitor in known.keys() - monitors.keys():
                await connection.execute(_over(tenant, monitor, now))
            for monitor, hourly in monitors.items():
                it = json.dumps(stored([watched[monitor]])) if monitor in watched else "[]"
                if monitor not in known:
                    seen = Spend(f"monitor-{int(now)}-{monitor}"[:64], tenant, "", "", _MONITOR, 0, hourly)
                    row = {**_row(seen, now), "monitor": monitor[:80], "watched": it}
                    await connection.execute(_ADD[self._db.dialect], row)
                elif monitor in watched and known[monitor] != it:
                    # A username may be another by now.
                    called = update(charges).where(*mine, _C.monitor == monitor)
                    await connection.execute(called.values(watched=it))

        await self._db.write(work)

    async def with_former(self) -> list[TenantId]:
        """Where charges stand under words of people whose data was deleted."""
        return await self._db.read(places_of_former)

    async def stopped(self, tenant: TenantId, monitor: str) -> None:
        """Somebody stopped it here: nothing is foreseen for it any more, from now on."""
        await self._db.write(lambda connection: connection.execute(_over(tenant, monitor, self._clock())))

    async def let_go(self, tenant: TenantId) -> None:
        """Disconnect people whose data was deleted from what no budget counts any more."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> None:
            await self._in_turn(connection, tenant)
            await let_go(connection, tenant, now)

        await self._db.write(work)

    async def sums(self, tenant: TenantId, by: SumBy, since: float, until: float) -> tuple[Sum, ...]:
        """What was spent from then until then (epoch seconds), added up by the database, in no order; what
        runs, as far as it ran by now. What has none of that is left out. Of routes, as budgets count."""
        if by is SumBy.ROUTE:
            end = min(self._clock(), until)
            costs = await self._db.read(lambda c: costs_of_routes(c, tenant, since, end))
            return tuple(Sum(key, one.credits, one.count, one.open) for key, one in costs.items())
        key = literal("") if by is SumBy.ALL else named() if by is SumBy.PERSON else _C[by.value]
        hours = hours_of(since, min(self._clock(), until))
        cost = case((_C.hourly > 0, _C.hourly * hours), else_=func.coalesce(_C.charged, _C.reserved))
        waiting = case((and_(_C.hourly == 0, _C.charged.is_(None)), _C.reserved), else_=0)
        query = (
            select(key.label("key"), func.sum(cost), func.count(), func.sum(waiting))
            .where(_C.tenant == str(tenant), _C.at < until)
            .where(or_(and_(_C.at >= since, _C.hourly == 0), and_(_C.hourly > 0, hours > 0)))
            .group_by(key)
        )

        async def work(connection: AsyncConnection) -> tuple[Sum, ...]:
            rows = (await connection.execute(query)).all()
            return tuple(Sum(str(row[0]), *map(int, row[1:])) for row in rows)

        found = await self._db.read(work)
        return found if by is SumBy.ALL else tuple(one for one in found if one.key)

    async def _in_turn(self, connection: AsyncConnection, tenant: TenantId) -> None:
        await self._db.serialised(connection, f"budgets {tenant}")

    async def _note(
        self, connection: AsyncConnection, tenant: TenantId, grown: Sequence[tuple[float, BudgetUse]]
    ) -> None:
        """Warn of what is nearly used up now, and of what is used up, each once a period. grown: each with
        what it was warned of."""
        near = [use for warned, use in grown if use.warns and warned < _told(use)]
        for use in near:
            mark = update(budgets).where(*_is(tenant, use.budget))
            await connection.execute(mark.values(warned=_told(use)))
        if near:
            await self._warn(connection, tenant, near)


def _over(tenant: TenantId, monitor: str, now: float) -> Update:
    """That it costs nothing from now on."""
    it = (_C.tenant == str(tenant), _C.monitor == monitor[:80], _C.hourly > 0, _C.ended_at.is_(None))
    return update(charges).where(*it).values(ended_at=now)


def _told(use: BudgetUse) -> float:
    """A mark of the period and of how far it is used up: its end, by which it differs from every other, and
    half a second more once nothing is left."""
    return use.until + (0.5 if use.spent_up else 0.0)


def _is(tenant: TenantId, budget: Budget) -> tuple[ColumnElement[bool], ...]:
    return (
        _B.tenant == str(tenant),
        _B.scope == budget.scope.value,
        _B.subject == budget.subject,
        _B.period == budget.period.value,
    )


def _row(spend: Spend, now: float) -> dict[str, Any]:
    return {
        "id": spend.id,
        "tenant": str(spend.tenant),
        "at": now,
        "person": spend.person,
        "channel": spend.channel,
        "route": spend.route,
        "what": spend.what[:60],
        "draw": "",
        "reserved": 0 if spend.hourly else spend.credits,
        "charged": None,
        "hourly": spend.hourly,
        "monitor": "",
        "ended_at": None,
        "watched": json.dumps(stored(spend.watched)),
    }
