"""`relay why`: the way of an event in words, from its receipt to each channel."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.events.words import source
from bot.core.chat.cards import Block, Bold, Card, ChannelMention, Code, Line, Text, Timestamp, Tone, line
from bot.core.chat.ids import Destination
from bot.core.messages.enumerations import sentence
from bot.core.messages.message import Argument, Message, msg, nmsg
from bot.core.routes.event_words import kind_words
from bot.core.routes.events import DELETED_TYPE, Event
from bot.core.routes.explanations import AtPlace, ByRoute, Explanation, Fate, MessageUpdate
from bot.core.routes.route import Filtered
from bot.core.text.shortening import shorten

# Routes that are told one by one; of those that refuse, fewer.
_MATCHED = 8
_REFUSED = 6
_REASON = 300  # characters


def explanation_card(explained: Sequence[Explanation], asked: str) -> Card:
    """What was asked for, event by event. asked: as the person wrote it."""
    if not explained:
        return _unknown(asked)
    blocks: list[Block] = []
    for one in explained:
        blocks += _event(one)
    tone = Tone.INFO if any(_arrived(one) for one in explained) else Tone.WARNING
    return Card(msg("Why it did or did not arrive"), tuple(blocks), tone)


def _unknown(asked: str) -> Card:
    none = msg("No event about {what} has arrived here.", what=Code(shorten(asked, 80)))
    because = msg(
        "Either no monitor saw it (`monitor list`), it came before the first route was made, or it is older "
        "than what is kept. `relay status` says when something last arrived."
    )
    return Card(msg("Nothing is known about it"), (Text(line(none)), Text(line(because))), Tone.WARNING)


def _arrived(one: Explanation) -> bool:
    good = (Fate.SENT, Fate.LISTED, Fate.HELD, Fate.WAITING, Fate.SENDING)
    return one.event.type == DELETED_TYPE or any(
        place.fate in good for route in one.routes for place in route.places
    )


def _event(one: Explanation) -> list[Block]:
    event = one.event
    blocks: list[Block] = [Text(line(_came(one))), Text(_names(event, one.trace), subtle=True)]
    if not one.routed:
        blocks.append(Text(line(msg("It is waiting to be routed, which takes seconds."))))
    if one.too_old:
        blocks.append(Text(line(msg("It was too old to be posted when it came (relay.max_age)."))))
    blocks += _deeds(one) if event.type == DELETED_TYPE else _routes(one)
    for place in one.elsewhere:
        told = msg("By a route that was removed: {fate}", fate=_at(place.destination, _fate(place)))
        blocks.append(Text((told, *_more(place))))
    return blocks


def _came(one: Explanation) -> Message:
    """What it is, when it happened and how it came."""
    kind, whose = Bold(kind_words(one.event.type)), source(one.event)
    at: dict[str, Argument] = {
        "what": msg("{event} from {source}", event=kind, source=whose) if whose else kind,
        "happened": Timestamp(one.event.occurred_at),
        "received": Timestamp(one.event.received_at),
    }
    match one.via:
        case "webhook":
            return msg("{what}: happened {happened}, received {received} as a webhook delivery.", **at)
        case "stream":
            return msg("{what}: happened {happened}, received {received} on the event stream.", **at)
        case "catchup":
            return msg(
                "{what}: happened {happened}, received {received} by catching up with Xquik's list.", **at
            )
        case _:
            return msg("{what}: happened {happened}, received {received}.", **at)


def _names(event: Event, trace: str) -> Line:
    """By what people ask for it, where they can, and by what it stands in logs."""
    logged = msg("Trace {id}", id=Code(trace))
    if event.identity[:2] != "e:":
        return (logged,)
    return (msg("Event {id}", id=Code(event.identity)), " · ", logged)


def _at(place: Destination, said: Message) -> Message:
    return msg("→ {channel}: {said}", channel=ChannelMention(place.channel), said=said)


def _deeds(one: Explanation) -> list[Block]:
    """What the news of a deletion did. It is no message of its own, so no route takes it."""
    if not one.message_updates and one.routed:
        return [Text(line(msg("No message here shows that tweet, so there is nothing to mark or remove.")))]
    told: list[Block] = [
        Text(line(_at(update.destination, _done(update)))) for update in one.message_updates[:_MATCHED]
    ]
    left = len(one.message_updates) - _MATCHED
    if left > 0:
        more = nmsg("… and {n} more message.", "… and {n} more messages.", n=left)
        told.append(Text(line(more), subtle=True))
    return told


def _done(update: MessageUpdate) -> Message:
    match update.fate:
        case Fate.SENT:
            return _was_done(update)
        case Fate.WAITING | Fate.SENDING:
            if update.removes:
                return msg("its message is waiting to be removed.")
            return msg("its message is waiting to be marked as deleted.")
        case _:
            if update.removes:
                return _ending(msg("its message was not removed"), update.detail)
            return _ending(msg("its message was not marked as deleted"), update.detail)


def _was_done(update: MessageUpdate) -> Message:
    if not update.at:
        if update.removes:
            return msg("its message was removed.")
        return msg("its message is marked as deleted.")
    when = Timestamp(update.at)
    if update.removes:
        return msg("its message was removed {when}.", when=when)
    return msg("its message is marked as deleted {when}.", when=when)


def _deleted_since(update: MessageUpdate) -> Message:
    if not update.at:
        if update.removes:
            return msg("Removed because the tweet was deleted on X.")
        return msg("Marked as deleted because the tweet was deleted on X.")
    when = Timestamp(update.at)
    if update.removes:
        return msg("Removed {when} because the tweet was deleted on X.", when=when)
    return msg("Marked as deleted {when} because the tweet was deleted on X.", when=when)


def _routes(one: Explanation) -> list[Block]:
    if not one.routes:
        return [Text(line(msg("There is no route here: `relay add channel:#alerts` makes one.")))]
    took = [route for route in one.routes if not isinstance(route.match, Filtered) or _made(route)]
    refused = [route for route in one.routes if route not in took]
    blocks: list[Block] = []
    for route in took[:_MATCHED]:
        blocks += _taken(route)
    if len(took) > _MATCHED:
        more = nmsg(
            "… and {n} more route takes it.", "… and {n} more routes take it.", n=len(took) - _MATCHED
        )
        blocks.append(Text(line(more), subtle=True))
    blocks += (Text(_refused(route)) for route in refused[:_REFUSED])
    if len(refused) > _REFUSED:
        more = nmsg(
            "… and {n} more route does not take it.",
            "… and {n} more routes do not take it.",
            n=len(refused) - _REFUSED,
        )
        blocks.append(Text(line(more), subtle=True))
    return blocks


def _made(route: ByRoute) -> bool:
    """Whether the route brought a message, whatever it says today."""
    return any(p.fate is not Fate.NOTHING and not p.before and p.by is None for p in route.places)


def _refused(one: ByRoute) -> Line:
    name = Bold(one.route.name)
    if one.missed:
        return line(
            msg(
                "Route {route} is paused and has not taken it yet. {command} asks whether to send it.",
                route=name,
                command=Code(f"relay resume {one.route.name}"),
            )
        )
    rule = one.match.rule if isinstance(one.match, Filtered) else ""
    return _since_changed(one, msg("Route {route} did not take it: {rule}.", route=name, rule=rule))


def _taken(one: ByRoute) -> list[Block]:
    name = Bold(one.route.name)
    took = (
        msg("Route {route} took it then, but would not now.", route=name)
        if isinstance(one.match, Filtered)
        else msg("Route {route} took it.", route=name)
    )
    told = (Text((_at(place.destination, _fate(place)), *_more(place))) for place in one.places)
    return [Text(_since_changed(one, took)), *told]


def _since_changed(one: ByRoute, said: Message) -> Line:
    return (said, " ", msg("(The route was changed after it came.)")) if one.changed else (said,)


def _more(place: AtPlace) -> Line:
    """What there is to be said behind its fate."""
    said: list[Message] = []
    if place.fate is Fate.DEAD:
        said.append(msg("`relay replay` sends it again."))
    if place.by:
        said.append(msg("(Through the route {route}, which sends there too.)", route=Bold(place.by)))
    elif place.by is not None and place.fate is not Fate.LEFT_OUT:
        said.append(msg("(Through a route that was removed.)"))
    if place.update is not None and place.update.fate is Fate.SENT:
        said.append(_deleted_since(place.update))
    return tuple(piece for one in said for piece in (" ", one))


def _fate(place: AtPlace) -> Message:
    if place.lost:
        why = sentence(shorten(place.lost, _REASON))
        return msg("kept until I can post in that channel again: {why}", why=why)
    match place.fate:
        case Fate.SENT:
            return _sent(place)
        case Fate.LISTED:
            return _ending(_then(msg("part of a list"), place.at))
        case Fate.HELD:
            return _ending(_until(_held(place.detail), place.until))
        case Fate.LEFT_OUT:
            cause = shorten(place.detail, _REASON) or msg(
                "it was held, and its route led elsewhere when its turn came"
            )
            return msg("left out: {cause}", cause=sentence(cause))
        case Fate.SKIPPED:
            return _ending(msg("not posted"), place.detail)
        case Fate.DEAD:
            return _ending(_then(msg("failed"), place.at), place.detail)
        case Fate.WAITING:
            return _ending(_until(_waiting(place.attempts), place.until), place.detail)
        case Fate.SENDING:
            return _ending(msg("being sent now"), place.detail)
        case Fate.NOTHING:
            return _nothing(muted=place.muted)


def _sent(place: AtPlace) -> Message:
    sent = msg("sent with another event about the same tweet") if place.before else msg("sent")
    said = _then(sent, place.at)
    return _ending(msg("{sent}, marked as a possible repeat", sent=said) if place.marked else said)


def _held(reason: str) -> Message:
    match reason:
        case "digest":
            return msg("held for the next list")
        case "quiet":
            return msg("held until the quiet hours end")
        case "burst":
            return msg("held for the list of a burst")
        case "missed":
            return msg("held with what else was missed")
        case _:
            return msg("held")


def _waiting(attempts: int) -> Message:
    if not attempts:
        return msg("waiting")
    return nmsg("waiting after {n} try", "waiting after {n} tries", n=attempts)


def _nothing(*, muted: bool) -> Message:
    if muted:
        return msg("nothing, because the account is muted there.")
    return msg(
        "nothing: no message was made for it, for example because it came before the route was made or "
        "changed."
    )


def _then(said: Message, at: float | None) -> Message:
    return msg("{what} {when}", what=said, when=Timestamp(at)) if at else said


def _until(said: Message, until: float | None) -> Message:
    return msg("{what} until {when}", what=said, when=Timestamp(until)) if until else said


def _ending(said: Message, why: str = "") -> Message:
    """As a sentence, with the reason behind it, if any."""
    if why:
        return msg("{what}: {why}", what=said, why=sentence(shorten(why, _REASON)))
    return msg("{text}.", text=said)
