"""`hook status|deliveries|test|resume`: the webhook that brings events here, and those beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from bot.core.commands.dispatch import InvocationOutcome
from bot.features.known import FRESH
from bot.sandbox.config import SenderRules
from tests.features.edge import field_of, rows_of, words
from tests.features.examples import a_webhook
from tests.features.harness import ELSEWHERE, HERE, QUIET, BotHarness, open_house
from tests.features.listing_asked import BUTTON
from tests.features.listing_asked import rows_of as listed
from tests.features.test_pickers import typed
from tests.relay.harness import until
from tests.sandbox.receiver import Receiver, receiving


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


async def ours(house: BotHarness, url: str) -> str:
    """The id of a webhook at Xquik that this place is known to have registered."""
    hook = await house.app.services.registrar.hook(HERE)
    webhook = await a_webhook(house, url)
    await house.app.services.relay.hooks.registered(hook.id, webhook, url)
    return webhook


async def test_status_says_how_events_come_and_names_the_others(
    house: BotHarness, receiver: Receiver
) -> None:
    nothing = (await house.say("hook")).card
    assert "No webhook at Xquik brings events here" in words(nothing) and "setup key" in words(nothing)
    mine = await ours(house, receiver.url)
    other = await a_webhook(house, "https://other.example/secret-path")
    card = (await house.say("hook status")).card
    assert field_of(card, "State") == "delivering"
    assert field_of(card, "Failures in a row") == "0 of 10"
    assert field_of(card, "Id") == mine
    assert rows_of(card) == [[other, "other.example", "delivering"]]
    assert "secret-path" not in words(card) and "/hook" not in words(card).replace("hook deliveries", "")


async def test_a_test_arrives_signed(house: BotHarness, receiver: Receiver) -> None:
    await ours(house, receiver.url)
    card = (await house.say("hook test")).card
    assert card.title == "The test was delivered" and field_of(card, "Answer") == "HTTP 200"
    [sent] = receiver.requests
    assert sent.headers["x-xquik-signature"].startswith("sha256=") and b"webhook.test" in sent.body


async def test_a_test_that_fails_says_what_was_answered(house: BotHarness, receiver: Receiver) -> None:
    receiver.status = 500
    await ours(house, receiver.url)
    card = (await house.say("hook test")).card
    assert card.title == "The test was not delivered" and field_of(card, "Answer") == "HTTP 500"
    assert "hook deliveries" in words(card)


async def test_what_is_switched_off_is_resumed_only_where_a_test_arrives(
    house: BotHarness, receiver: Receiver
) -> None:
    webhook = await ours(house, receiver.url)
    xquik = await house.app.services.xquik.of(HERE)
    await xquik.webhooks.update(webhook, is_active=False)
    refused = await house.say("hook test")
    assert "switched off" in words(refused.failure) and "hook resume" in words(refused.failure)
    assert field_of((await house.say("hook status")).card, "State") == "switched off"
    receiver.status = 503
    still = (await house.say("hook resume")).card
    assert still.title == "The webhook stays off" and "503" in field_of(still, "Error")
    receiver.status = 200
    assert (await house.say("hook resume")).card.title == "The webhook is on again"
    assert field_of((await house.say("hook status")).card, "State") == "delivering"
    again = (await house.say("hook resume")).card
    assert again.title == "The webhook was on already; the test was delivered"
    receiver.status = 503
    assert (await house.say("hook resume")).card.title == "The test was not delivered"


async def test_deliveries_in_their_four_states_with_attempts_and_errors(
    house: BotHarness, receiver: Receiver
) -> None:
    await ours(house, receiver.url)
    assert "Nothing was delivered there yet" in words((await house.say("hook deliveries")).card)
    await house.done("monitor add nasa")
    receiver.answers.extend([(200, {}), (410, {})])
    for count in (1, 2):
        await house.control("emit", body={"username": "nasa", "type": "tweet.new"})
        await receiver.wait_for(count)
    rows = await eventually(house, "refused")
    assert [row[1] for row in rows] == ["refused", "delivered"]
    assert rows[0][2] == "1" and "410" in rows[0][4]


async def eventually(house: BotHarness, state: str) -> list[list[str]]:
    """The deliveries once the newest is in that state: the answer was given before it is written down."""

    async def there() -> bool:
        return rows_of((await house.say("hook deliveries")).card)[0][1] == state

    await until(there)
    return rows_of((await house.say("hook deliveries")).card)


async def test_deliveries_are_paged_and_a_file(house: BotHarness, receiver: Receiver) -> None:
    await ours(house, receiver.url)
    await house.done("monitor add nasa")
    for _ in range(13):
        await house.control("emit", body={"username": "nasa", "type": "tweet.new"})
    await receiver.wait_for(13)
    first = await house.say("hook deliveries")
    assert len(rows_of(first.card)) == 10
    assert len(rows_of((await house.press(first, "Next")).card)) == 3
    given = await house.submit(await house.press(first, BUTTON), format="csv")
    rows = listed(given.reply.files[0].content)
    assert len(rows) == 13 and {row["status"] for row in rows} <= {"delivered", "pending"}


async def test_where_nothing_is_registered_and_where_it_is_not_clear_which(house: BotHarness) -> None:
    nothing = await house.say("hook test")
    assert nothing.failure.title == "Not found" and "setup key" in words(nothing.failure)
    one = await a_webhook(house)
    assert (await house.say("hook deliveries")).outcome is InvocationOutcome.OK, "there is no other"
    await a_webhook(house, "https://other.example/x")
    unclear = await house.say("hook deliveries")
    assert "Name one of the others" in words(unclear.failure)
    assert (await house.say(f"hook deliveries {one}")).outcome is InvocationOutcome.OK
    wrong = await house.say("hook deliveries 999")
    assert "'999'" in words(wrong.failure) and "hook status" in words(wrong.failure)


async def test_a_webhook_of_another_account_cannot_be_named(house: BotHarness) -> None:
    webhook = await a_webhook(house)
    other = await house.control("keys")
    await house.give_key(ELSEWHERE, other["key"])
    for line in (f"hook deliveries {webhook}", f"hook test {webhook}", f"hook resume {webhook}"):
        assert (await house.say(line, tenant=ELSEWHERE)).failure.title == "Not found"


async def test_a_needy_webhook_is_a_warning(tmp_path: Path, empty_bot: Path, receiver: Receiver) -> None:
    receiver.status = 500
    rules = replace(QUIET, sender=SenderRules(max_attempts=2, first_backoff=0.01, failure_cap=1))
    async with open_house(tmp_path, empty_bot, config=rules) as house:
        await ours(house, receiver.url)
        await house.done("monitor add nasa")
        await house.control("emit", body={"username": "nasa", "type": "tweet.new"})
        await receiver.wait_for(2)
        rows = await eventually(house, "given up")
        assert rows[0][2] == "2"
        card = (await house.say("hook status")).card
        assert card.tone == "warning" and field_of(card, "State") == "failing; Xquik goes on trying"


async def test_webhooks_are_offered_by_their_hosts(house: BotHarness) -> None:
    webhook = await a_webhook(house, "https://other.example/secret-path")
    house.clock.advance(FRESH + 1)
    offered = await typed(house, "hook test webhook")
    assert [(one.value, one.label) for one in offered] == [(webhook, f"{webhook} · other.example")]
