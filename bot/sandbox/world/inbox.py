"""What X shows to one account alone: bookmarks and their folders, its home, notifications, messages.

All of it follows from the people, posts and relations that everybody sees; bookmarks that were set here, and
messages that were written here, come on top.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from bot.sandbox.records import MessageRecord, Post, Relation
from bot.sandbox.store import Collection
from bot.sandbox.world import snowflake
from bot.sandbox.world.graph import SocialGraph
from bot.sandbox.world.people import PeopleOfX, PersonOfX
from bot.sandbox.world.posts import HOSTILE_TEXTS
from bot.sandbox.world.timeline import Timeline

_FOLDERS: Final = ("Read later", "Ideas @everyone <b>bold</b> 💡")
_FIRST_FOLDER: Final = 1_893_000_000_000_000_000
_FOLLOWERS_TOLD: Final = 25
_LIKERS_TOLD: Final = 20
_TALK: Final = (
    "Hi! Do you have a minute?",
    "Sure, what is it about?",
    "The launch on Friday. Could you send us the picture first?",
    "Of course. Here it is.",
    "Lovely, thank you. Please keep it to yourselves until then.",
    "We will.",
    HOSTILE_TEXTS[0],
    HOSTILE_TEXTS[2],
)
_PICTURED: Final = 3  # of `_TALK`
_PAUSE: Final = 5_400.0


@dataclass(frozen=True, slots=True)
class FolderOfX:
    """A folder of bookmarks, and the ids of what is in it."""

    id: str
    name: str
    posts: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotificationOfX:
    """What somebody did. kind: in X's word; post: the id of what it was done with, "" for a follow; at:
    seconds since the epoch."""

    actor: PersonOfX
    kind: str
    post: str
    at: float

    @property
    def id(self) -> str:
        """Its own, always the same."""
        return snowflake.at(self.at, zlib.crc32(f"{self.kind}{self.actor.id}{self.post}".encode()))

    @property
    def names(self) -> bool:
        """Whether it is about a tweet that names or answers the account."""
        return self.kind in {"mention", "reply", "quote"}


class InboxOfX:
    """See the module. Newest first."""

    def __init__(
        self,
        people: PeopleOfX,
        timeline: Timeline,
        graph: SocialGraph,
        relations: Collection[Relation],
        messages: Collection[MessageRecord],
    ) -> None:
        self._people, self._timeline, self._graph = people, timeline, graph
        self._relations, self._messages = relations, messages

    def bookmarks(self, person: PersonOfX) -> list[Post]:
        """What somebody saved."""
        known = self._known(person)
        found: list[Post] = []
        for post in self._timeline:
            made = self._relations.get(f"bookmark:{person.id}:{post.id}")
            if (known and self._of_old(person, post)) if made is None else made.active:
                found.append(post)
        return found

    def bookmark(self, person: PersonOfX, post: Post, *, on: bool) -> None:
        """Save a post, or have it saved no more; its figure says so."""
        before = post.id in {one.id for one in self.bookmarks(person)}
        self._relations.put(Relation(id=f"bookmark:{person.id}:{post.id}", active=on))
        self._timeline.put(replace(post, bookmarks=max(0, post.bookmarks + on - before)))

    def folders(self, person: PersonOfX) -> list[FolderOfX]:
        """The folders of somebody who has bookmarks."""
        saved = [post.id for post in self.bookmarks(person)]
        return [
            FolderOfX(
                str(_FIRST_FOLDER + zlib.crc32(person.id.encode()) * 10 + number),
                name,
                frozenset(one for one in saved if zlib.crc32(one.encode()) // 7 % len(_FOLDERS) == number),
            )
            for number, name in enumerate(_FOLDERS)
            if saved
        ]

    def home(self, person: PersonOfX) -> list[Post]:
        """What those write that somebody follows, and what they write themselves."""
        seen: dict[str, bool] = {person.id: True}
        for post in self._timeline:
            if post.author_id not in seen:
                seen[post.author_id] = self._timeline.follows(person, self._timeline.author(post))
        return [post for post in self._timeline if seen[post.author_id]]

    def notifications(self, person: PersonOfX) -> list[NotificationOfX]:
        """Who followed somebody, named them, answered, or did something with what they wrote."""
        found = {one.id: one for one in self._notifications(person)}
        return sorted(found.values(), key=lambda one: (-one.at, -int(one.id)))

    def messages(self, one: PersonOfX, other: PersonOfX) -> list[MessageRecord]:
        """What two wrote to each other."""
        both = {one.id, other.id}
        written = [message for message in self._messages if {message.sender_id, message.receiver_id} == both]
        both_ways = (*written, *self._talk(one, other))
        gone = {message.id for message in self._messages if message.gone}
        shown = [message for message in both_ways if message.id not in gone]
        return sorted(shown, key=lambda message: -int(message.id))

    def take_back(self, identity: str) -> None:
        """A message is shown no more."""
        known = self._messages.get(identity)
        if known is None:
            known = MessageRecord(id=identity, sender_id="", receiver_id="", text="")
        known.gone = True
        self._messages.put(known)

    def write(
        self, sender: PersonOfX, receiver: PersonOfX, text: str, media: str, at: float
    ) -> MessageRecord:
        """A message; media: the key of a picture, "" for none."""
        number = zlib.crc32(f"{sender.id}{receiver.id}{len(self._messages)}".encode())
        return self._messages.put(
            MessageRecord(
                id=snowflake.at(at, number),
                sender_id=sender.id,
                receiver_id=receiver.id,
                text=text,
                media=media,
            )
        )

    def _known(self, person: PersonOfX) -> bool:
        """Whether it is somebody whom people know, from the beginning."""
        cast = {one.id for one in self._people.everybody if not self._people.in_crowd(one)}
        return person.id in cast

    def _of_old(self, person: PersonOfX, post: Post) -> bool:
        """Whether somebody whom people know saved a post of the fixed world."""
        if post.bookmarks == 0 or not self._timeline.is_old(post):
            return False
        return post.author_id != person.id and zlib.crc32(f"{person.id}_{post.id}".encode()) % 2 == 0

    def _notifications(self, person: PersonOfX) -> Iterator[NotificationOfX]:
        followers, _ = self._timeline.followers_listed(person, 0, _FOLLOWERS_TOLD)
        for number, one in enumerate(followers):
            yield NotificationOfX(one, "follow", "", self._timeline.ended - 3_600.0 * (number + 1))
        for post in self._graph.posts_of(person):
            written = snowflake.seconds_of(post.id)
            for one in self._graph.likers(post, _LIKERS_TOLD):
                yield NotificationOfX(one, "like", post.id, written + _later(one, post))
            for one in self._timeline.reposters(post)[:_LIKERS_TOLD]:
                yield NotificationOfX(one, "retweet", post.id, written + _later(one, post))
            yield from self._told(person, "reply", self._timeline.replies_to(post.id))
            yield from self._told(person, "quote", self._graph.quotes_of(post))
        yield from self._told(person, "mention", self._graph.mentions_of(person))

    def _told(self, person: PersonOfX, kind: str, posts: list[Post]) -> Iterator[NotificationOfX]:
        for post in posts:
            if post.author_id != person.id:
                author = self._timeline.author(post)
                yield NotificationOfX(author, kind, post.id, snowflake.seconds_of(post.id))

    def _talk(self, one: PersonOfX, other: PersonOfX) -> Iterator[MessageRecord]:
        """What two whom people know wrote to each other before the world began."""
        if one.id == other.id or not (self._known(one) and self._known(other)):
            return
        first, second = sorted((one, other), key=lambda person: int(person.id))
        about = zlib.crc32(f"{first.id}&{second.id}".encode())
        count = 3 + about % 40
        for number in range(count):
            sender, receiver = (first, second) if (number + about) % 2 else (second, first)
            turn = (count - number - 1) % len(_TALK)
            yield MessageRecord(
                id=snowflake.at(self._timeline.ended - _PAUSE * (number + 1), about + number),
                sender_id=sender.id,
                receiver_id=receiver.id,
                text=_TALK[turn],
                media=f"dm-{about}-{number}" if turn == _PICTURED else "",
            )


def _later(person: PersonOfX, post: Post) -> float:
    """When it was done, in seconds after the post."""
    return 60.0 + zlib.crc32(f"{person.id}@{post.id}".encode()) % 7_200
