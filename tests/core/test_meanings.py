"""Words that are no commands lead to those that do what is meant; none of them runs anything."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.core.commands.grammar import HelpWanted, Parsed, parse
from bot.core.commands.verbs import meant_by
from bot.core.errors import UsageError
from bot.features.catalogue import catalogue
from bot.features.help.meanings import MEANINGS, VERBS
from bot.xquik.resources.regions import REGIONS

ALL = catalogue()
LINK = "https://x.com/nasa/status/1893456789012345678"


def refused(line: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse(ALL, line)
    return caught.value


def test_every_meaning_leads_to_a_command_that_there_is() -> None:
    paths = {command.path for command in ALL} | {(group.name,) for group in ALL.groups}
    for word, meant in MEANINGS.words.items():
        assert meant and set(meant) <= paths, word
    verbs = {command.path[-1] for command in ALL}
    for words, targets in VERBS:
        assert words and set(targets) <= verbs, targets
    assert not set(MEANINGS.words) & {group.name for group in ALL.groups} - {"draw", "subscribe"}
    assert not set(MEANINGS.words) & set(MEANINGS.notes)


def test_no_word_stands_twice_with_two_meanings() -> None:
    from bot.features.help import meanings

    words = Counter(word for key in meanings._WORDS for word in key.split())
    assert [word for word, times in words.items() if times > 1] == []


def test_every_verb_is_found_by_its_word_alone() -> None:
    """No verb of ours is unknown where its group was left out."""
    for command in ALL:
        if len(command.path) > 1:
            assert meant_by(ALL, command.path[-1])


def test_every_group_names_the_verb_that_is_meant_most_often() -> None:
    for group in ALL.groups:
        assert not group.instead or any(command.path[-1] == group.instead for command in group.commands)


def test_no_region_is_taken_for_a_verb() -> None:
    names = {name.lower() for region in REGIONS for name in (region.name, region.code, *region.aliases)}
    assert not [name for name in names if MEANINGS.acts(name)]


@pytest.mark.parametrize(
    ("line", "command", "example"),
    [
        ("relay delete alerts", "relay remove", "relay remove alerts"),
        ("relay rm alerts", "relay remove", "relay remove alerts"),
        ("relay create #news account:nasa", "relay add", "relay add #news account:nasa"),
        ("relay stop alerts", "relay pause", "relay pause alerts"),
        ("relay unpause alerts", "relay resume", "relay resume alerts"),
        ("relay rename alerts name:new", "relay edit", "relay edit alerts name:new"),
        ("relay block spam", "relay mute", "relay mute spam"),
        ("relay explain 1893456789012345678", "relay why", "relay why 1893456789012345678"),
        ("monitor delete nasa", "monitor remove", "monitor remove nasa"),
        ("monitor nasa", "monitor add", "monitor add nasa"),
        ("monitor @nasa", "monitor add", "monitor add @nasa"),
        ("monitor follow nasa", "monitor add", "monitor add nasa"),
        ("monitor search ay tutulması", "monitor keyword", "monitor keyword ay tutulması"),
        ("draft remove 5", "draft delete", "draft delete 5"),
        ("draft send 5", "draft post", "draft post 5"),
        ("tweet retweet " + LINK, "tweet repost", "tweet repost " + LINK),
        ("tweet fav " + LINK, "tweet like", "tweet like " + LINK),
        ("tweet remove " + LINK, "tweet delete", "tweet delete " + LINK),
        ("tweet send مرحبا بالعالم", "tweet post", 'tweet post "Hello X"'),
        ("tweet hello world", "tweet post", 'tweet post "Hello X"'),
        ("tweet नमस्ते दुनिया", "tweet post", 'tweet post "Hello X"'),
        ("tweet こんにちは", "tweet post", 'tweet post "Hello X"'),
        ("policy delete publish to:@team", "policy revoke", "policy revoke publish to:@team"),
        ("draw giveaway " + LINK, "draw run", "draw run " + LINK),
        ("draw download 123", "draw export", "draw export 123"),
        ("relay nasa-alerts contains:x", "relay show", "relay show nasa-alerts"),
        ("relay alerts", "relay show", "relay show alerts"),
        ("draft 5", "draft show", "draft show 5"),
        ("draft #3", "draft show", "draft show #3"),
        ("draft Merhaba dünya", "draft save", "draft save Merhaba dünya"),
        ("draft new مرحبا", "draft save", "draft save مرحبا"),
        ("tweet new こんにちは", "tweet post", 'tweet post "Hello X"'),
        ("draw new " + LINK, "draw run", "draw run " + LINK),
        ("media save " + LINK, "media get", "media get " + LINK),
        ("monitor new nasa", "monitor add", "monitor add nasa"),
        ("account brand", "account use", "account use brand"),
        ("relay lits", "relay list", None),
        ("account delete", "account forget", None),
    ],
)
def test_an_unknown_verb_names_the_one_that_is_meant(line: str, command: str, example: str | None) -> None:
    error = refused(line)
    assert f"Did you mean {command!r}?" in error.detail
    assert error.example == example if example else error.example


@pytest.mark.parametrize(
    "line",
    [
        "trends delete",
        "radar delete",
        "media delete",
        "trends remove US",
        "credits buy",
        "relay غير",
        "setup löschen",
    ],
)
def test_an_unknown_verb_never_runs_the_default_one(line: str) -> None:
    error = refused(line)
    assert "has no command" in error.detail and "There are: " in error.detail and error.example


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("trends New York", "trends show"),
        ("trends new zealand", "trends show"),
        ("trends japan", "trends show"),
        ("trends Türkiye", "trends show"),
        ("radar Hacker News", "radar show"),
        ("radar github", "radar show"),
        (f"tweet {LINK}", "tweet show"),
        ("tweet 1893456789012345678", "tweet show"),
        (f"media <{LINK}>", "media get"),
        ("draw x.com/nasa/status/1893456789012345678 winners:2", "draw run"),
        ("relay", "relay list"),
    ],
)
def test_what_the_default_verb_takes_still_runs_it(line: str, name: str) -> None:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed) and parsed.command.name == name


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (f"giveaway {LINK} winners:3", ["draw run"]),
        ("raffle", ["draw run"]),
        ("post Hello there", ["tweet post"]),
        ("watch nasa", ["monitor add"]),
        ("alerts", ["relay add", "relay list"]),
        ("delete 5", ["tweet delete", "draft delete", "relay remove", "monitor remove"]),
        ("retweet x", ["tweet repost"]),
        ("balance", ["credits show"]),
        ("login", ["setup key"]),
        ("export", ["draw export"]),
        ("giveawy", ["draw run"]),
        ("tweets", ["user tweets"]),
        ("darw", ["draw"]),
        ("/Giveaway", ["draw run"]),
    ],
)
def test_a_word_that_is_no_command_leads_to_one(line: str, names: list[str]) -> None:
    error = refused(line)
    assert "Did you mean" in error.detail
    assert all(repr(name) in error.detail for name in names)
    assert error.example and error.example.startswith(names[0])


def test_the_example_is_the_line_as_it_was_meant() -> None:
    assert refused(f"giveaway {LINK} winners:3").example == f"draw run {LINK} winners:3"
    assert refused("watch nasa").example == "monitor add nasa"
    long = refused("search " + "x" * 500)
    assert long.example and "xx" not in long.example


def test_no_example_carries_a_text_into_a_command_that_posts() -> None:
    assert refused("post Merhaba dünya").example == 'tweet post "Hello X"'


@pytest.mark.parametrize(
    "word", ["undo", "revert", "cancel", "Undo", "rollback", "relay undo", "draft restore"]
)
def test_undo_says_what_can_be_undone(word: str) -> None:
    error = refused(word)
    assert "`relay resume`" in error.remedy or "`relay pause`" in error.remedy


@pytest.mark.parametrize(
    "line", ["setup xq_0123456789abcdef", "setup token xq_0123456789abcdef", "login xq_0123"]
)
def test_a_secret_is_never_said_back(line: str) -> None:
    error = refused(line)
    assert "xq_0" not in f"{error.detail} {error.example} {error.remedy}"


@pytest.mark.parametrize("line", ["relay ?", "relay --help", "relay help", "draw -h"])
def test_help_is_asked_for_in_many_ways(line: str) -> None:
    assert isinstance(parse(ALL, line), HelpWanted)
