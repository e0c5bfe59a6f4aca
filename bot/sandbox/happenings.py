"""What monitored accounts and searches come up with: tweets of every kind, and profile changes."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.sandbox.api.eventtypes import NEWER, POST_TYPES
from bot.sandbox.records import MediaRecord, MonitorRecord, Post, Relation
from bot.sandbox.shapes import post_json, user_json
from bot.sandbox.state import ORIGIN_MARK, Sandbox
from bot.sandbox.world import posts, snowflake
from bot.sandbox.world.people import PersonOfX

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


_TURN = 6
# What changes who an account is to others: made by itself only for a monitor that reports nothing else.
_SELDOM = frozenset({"profile.username.changed", "profile.protected.changed", "profile.unavailable.changed"})

_NUMBERED = re.compile(r" \d\d?$")


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

    def of_account(self, monitor: MonitorRecord) -> Happening | None:
        """The next event of an account. ``None``: no such kind.

        Posts of all kinds take turns, and every sixth event is another one where the monitor reports both:
        accounts post more often than they change.
        """
        person = self._sandbox.people.find(monitor.x_user_id or "")
        posts = [kind for kind in monitor.event_types if kind in POST_TYPES]
        changes = [kind for kind in monitor.event_types if kind.startswith("profile.") or kind in NEWER]
        others = [kind for kind in changes if kind not in _SELDOM] or ([] if posts else changes)
        if person is None or not (posts or others):
            return None
        turn, last = divmod(monitor.produced, _TURN)
        if others and (not posts or last == _TURN - 1):
            return self.make(others[turn % len(others) if posts else monitor.produced % len(others)], person)
        made = monitor.produced - (turn if others else 0)
        return self.make(posts[made % len(posts)], person)

    def of_search(self, monitor: MonitorRecord) -> Happening | None:
        """A tweet by somebody in the crowd that contains the words searched for."""
        kinds = [kind for kind in monitor.event_types if kind in POST_TYPES]
        if not kinds:
            return None
        person = self._rng.choice(self._sandbox.people.crowd)
        return self.make(
            kinds[monitor.produced % len(kinds)], person, words=_plain_words(monitor.query or "")
        )

    def make(self, kind: str, person: PersonOfX, words: str = "") -> Happening:
        """An event of ``kind`` by ``person``; ``words`` are worked into a tweet's text.

        A changed username is the account's from then on.
        """
        if kind == "profile.username.changed":
            return self.renaming(person, f"{person.username[:11]}_{self._rng.randint(100, 999)}")
        if kind.startswith("profile."):
            return Happening(kind, self._profile_change(kind, person))
        if kind.startswith(("following.", "follower.")):
            return Happening(kind, self._follow(kind, person))
        if kind in {"broadcast.started", "space.started"}:
            return Happening(kind, self._live(kind, person))
        if kind == "tweet.deleted":
            return Happening(kind, self._deleted(person, words))
        post = self._sandbox.timeline.put(self._post(kind, person, words))
        return Happening(kind, post_json(self._sandbox, post, ORIGIN_MARK))

    def _deleted(self, person: PersonOfX, words: str) -> dict[str, Any]:
        """The newest tweet that somebody wrote here, as it was; from then on it is gone."""
        timeline = self._sandbox.timeline
        written = (one for one in timeline if one.author_id == person.id and not timeline.is_old(one))
        post = next(written, None) or timeline.put(self._post("tweet.new", person, words))
        shown = post_json(self._sandbox, post, ORIGIN_MARK)
        timeline.put(replace(post, deleted=True))
        return shown

    def _follow(self, kind: str, person: PersonOfX) -> dict[str, Any]:
        """Somebody of the crowd begins or ends to follow, or to be followed; they are what is told of."""
        sandbox = self._sandbox
        begins = kind.endswith(".added")

        def ends(other: PersonOfX) -> tuple[PersonOfX, PersonOfX]:
            return (other, person) if kind.startswith("follower.") else (person, other)

        crowd = [one for one in sandbox.people.crowd if sandbox.timeline.follows(*ends(one)) is not begins]
        other = self._rng.choice(crowd or sandbox.people.crowd)
        follower, followed = ends(other)
        sandbox.relations.put(Relation(id=f"follow:{follower.id}:{followed.id}", active=begins))
        return user_json(sandbox, other, ORIGIN_MARK)

    def renaming(self, person: PersonOfX, username: str) -> Happening:
        """``person`` takes another handle; what an event says of that."""
        self._sandbox.rename(person, username)
        body = {
            "field": "username",
            "userId": person.id,
            "username": username,
            "previous": person.username,
            "current": username,
        }
        return Happening("profile.username.changed", body)

    def _post(self, kind: str, person: PersonOfX, words: str) -> Post:
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
                post.quotes = self._one_of(posts.PLAIN_ID, posts.GALLERY_IDS[1], posts.HOSTILE_ID)
            case "tweet.retweet":
                post.reposts = self._one_of(posts.GALLERY_IDS[2], posts.LONG_ID, posts.PLAIN_ID)
                post.text = "RT " + self._quoted_text(post.reposts or "")
            case "tweet.media":
                post.media = [
                    MediaRecord(key=f"{post.id}-{number}", alt="Drawn just now")
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

    def _live(self, kind: str, person: PersonOfX) -> dict[str, Any]:
        """A broadcast, or a Space, which can be looked up from then on."""
        number = snowflake.at(self._sandbox.now(), self._sandbox.store.next("post"))
        what = "spaces" if kind == "space.started" else "broadcasts"
        title = self._line("")
        if kind == "space.started":
            self._sandbox.spaces.begin(number, title, person)
        else:
            self._sandbox.broadcasts.begin(number, title, person)
        return {
            "id": number,
            "title": title,
            "state": "live",
            "url": f"https://x.com/i/{what}/{number}",
        }

    def _line(self, words: str) -> str:
        # One in twelve is hostile on purpose, so that every reader meets one soon.
        line = self._rng.choice(posts.HOSTILE_TEXTS if self._rng.random() < 1 / 12 else _LINES)
        return f"{words}: {line}" if words else line

    def _one_of(self, *ids: str) -> str | None:
        """One of the tweets that are there still."""
        chosen = self._rng.choice(ids)
        there = [one for one in (chosen, *ids) if self._sandbox.timeline.get(one) is not None]
        return there[0] if there else None

    def _quoted_text(self, post_id: str) -> str:
        post = self._sandbox.timeline.get(post_id)
        return f"@{self._sandbox.timeline.author(post).username}: {post.text}" if post else ""

    def _profile_change(self, kind: str, person: PersonOfX) -> dict[str, Any]:
        field = kind.removeprefix("profile.").removesuffix(".changed")
        number = self._rng.randint(2, 99)
        timeline = self._sandbox.timeline
        pictures = f"{ORIGIN_MARK}/media"
        face, banner = f"face-{person.id}-{number}", f"banner-{person.id}-{number}"
        followers, following = timeline.followers(person), timeline.following(person)
        pinned = [] if person.pinned else [posts.PLAIN_ID]
        # The field of the profile and its new value; then what the event says, before and after.
        changes: dict[str, tuple[dict[str, Any], Any, Any]] = {
            "avatar": ({"face": face}, f"{pictures}/{person.face}.png", f"{pictures}/{face}.png"),
            "banner": (
                {"banner": banner},
                f"{pictures}/{person.banner}.png" if person.banner else None,
                f"{pictures}/{banner}.png",
            ),
            "name": _told("name", person.name, f"{_first_name(person)} {number}"),
            "bio": _told("bio", person.bio, f"{_first_bio(person)} Now with {number} % more."),
            "location": _told("location", person.location, "Low Earth orbit" if person.location else "Mars"),
            "url": _told("url", person.url, f"https://example.com/{person.username}/{number}"),
            "verified": _told("verified", person.verified, not person.verified),
            "protected": _told("protected", person.protected, not person.protected),
            "pinned_tweet": ({"pinned": pinned}, list(person.pinned), pinned),
            "unavailable": _told("unavailable", person.unavailable, not person.unavailable),
            "followers": ({"followers": person.followers + number}, followers, followers + number),
            "following": ({"following": person.following + 1}, following, following + 1),
        }  # fmt: skip
        fields, previous, current = changes.get(field, ({}, "before", "after"))
        if fields:
            self._sandbox.people.change(person, **fields)
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


def _told(field: str, previous: Any, current: Any) -> tuple[dict[str, Any], Any, Any]:
    """A change of a field whose value an event says as it is."""
    return {field: current}, previous, current


def _first_name(person: PersonOfX) -> str:
    """A name without the number of an earlier change."""
    return _NUMBERED.sub("", person.name)


def _first_bio(person: PersonOfX) -> str:
    return person.bio.partition(" Now with ")[0]


def _plain_words(query: str) -> str:
    """The words of a search without its operators, so that a tweet can contain them."""
    return " ".join(
        part.strip('"()')
        for part in query.split()
        if ":" not in part and not part.startswith("-") and part != "OR"
    )
