"""The secrets that this process holds, so that the log can leave them out by value, whatever they look like.

A secret of twelve characters or more is found by its end: its last twelve characters hold five pieces of
eight, and a text is looked at in pieces of eight, every five characters, so that exactly one of the five
meets a look. That is one look in a table for five characters of a text, however many secrets there are.
What is left of one where a text was cut is found by `bot.observability.cut_secrets`.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Final
from urllib.parse import quote, quote_plus

from cachetools import LRUCache

from bot.observability.cut_secrets import CutSecrets

BLANK: Final = "[redacted]"
_WINDOW: Final = 12
_PIECE: Final = 8
_STEP: Final = _WINDOW - _PIECE + 1
# A shorter one stands in half of all words: only the shape of what it stands in can give it away.
_SHORTEST: Final = 4
# From this length on a short one is blanked inside of words too.
_INSIDE: Final = 8
_MOST_SHORT: Final = 64  # ways to write them

# What an address may hold as it is, in its path (RFC 3986).
_SUB_DELIMITERS: Final = "!$&'()*+,;=:@/"
# What JavaScript's encodeURIComponent leaves as it is.
_SCRIPTS: Final = "~()*!.'"
_PERCENT: Final = re.compile("%[0-9A-F]{2}")

_Place = tuple[str, int]  # how a secret is written, and where in it the piece begins


class KnownSecrets:
    """What must not be in a log. May be used from any thread.

    lasting: of how many secrets that hold for long it knows, and passing: of how many that soon end (the
    tokens of interactions, say). Beyond that the one that was longest not heard of is no longer known.
    """

    def __init__(self, *, lasting: int = 20_000, passing: int = 10_000) -> None:
        self._lasting = _Ring(lasting)
        self._passing = _Ring(passing)
        self._short: dict[str, re.Pattern[str]] = {}
        self._places: dict[str, tuple[_Place, ...]] = {}
        self._cut = CutSecrets()
        self._lock = Lock()

    def remember(self, secret: str, *, passing: bool = False) -> None:
        """Implements `bot.core.ports.Remember`."""
        self._put(secret, self._passing if passing else self._lasting, _written(secret))

    def remember_for_headers(self, secret: str) -> None:
        """A lasting one that libraries may also show inside of base64, as HTTP's Basic scheme sends it."""
        self._put(secret, self._lasting, {*_written(secret), *_in_base64(secret)})

    def blank(self, text: str) -> str:
        """The text with every known secret in it replaced, and what a cut has left of one."""
        if self._places:
            pieces = [text[at : at + _PIECE] for at in range(0, len(text) - _PIECE + 1, _STEP)]
            if not self._places.keys().isdisjoint(pieces):
                text = _without(text, self._found(text, pieces))
        for form, pattern in tuple(self._short.items()):
            if form in text:
                text = pattern.sub(BLANK, text)
        left = list(self._cut.found(text))
        return _without(text, left) if left else text

    def _put(self, secret: str, ring: _Ring, written: Iterable[str]) -> None:
        if len(secret) < _SHORTEST:
            return
        with self._lock:
            if secret in self._short or ring.has(secret):
                return
            if len(secret) < _WINDOW:
                self._put_short(secret, written)
                return
            forms = tuple(form for form in written if len(form) >= _WINDOW)
            for form in forms:
                for piece, at in _pieces(form):
                    self._places[piece] = (*self._places.get(piece, ()), (form, at))
                self._cut.add(form)
            for form in ring.put(secret, forms):
                self._forget(form)

    def _put_short(self, secret: str, written: Iterable[str]) -> None:
        inside = len(secret) >= _INSIDE
        for form in written:
            if form not in self._short:
                self._cut.add(form)
            exact = re.escape(form)
            self._short[form] = re.compile(exact if inside else rf"(?<![^\W_]){exact}(?![^\W_])")
        while len(self._short) > _MOST_SHORT:
            oldest = next(iter(self._short))
            del self._short[oldest]
            self._cut.remove(oldest)

    def _forget(self, form: str) -> None:
        self._cut.remove(form)
        for piece, at in _pieces(form):
            left = list(self._places.get(piece, ()))
            if (form, at) in left:
                left.remove((form, at))
            if left:
                self._places[piece] = tuple(left)
            else:
                self._places.pop(piece, None)

    def _found(self, text: str, pieces: list[str]) -> Iterator[tuple[int, int]]:
        """Where secrets begin and end, in any order."""
        for number, piece in enumerate(pieces):
            for form, inside in self._places.get(piece, ()):
                begin = number * _STEP - inside
                if begin >= 0 and text.startswith(form, begin):
                    yield begin, begin + len(form)


class _Ring:
    """The newest so many secrets, with how they are written. A lock is for the caller to hold."""

    def __init__(self, most: int) -> None:
        self._held: LRUCache[str, tuple[str, ...]] = LRUCache(most)

    def has(self, secret: str) -> bool:
        """Whether it is there; it counts as new then."""
        return self._held.get(secret) is not None

    def put(self, secret: str, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Add one; returns how the one that had to go was written."""
        gone = self._held.popitem()[1] if self._held.currsize >= self._held.maxsize else ()
        self._held[secret] = forms
        return gone


def _pieces(form: str) -> Iterator[tuple[str, int]]:
    first = len(form) - _WINDOW
    return ((form[at : at + _PIECE], at) for at in range(first, first + _STEP))


def _without(text: str, found: Iterable[tuple[int, int]]) -> str:
    parts, at = [], 0
    for begin, end in sorted(found):
        if begin >= at:
            parts += [text[at:begin], BLANK]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _written(secret: str) -> set[str]:
    """As it is, in addresses, in pages, and as JSON and Python write it down, once or twice over."""
    percents = {
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        quote(secret, safe=_SUB_DELIMITERS),
    }
    percents.add(quote(secret, safe=_SCRIPTS))
    percents |= {quote(one, safe="") for one in percents}
    lower = {_PERCENT.sub(lambda escape: escape[0].lower(), one) for one in percents}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    escaped |= {repr(secret.encode())[2:-1], secret.encode("unicode_escape").decode("ascii")}
    escaped |= {json.dumps(one)[1:-1] for one in escaped} | {repr(one)[1:-1] for one in escaped}
    return {secret, html.escape(secret), *percents, *lower, *escaped}


def _in_base64(secret: str) -> Iterator[str]:
    """What stands in any base64 of a text with the secret in it: three ways to begin, in two alphabets.

    The characters that hold bits of what stands beside it are left out.
    """
    raw = secret.encode()
    for before in range(3):
        whole = (len(raw) + before) * 8 // 6
        skipped = (0, 2, 3)[before]
        made = bytes(before) + raw
        yield base64.b64encode(made).decode()[skipped:whole]
        yield base64.urlsafe_b64encode(made).decode()[skipped:whole]
