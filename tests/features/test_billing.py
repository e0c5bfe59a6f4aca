"""Top-ups and plans: pages on which is paid, seen by one person, followed to their end."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cards.billing import is_page
from bot.core.chat.answers import Audience
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.proposal_states import ProposalState
from bot.proposals.billing import FOLLOWED_FOR, LOOK_EVERY
from bot.storage.tables import deliveries
from bot.xquik.models import Checkout
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, TEAM, BotHarness


async def begun(house: BotHarness, dollars: int = 25) -> str:
    """The session of a checkout that was confirmed."""
    card = await house.confirm(await house.say(f"credits topup {dollars}"))
    (button,) = card.buttons
    assert card.title == "Checkout ready" and button.url is not None
    return Checkout(url=button.url).session


async def waiting(house: BotHarness) -> list[str]:
    """The direct messages about top-ups in the outbox."""
    query = select(deliveries.c.card).where(deliveries.c.dedup_key.like("b:%"))

    async def work(connection: AsyncConnection) -> list[str]:
        return [str(card) for card in (await connection.execute(query)).scalars()]

    return await house.app.database.read(work)


async def test_nothing_is_asked_for_before_confirm_and_nothing_paid_by_it(house: BotHarness) -> None:
    before = await house.credits()
    preview = await house.say("credits topup 25")
    assert field_of(preview.card, "Amount") == "$25" and "Costs no credits." in words(preview.card)
    assert (await house.state())["topups"] == 0
    session = await begun(house)
    assert (await house.state())["topups"] == 1 and await house.credits() == before
    standing = await house.app.services.topups.open_of(HERE)
    assert standing is not None and (standing.session, standing.dollars) == (session, 25)


@pytest.mark.parametrize("given", ["9", "0", "-5", "12.50", "10001", "ten"])
async def test_what_is_no_whole_amount_from_ten_is_refused(house: BotHarness, given: str) -> None:
    wrong = await house.say(f"credits topup dollars:{given}")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD and (await house.state())["topups"] == 0


async def test_while_one_is_open_it_is_shown_and_no_other_is_offered(house: BotHarness) -> None:
    session = await begun(house)
    await house.reopen()
    again = await house.say("credits topup 50")
    assert again.card.title == "A top-up is open" and "$25" in words(again.card)
    assert session in (again.card.buttons[0].url or "") and (await house.state())["topups"] == 1
    await house.control("topups", body={"session": session, "status": "expired"})
    assert ref_of((await house.say("credits topup 50")).card, "Confirm")


async def test_another_place_has_checkouts_of_its_own(house: BotHarness) -> None:
    await begun(house)
    await house.give_key(ELSEWHERE, (await house.control("keys"))["key"])
    assert ref_of((await house.say("credits topup 25", tenant=ELSEWHERE)).card, "Confirm")


@pytest.mark.parametrize("status", ["paid", "failed", "expired"])
async def test_how_it_ended_is_told_once_to_who_confirmed_it(house: BotHarness, status: str) -> None:
    session = await begun(house)
    following = house.app.services.following
    house.clock.advance(LOOK_EVERY + 1)
    await following.look()
    await house.control("topups", body={"session": session, "status": status})
    await following.look()  # not due yet: it was looked at a moment ago
    assert await house.app.services.topups.open_of(HERE) is not None
    house.clock.advance(3600.0)
    await house.reopen()
    for _ in range(2):
        await house.app.services.following.look()
    assert await house.app.services.topups.open_of(HERE) is None
    queued = await waiting(house)
    assert len(queued) == 1 and "Top-up" in queued[0] and '"dollars":25' in queued[0]


async def test_one_that_never_ends_is_given_up_silently(house: BotHarness) -> None:
    await begun(house)
    house.clock.advance(FOLLOWED_FOR + 1)
    await house.app.services.following.look()
    assert await house.app.services.topups.open_of(HERE) is None and not await waiting(house)


async def test_a_top_up_under_way_elsewhere_is_told_as_that(house: BotHarness) -> None:
    preview = await house.say("credits topup 25")
    rule = {"method": "POST", "path": "/credits/topup", "status": 409, "code": "topup_in_progress"}
    await house.fault(**rule, times=1)
    outcome = await house.confirm(preview)
    assert outcome.title == "No checkout was made" and "already under way" in words(outcome)


async def test_after_a_lost_answer_a_top_up_under_way_may_be_that_one(house: BotHarness) -> None:
    preview = await house.say("credits topup 25")
    await house.fault(method="POST", path="/credits/topup", answer_lost=True, times=1)
    await house.press(preview, "Confirm")
    rule = {"method": "POST", "path": "/credits/topup", "status": 409, "code": "topup_in_progress"}
    await house.fault(**rule, times=1)
    house.clock.advance(60.0)
    await house.app.executor.sweep()
    key = ref_of(preview.card, "Confirm").key
    await house.app.executor.outcome(HERE, key)
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None and stored.state is ProposalState.UNKNOWN


async def test_a_link_to_a_plan_is_made_after_confirm(house: BotHarness) -> None:
    preview = await house.say("subscribe link pro")
    assert field_of(preview.card, "Plan") == "Pro" and await house.requests("/subscribe") == 0
    outcome = await house.confirm(preview)
    assert (outcome.buttons[0].url or "").endswith("/billing/session") and "plan already" in words(outcome)
    assert "chosen on the page" in words((await house.say("subscribe")).card)


@pytest.mark.parametrize("line", ["credits topup 25", "subscribe link"])
async def test_links_are_for_those_who_set_things_up_and_nobody_else_sees_them(
    house: BotHarness, line: str
) -> None:
    for who in (MEMBER, TEAM):
        assert (await house.say(line, who)).outcome is InvocationOutcome.NOT_PERMITTED
    preview = await house.say(line)
    refused = await house.press(preview, "Confirm", actor=TEAM)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    command = next(one for one in house.app.dispatcher.catalogue if line.startswith(one.name))
    assert command.audience is Audience.PRIVATE


async def test_an_address_that_is_no_page_is_not_shown(house: BotHarness) -> None:
    assert is_page("https://xquik.com/api/v1/credits/topup/redirect?session_id=cs_1")
    for wrong in ("javascript:alert(1)", "http://xquik.com/pay", "https://", "xquik.com", "https://a b"):
        assert not is_page(wrong)


async def test_from_a_terminal_the_command_that_tells_how_it_ends_is_named(house: BotHarness) -> None:
    preview = await house.say("credits topup 25", channel="")
    assert "are told how it ends" not in words(preview.card)
    done = words(await house.confirm(preview))
    standing = await house.app.services.topups.open_of(HERE)
    assert standing is not None
    assert f"credits status {standing.session}" in done and "You are told" not in done
