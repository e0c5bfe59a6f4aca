"""`help`: everything, a group, and one command."""

from __future__ import annotations

import pytest

from bot.cards.help import default_words
from bot.core.chat.cards import Code, Text
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.messages.message import ENGLISH, spread_line
from bot.features.catalogue import catalogue, declared
from tests.features.edge import field_of, words
from tests.features.harness import ADMIN, HERE, MEMBER, BotHarness


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
    ("topic", "listed"),
    [
        ("alerts", ("relay add", "relay list")),
        ("delete", ("tweet delete",)),
        ("followers", ("user followers", "list followers")),
    ],
)
async def test_a_word_of_several_commands_lists_them(
    house: BotHarness, topic: str, listed: tuple[str, ...]
) -> None:
    screen = await house.say(f"help {topic}")
    assert screen.outcome is InvocationOutcome.OK
    assert all(f"{one} – " in words(screen.card) for one in listed), words(screen.card)


async def test_a_word_that_no_command_does_says_so(house: BotHarness) -> None:
    screen = await house.say("help undo")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "relay resume" in words(screen.failure)


async def test_groups_and_commands_are_suggested_as_topics(house: BotHarness) -> None:
    dispatcher = house.app.dispatcher
    found = await dispatcher.suggest(house.invocation(ADMIN, HERE), ("help",), "topic", "relay")
    names = [choice.value for choice in found]
    assert names[0] == "relay"
    assert "relay filter" in names


@pytest.mark.parametrize("topic", ["抽奖", "10pm", "poll", "relay 抽奖"])
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


JOBS = {
    "pick a winner": "draw run",
    "how do I pick a random winner": "draw run",
    "run a giveaway": "draw run",
    "choose winners": "draw run",
    "next backup": "draw show",
    "has this account reposted": "draw check",
    "export winners": "draw export",
    "download video": "media get",
    "how do I download a video": "media get",
    "save photos": "media get",
    "subtitles of a video": "media subtitles",
    "who follows whom": "user check",
    "follow back": "user check",
    "do they follow each other": "user check",
    "does she follow me": "user check",
    "mutual followers": "user mutuals",
    "export followers": "user followers",
    "list of followers": "user followers",
    "verified followers": "user verified",
    "compare two accounts": "user compare",
    "find a person": "user search",
    "how many followers": "user show",
    "who mentions me": "user mentions",
    "best time to post": "user insights",
    "similar accounts": "user similar",
    "stop following an account": "user unfollow",
    "remove a follower": "user remove-follower",
    "publish a tweet": "tweet post",
    "post a picture": "tweet post",
    "answer a tweet": "tweet reply",
    "split a long text": "tweet thread-post",
    "post a thread": "tweet thread-post",
    "send a DM": "dm send",
    "unsend a message": "dm delete",
    "retweet with comment": "tweet quote",
    "take a tweet down": "tweet delete",
    "unlike a tweet": "tweet unlike",
    "take back a like": "tweet unlike",
    "undo a retweet": "tweet unrepost",
    "who liked my tweet": "tweet likers",
    "who retweeted": "tweet retweeters",
    "who quoted this": "tweet quotes",
    "unroll a thread": "tweet thread",
    "tweets near a place": "tweet search",
    "search by hashtag": "tweet search",
    "viral tweets": "tweet top",
    "views of a tweet": "tweet insights",
    "translate a tweet": "tweet translate",
    "rate my tweet": "tweet score",
    "ideas for a tweet": "tweet compose",
    "did my tweet go through": "tweet action",
    "alert when someone tweets": "monitor add",
    "notify me of new tweets": "monitor add",
    "track a hashtag": "monitor keyword",
    "watch a tweet": "monitor post",
    "likes over time": "monitor metrics",
    "what am I watching": "monitor list",
    "stop watching": "monitor pause",
    "send tweets to Slack": "relay add",
    "quiet at night": "relay timing",
    "too many messages": "relay timing",
    "only tweets with photos": "relay filter",
    "ping a role": "relay look",
    "mute someone": "relay mute",
    "why did the tweet not arrive": "relay why",
    "send again what was missed": "relay replay",
    "price of followers": "extract estimate",
    "export likers": "extract run",
    "scrape tweets": "extract run",
    "what does it cost": "credits show",
    "remaining credits": "credits show",
    "spending limit": "setup spending",
    "enter the API key": "setup key",
    "switch account": "account use",
    "who may post": "policy grant",
    "give someone permission": "policy grant",
    "change my timezone": "me timezone",
    "change the language": "me language",
    "what is trending": "trends show",
    "save for later": "draft save",
    "my bookmarks": "bookmarks show",
    "read my DMs": "dm history",
    "members of a list": "list members",
    "find a community": "community find",
    "recording of a Space": "space replay",
    "is someone live": "broadcast live",
    "change my bio": "profile edit",
    "write like someone": "style analyze",
    "what do people think": "analyze sentiment",
    "expand a link": "link resolve",
    "embed a tweet on a website": "link embed",
}


@pytest.mark.parametrize(("asked", "command"), JOBS.items())
async def test_a_job_in_peoples_words_leads_to_its_command_first(
    house: BotHarness, asked: str, command: str
) -> None:
    card = (await house.say(f"help {asked}")).card
    said = words(card)
    first = card.title.removeprefix("Help: ")
    if first != command:
        assert said.splitlines()[2].startswith(f"{command} – "), said


def test_every_phrase_leads_to_commands_that_there_are() -> None:
    for phrase, paths in catalogue().meanings.phrases.items():
        assert phrase.isascii() and all(catalogue().command(path) for path in paths), phrase


@pytest.mark.parametrize(
    "asked", ["schedule a tweet", "buy followers", "make coffee", "抽奖 谁", "undo the last thing", "🎉 🎉"]
)
async def test_a_job_that_no_command_does_is_not_made_up(house: BotHarness, asked: str) -> None:
    screen = await house.say(f"help {asked}")
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    if "schedule" in asked:
        assert "Tweets cannot be scheduled" in words(screen.failure)


async def test_a_line_of_words_that_is_no_command_is_led_too(house: BotHarness) -> None:
    failure = (await house.say("who follows whom")).failure
    assert "Did you mean 'user check'?" in words(failure)


async def test_a_member_is_led_to_what_they_may_run(house: BotHarness) -> None:
    said = await house.say("help change the language", actor=MEMBER)
    assert "me language" in words(said.card) and "setup language" not in words(said.card)


def test_a_default_is_told_as_it_is_chosen() -> None:
    for command in declared():
        for one in command.parameters:
            told = default_words(one)
            if one.choices and told and not isinstance(one.default, bool):
                assert str(told).removesuffix(" if left out") in one.said, f"{command.name} {one.name}"
