"""Requests to Discord's REST API, through discord.py's client and so through its rate limits.

discord.py's own message classes keep every view they send in memory for as long as the process
lives; our buttons and forms are found again by their ids, so requests are made as plain JSON here.
"""

from __future__ import annotations

import asyncio
import json as json_text
import time
from collections.abc import Sequence
from json import JSONDecodeError
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from adapters.discord.pace import REQUESTED, OwnPace, Pace
from bot.core.chat.cards import File
from bot.core.clocks import Monotonic, Sleep

# What a lost connection raises; the request may or may not have been performed.
LOST: Final = (OSError, aiohttp.ClientError, TimeoutError)
_PAUSES: Final = (0.25, 1.0)
_ANSWERS: Final = ("/interactions/", "/webhooks/")  # to people: each interaction has limits of its own
_REPEATED: Final = frozenset({500, 502, 504, 524})  # what discord.py takes as a reason to try again


class Rest:
    """Discord's operations by path. client: logged in. timeout: seconds for one request, with all
    waiting for rate limits. pause: sleeps. pace: of all its requests.

    Raises `discord.HTTPException`, `discord.RateLimited` or one of `LOST`.
    """

    def __init__(
        self,
        client: discord.Client,
        *,
        timeout: float,
        pause: Sleep,
        pace: Pace | None = None,
        ticks: Monotonic = time.monotonic,
    ) -> None:
        """pace: None for a process that is alone. ticks: seconds that never go back, for its own pace."""
        self._client = client
        self._timeout = timeout
        self._pause = pause
        self._pace = pace or OwnPace(pause, ticks)

    @property
    def application_id(self) -> int:
        """Our application, known after the login."""
        found = self._client.application_id
        if found is None:
            msg = "not logged in to Discord yet"
            raise RuntimeError(msg)
        return found

    @property
    def user_id(self) -> int:
        """The bot as a user, known after the login."""
        user = self._client.user
        if user is None:
            msg = "not logged in to Discord yet"
            raise RuntimeError(msg)
        return user.id

    async def once(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        files: Sequence[File] = (),
        query: dict[str, Any] | None = None,
        repeatable: bool = True,
        **parameters: int | str,
    ) -> Any:
        """One request. parameters: what stands in braces in the path; discord.py tells rate limits
        apart by `channel_id`, `guild_id`, `webhook_id` and `webhook_token` among them.

        repeatable: whether performing it twice does no harm. discord.py repeats requests by itself
        when Discord breaks down over them; one that is not repeatable raises one of `LOST` instead.
        """
        route = Route(method, path, metadata=None, **parameters)
        arguments: dict[str, Any] = {"params": query} if query else {}
        if not repeatable:
            arguments["raise_for_status"] = _give_up
        if files:
            arguments["form"] = _form(json, files)
        elif json is not None:
            arguments["json"] = json
        async with asyncio.timeout(self._timeout):
            answers = path.startswith(_ANSWERS)
            bucket = None if answers else f"{route.key}:{route.major_parameters}"
            if bucket is not None:
                await self._pace.turn(bucket, self._timeout)
            told = REQUESTED.set(bucket)
            try:
                answer = await self._client.http.request(route, **arguments)
            except JSONDecodeError:
                raise _no_answer() from None
            finally:
                REQUESTED.reset(told)
                if answers:
                    _forget_buckets(self._client, route)
        # discord.py hands on as a text whatever is not said to be JSON; where nothing is said it is empty.
        if isinstance(answer, str) and answer:
            raise _no_answer()
        return answer

    async def surely(self, method: str, path: str, **arguments: Any) -> Any:
        """A request that may be repeated without harm, repeated when its answer is lost."""
        for pause in _PAUSES:
            try:
                return await self.once(method, path, **arguments)
            except LOST:
                await self._pause(pause)
        return await self.once(method, path, **arguments)


def _forget_buckets(client: discord.Client, route: Route) -> None:
    """Let go of what discord.py counts for one interaction. It keeps that for five minutes, and looks through
    all of it for each new one: three milliseconds for each answer, after some thousand interactions. What the
    request had to wait for it has waited for by now."""
    http = client.http
    for name in (route.key, http._bucket_hashes.get(route.key)):
        http._buckets.pop(f"{name}:{route.major_parameters}", None)


def _no_answer() -> aiohttp.ClientPayloadError:
    """Something between us and Discord spoke in its place: what Discord did is not known."""
    return aiohttp.ClientPayloadError("the answer did not come from Discord")  # no message: for the log


async def _give_up(response: aiohttp.ClientResponse) -> None:
    """End a request that Discord broke down over, before discord.py sends it again."""
    if response.status in _REPEATED:
        response.raise_for_status()


def _form(json: Any, files: Sequence[File]) -> list[dict[str, Any]]:
    """A multipart body: the JSON, and the files that its `attachments` name in order."""
    return [
        {"name": "payload_json", "value": json_text.dumps(json), "content_type": "application/json"},
        *(
            {
                "name": f"files[{index}]",
                "value": file.content,
                "filename": file.name,
                "content_type": file.content_type,
            }
            for index, file in enumerate(files)
        ),
    ]
