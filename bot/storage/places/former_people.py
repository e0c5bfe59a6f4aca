"""What somebody used of their budget goes on counting once their data was deleted, without their name.

Their charges stand under a word by chance then, which the row of their budget alone connects with them; it
is shown to nobody. Once no budget can count a charge any more, nothing connects it with anybody.
"""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import ColumnElement, String, and_, case, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.ids import TenantId
from bot.core.commands.budgets import BudgetScope
from bot.storage.places.personal_tables import DELETED
from bot.storage.tables import budgets, charges

LONGEST_PERIOD: Final = 33 * 86_400.0
"""Seconds after which no budget counts a charge any more: a month, wherever its clocks are."""
_B = budgets.c
_C = charges.c
_PREFIX: Final = f"{DELETED}-"


def of_person(tenant: str, person: str) -> ColumnElement[bool]:
    """Which charges count for a budget of theirs."""
    former = select(_B.former).where(*_budgets_of(tenant, person), _B.former != "")
    return or_(_C.person == person, _C.person.in_(former))


def named() -> ColumnElement[str]:
    """Whose a charge is, for reports: all that were deleted are one."""
    return case((_C.person.like(f"{_PREFIX}%"), literal(DELETED, String)), else_=_C.person)


async def former_of(connection: AsyncConnection, tenant: str, person: str) -> str:
    """Under what their earlier charges stand; "" where none do."""
    query = select(_B.former).where(*_budgets_of(tenant, person), _B.former != "").limit(1)
    return (await connection.execute(query)).scalar_one_or_none() or ""


async def word_for(connection: AsyncConnection, tenant: str, person: str) -> str:
    """What is to stand in the place of a person whose data is deleted now; stored with their budgets, where
    they have any."""
    known = await former_of(connection, tenant, person)
    word = known or _PREFIX + secrets.token_hex(12)
    found = await connection.execute(update(budgets).where(*_budgets_of(tenant, person)).values(former=word))
    return word if found.rowcount else DELETED


async def let_go(connection: AsyncConnection, tenant: TenantId, now: float) -> None:
    """Disconnect what no budget counts any more. now: epoch seconds."""
    query = select(_B.former).distinct().where(_B.tenant == str(tenant), _B.former != "")
    words = list((await connection.execute(query)).scalars())
    if not words:
        return
    mine, before = and_(_C.tenant == str(tenant), _C.person.in_(words)), now - LONGEST_PERIOD
    past = or_(and_(_C.hourly == 0, _C.at < before), and_(_C.hourly > 0, _C.ended_at < before))
    await connection.execute(update(charges).where(mine, past).values(person=DELETED))
    left = exists().where(_C.tenant == _B.tenant, _C.person == _B.former)
    over = update(budgets).where(_B.tenant == str(tenant), _B.former.in_(words), ~left)
    await connection.execute(over.values(former=""))


def _budgets_of(tenant: str, person: str) -> tuple[ColumnElement[bool], ...]:
    return (_B.tenant == tenant, _B.scope == BudgetScope.PERSON.value, _B.subject == person)
