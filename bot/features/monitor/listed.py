"""`monitor list`: what is watched, accounts, searches and tweets, by name."""

from __future__ import annotations

from typing import Final

from bot.cards.monitors import monitors_note, monitors_table
from bot.core.chat.cards import Block, line
from bot.core.commands.declaring import NoArgs
from bot.core.commands.listing import Column, Listing, PageRows, page_of
from bot.core.messages.message import msg
from bot.features.services import CommandCall
from bot.features.shared.finding_monitors import every_monitor, kind_of, watches
from bot.features.shared.monitor_starts import bill_of
from bot.xquik.models import AnyMonitor, moment


async def monitors(call: CommandCall, _args: NoArgs, cursor: str, size: int) -> PageRows[AnyMonitor]:
    """A page of all there are: what the active ones cost in sum is said on each."""
    xquik = await call.xquik()
    everything = await every_monitor(xquik)
    active = sum(one.is_active for one in everything)
    note = monitors_note(active, (await bill_of(call)).hourly)
    return page_of(everything, _key, cursor, size, note=note)


def _key(monitor: AnyMonitor) -> tuple[str, str, str]:
    """Accounts before searches before tweets, each by what is watched. Ids of two sorts may be equal."""
    return kind_of(monitor), watches(monitor).casefold(), monitor.id


async def draw(_call: CommandCall, _args: NoArgs, rows: PageRows[AnyMonitor]) -> tuple[Block, ...]:
    """A table of them."""
    return (monitors_table(rows.items),)


MONITORS: Final = Listing(
    title=lambda _args: msg("Monitors"),
    fetch=monitors,
    identity=lambda monitor: f"{kind_of(monitor)} {monitor.id}",
    draw=draw,
    empty=lambda _args: line(msg("No monitors yet. Watch an account with `monitor add nasa`.")),
    size=15,
    columns=(
        Column("id", lambda monitor: monitor.id),
        Column("kind", kind_of),
        Column("watches", watches),
        Column("name", lambda monitor: monitor.name),
        Column("active", lambda monitor: monitor.is_active),
        Column("paused_reason", lambda monitor: monitor.paused_reason),
        Column("events", lambda monitor: " ".join(monitor.event_types)),
        Column("created_at", lambda monitor: moment(monitor.created_at)),
    ),
)
