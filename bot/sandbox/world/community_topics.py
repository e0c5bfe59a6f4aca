"""The topics that communities stand under. Each community belongs to one narrower topic too, if there are."""

from __future__ import annotations

import zlib
from typing import Any, Final

_TOPICS: Final = (
    ("301", "Science", (("3011", "Astronomy"), ("3012", "Biology"))),
    ("302", "Technology", (("3021", "Programming"), ("3022", "Artificial intelligence"))),
    ("303", "Food", (("3031", "Tea"), ("3032", "Cooking"))),
    ("304", "Other", ()),
    ("305", "Books", (("3051", "Novels"), ("3052", "Poetry"), ("3053", "Essays"))),
    ("306", "Sports", (("3061", "Cycling"),)),
)


def listed() -> list[dict[str, Any]]:
    """All of them, as the API shows them."""
    return [
        {
            "id": topic,
            "name": name,
            "subtopics": [{"id": one, "name": narrower} for one, narrower in narrower_ones],
        }
        for topic, name, narrower_ones in _TOPICS
    ]


def names() -> list[str]:
    """Their names, each before those of its narrower topics."""
    return [name for _, name, subs in _TOPICS for name in (name, *(sub for _, sub in subs))]


def named(text: str) -> str | None:
    """The id of the topic, wide or narrow, of that id or that name in any case."""
    wanted = text.strip().casefold()
    pairs = ((one, name) for topic, wide, subs in _TOPICS for one, name in ((topic, wide), *subs))
    return next((one for one, name in pairs if wanted in (one, name.casefold())), None)


def under(topic: str, community: str, wide: str) -> bool:
    """Whether a community stands under a topic. community: its id; wide: that of its own topic."""
    if topic == wide:
        return True
    subs = next((subs for one, _, subs in _TOPICS if one == wide), ())
    return bool(subs) and subs[zlib.crc32(community.encode()) % len(subs)][0] == topic
