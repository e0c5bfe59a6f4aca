"""Discord's own notation turned back into what the person saw, before the core gets a text.

What is typed into an option comes with mentions as ids, and may hold moments and addresses in angle brackets.
Emoji of Discord's own have no character: they stay as they are, and a preview warns of them. Options that
name a channel or a role keep its id. Source: docs.discord.com/developers/reference#message-formatting.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Values
from bot.core.commands.declaring import Command, OptionKind, Parameter
from bot.core.tasks import cancelled

# At most so many people, roles and channels of one command are looked up, and for so long: an interaction
# has to be answered within three seconds.
LOOKED_UP: Final = 10
SECONDS: Final = 1.0

_TOKEN: Final = re.compile(
    r"<(?:(?P<mention>@!?|@&|\#)(?P<id>\d{5,25})(?:\|[^<>\n]{0,200})?"
    r"|t:(?P<at>-?\d{1,13})(?::[a-zA-Z])?"
    r"|/(?P<command>[^<>:\n]{1,100}):\d{5,25}"
    r"|(?P<url>https?://[^<>\s]{1,2000}))>",
    re.ASCII,
)


class ServerNames(Protocol):
    """What things of a server are called; None where Discord does not tell."""

    async def person(self, tenant: TenantId, user: str) -> str | None: ...
    async def role(self, tenant: TenantId, role: str) -> str | None: ...
    async def channel_name(self, tenant: TenantId, channel: str) -> str | None: ...


async def values_seen(
    command: Command[Any],
    values: Values,
    resolved: Mapping[str, Any],
    names: ServerNames,
    tenant: TenantId,
) -> dict[str, tuple[str, ...]]:
    """The values of a slash command as the person saw them. resolved: what Discord sent along."""
    if not any("<" in given for items in values.values() for given in items):
        return {name: tuple(items) for name, items in values.items()}
    kinds = {parameter.name: parameter for parameter in command.parameters}
    texts = [given for name, items in values.items() if _is_text(kinds.get(name)) for given in items]
    wanted = dict.fromkeys(
        (match["mention"].rstrip("!"), match["id"])
        for text in texts
        for match in _TOKEN.finditer(text)
        if match["mention"]
    )
    told = {one: name for one in wanted if (name := _sent_along(*one, resolved))}
    told |= await _looked_up([one for one in wanted if one not in told], names, tenant)
    return {
        name: tuple(_seen(given, told) if _is_text(kinds.get(name)) else given for given in items)
        for name, items in values.items()
    }


def _is_text(parameter: Parameter | None) -> bool:
    return parameter is not None and parameter.kind is OptionKind.STRING and not parameter.verbatim


def _sent_along(mention: str, identity: str, resolved: Mapping[str, Any]) -> str | None:
    def found(kind: str) -> Mapping[str, Any]:
        one = (resolved.get(kind) or {}).get(identity)
        return one if isinstance(one, Mapping) else {}

    match mention:
        case "@":
            user = found("users")
            return found("members").get("nick") or user.get("global_name") or user.get("username")
        case "@&":
            return found("roles").get("name")
        case _:
            return found("channels").get("name")


async def _looked_up(
    wanted: Sequence[tuple[str, str]], names: ServerNames, tenant: TenantId
) -> dict[tuple[str, str], str]:
    told: dict[tuple[str, str], str] = {}

    async def ask(mention: str, identity: str) -> None:
        look_up = {"@": names.person, "@&": names.role, "#": names.channel_name}[mention]
        if name := await look_up(tenant, identity):
            told[mention, identity] = name

    if wanted:
        asked = [asyncio.create_task(ask(*one)) for one in wanted[:LOOKED_UP]]
        await cancelled(asked, grace=SECONDS)
    return told


def _seen(text: str, told: Mapping[tuple[str, str], str]) -> str:
    def shown(match: re.Match[str]) -> str:
        if match["mention"]:
            mention = match["mention"].rstrip("!")
            name = told.get((mention, match["id"]))
            return match[0] if name is None else f"{mention[0]}{name.removeprefix('@')}"
        if match["at"]:
            return _moment(match["at"]) or match[0]
        return f"/{match['command']}" if match["command"] else str(match["url"])

    return _TOKEN.sub(shown, text)


def _moment(at: str) -> str | None:
    """A moment of Discord's, which everybody sees in their own zone, in one that can be said."""
    try:
        return f"{datetime.fromtimestamp(int(at), UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return None
