"""Spaces on X. What stands in one is untrusted: it goes into `Quote`, fields and cells. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.cards.figures import count, listed, when
from bot.cards.tweets import OPEN_ON_X, byline, web_url
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Button,
    Card,
    Field,
    Fields,
    Line,
    Link,
    Quote,
    Table,
    Text,
    Tone,
    line,
)
from bot.core.commands.page_cards import turn_label
from bot.core.commands.price_list import LOOKUP
from bot.core.messages.message import msg
from bot.core.text.shortening import shorten
from bot.core.x.readings import Author
from bot.xquik.models import Space, SpaceReplay, User

REPLAY_ACTION: Final = "space.replay"
_TITLE = 300
_CELL = 60
_MOST_NAMED = 8
_STATES = {
    "NotStarted": msg("scheduled"),
    "Running": msg("live now"),
    "Ended": msg("over"),
    "TimedOut": msg("over"),
    "Canceled": msg("cancelled"),
}


def space_card(found: Space) -> Card:
    """One Space: whether it is live, who speaks, how many listen."""
    host = found.host
    about = Quote(
        shorten(found.about, _TITLE),
        author=byline(Author(host.id, host.username, host.name)) if host else "",
        author_url=host.url if host else None,
        url=found.url,
    )
    blocks: tuple[Block, ...] = (about, Fields(tuple(_fields(found))))
    buttons = [Button(OPEN_ON_X, url=found.url)]
    if found.over and found.is_available_for_replay:
        label = turn_label(msg("Recording"), LOOKUP.fixed)
        buttons.append(Button(label, action=ActionRef(REPLAY_ACTION, found.id)))
    return Card(msg("Space {id}", id=found.id), blocks, Tone.INFO, tuple(buttons))


def spaces_table(found: Sequence[Space]) -> Table:
    """A row each, whose title leads to it."""
    rows = tuple(
        (
            (Link(shorten(one.about, _CELL) or one.id, one.url),),
            (f"@{one.host.username}",) if one.host is not None else ("–",),
            (state_words(one.state),),
            when(one.started_at or one.scheduled_start),
        )
        for one in found
    )
    return Table((msg("Space"), msg("Host"), msg("State"), msg("Start")), rows)


def replay_card(space_id: str, found: SpaceReplay) -> Card:
    """Where the recording plays."""
    address = web_url(found.url)
    if address is None:
        said = line(msg("Xquik gave no address that can be opened. Listen to it on X."))
    else:
        said = line(Link(msg("Recording"), address), " · ", msg("an HLS playlist, for players such as VLC"))
    on_x = Button(OPEN_ON_X, url=f"https://x.com/i/spaces/{space_id}")
    return Card(msg("Recording of Space {id}", id=space_id), (Text(said),), Tone.INFO, (on_x,))


def state_words(state: str) -> str:
    """What a state is called; one that is not known as X calls it."""
    return _STATES.get(state, shorten(state, _CELL) or "–")


def _fields(found: Space) -> list[Field]:
    moments = (
        (msg("Scheduled for"), found.scheduled_start),
        (msg("Started"), found.started_at),
        (msg("Ended"), found.ended_at),
    )
    figures = (
        (msg("In it now"), found.participant_count if found.state == "Running" else None),
        (msg("Listened live"), found.total_live_listeners),
        (msg("Played the recording"), found.total_replay_watched),
    )
    fields = [Field(msg("State"), (state_words(found.state),))]
    fields += [Field(name, when(moment)) for name, moment in moments if moment]
    fields += [Field(name, (count(number),)) for name, number in figures if number is not None]
    people = ((msg("Hosts"), found.admins), (msg("Speakers"), found.speakers))
    fields += [Field(name, _names(users), short=False) for name, users in people if users]
    return fields


def _names(users: Sequence[User]) -> Line:
    return (listed(tuple(f"@{user.username or user.id}" for user in users), _MOST_NAMED),)
