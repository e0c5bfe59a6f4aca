"""An error that nothing else took, at a real port: an answer, one line, and nothing of what was sent."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.server import WebServer
from bot.core.errors import StorageUnavailable
from bot.web.faults import unavailable


async def test_an_error_is_an_answer_and_one_line_without_its_words(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def breaks(request: Request) -> Response:
        raise ValueError(request.query_params["secret"])

    async def locked(_request: Request) -> Response:
        raise StorageUnavailable("locked")

    async def plain(_scope: Any, _receive: Any, _send: Any) -> None:
        raise StorageUnavailable("locked")

    handlers: Any = {StorageUnavailable: unavailable}
    site = Starlette(
        routes=[Route("/", breaks), Route("/locked", locked), Route("/ok", _ok)], exception_handlers=handlers
    )
    caplog.set_level(logging.DEBUG)
    for app, address, status in ((site, "/?secret=hush", 500), (site, "/locked", 503), (plain, "/", 503)):
        server = WebServer(app, "127.0.0.1", 0)
        await server.start()
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
                answers = [await client.get(address) for _ in range(5)]
                assert [answer.status_code for answer in answers] == [status] * 5
                assert {answer.headers.get("retry-after") for answer in answers} == {
                    "5" if status == 503 else None
                }
                assert (await client.get("/ok")).status_code == (200 if app is site else 503)
        finally:
            await server.stop()
    said = "".join((caplog.text, *capfd.readouterr()))
    assert said.count("a request failed") == 2
    assert "hush" not in said.replace("?secret=hush", "") and "Traceback" not in said


async def _ok(_request: Request) -> Response:
    return PlainTextResponse("ok")
