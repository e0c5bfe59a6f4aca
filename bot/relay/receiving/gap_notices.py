"""What is said about events that did not come the usual way: skipped, refused, interrupted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat.cards import Card, Text, Tone, line
from bot.core.chat.ids import Destination, TenantId
from bot.core.messages.message import Duration, Message, msg, nmsg
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.route import Route
from bot.relay.sending.outbox import enqueue_card
from bot.relay.sending.telling import tell


def skipped(count: int, more: bool, max_age: float) -> Card:
    """Said in a channel: that many events happened too long ago to be posted one by one.

    count: 0 when nobody knows, because there were more than are looked at. max_age: seconds.
    """
    after = Text(line(msg("Everything after them is posted in order.")), subtle=True)
    return Card(
        msg("There was a gap"), (Text(line(_skipped(count, more, Duration(max_age)))), after), Tone.WARNING
    )


def _skipped(count: int, more: bool, age: Duration) -> Message:
    if not count:
        return msg("Some older events were skipped: there were more than I can catch up on.")
    if more:
        return nmsg(
            "More than {n} older event was skipped: more than {age} old.",
            "More than {n} older events were skipped: more than {age} old.",
            n=count,
            age=age,
        )
    return nmsg(
        "{n} older event was skipped: more than {age} old.",
        "{n} older events were skipped: more than {age} old.",
        n=count,
        age=age,
    )


KEY_REFUSED = Card(
    msg("Xquik refuses the key"),
    (
        Text(line(msg("Xquik says that the stored key is wrong or was revoked, so no events are fetched."))),
        Text(line(msg("Make a new key in the Xquik dashboard and enter it with `setup key`."))),
        Text(
            line(msg("Routes and settings stay as they are. I will not ask again until the key changes.")),
            subtle=True,
        ),
    ),
    Tone.DANGER,
)

NEEDS_SOMEBODY = Card(
    msg("This bot needs attention"),
    (Text(line(msg("What is wrong, and how to fix it: `setup status`"))),),
    Tone.WARNING,
)

HOOK_RESUMED = Card(
    msg("Events are delivered again"),
    (
        Text(
            line(
                msg("Xquik had stopped delivering events to this bot after failures. I switched it on again.")
            )
        ),
        Text(line(msg("What was missed is being fetched and posted in order.")), subtle=True),
    ),
    Tone.INFO,
)

HOOK_STOPPED = Card(
    msg("Events are not delivered"),
    (
        Text(line(msg("Xquik has stopped delivering events to this bot, and switching it on again failed."))),
        Text(
            line(msg("Whoever runs the bot should check that its public address is reachable from outside."))
        ),
        Text(
            line(
                msg(
                    "Until then events are fetched every few minutes, so they come late. "
                    "I keep trying, and say so here when it works again."
                )
            ),
            subtle=True,
        ),
    ),
    Tone.WARNING,
)

HOOK_BACK = Card(
    msg("Events are delivered again"),
    (
        Text(line(msg("Xquik delivers events to this bot again, so they arrive on time again."))),
        Text(line(msg("What was missed is being fetched and posted in order.")), subtle=True),
    ),
    Tone.SUCCESS,
)


async def tell_managers(
    connection: AsyncConnection,
    tenant: TenantId,
    routes: Sequence[Route],
    *,
    dedup_key: DedupKey,
    card: Card,
    now: float,
) -> list[str]:
    """Tell those who look after the routes (`bot.relay.sending.telling`), once for each dedup_key; their
    channel for notices, which others may read, only that something needs them.

    Inside the caller's transaction. Returns the lanes to wake after the commit.
    """
    people = managers(routes)
    return await tell(
        connection, tenant, people, dedup_key=dedup_key, card=card, in_channel=NEEDS_SOMEBODY, now=now
    )


def managers(routes: Sequence[Route]) -> tuple[str, ...]:
    """Everyone who made one of the routes, as far as they are known."""
    return tuple(sorted({route.created_by for route in routes if route.created_by}))


async def say_in(
    connection: AsyncConnection, cards: dict[Destination, Card], dedup_key: DedupKey, now: float
) -> list[str]:
    """Post a card in each place, once for each dedup_key; returns the lanes to wake."""
    ordered = sorted(cards, key=str)
    return [await enqueue_card(connection, place, dedup_key, cards[place], now=now) for place in ordered]


def places(routes: Sequence[Route]) -> list[Destination]:
    """The places that routes in use lead to, each once."""
    return list(dict.fromkeys(route.destination for route in routes if route.paused_reason is None))
