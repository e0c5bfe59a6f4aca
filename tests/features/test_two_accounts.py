"""Two connected X accounts: each acting button and command acts as one that is known or asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.conversation import Request, converse
from bot.core.access import Actor
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import PICKED, Card, Form, InputKind, Picker
from bot.core.commands.dispatch import InvocationOutcome
from tests.features.edge import Screen, buttons, field_of, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TWEET, BotHarness, open_house, with_accounts
from tests.features.test_asking import TWEET as EVENT_TWEET
from tests.features.test_asking import arrive


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with two connected X accounts and one relayed tweet in #alerts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as house:
        await house.done("relay add channel:#alerts account:nasa name:space")
        await house.app.relay.start()
        await arrive(house, 1, tweet=EVENT_TWEET, author={"username": "nasa"})
        yield house
        await house.app.relay.stop(1.0)


def _message(house: BotHarness) -> Card:
    return house.wall.posted[0][1]


def _picker(form: Form) -> list[str]:
    """What the form offers as accounts, by value."""
    (one,) = (item for item in form.inputs if item.name == "account")
    assert one.kind is InputKind.CHOICE, one
    return [choice.value for choice in one.choices]


async def _pressed(house: BotHarness, way: str) -> Screen:
    """An acting button, pressed; with its text where it has one."""
    match way:
        case "Like" | "Repost" | "Draft a reply":
            return await house.press(_message(house), way)
        case "Quote":
            return await house.press(await house.press(_message(house), "More…"), "Quote")
        case _:
            return await house.press(await house.say('tweet score "Hello from two"'), way)


WAYS = ("Like", "Repost", "Draft a reply", "Quote", "Post…")


@pytest.mark.parametrize("way", WAYS)
async def test_an_acting_button_asks_which_account_acts_and_shows_it(two: BotHarness, way: str) -> None:
    form = (await _pressed(two, way)).form
    assert _picker(form) == ["acme", "acme_news"]
    values = {item.name: "Well done" for item in form.inputs if item.name == "text"}
    proposed = await two.press(form.action, values={**values, "account": "acme_news"})
    assert field_of(proposed.card, "Account") == "@acme_news"
    done = await two.confirm(proposed)
    assert field_of(done, "Account") == "@acme_news", words(done)


LINES = (
    'tweet post "Hello"',
    f'tweet reply {TWEET} text:"Well done"',
    f"tweet like {TWEET}",
    f"tweet repost {TWEET}",
    f'tweet quote {TWEET} text:"Worth a look"',
)
LIKE = f"tweet like {TWEET}"


@pytest.mark.parametrize("line", LINES)
async def test_a_command_asks_for_the_account_alone_and_keeps_what_was_given(
    two: BotHarness, line: str
) -> None:
    asked = await two.say(line)
    assert _picker(asked.form) == ["acme", "acme_news"]
    assert [item.required for item in asked.form.inputs] == [True]
    proposed = await two.submit(asked, account="acme")
    assert field_of(proposed.card, "Account") == "@acme"


@pytest.mark.parametrize("line", LINES)
async def test_an_account_that_is_named_is_taken_at_once(two: BotHarness, line: str) -> None:
    proposed = await two.say(f"{line} account:ACME_news")
    assert field_of(proposed.card, "Account") == "@acme_news"


async def test_a_person_s_own_default_counts_before_the_channel_s_and_that_before_the_place_s(
    two: BotHarness,
) -> None:
    await two.control("accounts", body={"username": "acme_de"})
    await two.say("account use acme")
    assert field_of((await two.say(LIKE)).card, "Account") == "@acme (the default here)"
    await two.say("account use acme_news channel:#general")
    assert field_of((await two.say(LIKE)).card, "Account") == "@acme_news (the default of this channel)"
    await two.say("account mine acme_de")
    assert field_of((await two.say(LIKE)).card, "Account") == "@acme_de (your own default)"
    assert field_of((await two.say(LIKE + " account:acme")).card, "Account") == "@acme"
    await two.say("policy grant publish,view to:user:eve")
    eve = Actor("eve", "Eve")
    assert "the default of this channel" in field_of((await two.say(LIKE, actor=eve)).card, "Account")
    shown = (await two.say("account default")).card
    assert "@acme_de is used" in words(shown)
    assert [row[1] for row in rows_of(shown)] == ["@acme", "@acme_news", "@acme_de"]
    assert len(rows_of((await two.say("account default", actor=eve)).card)) == 2
    await two.press(await two.say("account mine"), "Remove my default")
    await two.say("account forget channel:#general")
    assert field_of((await two.say(LIKE)).card, "Account") == "@acme (the default here)"
    await two.say("account forget")
    assert _picker((await two.say(LIKE)).form)


@pytest.mark.parametrize(
    ("line", "needed"),
    [("account use acme", "manage"), ("account forget", "manage"), ("account mine acme", "publish")],
)
async def test_a_default_is_set_by_who_may_alone(two: BotHarness, line: str, needed: str) -> None:
    assert (await two.say(line, actor=MEMBER)).outcome is InvocationOutcome.NOT_PERMITTED
    await two.say(f"policy grant {needed} to:user:ben")
    assert (await two.say(line, actor=MEMBER)).outcome is not InvocationOutcome.NOT_PERMITTED


@pytest.mark.parametrize("way", WAYS)
async def test_with_a_default_a_button_asks_for_no_account(two: BotHarness, way: str) -> None:
    await two.say("account use acme_news")
    screen = await _pressed(two, way)
    if screen.names == ["ask"]:
        (picker,) = (item for item in screen.form.inputs if item.name == "account")
        assert (picker.value, picker.required) == ("acme_news", False)
        values = {item.name: "Well done" for item in screen.form.inputs if item.name == "text"}
        screen = await two.press(screen.form.action, values={**values, "account": ""})
    assert field_of(screen.card, "Account") == "@acme_news (the default here)"


async def test_a_default_that_was_renamed_is_the_same_account(two: BotHarness) -> None:
    await two.say("account use acme")
    await two.control("accounts", body={"username": "acme", "renamed": "acme_inc"})
    account = field_of((await two.say(LIKE)).card, "Account")
    assert account == "@acme_inc (the default here, called @acme before)"
    assert field_of((await two.say(LIKE)).card, "Account") == "@acme_inc (the default here)"


@pytest.mark.parametrize("way", WAYS)
async def test_a_default_that_is_connected_no_more_is_said_and_never_replaced_silently(
    two: BotHarness, way: str
) -> None:
    await two.say("account use acme")
    await two.control("accounts/acme", "DELETE")
    two.clock.advance(600)  # what was seen before is old by now
    form = (await _pressed(two, way)).form
    assert "@acme, the default here, is not connected to the Xquik account any more" in form.note
    assert _picker(form) == ["acme_news"]
    (picker,) = (item for item in form.inputs if item.name == "account")
    assert picker.required and not picker.value


async def test_a_default_that_cannot_act_is_said_with_what_ails_it(two: BotHarness) -> None:
    await two.say("account use acme")
    await two.control("accounts", body={"username": "acme", "health": "needsReauth"})
    two.clock.advance(600)
    form = (await two.press(_message(two), "Like")).form
    assert "@acme, the default here, cannot be used right now: it needs a new login" in form.note
    (picker,) = form.inputs
    ill = "@acme – needs a new login in the Xquik dashboard"
    assert [choice.label for choice in picker.choices] == ["@acme_news", ill]
    refused = await two.press(form.action, values={"account": "acme"})
    again = (await two.press(refused.failure, "Change it")).form
    assert (again.about, again.inputs[0].value) == ("account", "acme")
    proposed = await two.press(again.action, values={"account": "acme_news"})
    assert field_of(proposed.card, "Account") == "@acme_news"


async def test_a_tweet_is_deleted_by_the_account_that_wrote_it_whatever_the_default(two: BotHarness) -> None:
    await two.say("account use acme")
    posted = await two.confirm(await two.say('tweet post "Hello" account:acme_news'))
    link = buttons(posted)[0].url
    assert field_of((await two.say(f"tweet delete {link}")).card, "Account") == "@acme_news"
    refused = await two.say(f"tweet delete {link} account:acme")
    assert "@acme can delete only its own tweets" in words(refused.failure)
    strange = await two.say(f"tweet delete {TWEET}")
    assert "connected: @acme, @acme_news" in words(strange.failure)


# Every outcome says as which account.
@pytest.mark.parametrize("outcome", ["success", "ambiguous", "reject", "fail-later"])
async def test_every_outcome_says_which_account(two: BotHarness, outcome: str) -> None:
    proposed = await two.say('tweet post "Hello" account:acme_news')
    await two.control("writes", body={"outcome": outcome})
    card = await two.confirm(proposed)
    assert field_of(card, "Account") == "@acme_news", words(card)


async def test_expiry_and_cancelling_say_which_account(two: BotHarness) -> None:
    proposed = await two.say('tweet post "Hello" account:acme_news')
    cancelled = await two.press(proposed, "Cancel")
    assert field_of(cancelled.card, "Account") == "@acme_news"
    late = await two.say('tweet post "Hello" account:acme_news')
    two.clock.advance(16 * 60)
    await two.press(late, "Confirm")
    expired = await two.app.executor.outcome(HERE, ref_of(late.card, "Confirm").key)
    assert field_of(expired, "Account") == "@acme_news"


async def test_when_xquik_is_silent_the_form_offers_what_was_seen_and_the_proposal_looks_anew(
    two: BotHarness,
) -> None:
    await two.say("account default")
    two.clock.advance(3600)
    await two.fault(path="/x/accounts", delay=30)
    form = (await two.press(_message(two), "Like")).form
    assert _picker(form) == ["acme", "acme_news"]


async def test_accounts_are_completed_and_asked_for_once(two: BotHarness) -> None:
    async def typed(text: str) -> list[str]:
        found = await two.app.dispatcher.suggest(
            two.invocation(ADMIN, HERE), ("tweet", "post"), "account", text
        )
        return [choice.value for choice in found]

    assert await typed("") == ["acme", "acme_news"]
    assert await typed("@acme_") == ["acme_news"]
    assert await two.requests("/x/accounts") == 1
    two.clock.advance(3600)
    await two.fault(path="/x/accounts", status=503)
    assert await typed("") == ["acme", "acme_news"], "as they were last seen"


async def _pick(house: BotHarness, shown: Card, account: str, actor: Actor = ADMIN) -> Screen:
    """Another account, chosen in a preview."""
    (picker,) = (block for block in shown.blocks if isinstance(block, Picker))
    return await house.press(picker.action, values={PICKED: account}, actor=actor)


def _offered(shown: Card) -> tuple[str, list[str]]:
    (picker,) = (block for block in shown.blocks if isinstance(block, Picker))
    return picker.value, [choice.value for choice in picker.choices]


@pytest.mark.parametrize("line", LINES)
async def test_another_account_is_chosen_in_the_preview_and_the_old_confirm_is_void(
    two: BotHarness, line: str
) -> None:
    first = await two.say(f"{line} account:acme")
    assert _offered(first.card) == ("acme", ["acme", "acme_news"])
    second = await _pick(two, first.card, "acme_news")
    assert second.reply.replace
    assert field_of(second.card, "Account") == "@acme_news"
    assert _offered(second.card)[0] == "acme_news"
    late = await two.press(ref_of(first.card, "Confirm"))
    assert "newer preview" in words(late.failure)
    assert not (await two.state())["writes"]
    done = await two.confirm(second)
    assert field_of(done, "Account") == "@acme_news"
    assert sum((await two.state())["writes"].values()) == 1


async def test_what_is_posted_is_by_the_account_shown(two: BotHarness) -> None:
    shown = await _pick(two, (await two.say('tweet post "By whom?" account:acme')).card, "acme_news")
    link = buttons(await two.confirm(shown))[0].url
    assert (await two.say(f"tweet show {link}")).card.title == "Tweet by @acme_news"


async def test_an_account_that_cannot_act_leaves_the_preview_as_it_is_under_a_new_confirm(
    two: BotHarness,
) -> None:
    first = (await two.say('tweet post "Hello" account:acme')).card
    await two.control("accounts", body={"username": "acme_news", "health": "locked"})
    second = await _pick(two, first, "acme_news")
    assert "@acme_news cannot be used right now" in words(second.card)
    assert "It stays with @acme" in words(second.card)
    assert (field_of(second.card, "Account"), _offered(second.card)[0]) == ("@acme", "acme")
    assert ref_of(second.card, "Confirm") != ref_of(first, "Confirm")
    nobody = await _pick(two, second.card, "nasa")
    assert "@nasa is not connected" in words(nobody.card)
    assert field_of(await two.confirm(nobody), "Account") == "@acme"


async def test_who_may_not_publish_chooses_nothing(two: BotHarness) -> None:
    first = await two.say('tweet post "Hello" account:acme')
    assert (
        await _pick(two, first.card, "acme_news", actor=MEMBER)
    ).outcome is InvocationOutcome.NOT_PERMITTED
    assert field_of(await two.confirm(first), "Account") == "@acme"


async def test_a_deletion_and_a_draw_offer_no_other_account(two: BotHarness) -> None:
    link = buttons(await two.confirm(await two.say('tweet post "Hello" account:acme')))[0].url
    deletion = (await two.say(f"tweet delete {link}")).card
    assert not [block for block in deletion.blocks if isinstance(block, Picker)]
    forged = ActionRef("pending.account", ref_of(deletion, "Confirm").key)
    refused = await two.press(forged, values={PICKED: "acme_news"})
    assert "cannot be changed" in words(refused.failure)
    draw = (await two.say(f"draw run {TWEET}")).card
    assert not [block for block in draw.blocks if isinstance(block, Picker)]


async def test_the_form_of_edit_has_the_account_too_and_an_error_in_it_keeps_both(two: BotHarness) -> None:
    first = await two.say('tweet post "Hello" account:acme')
    form = (await two.press(first, "Edit")).form
    assert _picker(form) == ["acme", "acme_news"]
    refused = await two.press(form.action, values={"text": "Hello you", "account": "gone"})
    again = (await two.press(refused.failure, "Change it")).form
    assert again.about == "account"
    assert {item.name: item.value for item in again.inputs} == {"text": "Hello you", "account": "gone"}
    renewed = await two.press(again.action, values={"text": "Hello you", "account": "acme_news"})
    assert field_of(renewed.card, "Account") == "@acme_news"
    assert "Hello you" in words(renewed.card)


async def test_a_text_edit_keeps_why_the_account_acts(two: BotHarness) -> None:
    await two.say("account use acme")
    form = (await two.press(await two.say('tweet post "Helo"'), "Edit")).form
    renewed = await two.press(form.action, values={"text": "Hello"})
    assert field_of(renewed.card, "Account") == "@acme (the default here)"


@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        (LIKE, "Several X accounts are connected (@acme, @acme_news)", 2),
        (f"{LIKE} account:nobody", "not connected", 1),
        (f"{LIKE} account:acme_news", "@acme_news", 0),
    ],
)
async def test_in_a_pipe_the_accounts_are_named_and_one_is_taken(
    two: BotHarness, capsys: pytest.CaptureFixture[str], line: str, said: str, code: int
) -> None:
    request = Request(line, "ada", admin=True, as_json=False, yes=False)
    assert await converse(two.app, HERE, request) == code
    shown = capsys.readouterr()
    assert said in " ".join((shown.out + shown.err).split())


@pytest.mark.parametrize("line", ["tweet post text:Hello account:acme", f"tweet like {TWEET} account:acme"])
async def test_who_was_confirmed_acts_whatever_it_is_called_by_then(two: BotHarness, line: str) -> None:
    """And nobody else, also where another connected account has taken the username."""
    asked = await two.say(line)
    accounts = two.sandbox.sandbox.accounts
    meant, other = sorted(accounts, key=lambda one: one.username)
    meant.username, other.username = "acme_before", "acme"
    for one in (meant, other):
        accounts.put(one)
    done = await two.confirm(asked)
    (acted,) = two.sandbox.sandbox.actions
    assert (acted.account_id, acted.status) == (meant.id, "success")
    assert "@acme_before" in words(done) and "@acme " not in f"{words(done)} "
    if "post" in line:
        deleting = await two.press(done, "Delete")
        assert "@acme_before" in words(deleting.card)
