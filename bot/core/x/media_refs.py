"""Pictures and videos as an option names them: a public link, something attached in the chat, a file here.

https://img.example/moon.png           a link: X fetches it from there
attached:0123…ef                       bytes that were handed in with a form, and are kept under that key
attached:https://cdn.discordapp.com/…  attached in Discord: the bot fetches it from there
./moon.png                             a file of whoever sits at the terminal
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from bot.core.messages.message import msg
from bot.core.text.shortening import cut
from bot.core.x.hosts import is_public

ATTACHED: Final = "attached:"
_KEPT: Final = re.compile(r"attached:([0-9a-f]{32})", re.ASCII)
_PATH: Final = re.compile(r"(?:\.{0,2}/|~/)[^\0]+")
_UNSAFE: Final = re.compile(r"[^\w.()+ -]+")
_LONGEST_NAME: Final = 80


class MediaFrom(StrEnum):
    """Where it is."""

    LINK = "link"
    KEPT = "kept"
    CHAT = "chat"
    PATH = "path"


class MediaRef(msgspec.Struct, frozen=True):
    """One of them. where: the address, the key of what is kept, or the path."""

    source: MediaFrom
    where: str

    def __str__(self) -> str:
        attached = self.source in (MediaFrom.KEPT, MediaFrom.CHAT)
        return f"{ATTACHED}{self.where}" if attached else self.where

    @property
    def name(self) -> str:
        """A plain name for people and requests, without any path."""
        return plain_name(unquote(urlsplit(self.where).path) if "://" in self.where else self.where)


def kept_as(key: str) -> str:
    """The value of an option for bytes that are kept. key: 32 hexadecimal digits."""
    return f"{ATTACHED}{key}"


def attached_at(url: str) -> str:
    """The value of an option for a file that the chat keeps. url: where it is."""
    return f"{ATTACHED}{url.replace(',', '%2C')}"


def plain_name(name: str) -> str:
    """The last part of a name, in letters, digits and a few signs: nobody's path, and nothing unseen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = _UNSAFE.sub("_", last).strip(" ._")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(ending) < 6:
        return f"{stem[: _LONGEST_NAME - 1 - len(ending)]}.{ending}"
    return plain[:_LONGEST_NAME] or "file"


def parse_media_ref(text: str) -> MediaRef:
    """ValueError, with words for people, for what is none of these."""
    given = text.strip().strip("<>")
    if kept := _KEPT.fullmatch(given):
        return MediaRef(MediaFrom.KEPT, kept[1])
    source, address = MediaFrom.LINK, given
    if given.startswith(ATTACHED):
        source, address = MediaFrom.CHAT, given.removeprefix(ATTACHED)
    elif _PATH.fullmatch(given):
        return MediaRef(MediaFrom.PATH, given)
    if not public_link(address):
        shown = repr(cut(address, 80))
        raise ValueError(msg("{link} is not a public https link to a picture or video", link=shown))
    return MediaRef(source, address)


def public_link(text: str) -> bool:
    """Whether it is an address of https that everybody may reach, as far as its words say."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # ValueError when it is no number
    except ValueError:
        return False
    named = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    return named and is_public(parts.hostname or "") and not any(map(str.isspace, text))
