"""Who likes what, who follows whom, who speaks to whom: the social graph, so that every list agrees.

Of the fixed world all of it follows from ids, so it is the same in every run; what was done through the
sandbox (`Relation`) comes on top.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

from bot.sandbox.records import Post, Relation
from bot.sandbox.store import Collection
from bot.sandbox.world import followers
from bot.sandbox.world.people import PeopleOfX, PersonOfX
from bot.sandbox.world.timeline import Timeline

MOST_LIKERS: Final = 120
"""Of the crowd, however many likes a post of the fixed world has."""
MOST_SIMILAR: Final = 40
MOST_HIGHLIGHTS: Final = 12
_LONGEST_THREAD: Final = 100


class SocialGraph:
    """Lists of people and posts that belong to a person or a post. Newest first, unless said otherwise."""

    def __init__(self, people: PeopleOfX, timeline: Timeline, relations: Collection[Relation]) -> None:
        self._people, self._timeline, self._relations = people, timeline, relations
        self._likers: dict[str, frozenset[str]] = {}

    def likers(self, post: Post, most: int = followers.MOST) -> list[PersonOfX]:
        """Who likes it, as many as it has likes: whoever did since, of the crowd `MOST_LIKERS`, strangers;
        of very many, the first `most`."""
        old = self._of_old(post)
        made = self._made("like", target=post.id)
        kept = [one for one in self._people.crowd if one.id in old and made.get(one.id, True)]
        came = [one for one, active in made.items() if active and one not in old]
        known = [*self._found(came), *kept]
        strangers = range(max(0, min(post.likes, followers.MOST, most) - len(known)))
        return [*known[:most], *(followers.stranger_of(post.id, number) for number in strangers)]

    def liked(self, person: PersonOfX) -> list[Post]:
        """What somebody likes."""
        made = self._made("like", actor=person.id)
        return [
            post
            for post in self._timeline
            if made.get(post.id, self._people.in_crowd(person) and person.id in self._of_old(post))
        ]

    def following(self, person: PersonOfX, offset: int, size: int) -> tuple[list[PersonOfX], bool]:
        """Whom somebody follows, from `offset` on, and whether there are more: those of the fixed world, then
        strangers as many as the profile says; who came since is first."""
        world = [one for one in self._people.everybody if self._people.follows(person, one)]
        total = max(len(world), min(person.following, followers.MOST))
        rows = world[offset : offset + size]
        begun = max(0, offset - len(world))
        strangers = range(begun, begun + min(size - len(rows), total - max(offset, len(world))))
        rows += [followers.stranger(person, followers.MOST + number) for number in strangers]
        made = self._made("follow", actor=person.id)
        known = {one.id for one in world}
        new = [one for one, active in made.items() if active and one not in known] if offset == 0 else []
        return [*self._found(new), *(one for one in rows if made.get(one.id, True))], offset + size < total

    def verified_followers(self, person: PersonOfX) -> list[PersonOfX]:
        """Who of all that are listed as followers has a badge."""
        rows, _ = self._timeline.followers_listed(person, 0, followers.MOST)
        return [one for one in rows if one.verified]

    def known_followers(self, person: PersonOfX, seen_by: PersonOfX) -> list[PersonOfX]:
        """Who of those that `seen_by` follows follows somebody."""
        followed = self._made("follow", actor=seen_by.id)
        rows = [one for one in self._people.everybody if self._timeline.follows(seen_by, one)]
        rows += self._found(one for one, on in followed.items() if on and one not in {row.id for row in rows})
        return [one for one in rows if self._timeline.follows(one, person)]

    def similar(self, person: PersonOfX) -> list[PersonOfX]:
        """Whom X finds alike: others that people know, or others of the crowd, in an order of its own."""
        crowd = self._people.in_crowd(person)
        alike = [
            one
            for one in self._people.everybody
            if one.id != person.id and self._people.in_crowd(one) is crowd and not one.protected
        ]
        return sorted(alike, key=lambda one: zlib.crc32(f"{person.id}%{one.id}".encode()))[:MOST_SIMILAR]

    def affiliates(self, person: PersonOfX) -> list[PersonOfX]:
        """Whom an organization names: some of the crowd who follow it. Only who has a badge names any."""
        if not person.verified or self._people.in_crowd(person):
            return []
        return [
            one
            for one in self._people.crowd
            if self._people.follows(one, person) and zlib.crc32(f"{one.id}@{person.id}".encode()) % 5 == 0
        ]

    def highlights(self, person: PersonOfX) -> list[Post]:
        """What somebody with a badge puts forward: their own posts that are liked most."""
        if not person.verified:
            return []
        own = [post for post in self.posts_of(person) if post.reposts is None and post.reply_to is None]
        return sorted(own, key=lambda post: (-post.likes, -int(post.id)))[:MOST_HIGHLIGHTS]

    def posts_of(self, person: PersonOfX, *, replies: bool = False) -> list[Post]:
        """What somebody wrote or reposted; replies: the answers to others among it alone."""
        own = (post for post in self._timeline if post.author_id == person.id)
        return [post for post in own if not replies or self._is_answer(post)]

    def quotes_of(self, post: Post) -> list[Post]:
        """What quotes it."""
        return [one for one in self._timeline if one.quotes == post.id]

    def mentions_of(self, person: PersonOfX) -> list[Post]:
        """What names somebody with an @, by others."""
        name = f"@{person.username.lower()}"
        return [
            post
            for post in self._timeline
            if post.author_id != person.id and name in _words(post.text) and not post.reposts
        ]

    def thread(self, post: Post) -> list[Post]:
        """The posts that its author strung together with it, oldest first; it alone where there is none."""
        first = post
        for _ in range(_LONGEST_THREAD):
            parent = self._timeline.get(first.reply_to) if first.reply_to else None
            if parent is None or parent.author_id != post.author_id:
                break
            first = parent
        found, last = [first], first
        for _ in range(_LONGEST_THREAD):
            own = [one for one in self._timeline.replies_to(last.id) if one.author_id == post.author_id]
            if not own:
                break
            last = own[0]
            found.append(last)
        return found

    def above(self, post: Post) -> list[Post]:
        """What it answers, and what that answers, from the beginning of the conversation on."""
        found: list[Post] = []
        for _ in range(_LONGEST_THREAD):
            parent = self._timeline.get(post.reply_to) if post.reply_to else None
            if parent is None:
                break
            found.append(parent)
            post = parent
        return found[::-1]

    def _is_answer(self, post: Post) -> bool:
        parent = self._timeline.get(post.reply_to) if post.reply_to else None
        return post.reply_to is not None and (parent is None or parent.author_id != post.author_id)

    def _of_old(self, post: Post) -> frozenset[str]:
        """Who of the crowd likes a post of the fixed world: a fixed choice by both ids."""
        if not self._timeline.is_old(post):
            return frozenset()
        if post.id not in self._likers:
            ranked = sorted(self._people.crowd, key=lambda one: zlib.crc32(f"{post.id}+{one.id}".encode()))
            self._likers[post.id] = frozenset(one.id for one in ranked[: min(post.likes, MOST_LIKERS)])
        return self._likers[post.id]

    def _made(self, verb: str, *, actor: str = "", target: str = "") -> dict[str, bool]:
        """What was done through the sandbox, newest first: by or to whom, and whether it still holds."""
        found: dict[str, bool] = {}
        for relation in self._relations:
            done, _, rest = relation.id.partition(":")
            who, _, whom = rest.partition(":")
            if done == verb and (not actor or who == actor) and (not target or whom == target):
                found[who if target else whom] = relation.active
        return dict(reversed(found.items()))

    def _found(self, ids: Iterable[str]) -> list[PersonOfX]:
        return [person for one in ids if (person := self._people.by_id(one)) is not None]


def _words(text: str) -> set[str]:
    return {word.strip(".,:;!?()").lower() for word in text.split()}
