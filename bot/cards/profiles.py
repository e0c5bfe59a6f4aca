"""Profiles on X. What stands in one is untrusted: it goes into `Quote` and fields. Pure."""

from __future__ import annotations

from bot.cards.figures import count, epoch
from bot.cards.tweets import byline, web_url
from bot.core.chat.cards import (
    Button,
    Card,
    Field,
    Fields,
    Quote,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.messages.enumerations import sentences
from bot.core.messages.message import Message, msg
from bot.core.x.readings import Author
from bot.xquik.models import User


def quoted(user: User) -> Quote:
    """The profile as it speaks of itself."""
    return Quote(
        user.description or "",
        author=byline(Author(user.id, user.username, user.name)),
        author_url=user.url,
        avatar_url=web_url(user.profile_picture),
        url=user.url,
    )


def user_card(user: User) -> Card:
    """A profile with its figures."""
    figures = (
        (msg("Followers"), user.followers),
        (msg("Following"), user.following),
        (msg("Tweets"), user.statuses_count),
    )
    fields = [Field(name, (count(number),)) for name, number in figures if number is not None]
    joined = epoch(user.created_at)
    if joined is not None:
        fields.append(Field(msg("Joined"), (Timestamp(joined),)))
    if user.location:
        fields.append(Field(msg("Location"), (user.location,)))
    if user.website:
        fields.append(Field(msg("Website"), (user.website,)))
    told = sentences(
        msg("Verified.") if user.is_verified else "",
        msg("Protected: only followers see its tweets.") if user.protected else "",
        _unavailable(user.unavailable_reason) if user.unavailable else "",
    )
    blocks = (
        quoted(user),
        *((Fields(tuple(fields)),) if fields else ()),
        *((Text(line(told), subtle=True),) if told else ()),
    )
    return Card(f"@{user.username}", blocks, Tone.INFO, (Button(msg("Open on X"), url=user.url),))


def _unavailable(reason: str | None) -> Message:
    if not reason:
        return msg("Unavailable: X gives no reason.")
    return msg("Unavailable: {reason}.", reason=reason)
