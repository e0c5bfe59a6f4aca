"""The connected X accounts of a tenant, fresh or as last seen, and the one that acts.

A form is the first answer or none, so what it offers is what was seen in the last minutes, or what
Xquik answers within a second; what is proposed is always checked against a fresh list.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import msgspec
from msgspec.structs import replace

from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Clock
from bot.core.commands.menus import Menu
from bot.core.errors import BotError
from bot.core.x.default_accounts import DefaultAccount
from bot.proposals.acting import Acting, choices, choose
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.default_accounts import DefaultAccounts
from bot.xquik.client import XquikClient
from bot.xquik.models import XAccount

FRESH: Final = 300.0
"""Seconds for which a form believes what was seen."""
REMEMBERED: Final = 7 * 86_400.0
"""Seconds for which it is kept at all, for completion and for when Xquik is silent."""
KEPT_AS: Final = "x_accounts:"
"""What the keys begin with under which it is kept."""
LOOK_SECONDS: Final = 1.0
"""Seconds that a form waits for Xquik: platforms want it within three."""


class AccountAccess(msgspec.Struct, frozen=True):
    """How a tenant's accounts are looked at. key: names its Xquik key, and tells nothing about it:
    with another key the accounts are others."""

    xquik: XquikClient
    key: str


AccountAccessOf: TypeAlias = Callable[[Invocation], Awaitable[AccountAccess]]
"""How the accounts of whoever asks are read."""


class Accounts:
    """Lists accounts and finds the one that acts. way: raises NotConfigured without a key."""

    def __init__(
        self,
        way: AccountAccessOf,
        answers: CachedAnswers,
        defaults: DefaultAccounts,
        *,
        clock: Clock,
    ) -> None:
        self._way = way
        self._answers = answers
        self._clock = clock
        self.defaults = defaults

    async def acting(
        self, invocation: Invocation, wanted: str | None, example: str
    ) -> tuple[tuple[XAccount, ...], Acting]:
        """All accounts, and the one that acts for this person here. Errors as
        `bot.proposals.acting.choose`."""
        accounts = await self.connected(invocation)
        acting = choose(accounts, wanted, await self._applying(invocation), example)
        if acting.default is not None:
            await self._note(invocation.tenant, acting.default, acting.account)
        return accounts, acting

    async def connected(self, invocation: Invocation) -> tuple[XAccount, ...]:
        """The accounts as they are now."""
        way = await self._way(invocation)
        return await self._look(invocation.tenant, way)

    async def menu(self, invocation: Invocation) -> Menu:
        """What a form offers, with the account that acts where none is chosen. Never an error, and
        never long: without an answer it offers what was last seen."""
        accounts = await self.soon(invocation)
        offered = choices(accounts)
        if not offered:
            return Menu(())
        try:
            acting = choose(accounts, None, await self._applying(invocation), "")
        except BotError as error:
            if error.option is None:
                return Menu(offered)  # no choice mends it
            return Menu(offered, question=error.detail, note=_note(error))
        return Menu(offered, acting.account.username)

    async def soon(self, invocation: Invocation) -> tuple[XAccount, ...]:
        """The accounts as seen in the last minutes, or as Xquik tells them within a second; else as they
        were last seen, none when they never were."""
        try:
            way = await self._way(invocation)
        except BotError:
            return ()
        kept, at = await self._kept(invocation.tenant, way)
        if at is not None and self._clock() - at < FRESH:
            return kept
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._look(invocation.tenant, way)
        except (BotError, TimeoutError):
            return kept

    # --- shared ------------------------------------------------------------------------------

    async def _look(self, tenant: TenantId, way: AccountAccess) -> tuple[XAccount, ...]:
        accounts = await way.xquik.x_accounts.list()
        body = json.dumps([_data(one) for one in accounts])
        await self._answers.put(tenant, KEPT_AS + way.key, body, lifetime=REMEMBERED)
        return accounts

    async def _kept(self, tenant: TenantId, way: AccountAccess) -> tuple[tuple[XAccount, ...], float | None]:
        kept = await self._answers.get(tenant, KEPT_AS + way.key)
        if kept is None:
            return (), None
        return tuple(XAccount.from_body(one) for one in json.loads(kept.body)), kept.fetched_at

    async def _applying(self, invocation: Invocation) -> tuple[DefaultAccount, ...]:
        place = invocation.place
        return await self.defaults.applying(place.tenant, place.channel, invocation.actor.id)

    async def _note(self, tenant: TenantId, default: DefaultAccount, account: XAccount) -> None:
        seen = replace(
            default, username=account.username, account=account.id, x_user=account.x_user_id or default.x_user
        )
        if seen != default:
            await self.defaults.seen(tenant, seen)


def _note(error: BotError) -> str:
    """What a form says beside its menu: not that there are several, which is seen."""
    return "" if error.exit_code == 2 else error.detail


def _data(account: XAccount) -> dict[str, str | None]:
    return {
        "id": account.id,
        "xUserId": account.x_user_id,
        "xUsername": account.username,
        "health": account.health,
    }
