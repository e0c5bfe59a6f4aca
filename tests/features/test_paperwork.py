"""What a team and Xquik have to do with each other: the linked account, top-ups, support tickets."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat.cards import Tone
from bot.core.commands.dispatch import InvocationOutcome
from bot.features.known import FRESH
from tests.features.edge import field_of, rows_of, words
from tests.features.harness import ELSEWHERE, MEMBER, BotHarness
from tests.features.listing_asked import BUTTON
from tests.features.listing_asked import rows_of as listed
from tests.features.test_pickers import typed

MENTION = "@everyone <@123> *bold* [link](https://evil.example)"


async def opened(house: BotHarness, subject: str, *bodies: str, **more: Any) -> str:
    """The id of a ticket whose messages come from the team and the support in turn."""
    senders = ("user", "support")
    messages = [{"body": one, "sender": senders[place % 2]} for place, one in enumerate(bodies)]
    body = {"subject": subject, "messages": messages, **more}
    return str((await house.control("tickets", body=body))["id"])


async def test_the_linked_account_is_set_and_shown(house: BotHarness) -> None:
    card = (await house.say("account identity @NASA")).card
    assert "@NASA is now linked" in words(card)
    assert field_of((await house.say("account show")).card, "Linked on X") == "@NASA"
    assert (await house.say("account identity https://x.com/esa")).outcome is InvocationOutcome.OK
    assert field_of((await house.say("account show")).card, "Linked on X") == "@esa"


async def test_what_is_no_username_is_not_linked(house: BotHarness) -> None:
    wrong = await house.say('account identity "not a name"')
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert await house.requests("/account/x-identity") == 0


@pytest.mark.parametrize(("given", "locale"), [("Turkish", "tr"), ("es", "es"), ("english", "en")])
async def test_the_language_of_the_account_is_set(house: BotHarness, given: str, locale: str) -> None:
    balances = house.sandbox.sandbox.credits
    key = house.sandbox.sandbox.keys.get(house.sandbox.api_key)
    assert key is not None
    balances.set_locale(key.owner, "tr" if locale == "en" else "en")
    before = await house.credits()
    card = (await house.say(f"account language {given}")).card
    assert card.title == "Language of the Xquik account" and "me language" in words(card)
    assert balances.of(key.owner).locale == locale
    assert await house.credits() == before


async def test_a_language_that_xquik_does_not_speak_and_who_may_set_one(house: BotHarness) -> None:
    wrong = await house.say("account language German")
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD and "Turkish" in words(wrong.failure)
    refused = await house.say("account language es", MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    await house.fault(path="/account", status=429, code="rate_limit_exceeded")
    limited = await house.say("account language es")
    assert limited.outcome is InvocationOutcome.FAILED and "Too many requests" in words(limited.failure)
    elsewhere = await house.say("account language es", tenant=ELSEWHERE)
    assert "setup key" in words(elsewhere.failure)


@pytest.mark.parametrize(
    ("status", "said", "tone"),
    [
        ("paid", "credits show", "success"),
        ("processing", "Look again in a minute", "info"),
        ("failed", "Nothing was added", "warning"),
        ("expired", "Nothing was added", "warning"),
    ],
)
async def test_a_top_up_says_how_it_stands(house: BotHarness, status: str, said: str, tone: str) -> None:
    begun = await house.control("topups", body={"dollars": 25, "status": status})
    for given in (begun["session"], f"https://xquik.com/topup?session_id={begun['session']}&lang=en"):
        card = (await house.say(f"credits status {given}")).card
        assert field_of(card, "Amount") == "$25" and said in words(card) and card.tone == tone
        assert field_of(card, "Credits") == "166,650 credits"


async def test_a_top_up_that_is_not_there_or_no_session(house: BotHarness) -> None:
    assert (await house.say("credits status cs_unknown")).failure.title == "Not found"
    wrong = await house.say('credits status "last week"')
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD and "session_id=" in words(wrong.failure)


async def test_tickets_are_listed_by_their_latest_activity(house: BotHarness) -> None:
    assert "No tickets" in words((await house.say("support")).card)
    older = await opened(house, "Older", "Hello")
    await house.control("clock", body={"advance": 60})
    newer = await opened(house, MENTION, "Hello", "Hi", status="in_progress")
    rows = rows_of((await house.say("support list")).card)
    assert [row[0] for row in rows] == [newer, older]
    assert rows[0][1:4] == [MENTION, "in progress", "2"] and rows[1][1:4] == ["Older", "open", "1"]


async def test_tickets_are_paged_and_a_file(house: BotHarness) -> None:
    ids = {await opened(house, f"Ticket {number}", "Hello") for number in range(13)}
    first = await house.say("support list")
    second = await house.press(first, "Next")
    assert {row[0] for row in (*rows_of(first.card), *rows_of(second.card))} == ids
    given = await house.submit(await house.press(first, BUTTON), format="csv")
    assert {row["id"] for row in listed(given.reply.files[0].content)} == ids


async def test_a_ticket_has_its_messages_in_order(house: BotHarness) -> None:
    said = [{"body": MENTION, "attachments": [{"filename": "shot.png", "size": 2_500_000}]}]
    ticket = (await house.control("tickets", body={"subject": "Help", "messages": said}))["id"]
    card = (await house.say(f"support show {ticket}")).card
    assert field_of(card, "State") == "open" and field_of(card, "Id") == ticket
    assert MENTION in words(card) and field_of(card, "shot.png").startswith("2,500 kB att_")
    long = await opened(house, "Long", *(f"message {number}." for number in range(12)))
    shown = words((await house.say(f"support show {long}")).card)
    assert "4 earlier messages" in shown and "message 3." not in shown
    assert shown.index("message 4.") < shown.index("message 11.")


async def test_a_ticket_that_is_not_there_or_no_id(house: BotHarness) -> None:
    assert (await house.say("support show tkt_unknown")).failure.title == "Not found"
    wrong = await house.say('support show "the last one"')
    assert wrong.outcome is InvocationOutcome.NOT_UNDERSTOOD and "support list" in words(wrong.failure)


async def test_another_account_has_other_tickets_and_top_ups(house: BotHarness) -> None:
    ticket = await opened(house, "Ours", "Hello")
    begun = await house.control("topups", body={"dollars": 25})
    await house.give_key(ELSEWHERE, (await house.control("keys"))["key"])
    assert ticket not in words((await house.say("support list", tenant=ELSEWHERE)).card)
    for line in (f"support show {ticket}", f"credits status {begun['session']}"):
        assert (await house.say(line, tenant=ELSEWHERE)).failure.title == "Not found"


async def test_tickets_are_offered_by_their_subjects_to_who_may_see_them(house: BotHarness) -> None:
    ticket = await opened(house, "Billing", "Hello")
    house.clock.advance(FRESH + 1)
    offered = await typed(house, "support show ticket", "bill")
    assert [(one.value, one.label) for one in offered] == [(ticket, f"{ticket} · Billing")]
    assert await typed(house, "support show ticket", actor=MEMBER) == []


async def test_a_connected_account_is_shown_as_it_is_now(house: BotHarness) -> None:
    card = (await house.say("account show @XQUIK_DEMO")).card
    assert (card.title, field_of(card, "Account")) == ("Connected X account", "@xquik_demo")
    assert field_of(card, "State") == "ready" and field_of(card, "Connected") != "–"
    await house.control("accounts", body={"username": "xquik_demo", "health": "locked"})
    card = (await house.say("account show account:xquik_demo")).card
    assert field_of(card, "State") == "locked; unlock it on X" and card.tone is Tone.WARNING


async def test_an_account_that_is_not_connected_is_named_with_those_that_are(house: BotHarness) -> None:
    refused = await house.say("account show nasa")
    assert "@nasa is not connected" in words(refused.failure) and "@xquik_demo" in words(refused.failure)


async def test_a_file_of_a_ticket_is_sent_to_who_asked(house: BotHarness) -> None:
    said = {"body": "Please look", "attachments": [{"filename": "shot.png"}]}
    made = await house.control("tickets", body={"subject": "Help", "messages": [said]})
    shown = words((await house.say(f"support show {made['id']}")).card)
    file = next(word for word in shown.split() if word.startswith("att_"))
    sent = await house.say(f"support file {file}")
    (found,) = sent.reply.files
    assert found.name == f"{file}.png" and found.content.startswith(b"\x89PNG")
    assert (await house.say("support file att_unknown")).failure.title == "Not found"
    assert "support show" in words((await house.say('support file "the last"')).failure)
    assert (await house.say(f"support file {file}", tenant=ELSEWHERE)).outcome is not InvocationOutcome.OK
