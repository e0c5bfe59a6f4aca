"""Whether Slack takes a token of the settings: asked at the start and by `xquik-bot check`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.errors import code_of
from bot.core.errors import NotConfigured, UpstreamUnavailable
from bot.core.messages.message import msg

T = TypeVar("T")

# What Slack answers to a token that no waiting will make good.
_BAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
    | {"not_allowed_token_type", "missing_scope", "no_permission"}
)


class SlackUnreachable(UpstreamUnavailable):
    """Slack gave no answer that says anything of a token; a later try may."""

    title = msg("Slack could not be reached")
    default_remedy = msg("Check the network, the proxy and slack.api_url.")


async def accepted(name: str, call: Awaitable[T]) -> T:
    """What Slack answers. name: of the setting whose token the call carries. NotConfigured when Slack
    refuses the token for good, SlackUnreachable when it says nothing of it now."""
    try:
        return await call
    except SlackApiError as error:
        code = code_of(error)
        if code in _BAD_TOKEN:
            raise NotConfigured(
                f"Slack does not accept {name} ({code}).",
                remedy=f"Copy the token again from the app's settings at Slack and put it into {name}.",
            ) from None
        raise SlackUnreachable(f"{name} could not be checked ({code or 'no answer'}).") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SlackUnreachable(f"{name} could not be checked ({type(error).__name__}).") from None
