"""Whose request begins next, on a real event loop and over real connections."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.web.fair_queue import A_ROUND, ClientQueue
from tests.web.bounds.harness import HOST, Talk
from tests.web.bounds.test_protocol import answer, served


async def test_who_sends_many_does_not_keep_others_from_beginning() -> None:
    turns = ClientQueue()
    begun: list[str] = []
    for number in range(10 * A_ROUND):
        turns.take("crowd", partial(begun.append, f"crowd {number}"))
    await asyncio.sleep(0)
    turns.take("other", partial(begun.append, "other"))
    assert begun.index("other") <= 3 * A_ROUND
    for _ in range(10):
        before = len(begun)
        await asyncio.sleep(0)
        assert len(begun) - before <= A_ROUND
    assert [one for one in begun if one != "other"] == [f"crowd {n}" for n in range(10 * A_ROUND)]


class Noting(ClientQueue):
    """Notes whose turn it was."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    def take(self, client: str, start: Callable[[], None]) -> None:
        self.taken.append(client)
        super().take(client, start)


async def test_connections_of_one_client_share_and_a_proxy_speaks_for_several() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await answer(send)

    for proxies, names in (((), {HOST}), ((HOST,), {f"10.0.0.{number}" for number in range(20)})):
        async with served(app, proxies=proxies) as server:
            server.connections.turns = turns = Noting()
            talks = [await Talk.open(server.port) for _ in range(20)]
            for number, talk in enumerate(talks):
                head = f"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.{number}\r\n\r\n"
                await talk.send(head.encode() * 2)
            for talk in talks:
                assert [await talk.status(), await talk.status()] == [200, 200]
                talk.writer.close()
        assert len(turns.taken) == 40
        assert set(turns.taken) == names
