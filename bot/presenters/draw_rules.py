"""What a draw's own tweet asks of who takes part, as the preview says it."""

from __future__ import annotations

from bot.core.cards import Bold, Inline, Priority, Text
from bot.core.giveaways import Stated


def rules_told(rules: Stated, follow: str | None, *, label: str = "") -> tuple[Text, ...]:
    """The rules that the tweet states, and those that nobody can check; nothing where it states none.

    follow: the account that the draw asks to follow, or will with the button. label: of the button that adds
    the rules, "" where there is nothing to add.
    """
    asked = _asked(rules, follow)
    unchecked = _unchecked(rules, follow)
    words: list[Inline] = []
    if asked:
        words.append(Bold(f"The tweet asks people to {_listed(asked)}."))
        words.append(
            f" “{label}” makes that a filter of this draw."
            if label
            else " “Who can win” says what counts here."
        )
    if unchecked:
        words.append(
            f"{' ' if asked else 'The tweet asks for more. '}Xquik cannot check {_listed(unchecked)}."
        )
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


def _unchecked(rules: Stated, follow: str | None) -> list[str]:
    """Xquik looks after one account that is to be followed, and after no like."""
    told = [f"who follows @{name}" for name in rules.follow if not _meant(name, (follow or "",))]
    if rules.like:
        told.append("likes")
    if rules.friends:
        told.append("whether friends are named")
    return told


def _meant(name: str, among: tuple[str, ...]) -> bool:
    return name.lower() in {one.lower() for one in among}


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
