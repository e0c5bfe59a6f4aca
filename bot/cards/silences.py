"""What is said of quiet places: to everyone in them without a reason, to those who look after them with it.

In a channel nobody is told why, nor how many credits there are: the button answers that to those who may see
it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

import msgspec

from bot.cards.figures import credits_
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    ChannelMention,
    Code,
    Field,
    Fields,
    Line,
    Text,
    Timestamp,
    Tone,
    line,
)
from bot.core.messages.enumerations import first_few
from bot.core.messages.message import Joined, Message, msg, nmsg
from bot.core.routes.route import Route
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.core.text.quoting import written
from bot.core.text.shortening import cut
from bot.core.x.forecast import lasts_words

WHY_ACTION: Final = "silence.why"
RESUME_ROUTE_ACTION: Final = "silence.resume"
# Where credits are bought: the API tells no address for it.
TOP_UP_URL: Final = "https://xquik.com/dashboard/account"
_LATE_HERE: Final = msg("Tweets come late here")
_NAMED = 5
_IN_PUBLIC = 40  # characters of a long search, where everybody reads it
_LONGEST_LINE = 120


class Purse(msgspec.Struct, frozen=True):
    """What there is to spend. lasts: in seconds, None where nothing uses it or Xquik tops it up."""

    balance: int
    hourly: int
    lasts: float | None
    refills: bool = False


def quiet_here(one: Silence, watched: Sequence[Watched], *, all_of_it: bool = True) -> Card:
    """Said in a place that hears nothing. watched: what is quiet there, () for everything. all_of_it: whether
    nothing else comes there."""
    since = Timestamp(one.since)
    title = msg("It is quiet here")
    if one.cause is SilenceCause.WEBHOOK:
        title = _LATE_HERE
        said = msg("I have had to fetch them since {since}.", since=since)
    elif watched and not all_of_it:
        title = msg(
            "Nothing comes from {names}", names=first_few([cut(str(w), _IN_PUBLIC) for w in watched], 2)
        )
        said = msg("Quiet since {since}.", since=since)
    elif watched:
        names = _names(watched, _IN_PUBLIC)
        said = msg("Quiet since {since}: nothing comes from {names}.", since=since, names=names)
    else:
        said = msg("Quiet since {since}: nothing comes in.", since=since)
    note = msg("I will say so here when it is over. The people who manage this bot can see why:")
    return Card(title, (Text(line(said)), Text(line(note), subtle=True)), Tone.WARNING, (why_button(one),))


def quiet_soon_here(one: Silence) -> Card:
    """Said in a place before it is quiet, where nobody who looks after it can be told."""
    said = line(msg("It may fall quiet here before long."))
    note = line(msg("Nobody who manages this bot could be told. They can see why:"))
    blocks = (Text(said), Text(note, subtle=True))
    return Card(msg("It may fall quiet here"), blocks, Tone.WARNING, (why_button(one),))


def over_here(one: Silence, watched: Sequence[Watched]) -> Card:
    """Said in the same place when it is over."""
    since = Timestamp(one.since)
    if one.cause is SilenceCause.WEBHOOK:
        said = line(msg("Tweets arrive on time again. They had been late since {since}.", since=since))
    else:
        comes = (
            msg("Tweets from {names} come here again.", names=_names(watched, _IN_PUBLIC))
            if watched
            else msg("Tweets come here again.")
        )
        said = line(comes, " ", msg("It had been quiet since {since}.", since=since))
    return Card(msg("Back to normal here"), (Text(said),), Tone.SUCCESS)


def why_button(one: Silence) -> Button:
    """Asks why, for who may know."""
    return Button(msg("Why?"), action=ActionRef(WHY_ACTION, one.id))


def resume_route_button(route: Route) -> Button:
    """Lets a route go on, for who may; the message that it stands below stays as it is."""
    return Button(msg("Resume"), action=ActionRef(RESUME_ROUTE_ACTION, route.id))


def trouble(one: Silence, *, lasts: float | None = None) -> Card:
    """Told to somebody who looks after the bot, directly. lasts: of the credits, in seconds."""
    links = (top_up_button(),) if one.cause in (SilenceCause.CREDITS, SilenceCause.LOW) else ()
    blocks: list[Block] = [Text(line(cause_words(one, lasts=lasts))), Text(line(mending(one)))]
    if one.places:
        quiet = msg("It is quiet in {channels}.", channels=_mentions(one.places))
        blocks.append(Text(line(quiet), subtle=True))
    return Card(_title(one, lasts=lasts), tuple(blocks), Tone.WARNING, links)


def trouble_in_channel(one: Silence) -> Card:
    """The same in the channel for notices, where others may read it."""
    if one.cause is SilenceCause.LOW:
        title, said = msg("A channel may go quiet"), msg("Some channels will go quiet soon.")
    else:
        title = msg("A channel is quiet")
        since, channels = Timestamp(one.since), _mentions(one.places)
        said = msg("Quiet since {since}: {channels}.", since=since, channels=channels)
    return Card(title, (Text(line(said)),), Tone.WARNING, (why_button(one),))


def over(one: Silence) -> Card:
    """Told to the same people when it is over."""
    if one.cause is SilenceCause.LOW:
        said = msg("No channel will go quiet for lack of them.")
        return Card(msg("There are enough credits again"), (Text(line(said)),), Tone.SUCCESS)
    since, channels = Timestamp(one.since), _mentions(one.places)
    said = msg("It had been quiet since {since} in {channels}.", since=since, channels=channels)
    return Card(msg("Back to normal"), (Text(line(said)),), Tone.SUCCESS)


def why_card(one: Silence, purse: Purse | None, buttons: tuple[Button, ...]) -> Card:
    """The answer to those who may see it. purse: None where it has nothing to do with it, or is not known."""
    blocks: list[Block] = [
        Text(line(cause_words(one, lasts=purse.lasts if purse is not None else None))),
        *([purse_fields(purse)] if purse is not None else []),
        Text(line(mending(one))),
    ]
    title = _title(one, lasts=purse.lasts if purse is not None else None)
    return Card(title, tuple(blocks), Tone.WARNING, buttons)


def known_here(one: Silence) -> Card:
    """The answer to everyone else."""
    said = msg("Since {since}. The people who manage this bot can see why.", since=Timestamp(one.since))
    titles = {SilenceCause.LOW: msg("Nothing is quiet yet"), SilenceCause.WEBHOOK: _LATE_HERE}
    quiet = msg("Some tweets do not arrive here") if one.watched else msg("It is quiet here")
    return Card(titles.get(one.cause, quiet), (Text(line(said)),), Tone.INFO)


def is_over() -> Card:
    """The answer where it is over meanwhile."""
    said = msg("This no longer keeps tweets away.")
    return Card(msg("That is over"), (Text(line(said)),), Tone.SUCCESS)


def top_up_button() -> Button:
    """Leads to where credits are bought."""
    return Button(msg("Top up"), url=TOP_UP_URL)


def purse_fields(purse: Purse) -> Fields:
    """The balance and for how long it lasts; of none, nothing is said to last."""
    balance = Field(msg("Balance"), (credits_(purse.balance),))
    if purse.balance <= 0 and not purse.refills:
        return Fields((balance,))
    return Fields((balance, Field(msg("Lasts"), lasting(purse))))


def lasting(purse: Purse) -> Line:
    """For how long: "about 9 days, at 90 credits an hour"."""
    if purse.refills:
        return (msg("topped up automatically"),)
    if purse.balance <= 0:
        return (msg("they are used up"),)
    if purse.lasts is None:
        return (msg("no monitor is on"),)
    long, hourly = lasts_words(purse.lasts), purse.hourly
    return (nmsg("{time}, at {n} credit an hour", "{time}, at {n} credits an hour", n=hourly, time=long),)


def silence_blocks(silences: Sequence[Silence], purse: Purse | None) -> list[Block]:
    """Why places are quiet, and what mends that, for those who may know."""
    left = purse.lasts if purse is not None else None
    return [Text(line(cause_words(one, lasts=left), " ", mending(one))) for one in silences]


def cause_words(one: Silence, *, lasts: float | None = None) -> Message:
    """Why it is quiet, and since when."""
    since, names = Timestamp(one.since), _names(one.watched)
    match one.cause:
        case SilenceCause.KEY:
            return msg("Xquik refuses the stored key since {since}.", since=since)
        case SilenceCause.CREDITS if one.watched:
            return msg(
                "The Xquik credits are used up, so Xquik has not watched {names} since {since}.",
                names=names,
                since=since,
            )
        case SilenceCause.CREDITS:
            return msg(
                "The Xquik credits are used up, so nothing is watched since {since}.",
                since=since,
            )
        case SilenceCause.LOW:
            return _low(lasts)
        case SilenceCause.PROTECTED if _of_posts(one):
            return msg(
                "{names} has been hidden since {since}: its author's account is protected on X.",
                names=names,
                since=since,
            )
        case SilenceCause.GONE if _of_posts(one):
            return msg(
                "{names} has been deleted, or is not shown on X, since {since}.", names=names, since=since
            )
        case SilenceCause.PROTECTED:
            return msg(
                "{names} is protected on X: its tweets have been hidden since {since}.",
                names=names,
                since=since,
            )
        case SilenceCause.GONE:
            return msg("{names} has been gone from X, or suspended, since {since}.", names=names, since=since)
        case SilenceCause.STOPPED:
            return msg("Xquik has not watched {names} since {since}.", names=names, since=since)
        case SilenceCause.REMOVED:
            return msg(
                "The monitor of {names} is gone at Xquik: nothing has watched it since {since}.",
                names=names,
                since=since,
            )
        case SilenceCause.WEBHOOK:
            return msg(
                "Xquik has not delivered events to this bot since {since}. The bot fetches them itself, so "
                "they come late.",
                since=since,
            )
        case _:
            assert_never(one.cause)


def _low(lasts: float | None) -> Message:
    if _used_up(lasts):
        return msg("The Xquik credits are used up. Nothing is watched without them.")
    if lasts is None:
        return msg("The Xquik credits run out soon. After that, nothing is watched.")
    return msg(
        "The Xquik credits run out soon: they last {time}. After that, nothing is watched.",
        time=lasts_words(lasts),
    )


def mending(one: Silence) -> Message:
    """What helps."""
    match one.cause:
        case SilenceCause.KEY:
            return msg("Make a new key in the Xquik dashboard and enter it with `setup key`.")
        case SilenceCause.CREDITS:
            return msg(
                "Top up with `credits topup`, then resume what you still need: {command}",
                command=_again(one.watched),
            )
        case SilenceCause.LOW:
            return msg("Top up with `credits topup`, or pause what is not needed: `monitor list`")
        case SilenceCause.PROTECTED | SilenceCause.GONE:
            return msg("When it can be seen again: {command}", command=_again(one.watched))
        case SilenceCause.STOPPED:
            return msg("To start it again: {command}", command=_again(one.watched))
        case SilenceCause.REMOVED:
            return msg("To watch it again: {command}", command=_anew(one.watched))
        case SilenceCause.WEBHOOK:
            return msg("Whoever runs the bot should check that its public address is reachable from outside.")
        case _:
            assert_never(one.cause)


def _again(watched: Sequence[Watched]) -> Code:
    """The line that starts a monitor again; of several, where they are."""
    if len(watched) != 1:
        return Code("monitor list")
    [what] = watched
    typed = Code(f"monitor resume {_typed(what)}")
    return typed if len(typed.text) <= _LONGEST_LINE else Code("monitor list")


def _anew(watched: Sequence[Watched]) -> Code:
    """The line that makes a monitor anew."""
    [what] = watched
    if what.kind == "account":
        return Code(f"monitor add {what.name}")
    if what.kind == "post":
        return Code(f"monitor post {what}")
    typed = Code(f"monitor keyword {_typed(what)}")
    return typed if len(typed.text) <= _LONGEST_LINE else Code("monitor keyword")


def _typed(what: Watched) -> str:
    """It as an option of a line."""
    if what.kind == "account":
        return what.name
    return str(what) if what.kind == "post" else written(what.name)


def _of_posts(one: Silence) -> bool:
    """Whether single tweets are quiet, not accounts."""
    return bool(one.watched) and all(what.kind == "post" for what in one.watched)


def _used_up(lasts: float | None) -> bool:
    return lasts is not None and lasts <= 0


def _title(one: Silence, *, lasts: float | None = None) -> Message:
    match one.cause:
        case SilenceCause.KEY:
            return msg("Xquik refuses the key")
        case SilenceCause.CREDITS:
            return msg("The Xquik credits are used up")
        case SilenceCause.LOW if _used_up(lasts):
            return msg("The Xquik credits are used up")
        case SilenceCause.LOW:
            return msg("The Xquik credits run out soon")
        case SilenceCause.PROTECTED if _of_posts(one):
            return msg("A tweet is hidden")
        case SilenceCause.GONE if _of_posts(one):
            return msg("A tweet is gone from X")
        case SilenceCause.PROTECTED:
            return msg("An account is protected")
        case SilenceCause.GONE:
            return msg("An account is gone from X")
        case SilenceCause.STOPPED:
            return msg("A monitor was stopped")
        case SilenceCause.REMOVED:
            return msg("A monitor is gone at Xquik")
        case SilenceCause.WEBHOOK:
            return msg("Events are not delivered")
        case _:
            assert_never(one.cause)


def _names(watched: Sequence[Watched], most: int = 80) -> Joined:
    """most: characters of each."""
    return first_few([Bold(cut(str(one), most)) for one in watched], _NAMED)


def _mentions(places: Sequence[str]) -> Joined:
    channels = dict.fromkeys(channel_of(place) for place in places)
    return first_few([ChannelMention(channel) for channel in channels], _NAMED)


def channel_of(place: str) -> str:
    """The channel in `str(Destination)`."""
    return place.partition("/")[2].partition("/")[0]
