"""Finding the tweet that a URL or an id means."""

from __future__ import annotations

import re

_POST_ID = re.compile(r"^[1-9][0-9]{0,19}$")
_POST_URL = re.compile(
    r"^https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|i|[A-Za-z0-9_]{1,15})/status(?:es)?/([1-9][0-9]{0,19})(?:[/?#].*)?$",
    re.IGNORECASE,
)


def post_id_in(reference: str) -> str | None:
    """The id in a tweet's URL (x.com or twitter.com), or the id itself when it is one."""
    reference = reference.strip()
    if _POST_ID.match(reference):
        return reference
    return post_id_in_url(reference)


def post_id_in_url(url: str) -> str | None:
    found = _POST_URL.match(url.strip())
    return found.group(1) if found else None
