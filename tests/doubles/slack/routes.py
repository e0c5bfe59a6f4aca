"""The server's HTTP side: Web API, uploads, downloads, response_urls and the Socket Mode link."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from .api import ApiRequest, Call, authorise, basic, bearer, read_args
from .errors import Refused, broken
from .faults import Fault
from .methods import METHODS
from .model import File, Json

if TYPE_CHECKING:
    from .server import SlackServer

UPLOAD_LIMIT = 1 << 30


class Routes:
    def __init__(self, server: SlackServer) -> None:
        self._server = server

    def app(self) -> web.Application:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{team}/{id}", self._server.response_urls.handle)
        app.router.add_post("/upload/v1/{team}/{file}", self._upload)
        app.router.add_get("/files/{team}/{file}", self._download)
        app.router.add_get("/link/", self._server.sockets.handle)
        return app

    async def _api(self, request: web.Request) -> web.StreamResponse:
        """One Web API call, from its bytes to its answer."""
        server, name = self._server, request.match_info["method"]
        call, token, fault = Call(server, name, {}, basic=basic(request)), "", None
        try:
            call.args = await read_args(request)
            token = bearer(request, call.args)
            fault = server.faults.take(name, call.args)
            if fault is not None and fault.delay:
                await asyncio.sleep(fault.delay)
            if fault is not None and fault.cut:
                self._log(call, token, request, "cut", 0)
                return _drop(request)
            answer = self._answer(call, {"ok": True, **self._perform(call, token, fault)})
            self._log(call, token, request, None, 200)
        except Refused as refused:
            self._limit(call, refused)
            server.refused(name, refused)
            self._log(call, token, request, refused.error, refused.status)
            answer = self._answer(call, refused.body(), refused.status, refused.headers)
        if fault is not None and fault.lost:
            return _drop(request)
        if fault is not None and fault.body:
            return web.Response(status=fault.status or 200, text=fault.body, headers=fault.headers)
        return answer

    def _perform(self, call: Call, token: str, fault: Fault | None) -> Json:
        server = self._server
        if server.enforce_retry_after:
            server.limits.check(call.method, _where(call), server.clock())
        if fault is not None and (fault.error is not None or fault.status is not None):
            error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
            raise Refused(error, fault.messages, status=fault.status or 200, headers=fault.headers)
        method = METHODS.get(call.method)
        if method is None:
            raise broken("unknown_method", f"[ERROR] {call.method}")
        authorise(call, method, token)
        return method.handler(call)

    def _limit(self, call: Call, refused: Refused) -> None:
        if refused.status == 429 and not refused.rule_broken:
            self._server.limits.note(call.method, _where(call), self._server.clock(), refused.headers)

    def _log(self, call: Call, token: str, request: web.Request, error: str | None, status: int) -> None:
        grant = call.grant
        workspace = grant.workspace.id if grant is not None and grant.workspace is not None else None
        at, headers = self._server.clock(), dict(request.headers)
        logged = ApiRequest(call.method, call.args, token, at, error, status, headers, workspace)
        self._server.requests.append(logged)
        self._server.changes.notify()

    def _answer(
        self, call: Call, body: Json, status: int = 200, extra: Mapping[str, str] | None = None
    ) -> web.Response:
        headers = {"X-Slack-Req-Id": self._server.new_id("req"), **(extra or {})}
        if call.grant is not None:
            headers["X-OAuth-Scopes"] = ",".join(sorted(call.grant.scopes))
        return web.json_response(body, status=status, headers=headers)

    def _file(self, request: web.Request) -> File | None:
        workspace = self._server.workspaces.get(request.match_info["team"])
        return workspace.files.get(request.match_info["file"]) if workspace is not None else None

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        server, file = self._server, self._file(request)
        if file is None or file.content is not None:
            server.violation("bad_upload_url", "upload")
            return web.Response(status=404, text="not found")
        fault = server.faults.take("upload", {})
        if fault is not None and fault.cut:
            return _drop(request)
        if fault is not None and fault.status is not None:
            return web.Response(status=fault.status, text=fault.body)
        content = await self._uploaded(request)
        if len(content) != file.length:
            detail = f"announced {file.length} bytes, got {len(content)}"
            server.violation("upload_length_mismatch", "upload", detail)
            return web.Response(status=400, text="length mismatch")
        file.content = content
        server.changes.notify()
        return web.Response(text=f"OK - {len(content)}")

    async def _uploaded(self, request: web.Request) -> bytes:
        """The raw body, or the file of a multipart form."""
        if request.content_type != "multipart/form-data":
            return await request.read()
        for part in (await request.post()).values():
            if isinstance(part, web.FileField):
                return part.file.read()
        return b""

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        file, grant = self._file(request), self._server.grants.get(token)
        if grant is None or grant.revoked or "files:read" not in grant.scopes:
            return web.Response(status=403)
        if file is None or file.content is None:
            return web.Response(status=404)
        return web.Response(body=file.content)


def _where(call: Call) -> str:
    return str(call.args.get("channel") or call.args.get("channel_id") or "")


def _drop(request: web.Request) -> web.StreamResponse:
    """Closes the connection in the client's face."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
