"""One authenticated request to the API, and the table entry that says who answers it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.problems import ApiProblem

if TYPE_CHECKING:
    from bot.sandbox.state import Sandbox

Kind: TypeAlias = Literal["reads", "writes", "deletes", "follows"]
"""Which rate limit a request counts against."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A request that passed the door: ``owner`` is the customer whose key it carries."""

    sandbox: Sandbox
    owner: str
    request: Request
    path: dict[str, str]
    body: bytes

    def query(self, *names: str) -> str | None:
        """The first of the query parameters ``names`` that was sent and is not empty."""
        return next((value for name in names if (value := self.request.query_params.get(name))), None)

    def integer(self, name: str, default: int, low: int, high: int, *aliases: str) -> int:
        """A whole number from the query; 400 outside ``low`` to ``high``."""
        text = self.query(name, *aliases)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ApiProblem(400, "invalid_params", f"{name} must be a whole number from {low} to {high}.")
        return int(text)

    def choice(self, name: str, allowed: Sequence[str], default: str | None = None) -> str | None:
        """One of ``allowed`` from the query; 400 for anything else."""
        value = self.query(name)
        if value is not None and value not in allowed:
            raise ApiProblem(400, "invalid_params", f"{name} must be one of: {', '.join(allowed)}.")
        return value or default

    def only(self, *names: str) -> None:
        """501 for a query parameter the sandbox would have to ignore: ignoring it would mislead."""
        extra = sorted(set(self.request.query_params) - set(names))
        if extra:
            raise ApiProblem(501, "not_implemented", f"The sandbox does not simulate: {', '.join(extra)}.")

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; 400 ``invalid_json`` or ``invalid_input`` otherwise."""
        try:
            value = msgspec.json.decode(self.body or b"{}")
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise ApiProblem(400, "invalid_json", "The request body is not valid JSON.") from error
        if not isinstance(value, dict):
            raise ApiProblem(400, "invalid_input", "The request body must be a JSON object.")
        return value

    def shaped(self, shape: type[T]) -> T:
        """The body checked against a struct; 400 ``invalid_input`` names the field at fault."""
        try:
            return msgspec.convert(self.json(), shape)
        except msgspec.ValidationError as error:
            raise ApiProblem(400, "invalid_input", str(error)) from error

    @property
    def now(self) -> float:
        return self.sandbox.now()


Handler: TypeAlias = Callable[[ApiCall], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API; ``path`` is a template below the prefix, as ``/x/tweets/{id}``."""

    id: str
    method: str
    path: str
    handler: Handler
    kind: Kind = "reads"


def cursor_of(text: str) -> str:
    """An opaque cursor that says ``text``."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> str | None:
    """What a cursor says; 400 for one we never made."""
    if cursor is None:
        return None
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError, UnicodeDecodeError) as error:
        raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.") from error


# Of the lists that have no limit of their own.
LIST_PAGE = 200


def listed(call: ApiCall, name: str, rows: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """A page of 200, oldest first, as lists without a limit give it. rows: each with its id, a number."""
    after = offset_of(call.query("cursor", "after"))
    left = [row for row in rows if int(row[0]) > after]
    page = left[:LIST_PAGE]
    body: dict[str, Any] = {name: [one for _, one in page], "hasMore": len(left) > len(page)}
    if body["hasMore"]:
        body["nextCursor"] = cursor_of(page[-1][0])
    return body


def offset_of(cursor: str | None) -> int:
    """How many rows a page cursor skips."""
    text = read_cursor(cursor)
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit():
        raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.")
    return int(text)
