"""A monitor by what it watches, or by its id."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import assert_never

from bot.core.errors import NotFound, UsageError
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import msg
from bot.core.routes.monitor_starts import Sort
from bot.core.text.nearest import names_close_to
from bot.core.text.sameness import same
from bot.core.text.shortening import cut
from bot.core.x.references import parse_tweet_ref, parse_username
from bot.features.services import CommandCall
from bot.xquik.client import XquikClient
from bot.xquik.models import AnyMonitor, KeywordMonitor, Monitor, PostMonitor


def kind_of(monitor: AnyMonitor) -> Sort:
    """Of what it is a monitor."""
    match monitor:
        case Monitor():
            return "account"
        case KeywordMonitor():
            return "keyword"
        case PostMonitor():
            return "post"
        case _:
            assert_never(monitor)


def watches(monitor: AnyMonitor) -> str:
    """The account, the search, or the id of the tweet."""
    match monitor:
        case Monitor():
            return monitor.username
        case KeywordMonitor():
            return monitor.query
        case PostMonitor():
            return monitor.post_id
        case _:
            assert_never(monitor)


async def changed(
    xquik: XquikClient,
    monitor: AnyMonitor,
    *,
    event_types: Sequence[str] | None = None,
    name: str | None = None,
) -> AnyMonitor:
    """The monitor after a change at Xquik; it is on or off as before. name: "" takes it away."""
    return await xquik.watching(monitor).update(monitor.id, event_types=event_types, name=name)


async def paused(xquik: XquikClient, monitor: AnyMonitor) -> AnyMonitor:
    """The monitor, off."""
    return await xquik.watching(monitor).update(monitor.id, is_active=False)


async def every_monitor(xquik: XquikClient) -> tuple[AnyMonitor, ...]:
    """All there are, accounts before searches before tweets."""
    accounts, searches, posts = await asyncio.gather(
        xquik.monitors.list(), xquik.keyword_monitors.list(), xquik.post_monitors.list()
    )
    return (*accounts, *searches, *posts)


async def find_monitor(
    call: CommandCall, xquik: XquikClient, wanted: str
) -> tuple[AnyMonitor, list[AnyMonitor]]:
    """The monitor by its id or name, or by what it watches, and all others. Ids of different sorts may be
    equal: accounts win. An account is found by a username that it had, too."""
    there = list(await every_monitor(xquik))
    monitors = [one for one in there if isinstance(one, Monitor)]
    keywords = [one for one in there if isinstance(one, KeywordMonitor)]
    posts = [one for one in there if isinstance(one, PostMonitor)]
    name = _account_name(wanted)
    known = (await call.services.relay.names.of_tenant(call.tenant)).formerly(name)
    found: AnyMonitor | None = next(
        (one for one in monitors if one.id == wanted or one.username.casefold() == name), None
    )
    if found is None:
        found = next((one for one in keywords if one.id == wanted or same(one.query, wanted)), None)
    if found is None:
        tweet = _tweet_id(wanted)
        found = next((one for one in posts if wanted == one.id or tweet == one.post_id), None)
    if found is None:
        found = next((one for one in there if one.name and same(one.name, wanted)), None)
    if found is None and known is not None:
        found = next((one for one in monitors if one.x_user_id == known.id), None)
    if found is None:
        raise _nothing_called(wanted, there)
    return found, [one for one in there if one is not found]


def _nothing_called(wanted: str, there: Sequence[AnyMonitor]) -> NotFound | UsageError:
    """The error for what is not watched, with the name that was meant, or what stands behind it."""
    names = [one.name or watches(one) if isinstance(one, PostMonitor) else watches(one) for one in there]
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


def _tweet_id(wanted: str) -> str | None:
    """The id of the tweet in a link, or in digits; None for what is none."""
    try:
        return parse_tweet_ref(wanted).id
    except ValueError:
        return None
