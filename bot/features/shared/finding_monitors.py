"""A monitor by what it watches, or by its id."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias

from bot.core.errors import NotFound, UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg
from bot.core.text.nearest import names_close_to
from bot.core.text.sameness import same
from bot.core.text.shortening import cut
from bot.core.x.references import parse_username
from bot.features.services import CommandCall
from bot.xquik.client import XquikClient
from bot.xquik.models import KeywordMonitor, Monitor

AnyMonitor: TypeAlias = Monitor | KeywordMonitor
"""Of an account, or of a search."""


async def find_monitor(
    call: CommandCall, xquik: XquikClient, wanted: str
) -> tuple[AnyMonitor, list[AnyMonitor]]:
    """The monitor by id, account or search, and all others. Ids of the two sorts may be equal: accounts win.
    An account is found by a username that it had, too."""
    monitors, keywords = await asyncio.gather(xquik.monitors.list(), xquik.keyword_monitors.list())
    name = _account_name(wanted)
    known = (await call.services.relay.names.of_tenant(call.tenant)).formerly(name)
    there: list[AnyMonitor] = [*monitors, *keywords]
    found: AnyMonitor | None = next(
        (one for one in monitors if one.id == wanted or one.username.casefold() == name), None
    )
    if found is None:
        found = next((one for one in keywords if one.id == wanted or same(one.query, wanted)), None)
    if found is None and known is not None:
        found = next((one for one in monitors if one.x_user_id == known.id), None)
    if found is None:
        raise _nothing_called(wanted, there)
    return found, [one for one in there if one is not found]


def _nothing_called(wanted: str, there: Sequence[AnyMonitor]) -> NotFound | UsageError:
    """The error for what is not watched, with the name that was meant, or what stands behind it."""
    names = [one.username if isinstance(one, Monitor) else one.query for one in there]
    words = wanted.split()
    if len(words) > 1 and words[-1].partition(":")[0].isalpha() and ":" in words[-1]:
        begun = " ".join(words[:-1])
        if any(same(name, begun.lstrip("@")) for name in names):
            return UsageError(
                msg(
                    "{word} behind {before} is no option: this command takes only what is watched.",
                    word=repr(cut(words[-1], 40)),
                    before=repr(cut(begun, 40)),
                ),
                option="monitor",
                example="monitor list",
            )
    close = names_close_to(wanted.strip().lstrip("@"), names)
    why = msg("Nothing called {name} is watched here.", name=repr(cut(wanted, 60)))
    hint = msg("Did you mean {name}?", name=repr(close[0])) if close else ""
    return NotFound(sentences(why, hint), remedy=msg("`monitor list` shows what is."))


def _account_name(wanted: str) -> str:
    """The account in a name, mention or link, folded; the text itself where it is none."""
    try:
        return str(parse_username(wanted)).casefold()
    except ValueError:
        return wanted.strip().casefold()
