"""Who stops watching is told which routes get nothing from then on."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import words
from tests.features.harness import BotHarness

NOTHING = "now get"


@pytest.mark.parametrize(
    ("before", "line", "quiet"),
    [
        (["relay add channel:#alerts account:nasa name:uzay"], "monitor pause nasa", ["uzay"]),
        (["relay add channel:#alerts account:nasa name:宇宙"], "monitor remove @NASA", ["宇宙"]),
        (["relay add channel:#alerts account:nasa,esa name:both"], "monitor pause nasa", []),
        (
            ["relay add channel:#alerts account:nasa,esa name:both", "monitor pause esa"],
            "monitor remove nasa",
            ["both"],
        ),
        (["relay add channel:#alerts name:all"], "monitor remove nasa", []),
        (
            ["relay add channel:#alerts name:all", "monitor remove esa", 'monitor pause "ay tutulması"'],
            "monitor remove nasa",
            ["all"],
        ),
        (
            [
                "relay add channel:#alerts account:nasa name:अंतरिक्ष",
                "relay add channel:#social account:nasa name:uzay",
                "relay add channel:#general account:esa name:other",
            ],
            "monitor pause nasa",
            ["अंतरिक्ष", "uzay"],
        ),
        (["relay add channel:#alerts keyword:“ay tutulması” name:ay"], "monitor remove ay tutulması", ["ay"]),
        (
            ["relay add channel:#alerts account:nasa name:uzay", "relay pause uzay"],
            "monitor pause nasa",
            [],
        ),
    ],
)
async def test_the_routes_that_get_nothing_now_are_named(
    house: BotHarness, before: list[str], line: str, quiet: list[str]
) -> None:
    for watch in ("monitor add nasa", "monitor add esa", 'monitor keyword "ay tutulması"'):
        await house.done(watch)
    for one in before:
        await house.done(f"{one} watch:no" if one.startswith("relay add") else one)
    said = words((await house.say(line)).card)
    assert (NOTHING in said) == bool(quiet)
    if quiet:
        told = said.partition(NOTHING)[2].partition(": ")[2].partition(".")[0]
        assert told == " and ".join(quiet)


async def test_many_routes_are_counted(house: BotHarness) -> None:
    await house.done("monitor add nasa")
    for number in range(12):
        await house.done(f"relay add channel:#alerts account:nasa name:r{number} watch:no")
    said = words((await house.say("monitor pause nasa")).card)
    assert "These routes now get nothing: r0, r1" in said and "r9 and 2 more." in said and "r10" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nsaa", "Did you mean 'nasa'?"),
        ("@NASSA", "Did you mean 'nasa'?"),
        ("ay tutulmsı", "Did you mean 'ay tutulması'?"),
        ("日食速", "Did you mean '日食速報'?"),
        ("nasa evnets:tweet.new", "'evnets:tweet.new' behind 'nasa' is no option"),
        ("ay tutulması olay:x", "'olay:x' behind 'ay tutulması' is no option"),
    ],
)
async def test_what_is_not_watched_leads_to_what_is(house: BotHarness, typed: str, said: str) -> None:
    for watch in ("monitor add nasa", 'monitor keyword "ay tutulması"', "monitor keyword 日食速報"):
        await house.done(watch)
    for verb in ("pause", "resume", "remove"):
        screen = await house.say(f"monitor {verb} {typed}")
        assert screen.outcome is not InvocationOutcome.OK
        assert said in words(screen.failure)
