"""All posts there are: the fixed world, plus what was written since, minus what was deleted.

How often something was answered, quoted or reposted, and how many posts, followers and followed somebody
has, is always counted, never stored: so it is the same wherever it appears.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.sandbox.records import Post, Relation
from bot.sandbox.store import Collection
from bot.sandbox.world import followers, posts
from bot.sandbox.world.people import PeopleOfX, PersonOfX
from bot.sandbox.world.snowflake import seconds_of

_LONGEST_THREAD = 100


@dataclass(frozen=True, slots=True)
class PostFigures:
    """How often a post was answered, quoted and reposted."""

    replies: int
    quotes: int
    reposts: int


@dataclass(slots=True)
class _Index:
    """What is counted of all tweets that can be seen."""

    replies: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    hidden: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    quotes: Counter[str] = field(default_factory=Counter)
    reposters: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_author: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Made:
    """What was done through the sandbox: reposts by post and account, follows by each of the two."""

    reposts: dict[str, dict[str, bool]] = field(default_factory=dict)
    followed: dict[str, list[Relation]] = field(default_factory=dict)
    following: dict[str, list[Relation]] = field(default_factory=dict)

    @classmethod
    def of(cls, relations: Iterable[Relation]) -> _Made:
        made = cls()
        for relation in relations:
            verb, _, rest = relation.id.partition(":")
            actor, _, target = rest.partition(":")
            if verb == "retweet":
                made.reposts.setdefault(target, {})[actor] = relation.active
            elif verb == "follow":
                made.followed.setdefault(target, []).append(relation)
                made.following.setdefault(actor, []).append(relation)
        return made


class Timeline:
    """Posts by id, replies, reposters; changes go to the stored overlay and never to the base."""

    def __init__(
        self, people: PeopleOfX, seed: int, overlay: Collection[Post], relations: Collection[Relation]
    ) -> None:
        self._people, self._overlay, self._relations = people, overlay, relations
        self._base = posts.everything(seed)
        self.ended = max(seconds_of(post_id) for post_id in self._base)
        """When the fixed world was written to last, in seconds since the epoch."""
        self._index, self._indexed = _Index(), -1
        self._relation_index, self._made_at = _Made(), -1
        self._reposted: dict[str, frozenset[str]] = {}

    def get(self, post_id: str) -> Post | None:
        """The post, unless it never was or has been deleted."""
        post = self._overlay.get(post_id) or self._base.get(post_id)
        return None if post is None or post.deleted else post

    def is_old(self, post: Post) -> bool:
        """Whether it is of the fixed world."""
        return post.id in self._base

    def __iter__(self) -> Iterator[Post]:
        """Every tweet that can be seen, newest first."""
        merged = self._base | {post.id: post for post in self._overlay}
        alive = (post for post in merged.values() if not post.deleted)
        return iter(sorted(alive, key=lambda post: int(post.id), reverse=True))

    def put(self, post: Post) -> Post:
        return self._overlay.put(post)

    def count(self) -> int:
        return sum(1 for _ in self)

    def replies_to(self, post_id: str) -> list[Post]:
        """Direct replies that nobody hid, oldest first."""
        return self._oldest_first(self._counted().replies.get(post_id, ()))

    def hidden_replies(self, post_id: str) -> list[Post]:
        """Direct replies that the author hid, oldest first, each with the replies to it."""
        hidden = self._oldest_first(self._counted().hidden.get(post_id, ()))
        return [one for post in hidden for one in (post, *self.replies_to(post.id))]

    def _oldest_first(self, ids: Iterable[str]) -> list[Post]:
        found = (self.get(one) for one in ids)
        return sorted((post for post in found if post is not None), key=lambda post: int(post.id))

    def root(self, post: Post) -> str:
        """The id of the tweet that the conversation began with."""
        for _ in range(_LONGEST_THREAD):
            parent = self.get(post.reply_to) if post.reply_to else None
            if parent is None:
                break
            post = parent
        return post.reply_to or post.id

    def author(self, post: Post) -> PersonOfX:
        person = self._people.by_id(post.author_id)
        if person is None:
            raise LookupError(post.author_id)
        return person

    def figures(self, post: Post) -> PostFigures:
        """How often it was answered, quoted and reposted, of what can be read."""
        index = self._counted()
        reposts = len(self._reposters(post.id))
        return PostFigures(len(index.replies.get(post.id, ())), index.quotes[post.id], reposts)

    def statuses(self, person: PersonOfX) -> int:
        """How many tweets somebody has: those from before, and all that can be read."""
        return person.posts + self._counted().by_author[person.id]

    def followers(self, person: PersonOfX) -> int:
        """How many follow somebody: those from before, and what changed through the sandbox."""
        made = self._made().followed.get(person.id, [])
        return max(0, person.followers + sum(self._step(one) for one in made))

    def followers_listed(self, person: PersonOfX, offset: int, size: int) -> tuple[list[PersonOfX], bool]:
        """Who follows somebody, from `offset` on, and whether there are more. Those who came to follow here
        stand before the first, and count for no offset; who followed before and does no more is left out."""
        crowd = [one for one in self._people.everybody if self._people.follows(one, person)]
        total = max(len(crowd), min(person.followers, followers.MOST))
        rows = crowd[offset : offset + size]
        begun = max(0, offset - len(crowd))
        strangers = range(begun, begun + min(size - len(rows), total - max(offset, len(crowd))))
        rows += [followers.stranger(person, number) for number in strangers]
        kept = [one for one in rows if not self._ended(one, person)]
        new = self._came(person) if offset == 0 else []
        return [*new, *kept], offset + size < total

    def _ended(self, follower: PersonOfX, followed: PersonOfX) -> bool:
        made = self._relations.get(f"follow:{follower.id}:{followed.id}")
        return made is not None and not made.active

    def _came(self, person: PersonOfX) -> list[PersonOfX]:
        """Who follows somebody since the sandbox began."""
        made = [one.id.split(":")[1] for one in self._made().followed.get(person.id, []) if one.active]
        found = (self._people.by_id(one) for one in made)
        return [one for one in found if one is not None and not self._people.follows(one, person)]

    def following(self, person: PersonOfX) -> int:
        """How many somebody follows."""
        made = self._made().following.get(person.id, [])
        return max(0, person.following + sum(self._step(one) for one in made))

    def _step(self, made: Relation) -> int:
        """What a follow that was made or ended here adds to what there was before."""
        _, follower, followed = made.id.split(":")
        one, other = self._people.by_id(follower), self._people.by_id(followed)
        before = one is not None and other is not None and self._people.follows(one, other)
        return made.active - before

    def reposters(self, post: Post) -> list[PersonOfX]:
        """Who reposted it: of the crowd as many as its author reaches, and whoever did since."""
        ids = self._reposters(post.id)
        crowd = [person for person in self._people.crowd if person.id in ids]
        others = sorted(ids - {person.id for person in crowd})
        return [*crowd, *(person for one in others if (person := self._people.by_id(one)) is not None)]

    def reposted_by(self, post_id: str, person: PersonOfX) -> bool:
        return person.id in self._reposters(post_id)

    def _reposters(self, post_id: str) -> frozenset[str]:
        made = self._made().reposts.get(post_id, {})
        undone = {one for one, active in made.items() if not active}
        done = made.keys() - undone
        return (self._of_old(post_id) - undone) | self._counted().reposters.get(post_id, frozenset()) | done

    def _of_old(self, post_id: str) -> frozenset[str]:
        """Who of the crowd reposted a post of the fixed world."""
        post = self._base.get(post_id)
        if post is None or post.reply_to:
            return frozenset()
        if post_id not in self._reposted:
            one_in = _one_in(self.author(post))
            known = posts.GIVEAWAY_REPOSTERS if post_id == posts.GIVEAWAY_ID else ()
            found = [person for handle in known if (person := self._people.known(handle)) is not None]
            found += [
                one for one in self._people.crowd if zlib.crc32(f"{post_id}*{one.id}".encode()) % one_in == 0
            ]
            self._reposted[post_id] = frozenset(one.id for one in found)
        return self._reposted[post_id]

    def follows(self, follower: PersonOfX, followed: PersonOfX) -> bool:
        """The world's own follows, corrected by those made or ended through the sandbox."""
        made = self._relations.get(f"follow:{follower.id}:{followed.id}")
        return made.active if made is not None else self._people.follows(follower, followed)

    def _made(self) -> _Made:
        if self._made_at != self._relations.changes:
            self._relation_index, self._made_at = _Made.of(self._relations), self._relations.changes
        return self._relation_index

    def _counted(self) -> _Index:
        if self._indexed != self._overlay.changes:
            self._index, self._indexed = self._count(), self._overlay.changes
        return self._index

    def _count(self) -> _Index:
        index = _Index()
        for post in self:
            index.by_author[post.author_id] += 1
            if post.reply_to:
                (index.hidden if post.hidden else index.replies)[post.reply_to].append(post.id)
            if post.quotes:
                index.quotes[post.quotes] += 1
            if post.reposts:
                index.reposters[post.reposts].add(post.author_id)
        return index


def _one_in(author: PersonOfX) -> int:
    """Of how many in the crowd one reposts what somebody with that reach writes."""
    if author.followers >= 40_000:
        return 2
    return 5 if author.followers >= 1_000 else 40
