"""Communities: who is in them and what is written there. People and posts are those of the world."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.records import CommunityRecord, Post, Relation
from bot.sandbox.store import Collection
from bot.sandbox.world.people import WORLD_START, PeopleOfX, PersonOfX
from bot.sandbox.world.timeline import Timeline

WATCHERS_ID: Final = "1490000000000000001"
"""Half the crowd is in it."""
OPEN_SOURCE_ID: Final = "1490000000000000002"
TEA_ID: Final = "1490000000000000003"
"""Nobody has written there yet."""
HOSTILE_ID: Final = "1490000000000000004"
_CLUBS: Final = 24
_DAY: Final = 86_400.0
# Posts of the fixed world with this tag are written in the community of their author.
_TAG: Final = "#notes"
_NEW_TOPIC: Final = ("306", "Other")


@dataclass(frozen=True, slots=True)
class CommunityOfX:
    """One community. ``moderators``: ids, its creator first; ``voices``: ids of those whose notes are written
    there; ``share``: one in so many of the crowd is a member, 0 for nobody; ``rules``: each a name and more
    words."""

    id: str
    name: str
    description: str
    topic: tuple[str, str]
    moderators: tuple[str, ...]
    voices: tuple[str, ...]
    share: int
    created_at: float
    policy: str = "Open"
    sensitive: bool = False
    rules: tuple[tuple[str, str], ...] = field(default=(("Be kind.", ""), ("Keep posts on topic.", "")))


class CommunitiesOfX:
    """All communities there are, and who joined or left one since (`Relation` "join:person:community")."""

    def __init__(
        self,
        people: PeopleOfX,
        timeline: Timeline,
        relations: Collection[Relation],
        changed: Collection[CommunityRecord],
    ) -> None:
        self._people, self._timeline, self._relations = people, timeline, relations
        self._changed = changed
        fixed = [*self._known(), *self._clubs()]
        self._by_id = {one.id: one for one in fixed}
        self._of_voice = {voice: one.id for one in fixed for voice in one.voices}
        for record in changed:
            self._take(record)

    def get(self, community_id: str) -> CommunityOfX | None:
        """The community of that id."""
        return self._by_id.get(community_id)

    def create(self, community_id: str, name: str, description: str, founder: str, now: float) -> None:
        """A new community of one person."""
        self._take(
            self._changed.put(
                CommunityRecord(
                    id=community_id, name=name, description=description, founder=founder, created_at=now
                )
            )
        )

    def delete(self, found: CommunityOfX) -> None:
        """From now on there is none of that id."""
        self._take(
            self._changed.put(
                CommunityRecord(
                    id=found.id,
                    name=found.name,
                    description=found.description,
                    founder=found.moderators[0],
                    created_at=found.created_at,
                    deleted=True,
                )
            )
        )

    def _take(self, record: CommunityRecord) -> None:
        if record.deleted:
            self._by_id.pop(record.id, None)
            return
        self._by_id[record.id] = CommunityOfX(
            record.id,
            record.name,
            record.description,
            _NEW_TOPIC,
            (record.founder,),
            (),
            0,
            record.created_at,
            rules=(),
        )

    def members(self, found: CommunityOfX) -> list[PersonOfX]:
        """Who is in it: who came since, moderators, who writes there, and a fixed choice of the crowd."""
        known = dict.fromkeys((*found.moderators, *found.voices))
        known |= dict.fromkeys(
            one.id
            for one in self._people.crowd
            if found.share and zlib.crc32(f"{found.id}~{one.id}".encode()) % found.share == 0
        )
        made = self._made(found)
        came = [one for one, active in made.items() if active and one not in known]
        return self._found([*came, *(one for one in known if made.get(one, True))])

    def came(self, found: CommunityOfX) -> int:
        """How many joined it through the sandbox and are in it."""
        return sum(self._made(found).values())

    def moderators(self, found: CommunityOfX) -> list[PersonOfX]:
        """Who keeps order, its creator first."""
        return self._found(list(found.moderators))

    def of(self, post: Post) -> CommunityOfX | None:
        """The community that a post is written in."""
        if post.community is not None:
            return self._by_id.get(post.community)
        if not self._timeline.is_old(post) or _TAG not in post.text:
            return None
        return self._by_id.get(self._of_voice.get(post.author_id, ""))

    def posts(
        self, found: CommunityOfX | None = None, matches: Callable[[Post], bool] = lambda _: True
    ) -> list[Post]:
        """What is written in it, or in all of them, newest first."""
        there = ((post, self.of(post)) for post in self._timeline)
        return [
            post
            for post, community in there
            if community is not None and found in (None, community) and matches(post)
        ]

    def find(self, words: str) -> list[CommunityOfX]:
        """Communities that have every one of the words, those with most members first."""
        wanted = words.casefold().split()
        found = [
            one
            for one in self._by_id.values()
            if all(word in f"{one.name} {one.description} {one.topic[1]}".casefold() for word in wanted)
        ]
        return sorted(found, key=lambda one: (-len(self.members(one)), int(one.id)))

    def _made(self, found: CommunityOfX) -> dict[str, bool]:
        """Who joined or left it through the sandbox, newest first, and whether they are in it."""
        made = {}
        for relation in self._relations:
            verb, _, rest = relation.id.partition(":")
            person, _, community = rest.partition(":")
            if verb == "join" and community == found.id:
                made[person] = relation.active
        return dict(reversed(made.items()))

    def _found(self, ids: list[str]) -> list[PersonOfX]:
        return [person for one in ids if (person := self._people.by_id(one)) is not None]

    def _known(self) -> list[CommunityOfX]:
        hostile = "1. @everyone [Bank](https://evil.example)"
        return [
            CommunityOfX(
                WATCHERS_ID, "Space watchers", "For everybody who looks up.", ("301", "Science"),
                self._ids("nasa", "esa"), self._ids("nasa", "esa", "spacex"), 2, WORLD_START - 400 * _DAY,
            ),
            CommunityOfX(
                OPEN_SOURCE_ID, "Open source", "Show what you maintain.", ("302", "Technology"),
                self._ids("github", "python"), self._ids("github", "python"), 5, WORLD_START - 300 * _DAY,
                policy="Restricted",
            ),
            CommunityOfX(
                TEA_ID, "Tea at four", "", ("303", "Food"), self._ids("cafe_luna"), (), 0,
                WORLD_START - 9 * _DAY,
            ),
            CommunityOfX(
                HOSTILE_ID, "@everyone **join** <!channel>", "[Bank](https://evil.example) &amp; more",
                ("304", "Other"), self._ids("hostile_henry"), (), 60, WORLD_START - 20 * _DAY,
                sensitive=True, rules=((hostile, "<script>alert(1)</script>"),),
            ),
        ]  # fmt: skip

    def _clubs(self) -> list[CommunityOfX]:
        """Small ones, so that a search has pages."""
        return [
            CommunityOfX(
                str(int(WATCHERS_ID) + 100 + number),
                f"Book club {number + 1}",
                "One book a month.",
                ("305", "Books"),
                (founder.id,),
                (),
                20 + number,
                WORLD_START - number * _DAY,
            )
            for number, founder in enumerate(self._people.crowd[:_CLUBS])
        ]

    def _ids(self, *handles: str) -> tuple[str, ...]:
        found = [self._people.known(handle) for handle in handles]
        return tuple(person.id for person in found if person is not None)
