"""What monitored accounts and searches come up with: posts of every kind, and profile changes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from bot.sandbox.api.eventtypes import NEWER, POST_TYPES
from bot.sandbox.records import Media, Monitor, Post
from bot.sandbox.shapes import post_json, user_json
from bot.sandbox.state import ORIGIN_MARK, Sandbox
from bot.sandbox.world import posts, snowflake
from bot.sandbox.world.people import Person

_LINES = [
    "We are live in ten minutes.",
    "New pictures are down from the spacecraft, and they are worth the wait.",
    "Shipping today: fewer clicks, more answers.",
    "A short thread on what we learned this year.",
    "Thank you for the kind words on yesterday's release.",
    "Weather looks good for the window tonight.",
    "We fixed the bug you all found. All of you. At once.",
    "Reminder: the call for papers closes on Friday.",
]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event about to be emitted; ``data`` has the shape its type calls for."""

    type: str
    data: dict[str, Any]


class Happenings:
    """Invents the next event of a monitor. Posts it makes exist from then on and can be looked up."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._rng = random.Random(f"happenings:{sandbox.config.seed}")

    def of_account(self, monitor: Monitor) -> Happening | None:
        """The next event of an account; kinds take turns so that all are seen. ``None``: no such kind."""
        person = self._sandbox.people.find(monitor.x_user_id or "")
        kinds = [
            kind
            for kind in monitor.event_types
            if kind in POST_TYPES or kind.startswith("profile.") or kind in NEWER
        ]
        if person is None or not kinds:
            return None
        kind = kinds[monitor.produced % len(kinds)]
        return self.make(kind, person)

    def of_search(self, monitor: Monitor) -> Happening | None:
        """A post by somebody in the crowd that contains the words searched for."""
        kinds = [kind for kind in monitor.event_types if kind in POST_TYPES]
        if not kinds:
            return None
        person = self._rng.choice(self._sandbox.people.crowd)
        return self.make(
            kinds[monitor.produced % len(kinds)], person, words=_plain_words(monitor.query or "")
        )

    def make(self, kind: str, person: Person, words: str = "") -> Happening:
        """An event of ``kind`` by ``person``; ``words`` are worked into a post's text."""
        if kind.startswith("profile."):
            return Happening(kind, self._profile_change(kind, person))
        if kind.startswith(("following.", "follower.")):
            other = self._rng.choice(self._sandbox.people.crowd)
            return Happening(kind, user_json(other, ORIGIN_MARK))
        if kind in {"broadcast.started", "space.started"}:
            return Happening(kind, self._live(kind))
        post = self._post(kind, person, words)
        if kind == "tweet.deleted":
            post.deleted = True
        self._sandbox.timeline.put(post)
        return Happening(kind, post_json(self._sandbox, post, ORIGIN_MARK))

    def _post(self, kind: str, person: Person, words: str) -> Post:
        moment = self._sandbox.now()
        post = Post(
            id=snowflake.at(moment, self._sandbox.store.next("post")),
            author_id=person.id,
            text=self._line(words),
            lang="en",
            likes=self._rng.randint(0, 40),
            views=self._rng.randint(10, 4_000),
        )
        match kind:
            case "tweet.reply":
                other = self._sandbox.timeline.get(posts.PLAIN_ID)
                post.reply_to = posts.PLAIN_ID if other else None
                post.text = f"@python {post.text}"
            case "tweet.quote":
                post.quotes = self._rng.choice([posts.PLAIN_ID, posts.GALLERY_IDS[1], posts.HOSTILE_ID])
            case "tweet.retweet":
                post.reposts = self._rng.choice([posts.GALLERY_IDS[2], posts.LONG_ID, posts.PLAIN_ID])
                post.text = "RT " + self._quoted_text(post.reposts)
            case "tweet.media":
                post.media = [
                    Media(key=f"{post.id}-{number}", alt="Drawn just now")
                    for number in range(self._rng.randint(1, 4))
                ]
            case "tweet.link":
                post.text += f" https://example.com/story/{post.id[-4:]}"
            case "tweet.poll":
                post.poll = ["Yes", "No", "Ask me tomorrow"]
            case "tweet.mention":
                post.text += " with @github and @xquik"
            case "tweet.hashtag":
                post.text += " #Launch #OpenSource"
            case "tweet.longform":
                post.note = True
                post.text = " ".join([post.text, *(_LINES * 3)])
            case _:
                pass
        return post  # fmt: skip

    def _live(self, kind: str) -> dict[str, Any]:
        number = snowflake.at(self._sandbox.now(), self._sandbox.store.next("post"))
        what = "spaces" if kind == "space.started" else "broadcasts"
        return {
            "id": number,
            "title": self._line(""),
            "state": "live",
            "url": f"https://x.com/i/{what}/{number}",
        }

    def _line(self, words: str) -> str:
        # One in twelve is hostile on purpose, so that every reader meets one soon.
        line = self._rng.choice(posts.HOSTILE_TEXTS if self._rng.random() < 1 / 12 else _LINES)
        return f"{words}: {line}" if words else line

    def _quoted_text(self, post_id: str) -> str:
        post = self._sandbox.timeline.get(post_id)
        return post.text if post else ""

    def _profile_change(self, kind: str, person: Person) -> dict[str, Any]:
        field = kind.removeprefix("profile.").removesuffix(".changed")
        number = self._rng.randint(2, 99)
        pictures = f"{ORIGIN_MARK}/media"
        changes: dict[str, tuple[Any, Any]] = {
            "avatar": (f"{pictures}/face-{person.id}.png", f"{pictures}/face-{person.id}-{number}.png"),
            "banner": (None, f"{pictures}/banner-{person.id}-{number}.png"),
            "name": (person.name, f"{person.name} {number}"),
            "username": (person.username, f"{person.username}_{number}"[:15]),
            "bio": (person.bio, f"{person.bio} Now with {number} % more."),
            "location": (person.location, "Low Earth orbit"),
            "url": (person.url, f"https://example.com/{person.username}"),
            "verified": (person.verified, not person.verified),
            "protected": (False, True),
            "pinned_tweet": ([], [posts.PLAIN_ID]),
            "unavailable": (False, True),
            "followers": (person.followers, person.followers + number),
            "following": (person.following, person.following + 1),
        }  # fmt: skip
        previous, current = changes.get(field, ("before", "after"))
        body = {
            "field": field,
            "userId": person.id,
            "username": person.username,
            "previous": previous,
            "current": current,
        }
        if field in {"followers", "following"}:
            body["change"] = current - previous
        return {name: value for name, value in body.items() if value is not None}


def _plain_words(query: str) -> str:
    """The words of a search without its operators, so that a post can contain them."""
    return " ".join(
        part.strip('"()')
        for part in query.split()
        if ":" not in part and not part.startswith("-") and part != "OR"
    )
