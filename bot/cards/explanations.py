"""`relay why`: the way of an event in words, from its receipt to each channel."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.events.words import kind_words, source
from bot.cards.figures import plural
from bot.core.chat.cards import Block, Bold, Card, ChannelMention, Code, Inline, Text, Timestamp, Tone, line
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.explanations import AtPlace, ByRoute, Explanation, Fate, MessageUpdate
from bot.core.routes.route import Filtered
from bot.core.text.shortening import shorten

# Routes that are told one by one; of those that refuse, fewer.
_MATCHED = 8
_REFUSED = 6
_WAYS = {
    "webhook": "as a webhook delivery",
    "stream": "on the event stream",
    "catchup": "by catching up with Xquik's list",
}
_NOTHING = (
    "nothing: no message was made for it, for example because it came before the route was made or changed."
)
_HELD = {
    "digest": "for the next list",
    "quiet": "until the quiet hours end",
    "burst": "for the list of a burst",
    "missed": "with what else was missed",
}


def explanation_card(explained: Sequence[Explanation], asked: str) -> Card:
    """What was asked for, event by event. asked: as the person wrote it."""
    if not explained:
        return _unknown(asked)
    blocks: list[Block] = []
    for one in explained:
        blocks += _event(one)
    tone = Tone.INFO if any(_arrived(one) for one in explained) else Tone.WARNING
    return Card("Why it did or did not arrive", tuple(blocks), tone)


def _unknown(asked: str) -> Card:
    return Card(
        "Nothing is known about it",
        (
            Text(line("No event about ", Code(shorten(asked, 80)), " has arrived here.")),
            Text(
                line(
                    "Either no monitor saw it (",
                    Code("monitor list"),
                    "), it came before the first route was made, or it is older than what is kept. ",
                    Code("relay status"),
                    " says when something last arrived.",
                )
            ),
        ),
        Tone.WARNING,
    )


def _arrived(one: Explanation) -> bool:
    good = (Fate.SENT, Fate.LISTED, Fate.HELD, Fate.WAITING, Fate.SENDING)
    return one.event.type == DELETED_TYPE or any(
        place.fate in good for route in one.routes for place in route.places
    )


def _event(one: Explanation) -> list[Block]:
    event = one.event
    what: list[Inline] = [Bold(kind_words(event.type))]
    if source(event):
        what.append(f" from {source(event)}")
    what += [": happened ", Timestamp(event.occurred_at), ", received ", Timestamp(event.received_at)]
    what.append(f" {_WAYS.get(one.via, one.via)}.")
    blocks: list[Block] = [Text(tuple(what)), Text(_names(event, one.trace), subtle=True)]
    if not one.routed:
        blocks.append(Text(line("It is waiting to be routed, which takes seconds.")))
    if one.too_old:
        blocks.append(Text(line("It was too old to be posted when it came (relay.max_age).")))
    blocks += _deeds(one) if event.type == DELETED_TYPE else _routes(one)
    for place in one.elsewhere:
        blocks.append(Text(("By a route that was removed: ", *_place(place))))
    return blocks


def _names(event: Event, trace: str) -> tuple[Inline, ...]:
    """By what people ask for it, where they can, and by what it stands in logs."""
    asked: tuple[Inline, ...] = ("Event ", Code(event.identity), " · ") if event.identity[:2] == "e:" else ()
    return (*asked, "Trace ", Code(trace))


def _deeds(one: Explanation) -> list[Block]:
    """What the news of a deletion did. It is no message of its own, so no route takes it."""
    if not one.message_updates and one.routed:
        words = "No message here shows that tweet, so there is nothing to mark or remove."
        return [Text((words,))]
    told = [
        Text(("→ ", ChannelMention(d.destination.channel), ": ", *_done(d)))
        for d in one.message_updates[:_MATCHED]
    ]
    if len(one.message_updates) > _MATCHED:
        told.append(
            Text(line(f"… and {plural(len(one.message_updates) - _MATCHED, 'more message')}."), subtle=True)
        )
    return list(told)


def _done(update: MessageUpdate) -> tuple[Inline, ...]:
    verb = "removed" if update.removes else "marked as deleted"
    match update.fate:
        case Fate.SENT:
            when: tuple[Inline, ...] = (" ", Timestamp(update.at)) if update.at else ()
            return (f"its message {'was' if update.removes else 'is'} {verb}", *when, ".")
        case Fate.WAITING | Fate.SENDING:
            return (f"its message is waiting to be {verb}.",)
        case _:
            because = f": {shorten(update.detail, 300)}" if update.detail else ""
            return (f"its message was not {verb}{because}.",)


def _deleted_since(update: MessageUpdate | None) -> tuple[Inline, ...]:
    if update is None or update.fate is not Fate.SENT:
        return ()
    when: tuple[Inline, ...] = (" ", Timestamp(update.at)) if update.at else ()
    done = "Removed" if update.removes else "Marked as deleted"
    return (f" {done}", *when, " because the tweet was deleted on X.")


def _routes(one: Explanation) -> list[Block]:
    if not one.routes:
        return [Text(line("There is no route here: ", Code("relay add channel:#alerts"), " makes one."))]
    took = [route for route in one.routes if not isinstance(route.match, Filtered) or _made(route)]
    refused = [route for route in one.routes if route not in took]
    blocks: list[Block] = []
    for route in took[:_MATCHED]:
        blocks += _taken(route)
    if len(took) > _MATCHED:
        blocks.append(
            Text(
                line(f"… and {plural(len(took) - _MATCHED, 'more route takes', 'more routes take')} it."),
                subtle=True,
            )
        )
    for route in refused[:_REFUSED]:
        if route.missed:
            blocks.append(Text(_missed(route)))
            continue
        rule = route.match.rule if isinstance(route.match, Filtered) else ""
        blocks.append(Text((*_name(route), " did not take it: ", rule, ".", *_changed(route))))
    if len(refused) > _REFUSED:
        left = plural(len(refused) - _REFUSED, "more route does", "more routes do")
        blocks.append(Text(line(f"… and {left} not take it."), subtle=True))
    return blocks


def _made(route: ByRoute) -> bool:
    """Whether the route brought a message, whatever it says today."""
    return any(p.fate is not Fate.NOTHING and not p.before and p.by is None for p in route.places)


def _name(route: ByRoute) -> tuple[Inline, ...]:
    return ("Route ", Bold(route.route.name))


def _missed(route: ByRoute) -> tuple[Inline, ...]:
    again = Code(f"relay resume {route.route.name}")
    return (*_name(route), " is paused and has not taken it yet. ", again, " asks whether to send it.")


def _changed(route: ByRoute) -> tuple[Inline, ...]:
    return (" (The route was changed after it came.)",) if route.changed else ()


def _taken(route: ByRoute) -> list[Block]:
    verb = "took it" if not isinstance(route.match, Filtered) else "took it then, but would not now"
    blocks: list[Block] = [Text((*_name(route), f" {verb}.", *_changed(route)))]
    return [*blocks, *(Text(_place(place)) for place in route.places)]


def _place(place: AtPlace) -> tuple[Inline, ...]:
    told = ("→ ", ChannelMention(place.destination.channel), ": ", *_fate(place))
    return (*told, *_brought_by(place), *_deleted_since(place.update))


def _brought_by(place: AtPlace) -> tuple[Inline, ...]:
    if place.by is None or (place.fate is Fate.LEFT_OUT and not place.by):
        return ()
    who: tuple[Inline, ...] = ("the route ", Bold(place.by)) if place.by else ("a route that was removed",)
    return (" (Through ", *who, ", which sends there too.)" if place.by else ".)")


def _fate(place: AtPlace) -> tuple[Inline, ...]:
    by = " with another event about the same tweet" if place.before else ""
    when: tuple[Inline, ...] = (" ", Timestamp(place.at)) if place.at else ()
    until: tuple[Inline, ...] = (" until ", Timestamp(place.until)) if place.until else ()
    because = f": {shorten(place.detail, 300)}" if place.detail else ""
    if place.lost:
        why = shorten(place.lost, 300).rstrip(".")
        return (f"kept until I can post in that channel again: {why}.",)
    match place.fate:
        case Fate.SENT:
            marked = ", marked as a possible repeat" if place.marked else ""
            return (f"sent{by}", *when, f"{marked}.")
        case Fate.LISTED:
            return ("part of a list", *when, ".")
        case Fate.HELD:
            return (f"held {_HELD.get(place.detail, '')}", *until, ".")
        case Fate.LEFT_OUT:
            cause = (
                shorten(place.detail, 300) or "it was held, and its route led elsewhere when its turn came"
            )
            return (f"left out: {cause}.",)
        case Fate.SKIPPED:
            return (f"not posted{because}.",)
        case Fate.DEAD:
            return ("failed", *when, f"{because}. ", Code("relay replay"), " sends it again.")
        case Fate.WAITING:
            tried = f" after {plural(place.attempts, 'try', 'tries')}" if place.attempts else ""
            return (f"waiting{tried}", *until, f"{because}.")
        case Fate.SENDING:
            return (f"being sent now{because}.",)
        case Fate.NOTHING:
            return ("nothing, because the account is muted there." if place.muted else _NOTHING,)
