"""Days of the calendar in words. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.core.messages.message import Message, msg

WEEKDAYS: Final = (
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
)
"""As `date.weekday` counts them."""
_MONTHS: Final = (
    msg("January"),
    msg("February"),
    msg("March"),
    msg("April"),
    msg("May"),
    msg("June"),
    msg("July"),
    msg("August"),
    msg("September"),
    msg("October"),
    msg("November"),
    msg("December"),
)


def day_words(day: date) -> Message:
    """ "28 November 2026"."""
    return msg("{day} {month} {year}", day=str(day.day), month=_MONTHS[day.month - 1], year=str(day.year))


def weekday_words(day: date) -> Message:
    """ "Saturday, 28 November 2026"."""
    return msg("{weekday}, {day}", weekday=WEEKDAYS[day.weekday()], day=day_words(day))


def coming_day_words(day: date) -> Message:
    """ "Saturday 28 November"."""
    return msg(
        "{weekday} {day} {month}",
        weekday=WEEKDAYS[day.weekday()],
        day=str(day.day),
        month=_MONTHS[day.month - 1],
    )
