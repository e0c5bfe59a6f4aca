"""Recordings of Spaces: playlists with nothing in them, for there is nothing to hear here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.state import Sandbox

_SILENCE = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-ENDLIST\n"


def routes(sandbox: Sandbox) -> list[Route]:
    """The playlist of each Space that is recorded."""

    async def playlist(request: Request) -> Response:
        found = sandbox.spaces.get(request.path_params["space"])
        if found is None or not found.recorded:
            return Response(status_code=404)
        return Response(_SILENCE, media_type="application/vnd.apple.mpegurl")

    return [Route("/replays/{space}/playlist.m3u8", playlist)]
