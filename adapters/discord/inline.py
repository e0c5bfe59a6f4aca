"""Lines of a card as Discord markdown, whole or cut to a length."""

from __future__ import annotations

from typing import Any, assert_never
from urllib.parse import quote, urlsplit

from adapters.discord.escape import apart, begun, code, escape, one_line
from adapters.discord.limits import ELLIPSIS, size
from bot.core.chat.cards import Bold, ChannelMention, Code, Inline, Line, Link, Timestamp, UserMention
from bot.core.chat.words import line_words

# Beyond these Discord's clients show "Invalid date".
_LAST_MOMENT = 8_640_000_000_000
# Without "@": an address may not hold @everyone either.
_URL_SAFE = "%/:?#!$&'*+,;=-._~"


def web_url(url: str | None, limit: int) -> str | None:
    """The address if it is absolute http(s) and fits, with everything that is markup encoded."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    safe = quote(url, safe=_URL_SAFE)
    return safe if size(safe) <= limit else None


def line_text(line: Line, limit: int | None = None, *, bare: bool = False) -> str:
    """A line as markdown. limit: characters; what does not fit is cut at its end, visibly. bare: links
    show their address, so that Discord adds its preview of them."""
    return line_begun(line, limit, bare=bare)[0]


def line_begun(line: Line, limit: int | None = None, *, bare: bool = False) -> tuple[str, int]:
    """The same, and how many characters of the line's words are not in it."""
    made, left = _assembled(line, limit, bare=bare)
    text = apart(made)
    over = 0 if limit is None else size(text) - limit
    if limit is None or over <= 0:
        return text, left
    made, left = _assembled(line, limit - over, bare=bare)
    return apart(made), left


def _assembled(line: Line, limit: int | None, *, bare: bool) -> tuple[str, int]:
    done = ""
    for index, part in enumerate(line):
        piece = _joined(done, bare_link(part) if bare and isinstance(part, Link) else _inline(part))
        if bare and index and isinstance(line[index - 1], Link) and piece and not piece[0].isspace():
            # An address goes on to the next space.
            piece = f" {piece}"
        if limit is None or size(done) + size(piece) <= limit - _reserve(line, index):
            done += piece
            continue
        if isinstance(part, str):
            shown, left = begun(part, limit - size(done))
            return done + shown, left + len(line_words(line[index + 1 :]))
        shown = ELLIPSIS if size(done) + 1 <= limit else ""
        return done + shown, len(line_words(line[index:]))
    return done, 0


def _reserve(line: Line, index: int) -> int:
    """Room for the mark of a cut, unless nothing more comes."""
    return 0 if index == len(line) - 1 else size(ELLIPSIS)


def _joined(before: str, piece: str) -> str:
    """Marks of two neighbours must not run together: `**a****b**` is no bold."""
    if (
        before
        and piece
        and before[-1] == piece[0]
        and piece[0] in "*`"
        and not before.endswith("\\" + piece[0])
    ):
        return "\u200b" + piece
    return piece


def _inline(part: Inline) -> str:
    match part:
        case str():
            return escape(part)
        case Bold(text):
            return _bold(text)
        case Code(text):
            return code(text)
        case Link(text, url):
            return masked_link(text, url)
        case UserMention(user, name):
            return f"<@{user}>" if is_id(user) else one_line(f"@{name or user}")
        case ChannelMention(channel, name):
            return f"<#{channel}>" if is_id(channel) else one_line(f"#{name or channel}")
        case Timestamp(at, relative):
            return timestamp(at, relative=relative)
        case _:
            assert_never(part)


def _bold(text: str) -> str:
    """Spaces at the ends stay outside: `**a **` is no bold."""
    shown = one_line(text)
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}**{shown}**{after}" if shown else ""


def masked_link(text: str, url: str) -> str:
    """A link under a text of ours; the text alone where the address is none for the web."""
    shown = one_line(text) or one_line(url)
    safe = web_url(url, 2048)
    return f"[{shown}]({safe})" if safe else shown


def bare_link(link: Link) -> str:
    """A link with its address in sight, after its text where that says anything else."""
    shown, safe = one_line(link.text), web_url(link.url, 2048)
    if safe is None:
        return shown
    return f"{shown} {safe}" if shown and link.text.strip() not in (link.url, safe) else safe


def timestamp(at: float, *, relative: bool = False) -> str:
    """A moment that each reader sees in their own timezone. at: epoch seconds."""
    seconds = max(-_LAST_MOMENT, min(_LAST_MOMENT, int(at)))
    return f"<t:{seconds}:{'R' if relative else 'f'}>"


def is_id(text: Any) -> bool:
    """Whether it is an id of Discord, which digits alone are not; with a zero before it, it would be
    another name for the same."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        return False
    return 15 <= len(text) <= 20 and text[0] != "0"
