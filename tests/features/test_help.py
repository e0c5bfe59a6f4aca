"""`help`: everything, a group, and one command."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Code, Text
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.messages.message import ENGLISH, spread_line
from bot.features.catalogue import catalogue
from tests.features.edge import field_of, words
from tests.features.harness import ADMIN, HERE, BotHarness


async def test_a_command_is_explained_with_every_option_and_example(house: BotHarness) -> None:
    card = (await house.say("help relay filter")).card
    assert card.title == "Help: relay filter"
    command = catalogue().command(("relay", "filter"))
    assert command is not None
    for parameter in command.parameters:
        label = f"{parameter.name} (required)" if parameter.required else parameter.name
        assert parameter.description in field_of(card, label)
    for example in command.examples:
        assert f"Example: {example}" in words(card)


async def test_a_group_with_many_options_names_where_they_are(house: BotHarness) -> None:
    said = words((await house.say("help relay")).card)
    assert "shows the options of one command" in said
    for command in (c for c in catalogue() if c.path[0] == "relay"):
        assert command.described in said
    assert "winners" in words((await house.say("help draw")).card), "a small group shows them at once"


async def test_a_verb_with_a_slip_names_the_right_one(house: BotHarness) -> None:
    screen = await house.say("help relay fliter")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "Did you mean 'filter'?" in words(screen.failure)


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("post", "tweet post"),
        ("giveaway", "draw run"),
        ("watch", "monitor add"),
        ("Raffle", "draw run"),
        ("relay delete", "relay remove"),
        ("monitor search", "monitor keyword"),
        ("filter", "relay filter"),
        ("compose", "tweet compose"),
        ("balance", "credits show"),
        ("/retweet", "tweet repost"),
    ],
)
async def test_other_words_are_helped_as_well(house: BotHarness, topic: str, title: str) -> None:
    assert (await house.say(f"help {topic}")).card.title == f"Help: {title}"


@pytest.mark.parametrize(
    ("topic", "said"),
    [("undo", "relay resume"), ("alerts", "'relay add' or 'relay list'"), ("delete", "'tweet delete'")],
)
async def test_a_word_with_several_meanings_names_them(house: BotHarness, topic: str, said: str) -> None:
    screen = await house.say(f"help {topic}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert said in words(screen.failure)


async def test_groups_and_commands_are_suggested_as_topics(house: BotHarness) -> None:
    dispatcher = house.app.dispatcher
    found = await dispatcher.suggest(house.invocation(ADMIN, HERE), ("help",), "topic", "relay")
    names = [choice.value for choice in found]
    assert names[0] == "relay"
    assert "relay filter" in names


@pytest.mark.parametrize("topic", ["抽奖", "10pm", "poll", "relay 抽奖", "delete"])
async def test_an_unknown_topic_does_not_lead_to_the_help_of_help(house: BotHarness, topic: str) -> None:
    screen = await house.say(f"help {topic}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "help help" not in words(screen.failure)
    assert "help lists every command." in words(screen.failure)


async def test_what_no_command_does_is_answered_with_commands_drawn_as_code(house: BotHarness) -> None:
    for line in ("help undo", "undo", "relay undo"):
        failure = (await house.say(line)).failure
        remedy = failure.blocks[1]
        assert "There is no undo." in words(failure) and isinstance(remedy, Text)
        assert {Code("tweet delete"), Code("relay resume")} <= set(spread_line(remedy.line, ENGLISH))
