"""Text that cannot steer a terminal.

A tweet may hold `ESC [ 2 J` or an 8-bit control; printed as it is, it would clear the screen,
rewrite earlier lines or set the clipboard. Directional overrides make text look like another.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.core.text.invisible import without_unseen

# Whole sequences first, so that no "[2J" stays behind: strings (OSC, DCS, SOS, PM, APC) up to
# their end, CSI, then two-character escapes. The 8-bit forms of the introducers count as well.
_SEQUENCES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_IN_JSON = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without escape sequences and what nobody sees; line breaks and tabs stay."""
    unified = _BREAKS.sub("\n", text)
    return without_unseen(_SEQUENCES.sub("", unified))


def plain_line(text: str) -> str:
    """The same in one line."""
    return " ".join(plain(text).split())


def web_address(url: str | None) -> str | None:
    """The address when it is absolute http(s) and holds nothing but printable characters."""
    if not url or plain(url) != url or any(character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def json_safe(document: str) -> str:
    """JSON text whose 8-bit controls are escaped too (JSON itself demands it below U+0020 only)."""
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document)
