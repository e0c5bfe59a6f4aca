"""Lists, communities, Spaces and broadcasts of X as people write them: their links, or their ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import msgspec

from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.x.addresses import Address, pieces

_AROUND: Final = "\"'“”„«»‘’`*|<>()[]{} \t\n"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,19}")
# X makes these of letters and digits, in both cases. One digit at least: a word is no id.
_SPACE: Final = re.compile(r"(?=[A-Za-z]{0,24}[0-9])[A-Za-z0-9]{10,25}")

R = TypeVar("R")


class ListRef(msgspec.Struct, frozen=True):
    """A list of accounts. id: digits."""

    id: str

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/lists/{self.id}"

    def __str__(self) -> str:
        return self.url


class CommunityRef(msgspec.Struct, frozen=True):
    """A community. id: digits."""

    id: str

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/communities/{self.id}"

    def __str__(self) -> str:
        return self.url


class SpaceRef(msgspec.Struct, frozen=True):
    """A Space: a live audio conversation. id: letters and digits."""

    id: str

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/spaces/{self.id}"

    def __str__(self) -> str:
        return self.url


class BroadcastRef(msgspec.Struct, frozen=True):
    """A broadcast: live video. id: letters and digits."""

    id: str

    @property
    def url(self) -> str:
        """Its page on X."""
        return f"https://x.com/i/broadcasts/{self.id}"

    def __str__(self) -> str:
        return self.url


def parse_list_ref(text: str) -> ListRef:
    """The list that a link, or the digits at its end, names. ValueError, with a sentence for people, else."""
    found = _only(text, _NUMBER, "lists", ListRef)
    if found is not None:
        return found
    if any(piece.address and "lists" in piece.address.path for piece in pieces(text)):
        raise ValueError(
            msg("That link names a list by its words. Open the list on X and copy its link with the number.")
        )
    raise ValueError(msg("That is not a link to a list on X. Use one like https://x.com/i/lists/12345."))


def parse_community_ref(text: str) -> CommunityRef:
    """The community that a link, or the digits at its end, names. ValueError, as above."""
    found = _only(text, _NUMBER, "communities", CommunityRef)
    if found is None:
        raise ValueError(
            msg("That is not a link to a community on X. Use one like https://x.com/i/communities/12345.")
        )
    return found


def parse_space_ref(text: str) -> SpaceRef:
    """The Space that a link, or the id at its end, names. ValueError, as above."""
    found = _only(text, _SPACE, "spaces", SpaceRef)
    if found is None:
        raise ValueError(
            msg("That is not a link to a Space on X. Use one like https://x.com/i/spaces/1OdKrXWaPVPGX.")
        )
    return found


def parse_broadcast_ref(text: str) -> BroadcastRef:
    """The broadcast that a link, or the id at its end, names. ValueError, as above."""
    found = _only(text, _SPACE, "broadcasts", BroadcastRef)
    if found is None:
        raise ValueError(
            msg(
                "That is not a link to a broadcast on X. Use one like "
                "https://x.com/i/broadcasts/1OyKAWabcdeGb."
            )
        )
    return found


def _only(text: str, pattern: re.Pattern[str], part: str, made: Callable[[str], R]) -> R | None:
    """What the text names alone: an id, or one link."""
    bare = without_unseen(text).strip(_AROUND)
    if pattern.fullmatch(bare):
        return made(bare)
    found = dict.fromkeys(_ids(text, pattern, part))
    if len(found) > 1:
        raise ValueError(msg("That names {count} of them; give one.", count=len(found)))
    return made(next(iter(found))) if found else None


def _ids(text: str, pattern: re.Pattern[str], part: str) -> Iterator[str]:
    for piece in pieces(text):
        identity = _id_at(piece.address, part) if piece.address is not None else ""
        if pattern.fullmatch(identity):
            yield identity


def _id_at(address: Address, part: str) -> str:
    """The id that stands behind `part` in an address: /i/lists/12, /nasa/lists/12."""
    if len(address.path) > 2 and address.path[1].lower() == part:
        return address.path[2].rstrip(".,:;!?")
    return ""
