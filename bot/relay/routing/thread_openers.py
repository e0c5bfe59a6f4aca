"""Thread openers and publications: what comes before a message that goes to a thread, and what after one.

An opener exists once in its place, whichever message of the thread comes first.
"""

from __future__ import annotations

from datetime import date

from bot.core.chat import card_json
from bot.core.chat.cards import Card, Text, Tone, line
from bot.core.chat.ids import Destination
from bot.core.messages.message import msg
from bot.core.routes import dedup_keys, event_readings
from bot.core.routes.account_names import name_of_thread, thread_name
from bot.core.routes.appearance import Threading
from bot.core.routes.dedup_keys import DedupKey
from bot.core.routes.deliveries import DeliveryKind, DeliveryState
from bot.core.routes.events import Event
from bot.core.routes.route import Route
from bot.core.routes.schedule_moments import day_of
from bot.core.times.calendar_words import weekday_words
from bot.relay.sending.outbox import delivery_key
from bot.storage.relay.deliveries import NewDelivery


def thread_of(event: Event, route: Route, destination: Destination, now: float) -> DedupKey | None:
    """The dedup_key of the message whose thread the event's message goes to; None for the place itself.

    For a tweet's conversation it may be that no such message was ever sent there. now: epoch seconds.
    """
    if destination.thread is not None:
        return None  # a thread has no threads
    match route.appearance.threading:
        case Threading.DAY:
            return dedup_keys.of_day(day_of(route.appearance.timezone, now))
        case Threading.ACCOUNT:
            account = event_readings.account(event) or event_readings.author(event)
            return dedup_keys.of_account(thread_name(route.known, event, account)) if account else None
        case Threading.TWEET:
            root = event_readings.conversation_id(event)
            return dedup_keys.of_tweet(root) if root and event.type.startswith("tweet.") else None
        case _:
            return None


def thread_of_list(route: Route, destination: Destination, now: float) -> DedupKey | None:
    """The same for a list of several events: it has a day, but neither an account nor a conversation."""
    if destination.thread is not None or route.appearance.threading is not Threading.DAY:
        return None
    return dedup_keys.of_day(day_of(route.appearance.timezone, now))


def accompanied(new: NewDelivery, route: Route) -> list[NewDelivery]:
    """The message with what comes before and after it, in order. One that is left out stays alone."""
    if new.state is DeliveryState.SKIPPED:
        return [new]
    found = [new]
    if new.about is not None and (opens := opener_card(new.about, route)) is not None:
        found.insert(0, _opener(new, new.about, opens))
    if route.appearance.publish:
        found.append(_publication(new))
    return found


def opener_card(dedup_key: DedupKey, route: Route) -> Card | None:
    """The message that begins a thread of a day or of an account; None for any other."""
    day, account = dedup_keys.opened_day(dedup_key), dedup_keys.opened_account(dedup_key)
    if day is not None:
        said = msg("Everything from the day is in this thread.")
        return Card(weekday_words(date.fromisoformat(day)), (Text(line(said), subtle=True),), Tone.INFO)
    if account is not None:
        account = name_of_thread(route.known, account)
        said = msg("Everything from @{account} is in this thread.", account=account)
        return Card(f"@{account}", (Text(line(said), subtle=True),), Tone.INFO)
    return None


def _opener(new: NewDelivery, dedup_key: DedupKey, card: Card) -> NewDelivery:
    return NewDelivery(
        destination=new.destination,
        lane=new.lane,
        kind=DeliveryKind.OPENER,
        dedup_key=dedup_key,
        key=delivery_key(new.lane, dedup_key),
        created_at=new.created_at,
        route=new.route,
        card=card_json.encode(card),
    )


def _publication(new: NewDelivery) -> NewDelivery:
    lane = dedup_keys.lane_of_publishing(new.destination)
    dedup_key = dedup_keys.publishing(new.dedup_key)
    return NewDelivery(
        destination=new.destination,
        lane=lane,
        kind=DeliveryKind.PUBLISH,
        dedup_key=dedup_key,
        key=delivery_key(lane, dedup_key),
        created_at=new.created_at,
        event=new.event,
        route=new.route,
        about=new.dedup_key,
        not_before=new.not_before,
    )
