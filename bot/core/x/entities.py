"""Hashtags, mentions and addresses in a text of X, by X's own public rules and in every script. Pure.

Links are found by `bot.core.x.links`; this module knows what the short ones stand for. All of it is linear
in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.core.text.invisible import without_unseen
from bot.core.x.links import FoundLink, find_links

_LONGEST_ADDRESS: Final = 2_000
_SIGNS: Final = re.compile("[#＃]")
# What may stand in a hashtag beside letters, marks and digits (X's rules for hashtags).
_IN_HASHTAG: Final = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
_MENTION: Final = re.compile(r"[@＠]([A-Za-z0-9_]{1,20})(?![A-Za-z0-9_@＠\xc0-\u024f]|://)", re.ASCII)
_BEFORE_MENTION: Final = re.compile(r"[A-Za-z0-9_!#$%&*@＠]", re.ASCII)
_RETWEET: Final = re.compile(r"(?:\A|[^a-zA-Z0-9_+~.-])RT:?\Z", re.IGNORECASE)
_OF_POST: Final = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,20}(?:/web)?/status(?:es)?/([0-9]{1,25})"
    r"(?:/(?P<media>photo|video)/[0-9]{1,2})?/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)


def hashtags(text: str) -> Iterator[str]:
    """Every hashtag without its sign, in the order of the text."""
    inside = _Covered(find_links(text))
    end = 0
    for sign in _SIGNS.finditer(text):
        start = sign.end()
        if start <= end or inside(sign.start()) or not _may_precede(text[start - 2 : start - 1]):
            continue
        end = start
        lettered = False
        while end < len(text) and (sort := _sort(text[end])):
            lettered = lettered or sort == "letter"
            end += 1
        if lettered and not text.startswith(("#", "＃", "://"), end):
            yield text[start:end]


def mentions(text: str) -> Iterator[str]:
    """Every mentioned username without its sign, in the order of the text."""
    inside = _Covered(find_links(text))
    for found in _MENTION.finditer(text):
        before = text[: found.start()][-4:]
        free = not _BEFORE_MENTION.match(before[-1:]) or _RETWEET.search(before)
        if free and not inside(found.start()):
            yield found[1]


@dataclass(frozen=True, slots=True)
class Addresses:
    """What X tells of the links in a text.

    stated: each short link and what it stands for; either may be "". media: the links of the tweet's own
    media; own, quoted: the ids of the tweet and of the one it quotes, whose addresses lead to what is
    shown anyway.
    """

    stated: tuple[tuple[str, str], ...] = ()
    media: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()
    _full: dict[str, str | None] = field(init=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Find out once which are written out and which (None) are dropped."""
        self._full.update(dict.fromkeys(self.media))
        for short, full in self.stated:
            if short:
                home = short in self.media or self._leads_home(full)
                self._full[short] = None if home else _usable(full) or short

    def shortens(self, text: str) -> bool:
        """Whether something in the text is written out or dropped."""
        return any(short in text for short in self._full)

    @property
    def unnamed(self) -> bool:
        """Whether X tells of a link without saying which."""
        return any(not short and not full for short, full in self.stated)

    def written_out(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The text with what its short links stand for, and every address of it once."""
        parts: list[str] = []
        links: dict[str, None] = {}
        position = 0
        dropped = False
        for link in find_links(text):
            there = text[link.start : link.end]
            full = self._full.get(there, there)
            before = text[position : link.start]
            position = link.end
            if full is None:
                parts.append(before.rstrip(" "))
                dropped = True
                continue
            parts += (before, full)
            links[full if "://" in full else f"https://{full}"] = None
        parts.append(text[position:])
        for short, full in self.stated:
            named = self._full.get(short, None) if short else _usable(full)
            if named is not None and not (short and self._leads_home(full)):
                links[named if "://" in named else f"https://{named}"] = None
        whole = "".join(parts)
        return (whole.strip() if dropped else whole), tuple(links)

    def _leads_home(self, full: str) -> bool:
        """Whether the address is that of the tweet's media, or of the tweet that it quotes."""
        found = _OF_POST.fullmatch(full)
        if found is None:
            return False
        return found[1] in self.quoted or (found["media"] is not None and found[1] in self.own)


class _Covered:
    """Whether positions, asked for from left to right, are inside links."""

    def __init__(self, links: list[FoundLink]) -> None:
        self._links = links
        self._next = 0

    def __call__(self, position: int) -> bool:
        while self._next < len(self._links) and self._links[self._next].end <= position:
            self._next += 1
        return self._next < len(self._links) and self._links[self._next].start <= position


def _sort(char: str) -> str:
    """ "letter", "other" or, for what ends a hashtag, ""."""
    if char in _IN_HASHTAG:
        return "other"
    category = unicodedata.category(char)
    if category[0] in "LM":
        return "letter"
    return "other" if category == "Nd" else ""


def _may_precede(char: str) -> bool:
    return not char or char in "\ufe0e\ufe0f" or (char != "&" and not _sort(char))


def _usable(address: str) -> str:
    """The address, "" for what is no address that may be shown."""
    lower = address[:8].lower()
    fine = lower.startswith(("http://", "https://")) and len(address) <= _LONGEST_ADDRESS
    return address if fine and not re.search(r"\s", address) and without_unseen(address) == address else ""
