"""The filters of templates. Pure; each takes the value left of the bar and its own arguments.

They are our own, and few, so that each is known to end quickly and to make nothing large: a text or a
list that would pass `MAX_TEXT` or `MAX_ITEMS` is refused before it is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from operator import add, floordiv, mul, sub
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from liquid.exceptions import LiquidValueError

from bot.core.messages.message import Message, msg
from bot.core.text.shortening import cut, shorten

MAX_TEXT = 4_000
MAX_ITEMS = 200
_LARGEST = 10**15
# So exact is what is reckoned: more digits than that a float does not hold, and shows others.
_DIGITS = 15
_PLACES = Decimal(1).scaleb(-10)
_DAY = "%Y-%m-%d"
_MINUTE = "%H:%M"
_FORMAT_LENGTH = 100
_DIRECTIVE = re.compile(r"%(-?)(.?)", re.DOTALL)
_DIRECTIVES = frozenset("aAbBdeHIjmMpSyYZz%")
# Years that a date can be shown in, as epoch seconds: 1970 to 9999.
_LATEST = 253_370_764_800.0


class Moment(msgspec.Struct, frozen=True):
    """A time in a template: shown as date and time of day in the zone of the route. at: epoch seconds."""

    at: float
    zone: ZoneInfo

    def __str__(self) -> str:
        return self.shown(f"{_DAY} {_MINUTE}")

    def shown(self, form: str) -> str:
        """By a format as of strftime: the directives a A b B d e H I j m M p S y Y Z z, and "-" after
        the percent sign for no leading zeros."""
        if len(form) > _FORMAT_LENGTH:
            raise _refused(msg("a date format is longer than {most} characters", most=_FORMAT_LENGTH))
        if not 0 <= self.at < _LATEST:
            return ""
        local = datetime.fromtimestamp(self.at, self.zone)
        return _DIRECTIVE.sub(lambda found: _part(local, found[1], found[2]), form)


def _part(local: datetime, bare: str, letter: str) -> str:
    if letter not in _DIRECTIVES or not letter:
        raise _refused(msg("{directive} cannot be used in a date format", directive=f"%{letter}"))
    if letter == "%":
        return "%"
    if letter == "e":
        return str(local.day)
    text = local.strftime(f"%{letter}")
    return (text.lstrip("0") or "0") if bare else text


def _date(value: object, form: object = _DAY) -> str:
    return value.shown(str(form)) if isinstance(value, Moment) else _text(value)


def _local_time(value: object, form: object = _MINUTE) -> str:
    return _date(value, form)


def _append(value: object, more: object) -> str:
    return _fits(_text(value) + _text(more))


def _prepend(value: object, more: object) -> str:
    return _fits(_text(more) + _text(value))


def _replace(value: object, old: object, new: object = "") -> str:
    text, wanted, instead = _text(value), _text(old), _text(new)
    if not wanted:
        return text
    if len(text) + text.count(wanted) * max(0, len(instead) - len(wanted)) > MAX_TEXT:
        raise _too_long()
    return text.replace(wanted, instead)


def _truncate(value: object, length: object = 50, end: object = "…") -> str:
    text, limit, mark = _text(value), int(_number(length)), _text(end)
    return text if len(text) <= limit else cut(text, max(limit, len(mark)), mark)


def _truncatewords(value: object, count: object = 15, end: object = "…") -> str:
    words, limit = _text(value).split(), max(1, int(_number(count)))
    return " ".join(words) if len(words) <= limit else " ".join(words[:limit]) + _text(end)


def _split(value: object, by: object) -> list[str]:
    parts = _text(value).split(_text(by), MAX_ITEMS) if _text(by) else [_text(value)]
    if len(parts) > MAX_ITEMS:
        raise _refused(msg("a list has more than {most} entries", most=MAX_ITEMS))
    return parts


def _join(value: object, by: object = " ") -> str:
    entries = [_text(entry) for entry in _list(value)]
    glue = _text(by)
    if sum(map(len, entries)) + len(glue) * len(entries) > MAX_TEXT:
        raise _too_long()
    return glue.join(entries)


def _default(value: object, other: object) -> object:
    return other if value is None or value is False or value in ("", []) else value


def _size(value: object) -> int:
    return len(value) if isinstance(value, list | dict) else len(_text(value))


def _first(value: object) -> object:
    return next(iter(_list(value)), None)


def _last(value: object) -> object:
    return next(reversed(_list(value)), None)


def _delimited(value: object) -> str:
    return "" if value is None else f"{_number(value):,}"


def _divided_by(value: object, by: object) -> int | float:
    if not _number(by):
        raise _refused(msg("a division by zero"))
    return _reckoned(value, by, lambda left, right: left / right, floordiv)


def _round(value: object, digits: object = 0) -> int | float:
    places = max(0, min(6, int(_number(digits))))
    exact = Decimal(str(_number(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _Figure(exact) if places else int(exact)


def _reckoned(
    value: object,
    other: object,
    how: Callable[[Decimal, Decimal], Decimal],
    whole: Callable[[int, int], int],
) -> int | float:
    """Reckoned as people do, in tens: 0.1 and 0.2 are 0.3. Whole numbers stay whole."""
    left, right = _number(value), _number(other)
    if isinstance(left, int) and isinstance(right, int):
        return _bounded(whole(left, right))
    return _figure(how(Decimal(str(left)), Decimal(str(right))))


class _Figure(float):
    """A number with a decimal point, shown as people write it: never as a power of ten."""

    def __str__(self) -> str:
        return format(Decimal(float.__repr__(self)), "f")


def _figure(exact: Decimal) -> _Figure:
    """With ten decimal places at most, and no more digits than can be trusted."""
    if abs(exact) > _LARGEST:
        raise _refused(msg("a number is too large"))
    rounded = exact.quantize(_PLACES, ROUND_HALF_UP)
    return _Figure(float(f"{rounded:.{_DIGITS}g}") + 0.0)  # there is no -0


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _join(value, "")
    return _fits(value if isinstance(value, str) else str(value))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _number(value: object) -> int | float:
    if value in (None, ""):
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 20:
        raise _refused(msg("a number is needed here"))
    try:
        return _bounded(int(value) if isinstance(value, int) else float(value))
    except ValueError:
        raise _refused(msg("a number is needed here")) from None


def _bounded(number: int | float) -> int | float:
    if not -_LARGEST <= number <= _LARGEST:
        raise _refused(msg("a number is too large"))
    return number


def _fits(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise _too_long()
    return text


def _too_long() -> LiquidValueError:
    return _refused(msg("a text would be longer than {most} characters", most=MAX_TEXT))


def _refused(why: Message) -> LiquidValueError:
    return LiquidValueError(why, token=None)


FILTERS: dict[str, Callable[..., object]] = {
    "append": _append,
    "capitalize": lambda value: _text(value)[:1].upper() + _text(value)[1:],
    "date": _date,
    "default": _default,
    "delimited": _delimited,
    "divided_by": _divided_by,
    "downcase": lambda value: _text(value).lower(),
    "first": _first,
    "join": _join,
    "last": _last,
    "local_time": _local_time,
    "minus": lambda value, less: _reckoned(value, less, sub, sub),
    "one_line": lambda value: shorten(_text(value), MAX_TEXT),
    "plus": lambda value, more: _reckoned(value, more, add, add),
    "prepend": _prepend,
    "remove": _replace,
    "replace": _replace,
    "round": _round,
    "size": _size,
    "split": _split,
    "strip": lambda value: _text(value).strip(),
    "times": lambda value, by: _reckoned(value, by, mul, mul),
    "truncate": _truncate,
    "truncatewords": _truncatewords,
    "upcase": lambda value: _text(value).upper(),
}

# How each is written, as a reminder to who wrote it otherwise.
EXAMPLES: dict[str, str] = {
    "append": "{{ text | append: '!' }}",
    "capitalize": "{{ kind | capitalize }}",
    "date": "{{ time | date: '%d.%m.%Y %H:%M' }}",
    "default": "{{ query | default: account }}",
    "delimited": "{{ likes | delimited }}",
    "divided_by": "{{ likes | divided_by: 2 }}",
    "downcase": "{{ kind | downcase }}",
    "first": "{{ links | first }}",
    "join": "{{ hashtags | join: ', ' }}",
    "last": "{{ links | last }}",
    "local_time": "{{ time | local_time: '%H:%M' }}",
    "minus": "{{ likes | minus: 1 }}",
    "one_line": "{{ text | one_line }}",
    "plus": "{{ likes | plus: reposts }}",
    "prepend": "{{ author.username | prepend: '@' }}",
    "remove": "{{ text | remove: 'RT ' }}",
    "replace": "{{ text | replace: 'old', 'new' }}",
    "round": "{{ likes | divided_by: 3 | round }}",
    "size": "{{ links | size }}",
    "split": "{{ text | split: ' ' }}",
    "strip": "{{ text | strip }}",
    "times": "{{ likes | times: 2 }}",
    "truncate": "{{ text | truncate: 80 }}",
    "truncatewords": "{{ text | truncatewords: 15 }}",
    "upcase": "{{ kind | upcase }}",
}
