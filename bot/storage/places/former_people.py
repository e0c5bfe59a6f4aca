"""What somebody used of their budget goes on counting once their data was deleted, without their name.

Their charges stand under a word then, which only the row of their budget and a key in the vault connect with
them (`bot.storage.places.former_words`), so that a budget that is set later counts them too; it is shown to
nobody. Once no budget can count a charge any more, nothing connects it with anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, String, and_, case, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.commands.budgets import BudgetScope
from bot.storage.places.personal_tables import DELETED
from bot.storage.tables import budgets, charges

LONGEST_PERIOD: Final = 33 * 86_400.0
"""Seconds after which no budget counts a charge any more: a month, wherever its clocks are."""
WordOf: TypeAlias = Callable[[TenantId, str], Awaitable[str]]
"""The word of a person of a place; "" for one by chance."""
_B = budgets.c
_C = charges.c
PREFIX: Final = f"{DELETED}-"
"""What such a word begins with."""


async def by_chance(_tenant: TenantId, _person: str) -> str:
    """None of their own."""
    return ""


def of_person(tenant: str, person: str) -> ColumnElement[bool]:
    """Which charges count for a budget of theirs."""
    former = select(_B.former).where(*_budgets_of(tenant, person), _B.former != "")
    return or_(_C.person == person, _C.person.in_(former))


def named() -> ColumnElement[str]:
    """Whose a charge is, for reports: all that were deleted are one."""
    return case((_C.person.like(f"{PREFIX}%"), literal(DELETED, String)), else_=_C.person)


async def former_of(connection: AsyncConnection, tenant: str, person: str) -> str:
    """Under what their earlier charges stand; "" where none do."""
    query = select(_B.former).where(*_budgets_of(tenant, person), _B.former != "").limit(1)
    return (await connection.execute(query)).scalar_one_or_none() or ""


async def word_for(connection: AsyncConnection, tenant: str, person: str, word: str = "") -> str:
    """What is to stand in the place of a person whose data is deleted now; stored with their budgets, where
    they have any. word: theirs; "": one by chance, which their budgets alone know."""
    known = await former_of(connection, tenant, person)
    found_word = known or word or PREFIX + secrets.token_hex(12)
    change = update(budgets).where(*_budgets_of(tenant, person)).values(former=found_word)
    found = await connection.execute(change)
    return found_word if found.rowcount or word else DELETED


async def used_as(connection: AsyncConnection, tenant: str, word: str) -> bool:
    """Whether charges stand under that word."""
    query = select(_C.id).where(_C.tenant == tenant, _C.person == word).limit(1)
    return (await connection.execute(query)).first() is not None


async def places_of_former(connection: AsyncConnection) -> list[TenantId]:
    """Where charges stand under such words."""
    query = select(_C.tenant).distinct().where(_C.person.like(f"{PREFIX}%"))
    return [TenantId.parse(one) for one in sorted((await connection.execute(query)).scalars())]


async def let_go(connection: AsyncConnection, tenant: TenantId, now: float) -> None:
    """Disconnect what no budget counts any more. now: epoch seconds."""
    mine, before = and_(_C.tenant == str(tenant), _C.person.like(f"{PREFIX}%")), now - LONGEST_PERIOD
    past = or_(and_(_C.hourly == 0, _C.at < before), and_(_C.hourly > 0, _C.ended_at < before))
    await connection.execute(update(charges).where(mine, past).values(person=DELETED))
    left = exists().where(_C.tenant == _B.tenant, _C.person == _B.former)
    over = update(budgets).where(_B.tenant == str(tenant), _B.former != "", ~left)
    await connection.execute(over.values(former=""))


def _budgets_of(tenant: str, person: str) -> tuple[ColumnElement[bool], ...]:
    return (_B.tenant == tenant, _B.scope == BudgetScope.PERSON.value, _B.subject == person)
