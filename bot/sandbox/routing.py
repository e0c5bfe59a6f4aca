"""Which operation a method and path mean, and the door every API request passes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.config import API_PREFIX
from bot.sandbox.problems import ApiProblem, unauthenticated
from bot.sandbox.state import Sandbox
from bot.sandbox.unimplemented import MISSING, UnimplementedOperation

_LARGEST_BODY = 20 * 1024 * 1024
Entry: TypeAlias = Operation | UnimplementedOperation


class PathRouter:
    """Finds the entry whose path fits; words win over placeholders, so ``/events/stream`` is found."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        entries: list[Entry] = [*operations, *MISSING]
        self._entries = [(entry.path.split("/"), entry) for entry in entries]
        self._entries.sort(key=lambda item: [part.startswith("{") for part in item[0]])

    def find(self, method: str, path: str) -> tuple[Entry, dict[str, str]] | None:
        """The entry and the values of its placeholders, or ``None`` for a path that is nobody's."""
        parts = path.rstrip("/").split("/")
        for template, entry in self._entries:
            if entry.method == method and len(template) == len(parts):
                values = _fit(template, parts)
                if values is not None:
                    return entry, values
        return None


def _fit(template: list[str], parts: list[str]) -> dict[str, str] | None:
    values = {}
    for wanted, part in zip(template, parts, strict=True):
        if wanted.startswith("{"):
            values[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return values


class Door:
    """Authenticates, counts and limits a request, then hands it to its operation."""

    def __init__(self, sandbox: Sandbox, router: PathRouter) -> None:
        self._sandbox, self._router = sandbox, router

    async def enter(self, request: Request) -> Response:
        self._sandbox.seen[f"{request.method} {request.scope['path'].removeprefix(API_PREFIX)}"] += 1
        try:
            response = await self._answer(request)
        except ApiProblem as problem:
            response = problem.response()
        response.headers["X-Request-Id"] = self._sandbox.request_id()
        return response

    async def _answer(self, request: Request) -> Response:
        owner = self._sandbox.owner_of(_key_of(request))
        if owner is None:
            raise unauthenticated()
        path = request.scope["path"].removeprefix(API_PREFIX)
        found = self._router.find(request.method, path)
        if found is None:
            raise ApiProblem(404, "not_found", f"There is no {request.method} {path}.")
        entry, values = found
        if isinstance(entry, UnimplementedOperation):
            raise ApiProblem(
                501,
                "not_implemented",
                f"The sandbox does not implement {entry.id} ({entry.method} {entry.path}).",
            )
        self._sandbox.performed[f"{entry.method} {entry.path}"] += 1
        self._sandbox.limiter.spend(owner, entry.kind, self._sandbox.now())
        body = await _body_of(request)
        return await entry.handler(ApiCall(self._sandbox, owner, request, values, body))


def _key_of(request: Request) -> str:
    bearer = request.headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    return request.headers.get("x-api-key", "")


async def _body_of(request: Request) -> bytes:
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise ApiProblem(400, "invalid_input", "The request was cut short.") from error
    if len(body) > _LARGEST_BODY:
        raise ApiProblem(413, "body_too_large", "The request body is too large.")
    return body
