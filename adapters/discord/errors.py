"""What Discord's refusals mean for a message that was to be posted.

Codes: Discord's table of JSON error codes.
"""

from __future__ import annotations

from typing import Final

import aiohttp
import discord

from adapters.discord.rest import LOST
from bot.core.chat.delivery_results import Busy, DeliveryResult, Gone, Refused, Unknown
from bot.core.messages.message import msg

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_WEBHOOK: Final = 10015
UNKNOWN_INTERACTION: Final = 10062
ALREADY_PUBLISHED: Final = 40033
FORUM_MESSAGE: Final = 40058
ALREADY_ANSWERED: Final = 40060
TAG_NEEDED: Final = 40067
NO_TEXT_CHANNEL: Final = 50008
LACKS_PERMISSION: Final = 50013
WRONG_CHANNEL_KIND: Final = 50024
INVALID_TOKEN: Final = 50027
INVALID_BODY: Final = 50035
THREAD_ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
# What Discord says where no messages are taken; a forum takes posts.
NO_MESSAGES_THERE: Final = frozenset({FORUM_MESSAGE, NO_TEXT_CHANNEL, WRONG_CHANNEL_KIND})

_REINVITE: Final = msg("Invite the bot to this server; its earlier settings are kept for 30 days.")
_GONE: Final = {
    10003: Gone(msg("The channel was deleted."), msg("Choose another channel with `relay edit`.")),
    10004: Gone(msg("The bot is not in this server."), _REINVITE),
    10008: Gone(msg("The message was deleted.")),
    10013: Gone(msg("That person is no longer on Discord.")),
    FORUM_MESSAGE: Gone(
        msg("Nothing can be posted in a channel of that kind."), msg("Choose another channel.")
    ),
    TAG_NEEDED: Gone(
        msg("That forum needs a tag."), msg("Put one of the forum's tags on the route, then resume.")
    ),
    50001: Gone(
        msg("The bot cannot see that channel."),
        msg("Give the bot's role View Channel and Send Messages in the channel's settings, then resume."),
    ),
    50005: Gone(msg("The message is not the bot's, so the bot cannot change it.")),
    50007: Gone(
        msg("That person does not accept direct messages from this server."),
        msg("They can allow direct messages in the server's privacy settings."),
    ),
    NO_TEXT_CHANNEL: Gone(
        msg("Nothing can be posted in a channel of that kind."), msg("Choose a text channel or a thread.")
    ),
    LACKS_PERMISSION: Gone(
        msg("The bot may not post in that channel."),
        msg(
            "Give the bot's role Send Messages (in threads: Send Messages in Threads) and, for files, "
            "Attach Files in the channel's settings, then resume."
        ),
    ),
    WRONG_CHANNEL_KIND: Gone(
        msg("Nothing can be posted in a channel of that kind."), msg("Choose a text channel or a thread.")
    ),
    THREAD_ARCHIVED: Gone(
        msg("The thread is archived and locked."), msg("Unlock the thread, or choose another channel.")
    ),
    160005: Gone(msg("The thread is locked."), msg("Unlock the thread, or choose another channel.")),
}
# Seconds to wait when Discord does not say. A refused token or a ban of our address does not pass
# by itself soon, and every further try counts towards a longer ban.
_SOON, _LATER = 5.0, 600.0
TOO_MANY_THREADS: Final = frozenset({160006, 160007})  # of active threads, and of those of announcements


def said_by_discord(error: BaseException) -> str | None:
    """What Discord, or the way to it, did, in one line; None for what is a mistake of ours: then Discord
    found fault with how a request was made, or it was never made."""
    match error:
        case discord.RateLimited():
            return f"Discord's rate limit, for {error.retry_after:.0f} s more"  # no message: for the log
        case discord.HTTPException() if error.status != 400 or error.code == ALREADY_ANSWERED:
            return f"{error.status} {error.code}: {error.text[:200]}"
        case discord.GatewayNotFound():
            return "Discord did not say where its gateway is"  # no message: for the log
        case discord.ConnectionClosed():
            return f"Discord closed the connection ({error.code})"  # no message: for the log
        case OSError() | aiohttp.ClientError() | TimeoutError():
            return type(error).__name__
        case _:
            return None


def before_sending(error: BaseException) -> DeliveryResult:
    """What a request that only asked for something has to say for the message that was to follow it:
    that one was not sent."""
    result = result_of(error)
    return Busy(_SOON, result.detail) if isinstance(result, Unknown) else result


def result_of(error: BaseException) -> DeliveryResult:
    """What became of the message, from what the request raised; anything unforeseen is raised again."""
    if isinstance(error, discord.RateLimited):
        return Busy(error.retry_after, msg("Discord's rate limit"))
    if isinstance(error, discord.HTTPException):
        return _refusal(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Busy(_SOON, msg("Discord could not be reached"))
    if isinstance(error, LOST):
        return Unknown(msg("{kind}: the answer was lost", kind=type(error).__name__))
    raise error


def _refusal(error: discord.HTTPException) -> DeliveryResult:
    known = _GONE.get(error.code)
    if known is not None:
        return known
    said = f"{error.status} {error.code}: {error.text[:300]}"
    if error.code in TOO_MANY_THREADS:
        return Busy(_LATER, msg("the server has as many active threads as Discord allows"))
    if error.status == 429:
        return Busy(_asked(error), msg("Discord's rate limit"))
    if error.status == 401:
        return Busy(_LATER, msg("Discord did not accept the bot's token"))
    if error.status == 503:
        return Busy(_SOON, said)
    if error.status >= 500:
        return Unknown(said)
    if error.status in (403, 404):
        refused = msg("Discord refused ({said}).", said=said)
        return Gone(refused, msg("Check the bot's permissions in the channel."))
    return Refused(said)


def _asked(error: discord.HTTPException) -> float:
    """The seconds of Retry-After; a 429 without one comes from the proxy before Discord: a ban."""
    try:
        return max(0.1, float(error.response.headers.get("Retry-After", "")))
    except ValueError:
        return _LATER
