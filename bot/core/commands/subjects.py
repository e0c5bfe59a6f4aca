"""Whom a permission is given to, as people and platforms write it. Pure."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bot.core.messages.message import msg
from bot.core.text.invisible import without_unseen
from bot.core.text.shortening import cut

EVERYBODY: Final = ("everyone", "members", "admins")
_WRITTEN: Final = (
    (re.compile(r"<@&(\w{1,100})>", re.ASCII), "role"),  # Discord role
    (re.compile(r"<!subteam\^(\w{1,100})(?:\|[^<>]*)?>", re.ASCII), "role"),  # Slack user group
    (re.compile(r"<@!?(\w{1,100})(?:\|[^<>]*)?>", re.ASCII), "user"),
    (re.compile(r"role:(\S{1,100})"), "role"),
    (re.compile(r"user:(\S{1,100})"), "user"),
)


class SubjectRef(msgspec.Struct, frozen=True):
    """A person, a role (a user group in Slack), or all of a sort. kind: user, role, everyone, members,
    admins; id: the platform's, "" for all of a sort."""

    kind: str
    id: str = ""


def parse_subject(text: str) -> SubjectRef:
    """Who is meant; ValueError says how to write it."""
    word = without_unseen(text).strip()
    if word.casefold().removeprefix("@") in EVERYBODY:
        return SubjectRef(word.casefold().removeprefix("@"))
    for pattern, kind in _WRITTEN:
        match = pattern.fullmatch(word)
        if match:
            return SubjectRef(kind, match[1])
    raise ValueError(
        msg(
            "{word} names nobody; write everyone, members, admins, a mention, user:ID or role:ID, like "
            "role:123456",
            word=repr(cut(word, 60)),
        )
    )
