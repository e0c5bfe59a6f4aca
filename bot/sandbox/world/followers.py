"""Who follows an account, or likes a post: the crowd where it does, and strangers made up for it, always the
same ones.

Newest first, as X lists them. Strangers are in no other list and found by no handle: there are thousands of
them, and whoever is looked up would have to be remembered.
"""

from __future__ import annotations

import random
import zlib
from functools import lru_cache
from typing import Final

from bot.sandbox.world.people import WORLD_START, PersonOfX

MOST: Final = 6_000
"""Followers that are listed of an account, however many it has."""
_DAY: Final = 86_400.0
_NAMES: Final = (
    "alba",
    "bruno",
    "cem",
    "dilek",
    "elif",
    "femi",
    "gita",
    "hugo",
    "ilse",
    "juno",
    "kofi",
    "lena",
)
# People write anything into their profiles, also what a spreadsheet would take for a formula.
_BIOS: Final = (
    "Reads more than writes.",
    "",
    "Runner. Baker. Not in that order.",
    "Line one\nline two, with a comma",
    '=HYPERLINK("https://evil.example","click me")',
    "@everyone **bold** <b>tag</b>",
    "日本語と emoji 🎈",
    "+1 for open data",
)


def stranger(followed: PersonOfX, number: int) -> PersonOfX:
    """The follower of that number, from 0 for the one who followed last."""
    return stranger_of(followed.id, number)


@lru_cache(maxsize=2 * MOST)
def stranger_of(thing: str, number: int) -> PersonOfX:
    """The same of anything that people gather at. thing: its id."""
    about = zlib.crc32(f"{thing}:{number}".encode())
    rng = random.Random(about)
    name = rng.choice(_NAMES)
    return PersonOfX(
        id=str(1_500_000_000_000_000_000 + zlib.crc32(thing.encode()) * 10_000 + number),
        username=f"{name}_{about:08x}"[:15],
        name=name.title(),
        bio=rng.choice(_BIOS),
        followers=int(10 ** rng.uniform(0, 4)),
        following=rng.randint(5, 900),
        created_at=WORLD_START - rng.randint(1, 4_000) * _DAY,
        verified=rng.random() < 0.05,
        location=rng.choice(("Lisboa", "İzmir", "Accra", "")),
        posts=rng.randint(0, 5_000),
    )
