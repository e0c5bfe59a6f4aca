"""Two processes of one installation on PostgreSQL: what begins in one goes on in the other, and what may be
once is done once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.app.wiring import App
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.commands.dispatch import InvocationOutcome
from bot.settings import Settings, StorageSection
from bot.storage.migrate import create
from bot.web.hooks import hook_route
from tests.conftest import PostgresServer
from tests.features.edge import Screen, ref_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, TWEET, BotHarness, open_house
from tests.relay.harness import deliver, event_body, make_hook

LOOK = "user show @nasa"


@dataclass
class Two:
    """Both processes of an installation: the same house, and the same people, by way of each."""

    one: BotHarness
    other: BotHarness

    async def both(self, line: str) -> tuple[Screen, Screen]:
        """The same line at the same moment."""
        first, second = await asyncio.gather(self.one.say(line), self.other.say(line))
        return first, second


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path, postgres: PostgresServer) -> AsyncIterator[Two]:
    """Each hears the other."""
    url = postgres.create()
    await create(url)

    def shared(settings: Settings) -> Settings:
        return settings.model_copy(update={"storage": StorageSection(url=url)})

    async with open_house(tmp_path, empty_bot, change=shared) as house:
        app = await App.open(house.settings, clock=house.clock, alone=False)
        app.add_platform(HERE.platform, house.wall, house.wall)
        listening = [asyncio.create_task(one.database.listen()) for one in (house.app, app)]
        try:
            yield Two(house, replace(house, app=app, _numbers=iter(range(1_000, 2_000))))  # type: ignore[arg-type]
        finally:
            for task in listening:
                task.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
            await app.stop()
            await app.close()
    postgres.drop(url)


async def _soon(look: object) -> None:
    """Until what one process did has come to the other: a second at the most, by what is promised."""
    until = time.monotonic() + 1.0
    while not await look() and time.monotonic() < until:  # type: ignore[operator]  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def test_a_right_that_one_takes_away_is_gone_in_the_other(two: Two) -> None:
    line = f'tweet reply {TWEET} "Hi"'
    assert (await two.other.say(line, MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    await two.one.say("policy grant publish to:user:ben")

    async def may() -> bool:
        return (await two.other.say(line, MEMBER)).outcome is not InvocationOutcome.NOT_PERMITTED

    await _soon(may)
    assert await may()
    await two.one.say("policy revoke publish to:user:ben")

    async def may_not() -> bool:
        return not await may()

    await _soon(may_not)
    assert not await may()


async def test_a_proposal_that_is_confirmed_in_both_at_once_is_carried_out_once(two: Two) -> None:
    for number in range(5):
        preview = await two.one.say(f'tweet post "Hello {number}"')
        ref = ref_of(preview.card, "Confirm")
        await asyncio.gather(two.one.press(ref), two.other.press(ref, actor=TEAM), two.other.press(ref))
        await two.one.app.executor.outcome(HERE, ref.key)
        assert (await two.one.state())["writes"] == {"create_tweet": number + 1}, await two.one.state()


async def test_a_preview_of_one_is_edited_and_cancelled_in_the_other(two: Two) -> None:
    preview = await two.one.say('tweet post "Hello"')
    form = await two.other.press(preview, "Edit")
    edited = await two.one.submit(form, text="Hello, all")
    assert "Hello, all" in words(edited.card)
    ended = await two.other.press(edited, "Cancel")
    assert "ancel" in words(ended.card)
    confirmed = await two.one.press(edited, "Confirm")
    assert (await two.one.state())["writes"] == {}, words(_shown(confirmed))


def _shown(screen: Screen) -> Card:
    found = screen.steps[-1][1]
    assert isinstance(found, Card | Reply)
    return found if isinstance(found, Card) else found.card


async def test_a_form_that_one_opened_is_submitted_in_the_other(two: Two) -> None:
    asked = await two.one.say("user show")
    assert asked.names == ["ask"]
    shown = await two.other.submit(asked, user="nasa")
    assert shown.outcome is InvocationOutcome.OK and "NASA" in words(shown.card)


async def test_the_pages_of_a_list_go_on_in_the_other(two: Two) -> None:
    first = await two.one.say("user followers @nasa")
    second = await two.other.press(first, "Next (up to 20 credits)")
    third = await two.one.press(second, "Next (up to 20 credits)")
    pages = [words(screen.card) for screen in (first, second, third)]
    assert len(set(pages)) == 3
    back = await two.other.press(third, "Back (up to 20 credits)")
    assert words(back.card).splitlines()[1] == pages[1].splitlines()[1]


async def test_a_budget_for_one_more_covers_one_of_two_at_once(two: Two) -> None:
    await two.one.say("credits budget 1")
    before = await two.one.credits()
    outcomes = [screen.outcome for screen in await two.both(LOOK)]
    assert sorted(one is InvocationOutcome.OK for one in outcomes if one) == [False, True]
    assert before - await two.one.credits() == 1


async def test_numbers_that_both_give_are_different(two: Two) -> None:
    saved = await asyncio.gather(
        *(
            way.say(f'draft save "Text {n} of {way is two.one}"')
            for n in range(5)
            for way in (two.one, two.other)
        )
    )
    assert len({words(screen.card) for screen in saved}) == 10
    listed = words((await two.other.say("draft list")).card)
    assert all(f"#{number}" in listed for number in range(1, 11))


async def test_what_one_saved_is_suggested_by_the_other_at_once(two: Two) -> None:
    async def offered(way: BotHarness) -> int:
        asked = way.invocation(ADMIN, HERE)
        return len(await way.app.dispatcher.suggest(asked, ("draft", "show"), "draft", ""))

    assert await offered(two.other) == 0
    await two.one.say('draft save "Hello"')
    assert await offered(two.other) == 1
    assert await offered(two.one) == 1


async def test_an_interaction_that_comes_to_both_is_claimed_once(two: Two) -> None:
    for number in range(20):
        claims = [way.app.claims.claim("slack.interaction", f"E{number}") for way in (two.one, two.other)]
        assert sorted(await asyncio.gather(*claims)) == [False, True]


def _client(app: App) -> httpx.AsyncClient:
    relay = app.relay
    site = Starlette(routes=[hook_route(relay.keys, relay.intake, relay.observer, app.clock)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://bot")


async def test_a_delivery_that_comes_to_both_is_stored_once(two: Two) -> None:
    path = await make_hook(two.one.app.relay, HERE, "hook-one")
    async with _client(two.one.app) as one, _client(two.other.app) as other:
        for number in range(5):
            body = event_body(number)
            answers = await asyncio.gather(deliver(one, path, body), deliver(other, path, body))
            assert sorted(answer.json()["status"] for answer in answers) == ["accepted", "duplicate"], answers
        # A nonce counts in both.
        assert (await deliver(one, path, event_body(10), nonce="a" * 32)).status_code == 200
        assert (await deliver(other, path, event_body(11), nonce="a" * 32)).status_code == 401


async def test_a_secret_that_one_replaced_signs_in_the_other_from_the_first_delivery_on(two: Two) -> None:
    two.one.app.database._told_changes.clear()
    two.other.app.database._told_changes.clear()  # as where nobody hears
    relay = two.one.app.relay
    path = await make_hook(relay, HERE, "hook-one")
    async with _client(two.other.app) as other:
        assert (await deliver(other, path, event_body(1))).status_code == 200
        two.other.app.relay.keys._sure.clear()  # a second later
        await make_hook(relay, HERE, "hook-one", "newer")
        assert (await deliver(other, path, event_body(2), secret="newer")).status_code == 200
        assert (await deliver(other, path, event_body(3))).status_code == 200
        assert (await deliver(other, path, event_body(4), secret="made up")).status_code == 401


async def test_a_hook_that_one_removed_takes_nothing_more_in_the_other(two: Two) -> None:
    relay = two.one.app.relay
    path = await make_hook(relay, HERE, "hook-one")
    async with _client(two.other.app) as other:
        assert (await deliver(other, path, event_body(1))).status_code == 200
        await relay.hook_secrets.forget(HERE, "hook-one")

        async def refused() -> bool:
            return "hook-one" not in two.other.app.relay.keys._known

        await _soon(refused)
        assert (await deliver(other, path, event_body(2))).status_code == 401
