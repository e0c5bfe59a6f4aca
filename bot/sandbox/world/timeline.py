"""All posts there are: the fixed world, plus what was written since, minus what was deleted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from bot.sandbox.records import Post, Relation
from bot.sandbox.store import Collection
from bot.sandbox.world import posts
from bot.sandbox.world.people import People, Person


class Timeline:
    """Posts by id, replies, reposters; changes go to the stored overlay and never to the base."""

    def __init__(
        self, people: People, seed: int, overlay: Collection[Post], relations: Collection[Relation]
    ) -> None:
        self._people, self._overlay, self._relations = people, overlay, relations
        self._base = posts.everything(people, seed)

    def get(self, post_id: str) -> Post | None:
        """The post, unless it never was or has been deleted."""
        post = self._overlay.get(post_id) or self._base.get(post_id)
        return None if post is None or post.deleted else post

    def __iter__(self) -> Iterator[Post]:
        """Every post that can be seen, newest first."""
        merged = self._base | {post.id: post for post in self._overlay}
        alive = (post for post in merged.values() if not post.deleted)
        return iter(sorted(alive, key=lambda post: int(post.id), reverse=True))

    def put(self, post: Post) -> Post:
        return self._overlay.put(post)

    def count(self) -> int:
        return sum(1 for _ in self)

    def replies_to(self, post_id: str) -> list[Post]:
        """Direct replies, oldest first."""
        return [post for post in self if post.reply_to == post_id][::-1]

    def author(self, post: Post) -> Person:
        person = self._people.by_id(post.author_id)
        if person is None:
            raise LookupError(post.author_id)
        return person

    def reposters(self, post: Post) -> list[Person]:
        """Who reposted it: a fixed half of the crowd, and whoever did through the sandbox since."""
        crowd = [person for person in self._people.crowd if self.reposted_by(post.id, person)]
        extra = [
            person
            for relation in self._relations
            if relation.active and relation.id.startswith("retweet:") and relation.id.endswith(f":{post.id}")
            if (person := self._people.by_id(relation.id.split(":")[1])) is not None
        ]
        return [*crowd, *extra]

    def reposted_by(self, post_id: str, person: Person) -> bool:
        made = self._relations.get(f"retweet:{person.id}:{post_id}")
        if made is not None:
            return made.active
        return zlib.crc32(f"{post_id}*{person.id}".encode()) % 2 == 0

    def follows(self, follower: Person, followed: Person) -> bool:
        """The world's own follows, corrected by those made or ended through the sandbox."""
        made = self._relations.get(f"follow:{follower.id}:{followed.id}")
        return made.active if made is not None else self._people.follows(follower, followed)
