"""Keeping text that is not ours from becoming markup, links or mentions.

Nearly everything is sent as `rich_text` elements or `plain_text`, where Slack parses nothing. Two
places remain where it does parse: the fallback `text` of a message, and the small grey context line
(`mrkdwn`), which has no structured form. For both, `& < >` are escaped, as Slack asks; that alone
takes away every link and mention. Emphasis cannot be escaped in `mrkdwn`, so a line that contains
its characters is not put there at all (`is_tame`): the caller draws it as `rich_text` instead. No
invisible characters are inserted, so what people copy is what was written.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from adapters.slack import limits
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut

# A line begins once: with line breaks among the white space, each of many would be looked at from each other.
# Emphasis, code, quotes, list marks and :emoji: that mrkdwn would act on.
_WILD = re.compile(r"[*_~`]|:[a-z0-9_+'-]+:|(?m:^[^\S\n]*+(?:>|•|\d+\.))", re.IGNORECASE)

_NOT_IN_ADDRESS = re.compile(r"[\s<>|]")
# The beginning of an address with a host and nothing unusual about it; the others are taken apart.
_USUAL_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,4})?(?:[/?#]|\Z)")

_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")


def clean(text: str) -> str:
    """The text without characters that nobody sees, and with one kind of line break."""
    return without_unseen(_BREAKS.sub("\n", text))


def escape(text: str) -> str:
    """`& < >` as Slack wants them, and only these."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_tame(text: str) -> bool:
    """Whether mrkdwn would show the escaped text as it is."""
    return _WILD.search(text) is None


def web_address(url: str | None) -> str | None:
    """The address when Slack may be given it as a link: absolute http(s) and short enough."""
    if not url or len(url) > limits.URL or _NOT_IN_ADDRESS.search(url):
        return None
    if _USUAL_ADDRESS.match(url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the cut marked with an ellipsis. Line breaks are kept."""
    return cut(text, limit) if limit > 0 else ""


def one_line(text: str, limit: int) -> str:
    """For titles and labels: white space folded, at most `limit` characters."""
    return shortened(" ".join(clean(text).split()), limit)
