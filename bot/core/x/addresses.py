"""Addresses of X in any text: in sentences, in the markup of chats, behind mirrors. Pure.

A text is cut into pieces where no address goes on: at white space, quotes, brackets and commas. A piece
holds one address at most, so an address inside of another one is none. Each step passes over the text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final
from urllib.parse import unquote

import msgspec

from bot.core.text.invisible import without_unseen
from bot.core.text.unicode_sets import IDEOGRAPHIC, UNSPACED, character_class

_X: Final = ("x.com", "twitter.com")
# Sites that show a tweet under the address it has on X. People change the host so that chats show more.
_MIRRORS: Final = (
    *("fxtwitter.com", "fixupx.com", "twittpr.com", "pxtwitter.com", "vxtwitter.com", "fixvx.com"),
    *("nitter.net", "nitter.poast.org", "nitter.space", "xcancel.com"),
)
# Names before such a host that lead to the same pages.
_BEFORE_X: Final = ("www", "mobile", "m", "web", "pro", "tweetdeck", "platform")
_BEFORE_MIRROR: Final = ("www", "mobile", "m", "api", "c", "d", "dl", "g", "i", "o", "t")
HOSTS: Final = frozenset(
    host
    for sites, names in ((_X, _BEFORE_X), (_MIRRORS, _BEFORE_MIRROR))
    for site in sites
    for host in (site, *(f"{name}.{site}" for name in names))
)

# Scripts that go on without a space: a name ends before them, and begins after them.
EAST_ASIAN: Final = character_class(
    "2E80-9FFF A000-A4CF AC00-D7FF FF66-FFDC",  # no message: code points
    IDEOGRAPHIC,
    UNSPACED,
)
# What ends a name or an id. A letter of another script does not: it looks like one of the name.
STOPS: Final = rf"(?![^\W{EAST_ASIAN}]|[\u0300-\u036f])"

_APART: Final = re.compile(r"""[\s<>"“”„«»`]+""")
# Scripts without spaces go on right behind an address, up to the next.
_BETWEEN: Final = re.compile(
    r"(?<=[^\x00-\x7f])(?=(?i:https?)://)|[,;|(){}\[\]*~、。，；！？：「」『』（）【】…‹›‘’]+"
)
_LABELLED: Final = re.compile(r"\[([^\[\]]*+)\]\(\s*+<?(https?://[^\s()<>]++)[^()]*+\)", re.IGNORECASE)
_ANGLED: Final = re.compile(r"<(https?://[^\s<>|]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,40}+(?=[/?#]|$)")
_ENDS_IN_SCHEME: Final = re.compile(r"https?\Z", re.IGNORECASE)
# "view-source" and the like, an address before the address, a query that holds it
_NO_START: Final = re.compile(r"[A-Za-z0-9+]\Z|/|\?.")
_WORD: Final = re.compile(r"[^\W_]")


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w@＠.%/\\+&?#~:=-])(?:" + "|".join(re.escape(host) for host in sorted(HOSTS)) + r")/",
        re.IGNORECASE,
    )


class Address(msgspec.Struct, frozen=True):
    """A page of X or of a mirror. path: its parts between the slashes; query: as it stands after "?"."""

    host: str
    path: tuple[str, ...]
    query: str = ""

    def asked(self, *names: str) -> str:
        """The value of the first of these names in the query, or ""."""
        pairs = (pair.partition("=") for pair in self.query.replace("&amp;", "&").split("&"))
        return next((value for name, _, value in pairs if name.lower() in names), "")


class TextPiece(msgspec.Struct, frozen=True):
    """A part of a text. before: what stands before the address; all of it where there is none.
    elsewhere: it belongs to an address of another site."""

    before: str
    address: Address | None = None
    elsewhere: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it but marks."""
        return self.address is None and _WORD.search(self.before) is None


def pieces(text: str, *, labels: bool = True) -> Iterator[TextPiece]:
    """The text in pieces, from left to right. labels: the words of links count as well."""
    for word in _APART.split(without_markup(text, labels=labels)):
        elsewhere = False
        for part in _BETWEEN.split(word):
            piece = _piece(part, elsewhere=elsewhere)
            elsewhere = piece.elsewhere
            if part:
                yield piece


def without_markup(text: str, *, labels: bool = False) -> str:
    """The text without unseen characters, and with `[label](address)` and `<address|label>` as their
    address alone. labels: a label stays before its address, unless it could be read as one itself."""

    def shown(match: re.Match[str]) -> str:
        kept = match[1] if labels and "/" not in match[1] else ""
        return f"{kept} {match[2]} "

    return _ANGLED.sub(r" \1 ", _LABELLED.sub(shown, without_unseen(text)))


def _piece(text: str, *, elsewhere: bool) -> TextPiece:
    """elsewhere: an address of another site stands before it in the same word."""
    position = text.find("://")
    if position < 0:
        found = None if elsewhere else _bare().search(text)
        address = _address(text[found.start() :]) if found else None
        return TextPiece(text[: found.start()] if found and address else text, address, elsewhere)
    scheme = _ENDS_IN_SCHEME.search(text, 0, position)
    before = text[: scheme.start()] if scheme else text
    if scheme is None or _NO_START.search(before):
        return TextPiece(text, None, elsewhere=True)
    rest = text[position + 3 :]
    address = _address(rest.rstrip("_") if before.endswith("_") else rest)
    return TextPiece(before if address else text, address, elsewhere=address is None)


def _address(text: str) -> Address | None:
    """The address that the text begins with, without its scheme; None for any other site."""
    match = _HOST.match(text)
    host = match[0].lower() if match else ""
    if match is None or host not in HOSTS:
        return None
    rest, _, fragment = text[match.end() :].partition("#")
    path, _, query = rest.partition("?")
    # Links of the years before 2012: twitter.com/#!/jack/status/20
    path = fragment.removeprefix("!") if fragment.startswith("!/") else path
    return _led(Address(host, tuple(part for part in path.split("/") if part), query))


def _led(address: Address) -> Address:
    """Where a page leads that only stands before another of X: the log-in, and the links of X's mails."""
    match [part.lower() for part in address.path]:
        case ["login"] | ["i", "flow", "login" | "signup"]:
            onward = unquote(address.asked("redirect_after_login"))
        case ["i", "redirect"]:
            onward = unquote(address.asked("url"))
        case _:
            return address
    onward = onward.partition("://")[2] or f"{address.host}{onward}"
    found = _HOST.match(onward)
    if found is None or found[0].lower() not in HOSTS:
        return address
    path, _, query = onward[found.end() :].partition("#")[0].partition("?")
    return Address(found[0].lower(), tuple(part for part in path.split("/") if part), query)
