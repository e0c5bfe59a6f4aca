"""What a draw is paid for can be met: its filters pass the checks that every stored value passes."""

from __future__ import annotations

import pytest

from bot.core.commands.declaring import OptionKind
from bot.core.commands.price_list import DRAW
from bot.features.catalogue import catalogue
from tests.features.edge import words
from tests.features.harness import TWEET, BotHarness


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("language:english", "language en"),
        ("language:EN", "language en"),
        ("language:İngilizce", "language en"),
        ("language:日本語", "language ja"),
        ("language:العربية", "language ar"),
        ("language:pt-BR", "language pt"),
        ("language:Hebrew", "language iw"),
        ("hashtags:giveaway,#Giveaway,＃win", "has #giveaway, #win"),
        ("hashtags:#çekiliş", "has #çekiliş"),
        ('hashtags:"#two tags"', "has #two, #tags"),
        ("hashtags:हिन्दी,#مسابقة", "has #हिन्दी, #مسابقة"),
        ("hashtags:プレゼント", "has #プレゼント"),
        ("mentions:@NASA,https://x.com/nasa,esa", "@nasa, @esa"),
        ('keywords:"son dakika","SON DAKİKA"', "says son dakika\n"),
        ("keywords:取った,เข้าร่วม", "取った"),
    ],
)
async def test_a_filter_is_read_as_people_write_it(house: BotHarness, given: str, said: str) -> None:
    screen = await house.say(f"draw run {TWEET} {given}")
    assert screen.card.title == "Run this draw?", words(screen.card)
    assert said in words(screen.card)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("language:englsh", "did you mean English (en)"),
        ("language:klingon", "not a language that X knows"),
        ("language:ภาษา", "not a language that X knows"),
        ("hashtags:#2026", "X does not make a hashtag of '#2026'"),
        ("hashtags:##win", "X does not make a hashtag"),
        ("hashtags:win!", "did you mean #win?"),
        ("hashtags:#", "X does not make a hashtag"),
        ("hashtags:çekiliş-2", "did you mean #çekiliş?"),
        ("hashtags:हिन्दी।", "did you mean #हिन्दी?"),
        (f"hashtags:{'x' * 101}", "a hashtag can have at most 100"),
        ("mentions:@name-with-dash", "mentions"),
        ("mentions:अनुवाद", "1 to 15 letters"),
        ("mentions:abcdefghijklmnopqrstu", "1 to 15 letters"),
        ("must_follow:मेरा", "1 to 15 letters"),
        (f"keywords:{'x' * 101}", "at most 100"),
        ("keywords:launch*", "leave the * out"),
        ("keywords:*発射*", "leave the * out"),
        ("min_followers:2000000000", "min_followers"),
        ("min_followers:-1", "min_followers"),
        ("account_age:9999", "X itself is"),
        ("winners:0", "winners"),
    ],
)
async def test_a_filter_that_nobody_can_meet_is_refused_before_it_costs(
    house: BotHarness, given: str, said: str
) -> None:
    before = await house.credits()
    screen = await house.say(f"draw run {TWEET} {given}")
    assert said in words(screen.failure)
    assert await house.credits() == before, "not even the tweet was read"


async def test_a_language_by_its_name_finds_who_wrote_in_it(house: BotHarness) -> None:
    by_name = await house.confirm(await house.say(f"draw run {TWEET} language:english"))
    by_code = await house.confirm(await house.say(f"draw run {TWEET} language:en"))
    assert by_name.title == by_code.title == "Draw result"
    assert "winner" in words(by_name)


# Every text that is stored or paid for to find tweets by, and which check it passes. An option of a command
# that is named like one of these has to stand here.
_BY_CHECK = {
    "usernames": {
        ("draw run", "must_follow"),
        ("draw run", "mentions"),
        ("monitor add", "account"),
        ("relay add", "account"),
        ("relay edit", "account"),
        ("relay preview", "account"),
    },
    "languages": {
        ("draw run", "language"),
        ("relay add", "language"),
        ("relay filter", "language"),
        ("relay preview", "language"),
    },
    "searches": {
        ("monitor keyword", "query"),
        ("relay add", "keyword"),
        ("relay edit", "keyword"),
        ("relay preview", "keyword"),
    },
    "patterns": {("relay add", "matches"), ("relay filter", "matches"), ("relay preview", "matches")},
    "words": {
        ("draw run", "keywords"),
        ("draw run", "hashtags"),
        *((f"relay {verb}", name) for verb in ("add", "filter", "preview") for name in ("contains", "quiet")),
    },
    "numbers": {
        ("draw run", "min_followers"),
        ("draw run", "account_age"),
        ("relay add", "min_followers"),
        ("relay filter", "min_followers"),
        ("relay preview", "min_followers"),
    },
}
_NAMES = {option for entries in _BY_CHECK.values() for _, option in entries}
_STORING = {command for entries in _BY_CHECK.values() for command, _ in entries}


def test_every_value_to_find_by_is_listed_with_its_check() -> None:
    there = {
        (command.name, parameter.name): parameter
        for command in catalogue()
        for parameter in command.parameters
        if parameter.name in _NAMES and command.name in _STORING
    }
    listed = {entry for entries in _BY_CHECK.values() for entry in entries}
    assert set(there) == listed
    assert all(there[entry].kind is OptionKind.USERNAME for entry in _BY_CHECK["usernames"])
    assert all(
        (there[entry].code, there[entry].max_length) == ("query", 512) for entry in _BY_CHECK["searches"]
    )
    assert all(there[entry].code == "pattern" for entry in _BY_CHECK["patterns"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("language:englsh", "did you mean English (en)"),
        (f"keyword:{'x' * 513}", "the limit is 512"),
        ("min_followers:2000000000", "out of range"),
        ("account:@name-with-dash", "account"),
        (f"contains:{'x' * 101}", "at most 100"),
        ('matches:"(a"', "missing )"),
    ],
)
async def test_a_route_passes_the_same_checks(house: BotHarness, given: str, said: str) -> None:
    screen = await house.done(f"relay add channel:#alerts {given}")
    assert said in words(screen.failure)


@pytest.mark.parametrize(
    ("replies", "reposters", "most"),
    [(120, 131, 251), (0, 0, 0), (5, 0, 5), (0, 7, 7), (100, 250, 350)],
)
def test_the_estimate_counts_replies_and_reposters(replies: int, reposters: int, most: int) -> None:
    assert (DRAW.of(replies + reposters), DRAW.at_most) == (most, True)
