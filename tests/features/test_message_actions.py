"""The menu of a message that links to a tweet: each entry runs its command, with the link filled in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.chat.answers import Audience
from bot.core.commands.asking import FORM_LIFETIME
from bot.core.commands.declaring import Catalogue
from bot.core.commands.dispatch import InvocationOutcome
from bot.core.commands.offers import MessageAction
from bot.features.catalogue import catalogue
from bot.features.help.offers import OFFERS
from tests.features.edge import Screen, buttons, ref_of, words
from tests.features.harness import ADMIN, ELSEWHERE, MEMBER, TWEET, BotHarness

NASA = "https://x.com/nasa/status/1893600000000000001"
ENTRIES = {action.name: offer for action, offer in catalogue().message_actions}
COMMANDS = {
    "Show tweet": "tweet show",
    "Run a draw": "draw run",
    "Download media": "media get",
    "Draft a reply": "tweet reply",
    "Translate tweet": "tweet translate",
    "Watch tweet": "monitor post",
}
RUNNING = ("Show tweet", "Download media", "Translate tweet", "Watch tweet")
ASKING = ("Run a draw", "Draft a reply")


def _given(screen: Screen, name: str) -> str:
    return {field.name: field.value for field in screen.form.inputs}[name]


def test_each_entry_is_declared_once_and_stands_for_a_command_that_takes_the_link() -> None:
    whole = catalogue()
    assert {name: " ".join(offer.path) for name, offer in ENTRIES.items()} == COMMANDS
    for offer in ENTRIES.values():
        command = whole.command(offer.path)
        assert command is not None and command.main is not None
        assert command.main.name == offer.option and command.main.kind.value == "tweet"
    keys = [action.key for action, _ in whole.message_actions]
    assert len({*keys}) == len(keys)
    assert not replace(whole, groups=whole.groups[:1]).message_actions, "only those whose commands there are"
    assert not Catalogue(whole.groups).message_actions
    assert {offer for some in OFFERS.values() for offer in some} >= {*ENTRIES.values()}


@pytest.mark.parametrize("long", [("x" * 25, "Short"), ("Short", "x" * 151)])
def test_a_name_that_a_platform_would_cut_is_refused(long: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="longer name than platforms take"):
        MessageAction("key", *long)


@pytest.mark.parametrize("name", RUNNING)
async def test_an_entry_answers_as_its_command_does(house: BotHarness, name: str) -> None:
    told = await house.act(name, f"look: <{TWEET}|here>")
    typed = await house.say(f"{COMMANDS[name]} {TWEET}")
    assert told.outcome is typed.outcome is InvocationOutcome.OK
    assert told.names == typed.names and told.steps[0] == typed.steps[0], "acknowledged for the same eyes"
    assert told.card.title == typed.card.title


@pytest.mark.parametrize("name", ASKING)
async def test_an_entry_that_asks_opens_its_form_with_the_link(house: BotHarness, name: str) -> None:
    asked = await house.act(name, "no link here", f"[words]({TWEET})")
    assert asked.outcome is InvocationOutcome.FORM and _given(asked, "tweet") == TWEET
    typed = {"winners": "2"} if name == "Run a draw" else {"text": "Well done"}
    proposed = await house.submit(asked, **typed)
    assert ref_of(proposed.card, "Confirm")


async def test_watch_asks_before_it_costs_anything(house: BotHarness) -> None:
    asked = await house.act("Watch tweet", TWEET)
    assert asked.steps[0] == ("acknowledge", Audience.PRIVATE)
    assert "30 credits an hour" in words(asked.card)
    assert (await house.confirm(asked)).title == "Watching a tweet"


async def test_a_tweet_is_translated_into_the_language_of_who_asks(house: BotHarness) -> None:
    turkish = await house.act("Translate tweet", TWEET, locale="tr")
    assert words(turkish.card) == words((await house.say(f"tweet translate {TWEET} language:tr")).card)
    german = await house.act("Translate tweet", TWEET, locale="de")
    assert words(german.card) != words(turkish.card)
    english = await house.act("Translate tweet", TWEET)
    await house.say("me language en")
    chosen = await house.act("Translate tweet", TWEET, locale="tr")
    assert words(chosen.card) == words(english.card), (
        "what somebody chose comes before what the platform tells"
    )


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_message_without_a_link_is_told_what_was_looked_for(house: BotHarness, name: str) -> None:
    before = await house.credits()
    hostile = "@everyone <@1> **x** https://t.co/abc https://x.com.evil.example/nasa/status/20"
    refused = await house.act(name, hostile)
    said = words(refused.failure)
    assert refused.outcome is InvocationOutcome.FAILED and refused.names == ["fail"]
    assert "no link to a tweet" in said and "https://x.com/nasa/status/12345" in said and "t.co" in said
    assert "evil" not in said and "everyone" not in said
    assert await house.credits() == before


@pytest.mark.parametrize("name", COMMANDS)
async def test_who_may_not_is_told_so_whatever_the_message_holds(house: BotHarness, name: str) -> None:
    for text in (TWEET, f"{TWEET} {NASA}", "nothing"):
        refused = await house.act(name, text, actor=MEMBER)
        assert refused.outcome is InvocationOutcome.NOT_PERMITTED
        assert "You may not" in words(refused.failure) and "This needs" in words(refused.failure)


async def test_without_a_key_it_is_said_how_to_give_one(house: BotHarness) -> None:
    refused = await house.act("Show tweet", TWEET, tenant=ELSEWHERE)
    assert "setup key" in words(refused.failure)


@pytest.mark.parametrize("name", COMMANDS)
async def test_of_several_links_one_is_chosen(house: BotHarness, name: str) -> None:
    before = await house.credits()
    choice = await house.act(name, f"{NASA} and https://twitter.com/i/web/status/{TWEET[-19:]}", TWEET)
    assert choice.names == ["answer"] and choice.card.title == name
    assert await house.credits() == before, "asking costs nothing"
    labels = [button.label for button in buttons(choice.card)]
    every = ["All 2 tweets"] if name == "Download media" else []
    assert labels == ["1 · @nasa", "2 · @xquik", *every]
    assert NASA in words(choice.card) and TWEET in words(choice.card)
    chosen = await house.press(choice, "2 · @xquik")
    if name in ASKING:
        assert _given(chosen, "tweet") == TWEET
    else:
        typed = await house.say(f"{COMMANDS[name]} {TWEET}")
        assert (chosen.outcome, chosen.card.title) == (typed.outcome, typed.card.title)
    refused = await house.press(choice, "1 · @nasa", actor=MEMBER)
    assert refused.outcome is InvocationOutcome.NOT_PERMITTED
    house.clock.advance(FORM_LIFETIME + 1)
    gone = "This form was open for too long" if name in ASKING else "This button has expired"
    assert gone in words((await house.press(choice, "1 · @nasa")).failure)


async def test_the_media_of_all_links_are_saved_at_once(house: BotHarness) -> None:
    choice = await house.act("Download media", f"{NASA} {TWEET}")
    saved = await house.press(choice, "All 2 tweets")
    typed = await house.say(f"media get {NASA} {TWEET}")
    assert saved.outcome is InvocationOutcome.OK and saved.card.title == typed.card.title


async def test_of_many_links_ten_are_listed_and_the_rest_is_counted(house: BotHarness) -> None:
    links = [f"https://x.com/i/status/{n}" for n in range(101, 114)]
    choice = await house.act("Show tweet", " ".join(links), actor=ADMIN)
    assert [button.label for button in buttons(choice.card)] == [str(n) for n in range(1, 11)]
    said = words(choice.card)
    assert "/110" in said and "/111" not in said and "3 more are not listed." in said
    every = buttons((await house.act("Download media", " ".join(links))).card)[-1]
    assert every.label == "All 13 tweets"


async def test_more_than_a_command_takes_are_not_offered_at_once(house: BotHarness) -> None:
    links = [f"https://x.com/i/status/{n}" for n in range(1000, 1501)]
    choice = await house.act("Download media", " ".join(links))
    assert [button.label for button in buttons(choice.card)] == [str(n) for n in range(1, 11)]
    assert "491 more are not listed." in words(choice.card)


async def test_help_says_where_the_entries_are(house: BotHarness) -> None:
    for name, command in COMMANDS.items():
        assert f"has this in its menu: {name}." in words((await house.say(f"help {command}")).card)
    assert "in its menu" not in words((await house.say("help tweet post")).card)
    for word in ("shortcuts", "right-click"):
        told = words((await house.say(f"help {word}")).failure)
        assert all(name in told for name in COMMANDS) and "choose Apps" in told


async def test_a_tweet_that_is_in_that_language_already_is_said_to_be(house: BotHarness) -> None:
    shown = words((await house.say(f"tweet translate {TWEET} language:en")).card)
    assert "It is in English already" in shown and "From English" not in shown
