"""Rules of `policy`: at every way in, in what is shown, and explained."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.access import Actor
from bot.core.chat.ids import Destination
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.policy import PolicyRule
from tests.features.edge import Screen, buttons, ref_of, rows_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, TEAM, TWEET, BotHarness
from tests.features.test_pickers import typed, values

OK, NOT_PERMITTED = InvocationOutcome.OK, InvocationOutcome.NOT_PERMITTED
MOD = Actor("mia", "Mia", roles=frozenset({"mods"}))
DRAW = f"draw run {TWEET}"


async def test_a_command_is_allowed_to_a_role_that_may_not_spend(house: BotHarness) -> None:
    assert (await house.say(DRAW, MOD)).outcome is NOT_PERMITTED
    done = await house.say("policy allow draw run to:role:mods")
    assert done.card.title == "Allowed" and "role:mods" in words(done.card)
    proposed = await house.say(DRAW, MOD)
    assert proposed.outcome is OK
    assert (await house.say("trends US", MOD)).outcome is NOT_PERMITTED
    assert (await house.say(DRAW, MEMBER)).outcome is NOT_PERMITTED
    # Confirm is of the command too, though drawing needs `spend`.
    refused = await house.press(ref_of(proposed.card, "Confirm"), actor=MEMBER)
    assert refused.outcome is NOT_PERMITTED
    outcome = await house.confirm(proposed, MOD)
    assert outcome.title != "Not confirmed" and "winner" in words(outcome).lower()


async def test_what_was_denied_meanwhile_is_not_confirmed_edited_or_retried(house: BotHarness) -> None:
    await house.say("policy grant publish to:user:ben")
    proposed = await house.say('tweet post "Hello"', MEMBER)
    await house.say("policy deny tweet post to:user:ben")
    for label in ("Confirm", "Edit"):
        refused = await house.press(ref_of(proposed.card, label), actor=MEMBER)
        assert refused.outcome is NOT_PERMITTED, label
        assert "A rule does not let you" in words(refused.failure)
    assert (await house.state())["requests"].get("POST /x/tweets") is None
    # Who asked may always decide against it.
    assert (await house.press(ref_of(proposed.card, "Cancel"), actor=MEMBER)).outcome is OK


async def test_what_failed_is_not_tried_again_once_it_was_denied(house: BotHarness) -> None:
    await house.say("policy grant publish to:user:ben")
    proposed = await house.say('tweet post "Hello"', MEMBER)
    await house.fault(
        method="POST", path="/x/tweets", status=422, code="x_target_not_found", safe_to_retry=True, times=1
    )
    outcome = await house.confirm(proposed, MEMBER)
    again = ref_of(outcome, "Try again")
    await house.say("policy deny tweet post to:user:ben")
    refused = await house.press(again, actor=MEMBER)
    assert refused.outcome is NOT_PERMITTED and "A rule does not let you" in words(refused.failure)
    # Whoever may still post, may.
    anew = await house.press(again)
    assert anew.outcome is OK and "Hello" in words(anew.card)


async def test_confirm_goes_by_the_command_that_was_run_and_not_by_its_kind(house: BotHarness) -> None:
    await house.say("policy allow tweet quote to:role:mods")
    proposed = await house.say(f'tweet quote {TWEET} text:"Worth a look"', MOD)
    assert proposed.outcome is OK
    assert "Posted" in (await house.confirm(proposed, MOD)).title
    assert (await house.say('tweet post "Hello"', MOD)).outcome is NOT_PERMITTED


async def test_a_channel_is_closed_with_its_threads_and_others_are_not(house: BotHarness) -> None:
    await house.say("policy deny draw channel:#alerts")
    [rule] = (await house.app.services.grants.policy(HERE)).rules
    assert (await house.say(DRAW, channel=rule.channel)).outcome is NOT_PERMITTED
    assert (await house.say(DRAW)).outcome is OK
    inside = replace(house.invocation(ADMIN, HERE), place=Destination(HERE, rule.channel, "t1"))
    screen = Screen(inside.place)
    assert await house.app.dispatcher.run_text(inside, DRAW, screen) is NOT_PERMITTED


async def test_pages_and_files_of_a_list_that_was_denied_meanwhile(house: BotHarness) -> None:
    shown = await house.done("user followers @nasa")
    labels = [button.label for button in buttons(shown.card)]
    await house.say("policy deny user followers group:everyone")
    for button in buttons(shown.card):
        if button.action is None:
            continue
        pressed = await house.press(button.action)
        assert pressed.outcome is NOT_PERMITTED, button.label
    assert any("file" in label for label in labels)


async def test_a_form_that_was_open_when_it_was_denied_is_not_taken(house: BotHarness) -> None:
    opened = await house.say("draw run")
    assert opened.outcome is InvocationOutcome.FORM
    await house.say("policy deny draw run group:everyone")
    sent = await house.press(opened.form.action, values={"tweet": TWEET})
    assert sent.outcome is NOT_PERMITTED


async def test_the_menu_of_a_message_and_a_link_alone_obey(house: BotHarness) -> None:
    await house.say("policy deny tweet reply group:everyone")
    assert (await house.act("Draft a reply", TWEET)).outcome is NOT_PERMITTED
    offered = {button.label for button in buttons((await house.say(TWEET)).card)}
    await house.say("policy deny tweet show group:everyone")
    fewer = {button.label for button in buttons((await house.say(TWEET)).card)}
    assert fewer < offered


async def test_a_button_below_a_message_goes_by_its_command(house: BotHarness) -> None:
    posted = await house.confirm(await house.say('tweet post "Hello"'))
    await house.say("policy deny tweet delete group:everyone")
    assert (await house.press(posted, "Delete")).outcome is NOT_PERMITTED
    assert (await house.press(posted, "Reply")).outcome is InvocationOutcome.FORM


async def test_help_and_completion_agree_with_the_verdict(house: BotHarness) -> None:
    shown = words((await house.say("help draw", MOD)).card)
    assert "draw run" not in shown and (await house.say("help draw run", MOD)).outcome is NOT_PERMITTED
    await house.say("policy allow draw run to:role:mods")
    await house.say("policy deny draw show to:role:mods")
    shown = words((await house.say("help draw", MOD)).card)
    assert "draw run" in shown and "draw show" not in shown
    assert (await house.say("help draw run", MOD)).outcome is OK
    topics = values(await typed(house, "help topic", "draw", actor=MOD))
    assert "draw run" in topics and "draw show" not in topics
    assert await typed(house, "draw show draw", actor=MOD) == []


async def test_what_is_completed_follows_a_command_that_was_allowed(house: BotHarness) -> None:
    await house.confirm(await house.say(DRAW))
    await house.say("draw list")
    assert await typed(house, "draw export draw", actor=MOD) == []
    assert await typed(house, "draw show draw", actor=MOD) == [], "it is for everyone, the list is not"
    await house.say("policy allow draw export to:role:mods")
    assert len(await typed(house, "draw export draw", actor=MOD)) == 1


async def test_the_bot_is_closed_in_a_channel_and_admins_can_mend_it(house: BotHarness) -> None:
    await house.say("policy deny use group:everyone")
    assert (await house.say("radar", MEMBER)).outcome is NOT_PERMITTED
    assert (await house.say("trends US")).outcome is NOT_PERMITTED
    assert (await house.say("policy deny policy group:everyone")).outcome is OK
    assert (await house.say("policy deny manage group:admins")).outcome is OK
    for line in ("policy list", "policy show", "policy test trends", "setup status", "help"):
        assert (await house.say(line)).outcome is OK, line
    assert (await house.say("policy reset all")).outcome is OK
    assert (await house.say("trends US")).outcome is OK
    assert (await house.app.services.grants.policy(HERE)).rules == ()


async def test_test_says_which_rule_decided_and_which_gave_way(house: BotHarness) -> None:
    await house.say("policy deny spend channel:#general")
    await house.say("policy allow draw run to:role:mods channel:#general")
    said = (await house.say("policy test draw run", MOD)).card
    assert said.title == "Yes: draw run"
    assert "This rule decides: allow draw run, for role:mods" in words(said)
    assert "give way: deny spend, for everyone" in words(said)
    said = (await house.say("policy test trends show", MOD)).card
    assert said.title == "No: trends show" and "deny spend" in words(said)
    assert (await house.say("policy test spend group:everyone", MOD)).outcome is NOT_PERMITTED
    said = (await house.say("policy test draw to:role:mods channel:#alerts", TEAM)).card
    assert ["draw run", "no"] in [row[:2] for row in rows_of(said)]
    assert ["draw show", "yes"] in [row[:2] for row in rows_of(said)]
    said = (await house.say("policy test manage to:admins")).card
    assert "An admin always may" in words(said)


async def test_test_asks_the_platform_who_a_person_is(house: BotHarness) -> None:
    house.wall.people |= {"mia": MOD, "ben": MEMBER}
    await house.say("policy allow draw run to:role:mods")
    assert (await house.say("policy test draw run to:user:mia")).card.title == "Yes: draw run"
    assert (await house.say("policy test draw run to:user:ben")).card.title == "No: draw run"


async def test_one_rule_about_the_same_takes_the_place_of_the_other(house: BotHarness) -> None:
    await house.say("policy deny draw run to:role:mods")
    turned = await house.say("policy allow draw run to:role:mods")
    assert "takes the place of the opposite" in words(turned.card)
    assert len(rows_of((await house.say("policy list")).card)) == 1
    assert "1 rule stands above" in words((await house.say("policy show")).card)


@pytest.mark.parametrize(
    ("reset", "left"),
    [
        ("draw run", {("draw", "everyone"), ("spend", "user"), ("trends", "role")}),
        ("all to:user:ben", {("draw run", "everyone"), ("draw", "everyone"), ("trends", "role")}),
        ("all channel:#general", {("draw run", "everyone"), ("spend", "user"), ("trends", "role")}),
        ("all", set()),
    ],
)
async def test_reset_takes_away_what_is_named(
    house: BotHarness, reset: str, left: set[tuple[str, str]]
) -> None:
    await house.say("policy deny draw run group:everyone")
    await house.say("policy deny draw channel:#general")
    await house.say("policy deny spend to:user:ben")
    await house.say("policy allow trends to:role:mods")
    await house.say(f"policy reset {reset}")
    stored = (await house.app.services.grants.policy(HERE)).rules
    assert {(one.what, one.kind) for one in stored} == left
    assert (await house.say("policy reset all to:role:nobody")).outcome is not OK


@pytest.mark.parametrize("what", ["draw runn", "spendd", "nothing at all", "more"])
async def test_what_is_no_command_is_refused_with_the_nearest(house: BotHarness, what: str) -> None:
    refused = await house.say(f"policy deny {what}")
    assert refused.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "no command and no permission" in words(refused.failure)


async def test_a_place_has_so_many_rules_and_no_more(house: BotHarness) -> None:
    for number in range(200):
        await house.app.services.rules.put(HERE, _rule(f"r{number}"))
    refused = await house.say("policy deny draw run")
    assert "200 rules" in words(refused.failure)
    # One that is there already may be turned.
    assert (await house.say("policy allow draw to:role:r7")).outcome is OK


def _rule(role: str) -> PolicyRule:
    return PolicyRule("draw", "role", role)


def test_every_button_names_a_command_that_there_is(house: BotHarness) -> None:
    known = house.app.dispatcher.catalogue
    # What a command of these needs is looked up when they are pressed; or they are of no command.
    of_none = {"event.more", "silence.why", "list.file", "list.filehere", "list.on", "privacy.delete"}
    for action in known.actions:
        if action.name in of_none or action.name.startswith("pending."):
            assert action.command == ""
            continue
        command = known.command(tuple(action.command.split()))
        assert command is not None, action.name


async def test_who_may_use_nothing_here_is_told_which_rule_it_is(house: BotHarness) -> None:
    await house.say("policy deny use to:user:ben channel:#general")
    for line in ("help", "policy test help", "policy test policy test", "trends show"):
        said = words((await house.say(line, MEMBER)).failure)
        assert "deny use, for @ben, #general" in said or "deny use, for ben, c2" in said, said
        assert "policy test" not in said.partition("channel")[2], "which nobody could follow here"


@pytest.mark.parametrize("line", ["policy deny privacy export to:user:ben", "policy deny privacy"])
async def test_a_rule_that_could_keep_nobody_from_anything_is_refused(house: BotHarness, line: str) -> None:
    refused = await house.say(line)
    assert "Nobody can be kept from" in words(refused.failure)
    assert (await house.app.services.grants.policy(HERE)).rules == ()
    assert "no rule keeps anybody from it" in words((await house.say("policy test privacy export")).card)
    assert "no rule keeps anybody from it" in words((await house.say("policy test privacy")).card)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("policy deny credits topup group:admins", "It changes nothing for admins"),
        ("policy deny setup", "Admins may do it all the same"),
        ("policy deny use channel:#alerts", "Admins keep what of it needs only use or manage"),
        ("policy deny credits", "Admins keep what of it needs only"),
    ],
)
async def test_a_rule_from_which_admins_are_exempt_says_so(house: BotHarness, line: str, said: str) -> None:
    assert said in words((await house.say(line)).card)


async def test_a_rule_that_admins_feel_says_nothing_of_that(house: BotHarness) -> None:
    said = words((await house.say("policy deny draw run group:admins")).card)
    assert "Admins" not in said and "changes nothing" not in said


async def test_what_costs_is_closed_to_admins_too_by_a_rule_on_use(house: BotHarness) -> None:
    """As decision 34 has it; the answer to the rule and its trial say so."""
    await house.say("policy deny use")
    assert (await house.say("policy test tweet show")).card.title == "No: tweet show"
    assert (await house.say("policy test radar")).card.title == "Yes: radar show"
    assert (await house.say(f"tweet show {TWEET}")).outcome is NOT_PERMITTED
