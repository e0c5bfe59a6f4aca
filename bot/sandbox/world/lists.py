"""Lists of accounts: whose they are, who is on them and who follows them, all people of the world."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

from bot.sandbox.records import Post
from bot.sandbox.world.people import DEMO, WORLD_START, PeopleOfX, PersonOfX
from bot.sandbox.world.timeline import Timeline

AGENCIES_ID: Final = "1650000000000000001"
TOOLS_ID: Final = "1650000000000000002"
REGULARS_ID: Final = "1650000000000000003"
"""Sixty of the crowd are on it."""
EMPTY_ID: Final = "1650000000000000004"
"""Nobody is on it, and nobody follows it."""
HOSTILE_ID: Final = "1650000000000000005"
PRIVATE_ID: Final = "1650000000000000006"
_DAY: Final = 86_400.0
_READERS: Final = 30


@dataclass(frozen=True, slots=True)
class ListOfX:
    """One list. ``owner`` and ``members`` are ids; ``popular``: one in so many of the crowd follows it, 0 for
    nobody."""

    id: str
    name: str
    description: str
    owner: str
    members: tuple[str, ...]
    popular: int
    created_at: float
    private: bool = False


class ListsOfX:
    """All lists there are, as their ids and names are for every seed."""

    def __init__(self, people: PeopleOfX, timeline: Timeline) -> None:
        self._people, self._timeline = people, timeline
        made = [*self._known(), *self._reading_lists()]
        self._by_id = {one.id: one for one in made}

    def get(self, list_id: str) -> ListOfX | None:
        """The public list of that id."""
        found = self._by_id.get(list_id)
        return None if found is None or found.private else found

    def owner(self, found: ListOfX) -> PersonOfX:
        """Whose it is."""
        person = self._people.by_id(found.owner)
        if person is None:
            raise LookupError(found.owner)
        return person

    def members(self, found: ListOfX) -> list[PersonOfX]:
        """Who is on it, in the order in which they were added."""
        return [person for one in found.members if (person := self._people.by_id(one)) is not None]

    def followers(self, found: ListOfX) -> list[PersonOfX]:
        """Who follows it: a fixed choice of the crowd, and the demo account where it is popular."""
        if not found.popular:
            return []
        demo = self._people.known(DEMO)
        crowd = [
            one
            for one in self._people.crowd
            if zlib.crc32(f"{found.id}<{one.id}".encode()) % found.popular == 0
        ]
        return [*([demo] if demo is not None else []), *crowd]

    def posts(self, found: ListOfX, *, replies: bool) -> list[Post]:
        """What its members write, newest first. replies: answers too."""
        there = set(found.members)
        return [
            post for post in self._timeline if post.author_id in there and (replies or post.reply_to is None)
        ]

    def of(self, person: PersonOfX) -> list[ListOfX]:
        """The public lists that somebody made."""
        return [one for one in self._by_id.values() if one.owner == person.id and not one.private]

    def having(self, person: PersonOfX) -> list[ListOfX]:
        """The public lists that somebody is on."""
        return [one for one in self._by_id.values() if person.id in one.members and not one.private]

    def search(self, words: str) -> list[ListOfX]:
        """Public lists that have every one of the words, those with most members first."""
        wanted = words.casefold().split()
        found = [
            one
            for one in self._by_id.values()
            if not one.private and all(word in f"{one.name} {one.description}".casefold() for word in wanted)
        ]
        return sorted(found, key=lambda one: (-len(one.members), int(one.id)))

    def _known(self) -> list[ListOfX]:
        regulars = tuple(one.id for one in self._people.crowd[:60])
        rows = [
            (AGENCIES_ID, "Space agencies", "Who flies there, and when.", "nasa",
             ("nasa", "esa", "spacex"), 2),
            (TOOLS_ID, "Tools we use", "Open source and the rest.", "xquik",
             ("github", "python", "postgresql", "slackhq", "discord"), 6),
            (REGULARS_ID, "Giveaway regulars", "Always there, rarely lucky.", "xquik", (), 9),
            (EMPTY_ID, "Quiet corner", "", "cafe_luna", (), 0),
            (HOSTILE_ID, "@everyone **free** <!channel>", "[Bank](https://evil.example) &amp; more",
             "hostile_henry", ("hostile_henry", "cafe_luna"), 40),
            (PRIVATE_ID, "Space notes to myself", "", "nasa", ("esa",), 0),
        ]  # fmt: skip
        return [
            ListOfX(
                list_id,
                name,
                about,
                self._id(owner),
                regulars if list_id == REGULARS_ID else tuple(map(self._id, members)),
                popular,
                WORLD_START - (40 - number) * _DAY,
                private=list_id == PRIVATE_ID,
            )
            for number, (list_id, name, about, owner, members, popular) in enumerate(rows)
        ]

    def _reading_lists(self) -> list[ListOfX]:
        """What some of the crowd read, so that a search has pages."""
        cast = [self._id(name) for name in ("xquik", "nasa", "esa", "spacex", "github", "python", "discord")]
        return [
            ListOfX(
                str(int(AGENCIES_ID) + 100 + number),
                f"{owner.name} reads",
                "A reading list.",
                owner.id,
                tuple(cast[: 1 + number % len(cast)]),
                30 + number,
                WORLD_START - number * _DAY,
            )
            for number, owner in enumerate(self._people.crowd[:_READERS])
        ]

    def _id(self, handle: str) -> str:
        person = self._people.known(handle)
        if person is None:
            raise LookupError(handle)
        return person.id
