"""The JSON of a delivery, of the stream or of `GET /events`, as an event. Pure.

Three shapes of the same thing are read: the older webhook body `{eventType, data, timestamp}`, the
newer one with `streamEventId, deliveryId, occurredAt, username?, xUserId?, query?`, and the event of the API
with `id, type`. Types of values are not trusted: a field that is null is missing, one that is not as
documented is left out alone and the next that says the same is asked, and what goes into an indexed column
is bounded. Whatever is a JSON object is an event; nothing is dropped for being unknown. What has more
values than anybody reads is kept as the text that it was: looking into it would hold up everybody else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from bot.core.chat.ids import TenantId
from bot.core.routes.events import TEST_TYPE, Event, IncomingEvent
from bot.core.x.readings import digits
from bot.xquik.transport.json_text import decode, folded, with_whole_characters

# The widths of the columns (bot.storage.tables.events) and of X's own limits.
TYPE_LIMIT = 80
USERNAME_LIMIT = 40
QUERY_LIMIT = 600
# Real events nest about six deep; whatever reads the data later must not run out of stack.
DEPTH_LIMIT = 64
# What a body is looked into for. Real events have some hundred brackets; the longest tweet of X has 25,000
# characters, all of which may be quotes or commas.
BRACKETS_LIMIT = 6_000
VALUES_LIMIT = 60_000
_ID_LIMIT = 60
NOT_STORED = 0
_UNKNOWN_TYPE = "unknown"
_NOBODY: Mapping[str, Any] = {}
# The fields beside `data` that are read.
_READ = frozenset(
    {
        "schemaVersion",
        "streamEventId",
        "deliveryId",
        "eventType",
        "type",
        "id",
        "occurredAt",
        "timestamp",
        "username",
        "xUserId",
        "query",
        "monitorId",
        "monitorType",
        "postId",
        "authorId",
        "authorUsername",
        "data",
    }
)
# A text, also one that never ends: else each quote in it would be tried anew.
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
# Seconds; a moment further ahead than clocks differ is taken for "now".
_AHEAD = 300.0
# Numbers above this are milliseconds: as seconds they would lie beyond the year 5000.
_MILLISECONDS_FROM = 1e11


class NotAnEventError(ValueError):
    """The body is not a JSON object."""


class DeliveryBody(msgspec.Struct, frozen=True):
    """A delivery read. event: None for `webhook.test`. data: `event.data` as JSON text.
    digest: SHA-256 of the raw bytes."""

    event: IncomingEvent | None
    data: str
    digest: bytes


def read_body(raw: bytes, received_at: float) -> DeliveryBody:
    """The event in the raw bytes of a delivery; NotAnEventError for what is no JSON object.

    received_at: epoch seconds, taken where the event does not say when it happened.
    """
    digest = hashlib.sha256(raw).digest()
    try:
        content = _content(raw)
    except ValueError as error:  # msgspec's and UnicodeDecodeError are among them
        raise NotAnEventError("the body is not JSON") from error  # no message: Xquik reads it
    if not isinstance(content, dict):
        raise NotAnEventError("the body is not a JSON object")  # no message: Xquik reads it
    if _type(content) == TEST_TYPE:
        return DeliveryBody(None, "", digest)
    event = to_event(content, received_at, digest)
    return DeliveryBody(event, msgspec.json.encode(event.data).decode(), digest)


def listed_event(tenant: TenantId, raw: bytes, received_at: float) -> Event:
    """An event in the JSON of Xquik's list, as one that nothing here has stored: its id of ours is 0.

    NotAnEventError as of `read_body`.
    """
    content = _content(raw)
    if not isinstance(content, dict):
        raise NotAnEventError("the event is not a JSON object")  # no message: nobody reads it
    read = to_event(content, received_at, hashlib.sha256(raw).digest())
    return Event(
        id=NOT_STORED,
        tenant=tenant,
        type=read.type,
        username=read.username,
        query=read.query,
        occurred_at=read.occurred_at,
        received_at=received_at,
        data=read.data,
        identity=read.identity,
        account_id=read.account_id,
    )


def _content(raw: bytes) -> object:
    """What the body says, none of it deeper than `DEPTH_LIMIT`."""
    brackets = raw.count(b"{") + raw.count(b"[")
    if brackets > BRACKETS_LIMIT or max(raw.count(b'"'), raw.count(b",")) > VALUES_LIMIT:
        return _unread(raw)
    content = decode(raw)
    if brackets > DEPTH_LIMIT and _is_deep(content):
        content = decode(folded(raw, DEPTH_LIMIT))
    return content


def _unread(raw: bytes) -> object:
    """An object whose values are the text that they were, except for those that are short."""
    try:
        parts = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise NotAnEventError("the body is not a JSON object") from error  # no message: Xquik reads it
    except RecursionError:
        return _unclosed_or_text(raw)
    except msgspec.DecodeError:
        # Perhaps one half of a pair of UTF-16 is all that is wrong.
        parts = msgspec.json.decode(with_whole_characters(raw), type=dict[str, msgspec.Raw])
    return {name: _short(bytes(value)) for name, value in parts.items()}


def _short(value: bytes) -> object:
    few = value.count(b"{") + value.count(b"[") <= DEPTH_LIMIT and value.count(b",") <= BRACKETS_LIMIT
    return decode(value) if few or value.startswith(b'"') else value.decode("utf-8")


def _unclosed_or_text(raw: bytes) -> object:
    """What nests deeper than a parser goes, as one text; NotAnEventError where brackets are left open."""
    bare = _TEXT.sub(b"", raw)
    if bare.count(b"[") != bare.count(b"]") or bare.count(b"{") != bare.count(b"}"):
        raise NotAnEventError("the body is not JSON")  # no message: Xquik reads it
    if not bare.lstrip().startswith(b"{"):
        raise NotAnEventError("the body is not a JSON object")  # no message: Xquik reads it
    return {"data": raw.decode("utf-8")}


def _is_deep(content: object) -> bool:
    level = [content]
    for _ in range(DEPTH_LIMIT):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True


def to_event(content: Mapping[str, Any], received_at: float, digest: bytes) -> IncomingEvent:
    """The event in decoded JSON, of any of the three shapes."""
    data = content.get("data")
    if data is None:
        # What is said beside it is all there is to show.
        data = {name: value for name, value in content.items() if name not in _READ and value is not None}
    elif not isinstance(data, dict):
        data = {"value": data}
    kind, query = _type(content), _text(content.get("query"), QUERY_LIMIT)
    if (post := digits(content.get("postId"))) is not None:
        # What is about a tweet that is watched names it beside the data; of a reply or a quote the data is
        # another one.
        data = {"id": post, **data, "postId": post}
        username, account_id = _of_watched(content)
    elif query is None:
        username, account_id = _of_account(content, data, profile=kind.startswith("profile."))
    else:
        username, account_id = _handle(content.get("username")), digits(content.get("xUserId"))
    return IncomingEvent(
        type=kind,
        username=username,
        query=query,
        occurred_at=_moment(content, received_at),
        data=data,
        identity=_identity(content, digest),
        account_id=account_id,
    )


def _identity(content: Mapping[str, Any], digest: bytes) -> str:
    stream = _identifier(content.get("streamEventId"))
    if stream is None and content.get("eventType") is None:
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
    said = _text(content.get("eventType"), TYPE_LIMIT) or _text(content.get("type"), TYPE_LIMIT)
    return said or _UNKNOWN_TYPE


def _of_watched(content: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Who wrote the tweet that is watched, and X's id of that account."""
    username = _handle(content.get("username")) or _handle(content.get("authorUsername"))
    account_id = digits(content.get("xUserId"))
    return username, digits(content.get("authorId")) if account_id is None else account_id


def _of_account(
    content: Mapping[str, Any], data: Mapping[str, Any], *, profile: bool
) -> tuple[str | None, str | None]:
    """The account whose monitor saw it, and X's id of it. profile: it is about the account itself."""
    author = data.get("author")
    if not isinstance(author, dict):
        author = _NOBODY
    username = _handle(content.get("username"))
    if username is None:
        # The older shape names the account inside the data only.
        candidates = (
            data.get("username"),
            data.get("authorUsername"),
            author.get("username"),
            author.get("userName"),
        )
        username = next((found for value in candidates if (found := _handle(value))), None)
    account_id = digits(content.get("xUserId"))
    if account_id is not None or username is None:
        return username, account_id
    # Deliveries name the id inside the data alone.
    if profile:
        return username, digits(data.get("userId"))
    own = username.lower()
    names = (_handle(author.get("username")), _handle(author.get("userName")))
    is_own = any(name is not None and name.lower() == own for name in names)
    return username, digits(author.get("id")) if is_own else None


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
    for name in ("occurredAt", "timestamp"):
        at = _seconds(content.get(name))
        if at is not None and 0 <= at <= received_at + _AHEAD:
            return at
    return received_at


def _seconds(value: object) -> float | None:
    if isinstance(value, str) and len(value) <= 40:
        return _from_iso(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= _MILLISECONDS_FROM**2:
        return None
    return value / 1000 if value > _MILLISECONDS_FROM else float(value)


def _from_iso(value: str) -> float | None:
    try:
        moment = datetime.fromisoformat(value)
        # Without a zone it is UTC, as everywhere in the API.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
