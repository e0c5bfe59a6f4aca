"""`monitor post`: watch a single tweet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from bot.cards.monitors import monitor_card
from bot.core.chat.answers import Answer, Reply
from bot.core.commands.declaring import Option
from bot.core.commands.presets import SETTING_AT_XQUIK, command
from bot.core.commands.price_list import MONITOR as MONITOR_PRICE
from bot.core.messages.message import msg
from bot.core.routes.monitor_starts import Start
from bot.core.x.references import TweetRef
from bot.features.services import CommandCall
from bot.features.shared.event_types import DEFAULT_POST_EVENTS, PostReportedOption
from bot.features.shared.monitor_starts import (
    bill_of,
    propose_start,
    resuming,
    unrouted_of,
)
from bot.relay.receiving.monitor_types import post_types_asked

LONGEST_NAME: Final = 60
"""Characters of what a monitor is called."""


MonitorNameOption: TypeAlias = Annotated[
    str, Option("What to call it, as in events of it", max_length=LONGEST_NAME)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTweetArgs:
    """Which tweet, and for what."""

    tweet: Annotated[TweetRef, Option("The tweet to watch: its link or id", main=True, suggest="tweets")]
    events: PostReportedOption = ()
    name: MonitorNameOption = ""


async def post(call: CommandCall, args: WatchTweetArgs) -> Answer:
    """Watch a tweet, after Confirm; one that is watched already is used as it is."""
    xquik = await call.xquik()
    routes = await call.services.relay.routes.of_tenant(call.tenant)
    found = next((one for one in await xquik.post_monitors.list() if one.post_id == args.tweet.id), None)
    if found is None:
        wanted = tuple(sorted(args.events or DEFAULT_POST_EVENTS))
        return await propose_start(call, [Start("post", args.tweet.id, wanted, name=args.name)])
    more = {*args.events, *post_types_asked(routes, found)}
    if not found.is_active:
        return await propose_start(call, [resuming(found, tuple(more), name=args.name)])
    types = sorted({*found.event_types, *more}) if more - {*found.event_types} else None
    name = args.name or None
    if types is not None or (name is not None and name != found.name):
        found = await xquik.post_monitors.update(found.id, event_types=types, name=name)
    await call.services.monitor_uses.use(call.tenant, "post", found.id)
    hourly = (await bill_of(call)).hourly
    return Reply(
        monitor_card(found, msg("Already watching this tweet"), unrouted_of(routes, found), hourly=hourly)
    )


POST: Final = command(
    "monitor post",
    post,
    SETTING_AT_XQUIK,
    "Watch one tweet: replies, likes, edits; asks first",
    "monitor post https://x.com/xquik/status/1893456789012345678",
    cost=MONITOR_PRICE,
    operations=("POST /monitors/posts",),
)
