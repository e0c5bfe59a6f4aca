"""What another Xquik account than the one before means for a place: what goes on there, what stops here."""

from __future__ import annotations

import asyncio

import msgspec

from bot.core.chat.cards import Bold, Line, line
from bot.core.errors import BotError, KeyRejected
from bot.core.messages.message import msg, nmsg
from bot.core.x.prices import MONITOR_PER_HOUR
from bot.features.services import CommandCall
from bot.features.shared.fed_routes import unfed, unfed_words
from bot.xquik.client import XquikClient
from bot.xquik.models import AnyMonitor


class AccountSeen(msgspec.Struct, frozen=True):
    """What tells an Xquik account from another, since it does not say who it is: its monitors and its X
    accounts. trouble: why it could not be asked, None where it could."""

    monitors: tuple[AnyMonitor, ...] = ()
    x_accounts: frozenset[str] = frozenset()
    hourly: int = MONITOR_PER_HOUR
    trouble: BotError | None = None

    @property
    def running(self) -> tuple[AnyMonitor, ...]:
        """The monitors that cost."""
        return tuple(one for one in self.monitors if one.is_active)

    def is_other(self, than: AccountSeen) -> bool:
        """Whether they are two: each has something, and nothing is in both."""
        own, others = self._ids(), than._ids()
        return bool(own) and bool(own - others) and not own & others

    def _ids(self) -> frozenset[str]:
        return self.x_accounts | {f"{type(one).__name__} {one.id}" for one in self.monitors}


async def seen(xquik: XquikClient) -> AccountSeen:
    """The account of a key, as it stands. Free."""
    try:
        monitors, searches, posts, connected, account = await asyncio.gather(
            xquik.monitors.list(),
            xquik.keyword_monitors.list(),
            xquik.post_monitors.list(),
            xquik.x_accounts.list(),
            xquik.account.show(),
        )
    except BotError as error:
        return AccountSeen(trouble=error)
    billing = account.monitor_billing
    hourly = (billing and billing.credits_per_active_monitor_hour) or MONITOR_PER_HOUR
    return AccountSeen((*monitors, *searches, *posts), frozenset(one.id for one in connected), hourly)


async def moved_words(call: CommandCall, former: AccountSeen | None, now: AccountSeen) -> list[Line]:
    """What is to be known where the key is of another account than the one before; nothing where it is the
    first, or of the same. former: the account of the key before."""
    if former is None or now.trouble is not None:
        return []
    if former.trouble is not None:
        if isinstance(former.trouble, KeyRejected):
            said = msg(
                "Xquik no longer knew the key before. If it was of another account, its monitors go on and "
                "cost credits: the Xquik dashboard shows them."
            )
        else:
            said = msg(
                "The account of the key before could not be asked. If it is another, its monitors go on "
                "and cost credits: the Xquik dashboard shows them."
            )
        return [line(said)]
    if not former.is_other(now):
        return []
    notes: list[Line] = [line(Bold(msg("This is another Xquik account than before.")), " ", _numbers())]
    if former.running:
        notes.append(
            line(
                nmsg(
                    "{n} monitor goes on in the account before, for {credits} credits an hour. The Xquik "
                    "dashboard stops it, or its key entered here again and `monitor pause`.",
                    "{n} monitors go on in the account before, for {credits} credits an hour. The Xquik "
                    "dashboard stops them, or its key entered here again and `monitor pause`.",
                    n=len(former.running),
                    credits=former.hourly * len(former.running),
                )
            )
        )
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    if told := unfed_words(unfed(routes, now.monitors)):
        notes.append(line(*told, " ", msg("`monitor add` watches here what they take.")))
    return notes


def _numbers() -> str:
    return msg("Numbers like #1, of draws, drafts and extractions, are of the account before.")
