"""How a body becomes a model: tolerant of what is new, strict about what is wrong, except in what was looked
up and may be paid for (`bot.xquik.models.tolerance`): of that nothing is lost that can be read.

Unknown fields are ignored, enumerations are plain strings, a null is a missing field, and a number
may come as a numeric string of any size. Text is kept as it came: it is untrusted, and whoever shows
it escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from bot.core.errors import UpstreamUnavailable
from bot.core.messages.message import msg
from bot.xquik.models.tolerance import converted

_FREE_FORM: Final = frozenset({"data", "metadata"})
# What most fields are: asked first, since this runs for every field of every event.
_AS_THEY_ARE = frozenset({str, bool, float})
T = TypeVar("T")
ItemT_co = TypeVar("ItemT_co", covariant=True)


class Model(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The base of every model: immutable, camelCase on the wire, snake_case here."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list, newest first as the API sends it. unreadable: rows that could not be read."""

    items: tuple[T, ...]
    has_more: bool = False
    next_cursor: str | None = None
    unreadable: int = 0


class Pageable(Protocol[ItemT_co]):
    """What pagination needs of a page."""

    @property
    def items(self) -> tuple[ItemT_co, ...]: ...
    @property
    def has_more(self) -> bool: ...
    @property
    def next_cursor(self) -> str | None: ...


def parse(kind: type[T], value: object) -> T:
    """`value` (decoded JSON) as a model; UpstreamUnavailable when it has another shape."""
    try:
        return msgspec.convert(_without_nulls(value), kind, strict=False)
    except (msgspec.ValidationError, ValueError, RecursionError):
        problem = unexpected_shape(getattr(kind, "__name__", "list"))
    raise problem


def parse_paid(kind: type[T], value: object) -> T:
    """The same of what was looked up: what of it cannot be read is left out."""
    try:
        return converted(kind, _without_nulls(value))
    except (msgspec.ValidationError, ValueError, RecursionError):
        problem = unexpected_shape(getattr(kind, "__name__", "list"))
    raise problem


def parse_rows(kind: type[T], found: object) -> tuple[tuple[T, ...], int]:
    """Those of a list that can be read, and how many cannot; none of what is no list."""
    if not isinstance(found, list):
        return (), 0
    rows = []
    for one in found:
        with suppress(UpstreamUnavailable):
            rows.append(parse_paid(kind, one))
    return tuple(rows), len(found) - len(rows)


def unexpected_shape(name: str) -> UpstreamUnavailable:
    """An answer that cannot be read. name: of what was expected."""
    return UpstreamUnavailable(
        msg("Xquik's answer has an unexpected shape ({name}).", name=name),
        remedy=msg(
            "Try again; what costs credits costs them again. If it lasts, the bot needs an update: tell "
            "whoever runs it."
        ),
        code="unexpected_shape",
    )


def parse_page(kind: type[T], body: Mapping[str, Any], name: str, *, strict: bool = False) -> Page[T]:
    """The page whose items are under `name`; both cursor conventions of the API are read.

    UpstreamUnavailable where no list is there; a row that cannot be read is counted, and the others are read.
    strict: then it fails, for lists by which something is decided.
    """
    found = body.get(name) or []
    if strict:
        return paged(parse(tuple[kind, ...], found), 0, body)  # type: ignore[valid-type]  # built at run time
    if not isinstance(found, list):
        raise unexpected_shape(getattr(kind, "__name__", "list"))
    return paged(*parse_rows(kind, found), body)


def paged(items: tuple[T, ...], unreadable: int, body: Mapping[str, Any]) -> Page[T]:
    """A page of these items, with the cursor that its body names."""
    cursor = body.get("nextCursor") or body.get("next_cursor") or body.get("afterCursor")
    more = body.get("hasMore", body.get("has_next_page", False)) is True
    usable = cursor if more and isinstance(cursor, str) else None
    return Page(items, more and usable is not None, usable, unreadable)


def moment(text: str | None) -> datetime | None:
    """A time of the API as an aware datetime: ISO 8601 or X's own format; None when unreadable."""
    if not text:
        return None
    for read in (datetime.fromisoformat, _x_time):
        try:
            found = read(text.strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _x_time(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")


def _identifier(name: str, value: Any) -> Any:
    """The value of a field; ids are text here even where an answer has them as numbers."""
    if type(value) is int and (name == "id" or name.endswith("Id")):
        return str(value)
    return _without_nulls(value)


def _without_nulls(value: Any) -> Any:
    """A copy without nulls, except inside free-form objects, which are kept untouched."""
    if isinstance(value, dict):
        return {
            name: item if type(item) in _AS_THEY_ARE or name in _FREE_FORM else _identifier(name, item)
            for name, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
