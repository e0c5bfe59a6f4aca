"""What X wrote of news stories."""

from __future__ import annotations

from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.world.news import STORIES
from bot.sandbox.world.snowflake import iso


async def versions(call: ApiCall) -> Response:
    """All of them, oldest first."""
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    story = call.path["id"]
    if not (story.isascii() and story.isdigit()):
        raise ApiProblem(400, "invalid_params", "The story ID must be digits.")
    if story not in STORIES:
        raise ApiProblem(404, "news_not_found", "X has no news story with this ID.")
    call.sandbox.credits.charge(call.owner, LOOKUP)
    told = [
        {"id": one, "createdAt": iso(at), "headline": headline, "text": text}
        for one, at, headline, text in STORIES[story]
    ]
    return json_response({"id": story, "count": len(told), "versions": told})


OPERATIONS = (Operation("getNewsVersions", "GET", "/x/news/{id}/versions", versions),)
