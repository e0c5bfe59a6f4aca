"""Posts and people on X as people write them: links, ids, names with @ or without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_ID: Final = re.compile(r"[0-9]{5,20}")
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,15}")
_HOSTS: Final = frozenset({"x.com", "twitter.com"})
_PREFIXES: Final = ("www.", "mobile.", "m.")
_LONGEST: Final = 2048
# First path segments of x.com that are pages and not people.
_PAGES: Final = frozenset(
    {"compose", "explore", "hashtag", "home", "i", "intent", "jobs", "login", "logout"}
    | {"messages", "notifications", "privacy", "search", "settings", "share", "signup", "tos"}
)


@dataclass(frozen=True, slots=True)
class TweetRef:
    """A post. id: digits; username: its author, where the link named one."""

    id: str
    username: str | None = None

    @property
    def url(self) -> str:
        """The full link, which also works when the author is not known."""
        return f"https://x.com/{self.username or 'i'}/status/{self.id}"

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class Username:
    """An account on X by its name, without @, in the spelling that was given."""

    name: str

    @property
    def handle(self) -> str:
        """With @, as it is shown."""
        return f"@{self.name}"

    @property
    def url(self) -> str:
        """The profile."""
        return f"https://x.com/{self.name}"

    def __str__(self) -> str:
        return self.name


def parse_tweet_ref(text: str) -> TweetRef:
    """The post that a link or a bare id of 5 to 20 digits names.

    Raises ValueError, with a sentence for people, for anything else.
    """
    cleaned = _unwrapped(text)
    if _ID.fullmatch(cleaned):
        return TweetRef(cleaned)
    parts = _path_on_x(cleaned)
    if parts is None:
        raise ValueError("That is not a link to a post on X. Use one like https://x.com/nasa/status/12345.")
    match parts:
        case ["i", "web", "status" | "statuses", post, *_] if _ID.fullmatch(post):
            return TweetRef(post)
        case [name, "status" | "statuses" | "article", post, *_] if _ID.fullmatch(post):
            known = name.lower() not in _PAGES and _NAME.fullmatch(name)
            return TweetRef(post, name if known else None)
    raise ValueError("That link does not lead to a post. Open the post on X and copy its link.")


def parse_username(text: str) -> Username:
    """The account that `@name`, `name` or a link to its profile or one of its posts names.

    Raises ValueError, with a sentence for people, for anything else.
    """
    cleaned = _unwrapped(text)
    name = cleaned.removeprefix("@").removeprefix("＠")
    if _NAME.fullmatch(name):
        return Username(name)
    parts = _path_on_x(cleaned)
    if parts:
        name = parts[0].removeprefix("@")
        if _NAME.fullmatch(name) and name.lower() not in _PAGES:
            return Username(name)
        raise ValueError("That link does not lead to a profile on X.")
    raise ValueError("A username on X has 1 to 15 letters, digits or underscores, such as nasa.")


def _unwrapped(text: str) -> str:
    """Without white space and the angle brackets that chat clients put around links."""
    cleaned = text.strip()
    if cleaned.startswith("<") and cleaned.endswith(">"):
        cleaned = cleaned[1:-1].partition("|")[0].strip()
    return cleaned


def _path_on_x(text: str) -> list[str] | None:
    """The path segments of an address on x.com or twitter.com, or None for anything else."""
    if len(text) > _LONGEST or any(char.isspace() for char in text):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    if parts.scheme not in {"http", "https"} or host not in _HOSTS or parts.username or port:
        return None
    return [segment for segment in parts.path.split("/") if segment]
