"""Everything that only looks. Reads are repeated on passing failures; some cost credits."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Final

from bot.core.errors import UsageError
from bot.xquik.errors import retry_after
from bot.xquik.models import (
    Account,
    ComposeGuide,
    Credits,
    Draft,
    DraftPage,
    Draw,
    DrawDetail,
    DrawPage,
    EventPage,
    ExportFile,
    Page,
    RadarItem,
    RadarPage,
    RefineGuide,
    Score,
    Trends,
    Tweet,
    User,
    Webhook,
    WriteAction,
    XAccount,
    XquikEvent,
    parse,
    parse_page,
    tweet_from_body,
)
from bot.xquik.resources.paging import iterate, whole
from bot.xquik.transport.caller import Caller
from bot.xquik.transport.wire import segment

EXPORT_FORMATS: Final = ("csv", "json", "md", "md-document", "pdf", "txt", "xlsx")
EXPORT_TYPES: Final = ("winners", "entries")
_EXTENSIONS: Final = {"md-document": "md"}


class XquikReads:
    """The reads of one tenant. Errors are those of `Transport.request`."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def account(self) -> Account:
        """Plan, monitors and balance. Free."""
        return parse(Account, await self._caller.get("/account"))

    async def credits(self) -> Credits:
        """The balance. Free."""
        return Credits.from_body(await self._caller.get("/credits"))

    async def x_accounts(self) -> tuple[XAccount, ...]:
        """The connected X accounts and their health, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[XAccount]:
            body = await self._caller.get("/x/accounts", {"cursor": cursor})
            accounts = tuple(XAccount.from_body(one) for one in _objects(body.get("accounts")))
            page = parse_page(dict[str, Any], {**body, "accounts": ()}, "accounts")
            return Page(accounts, page.has_more, page.next_cursor)

        return await whole(fetch, identity=lambda one: f"{one.id} {one.username}")

    async def tweet(self, tweet_id: str) -> Tweet:
        """One tweet with its author. 1 credit."""
        return tweet_from_body(await self._caller.get(f"/x/tweets/{segment(tweet_id)}"))

    async def user(self, name: str) -> User:
        """One profile, by username without @ or by id. 1 credit."""
        return parse(User, await self._caller.get(f"/x/users/{segment(name)}"))

    async def trends(self, woeid: int = 1, count: int = 30) -> Trends:
        """What a region talks about (see `regions`); count 1–50. `prices.TRENDS`."""
        return parse(Trends, await self._caller.get("/x/trends", {"woeid": woeid, "count": count}))

    async def radar(
        self,
        *,
        source: str | None = None,
        category: str | None = None,
        hours: int | None = None,
        region: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> RadarPage:
        """News and topics of seven sources. hours 1–72, limit 1–100, after: a cursor. Free."""
        query = {
            "source": source,
            "category": category,
            "hours": hours,
            "region": region,
            "limit": limit,
            "after": after,
        }
        return parse_page(RadarItem, await self._caller.get("/radar", query), "items")

    async def compose(
        self, topic: str, *, goal: str | None = None, style_username: str | None = None
    ) -> ComposeGuide:
        """Rules and questions before writing about a topic. Free."""
        body = {"step": "compose", "topic": topic, "goal": goal, "styleUsername": style_username}
        return parse(ComposeGuide, await self._compose(body))

    async def refine(
        self,
        topic: str,
        *,
        goal: str,
        tone: str,
        media_type: str | None = None,
        call_to_action: str | None = None,
        additional_context: str | None = None,
    ) -> RefineGuide:
        """Guidance for a goal and a tone; media_type is photo, video or none. Free."""
        body = {
            "step": "refine",
            "topic": topic,
            "goal": goal,
            "tone": tone,
            "mediaType": media_type,
            "callToAction": call_to_action,
            "additionalContext": additional_context,
        }
        return parse(RefineGuide, await self._compose(body))

    async def score(self, draft: str) -> Score:
        """Editorial checks of a text. Free."""
        body = {"step": "score", "draft": draft}
        return parse(Score, await self._compose(body))

    async def events(
        self,
        *,
        cursor: str | None = None,
        limit: int = 100,
        monitor_id: str | None = None,
        keyword_monitor_id: str | None = None,
        event_type: str | None = None,
    ) -> EventPage:
        """What monitors saw, newest first; limit 1–100. Free."""
        query = {
            "cursor": cursor,
            "limit": limit,
            "monitorId": monitor_id,
            "keywordMonitorId": keyword_monitor_id,
            "eventType": event_type,
        }
        return parse_page(XquikEvent, await self._caller.get("/events", query), "events")

    def every_event(self, *, max_pages: int = 1000) -> AsyncIterator[XquikEvent]:
        """All events there are, newest first, each once. Free."""
        return iterate(
            lambda cursor: self.events(cursor=cursor), identity=lambda one: one.id, max_pages=max_pages
        )

    async def draws(self, cursor: str | None = None, limit: int = 50) -> DrawPage:
        """Past draws, newest first; limit 1–100. Free."""
        return parse_page(Draw, await self._caller.get("/draws", {"cursor": cursor, "limit": limit}), "draws")

    async def draw(self, draw_id: str) -> DrawDetail:
        """One draw with its winners. Free."""
        return DrawDetail.from_body(await self._caller.get(f"/draws/{segment(draw_id)}"))

    async def export(self, draw_id: str, format: str = "csv", type: str = "winners") -> ExportFile:
        """A draw as a file: up to 100,000 rows, 10,000 in a PDF. Free."""
        if format not in EXPORT_FORMATS:
            raise UsageError(
                "That export format does not exist.", option="format", remedy=_choose(EXPORT_FORMATS)
            )
        if type not in EXPORT_TYPES:
            raise UsageError("That export does not exist.", option="type", remedy=_choose(EXPORT_TYPES))
        answer = await self._caller.ask(
            "GET",
            f"/draws/{segment(draw_id)}/export",
            kind="read",
            query={"format": format, "type": type},
            file_answer=True,
        )
        name = re.sub(r"[^A-Za-z0-9_-]", "_", f"draw-{draw_id}-{type}")[:100]
        content_type = answer.headers.get("content-type", "application/octet-stream")
        return ExportFile(f"{name}.{_EXTENSIONS.get(format, format)}", content_type, answer.content)

    async def webhooks(self) -> tuple[Webhook, ...]:
        """The registered endpoints, without their secrets, all pages. Free."""

        async def fetch(cursor: str | None) -> Page[Webhook]:
            return parse_page(Webhook, await self._caller.get("/webhooks", {"cursor": cursor}), "webhooks")

        return await whole(fetch, identity=lambda one: one.id)

    async def write_action(self, action_id: str) -> WriteAction:
        """How far a write has got. Free."""
        answer = await self._caller.ask("GET", f"/x/write-actions/{segment(action_id)}", kind="read")
        return WriteAction.from_body(answer.body, retry_after=retry_after(answer.body, answer.headers))

    async def drafts(self, after_cursor: str | None = None, limit: int = 50) -> DraftPage:
        """Saved drafts, newest first; limit 1–50. Free."""
        query = {"afterCursor": after_cursor, "limit": limit}
        return parse_page(Draft, await self._caller.get("/drafts", query), "drafts")

    async def draft(self, draft_id: str) -> Draft:
        """One saved draft. Free."""
        return parse(Draft, await self._caller.get(f"/drafts/{segment(draft_id)}"))

    async def _compose(self, body: dict[str, Any]) -> object:
        given = {name: value for name, value in body.items() if value is not None}
        return (await self._caller.ask("POST", "/compose", kind="read", json=given)).body


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _choose(names: tuple[str, ...]) -> str:
    return f"Choose one of: {', '.join(names)}."
