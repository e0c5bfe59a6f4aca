"""Lists and communities that were shown in a place are offered there by name."""

from __future__ import annotations

import pytest

from bot.core.access import Actor
from bot.core.chat.cards import Choice
from bot.core.chat.ids import TenantId
from tests.features.harness import ADMIN, ELSEWHERE, HERE, MEMBER, BotHarness


async def offered(
    house: BotHarness, line: str, typed: str = "", actor: Actor = ADMIN, tenant: TenantId = HERE
) -> list[Choice]:
    *path, option = line.split()
    invocation = house.invocation(actor, tenant)
    return list(await house.app.dispatcher.suggest(invocation, tuple(path), option, typed))


CASES = [
    ("list search space", "list members list", "list show", "https://x.com/i/lists/"),
    ("community find space", "community tweets community", "community show", "https://x.com/i/communities/"),
]


@pytest.mark.parametrize(("shows", "option", "opens", "link"), CASES)
async def test_what_was_shown_is_offered_here_after_a_restart_too(
    house: BotHarness, shows: str, option: str, opens: str, link: str
) -> None:
    assert await offered(house, option) == []
    await house.say(shows)
    await house.reopen()
    found = await offered(house, option)
    assert found and all(one.value.startswith(link) and one.label != one.value for one in found)
    (first, *_) = await offered(house, option, found[0].label[:6].lower())
    assert (await house.say(f"{opens} {first.value}")).names[-1] == "answer"
    assert await offered(house, option, actor=MEMBER) == [], "what the team looked at is the team's"
    other = (await house.control("keys", body={"credits": 10}))["key"]
    await house.give_key(ELSEWHERE, other)
    assert await offered(house, option, tenant=ELSEWHERE) == []


@pytest.mark.parametrize(
    "line", ["tweet post community", "tweet quote community", "community join community"]
)
async def test_a_community_that_was_opened_is_offered_where_one_is_posted_or_joined(
    house: BotHarness, line: str
) -> None:
    await house.say("community show https://x.com/i/communities/1490000000000000001")
    (one,) = await offered(house, line)
    assert one.value == "https://x.com/i/communities/1490000000000000001"


async def test_the_newest_stands_first_and_a_known_one_is_not_there_twice(house: BotHarness) -> None:
    await house.say("community find space")
    before = [one.value for one in await offered(house, "community show community")]
    await house.say(f"community show {before[-1]}")
    assert [one.value for one in await offered(house, "community show community")] == before
