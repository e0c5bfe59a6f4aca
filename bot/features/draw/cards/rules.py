"""What a draw's own tweet asks of who takes part, as the preview says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.chat.cards import Bold, Inline, Priority, Text
from bot.core.text.sameness import folded
from bot.core.x.giveaways import Stated

_NOTHING: Final = Stated()


def rules_told(
    rules: Stated, follow: str | None, *, label: str = "", done: Stated = _NOTHING
) -> tuple[Text, ...]:
    """The rules that the tweet states, and those that nobody can check; nothing where it states none.

    follow: the account that the draw asks to follow, or will with the button. label: of the button that adds
    the rules, "" where there is nothing to add. done: those that are filters of the draw already, which the
    button does not add.
    """
    every = _asked(rules, follow)
    asked = _asked(_without(rules, done), follow) if label else every
    taken = _taken(rules, follow)
    unchecked = _unchecked(rules, follow)
    words: list[Inline] = []
    if asked:
        also = "also " if len(asked) < len(every) else ""
        words.append(Bold(f"The tweet {also}asks people to {_listed(asked)}."))
        words.append(
            f" “{label}” adds that to the rules of this draw."
            if label
            else " “Who can win” shows which rules this draw has."
        )
    if (taken or unchecked) and not asked:
        words.append("The tweet asks for more.")
    if taken:
        names = _listed([f"@{name}" for name in taken], "or")
        words.append(f" A draw checks the followers of one account, here @{follow}, not of {names}.")
    if unchecked:
        words.append(f" Xquik cannot check {_listed(unchecked)}.")
    return (Text(tuple(words), priority=Priority.ESSENTIAL),) if words else ()


def _asked(rules: Stated, follow: str | None) -> list[str]:
    asked: list[str] = []
    if follow and _meant(follow, rules.follow):
        asked.append(f"follow @{follow}")
    if rules.repost:
        asked.append("repost it")
    if rules.hashtags:
        asked.append("reply with " + _listed([f"#{tag}" for tag in rules.hashtags]))
    if rules.mentions:
        asked.append("mention " + _listed([f"@{name}" for name in rules.mentions]))
    return asked


def _without(rules: Stated, done: Stated) -> Stated:
    """The rules but for those that are done: whole names and hashtags, however they are written."""
    return replace(
        rules,
        follow=_others(rules.follow, done.follow),
        repost=rules.repost and not done.repost,
        hashtags=_others(rules.hashtags, done.hashtags),
        mentions=_others(rules.mentions, done.mentions),
    )


def _others(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    same = {folded(one).lstrip("@#") for one in known}
    return tuple(one for one in names if folded(one).lstrip("@#") not in same)


def _taken(rules: Stated, follow: str | None) -> list[str]:
    """Whom people are to follow besides the one account whose followers a draw checks."""
    return [name for name in rules.follow if follow and not _meant(name, (follow,))]


def _unchecked(rules: Stated, follow: str | None) -> list[str]:
    """Xquik looks after no like, and after no follower of what is no username."""
    told = [] if follow else [f"who follows @{name}" for name in rules.follow]
    if rules.like:
        told.append("likes")
    if rules.friends:
        told.append("whether friends are named")
    return told


def _meant(name: str, among: tuple[str, ...]) -> bool:
    return name.lower() in {one.lower() for one in among}


def _listed(items: list[str], word: str = "and") -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"
