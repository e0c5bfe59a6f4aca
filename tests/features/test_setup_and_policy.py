"""The key of a place, entered in a form, tried and stored; and who may do what."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import InputKind, Tone
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import field_of, ref_of, rows_of, words
from tests.features.harness import ELSEWHERE, HERE, MEMBER, BotHarness


async def test_a_key_is_asked_for_in_a_form_tried_and_stored(house: BotHarness) -> None:
    opened = await house.say("setup key", tenant=ELSEWHERE)
    [field] = opened.form.inputs
    assert (field.kind, field.value) == (InputKind.SECRET, "")
    done = await house.press(opened.form.action, tenant=ELSEWHERE, values={"key": house.sandbox.api_key})
    assert done.card.title == "Xquik is set up"
    assert house.sandbox.api_key not in words(done.card)
    assert "everyone: use; members (no guests): view; admins: use, view, private, spend" in words(done.card)
    assert field_of(done.card, "X accounts") == "@xquik_demo"
    stored = await house.app.services.keys.key(ELSEWHERE)
    assert stored.get_secret_value() == house.sandbox.api_key
    status = await house.say("setup", tenant=ELSEWHERE)
    assert "stored encrypted" in field_of(status.card, "Key")


@pytest.mark.parametrize("wrong", ["hello", "xq_123", "sk_" + "a" * 64, "xq_" + "z" * 64])
async def test_a_text_that_is_no_key_is_never_sent_or_stored_or_shown(house: BotHarness, wrong: str) -> None:
    opened = await house.say("setup key", tenant=ELSEWHERE)
    screen = await house.press(opened.form.action, tenant=ELSEWHERE, values={"key": wrong})
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert wrong not in words(screen.failure)
    assert "dashboard" in words(screen.failure)
    again = await house.press(screen.failure, "Change it", tenant=ELSEWHERE)
    assert again.form.inputs[0].value == "", "a secret is never filled in again"
    assert not await house.app.services.keys.has_key(ELSEWHERE)
    assert (await house.state())["requests"] == {}


async def test_a_key_that_xquik_rejects_does_not_replace_the_one_that_works(house: BotHarness) -> None:
    opened = await house.say("setup key")
    screen = await house.press(opened.form.action, values={"key": "xq_" + "ab" * 32})
    assert screen.failure.title == "Xquik did not accept the key"
    stored = await house.app.services.keys.key(HERE)
    assert stored.get_secret_value() == house.sandbox.api_key


async def test_a_key_typed_into_the_channel_is_refused_and_nothing_of_it_kept(house: BotHarness) -> None:
    screen = await house.say(f"setup key key:{house.sandbox.api_key}", tenant=ELSEWHERE)
    # The form opens instead, empty: what was typed is not taken.
    assert screen.outcome is InvocationOutcome.FORM
    assert all(field.value == "" for field in screen.form.inputs)
    assert not await house.app.services.keys.has_key(ELSEWHERE)


async def test_forgetting_asks_first_and_then_removes_the_key(house: BotHarness) -> None:
    asked = await house.say("setup forget")
    assert await house.app.services.keys.has_key(HERE)
    refused = await house.press(ref_of(asked.card, "Forget the key"), actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    done = await house.press(asked, "Forget the key")
    assert done.reply.replace
    assert not await house.app.services.keys.has_key(HERE)
    assert "setup key" in words((await house.say("setup status")).card)


async def test_the_question_whether_to_forget_expires(house: BotHarness) -> None:
    asked = await house.say("setup forget")
    house.clock.advance(11 * 60)
    assert (await house.press(asked, "Forget the key")).failure.title == "This has expired"
    assert await house.app.services.keys.has_key(HERE)


async def test_status_says_what_is_missing(house: BotHarness) -> None:
    card = (await house.say("setup status", tenant=ELSEWHERE)).card
    assert "setup key" in words(card)
    assert card.tone == "warning"


async def test_a_grant_opens_a_command_and_its_revocation_closes_it(house: BotHarness) -> None:
    assert (await house.say("trends US", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    granted = await house.say("policy grant spend,publish to:user:ben")
    assert ["ben", "spend, publish"] in rows_of(granted.card)
    assert (await house.say("trends US", MEMBER)).outcome is InvocationOutcome.OK
    await house.say("policy revoke spend to:<@ben>")
    assert (await house.say("trends US", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    assert (await house.say("radar", MEMBER)).outcome is InvocationOutcome.OK, "what everyone may stays"


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("everyone", "everyone"),
        ("@everyone", "everyone"),
        ("<@&77>", "role:77"),
        ("<!subteam^S1|@marketing>", "role:S1"),
        ("<@!5>", "5"),
        ("<@U1|ada>", "U1"),
        ("role:S1", "role:S1"),
    ],
)
async def test_every_way_to_name_somebody_works(house: BotHarness, to: str, subject: str) -> None:
    screen = await house.say(f"policy grant spend to:{to}")
    assert any(row[0] == subject and "spend" in row[1] for row in rows_of(screen.card))


async def test_to_nobody_nothing_is_granted(house: BotHarness) -> None:
    screen = await house.say("policy grant spend to:somebody")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "role:123456" in words(screen.failure)


async def test_admins_can_always_mend_the_policy(house: BotHarness) -> None:
    await house.say("policy revoke use,spend,publish,manage to:admins")
    assert (await house.say("tweet score hello")).outcome is InvocationOutcome.OK
    assert (await house.say("trends US")).outcome is InvocationOutcome.NOT_PERMITTED
    assert (await house.say("policy grant spend to:admins")).outcome is InvocationOutcome.OK
    assert (await house.say("trends US")).outcome is InvocationOutcome.OK


async def test_everyone_can_be_shut_out(house: BotHarness) -> None:
    await house.say("policy revoke use to:everyone")
    assert (await house.say("radar", MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    assert (await house.say("radar")).outcome is InvocationOutcome.OK


async def test_a_policy_is_its_tenants_own(house: BotHarness) -> None:
    await house.say("policy grant manage to:everyone")
    assert (
        await house.done("monitor add nasa", MEMBER, ELSEWHERE)
    ).outcome is InvocationOutcome.NOT_PERMITTED


async def test_status_says_that_a_stored_key_does_not_work_any_more(house: BotHarness) -> None:
    """It once looked all right."""
    await house.give_key(HERE, "xq_" + "0" * 64)
    status = await house.say("setup status")
    assert status.card.tone is Tone.WARNING
    assert "does not work right now" in field_of(status.card, "Key")
    assert "setup key" in words(status.card)


async def test_without_a_key_the_list_of_routes_says_that_nothing_can_arrive(house: BotHarness) -> None:
    await house.done("relay add channel:alerts account:nasa")
    await house.app.services.keys.forget(HERE)
    assert "No event can arrive" in words((await house.say("relay list")).card)
