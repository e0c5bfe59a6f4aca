"""Forms with every option, for platforms that show as many: nothing is said by what is left as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.discord import forms as discord_forms
from adapters.slack import forms as slack_forms
from bot.cards.draws import filter_words
from bot.core.chat.actions import ActionRef
from bot.core.commands.binding import bind
from bot.core.commands.declaring import Command, OptionKind
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.forms import form_for
from bot.core.commands.grammar import Parsed, parse
from bot.features.catalogue import catalogue
from tests.features.edge import Screen, field_of, words
from tests.features.harness import ADMIN, HERE, TWEET, BotHarness

REAL = catalogue()
NAMED = next(command for command in REAL if command.name == "relay edit")
ALL = [command for command in REAL if command.parameters and not command.form_first]


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_a_form_that_is_sent_as_it_is_shown_says_what_the_line_said(command: Command[Any]) -> None:
    for example in command.examples or (command.name,):
        parsed = parse(REAL, example)
        assert isinstance(parsed, Parsed)
        form = form_for(command, parsed.values, ActionRef("form.command", "k"), most=99)
        assert {one.name for one in form.inputs} == {one.name for one in command.parameters}
        sent = {one.name: (one.value,) for one in form.inputs}
        assert bind(command, sent, from_form=True) == bind(command, parsed.values), example


def test_no_command_has_more_options_than_a_form_of_slack() -> None:
    assert max(len(command.parameters) for command in REAL) < 99


async def opened(house: BotHarness, line: str, fields: int) -> Screen:
    invocation = house.invocation(ADMIN, HERE)
    screen = Screen(invocation.place, form_inputs=fields)
    screen.outcome = await house.app.dispatcher.run_text(invocation, line, screen)
    return screen


async def test_where_there_is_room_every_rule_of_a_draw_is_asked_for(house: BotHarness) -> None:
    screen = await opened(house, "draw run", 99)
    named = [one.name for one in screen.form.inputs]
    assert named[0] == "tweet" and {"keywords", "hashtags", "language", "account_age"} <= set(named)
    proposed = await house.submit(
        screen,
        tweet=TWEET,
        winners="2",
        keywords="İlk, 第一, पहला",
        language="tr",
        must_retweet="yes",
        hashtags="",
    )
    assert field_of(proposed.card, "Winners") == "2"
    assert "says İlk, 第一, पहला" in words(proposed.card) and "must have reposted" in words(proposed.card)
    assert filter_words({}) == ()


@pytest.mark.parametrize("fields", [5, 99])
async def test_what_was_given_and_finds_no_field_is_kept(house: BotHarness, fields: int) -> None:
    line = "draw run winners:2 backups:1 min_followers:7 account_age:30d language:tr"
    line += " keywords:ay,güneş mentions:nasa"
    screen = await opened(house, line, fields)
    assert len(screen.form.inputs) == min(fields, 12)
    sent = {one.name: one.value for one in screen.form.inputs} | {"tweet": TWEET}
    proposed = await house.submit(screen, **sent)
    said = words(proposed.card)
    for word in ("at least 7 followers", "30 days", "language tr", "says ay, güneş", "mentions @nasa"):
        assert word in said, word
    assert field_of(proposed.card, "Backups") == "1"


async def test_what_is_emptied_in_a_form_is_taken_back(house: BotHarness) -> None:
    screen = await opened(house, "draw run min_followers:7 language:tr", 99)
    sent = {one.name: one.value for one in screen.form.inputs} | {"tweet": TWEET, "min_followers": ""}
    said = words((await house.submit(screen, **sent)).card)
    assert "followers" not in said.partition("Who can win")[2] and "language tr" in said


async def test_a_form_of_a_route_changes_only_what_is_entered(house: BotHarness) -> None:
    await house.say("relay add channel:#alerts account:nasa name:space replies:no contains:launch watch:no")
    before = await house.app.services.relay.routes.named(HERE, "space")
    for verb in ("filter", "timing", "edit", "look"):
        screen = await opened(house, f"relay {verb}", 99)
        sent = {one.name: one.value for one in screen.form.inputs} | {"route": "space"}
        sent_screen = await house.submit(screen, **sent)
        assert sent_screen.outcome in (InvocationOutcome.OK, InvocationOutcome.NOT_UNDERSTOOD), verb
    after = await house.app.services.relay.routes.named(HERE, "space")
    assert before == after


async def test_an_error_in_a_whole_form_opens_it_whole_again(house: BotHarness) -> None:
    screen = await opened(house, "draw run", 99)
    failed = await house.submit(screen, tweet=TWEET, language="Klingon", keywords="x")
    assert "Klingon" in words(failed.failure)
    ref = failed.failure.buttons[0].action
    assert ref is not None
    invocation = house.invocation(ADMIN, HERE)
    again = Screen(invocation.place, form_inputs=99)
    await house.app.dispatcher.press(invocation, ref, again)
    values = {one.name: one.value for one in again.form.inputs}
    assert again.form.about == "language" and len(values) == 12
    assert (values["language"], values["keywords"]) == ("Klingon", "x")


def test_fields_whose_values_are_known_name_where_to_ask() -> None:
    for command in REAL:
        form = form_for(command, {}, ActionRef("form.command", "k"), most=99)
        for parameter in command.parameters:
            field = next(one for one in form.inputs if one.name == parameter.name)
            offers = bool(parameter.suggest) or (parameter.many and parameter.kind is OptionKind.CHOICE)
            assert (field.suggested is not None) == offers, (command.name, parameter.name)


@pytest.mark.parametrize("line", ["monitor keyword query", "relay add keyword", "tweet compose topic"])
def test_what_may_be_long_is_typed_on_several_lines(line: str) -> None:
    *path, option = line.split()
    command = next(one for one in REAL if one.path == tuple(path))
    form = form_for(command, {}, ActionRef("form.command", "k"), most=99)
    field = next(one for one in form.inputs if one.name == option)
    assert slack_forms.element_of(field)["multiline"] is True
    (label,) = discord_forms.modal(replace(form, inputs=(field,), note=""))["components"]
    assert label["component"]["style"] == 2
    name = next(one for one in form_for(NAMED, {}, form.action, most=99).inputs if one.name == "name")
    assert slack_forms.element_of(name)["multiline"] is False
