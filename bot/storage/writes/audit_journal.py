"""Keeps the record of commands, buttons and proposals: `bot.core.commands.journal.Journal` over
`AuditLog`."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from cachetools import TTLCache
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.access import Actor
from bot.core.audit import AuditEntry, AuditEvent, proposal_mark
from bot.core.chat.ids import Destination, TenantId
from bot.core.chat.invocation import Invocation
from bot.core.clocks import Monotonic
from bot.core.commands.journal import WATCHED, Doing, Ended
from bot.core.errors import BotError, said_of_outage
from bot.core.policy import Deed
from bot.storage.writes.also_written import AlsoWritten
from bot.storage.writes.audit import AuditLog, Prepared
from bot.storage.writes.proposal_rows import StoredProposal

_LOG = logging.getLogger(__name__)
# Seconds within which the same refusal of the same person is one record: buttons are pressed again and again.
_AGAIN: Final = 60.0
_MOST_REMEMBERED: Final = 10_000
# The ids of direct messages and of persons in Slack begin so: a channel of one person is no place to tell.
_ALONE: Final = ("D", "U", "W")


class AuditJournal:
    """See the module. monotonic: seconds from any start."""

    def __init__(self, log: AuditLog, monotonic: Monotonic = time.monotonic) -> None:
        self._log = log
        self._refused: TTLCache[tuple[str, str, str], bool] = TTLCache(_MOST_REMEMBERED, _AGAIN, monotonic)

    async def refused(self, invocation: Invocation, deed: Deed) -> None:
        """Record an attempt at what needs PUBLISH or MANAGE; nothing of all else."""
        key = (str(invocation.tenant), invocation.actor.id, deed.command)
        if not deed.needs & WATCHED or key in self._refused:
            return
        self._refused[key] = True
        try:
            entry = _entry(invocation.place, AuditEvent.REFUSED, deed.command, "refused")
            await self._log.append(await self._prepared(invocation, entry))
        except BotError as error:
            _untold(error)

    def forget_refusals(self) -> None:
        """Record the next refusal of anybody again."""
        self._refused.clear()

    async def begun(self, invocation: Invocation, doing: Doing) -> Ended:
        """Note it; what ends it."""
        entry = _entry(invocation.place, doing.event, doing.command, "", credits=doing.credits)
        one = await self._prepared(invocation, entry, doing)
        named = await self._log.begin(one)

        async def ended(outcome: str | None) -> None:
            try:
                if outcome is None:
                    await self._log.withdraw(named)
                else:
                    await self._log.finish(named, one, outcome)
            except BotError as error:
                # It stays noted, and is recorded later as cut off.
                _untold(error)

        return ended

    async def of_proposal(
        self, tenant: TenantId, actor: Actor, event: AuditEvent, outcome: str = "ok"
    ) -> AlsoWritten:
        """What records a decision, or how what was decided ended, in the transaction that makes it so."""
        entry = AuditEntry(event, "", "", outcome)
        one = await self._log.prepared(tenant, actor.id, actor.display_name, entry)

        async def note(connection: AsyncConnection, stored: StoredProposal) -> None:
            await one.append(connection, _known(stored, event))

        return note

    async def _prepared(
        self, invocation: Invocation, entry: AuditEntry, doing: Doing | None = None
    ) -> Prepared:
        actor, tenant = invocation.actor, invocation.tenant
        people = () if doing is None else doing.people
        details = None if doing is None else doing.details
        return await self._log.prepared(tenant, actor.id, actor.display_name, entry, details, people)


def _known(stored: StoredProposal, event: AuditEvent) -> dict[str, Any]:
    """What is known of a proposal in the transaction that changes it: the estimate where it is confirmed, the
    charge where it ended."""
    result = stored.result or {}
    charged = stored.credits if event is AuditEvent.CONFIRMED else result.get("charged")
    action = result.get("write_action") or stored.write_action or ""
    return {
        "surface": _surface(stored.place),
        "command": stored.command,
        "kind": stored.kind,
        "proposal": proposal_mark(stored.id),
        **({"channel": channel} if (channel := _channel(stored.place)) else {}),
        **({"credits": charged} if isinstance(charged, int) else {}),
        **({"action": str(action)} if action else {}),
    }


def _entry(
    place: Destination, event: AuditEvent, command: str, outcome: str, credits: int | None = None
) -> AuditEntry:
    return AuditEntry(event, _surface(place), command, outcome, _channel(place), credits=credits)


def _surface(place: Destination) -> str:
    return place.tenant.platform if place.channel else "exec"


def _channel(place: Destination) -> str:
    alone = place.tenant.platform == "slack" and place.channel.startswith(_ALONE)
    return "" if alone else place.channel


def _untold(error: BotError) -> None:
    _LOG.warning("something was not recorded: %s", said_of_outage(error) or type(error).__name__)
