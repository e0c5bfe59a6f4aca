"""What happens to a post that is watched: it is answered, quoted, liked, edited, deleted."""

from __future__ import annotations

import random
from typing import Any, Final

from msgspec.structs import replace

from bot.sandbox.happenings import Happening
from bot.sandbox.measuring import measured
from bot.sandbox.records import MonitorRecord, Post, Relation
from bot.sandbox.shapes import post_json
from bot.sandbox.state import ORIGIN_MARK, Sandbox
from bot.sandbox.world import snowflake

_ANSWERS: Final = ("This made my day.", "When can we try it?", "Count me in!", "Is there a longer version?")
# What ends the watch or changes the post for all: made by itself only where nothing else is reported.
_SELDOM: Final = frozenset({"post.edited", "post.deleted"})


class PostHappenings:
    """Makes the next event of a post monitor; what it tells of is so from then on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._rng = random.Random(f"posts:{sandbox.config.seed}")

    def of_post(self, monitor: MonitorRecord) -> Happening | None:
        """The next event; ``None`` where there is none."""
        if self._sandbox.timeline.get(monitor.post_id or "") is None:
            return self.make("post.deleted", monitor)
        kinds = [kind for kind in monitor.event_types if kind not in _SELDOM] or monitor.event_types
        return self.make(kinds[monitor.produced % len(kinds)], monitor)

    def make(self, kind: str, monitor: MonitorRecord) -> Happening | None:
        """An event of ``kind``; after one of a post that is gone the monitor is paused."""
        post = self._sandbox.timeline.get(monitor.post_id or "")
        if post is None or kind == "post.deleted":
            return self._deleted(monitor, post)
        data: dict[str, Any]
        match kind.split("."):
            case ["post", "reply", "new"]:
                data = post_json(self._sandbox, self._written(reply_to=post.id), ORIGIN_MARK)
            case ["post", "quote", "new"]:
                data = post_json(self._sandbox, self._written(quotes=post.id), ORIGIN_MARK)
            case ["post", "edited"]:
                data = self._edited(monitor, post)
            case ["post", metric, "changed"]:
                data = self._counted(monitor, post, metric)
            case _:
                return None
        return Happening(kind, data)

    def _deleted(self, monitor: MonitorRecord, post: Post | None) -> Happening | None:
        if post is not None:
            self._sandbox.timeline.put(replace(post, deleted=True))
        monitor.pause("x_post_deleted", self._sandbox.now())
        self._sandbox.monitors.put(monitor)
        told = "post.deleted" in monitor.event_types
        return Happening("post.deleted", {"text": monitor.text}) if told else None

    def _edited(self, monitor: MonitorRecord, post: Post) -> dict[str, Any]:
        text = f"{post.text} (edited)"
        self._sandbox.timeline.put(replace(post, text=text))
        monitor.text = text
        self._sandbox.monitors.put(monitor)
        version = snowflake.at(self._sandbox.now(), self._sandbox.store.next("post"))
        return {"previousText": post.text, "text": text, "versionId": version}

    def _counted(self, monitor: MonitorRecord, post: Post, metric: str) -> dict[str, Any]:
        """Something that is counted happens; the event tells what the one before it told, and what is now."""
        more = self._rng.randint(1, 9)
        timeline = self._sandbox.timeline
        match metric:
            case "likes":
                timeline.put(replace(post, likes=post.likes + more))
            case "views":
                timeline.put(replace(post, views=post.views + 100 * more))
            case "bookmarks":
                timeline.put(replace(post, bookmarks=post.bookmarks + more))
            case "replies":
                self._written(reply_to=post.id)
            case "quotes":
                self._written(quotes=post.id)
            case _:
                others = [one for one in self._sandbox.people.crowd if not timeline.reposted_by(post.id, one)]
                for person in others[:1]:
                    self._sandbox.relations.put(Relation(id=f"retweet:{person.id}:{post.id}"))
        previous, current = (
            monitor.told[metric],
            measured(self._sandbox, timeline.get(post.id) or post)[metric],
        )
        monitor.told = {**monitor.told, metric: current}
        self._sandbox.monitors.put(monitor)
        change = {"previous": previous, "current": current, "change": current - previous}
        return {"metric": metric, **change}

    def _written(self, *, reply_to: str | None = None, quotes: str | None = None) -> Post:
        person = self._rng.choice(self._sandbox.people.crowd)
        number = snowflake.at(self._sandbox.now(), self._sandbox.store.next("post"))
        text = self._rng.choice(_ANSWERS)
        post = Post(id=number, author_id=person.id, text=text, reply_to=reply_to, quotes=quotes)
        return self._sandbox.timeline.put(post)
