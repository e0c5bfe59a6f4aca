"""A channel on Discord that falls quiet: said once, why for those who may know, and once when it goes on."""

from __future__ import annotations

import pytest

from tests.doubles.discord import Member, Message
from tests.journeys.discord.place import Place
from tests.journeys.run.events import emit, tweet

pytestmark = pytest.mark.asyncio(loop_scope="module")


def now(place: Place) -> None:
    """Have the watch look before its minute is over."""
    place.bot.app.ingest.rounds.soon(place.tenant)


async def _watching(shared: Place) -> tuple[Place, str]:
    key = await shared.vendors.new_key()
    place = await shared.elsewhere(key)
    await place.watch()
    await (await place.run("relay add", {"channel": ("#alerts",), "account": ("nasa",)})).wait_for_answer()
    await emit(place.vendors, key, tweet(1))
    await place.alerts.wait_for_messages(1)
    return place, key


async def _said(place: Place, count: int) -> Message:
    now(place)
    return (await place.alerts.wait_for_messages(count))[count - 1]


async def _why(place: Place, quiet: Message, who: Member) -> str:
    """What the person alone reads."""
    pressed = await place.press(quiet, "Why?", who)
    await pressed.wait_for(lambda ix: ix.text)
    assert all(message.ephemeral for message in pressed.messages)
    return pressed.text


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("insufficient_credits", "credits are used up"),
        ("x_account_protected", "protected on X"),
        ("x_user_not_found", "not on X any more"),
    ],
)
async def test_a_stopped_monitor(shared: Place, reason: str, cause: str) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control("monitors", key=key, username="nasa", reason=reason)
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.text and "@nasa" in quiet.text
    assert cause not in quiet.text and "25,0" not in quiet.text and "24,9" not in quiet.text
    assert cause not in await _why(place, quiet, place.ben)
    assert cause in await _why(place, quiet, place.ada)
    await shared.vendors.control("monitors", key=key, username="nasa", active=True)
    over = await _said(place, 3)
    assert "again" in over.text and "@nasa" in over.text
    assert len(place.alerts.messages) == 3


async def test_a_revoked_key(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control(f"keys/{key}", "DELETE")
    quiet = await _said(place, 2)
    assert "Quiet since" in quiet.text and "key" not in quiet.text
    assert "refuses the stored key" in await _why(place, quiet, place.ada)


async def test_credits_that_run_out_soon_are_in_the_status_and_in_no_channel(shared: Place) -> None:
    place, key = await _watching(shared)
    await shared.vendors.control("credits", key=key, balance=30 * 24 * 9)
    now(place)
    direct = shared.server.dm(place.ada.user)
    (told,) = await direct.wait_for_messages(1)
    assert "about 9 days" in told.text
    answer = await (await place.run("relay status")).wait_for_answer()
    assert "about 9 days" in answer.text
    assert len(place.alerts.messages) == 1
