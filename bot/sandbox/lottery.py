"""Choosing winners among replies, honestly: every filter applied, every rejection recorded."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.records import DrawEntry, Post, WinnerRecord
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.timeline import Timeline

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reply and its author must satisfy; ``must_follow`` is the account to be followed."""

    winner_count: int = 1
    backup_count: int = 0
    unique_authors: bool = False
    must_repost: bool = False
    must_follow: PersonOfX | None = None
    min_followers: int = 0
    min_age_days: int = 0
    language: str | None = None
    keywords: list[str] = field(default_factory=list)
    hashtags: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)


def _words(text: str) -> set[str]:
    return {word.strip(".,;:!?()[]\"'…").casefold() for word in text.split()}


def _tagged(sign: str, wanted: str) -> str:
    return sign + wanted.removeprefix(sign).casefold()


def rejection(timeline: Timeline, root: Post, reply: Post, rules: Rules, now: float) -> str:
    """Why ``reply`` does not count; empty when it does (repeat authors are judged elsewhere)."""
    author = timeline.author(reply)
    text, words = reply.text.casefold(), _words(reply.text)
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("the tweet's own author", lambda: author.id == root.author_id),
        ("too few followers", lambda: author.followers < rules.min_followers),
        ("account too young", lambda: now - author.created_at < rules.min_age_days * _DAY),
        ("other language", lambda: rules.language is not None and reply.lang != rules.language),
        ("keyword missing", lambda: any(word.casefold() not in text for word in rules.keywords)),
        ("hashtag missing", lambda: any(_tagged("#", tag) not in words for tag in rules.hashtags)),
        ("mention missing", lambda: any(_tagged("@", name) not in words for name in rules.mentions)),
        ("did not repost", lambda: rules.must_repost and not timeline.reposted_by(root.id, author)),
        (
            "does not follow",
            lambda: rules.must_follow is not None and not timeline.follows(author, rules.must_follow),
        ),
    ]
    return next((reason for reason, fails in checks if fails()), "")


def inspect(timeline: Timeline, root: Post, replies: list[Post], rules: Rules, now: float) -> list[DrawEntry]:
    """Every reply as an entry, in order, with the reason it was rejected if it was."""
    entries: list[DrawEntry] = []
    entered: set[str] = set()
    for reply in replies:
        author = timeline.author(reply)
        reason = rejection(timeline, root, reply, rules, now)
        if not reason and rules.unique_authors and author.id in entered:
            reason = "author entered already"
        if not reason:
            entered.add(author.id)
        entries.append(
            DrawEntry(username=author.username, post_id=reply.id, text=reply.text, rejected=reason)
        )
    return entries


def choose(entries: list[DrawEntry], rules: Rules, rng: random.Random) -> list[WinnerRecord]:
    """Winners, then backups, at random among the entries that count.

    Nobody is chosen twice: with repeat authors allowed, more entries raise the chance, not the prizes.
    """
    pool = [entry for entry in entries if not entry.rejected]
    rng.shuffle(pool)
    unique = list({entry.username: entry for entry in reversed(pool)}.values())[::-1]
    return [
        WinnerRecord(
            username=entry.username,
            post_id=entry.post_id,
            position=position,
            backup=position > rules.winner_count,
        )
        for position, entry in enumerate(unique[: rules.winner_count + rules.backup_count], start=1)
    ]
