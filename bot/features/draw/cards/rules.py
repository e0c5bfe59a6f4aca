"""What a draw's own tweet asks of who takes part, as the preview says it."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bot.core.chat.cards import Bold, Priority, Text
from bot.core.messages.message import Joined, JoinedBy, Message, msg
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
    said: list[Message | Bold] = []
    if asked:
        what = Joined(tuple(asked))
        also = len(asked) < len(every)
        told = msg("The tweet also asks people to {what}.", what=what)
        said.append(Bold(told if also else msg("The tweet asks people to {what}.", what=what)))
        said.append(
            msg("“{label}” adds that to the rules of this draw.", label=label)
            if label
            else msg("“Who can win” shows which rules this draw has.")
        )
    if (taken or unchecked) and not asked:
        said.append(msg("The tweet asks for more."))
    if taken and follow:
        others = Joined(tuple(f"@{name}" for name in taken), JoinedBy.OR)
        said.append(
            msg(
                "A draw checks the followers of one account, here @{follow}, not of {others}.",
                follow=follow,
                others=others,
            )
        )
    if unchecked:
        said.append(msg("Xquik cannot check {what}.", what=Joined(tuple(unchecked))))
    words = tuple(part for at, one in enumerate(said) for part in ((" ", one) if at else (one,)))
    return (Text(words, priority=Priority.ESSENTIAL),) if words else ()


def _asked(rules: Stated, follow: str | None) -> list[Message]:
    asked: list[Message] = []
    if follow and _meant(follow, rules.follow):
        asked.append(msg("follow @{name}", name=follow))
    if rules.repost:
        asked.append(msg("repost it"))
    if rules.hashtags:
        hashtags = Joined(tuple(f"#{tag}" for tag in rules.hashtags))
        asked.append(msg("reply with {hashtags}", hashtags=hashtags))
    if rules.mentions:
        asked.append(msg("mention {names}", names=Joined(tuple(f"@{name}" for name in rules.mentions))))
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


def _unchecked(rules: Stated, follow: str | None) -> list[Message]:
    """Xquik looks after no like, and after no follower of what is no username."""
    told = [] if follow else [msg("who follows @{name}", name=name) for name in rules.follow]
    if rules.like:
        told.append(msg("likes"))
    if rules.friends:
        told.append(msg("whether friends are named"))
    return told


def _meant(name: str, among: tuple[str, ...]) -> bool:
    return name.lower() in {one.lower() for one in among}
