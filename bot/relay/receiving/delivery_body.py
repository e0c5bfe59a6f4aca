"""The JSON of a delivery, of the stream or of `GET /events`, as an event. Pure.

Three shapes of the same thing are read: the older webhook body `{eventType, data, timestamp}`, the
newer one with `streamEventId, deliveryId, occurredAt, username?, query?`, and the event of the API
with `id, type`. Types of values are not trusted: whatever is not as documented is left out, and what
goes into an indexed column is bounded. Nothing is dropped for being unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.core.events import TEST_TYPE, IncomingEvent
from bot.xquik.json_text import decode

# The widths of the columns (bot.storage.tables.events) and of X's own limits.
TYPE_LIMIT = 80
USERNAME_LIMIT = 40
QUERY_LIMIT = 600
# Real events nest about six deep; whatever reads the data later must not run out of stack.
DEPTH_LIMIT = 64
_ID_LIMIT = 60
_UNKNOWN_TYPE = "unknown"
# Seconds; a moment further ahead than clocks differ is taken for "now".
_AHEAD = 300.0
# Numbers above this are milliseconds: as seconds they would lie beyond the year 5000.
_MILLISECONDS_FROM = 1e11


class NotAnEventError(ValueError):
    """The body is not a JSON object that can be kept."""


@dataclass(frozen=True, slots=True)
class Body:
    """A delivery read. event: None for `webhook.test`. data: `event.data` as JSON text.
    digest: SHA-256 of the raw bytes."""

    event: IncomingEvent | None
    data: str
    digest: bytes


def read_body(raw: bytes, received_at: float) -> Body:
    """The event in the raw bytes of a delivery; NotAnEventError for what is no JSON object.

    received_at: epoch seconds, taken where the event does not say when it happened.
    """
    digest = hashlib.sha256(raw).digest()
    try:
        content = decode(raw)
        if not isinstance(content, dict):
            raise NotAnEventError("the body is not a JSON object")
        if raw.count(b"{") + raw.count(b"[") > DEPTH_LIMIT:
            _check_depth(content)
        if _type(content) == TEST_TYPE:
            return Body(None, "", digest)
        event = to_event(content, received_at, digest)
        return Body(event, msgspec.json.encode(event.data).decode(), digest)
    except NotAnEventError:
        raise
    except (ValueError, RecursionError) as error:
        # DecodeError and UnicodeDecodeError are ValueErrors; RecursionError is deep nesting.
        raise NotAnEventError("the body is not JSON") from error


def _check_depth(content: object) -> None:
    level = [content]
    for _ in range(DEPTH_LIMIT):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return
        level = inner
    raise NotAnEventError("the body is nested too deeply")


def to_event(content: Mapping[str, Any], received_at: float, digest: bytes) -> IncomingEvent:
    """The event in decoded JSON, of any of the three shapes."""
    data = content.get("data")
    if not isinstance(data, dict):
        data = {} if data is None else {"value": data}
    return IncomingEvent(
        type=_type(content),
        username=_username(content, data),
        query=_text(content.get("query"), QUERY_LIMIT),
        occurred_at=_moment(content, received_at),
        data=data,
        identity=_identity(content, digest),
    )


def _identity(content: Mapping[str, Any], digest: bytes) -> str:
    stream = _identifier(content.get("streamEventId"))
    if stream is None and "eventType" not in content:
        stream = _identifier(content.get("id"))  # an event of the API
    if stream is not None:
        return f"e:{stream}"
    delivery = _identifier(content.get("deliveryId"))
    return f"d:{delivery}" if delivery is not None else f"h:{digest.hex()}"


def _identifier(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_ID_LIMIT else ""
    if not isinstance(value, str):
        return None
    plain = value.isascii() and value.isprintable() and 0 < len(value) <= _ID_LIMIT
    return value if plain else None


def _type(content: Mapping[str, Any]) -> str:
    return _text(content.get("eventType", content.get("type")), TYPE_LIMIT) or _UNKNOWN_TYPE


def _username(content: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    name = _handle(content.get("username"))
    if name is not None or content.get("query") is not None:
        return name
    # The older shape names the account inside the data only.
    candidates = [data.get("username"), data.get("authorUsername")]
    author = data.get("author")
    if isinstance(author, dict):
        candidates += [author.get("username"), author.get("userName")]
    return next((found for value in candidates if (found := _handle(value))), None)


def _handle(value: object) -> str | None:
    name = _text(value, USERNAME_LIMIT + 1)
    return name.lstrip("@")[:USERNAME_LIMIT] or None if name else None


def _text(value: object, limit: int) -> str | None:
    """Text that any database takes: PostgreSQL stores no NUL."""
    if not isinstance(value, str):
        return None
    if len(value) > limit or "\x00" in value:
        value = value[: limit * 2].replace("\x00", "").strip()[:limit]
    return value.strip() or None


def _moment(content: Mapping[str, Any], received_at: float) -> float:
    value = content.get("occurredAt", content.get("timestamp"))
    at: float | None = None
    if isinstance(value, str) and len(value) <= 40:
        at = _from_iso(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        at = float(value) if abs(value) < _MILLISECONDS_FROM**2 else None
        if at is not None and at > _MILLISECONDS_FROM:
            at /= 1000
    if at is None or not 0 <= at <= received_at + _AHEAD:
        return received_at
    return at


def _from_iso(value: str) -> float | None:
    try:
        moment = datetime.fromisoformat(value)
        # Without a zone it is UTC, as everywhere in the API.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
