"""Support tickets that are opened, answered and closed from a chat."""

from __future__ import annotations

import pytest

from bot.core.chat.ids import TenantId
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.support.kinds import LONGEST_SUBJECT
from tests.features.edge import field_of, ref_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, TEAM, BotHarness
from tests.features.test_paperwork import MENTION, opened

OPEN = 'support open "No events since noon" subject:"Nothing arrives"'


async def test_a_ticket_is_opened_with_exactly_what_was_shown(house: BotHarness) -> None:
    preview = await house.say(f'support open "{MENTION}" subject:"Nothing arrives"')
    assert field_of(preview.card, "Subject") == "Nothing arrives" and MENTION in words(preview.card)
    assert "Costs no credits." in words(preview.card) and (await house.state())["tickets"] == 0
    before = await house.credits()
    outcome = await house.confirm(preview)
    ticket = field_of(outcome, "Ticket")
    shown = (await house.say(f"support show {ticket}")).card
    assert "Nothing arrives" in words(shown) and MENTION in words(shown)
    assert await house.credits() == before


async def test_an_edited_ticket_is_what_is_sent(house: BotHarness) -> None:
    preview = await house.say(OPEN)
    form = await house.press(preview, "Edit")
    changed = await house.submit(form, subject="Nothing at all", body="Since one o'clock")
    outcome = await house.confirm(changed)
    shown = words((await house.say(f"support show {field_of(outcome, 'Ticket')}")).card)
    assert "Nothing at all" in shown and "Since one o'clock" in shown and "noon" not in shown


async def test_a_subject_of_as_many_characters_as_xquik_takes_is_taken_whole(house: BotHarness) -> None:
    longest = ("No events " * 50).strip()
    longest += "!" * (LONGEST_SUBJECT - len(longest))
    outcome = await house.confirm(await house.say(f'support open "Since noon" subject:"{longest}"'))
    (ticket,) = (await (await house.app.services.xquik.of(HERE)).support.list()).items
    assert ticket.subject == longest and len(longest) == 500
    assert field_of(outcome, "Ticket") == ticket.public_id
    form = await house.press(await house.say(OPEN), "Edit")
    assert ref_of((await house.submit(form, subject=longest, body="Since one")).card, "Confirm")
    refused = await house.submit(await house.press(await house.say(OPEN), "Edit"), subject=f"{longest}!")
    assert "500" in words(refused.failure)


@pytest.mark.parametrize("given", ['"text" subject:" "', '" " subject:s', f'"text" subject:{"s" * 501}'])
async def test_what_xquik_would_not_take_is_refused_before_it_is_sent(house: BotHarness, given: str) -> None:
    wrong = await house.say(f"support open {given}")
    assert wrong.outcome is not InvocationOutcome.OK or wrong.names[-1] != "answer"
    assert (await house.state())["tickets"] == 0 and await house.requests("/support/tickets") == 0


async def test_an_edit_that_empties_the_message_is_refused(house: BotHarness) -> None:
    preview = await house.say(OPEN)
    refused = await house.submit(await house.press(preview, "Edit"), body="")
    assert "Message is empty" in words(refused.failure)


async def test_a_reply_stands_in_the_ticket_that_was_shown(house: BotHarness) -> None:
    ticket = await opened(house, "Billing", "Hello", "Which key?")
    preview = await house.say(f"support reply The second one ticket:{ticket}")
    assert field_of(preview.card, "Subject") == "Billing" and field_of(preview.card, "Ticket") == ticket
    await house.confirm(preview)
    shown = words((await house.say(f"support show {ticket}")).card)
    assert shown.index("Which key?") < shown.index("The second one")


async def test_a_closed_ticket_takes_no_reply_and_is_not_closed_again(house: BotHarness) -> None:
    ticket = await opened(house, "Billing", "Hello")
    await house.done(f"support close {ticket}")
    assert field_of((await house.say(f"support show {ticket}")).card, "State") == "closed"
    for line in (f"support reply Hello ticket:{ticket}", f"support close {ticket}"):
        refused = await house.say(line)
        assert "closed" in words(refused.failure) and "support" in words(refused.failure)


async def test_a_ticket_that_was_closed_meanwhile_fails_with_what_to_do(house: BotHarness) -> None:
    ticket = await opened(house, "Billing", "Hello")
    preview = await house.say(f"support reply Hello? ticket:{ticket}")
    await house.done(f"support close {ticket}")
    outcome = await house.confirm(preview)
    assert "The support ticket is closed." in words(outcome) and "support open" in words(outcome)


async def test_tickets_of_others_are_not_there(house: BotHarness) -> None:
    ticket = await opened(house, "Ours", "Hello")
    await house.give_key(ELSEWHERE, (await house.control("keys"))["key"])
    for line in (f"support reply Hello ticket:{ticket}", f"support close {ticket}"):
        assert (await house.say(line, tenant=ELSEWHERE)).failure.title == "Not found"


@pytest.mark.parametrize("who", [MEMBER, TEAM])
async def test_who_does_not_set_things_up_sends_nothing(house: BotHarness, who: object) -> None:
    assert (await house.say(OPEN, who)).outcome is InvocationOutcome.NOT_PERMITTED  # type: ignore[arg-type]


async def test_its_key_is_one_that_xquik_takes_and_is_repeated_with_the_same_text(house: BotHarness) -> None:
    tenant: TenantId = HERE
    preview = await house.say(OPEN)
    await house.fault(
        method="POST", path="/support/tickets", status=409, code="idempotency_in_progress", times=1
    )
    await house.press(preview, "Confirm")
    assert (await house.state())["tickets"] == 0
    house.clock.advance(60.0)
    await house.app.executor.sweep()
    key = preview.card.buttons[0].action
    assert key is not None
    await house.app.executor.outcome(tenant, key.key)
    assert (await house.state())["tickets"] == 1
