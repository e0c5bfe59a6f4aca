"""Where X sees links in plain text: with a scheme, or bare domains with a known ending.

One pass: the text is cut into host runs (characters that can be in a domain, and dots), each run is
judged once from its right end, and then starts are tried from left to right. No backtracking.
Source: X's public rules for entities; the quirks below are theirs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from encodings.idna import nameprep
from typing import Final

import msgspec

from bot.core.x.top_level_domains import ASCII_NAMES, LONGEST_OTHER, OTHER_NAMES

_LONGEST_LINK: Final = 4096
_LONGEST_LABEL: Final = 63
_LONGEST_SHORT_SLUG: Final = 40
_SPACES: Final = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARKERS: Final = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_INVALID: Final = "\ufffe\ufeff\uffff"
# In a domain anything goes but punctuation; "-" and "_" only between other characters.
_NOT_IN_DOMAIN: Final = rf"!'#%&()*+,\\\-./:;<=>?@\[\]^_{{|}}~${_SPACES}{_INVALID}{_MARKERS}"
_ACCENTED: Final = (
    "\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_PATH: Final = rf"a-zA-Z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTED}"
_PATH_END: Final = rf"+\-a-zA-Z\u0400-\u04ff0-9=_#/{_ACCENTED}"

_HOST_RUN: Final = re.compile(rf"(?:[^{_NOT_IN_DOMAIN}]|[-_.])+")
_SCHEME: Final = re.compile("https?://", re.IGNORECASE)
_MAY_PRECEDE: Final = re.compile(rf"[^A-Za-z0-9@＠$#＃{_INVALID}]")
_LATIN: Final = re.compile(rf"[-a-zA-Z0-9{_ACCENTED}]+")
_ALNUM: Final = re.compile("[0-9a-zA-Z]+")
_PUNYCODE: Final = re.compile("xn--[-0-9a-z]+", re.IGNORECASE)
_PORT: Final = re.compile(":[0-9]+")
_PATH_RUN: Final = re.compile(rf"[{_PATH}]*")
_PATH_ENDS: Final = re.compile(rf"[{_PATH_END}]")
_QUERY: Final = re.compile(r"[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*")
_QUERY_END: Final = re.compile(r"[a-zA-Z0-9\-_&=#/]")
_SHORT: Final = re.compile("https?://t[.]co/([a-z0-9]+)", re.IGNORECASE)


class FoundLink(msgspec.Struct, frozen=True):
    """A link in a text: the characters from `start` up to `end`."""

    start: int
    end: int


def find_links(text: str) -> list[FoundLink]:
    """Every link in `text`, from left to right, none overlapping another."""
    links: list[FoundLink] = []
    free_from = 0  # the first character that no earlier match has taken
    if "." not in text:
        return links
    for run in _HOST_RUN.finditer(text):
        if "." not in run[0] or run.end() <= free_from:
            continue
        hosts = _Hosts(text, run.start(), run.end())
        start = _scheme_before(text, run.start(), free_from)
        host_end = hosts.end_from(run.start()) if start is not None else None
        if start is not None and host_end is not None:
            end = _link_end(text, host_end)
            links += _with_scheme(text, start, run.start(), host_end, end)
            free_from = end
        while (found := hosts.next_bare(free_from)) is not None:
            start, host_end = found
            end = _link_end(text, host_end)
            # X takes what follows "-", "_", "." or "/" for a link and then drops it as a whole.
            if not (start and text[start - 1] in "-_./"):
                links += _bare(text, start, host_end, end)
            free_from = end
    return links


class _Hosts:
    """The domains that can begin in one host run. Judged from the right, so that each label counts once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start, self._end = start, end
        self._labels: list[tuple[int, int]] = []
        position = start
        for label in text[start:end].split("."):
            self._labels.append((position, position + len(label)))
            position += len(label) + 1
        count = len(self._labels)
        self._suffix_after: list[int | None] = [None] * count
        self._chain: list[int | None] = [None] * (count + 1)
        for index in range(count - 1, -1, -1):
            first, last = self._labels[index]
            if index + 1 < count:
                self._suffix_after[index] = _suffix_end(text, self._labels[index + 1][0])
            self._chain[index] = self._end_in_label(index, first) if first < last else None
        self._next_label = 0

    def end_from(self, position: int) -> int | None:
        """Where the longest domain that begins at `position` ends, or None."""
        while self._labels[self._next_label][1] < position:
            self._next_label += 1
        first, last = self._labels[self._next_label]
        return self._end_in_label(self._next_label, position) if first <= position < last else None

    def next_bare(self, free_from: int) -> tuple[int, int] | None:
        """The first domain with its end that begins behind a character which may stand before a link."""
        position = max(self._start, free_from + 1)
        if free_from == 0 and self._start == 0:
            # At the very start X first tries to read the first character as what precedes a link.
            for candidate in (1, 0):
                allowed = candidate == 0 or _MAY_PRECEDE.match(self._text)
                if allowed and (end := self.end_from_start(candidate)) is not None:
                    return candidate, end
            position = 2
        while position < self._end:
            if _MAY_PRECEDE.match(self._text, position - 1):
                end = self.end_from(position)
                if end is not None:
                    return position, end
            position += 1
        return None

    def end_from_start(self, position: int) -> int | None:
        """As `end_from`, for the two positions at the start of the text, in any order."""
        self._next_label = 0
        return self.end_from(position) if position < self._end else None

    def _end_in_label(self, index: int, position: int) -> int | None:
        last = self._labels[index][1]
        if self._text[position] in "-_" or self._text[last - 1] in "-_":
            return None
        further = self._chain[index + 1]
        if further is not None:
            return further
        return None if self._text.find("_", position, last) >= 0 else self._suffix_after[index]


def _suffix_end(text: str, position: int) -> int | None:
    """The end of the top-level domain at `position`, or None."""
    run = _ALNUM.match(text, position)
    if run and run[0].lower() in ASCII_NAMES and text[run.end() : run.end() + 1] not in {"@", "+", "-"}:
        return run.end()
    if not text[position : position + LONGEST_OTHER].isascii():
        for length in range(LONGEST_OTHER, 0, -1):
            name = text[position : position + length]
            if name.lower() in OTHER_NAMES:
                end = position + len(name)
                if not re.match("[0-9a-zA-Z@+-]", text[end : end + 1]):
                    return end
    coded = _PUNYCODE.match(text, position)
    return coded.end() if coded else None


def _scheme_before(text: str, host: int, free_from: int) -> int | None:
    """Where `http://` or `https://` begins that ends at `host`, if a link may begin there."""
    for length in (7, 8):
        start = host - length
        if start < 0 or not (scheme := _SCHEME.match(text, start)) or scheme.end() != host:
            continue
        if start == 0 or (start > free_from and _MAY_PRECEDE.match(text, start - 1)):
            return start
    return None


def _link_end(text: str, position: int) -> int:
    """The end of port, path and query behind a domain that ends at `position`."""
    if port := _PORT.match(text, position):
        position = port.end()
    if text.startswith("/", position):
        position = _path_end(text, position + 1)
    if text.startswith("?", position):
        run = _QUERY.match(text, position + 1)
        stop = run.end() if run else position + 1
        while stop > position + 1 and not _QUERY_END.match(text, stop - 1):
            stop -= 1
        if stop > position + 1:
            position = stop
    return position


def _path_end(text: str, start: int) -> int:
    """The end of the path behind its first slash: balanced parentheses count, final punctuation not."""
    end = position = start
    while True:
        run = _PATH_RUN.match(text, position)
        stop = run.end() if run else position
        last = stop
        while last > position and not _PATH_ENDS.match(text, last - 1):
            last -= 1
        if last > position:
            end = last
        closed = _parentheses_end(text, stop)
        if closed is None:
            return end
        end = position = closed


def _parentheses_end(text: str, start: int) -> int | None:
    """The end of `(…)` at `start`, one level nested at most, not empty; None when it is not closed."""
    if not text.startswith("(", start):
        return None
    first = _run_end(text, start + 1)
    if text.startswith(")", first):
        return first + 1 if first > start + 1 else None
    if not text.startswith("(", first):
        return None
    inner = _run_end(text, first + 1)
    if inner == first + 1 or not text.startswith(")", inner):
        return None
    last = _run_end(text, inner + 1)
    return last + 1 if text.startswith(")", last) else None


def _run_end(text: str, start: int) -> int:
    run = _PATH_RUN.match(text, start)
    return run.end() if run else start


def _with_scheme(text: str, start: int, host: int, host_end: int, end: int) -> Iterator[FoundLink]:
    if not _is_valid(text[host:host_end], end - start):
        return
    short = _SHORT.match(text, start, end)
    if short is None:
        yield FoundLink(start, end)
    elif len(short[1]) <= _LONGEST_SHORT_SLUG:
        # A t.co address has nothing behind its slug but a query.
        stop = short.end()
        yield FoundLink(start, end if text.startswith("?", stop) else stop)


def _bare(text: str, start: int, host_end: int, end: int) -> Iterator[FoundLink]:
    """The Latin domains within a domain. With a path, all that follows belongs to the last of them;
    without one, port and query do not."""
    domain = text[start:host_end]
    if not _is_valid(domain, len("https://") + end - start):
        return
    port = _PORT.match(text, host_end)
    has_path = text.startswith("/", port.end() if port else host_end)
    found = list(_latin_domains(domain))
    for index, (first, last) in enumerate(found):
        extra = end - host_end if has_path and index == len(found) - 1 else 0
        yield FoundLink(start + first, start + last + extra)


def _latin_domains(domain: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (dot := domain.find(".", position)) >= 0:
        # Read from its end: a search for an end that is not there begins anew at each character.
        tail = _LATIN.match(domain[position:dot][::-1])
        if tail is None:
            position = dot + 1
            continue
        start = dot - tail.end()
        end: int | None = None
        while True:
            end = _suffix_end(domain, dot + 1) or end
            following = domain.find(".", dot + 1)
            if following < 0 or not _LATIN.fullmatch(domain, dot + 1, following):
                break
            dot = following
        if end is not None:
            yield start, end
        position = max(dot + 1, end or 0)


def _is_valid(domain: str, length: int) -> bool:
    """Whether the domain can be written in ASCII, and the link of `length` characters is not too long."""
    if any(len(label) > _LONGEST_LABEL for label in re.split("[.。．｡]", domain)):
        return False
    encoded = _in_ascii(domain)
    return encoded is not None and length + encoded - len(domain) <= _LONGEST_LINK


def _in_ascii(domain: str) -> int | None:
    """How long the domain is in ASCII, None when it cannot be written so."""
    try:
        return len(domain.encode("idna"))
    except UnicodeError:
        pass
    # X does not ask in which direction the characters of a label run; Python's codec does.
    labels = re.split("[.。．｡]", domain)
    if not any(map(_runs_left, labels)):
        return None
    try:
        written = [_label_in_ascii(label) for label in labels]
    except UnicodeError:
        return None
    fits = all(0 < len(label) <= _LONGEST_LABEL for label in written)
    return len(".".join(written)) if fits else None


def _label_in_ascii(label: str) -> str:
    if not _runs_left(label):
        return label.encode("idna").decode()
    prepared = "".join(map(nameprep, label))
    return "xn--" + prepared.encode("punycode").decode()


def _runs_left(label: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in label)
