"""What becomes of an error that nothing else took: one answer, and now and then one line in the log.

Most errors can be brought about by anybody as often as they like, so there is no traceback, and nothing
of the error's own words, which may have been sent by somebody: its kind, and where it was raised.
"""

from __future__ import annotations

from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import StorageUnavailable
from bot.observability.loggers import log
from bot.observability.seldom import Seldom


class Guarded:
    """An ASGI application out of which no error comes. StorageUnavailable: 503; anything else: 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._seldom = Seldom()
        self._log = log("bot.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            self._tell(error)
            if not begun:
                await _answer(error)(scope, receive, send)

    def _tell(self, error: Exception) -> None:
        kind, at = type(error).__name__, _place(error.__traceback__)
        count = self._seldom.due((kind, at))
        if count is not None:
            self._log.error("a request failed", error=kind, at=at, not_logged_before=count)


async def unavailable(_request: Request, error: Exception) -> Response:
    """For `exception_handlers` of an application of Starlette's, which answers 500 otherwise."""
    return _answer(error)


def _answer(error: Exception) -> Response:
    if isinstance(error, StorageUnavailable):
        return PlainTextResponse("the database does not answer; try again", 503, {"retry-after": "5"})
    return PlainTextResponse("an error of the server's", 500)


def _place(traceback: TracebackType | None) -> str:
    """The file and line of the innermost frame of ours; else of any."""
    found = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(traceback)]
    ours = [
        one
        for one in found
        if {"bot", "adapters"} & set(one[0].parts) and "site-packages" not in one[0].parts
    ]
    file, line = (ours or found or [(Path("?"), 0)])[-1]
    return f"{'/'.join(file.parts[-3:])}:{line}"
