"""The settings of a route in words: what it lets pass, how its messages look, and when they come. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.cards.figures import listed, plural
from bot.core.chat.cards import Code, Field, Line
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
    Quiet,
)
from bot.core.routes.route import CatchUpPolicy, Deleted, MissedPolicy, Route, Sensitive
from bot.core.routes.schedule import Schedule
from bot.core.routes.schedule_moments import TimingError, next_list, quiet_until
from bot.core.routes.schedule_text import digest_text, digest_words, quiet_text
from bot.core.text.lists import told_apart
from bot.core.text.shortening import shorten
from bot.core.times.durations import format_duration
from bot.core.times.zone_words import kept_zone, zone_label, zone_name

# Characters of a filter where all of them are shown: twenty and the rest of a card fit then.
_LINE = 160
_LAYOUTS = {
    Layout.FULL: "full: a card with everything",
    Layout.COMPACT: "compact: one line with its link",
    Layout.LINK: "link: the link alone, with the platform's own preview",
    Layout.TEMPLATE: "template: as written below",
}
_THREADS = {
    Threading.NONE: "none: messages go straight into the channel",
    Threading.TWEET: "tweet: a thread for each tweet's conversation",
    Threading.DAY: "day: a thread for each day",
    Threading.ACCOUNT: "account: a thread for each account",
}
_SENSITIVE = {
    Sensitive.CHANNEL: "only in channels marked for them",
    Sensitive.ALWAYS: "always posted",
    Sensitive.NEVER: "never posted",
}
_DELETED = {
    Deleted.MARK: "the message is marked",
    Deleted.REMOVE: "the message is removed",
    Deleted.KEEP: "the message stays as it is",
}


def filter_words(one: Filter) -> str:
    """One filter, as a condition that events must meet."""
    match one:
        case Contains(words):
            return f"contains one of: {listed(told_apart(words), 8)}"
        case Quiet(words):
            return f"contains none of: {listed(told_apart(words), 8)}"
        case Matches(pattern):
            return f"matches {shorten(pattern, 120)}"
        case Has(parts):
            return f"has {' and '.join(parts)}"
        case Lacks(parts):
            return f"has no {' and no '.join(parts)}"
        case Languages(codes):
            return f"is in: {listed(codes, 12)}"
        case MinFollowers(followers):
            return f"its author has at least {plural(followers, 'follower')}"
        case NoReplies():
            return "is not a reply to somebody else"
        case _:
            assert_never(one)


QUOTED_TOO = "The filters also check quoted tweets."


def filter_lines(route: Route) -> tuple[str, ...]:
    """The filters in order, each with the number by which it can be removed."""
    return tuple(
        f"{number}. {shorten(filter_words(one), _LINE)}" for number, one in enumerate(route.filters, 1)
    )


def filter_fields(route: Route) -> tuple[Field, ...]:
    """The filters as fields: where they stand beside much else, renderers give each block its share."""
    return tuple(
        Field(f"Filter {number}", (shorten(filter_words(one), _LINE),), short=False)
        for number, one in enumerate(route.filters, 1)
    )


def sensitive_words(route: Route) -> str:
    """What becomes of tweets that X marks as possibly sensitive."""
    return _SENSITIVE[route.sensitive]


def look_fields(look: Appearance, now: float) -> tuple[Field, ...]:
    """How messages look: what is as usual is left out, but for the layout."""
    fields = [Field("Layout", (_LAYOUTS[look.layout],), short=False)]
    if look.layout is Layout.TEMPLATE:
        fields.append(Field("Template", (Code(shorten(look.template, 300)),), short=False))
    if look.threading is not Threading.NONE:
        fields.append(Field("Threads", (_THREADS[look.threading],), short=False))
    if look.pings:
        fields.append(Field("Notifies", _codes(look.pings), short=False))
    if look.tags:
        fields.append(Field("Forum tags", (listed(look.tags),)))
    if look.publish:
        fields.append(Field("Published", ("yes, to the channels that follow",)))
    if look.timezone != "UTC":
        fields.append(Field("Timezone", (zone_label(look.timezone, now),)))
    return tuple(fields)


def _codes(ids: tuple[str, ...]) -> Line:
    parts: list[str | Code] = []
    for one in ids:
        parts.extend([", ", Code(one)] if parts else [Code(one)])
    return tuple(parts)


def timing_fields(route: Route, now: float) -> tuple[Field, ...]:
    """When messages come, each with its next moment after `now` (epoch seconds)."""
    schedule = route.schedule
    fields: list[Field] = []
    if schedule.quiet is not None:
        fields.append(Field("Quiet hours", (_quiet(schedule, now),), short=False))
    if schedule.digest:
        fields.append(Field("As a list", (_digest(schedule, now),), short=False))
    if schedule.burst is not None:
        span = format_duration(timedelta(seconds=schedule.burst.seconds))
        text = f"more than {plural(schedule.burst.count, 'event')} in {span} become one list"
        fields.append(Field("Bursts", (text,), short=False))
    if schedule.per_hour is not None:
        text = f"at most {plural(schedule.per_hour, 'message')} an hour in each channel; the rest waits"
        fields.append(Field("Per hour", (text,), short=False))
    if schedule.per_day is not None:
        text = f"at most {plural(schedule.per_day, 'message')} a day in each channel; the rest is left out"
        fields.append(Field("Per day", (text,), short=False))
    if schedule.steady:
        fields.append(Field("When", ("each event at once",), short=False))
    if schedule.timezone != "UTC":
        fields.append(Field("Timezone", (zone_label(schedule.timezone, now),)))
    fields.append(Field("Late events", (missed_words(route.catch_up),), short=False))
    fields.append(Field("Deleted tweets", (_DELETED[route.deleted],), short=False))
    return tuple(fields)


def missed_words(policy: CatchUpPolicy) -> str:
    """How events that were missed and found later are posted."""
    match policy.policy:
        case MissedPolicy.ALL:
            return "each is posted"
        case MissedPolicy.LAST:
            return f"the last {policy.last:,} are posted, and the others counted"
        case MissedPolicy.DIGEST:
            return "they are posted as one list"
        case _:
            assert_never(policy.policy)


def _quiet(schedule: Schedule, now: float) -> str:
    hours = schedule.quiet
    if hours is None:
        return "none"
    text = f"{quiet_text(hours)} {zone_name(schedule.timezone)}, held and sent as one list"
    try:
        until = quiet_until(hours, schedule.timezone, now)
    except (TimingError, ValueError, KeyError, OSError):
        return text
    return text if until is None else f"{text}; quiet now, until {moment_text(until, schedule.timezone, now)}"


def _digest(schedule: Schedule, now: float) -> str:
    try:
        due = next_list(schedule.digest, schedule.timezone, now)
    except (TimingError, ValueError, KeyError, OSError, StopIteration):
        return digest_text(schedule.digest)
    return f"{digest_words(schedule.digest)}; next list: {moment_text(due, schedule.timezone, now)}"


def moment_text(at: float, timezone: str, now: float) -> str:
    """A moment on the wall clock of a timezone: "today 18:00 Europe/Berlin"."""
    zone = ZoneInfo(kept_zone(timezone))
    moment = datetime.fromtimestamp(at, UTC).astimezone(zone)
    days = (moment.date() - datetime.fromtimestamp(now, UTC).astimezone(zone).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or f"{moment:%A} {moment.day} {moment:%B}"
    return f"{day} {moment:%H:%M} {zone_name(timezone)}"
