"""What Xquik holds of a place, as it was last seen: for what is suggested while somebody types.

A suggestion is there at once or never. So what was seen in the last half minute is believed; else Xquik is
asked (these lists are free), once for all who type at that moment. Where it takes longer than a keystroke
may wait, what was seen before is given, and the answer counts from the next keystroke on. Never an error.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from bot.cards.draws import draw_words, drawn_at
from bot.cards.extractions import job_words
from bot.cards.figures import epoch
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Invocation
from bot.core.chat.stored_texts import as_stored, of_stored
from bot.core.clocks import Clock
from bot.core.errors import BotError
from bot.core.messages.message import msg
from bot.core.routes.event_words import kind_words
from bot.core.tasks import cancelled
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import shorten
from bot.storage.places.cached_answers import CachedAnswers
from bot.storage.places.local_numbers import LocalNumbers, Numbered
from bot.xquik.client import XquikClient
from bot.xquik.models import Draft, PostMonitor, XquikEvent

FRESH: Final = 30.0
"""Seconds for which what was seen is believed."""
REMEMBERED: Final = 86_400.0
"""Seconds for which it is kept at all, for when Xquik is silent."""
WAIT: Final = 0.7
"""Seconds that somebody who types waits for Xquik."""
LONGEST: Final = 10.0
"""Seconds for one look; one that failed is not repeated for as long either."""
_NAME: Final = 120  # characters
_NEWEST: Final = 25  # events, tickets
_WHO: Final = 40  # characters of what an event is about


class What(StrEnum):
    """The lists there are."""

    DRAWS = "draws"
    DRAFTS = "drafts"
    ACCOUNTS = "monitors"
    SEARCHES = "searches"
    WATCHED_TWEETS = "watched tweets"
    WEBHOOKS = "webhooks"
    EVENTS = "events"
    TICKETS = "tickets"
    STYLES = "styles"
    EXTRACTIONS = "extractions"


class KnownThing(msgspec.Struct, frozen=True):
    """Something of a list. id: Xquik's; name: what people know it by, on one line; on: whether it counts
    now; at: when it was made (epoch seconds), for the clock of who reads it."""

    id: str
    name: str
    on: bool = True
    at: float | None = None


class ListAccess(msgspec.Struct, frozen=True):
    """How a tenant's lists are looked at. key: names its Xquik key, and tells nothing about it."""

    xquik: XquikClient
    key: str


ListAccessOf: TypeAlias = Callable[[Invocation], Awaitable[ListAccess]]
"""How the lists of whoever asks are read."""


class KnownLists:
    """The lists, newest first. way: raises NotConfigured without a key. clock: epoch seconds."""

    def __init__(
        self,
        way: ListAccessOf,
        answers: CachedAnswers,
        numbers: LocalNumbers,
        *,
        clock: Clock,
    ) -> None:
        self._way = way
        self._answers = answers
        self._numbers = numbers
        self._clock = clock
        self._looks: dict[tuple[TenantId, str], asyncio.Task[tuple[KnownThing, ...]]] = {}
        self._failed: dict[tuple[TenantId, str], float] = {}

    async def entries(self, invocation: Invocation, what: What) -> tuple[KnownThing, ...]:
        """What is there, as far as it is known in time."""
        tenant = invocation.tenant
        try:
            way = await self._way(invocation)
        except BotError:
            return ()
        name = f"known:{what}:{way.key}"
        look = self._looks.get((tenant, name))
        if look is None:
            look = self._looks[tenant, name] = asyncio.create_task(self._look(tenant, name, what, way))
            look.add_done_callback(lambda done: self._ended((tenant, name), done))
        await asyncio.wait((look,), timeout=WAIT)
        if look.done() and not look.cancelled() and look.exception() is None:
            return look.result()
        return (await self._kept(tenant, name))[0]

    async def changed(self, tenant: TenantId, what: What) -> None:
        """Something of that list was added or taken away here: it is looked at anew, by every process."""
        await self._answers.outdated(tenant, f"known:{what}:")

    async def close(self) -> None:
        """End what is still being asked."""
        await cancelled(self._looks.values())

    # --- looks -------------------------------------------------------------------------------

    async def _look(self, tenant: TenantId, name: str, what: What, way: ListAccess) -> tuple[KnownThing, ...]:
        # What is kept is read in here too: else a slow read could outlast the look of somebody else, and be
        # taken for old although that look has just renewed it.
        async with asyncio.timeout(LONGEST):
            kept, at = await self._kept(tenant, name)
            fresh = at is not None and 0 <= self._clock() - at < FRESH
            if fresh or self._failed_lately((tenant, name)):
                return kept
            entries = await self._asked(tenant, what, way)
        body = json.dumps([[one.id, as_stored(one.name), one.on, one.at] for one in entries])
        await self._answers.put(tenant, name, body, lifetime=REMEMBERED)
        self._failed.pop((tenant, name), None)
        return entries

    async def _asked(self, tenant: TenantId, what: What, way: ListAccess) -> tuple[KnownThing, ...]:
        match what:
            case What.DRAWS:
                draws = (await way.xquik.draws.list()).items
                await self._number(tenant, Numbered.DRAW, (one.id for one in draws))
                return tuple(KnownThing(one.id, draw_words(one), at=drawn_at(one)) for one in draws)
            case What.DRAFTS:
                drafts = (await way.xquik.drafts.list()).items
                await self._number(tenant, Numbered.DRAFT, (one.id for one in drafts))
                return tuple(KnownThing(one.id, draft_words(one)) for one in drafts)
            case What.EXTRACTIONS:
                jobs = (await way.xquik.extractions.list()).items
                await self._number(tenant, Numbered.EXTRACTION, (one.id for one in jobs))
                return tuple(
                    KnownThing(one.id, job_words(one), one.active, at=epoch(one.created_at)) for one in jobs
                )
            case What.ACCOUNTS:
                found = await way.xquik.monitors.list()
                return tuple(KnownThing(one.id, one.username, one.is_active) for one in found)
            case What.SEARCHES:
                words = await way.xquik.keyword_monitors.list()
                return tuple(KnownThing(one.id, one.query, one.is_active) for one in words)
            case What.WATCHED_TWEETS:
                posts = await way.xquik.post_monitors.list()
                return tuple(KnownThing(one.post_id, _tweet_words(one), one.is_active) for one in posts)
            case What.WEBHOOKS:
                standing = await way.xquik.webhooks.list()
                return tuple(KnownThing(one.id, one.host, one.is_active) for one in standing)
            case What.TICKETS:
                latest = (await way.xquik.support.list(rows=_NEWEST)).items
                return tuple(
                    KnownThing(one.public_id, shorten(without_unseen(one.subject), _NAME)) for one in latest
                )
            case What.EVENTS:
                newest = (await way.xquik.events.list(limit=_NEWEST)).items
                return tuple(
                    KnownThing(one.id, _event_words(one), at=epoch(one.occurred_at)) for one in newest
                )
            case What.STYLES:
                styles = (await way.xquik.styles.list()).items
                return tuple(KnownThing(one.x_username, one.x_username) for one in styles)

    async def _number(self, tenant: TenantId, kind: Numbered, newest_first: Iterable[str]) -> None:
        await self._numbers.give(tenant, kind, list(newest_first)[::-1])

    async def _kept(self, tenant: TenantId, name: str) -> tuple[tuple[KnownThing, ...], float | None]:
        kept = await self._answers.get(tenant, name)
        if kept is None:
            return (), None
        found = json.loads(kept.body)
        entries = tuple(KnownThing(one, of_stored(name), on, at) for one, name, on, at in found)
        return entries, kept.fetched_at

    def _failed_lately(self, name: tuple[TenantId, str]) -> bool:
        return 0 <= self._clock() - self._failed.get(name, float("-inf")) < LONGEST

    def _ended(self, name: tuple[TenantId, str], done: asyncio.Task[tuple[KnownThing, ...]]) -> None:
        self._looks.pop(name, None)
        # Whatever it was (Xquik, the database): who typed got what was known, and it is asked again later.
        if not done.cancelled() and done.exception() is not None:
            self._failed[name] = self._clock()


def draft_words(draft: Draft) -> str:
    """The beginning of a draft, on one line."""
    return shorten(without_unseen(draft.text), _NAME)


def _tweet_words(monitor: PostMonitor) -> str:
    """What a watched tweet is called, else who wrote it and how it begins."""
    said = monitor.name or f"@{monitor.author_username}: {monitor.text}"
    return shorten(without_unseen(said), _NAME)


def _event_words(event: XquikEvent) -> str:
    """What happened, and to whom, on one line."""
    what, who = kind_words(event.type), event.username or event.query or ""
    return msg("{what}: {who}", what=what, who=shorten(without_unseen(who), _WHO)) if who else what
