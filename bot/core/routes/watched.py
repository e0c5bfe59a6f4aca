"""What a monitor watches, as it is kept beside its costs, and which routes it feeds. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from bot.core.routes.events import POST_TYPES
from bot.core.routes.monitor_starts import Sort, Start
from bot.core.routes.route import Route, of_posts_alone, takes_from


class WatchedSource(msgspec.Struct, frozen=True):
    """watched: a username without @, a search, or the id of a tweet. account: X's id of the account, of a
    tweet of its author, "" where it is not known; author: the author's username, of a tweet."""

    kind: Sort
    watched: str
    account: str = ""
    author: str = ""

    def feeds(self, route: Route) -> bool:
        """Whether the route takes something of what it reports; one that is paused, once it is on."""
        if self.kind == "post":
            if route.tweets and self.watched not in route.tweets:
                return False
            taken = bool({*route.types} & {*POST_TYPES})
            named = bool(route.tweets) and not route.accounts and not route.keywords
            return taken and (named or takes_from(route, account=self.author, account_id=self._id))
        if of_posts_alone(route):
            return False
        if self.kind == "keyword":
            return takes_from(route, query=self.watched)
        return takes_from(route, account=self.watched, account_id=self._id)

    @property
    def _id(self) -> str | None:
        return self.account or None


def watched_of_start(start: Start) -> WatchedSource:
    """What will be watched once it runs."""
    return WatchedSource(start.kind, start.watched, start.account)


def stored(watched: Iterable[WatchedSource]) -> list[list[str]]:
    """As JSON."""
    return [[one.kind, one.watched, one.account, one.author] for one in watched]


def of_stored(rows: Any) -> tuple[WatchedSource, ...]:
    """The same again, from JSON or its text; () where it is none."""
    try:
        found = json.loads(rows) if isinstance(rows, str) else rows
        return tuple(_one(row) for row in found)
    except (KeyError, TypeError, ValueError):
        return ()


def share(hourly: int, watched: Sequence[WatchedSource], route: Route | None) -> int:
    """What of the credits an hour of these monitors, each of which costs the same, is for a route. None: it
    is gone, and nothing is."""
    if route is None or not watched:
        return 0
    return hourly * sum(one.feeds(route) for one in watched) // len(watched)


def _one(row: Sequence[str]) -> WatchedSource:
    kind, watched, account, author = map(str, row)
    sort: Sort = "keyword" if kind == "keyword" else "post" if kind == "post" else "account"
    return WatchedSource(sort, watched, account, author)
