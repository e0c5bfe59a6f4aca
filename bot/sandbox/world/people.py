"""Accounts on X: a cast with names people know, a crowd, and anyone else on demand."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

_HANDLE = re.compile(r"^[A-Za-z0-9_]{1,15}$")
_EMAIL = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}", re.ASCII)
_BADGES = {"nasa": "Government", "esa": "Government"}
_MAILBOXES = ("gmail.com", "studio.example", "press.kiosk.example")
"""Where those who publish an address have it; the first is free webmail."""
_DAY = 86_400.0
CROWD = 240
FOLLOWED = 150
"""What everybody of the crowd follows at least."""
DEMO = "xquik_demo"
"""The account that is connected unless the configuration says otherwise; it follows as the cast does."""
ABSENT_PREFIX = "missing"
"""Handles that start like this do not exist; every other well-formed one does."""

WORLD_START = 1_740_300_000.0
"""The moment (February 2025) that the fixed part of the world is dated from."""


@dataclass(frozen=True, slots=True)
class PersonOfX:
    """One account. ``created_at`` is in seconds since the epoch; ``lang`` is what they write in.

    ``followers``, ``following`` and ``posts`` are what there was before the sandbox began and what lies
    outside it; ``face`` and ``banner`` are keys of pictures, ``pinned`` ids of posts.
    """

    id: str
    username: str
    name: str
    bio: str
    followers: int
    following: int
    created_at: float
    verified: bool = False
    location: str = ""
    url: str = ""
    posts: int = 0
    lang: str = "en"
    protected: bool = False
    unavailable: bool = False
    face: str = ""
    banner: str = ""
    pinned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.face:
            object.__setattr__(self, "face", f"face-{self.id}")

    @property
    def badge(self) -> str:
        """The type of its badge, as X names it; "" for none."""
        if not self.verified:
            return ""
        return _BADGES.get(self.username.lower(), "Business" if self.followers > 40_000 else "Blue")

    @property
    def emails(self) -> list[str]:
        """The addresses that the profile publishes, in small letters."""
        return [found.lower() for found in _EMAIL.findall(self.bio)]


# handle, id, name, bio, followers, place, site
_CAST = [
    ("xquik", "1700000000000000001", "Xquik", "X data, drawn from your tools.", 48_200, "Internet", "https://xquik.com"),
    ("nasa", "11348282", "NASA", "There's space for everybody. ✨", 86_000_000, "Pale Blue Dot", "https://nasa.gov"),
    ("esa", "31451244", "European Space Agency", "Exploring for Europe.", 1_400_000, "Europe", "https://esa.int"),
    ("spacex", "34743251", "SpaceX", "Rockets, ships and a lot of telemetry.", 39_000_000, "Earth", "https://spacex.com"),
    ("github", "13334762", "GitHub", "Where code lives.", 2_600_000, "San Francisco", "https://github.com"),
    ("python", "63873759", "Python", "The language, not the snake.", 520_000, "Everywhere", "https://python.org"),
    ("slackhq", "1305940272", "Slack", "Where work happens.", 470_000, "San Francisco", "https://slack.com"),
    ("discord", "3065618342", "Discord", "A place to talk.", 5_200_000, "Online", "https://discord.com"),
    ("postgresql", "15070498", "PostgreSQL", "An advanced open source database.", 91_000, "", "https://postgresql.org"),
    ("wikipedia", "86390214", "Wikipedia", "The free encyclopedia.", 810_000, "", "https://wikipedia.org"),
    ("cafe_luna", "1700000000000000011", "Café Luna ☕", "Roasting since 2011.", 3_120, "Lisboa", ""),
    ("hostile_henry", "1700000000000000012", "@everyone **Henry**", "[a](https://evil.example)", 66, "", ""),
]  # fmt: skip

_FIRST = [
    "ada", "ben", "chloe", "dara", "emre", "fatima", "goran", "hana", "ines", "jonas", "kenji", "leila",
    "mateo", "nadia", "omar", "priya", "quinn", "rosa", "sven", "tara", "umut", "vera", "wei", "ximena",
    "yusuf", "zoe",
]  # fmt: skip
_LAST = [
    "almeida", "baker", "cruz", "demir", "eriksen", "fischer", "garcia", "haddad", "ito", "jensen", "kaya",
    "lopez", "meyer", "novak", "okafor", "patel", "rossi", "sato", "tanaka", "unal", "vargas", "wang",
    "yilmaz", "ziegler",
]  # fmt: skip
_PLACES = [
    "Berlin",
    "İstanbul",
    "São Paulo",
    "Tokyo",
    "Lagos",
    "Toronto",
    "Madrid",
    "Mumbai",
    "Paris",
    "London",
    "México",
    "",
]
_LANGS = ["en", "en", "en", "en", "es", "tr", "de", "ja", "pt", "fr"]
_BIOS = [
    "Builds small things.",
    "Coffee, cats, compilers.",
    "Mostly here for the giveaways.",
    "Photographer between jobs.",
    "Opinions are my employer's cat's.",
    "",
]


def _crowd_member(rng: random.Random, number: int) -> PersonOfX:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    age_days = rng.choice([3, 12, 25, 45, 90, 200, 400, 900, 2_000, 4_000]) + rng.random() * 5
    created = WORLD_START - age_days * _DAY
    return PersonOfX(
        id=str(1_800_000_000_000_000_000 + number * 7_919),
        username=f"{first}_{last}{number}"[:15],
        name=f"{first.title()} {last.title()}",
        bio=_with_email(rng.choice(_BIOS), first, number),
        followers=int(10 ** rng.uniform(0, 4.3)),
        # More than all that have followers here: whom somebody is seen to follow is among them.
        following=FOLLOWED + rng.randint(5, 900),
        created_at=created,
        verified=rng.random() < 0.08,
        location=rng.choice(_PLACES),
        posts=rng.randint(1, 9_000),
        lang=rng.choice(_LANGS),
    )


def _with_email(bio: str, name: str, number: int) -> str:
    """Every eighth of the crowd publishes an address."""
    if number % 8 != 5:
        return bio
    return f"{bio} {name}{number}@{_MAILBOXES[number // 8 % len(_MAILBOXES)]}".strip()


@lru_cache(maxsize=4)
def _population(seed: int) -> tuple[tuple[PersonOfX, ...], tuple[PersonOfX, ...]]:
    """Who is there in every world of that seed: the cast, and the crowd."""
    rng = random.Random(f"people:{seed}")
    cast = tuple(
        PersonOfX(
            id=user_id, username=handle, name=name, bio=bio, followers=followers,
            following=rng.randint(20, 900), created_at=1_230_000_000.0 + rng.randint(0, 200) * _DAY,
            verified=followers > 40_000, location=place, url=site, posts=rng.randint(900, 70_000),
        )
        for handle, user_id, name, bio, followers, place, site in _CAST
    )  # fmt: skip
    return cast, tuple(_crowd_member(rng, number) for number in range(CROWD))


class PeopleOfX:
    """Finds accounts by handle (any case, with or without ``@``) or numeric id."""

    def __init__(
        self,
        seed: int,
        admitted: Iterable[str] = (),
        on_admission: Callable[[str], object] = lambda _: None,
        changed: Mapping[str, Mapping[str, Any]] | None = None,
        on_change: Callable[[str, Mapping[str, Any]], object] = lambda _id, _fields: None,
    ) -> None:
        """``admitted`` are handles made up before; ``on_admission`` is told of each new one. ``changed`` are
        profiles that changed before, by id; ``on_change`` is told of each that does."""
        cast, crowd = _population(seed)
        self.crowd = list(crowd)
        self._cast_ids = frozenset(person.id for person in cast)
        self._first = [person.id for person in [*cast, *self.crowd]]
        self._crowd_ids = frozenset(person.id for person in self.crowd)
        self._by_id = {person.id: person for person in [*cast, *self.crowd]}
        self._by_handle = {person.username.lower(): person for person in self._by_id.values()}
        self._on_admission = on_admission
        self._on_change = on_change
        for handle in admitted:
            self._admit(handle)
        self._changed = {identity: dict(fields) for identity, fields in (changed or {}).items()}
        for identity, fields in self._changed.items():
            self._apply(identity, fields)

    def by_handle(self, handle: str) -> PersonOfX | None:
        """The account called ``handle``. An unknown handle gets an account of its own, always the
        same; malformed ones and those that start with ``missing`` have none."""
        key = handle.removeprefix("@").lower()
        known = self._by_handle.get(key)
        if known is not None or not _HANDLE.match(key) or key.startswith(ABSENT_PREFIX):
            return known
        self._on_admission(handle.removeprefix("@"))
        return self._admit(handle.removeprefix("@"))

    def known(self, handle: str) -> PersonOfX | None:
        """The account called ``handle``, without making one up."""
        return self._by_handle.get(handle.removeprefix("@").lower())

    def change(self, person: PersonOfX, **fields: Any) -> PersonOfX:
        """What a profile says from now on: fields of :class:`PersonOfX`, but for its id and its handle."""
        kept = self._changed.setdefault(person.id, {})
        kept.update(fields)
        self._on_change(person.id, kept)
        return self._apply(person.id, fields) or person

    def _apply(self, identity: str, fields: Mapping[str, Any]) -> PersonOfX | None:
        person = self._by_id.get(identity)
        if person is None:
            return None
        taken: dict[str, Any] = {
            name: tuple(value) if name == "pinned" else value for name, value in fields.items()
        }
        new = replace(person, **taken)
        self._by_id[identity] = self._by_handle[person.username.lower()] = new
        self.crowd = [new if one.id == identity else one for one in self.crowd]
        return new

    @property
    def everybody(self) -> list[PersonOfX]:
        """Who is there from the beginning, those that people know first; not who was made up since."""
        demo = self.known(DEMO)
        return [*([demo] if demo is not None else []), *(self._by_id[one] for one in self._first)]

    def in_crowd(self, person: PersonOfX) -> bool:
        """Whether it is one of the many who reply and repost."""
        return person.id in self._crowd_ids

    def by_id(self, user_id: str) -> PersonOfX | None:
        return self._by_id.get(user_id)

    def find(self, reference: str) -> PersonOfX | None:
        """By id when ``reference`` is all digits and known, else by handle."""
        return self._by_id.get(reference) or self.by_handle(reference)

    def named_like(self, words: str) -> list[PersonOfX]:
        """Whose handle or name has all these words, in any case: who is called exactly so first, then who has
        most followers. Nobody is made up for a search."""
        wanted = words.lower().removeprefix("@").split()

        def order(person: PersonOfX) -> tuple[bool, int, int]:
            return (person.username.lower() != "".join(wanted), -person.followers, int(person.id))

        texts = {id_: f"{one.username}\n{one.name}".lower() for id_, one in self._by_id.items()}
        found = (self._by_id[id_] for id_, text in texts.items() if all(word in text for word in wanted))
        return sorted(found, key=order)

    def rename(self, person: PersonOfX, username: str) -> PersonOfX:
        """The account under another handle; the one it had is free for somebody else."""
        renamed = replace(person, username=username)
        self._by_handle.pop(person.username.lower(), None)
        self._by_handle[username.lower()] = self._by_id[person.id] = renamed
        self.crowd = [renamed if one.id == person.id else one for one in self.crowd]
        return renamed

    def is_free(self, username: str) -> bool:
        """Whether nobody is called so, and somebody may be."""
        return bool(_HANDLE.match(username)) and username.lower() not in self._by_handle

    def _admit(self, handle: str) -> PersonOfX:
        number = zlib.crc32(handle.lower().encode())
        rng = random.Random(number)
        person = PersonOfX(
            id=str(1_600_000_000_000_000_000 + number),
            username=handle,
            name=handle.replace("_", " ").title(),
            bio="An account this sandbox made up when you asked for it.",
            followers=CROWD + rng.randint(50, 90_000),
            following=rng.randint(10, 900),
            created_at=WORLD_START - rng.randint(60, 4_000) * _DAY,
            location=rng.choice(_PLACES),
            posts=rng.randint(10, 20_000),
        )
        self._by_id[person.id] = person
        self._by_handle[handle.lower()] = person
        return person

    def follows(self, follower: PersonOfX, followed: PersonOfX) -> bool:
        """Whether one follows the other: a fixed three in five of the crowd follow whoever has as many
        followers, and is none of the crowd; of those that people know every second follows another."""
        if follower.id not in self._crowd_ids:
            return self._of_cast(follower, followed)
        if followed.id in self._crowd_ids or followed.followers < CROWD:
            return False
        return zlib.crc32(f"{follower.id}>{followed.id}".encode()) % 5 < 3

    def _of_cast(self, follower: PersonOfX, followed: PersonOfX) -> bool:
        known = follower.id in self._cast_ids or follower.username.lower() == DEMO
        if not known or followed.id not in self._cast_ids or followed.id == follower.id:
            return False
        return zlib.crc32(f"{follower.username}>{followed.username}".encode()) % 2 == 0
