"""Broadcasts on X. What stands in one is untrusted: it goes into `Quote` and fields. Pure."""

from __future__ import annotations

from typing import Final

from bot.cards.figures import count, when
from bot.cards.tweets import OPEN_ON_X, byline
from bot.core.chat.cards import Block, Button, Card, Field, Fields, Quote, Text, Tone, line
from bot.core.messages.message import msg
from bot.core.text.shortening import shorten
from bot.core.x.readings import Author
from bot.core.x.references import TweetRef
from bot.xquik.models import Broadcast, LiveCheck

_TITLE: Final = 300
_STATE: Final = 60
_STATES: Final = {
    "NotStarted": msg("scheduled"),
    "Running": msg("live now"),
    "Ended": msg("over"),
    "TimedOut": msg("over"),
}


def broadcast_card(found: Broadcast, title: str = "") -> Card:
    """One broadcast: whether it is live, and how many watch. title: in place of its id."""
    live = found.state == "Running"
    blocks = (_about(found), Fields(tuple(_fields(found, live=live))))
    buttons = [Button(OPEN_ON_X, url=found.url)]
    if found.tweet_id:
        buttons.append(Button(msg("Its tweet"), url=TweetRef(found.tweet_id).url))
    tone = Tone.SUCCESS if live else Tone.INFO
    return Card(title or msg("Broadcast {id}", id=found.id), blocks, tone, tuple(buttons))


def live_card(user: str, found: LiveCheck) -> Card:
    """Whether an account is live, with its latest broadcast."""
    name = found.user_name or user
    if found.broadcast is None:
        nothing: tuple[Block, ...] = (
            Text(
                line(
                    msg(
                        "X shows no broadcast of @{user}. `monitor add @{user}` tells when one begins.",
                        user=name,
                    )
                )
            ),
        )
        opened = Button(OPEN_ON_X, url=f"https://x.com/{name}")
        return Card(msg("@{user} is not live", user=name), nothing, Tone.INFO, (opened,))
    if found.live:
        return broadcast_card(found.broadcast, msg("@{user} is live", user=name))
    return broadcast_card(found.broadcast, msg("@{user} is not live: the latest broadcast", user=name))


def _about(found: Broadcast) -> Quote:
    host = found.creator
    return Quote(
        shorten(found.about, _TITLE),
        author=byline(Author(host.id, host.username, host.name)) if host else "",
        author_url=host.url if host else None,
        url=found.url,
    )


def _fields(found: Broadcast, *, live: bool) -> list[Field]:
    state = _STATES.get(found.state, shorten(found.state, _STATE) or "–")
    fields = [Field(msg("State"), (state,))]
    moments = (
        (msg("Scheduled for"), found.scheduled_start),
        (msg("Started"), found.started_at),
        (msg("Ended"), found.ended_at),
    )
    fields += [Field(name, when(moment)) for name, moment in moments if moment]
    figures = (
        (msg("Watching now"), found.total_watching if live else None),
        (msg("Watched"), found.total_watched),
    )
    fields += [Field(name, (count(number),)) for name, number in figures if number is not None]
    if found.is_available_for_replay is not None and not live:
        fields.append(Field(msg("Recording"), (msg("yes") if found.is_available_for_replay else msg("no"),)))
    return fields
