"""Lists without a limit come in pages of 200, and are read to their end and no further."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import httpx
import pytest

from bot.core.page_walk import BARREN
from bot.sandbox.server import serve_sandbox
from bot.xquik.connections import Connections
from tests.features.harness import QUIET

from .server import KEY, Reply, Upstream


class Listed(Protocol):
    """What is in a list."""

    @property
    def id(self) -> str: ...


Ask = Callable[[Connections], Awaitable[Sequence[Listed]]]
# By the method that reads it: that method, and the list's name in the answer.
LISTS: dict[str, tuple[Ask, str]] = {
    "monitors": (lambda it: it.client(KEY).monitors.list(), "monitors"),
    "keyword_monitors": (lambda it: it.client(KEY).keyword_monitors.list(), "monitors"),
    "webhooks": (lambda it: it.client(KEY).webhooks.list(), "webhooks"),
    "x_accounts": (lambda it: it.client(KEY).x_accounts.list(), "accounts"),
}


def _page(name: str, ids: range, cursor: str | None) -> Reply:
    rows = [{"id": str(n), "username": f"u{n}", "query": f"q{n}", "url": f"https://b/{n}"} for n in ids]
    body: dict[str, Any] = {name: rows, "hasMore": cursor is not None}
    if cursor is not None:
        body["nextCursor"] = cursor
    return Reply(body=body)


async def _ids(connections: Connections, which: str) -> list[int]:
    ask, _ = LISTS[which]
    return [int(one.id) for one in await ask(connections)]


@pytest.mark.parametrize("which", sorted(LISTS))
async def test_every_page_is_read(upstream: Upstream, connections: Connections, which: str) -> None:
    _, name = LISTS[which]
    upstream.will(
        _page(name, range(1, 201), "p2"),
        _page(name, range(201, 401), "p3"),
        _page(name, range(401, 402), None),
    )
    assert await _ids(connections, which) == list(range(1, 402))
    assert [seen.query.get("cursor") for seen in upstream.seen] == [None, "p2", "p3"]


@pytest.mark.parametrize("which", sorted(LISTS))
async def test_one_that_shifts_between_pages_is_told_once(
    upstream: Upstream, connections: Connections, which: str
) -> None:
    _, name = LISTS[which]
    upstream.will(_page(name, range(1, 201), "p2"), _page(name, range(199, 250), None))
    assert await _ids(connections, which) == list(range(1, 250))


@pytest.mark.parametrize("which", sorted(LISTS))
async def test_pages_that_repeat_end_the_list(
    upstream: Upstream, connections: Connections, which: str
) -> None:
    _, name = LISTS[which]
    upstream.will(*(_page(name, range(1, 201), f"p{number}") for number in range(2, 9)))
    assert await _ids(connections, which) == list(range(1, 201))
    assert len(upstream.seen) == 1 + BARREN
    upstream.reset()
    upstream.will(_page(name, range(1, 201), "p2"), _page(name, range(201, 202), "p2"))
    assert await _ids(connections, which) == list(range(1, 202))
    assert len(upstream.seen) == 2


@pytest.mark.parametrize("which", sorted(LISTS))
async def test_more_without_a_cursor_and_an_older_answer_are_one_page(
    upstream: Upstream, connections: Connections, which: str
) -> None:
    _, name = LISTS[which]
    upstream.will(Reply(body={**_page(name, range(1, 3), None).body, "hasMore": True}))
    assert await _ids(connections, which) == [1, 2]
    upstream.reset()
    upstream.will(Reply(body={name: _page(name, range(1, 3), None).body[name]}))
    assert await _ids(connections, which) == [1, 2]
    assert len(upstream.seen) == 1


async def test_the_sandbox_gives_pages_of_200() -> None:
    async with serve_sandbox(QUIET) as sandbox:
        headers = {"x-api-key": sandbox.api_key}
        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=headers, trust_env=False) as client:
            for number in range(203):
                body = {"query": f"moon {number}", "eventTypes": ["tweet.new"]}
                while (made := await client.post("/monitors/keywords", json=body)).status_code == 429:
                    control = sandbox.control_url
                    await client.post(f"{control}/clock", json={"advance": 61})
                assert made.status_code == 201, made.text
            first = (await client.get("/monitors/keywords")).json()
            assert len(first["monitors"]) == 200 and first["hasMore"] and first["total"] == 203
            rest = (await client.get("/monitors/keywords", params={"cursor": first["nextCursor"]})).json()
            assert [one["query"] for one in rest["monitors"]] == [f"moon {n}" for n in (200, 201, 202)]
            assert not rest["hasMore"] and "nextCursor" not in rest
            assert (await client.get("/monitors/keywords?cursor=%21%21")).status_code == 400
