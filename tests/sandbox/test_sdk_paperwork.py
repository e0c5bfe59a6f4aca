"""The vendor's own SDK reads tickets, top-ups and the linked account of the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from x_twitter_scraper import AsyncXTwitterScraper, BadRequestError, NotFoundError

from bot.sandbox.server import RunningSandbox

from .conftest import control


@pytest.fixture
async def sdk(running: RunningSandbox) -> AsyncIterator[AsyncXTwitterScraper]:
    async with AsyncXTwitterScraper(
        api_key=running.api_key, base_url=running.base_url, max_retries=0
    ) as client:
        yield client


async def test_links_an_account_on_x(sdk: AsyncXTwitterScraper) -> None:
    assert (await sdk.account.set_x_username(username="@nasa")).x_username == "nasa"
    assert (await sdk.account.retrieve()).x_username == "nasa"
    with pytest.raises(BadRequestError):
        await sdk.account.set_x_username(username="no name")


async def test_sets_the_language_of_the_account(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    assert (await sdk.account.update_locale(locale="tr")).success is True
    key = running.sandbox.keys.get(running.api_key)
    assert key is not None and running.sandbox.credits.of(key.owner).locale == "tr"
    with pytest.raises(BadRequestError):
        await sdk.account.update_locale(locale="de")  # type: ignore[arg-type]
    assert (await sdk.account.retrieve()).plan == "active"


async def test_a_top_up_that_is_paid_is_in_the_balance(
    running: RunningSandbox, sdk: AsyncXTwitterScraper
) -> None:
    before = int((await sdk.credits.retrieve_balance()).balance)
    begun = await control(running, "/topups", dollars=25, status="paid")
    topup = await sdk.credits.retrieve_topup_status(session_id=begun["session"])
    assert (topup.status, topup.amount_dollars) == ("paid", 25)
    assert int((await sdk.credits.retrieve_balance()).balance) - before == int(topup.credits or 0) > 0
    with pytest.raises(NotFoundError):
        await sdk.credits.retrieve_topup_status(session_id="cs_other")


async def test_lists_and_reads_tickets(running: RunningSandbox, sdk: AsyncXTwitterScraper) -> None:
    said = [{"body": "Why?", "attachments": [{"filename": "a.png"}]}, {"body": "So", "sender": "support"}]
    older = await control(running, "/tickets", subject="Older", messages=said[:1])
    await control(running, "/clock", advance=5)
    newer = await control(running, "/tickets", subject="Newer", status="resolved", messages=said)
    listed = await sdk.support.tickets.list()
    assert [one.public_id for one in listed.tickets] == [newer["id"], older["id"]]
    assert [one.message_count for one in listed.tickets] == [2, 1]
    ticket = await sdk.support.tickets.retrieve(newer["id"])
    assert [one.sender for one in ticket.messages] == ["user", "support"]
    assert ticket.messages[0].attachments[0].filename == "a.png"
    with pytest.raises(NotFoundError):
        await sdk.support.tickets.retrieve("tkt_other")
