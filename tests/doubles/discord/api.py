"""The way of a REST request: body, faults, rate limits, token, specification, handler, log."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from tests.doubles.discord import errors
from tests.doubles.discord.compose import Upload
from tests.doubles.discord.errors import ApiError
from tests.doubles.discord.faults import Answer

if TYPE_CHECKING:
    from tests.doubles.discord.server import DiscordServer

_TOKENLESS = re.compile(r"/interactions/\d+/[^/]+/callback|/webhooks/\d+/[^/]+(/.*)?|/gateway")


@dataclass(slots=True)
class Call:
    """A request as a handler sees it. `params` are the parts of the path, `uploads` files by their
    number.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any = None
    uploads: dict[int, Upload] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)

    def id(self, name: str) -> int:
        """A snowflake of the path; a malformed one is a bad request."""
        value = self.params[name]
        if not value.isdecimal():
            raise errors.invalid_form(errors.Problem(name, f'Value "{value}" is not snowflake.'))
        return int(value)

    @property
    def json(self) -> dict[str, Any]:
        return self.body if isinstance(self.body, dict) else {}


@dataclass(slots=True)
class Request:
    """One line of the log. `status` 0: the connection was cut before an answer; `code` is Discord's
    error code; `at` is when it came (`time.monotonic`).
    """

    method: str
    path: str
    body: Any = None
    status: int = 0
    code: int | None = None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the bot broke."""

    method: str
    path: str
    code: int
    detail: str


Handler = Callable[[Call], Awaitable[Answer] | Answer]


class Route:
    def __init__(self, method: str, template: str, handler: Handler) -> None:
        self.method = method
        self.template = template
        self.handler = handler
        self.pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


class Api:
    """Takes every request under `/api/v10`."""

    def __init__(self, server: DiscordServer, routes: list[Route]) -> None:
        self._server = server
        self._routes = sorted(routes, key=lambda r: r.template.count("{"))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = unquote(request.path.removeprefix("/api/v10"))
        call = Call(request.method, path, dict(request.query), token=request.headers.get("Authorization"))
        entry = Request(call.method, path)
        self._server.requests.append(entry)
        fault = self._server.faults.take(call.method, path)
        headers: dict[str, str] = {}
        try:
            call.body, call.uploads = await _read(request)
            entry.body = call.body
            if fault is not None:
                await fault.hold()
                if fault.cut == "before":
                    return _cut(request)
            if fault is not None and fault.answer is not None:
                answer = fault.answer
            else:
                headers, refusal = self._server.limits.spend(call.method, call.path)
                answer = refusal or await self._perform(call)
        except ApiError as error:
            entry.code = error.code
            if error.breaks_a_rule:
                self._server.violate(call.method, path, error.detail(), code=error.code)
            answer = Answer(error.status, error.body())
        if fault is not None and fault.cut == "after":
            return _cut(request)
        entry.status = answer.status
        self._server.world.changes.notify()
        return _respond(answer, headers)

    async def _perform(self, call: Call) -> Answer:
        specification = self._server.specification
        template = self._template(call)
        route = self._route(call)
        if not _TOKENLESS.fullmatch(call.path) and call.token != f"Bot {self._server.token}":
            raise errors.unauthorized()
        if specification is not None:
            problems = specification.check_body(call.method, template, call.body)
            if problems:
                raise errors.invalid_form(*problems)
        answer = route.handler(call)
        if not isinstance(answer, Answer):
            answer = await answer
        if self._server.check_answers and specification is not None:
            for problem in specification.check_answer(call.method, template, answer.status, answer.body):
                self._server.drift.append(f"{call.method} {template} {problem.path}: {problem.detail}")
        return answer

    def _template(self, call: Call) -> str:
        """The specification's name of this path, which must exist there with this method."""
        specification = self._server.specification
        if specification is None:
            return ""
        template = specification.template(call.path)
        if template is None:
            raise errors.unknown_route()
        if call.method not in specification.methods(template):
            raise errors.method_not_allowed()
        return template

    def _route(self, call: Call) -> Route:
        for route in self._routes:
            if route.method == call.method and (match := route.pattern.fullmatch(call.path)) is not None:
                call.params = match.groupdict()
                return route
        raise errors.ApiError(
            501, 0, f"{call.method} {call.path} is not implemented by this double", breaks_a_rule=True
        )


def _respond(answer: Answer, headers: dict[str, str]) -> web.Response:
    headers = {**headers, **answer.headers}
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    # discord.py compares the content type with "application/json" literally: no charset.
    headers.setdefault("Content-Type", "application/json")
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return web.Response(status=answer.status, body=body.encode(), headers=headers)


def _cut(request: web.Request) -> web.Response:
    """Reset the connection: the client sees neither status nor body."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _read(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    """The JSON body and the files. Multipart: part `payload_json` is the body, `files[n]` the files."""
    if not request.can_read_body:
        return None, {}
    if not request.content_type.startswith("multipart/"):
        return _parse(await request.read()), {}
    body: Any = {}
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = _parse(content)
        elif (match := re.fullmatch(r"files\[(\d+)\]", part.name or "")) is not None:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[int(match[1])] = Upload(part.filename or "unknown", content, kind)
    return body, uploads


def _parse(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise errors.bad_json() from None
