"""Reading what the page sends, and refusing what it never would."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request

from bot.core.chat.actions import ActionRef
from bot.core.http.languages import first_language
from bot.core.messages.message import Message, msg
from bot.core.times.zones import told_zone

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_LONGEST_ZONE = 64  # characters; the longest name has 32
_LONGEST_GIVEN = 500  # characters


class Refusal(Exception):
    """A request the page should not have made, or can do better. status: the HTTP one."""

    def __init__(self, status: int, error: str, message: Message) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message


async def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object."""
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Refusal(400, "json", msg("That is not JSON.")) from None
    if not isinstance(data, dict):
        raise Refusal(400, "json", msg("Send a JSON object."))
    return data


def text_of(data: Mapping[str, Any], name: str, longest: int, called: str = "") -> str:
    """A text of at most `longest` characters. called: what people call it, where they wrote it."""
    value = data.get(name)
    if not isinstance(value, str):
        raise Refusal(400, name, msg("“{name}” must be text.", name=name))
    if len(value) > longest:
        raise Refusal(
            400,
            name,
            msg(
                "{what} is {length} characters long; the limit is {limit}.",
                what=called or f"“{name}”",
                length=len(value),
                limit=longest,
            ),
        )
    return value


def given_in(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What stands in the other options while one is typed; what is no short text counts for nothing."""
    given = data.get("given")
    pairs = given.items() if isinstance(given, dict) else ()
    return {
        name: (text,) for name, text in pairs if isinstance(text, str) and 0 < len(text) <= _LONGEST_GIVEN
    }


def message_of(data: Mapping[str, Any], name: str = "message") -> int:
    """The number of a message."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise Refusal(400, name, msg("“{name}” must be the number of a message.", name=name))
    return value


def action_of(data: Mapping[str, Any]) -> ActionRef:
    """The action of a button or form."""
    ref = ActionRef.parse(text_of(data, "action", 120))
    if ref is None:
        raise Refusal(400, "action", msg("That is not an action of this bot."))
    return ref


def channel_name(given: str) -> str:
    """The name of a new channel, as people write one."""
    name = re.sub(r"\s+", "-", given.strip().removeprefix("#").lower())
    if not _CHANNEL.fullmatch(name):
        raise Refusal(
            400,
            "name",
            msg("Use up to 40 letters a–z, digits, - and _, starting with a letter or digit."),
        )
    return name


def locale_of(headers: Headers) -> str:
    """The language the browser asks for first, as BCP 47."""
    return first_language(headers.get("accept-language", ""))


def shown_in(headers: Headers) -> str:
    """The language that the page speaks, as BCP 47; that of the browser before the page knows."""
    return first_language(headers.get("x-language") or headers.get("accept-language", ""))


def zone_of(request: Request) -> str:
    """The timezone of the browser, an IANA name; "" where it sends none, or something else."""
    return told_zone(request.headers.get("x-timezone", "")[:_LONGEST_ZONE])


def number_of(given: str) -> int | None:
    """A positive number out of a query or header; None for anything else."""
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 19 else None
