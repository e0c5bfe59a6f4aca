"""Patterns mean what people expect of them: delimiters, flags, bounds, digits and spaces of every script."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from bot.core.routes.conditions import ConditionError, checked
from bot.core.routes.filters import Matches
from bot.core.text import patterns
from bot.core.text.pattern_reading import alike


def stored(written: str) -> str:
    """The pattern as a route keeps it."""
    made = checked(Matches(written))
    assert isinstance(made, Matches)
    return made.pattern


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/launch/i", "(?i)launch"),
        ("/launch/", "launch"),
        ("/çekiliş/im", "(?im)çekiliş"),
        ("/発射/gu", "発射"),
        ("/إطلاق|landing/gi", "(?i)إطلاق|landing"),
        (r"/x\.com\/nasa/s", "(?s)x\\.com/nasa"),
        ("launch/landing", "launch/landing"),
        ("/launch", "/launch"),
        ("//", "//"),
        ("https://x.com/nasa", "https://x.com/nasa"),
        ("(?i)launch", "(?i)launch"),
    ],
)
def test_delimiters_and_flags_are_read(written: str, kept: str) -> None:
    assert stored(written) == kept
    assert stored(kept) == kept, "what is stored stays as it is"


@pytest.mark.parametrize("written", ["/launch/x", "/launch/iq", "/発射/Z", "/(?=a)/i", "/(a/i"])
def test_what_cannot_be_read_is_refused_with_a_word(written: str) -> None:
    with pytest.raises(ConditionError, match="cannot be used"):
        stored(written)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\d+$", "2026"),
        (r"^\d+$", "٢٠٢٦"),
        (r"^\d{2}:\d{2}$", "१०:३०"),
        (r"[\d]{4}", "２０２６"),
        (r"^[^\D]+$", "๒๕๖๙"),
        (r"^[[:digit:]]{2}$", "۱۲"),
        (r"T-\d", "T-৭"),
        ("٥", "5"),
        (r"打ち上げ\s成功", "打ち上げ\u3000成功"),
        (r"^10\s€$", "10\u00a0€"),
        (r"^\S+\s\S+$", "son\u202fdakika"),
        (r"^[\s]$", "\u2003"),
        (r"^[[:space:]]$", "\u2009"),
        (r"^ab{,2}c$", "abbc"),
        (r"^çb{,2}c$", "çc"),
        (r"^発{,3}射$", "発発射"),
        (r"^(?:हि){,2}$", "हिहि"),
        (r"\Qb{,2}\E", "b{,2}"),
        (r"[{,2}]", ","),
        (r"\{,2}", "{,2}"),
        (r"^[][:alpha:]{,2}]+$", "]{,2}"),
        (r"^\p{Nd}$", "٥"),
        (r"^\x{0665}$", "٥"),
        (r"^[^\x00-\x7f]$", "٥"),
        (r"\blaunch\b", "the launch!"),
        (r"\\bç", r"a\bç"),
        (r"^#\w+$", "#हिन्दी"),
        (r"^\w+ф$", "Графф"),
        (r"^\w+$", "打ち上げ"),
        (r"^@\w{1,15}$", "@İstanbul٤"),
        (r"^[\w-]+$", "größe-ñ"),
        (r"^\w+\W\w+$", "إطلاق،ناجح"),
        (r"^[^\w]+$", "“…” 🚀"),
        (r"^[\W]$", "、"),
        (r"^\w+…$", "söz…"),
        (r"^[^\w]+$", "❤️ 👨‍👩‍👧"),
        (r"^[À-ÿ]\W$", "é!"),
        (r"^\w{200}$", "a" * 200),
        (r"^[“\w]+$", "“söz"),
        (r"^\w+$", "é"),
        (r"\\w", r"a\w"),
    ],
)
def test_a_pattern_means_what_people_expect(pattern: str, text: str) -> None:
    patterns.check(pattern)
    assert patterns.found(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\D", "٢٠٢٦"),
        (r"^ab{,2}c$", "abbbc"),
        (r"ab{,2}c", "ab{,2}d"),
        (r"\S", "\u3000\u00a0"),
        (r"[^\d]", "१०"),
        (r"\d", "½"),
        (r"\w", "、。「」…“”🚀€×"),
        (r"\W", "गोल日本éя"),
        (r"[^\w]", "é"),
        (r"[\W]", "ğ"),
    ],
)
def test_a_pattern_finds_nothing_else(pattern: str, text: str) -> None:
    assert not patterns.found(pattern, text)


@pytest.mark.parametrize(
    "pattern", [r"\bçekiliş", r"çekiliş\b", r"\b発射\b", r"\bإطلاق", r"हिन्दी\b", r"\Bไทย"]
)
def test_a_boundary_that_is_not_seen_is_refused(pattern: str) -> None:
    with pytest.raises(ConditionError, match="leave it out"):
        stored(pattern)


def test_reading_costs_no_steps() -> None:
    assert patterns.steps(r"@\w{1,15}\W") < 300
    assert patterns.steps(r"\d{4}-\d{2}\s") == patterns.steps(r"[0-9]{4}-[0-9]{2}[\t\n\f\r ]")


def test_every_digit_that_unicode_knows_is_read_as_asciis() -> None:
    every = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) == "Nd"]
    assert len(every) > 600
    assert alike("".join(every)) == "".join(str(unicodedata.decimal(char)) for char in every)
