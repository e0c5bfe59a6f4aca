"""Subtitles as the files that players of X read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.state import Sandbox
from bot.sandbox.world.subtitles import TRACKS


def address(sandbox: Sandbox, post_id: str, number: int) -> str:
    """Where that track of a post is read."""
    return f"{sandbox.origin}/captions/{post_id}/{number}.vtt"


def routes() -> list[Route]:
    """The file of each track."""

    async def track(request: Request) -> Response:
        tracks = TRACKS.get(request.path_params["post"], ())
        number: int = request.path_params["number"]
        if number >= len(tracks):
            return Response(status_code=404)
        return Response(tracks[number].webvtt, media_type="text/vtt")

    return [Route("/captions/{post}/{number:int}.vtt", track)]
