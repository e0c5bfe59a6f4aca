"""Several accounts on X as cards. Texts of X go into `Quote` and cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.figures import count, listed
from bot.core.chat.cards import Block, Card, Link, Table, Text, Tone, line
from bot.core.messages.message import msg, nmsg
from bot.features.shared.post_rows import post_blocks
from bot.xquik.models import Tweet, User
from bot.xquik.models.people import Looked


def compared_card(users: Sequence[User], looked: Looked) -> Card:
    """A row each."""
    rows = tuple(
        (
            (Link(f"@{user.username or user.id}", user.url),),
            (count(user.followers),),
            (count(user.following),),
            (count(user.statuses_count),),
        )
        for user in users
    )
    columns = (msg("Account"), msg("Followers"), msg("Following"), msg("Tweets"))
    title = nmsg("{n} account", "{n} accounts", n=len(users))
    return Card(title, (Table(columns, rows), *_rest(looked)), _tone(looked))


def newest_card(tweets: Sequence[Tweet], looked: Looked) -> Card:
    """Tweets as in lists."""
    shown: list[Block] = [block for tweet in tweets for block in post_blocks(tweet)]
    if not tweets:
        shown.append(Text(line(msg("These accounts have no tweets that can be read."))))
    return Card(msg("Newest tweets"), (*shown, *_rest(looked)), _tone(looked))


def _rest(looked: Looked) -> tuple[Text, ...]:
    """Whose could not be had, and why."""
    said = []
    if looked.unavailable:
        said.append(msg("X shows nothing of {names}.", names=_names(looked.unavailable)))
    if looked.unprocessed:
        names = _names(looked.unprocessed)
        said.append(msg("Not looked up, since the credits are not enough: {names}.", names=names))
    if looked.failed:
        names = _names(looked.failed)
        said.append(msg("Could not be looked up now: {names}. Try them again.", names=names))
    return tuple(Text(line(one)) for one in said)


def _names(names: Sequence[str]) -> str:
    return listed(tuple(f"@{name.removeprefix('@')}" for name in names))


def _tone(looked: Looked) -> Tone:
    return Tone.WARNING if looked.unprocessed or looked.failed else Tone.INFO
