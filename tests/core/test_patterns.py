"""Regular expressions that people write: what one may cost, whatever it is held against."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.core.routes.filtering import searches
from bot.core.routes.filters import Contains, Has, Matches
from bot.core.text import patterns

_ADVERSE = "ab" * 20_000


def _held() -> float:
    """Resident memory of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.parametrize(
    "usual",
    [
        r"(?i)artemis [iv]+",
        r"\b(launch|landing|lift ?off|orbit|docking)\b",
        r"https?://[^\s]{1,100}",
        r"\pL+",
        "é" * patterns.LONGEST,
        "|".join(["some words"] * 45),
    ],
)
def test_what_people_write_can_be_used(usual: str) -> None:
    """Also where it is as long as it may be, or names whole classes of letters."""
    patterns.check(usual)
    assert 1 <= patterns.steps(usual) <= patterns.LARGEST


@pytest.mark.parametrize(
    "short", ["(?:[ab]?){900}[ab]{900}z", "(?:(?:a?){30}){30}[ab]{300}z", "(?:.{0,100}a){9}z"]
)
def test_a_short_pattern_that_stands_for_a_huge_one_is_refused(short: str) -> None:
    """What counts is what it is written out to, and the refusal says so."""
    with pytest.raises(patterns.PatternError, match=r"written out|too large"):
        patterns.check(short)
    with pytest.raises(patterns.PatternError):
        patterns.found(short, "a")


def test_the_slowest_pattern_takes_a_fraction_of_a_second() -> None:
    """Where RE2 has to follow every way at once: its time is that of the pattern times that of the text."""
    slowest = "(?:[ab]?){480}[ab]{480}z"
    patterns.check(slowest)
    assert patterns.steps(slowest) > 0.9 * patterns.LARGEST
    began = time.perf_counter()
    assert not patterns.found(slowest, _ADVERSE)
    assert time.perf_counter() - began < 1.0


def test_no_more_of_a_text_is_looked_at_than_is_said() -> None:
    """A match inside is found, one behind it is not."""
    assert patterns.found("z$|zb", "a" * (patterns.LOOKED_AT - 2) + "zb" + "c" * 100)
    assert not patterns.found("z", "a" * patterns.LOOKED_AT + "z")


def test_thousands_of_patterns_are_remembered_in_bounded_memory() -> None:
    """Each of them made to need as much as it can get."""
    before = _held()
    for number in range(1_500):
        patterns.found(f"(?:a|b)*a(?:a|b){{{20 + number % 30}}}x{number}", _ADVERSE[:1_000] + "c")
    assert _held() - before < 150


def test_a_pattern_counts_as_what_it_can_cost() -> None:
    """So a tenant may have hundreds of usual ones, and few that are made to be slow."""
    words, usual, slow = Contains(("a", "b")), Matches("(?i)artemis"), Matches("(?:[ab]?){480}[ab]{480}z")
    assert searches((words, Has(("media",)))) == 2
    assert searches((usual, words)) == 52
    assert searches((slow,)) == patterns.steps(slow.pattern) > 1_000
    assert searches((Matches("("),)) == 50
