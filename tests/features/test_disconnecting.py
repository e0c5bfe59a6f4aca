"""`account disconnect`: what stops, what goes on, and that it is done to the account that was shown."""

from __future__ import annotations

from bot.core.chat.cards import ButtonStyle
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.proposal_states import ProposalState
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, BotHarness


async def connected(house: BotHarness) -> set[str]:
    return {one.username for one in await (await house.app.services.xquik.of(HERE)).x_accounts.list()}


async def test_the_preview_says_what_stops_and_what_goes_on(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    await house.say("account use nasa")
    await house.say("account mine nasa")
    await house.done("monitor add nasa")
    await house.done("relay add channel:alerts account:nasa")
    await house.say('tweet post "Soon" account:nasa')
    card = (await house.say("account disconnect nasa")).card
    assert "@nasa" in field_of(card, "What stops")
    assert "in all channels" in field_of(card, "Default account") and "1 person" in field_of(
        card, "Default account"
    )
    assert field_of(card, "Open previews").startswith("1 ")
    assert "30 credits an hour" in field_of(card, "What goes on")
    assert field_of(card, "Routes that go on") == "alerts-nasa"
    confirm = next(button for button in card.buttons if button.label == "Confirm")
    assert confirm.style is ButtonStyle.DANGER and "dashboard" in words(card)


async def test_what_nothing_hangs_on_is_not_told_of(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    card = (await house.say("account disconnect nasa")).card
    shown = words(card)
    told = (
        "Default account",
        "Open previews",
        "Under way",
        "What goes on",
        "Routes that go on",
        "Goes on as well",
    )
    assert not [name for name in told if name in shown]


async def test_what_else_goes_on_is_told_with_its_price(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    for line in ("monitor add esa", "monitor keyword artemis", "relay add channel:alerts account:esa"):
        await house.done(line)
    card = (await house.say("account disconnect nasa")).card
    assert field_of(card, "Goes on as well") == "2 other monitors, for 60 credits an hour and 1 other route"


async def test_it_is_gone_and_nothing_else_is(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    preview = await house.say("account disconnect @NASA")
    outcome = await house.confirm(preview)
    assert outcome.title == "X account disconnected" and await connected(house) == {"xquik_demo"}
    late = await house.say("account disconnect nasa")
    assert "@nasa is not connected" in words(late.failure)


async def test_no_form_asks_for_an_account_that_is_gone(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    asked = await house.say('tweet post "Soon"')
    assert asked.steps[-1][0] == "ask", "of two accounts one is chosen"
    await house.confirm(await house.say("account disconnect nasa"))
    assert ref_of((await house.say('tweet post "Soon"')).card, "Confirm")


async def test_an_account_that_cannot_act_is_disconnected_too(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa", "health": "suspended"})
    preview = await house.say("account disconnect nasa")
    assert "suspended" in field_of(preview.card, "State")
    await house.confirm(preview)
    assert await connected(house) == {"xquik_demo"}


async def test_one_that_another_disconnected_first_fails_and_says_so(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    first, second = await house.say("account disconnect nasa"), await house.say("account disconnect nasa")
    await house.confirm(first)
    outcome = await house.confirm(second)
    assert outcome.title == "X account not disconnected" and "Not found" in words(outcome)


async def test_a_lost_answer_is_done_when_the_account_is_gone(house: BotHarness) -> None:
    await house.control("accounts", body={"username": "nasa"})
    preview = await house.say("account disconnect nasa")
    await house.fault(method="DELETE", path="/x/accounts/*", answer_lost=True, times=1)
    await house.press(preview, "Confirm")
    house.clock.advance(60.0)
    await house.app.executor.sweep()
    key = ref_of(preview.card, "Confirm").key
    await house.app.executor.outcome(HERE, key)
    stored = await house.app.services.proposals.get(HERE, key)
    assert stored is not None and stored.state is ProposalState.DONE


async def test_who_may_not_and_who_has_another_key(house: BotHarness) -> None:
    refused = await house.say("account disconnect xquik_demo", MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    await house.control("accounts", body={"username": "nasa"})
    await house.give_key(ELSEWHERE, (await house.control("keys"))["key"])
    other = await house.say("account disconnect nasa", tenant=ELSEWHERE)
    assert "@nasa is not connected" in words(other.failure)
