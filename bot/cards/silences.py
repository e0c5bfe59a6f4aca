"""What is said of quiet places: to everyone in them without a reason, to those who look after them with it.

In a channel nobody is told why, nor how many credits there are: the button answers that to those who may see
it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

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
from bot.core.routes.route import Route
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.core.text.quoting import written
from bot.core.text.shortening import cut
from bot.core.x.forecast import lasts_words

WHY_ACTION: Final = "silence.why"
RESUME_ROUTE_ACTION: Final = "silence.resume"
# Where credits are bought: the API tells no address for it.
TOP_UP_URL: Final = "https://xquik.com/dashboard/account"
_NAMED = 5
_IN_PUBLIC = 40  # characters of a long search, where everybody reads it
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to spend. lasts: in seconds, None where nothing uses it or Xquik tops it up."""

    balance: int
    hourly: int
    lasts: float | None
    refills: bool = False


def quiet_here(one: Silence, watched: Sequence[Watched], *, all_of_it: bool = True) -> Card:
    """Said in a place that hears nothing. watched: what is quiet there, () for everything. all_of_it: whether
    nothing else comes there."""
    what = _names(watched, _IN_PUBLIC)
    if one.cause is SilenceCause.WEBHOOK:
        title, said = (
            "Tweets come late here",
            line("I have had to fetch them since ", Timestamp(one.since), "."),
        )
    elif what and not all_of_it:
        title, said = _nothing_from(watched), line("Quiet since ", Timestamp(one.since), ".")
    elif what:
        title, said = (
            "It is quiet here",
            line("Quiet since ", Timestamp(one.since), ": nothing comes from ", *what, "."),
        )
    else:
        title, said = "It is quiet here", line("Quiet since ", Timestamp(one.since), ": nothing comes in.")
    note = "I will say so here when it is over. The people who manage this bot can see why:"
    return Card(title, (Text(said), Text(line(note), subtle=True)), Tone.WARNING, (why_button(one),))


def quiet_soon_here(one: Silence) -> Card:
    """Said in a place before it is quiet, where nobody who looks after it can be told."""
    said = line("It may fall quiet here before long.")
    note = line("Nobody who manages this bot could be told. They can see why:")
    return Card(
        "It may fall quiet here", (Text(said), Text(note, subtle=True)), Tone.WARNING, (why_button(one),)
    )


def over_here(one: Silence, watched: Sequence[Watched]) -> Card:
    """Said in the same place when it is over."""
    if one.cause is SilenceCause.WEBHOOK:
        said = line("Tweets arrive on time again. They had been late since ", Timestamp(one.since), ".")
    else:
        what = _names(watched, _IN_PUBLIC)
        comes = line("Tweets from ", *what, " come here again.") if what else line("Tweets come here again.")
        said = (*comes, " It had been quiet since ", Timestamp(one.since), ".")
    return Card("Back to normal here", (Text(said),), Tone.SUCCESS)


def why_button(one: Silence) -> Button:
    """Asks why, for who may know."""
    return Button("Why?", action=ActionRef(WHY_ACTION, one.id))


def resume_route_button(route: Route) -> Button:
    """Lets a route go on, for who may; the message that it stands below stays as it is."""
    return Button("Resume", action=ActionRef(RESUME_ROUTE_ACTION, route.id))


def trouble(one: Silence, *, lasts: float | None = None) -> Card:
    """Told to somebody who looks after the bot, directly. lasts: of the credits, in seconds."""
    links = (top_up_button(),) if one.cause in (SilenceCause.CREDITS, SilenceCause.LOW) else ()
    blocks: list[Block] = [Text(cause_line(one, lasts=lasts)), Text(mending(one))]
    if one.places:
        blocks.append(Text(line("It is quiet in ", *_mentions(one.places), "."), subtle=True))
    return Card(_title(one, lasts=lasts), tuple(blocks), Tone.WARNING, links)


def trouble_in_channel(one: Silence) -> Card:
    """The same in the channel for notices, where others may read it."""
    if one.cause is SilenceCause.LOW:
        said = line("Some channels will go quiet soon.")
    else:
        said = line("Quiet since ", Timestamp(one.since), ": ", *_mentions(one.places), ".")
    card = "A channel may go quiet" if one.cause is SilenceCause.LOW else "A channel is quiet"
    return Card(card, (Text(said),), Tone.WARNING, (why_button(one),))


def over(one: Silence) -> Card:
    """Told to the same people when it is over."""
    if one.cause is SilenceCause.LOW:
        return Card(
            "There are enough credits again",
            (Text(line("No channel will go quiet for lack of them.")),),
            Tone.SUCCESS,
        )
    said = line("It had been quiet since ", Timestamp(one.since), " in ", *_mentions(one.places), ".")
    return Card("Back to normal", (Text(said),), Tone.SUCCESS)


def why_card(one: Silence, purse: Purse | None, buttons: tuple[Button, ...]) -> Card:
    """The answer to those who may see it. purse: None where it has nothing to do with it, or is not known."""
    blocks: list[Block] = [
        Text(cause_line(one, lasts=purse.lasts if purse is not None else None)),
        *([purse_fields(purse)] if purse is not None else []),
        Text(mending(one)),
    ]
    title = _title(one, lasts=purse.lasts if purse is not None else None)
    return Card(title, tuple(blocks), Tone.WARNING, buttons)


def known_here(one: Silence) -> Card:
    """The answer to everyone else."""
    said = line("Since ", Timestamp(one.since), ". The people who manage this bot can see why.")
    titles = {SilenceCause.LOW: "Nothing is quiet yet", SilenceCause.WEBHOOK: "Tweets come late here"}
    quiet = "Some tweets do not arrive here" if one.watched else "It is quiet here"
    return Card(titles.get(one.cause, quiet), (Text(said),), Tone.INFO)


def is_over() -> Card:
    """The answer where it is over meanwhile."""
    return Card("That is over", (Text(line("This no longer keeps tweets away.")),), Tone.SUCCESS)


def top_up_button() -> Button:
    """Leads to where credits are bought."""
    return Button("Top up", url=TOP_UP_URL)


def purse_fields(purse: Purse) -> Fields:
    """The balance and for how long it lasts; of none, nothing is said to last."""
    if purse.balance <= 0 and not purse.refills:
        return Fields((Field("Balance", (credits_(purse.balance),)),))
    return Fields((Field("Balance", (credits_(purse.balance),)), Field("Lasts", lasting(purse))))


def lasting(purse: Purse) -> Line:
    """For how long: "about 9 days, at 90 credits an hour"."""
    if purse.refills:
        return ("topped up automatically",)
    if purse.balance <= 0:
        return ("they are used up",)
    if purse.lasts is None:
        return ("no monitor is on",)
    return (lasts_words(purse.lasts), f", at {credits_(purse.hourly)} an hour")


def silence_blocks(silences: Sequence[Silence], purse: Purse | None) -> list[Block]:
    """Why places are quiet, and what mends that, for those who may know."""
    left = purse.lasts if purse is not None else None
    return [Text((*cause_line(one, lasts=left), " ", *mending(one))) for one in silences]


def cause_line(one: Silence, *, lasts: float | None = None) -> Line:
    """Why it is quiet, and since when."""
    since: Line = (" since ", Timestamp(one.since), ".")
    what = _names(one.watched)
    match one.cause:
        case SilenceCause.KEY:
            return line("Xquik refuses the stored key", *since)
        case SilenceCause.CREDITS:
            stopped = line(", so Xquik has not watched ", *what) if what else line(", so nothing is watched")
            return line("The Xquik credits are used up", *stopped, *since)
        case SilenceCause.LOW if _used_up(lasts):
            return line("The Xquik credits are used up. Nothing is watched without them.")
        case SilenceCause.LOW:
            long = f": they last {lasts_words(lasts)}" if lasts is not None else ""
            return line(f"The Xquik credits run out soon{long}. After that, nothing is watched.")
        case SilenceCause.PROTECTED:
            return line(*what, " is protected on X: its tweets have been hidden", *since)
        case SilenceCause.GONE:
            return line(*what, " has been gone from X, or suspended,", *since)
        case SilenceCause.STOPPED:
            return line("Xquik has not watched ", *what, *since)
        case SilenceCause.REMOVED:
            return line("The monitor of ", *what, " is gone at Xquik: nothing has watched it", *since)
        case SilenceCause.WEBHOOK:
            return line(
                "Xquik has not delivered events to this bot",
                *since,
                " The bot fetches them itself, so they come late.",
            )
        case _:
            assert_never(one.cause)


def mending(one: Silence) -> Line:
    """What helps."""
    again = _again(one.watched)
    match one.cause:
        case SilenceCause.KEY:
            return line("Make a new key in the Xquik dashboard and enter it with ", Code("setup key"), ".")
        case SilenceCause.CREDITS:
            return line("Top up in the Xquik dashboard, then resume what you still need: ", again)
        case SilenceCause.LOW:
            return line("Top up in the Xquik dashboard, or pause what is not needed: ", Code("monitor list"))
        case SilenceCause.PROTECTED | SilenceCause.GONE:
            return line("When it can be seen again: ", again)
        case SilenceCause.STOPPED:
            return line("To start it again: ", again)
        case SilenceCause.REMOVED:
            return line("To watch it again: ", _anew(one.watched))
        case SilenceCause.WEBHOOK:
            return line(
                "Whoever runs the bot should check that its public address is reachable from outside."
            )
        case _:
            assert_never(one.cause)


def _again(watched: Sequence[Watched]) -> Code:
    """The line that starts a monitor again; of several, where they are."""
    if len(watched) != 1:
        return Code("monitor list")
    [what] = watched
    typed = f"monitor resume {what.name if what.kind == 'account' else written(what.name)}"
    return Code(typed if len(typed) <= _LONGEST_LINE else "monitor list")


def _anew(watched: Sequence[Watched]) -> Code:
    """The line that makes a monitor anew."""
    [what] = watched
    if what.kind == "account":
        return Code(f"monitor add {what.name}")
    typed = f"monitor keyword {written(what.name)}"
    return Code(typed if len(typed) <= _LONGEST_LINE else "monitor keyword")


def _used_up(lasts: float | None) -> bool:
    return lasts is not None and lasts <= 0


def _nothing_from(watched: Sequence[Watched]) -> str:
    named = ", ".join(cut(str(one), 30) for one in watched[:2])
    more = f" and {len(watched) - 2:,} more" if len(watched) > 2 else ""
    return f"Nothing comes from {named}{more}"


def _title(one: Silence, *, lasts: float | None = None) -> str:
    match one.cause:
        case SilenceCause.KEY:
            return "Xquik refuses the key"
        case SilenceCause.CREDITS:
            return "The Xquik credits are used up"
        case SilenceCause.LOW if _used_up(lasts):
            return "The Xquik credits are used up"
        case SilenceCause.LOW:
            return "The Xquik credits run out soon"
        case SilenceCause.PROTECTED:
            return "An account is protected"
        case SilenceCause.GONE:
            return "An account is gone from X"
        case SilenceCause.STOPPED:
            return "A monitor was stopped"
        case SilenceCause.REMOVED:
            return "A monitor is gone at Xquik"
        case SilenceCause.WEBHOOK:
            return "Events are not delivered"
        case _:
            assert_never(one.cause)


def _names(watched: Sequence[Watched], most: int = 80) -> Line:
    """most: characters of each."""
    parts: list[str | Bold] = []
    for one in watched[:_NAMED]:
        parts += [", " if parts else "", Bold(cut(str(one), most))]
    if len(watched) > _NAMED:
        parts.append(f" and {len(watched) - _NAMED:,} more")
    return tuple(part for part in parts if part)


def _mentions(places: Sequence[str]) -> Line:
    channels = list(dict.fromkeys(channel_of(place) for place in places))
    parts: list[str | ChannelMention] = []
    for channel in channels[:_NAMED]:
        parts += [", " if parts else "", ChannelMention(channel)]
    if len(channels) > _NAMED:
        parts.append(f" and {len(channels) - _NAMED:,} more")
    return tuple(part for part in parts if part)


def channel_of(place: str) -> str:
    """The channel in `str(Destination)`."""
    return place.partition("/")[2].partition("/")[0]
