"""The settings of a route in words: what it lets pass, how its messages look, and when they come. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.cards.figures import listed
from bot.core.chat.cards import Code, Field
from bot.core.messages.message import Duration, Joined, JoinedBy, Message, msg, nmsg, pmsg
from bot.core.routes.appearance import Appearance, Layout, Threading
from bot.core.routes.filters import (
    Contains,
    Filter,
    Has,
    Lacks,
    Languages,
    Matches,
    MinFollowers,
    NoReplies,
    OfTweets,
    Part,
    Quiet,
)
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import QuietHours, Schedule
from bot.core.routes.schedule_moments import TimingError, next_list, quiet_until
from bot.core.routes.schedule_text import digest_text, digest_words, quiet_text
from bot.core.text.lists import told_apart
from bot.core.text.shortening import shorten
from bot.core.times.calendar_words import coming_day_words
from bot.core.times.zone_words import kept_zone, zone_label, zone_name

# Characters of a filter where all of them are shown: twenty and the rest of a card fit then.
_LINE = 160
_LAYOUTS = {
    Layout.FULL: msg("{name}: a card with everything", name=Layout.FULL.value),
    Layout.COMPACT: msg("{name}: one line with its link", name=Layout.COMPACT.value),
    Layout.LINK: msg("{name}: the link alone, with the platform's own preview", name=Layout.LINK.value),
    Layout.TEMPLATE: msg("{name}: as written below", name=Layout.TEMPLATE.value),
}
_THREADS = {
    Threading.NONE: msg("{name}: messages go straight into the channel", name=Threading.NONE.value),
    Threading.TWEET: msg("{name}: a thread for each tweet's conversation", name=Threading.TWEET.value),
    Threading.DAY: msg("{name}: a thread for each day", name=Threading.DAY.value),
    Threading.ACCOUNT: msg("{name}: a thread for each account", name=Threading.ACCOUNT.value),
}
_SENSITIVE = {
    Sensitive.CHANNEL: msg("only in channels marked for them"),
    Sensitive.ALWAYS: msg("always posted"),
    Sensitive.NEVER: msg("never posted"),
}
_DELETED = {
    Deleted.MARK: msg("the message is marked"),
    Deleted.REMOVE: msg("the message is removed"),
    Deleted.KEEP: msg("the message stays as it is"),
}
_PARTS: Mapping[Part, tuple[Message, Message]] = {
    "media": (msg("media"), msg("no media")),
    "link": (msg("link"), msg("no link")),
    "poll": (msg("poll"), msg("no poll")),
}


def filter_words(one: Filter, *, whole: bool = False) -> Message:
    """One filter, as a condition that events must meet. whole: with all that it names, and not the first of
    it."""
    match one:
        case Contains(words):
            return msg("contains one of: {words}", words=_some(told_apart(words), 8, whole=whole))
        case Quiet(words):
            return msg("contains none of: {words}", words=_some(told_apart(words), 8, whole=whole))
        case Matches(pattern):
            return msg("matches {pattern}", pattern=pattern if whole else shorten(pattern, 120))
        case Has(parts):
            return msg("has {parts}", parts=Joined(tuple(_PARTS[part][0] for part in parts)))
        case Lacks(parts):
            return msg("has {parts}", parts=Joined(tuple(_PARTS[part][1] for part in parts)))
        case Languages(codes):
            return msg("is in: {languages}", languages=_some(codes, 12, whole=whole))
        case MinFollowers(followers):
            return nmsg(
                "its author has at least {n} follower",
                "its author has at least {n} followers",
                n=followers,
            )
        case NoReplies():
            return msg("is not a reply to somebody else")
        case OfTweets(ids):
            tweets = _some(ids, 8, whole=whole)
            if len(ids) == 1:
                return msg("is about the watched tweet {tweets}", tweets=tweets)
            return msg("is about one of the watched tweets {tweets}", tweets=tweets)
        case _:
            assert_never(one)


def _some(words: tuple[str, ...], most: int, *, whole: bool) -> str:
    return listed(words, len(words) if whole else most)


QUOTED_TOO = msg("The filters also check quoted tweets.")


def filter_lines(route: Route) -> tuple[Message, ...]:
    """The filters in order, each with the number by which it can be removed."""
    return tuple(
        msg("{number}. {filter}", number=number, filter=shorten(filter_words(one), _LINE))
        for number, one in enumerate(route.filters, 1)
    )


def filter_fields(route: Route) -> tuple[Field, ...]:
    """The filters as fields: where they stand beside much else, renderers give each block its share."""
    return tuple(
        Field(msg("Filter {number}", number=number), (shorten(filter_words(one), _LINE),), short=False)
        for number, one in enumerate(route.filters, 1)
    )


def confirmed_fields(route: Route) -> tuple[Field, ...]:
    """Everything of a route that a command can say of it, uncut: for whoever is to confirm it. What a message
    does not hold of it goes with that as a file."""
    fields = [
        Field(msg("Filter {number}", number=number), (filter_words(one, whole=True),), short=False)
        for number, one in enumerate(route.filters, 1)
    ]
    if route.quoted:
        fields.append(Field(msg("Quoted tweets"), (QUOTED_TOO,), short=False))
    if route.sensitive is not Sensitive.CHANNEL:
        fields.append(Field(msg("Sensitive tweets"), (sensitive_words(route),), short=False))
    if route.appearance.layout is not Layout.FULL:
        fields.append(Field(msg("Layout"), (_LAYOUTS[route.appearance.layout],), short=False))
    return tuple(fields)


def sensitive_words(route: Route) -> Message:
    """What becomes of tweets that X marks as possibly sensitive."""
    return _SENSITIVE[route.sensitive]


def look_fields(look: Appearance, now: float) -> tuple[Field, ...]:
    """How messages look: what is as usual is left out, but for the layout."""
    fields = [Field(msg("Layout"), (_LAYOUTS[look.layout],), short=False)]
    if look.layout is Layout.TEMPLATE:
        fields.append(Field(msg("Template"), (Code(shorten(look.template, 300)),), short=False))
    if look.threading is not Threading.NONE:
        fields.append(Field(msg("Threads"), (_THREADS[look.threading],), short=False))
    if look.pings:
        fields.append(Field(msg("Notifies"), (_codes(look.pings),), short=False))
    if look.tags:
        fields.append(Field(msg("Forum tags"), (listed(look.tags),)))
    if look.publish:
        fields.append(Field(msg("Published"), (msg("yes, to the channels that follow"),)))
    if look.timezone != "UTC":
        fields.append(Field(msg("Timezone"), (zone_label(look.timezone, now),)))
    return tuple(fields)


def _codes(ids: Sequence[str]) -> Message:
    return msg("{items}", items=Joined(tuple(map(Code, ids)), JoinedBy.COMMA))


def timing_fields(route: Route, now: float) -> tuple[Field, ...]:
    """When messages come, each with its next moment after `now` (epoch seconds)."""
    schedule = route.schedule
    fields: list[Field] = []
    if schedule.quiet is not None:
        fields.append(Field(msg("Quiet hours"), (_quiet(schedule.quiet, schedule, now),), short=False))
    if schedule.digest:
        fields.append(Field(msg("As a list"), (_digest(schedule, now),), short=False))
    fields += _limits(schedule)
    if schedule.steady:
        fields.append(Field(pmsg("the field", "When"), (msg("each event at once"),), short=False))
    if schedule.timezone != "UTC":
        fields.append(Field(msg("Timezone"), (zone_label(schedule.timezone, now),)))
    fields.append(Field(msg("Late events"), (missed_words(route.catch_up),), short=False))
    fields.append(Field(msg("Deleted tweets"), (_DELETED[route.deleted],), short=False))
    return tuple(fields)


def _limits(schedule: Schedule) -> Iterator[Field]:
    burst = schedule.burst
    if burst is not None:
        said = nmsg(
            "more than {n} event in {span} become one list",
            "more than {n} events in {span} become one list",
            n=burst.count,
            span=Duration(burst.seconds),
        )
        yield Field(msg("Bursts"), (said,), short=False)
    if schedule.per_hour is not None:
        said = nmsg(
            "at most {n} message an hour in each channel; the rest waits",
            "at most {n} messages an hour in each channel; the rest waits",
            n=schedule.per_hour,
        )
        yield Field(msg("Per hour"), (said,), short=False)
    if schedule.per_day is not None:
        said = nmsg(
            "at most {n} message a day in each channel; the rest is left out",
            "at most {n} messages a day in each channel; the rest is left out",
            n=schedule.per_day,
        )
        yield Field(msg("Per day"), (said,), short=False)


def missed_words(policy: CatchUpPolicy) -> Message:
    """How events that were missed and found later are posted."""
    match policy.policy:
        case MissedPolicy.ALL:
            return msg("each is posted")
        case MissedPolicy.LAST:
            return nmsg(
                "the last {n} are posted, and the others counted",
                "the last {n} are posted, and the others counted",
                n=policy.last,
            )
        case MissedPolicy.DIGEST:
            return msg("they are posted as one list")
        case _:
            assert_never(policy.policy)


def _quiet(hours: QuietHours, schedule: Schedule, now: float) -> Message:
    span, zone = quiet_text(hours), zone_name(schedule.timezone)
    held = msg("{hours} {zone}, held and sent as one list", hours=span, zone=zone)
    try:
        until = quiet_until(hours, schedule.timezone, now)
    except (TimingError, ValueError, KeyError, OSError):
        return held
    if until is None:
        return held
    return msg("{held}; quiet now, until {when}", held=held, when=moment_words(until, schedule.timezone, now))


def _digest(schedule: Schedule, now: float) -> str:
    try:
        due = next_list(schedule.digest, schedule.timezone, now)
    except (TimingError, ValueError, KeyError, OSError, StopIteration):
        return digest_text(schedule.digest)
    when = moment_words(due, schedule.timezone, now)
    return msg("{times}; next list: {when}", times=digest_words(schedule.digest), when=when)


def moment_words(at: float, timezone: str, now: float) -> Message:
    """A moment on the wall clock of a timezone: "today 18:00 Europe/Berlin"."""
    zone, name = ZoneInfo(kept_zone(timezone)), zone_name(timezone)
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone)
    days = (moment.date() - datetime.fromtimestamp(now, UTC).astimezone(zone).date()).days
    clock = f"{moment:%H:%M}"
    if days == 0:
        return msg("today {clock} {zone}", clock=clock, zone=name)
    if days == 1:
        return msg("tomorrow {clock} {zone}", clock=clock, zone=name)
    return msg("{day} {clock} {zone}", day=coming_day_words(moment.date()), clock=clock, zone=name)
