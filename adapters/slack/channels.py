"""Finding a channel of a workspace by its id or name."""

from __future__ import annotations

import aiohttp
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of, outcome
from adapters.slack.inline import CHANNEL_ID
from adapters.slack.sole_token import NotInstalled
from adapters.slack.tokens import Tokens
from bot.core.chat.delivery_results import Busy, Gone
from bot.core.chat.ids import TenantId
from bot.core.chat.places import ChannelRef
from bot.core.clocks import Monotonic
from bot.core.errors import BotError, DestinationTrouble, RateLimited, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.core.ports import Channels

# conversations.list allows about 20 calls a minute, so a listing is kept for a while.
SECONDS = 60.0
WORKSPACES = 200
# A listing younger than this is not asked for again, whatever name was not in it.
FRESH = 5.0
_PAGE = 1000
_PAGES = 50


class SlackChannels(Channels):
    """A `Channels`: public channels, and the private ones that the bot is in."""

    def __init__(self, tokens: Tokens, ticks: Monotonic) -> None:
        self._tokens = tokens
        self._names: TTLCache[str, dict[str, str]] = TTLCache(WORKSPACES, SECONDS, ticks)
        self._fresh: TTLCache[str, bool] = TTLCache(WORKSPACES, FRESH, ticks)

    async def channel(self, tenant: TenantId, wanted: ChannelRef) -> ChannelRef | None:
        """The channel, or None when there is none that the bot can see.

        Raises DestinationTrouble when the app is gone from the workspace, RateLimited and
        UpstreamUnavailable when Slack cannot be asked now.
        """
        try:
            client = await self._tokens.client(tenant)
            if CHANNEL_ID.fullmatch(wanted.id):
                return await _by_id(client, wanted.id)
            return await self._by_name(client, tenant, wanted.id.removeprefix("#").casefold())
        except (SlackApiError, NotInstalled, aiohttp.ClientError, TimeoutError) as error:
            raise _trouble(error) from error

    async def _by_name(self, client: AsyncWebClient, tenant: TenantId, name: str) -> ChannelRef | None:
        names = self._names.get(tenant.workspace)
        if names is None or (name not in names and self._fresh.get(tenant.workspace) is None):
            # A name that is not in an older listing may be a channel made since.
            names = await _listing(client)
            self._names[tenant.workspace] = names
            self._fresh[tenant.workspace] = True
        found = names.get(name)
        return ChannelRef(found, name) if found else None


async def _by_id(client: AsyncWebClient, channel: str) -> ChannelRef | None:
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        if code_of(error) == "channel_not_found":
            return None
        raise
    return ChannelRef(channel, str(answer["channel"].get("name") or ""))


async def _listing(client: AsyncWebClient) -> dict[str, str]:
    """Ids by name."""
    names: dict[str, str] = {}
    cursor: str | None = None
    for _ in range(_PAGES):
        answer = await client.conversations_list(
            types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor
        )
        names.update({str(one["name"]).casefold(): str(one["id"]) for one in answer["channels"]})
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return names


def _trouble(error: BaseException) -> BotError:
    match outcome(error):
        case Gone(reason, remedy):
            return DestinationTrouble(reason, remedy=remedy)
        case Busy(seconds, _):
            asked = msg("Slack asks to wait before channels are looked up again.")
            return RateLimited(asked, retry_after=seconds)
        case _:
            return UpstreamUnavailable(msg("Slack did not say which channels there are."))
