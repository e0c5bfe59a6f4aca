"""Numbers as people write them: 1500, 1,500, 10k, 1.5k, 2M, ١٥٠٠, 3万, 5 lakh. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from bot.core.messages.message import Message, msg
from bot.core.text.shortening import cut

_TIMES: Final = {
    "": 1,
    **dict.fromkeys(("k", "thousand", "tsd", "bin", "ألف", "हज़ार", "हजार", "千", "พัน"), 1_000),
    **dict.fromkeys(("万", "萬", "หมื่น"), 10_000),
    **dict.fromkeys(("lakh", "लाख", "แสน"), 100_000),
    **dict.fromkeys(("m", "mio", "mn", "million", "milyon", "مليون", "ล้าน"), 1_000_000),
    **dict.fromkeys(("crore", "करोड़"), 10_000_000),
    **dict.fromkeys(("億", "亿"), 100_000_000),
    **dict.fromkeys(("b", "bn", "billion"), 1_000_000_000),
}
_SIZES: Final = {unicodedata.normalize("NFKC", word).casefold(): times for word, times in _TIMES.items()}
_PARTS: Final = re.compile(r"([+-]?)(\d[\d.,' _\u00a0\u202f\u2009’]*)(.*)", re.DOTALL | re.ASCII)
_GROUPED: Final = re.compile(r"\d{1,3}(?:([,.' _\u00a0\u202f\u2009’])\d{3})(?:\1\d{3})*", re.ASCII)
_INDIAN: Final = re.compile(r"(?<![\d,])\d{1,2}(?:,\d{2}){1,6},\d{3}", re.ASCII)
_DECIMAL: Final = re.compile(r"\d{1,40}(?:[.,]\d{1,9})?", re.ASCII)
_LONGEST: Final = 40
_TOO_LARGE: Final = 10**15


class TwoReadings(ValueError):
    """A number that can be one or another; the message names both."""


class TooLarge(ValueError):
    """A whole number that is larger than any that is read; the message says how large they are."""


def ascii_digits(text: str) -> str:
    """The text with the digits of every script, and the marks between them, as 0 to 9 and , ."""
    if text.isascii():
        return text
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char in "٬،，":
        return ","
    if char in "٫．":
        return "."
    number = unicodedata.decimal(char, None)
    return char if number is None else str(number)


def whole_number(text: str) -> int:
    """The whole number in `text`; ValueError says what is wrong, and both readings of one that has two."""
    plain = ascii_digits(text.strip())
    shown = cut(text.strip(), _LONGEST)
    found = _PARTS.fullmatch(plain) if len(plain) <= _LONGEST else None
    size = None if found is None else _SIZES.get(unicodedata.normalize("NFKC", found[3].strip()).casefold())
    if found is None or size is None:
        raise ValueError(msg("{shown} is not a whole number", shown=repr(shown)))
    sign, digits = -1 if found[1] == "-" else 1, found[2].strip()
    value = _value(digits, size, shown) * size
    if value >= _TOO_LARGE:
        raise TooLarge(
            msg("{shown} is too large; write {most} at most", shown=repr(shown), most=_TOO_LARGE - 1)
        )
    if value != value.to_integral_value():
        raise ValueError(msg("{shown} is not a whole number", shown=repr(shown)))
    return sign * int(value)


def out_of_range(number: str, low: int | None, high: int | None) -> Message:
    """That a number is not from the lowest to the highest that is taken; None where there is no such."""
    least, most = str(low), str(high)
    if high is None:
        return msg("{number} is out of range; it must be at least {least}", number=number, least=least)
    if low is None:
        return msg("{number} is out of range; it must be at most {most}", number=number, most=most)
    return msg(
        "{number} is out of range; it must be from {least} to {most}", number=number, least=least, most=most
    )


def _value(digits: str, size: int, shown: str) -> Decimal:
    grouped = _GROUPED.fullmatch(digits)
    if grouped is not None and _two_readings(digits, size):
        whole = int(re.sub(r"\D", "", digits)) * size
        part = Decimal(digits.replace(",", ".")) * size
        small = f"{part.normalize():f}"
        raise TwoReadings(
            msg(
                "{shown} can be {grouped} or {small}; write {whole} or {small}, without a mark",
                shown=repr(shown),
                grouped=whole,
                whole=str(whole),
                small=small,
            )
        )
    if grouped is not None or _INDIAN.fullmatch(digits):
        return Decimal(re.sub(r"\D", "", digits))
    if _DECIMAL.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    raise ValueError(msg("{shown} is not a whole number", shown=repr(shown)))


def _two_readings(digits: str, size: int) -> bool:
    """Whether one mark can part thousands or a fraction: 1.000 always; 1,500 only before a k, since that is
    how the bot writes thousands itself."""
    marks = re.sub(r"\d", "", digits)
    return marks == "." or (marks == "," and size > 1)
