"""Previews and outcomes of monitors and routes, typed and confirmed, are said whole in any language."""

from __future__ import annotations

from bot.core.chat.cards import Card
from bot.core.routes.events import KEYWORD_TYPES, MONITOR_TYPES
from tests.features.harness import BotHarness
from tests.i18n.strict import left_beyond_code, left_in_card

# Types of events, what is watched, who asks, and what permissions and settings are called.
VALUES = f"""{" ".join({*KEYWORD_TYPES, *MONITOR_TYPES})} nasa esa jaxa moon other missing_person UTC Ada
xquik_demo active English ada full none view private use spend publish manage https com xquik dashboard"""

SHOWN = (
    *(
        "monitor pause nasa",
        "relay list",
        "relay show r",
        "relay filter r",
        "relay status",
        "relay why @nasa",
    ),
    *("relay timing r", "relay preview r", "policy show", "account show", "credits show", "setup status"),
    *("monitor resume nasa", "relay edit r name:other", "relay remove other"),
    "monitor remove nasa",
)


async def test_what_starts_is_asked_for_and_told(house: BotHarness) -> None:
    for line in (
        "monitor add nasa",
        'monitor keyword "moon"',
        "relay add channel:#alerts account:nasa,esa keyword:moon name:r contains:moon has:media",
        "monitor resume nasa",
        "monitor list",
    ):
        asked = await house.say(line)
        assert left_beyond_code(asked, VALUES) == set(), line
        if line != "monitor list" and not asked.card.title.startswith("Already"):
            done = await house.confirm(asked)
            assert left_in_card(done, VALUES) == set(), line
    left = {line: left_beyond_code(await house.say(line), VALUES) for line in SHOWN}
    assert {line: words for line, words in left.items() if words} == {}


async def test_what_could_not_be_kept_is_told(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:r")
    asked = await house.say("relay edit r account:nasa,esa")
    house.clock.advance(5)
    await house.say("relay edit r name:other")
    assert _left(await house.confirm(asked)) == set()
    again = await house.say("relay edit other account:nasa,esa")
    await house.say("relay remove other")
    assert _left(await house.confirm(again)) == set()
    refused = await house.say("relay add channel:#alerts account:missing_person,jaxa")
    assert _left(await house.confirm(refused)) == set()


def _left(card: Card) -> set[str]:
    return left_in_card(card, VALUES)
