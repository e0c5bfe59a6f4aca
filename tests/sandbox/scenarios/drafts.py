"""Composing, and drafts."""

from __future__ import annotations

import httpx

from .first import draft
from .scenario import Scenarios, each

SCENARIOS = Scenarios(
    {
        "compose": each(
            ("POST", "/compose", {"step": "compose", "topic": "small tools"}),
            (
                "POST",
                "/compose",
                {"step": "compose", "topic": "x", "goal": "authority", "styleUsername": "a"},
            ),
            ("POST", "/compose", {"step": "refine", "topic": "x", "goal": "followers", "tone": "dry"}),
            ("POST", "/compose", {"step": "score", "draft": "WOW!! #x https://example.com 🎉 — buy"}),
            (
                "POST",
                "/compose",
                {
                    "step": "score",
                    "draft": "Postgres eighteen cut our slowest query from nine seconds to one. Here is how.",
                },
            ),
            ("POST", "/compose", {"step": "dance"}),
            ("POST", "/compose", {"step": "compose"}),
        ),
        "createDraft": each(("POST", "/drafts", {"text": "t", "goal": "authority"}), ("POST", "/drafts", {})),
    }
)


@SCENARIOS.add
async def listDrafts(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    for _number in range(3):
        await draft(c)
    first = await c.get("/drafts?limit=2")
    return [first, await c.get("/drafts", params={"afterCursor": first.json()["nextCursor"]})]


@SCENARIOS.add
async def getDraft(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.get(f"/drafts/{await draft(c)}"), await c.get("/drafts/999"), await c.get("/drafts/x")]


@SCENARIOS.add
async def deleteDraft(c: httpx.AsyncClient, _: str) -> list[httpx.Response]:
    return [await c.delete(f"/drafts/{await draft(c)}"), await c.delete("/drafts/999")]
