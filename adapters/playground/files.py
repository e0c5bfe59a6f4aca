"""Files of the page: those that came with a message, and those that are handed in with a form."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.playground.bodies import SHOWN
from adapters.playground.interaction import Refusal
from bot.core.chat.invocation import Invocation
from bot.core.errors import BotError
from bot.core.messages.message import msg
from bot.core.ports import Attaching


def download(name: str, content_type: str, content: bytes) -> Response:
    """A file that came with a message: pictures to be drawn, all else to be saved."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name) or "file"
    shown = content_type in SHOWN
    way = "inline" if shown else "attachment"
    return Response(
        content,
        media_type=content_type if shown else "application/octet-stream",
        headers={"Content-Disposition": f'{way}; filename="{plain}"'},  # no message: a header
    )


async def handed_in(attaching: Attaching | None, invocation: Invocation, request: Request) -> Response:
    """Keep the file that a request is; the answer has the value that stands for it in a form."""
    try:
        if attaching is None:
            raise Refusal(404, "upload", msg("Files cannot be attached here; give a link."))
        await attaching.permit(invocation)
        name = request.query_params.get("name", "")[:200]
        value = await attaching.keep(invocation, name, await request.body())
    except BotError as error:
        both = msg("{detail} {remedy}", detail=error.detail, remedy=error.remedy)
        raise Refusal(422, error.code or "file", both) from None
    return JSONResponse({"value": value}, status_code=201)
