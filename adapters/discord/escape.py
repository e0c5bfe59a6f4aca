"""Plain text in Discord's markdown: it looks as it was written and does nothing.

Everything in a card is plain text (`bot.core.chat.cards`). A backslash before any character that is
neither a letter, a digit nor a space makes Discord show that character; headings, lists, subtext
and quotes begin lines, so their marks are disarmed there. Addresses stay readable and do not become
links. Whom a message notifies is decided by `allowed_mentions`, which we always send empty; that
`@everyone` and `<@1>` do not even stand in the text is the second lock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from adapters.discord.limits import ELLIPSIS, size
from bot.core.text.graphemes import boundary
from bot.core.text.invisible import without_unseen

_NEWLINES: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
# "@" at the beginning is also what "<" in the text before would make a mention with.
_ANYWHERE: Final = re.compile(r"[\\*_~`|\[\]<>]|:(?=//)|(?<=<)[@#]|\A@")
# Texts in which nothing is to be done, which most are.
_TAME: Final = re.compile(r"[A-Za-z0-9 ,!?()'\"]*")
# What Discord makes links of, where the text that comes after this one begins with "//".
_OPEN_SCHEME: Final = re.compile(r"(https?|discord|steam)(:/?)\Z", re.IGNORECASE)
_LINE_START: Final = re.compile(r"(?m)^([ \t]*)([#+-]+|\.|\d+(?=\.))")
_COLLECTIVE: Final = re.compile("@(?=everyone|here)", re.IGNORECASE)
_MENTION: Final = re.compile("<(?=[@#])")
# Not a character of any script, so that it cannot be confused with text; it is not seen.
_GAP: Final = "\u200b"
_GRAVE: Final = "\u02cb"


def clean(text: str) -> str:
    """`text` without characters that nobody sees, its line ends as "\\n"."""
    return without_unseen(_NEWLINES.sub("\n", text))


def escape(text: str) -> str:
    """`text` so that Discord shows it exactly, over as many lines as it has."""
    if _TAME.fullmatch(text):
        return text
    escaped = _ANYWHERE.sub(_backslash, clean(text))
    return apart(_OPEN_SCHEME.sub(r"\1\\\2", _LINE_START.sub(_disarm, escaped)))


def apart(markdown: str) -> str:
    """`markdown` without @everyone and @here, also where two texts made one of them."""
    return _COLLECTIVE.sub("@" + _GAP, markdown)


def one_line(text: str) -> str:
    """`escape` for text that must stay on its line."""
    return escape(" ".join(clean(text).split()))


def code(text: str) -> str:
    """`text` in monospace; backticks become a letter that looks like one."""
    flat = " ".join(clean(text).replace("`", _GRAVE).split(" ")).replace("\n", " ").strip()
    if not flat:
        return ""
    return f"`{fenced(flat)}`"


def fenced(text: str) -> str:
    """`text` for a block of code or a span, where nothing but mentions is read. It has no backtick."""
    return _MENTION.sub("<" + _GAP, apart(text))


def within(text: str, limit: int, how: Callable[[str], str] = escape) -> str:
    """`how(text)` in at most `limit` characters; the text is cut, never an escape, and the cut shows."""
    return begun(text, limit, how)[0]


def begun(text: str, limit: int, how: Callable[[str], str] = escape) -> tuple[str, int]:
    """The same, and how many characters of the text are not in it."""
    text = clean(text)
    whole = how(text)
    if size(whole) <= limit:
        return whole, 0
    low, high = 0, min(len(text), max(0, limit))
    while low < high:
        middle = (low + high + 1) // 2
        if size(how(text[:middle])) + size(ELLIPSIS) <= limit:
            low = middle
        else:
            high = middle - 1
    if limit < size(ELLIPSIS):
        return "", len(text)
    low = boundary(text, low)
    return how(text[:low].rstrip()) + ELLIPSIS, len(text) - low


def _backslash(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _disarm(match: re.Match[str]) -> str:
    marks = match[2]
    if marks[0].isdigit():
        # "1." would be a list: the dot follows and is escaped by the backslash put before it.
        return f"{match[1]}{marks}\\"
    return match[1] + "".join("\\" + mark for mark in marks)
