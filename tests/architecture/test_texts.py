"""What people read: commands in sentences are drawn as code and exist, and a tweet is called a tweet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.texts import ROOT, bare_commands, plain_remedies, said_in, spans, unknown_in

_CARDS = ("bot/features", "bot/core", "bot/proposals", "bot/cards", "bot/relay", "bot/xquik", "adapters")
# What a person types into, where there is no code: the hints of an empty input.
_PLAIN = ("adapters/playground/settings.py",)
_DOCS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
# "post" as the thing on X. A forum's posts are Discord's own word.
_POST = re.compile(
    r"\b(?:[Aa]n?|[Tt]he|[Tt]his|that|these|those|your|its|their|[Ee]very|[Ee]ach|[Nn]o|any|another|other|one|two|of|in|by|new"
    r"|long|short|early|quoted|original|same|deleted|own)\s+posts?\b(?!\s+(?:anew|request|body)\b)"
)
# What people write on X when they ask for something.
_OF_X = ("bot/core/x/giveaway_words.py",)
# Shown as what is no command.
_WRONG = {"docs/guide/typing.md": ["relay delete"]}
# Words of our glossary that nobody else knows; a server or a workspace is "here".
_OURS = re.compile(
    r"\b(?:tenant|lane|dispatch|purpose|dead letter|outbox|proposal|destination|actor"
    r"|(?:this|the whole|other|your) place)s?\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?:^|\s)#\s.*$", re.MULTILINE)


def test_a_command_in_a_sentence_stands_in_backticks() -> None:
    found = [
        f"{one.where}: {', '.join(bare)}"
        for one in said_in(*_CARDS)
        if not one.where.startswith(_PLAIN) and (bare := bare_commands(one.text))
    ]
    assert not found, "draw these as code: `relay list`, or Code(…)"


def test_what_happened_names_no_command() -> None:
    """Others may have written a part of it, so it is drawn as it is: a command goes into the remedy."""
    found = [one.where for one in said_in(*_CARDS) if one.error and any(map(_is_command, spans(one.text)))]
    assert not found


def test_a_remedy_is_drawn_with_its_commands_as_code() -> None:
    assert not plain_remedies("bot", "adapters"), "draw it by with_code"


def _is_command(span: str) -> bool:
    return bool(bare_commands(f"({span})"))


def test_every_command_in_a_text_exists() -> None:
    found = [
        f"{one.where}: {missing}"
        for one in said_in("bot", "adapters")
        for span in ([one.text] if one.code else spans(one.text))
        if (missing := unknown_in(span))
    ]
    assert not found


@pytest.mark.parametrize("page", ["README.md", "config.example.toml", *_DOCS])
def test_every_command_in_the_documentation_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [missing for span in spans(text) if (missing := unknown_in(span))] == _WRONG.get(page, [])


def test_a_tweet_is_no_post() -> None:
    found = [
        f"{one.where}: {named[0]}"
        for one in said_in("bot", "adapters")
        if not one.where.startswith(_OF_X) and (named := _POST.search(one.text)) is not None
    ]
    assert not found, "say tweet"


def test_words_of_our_glossary_reach_nobody() -> None:
    found = [
        f"{one.where}: {named[0]}"
        for one in said_in("bot/features", "bot/cards")
        if " " in one.text and (named := _OURS.search(one.text)) is not None
    ]
    assert not found


@pytest.mark.parametrize("folder", ["bot/features", "bot/proposals", "bot/cards"])
def test_a_tweet_is_no_post_to_us_either(folder: str) -> None:
    """In docstrings and comments too."""
    found = []
    for path in sorted((ROOT / folder).glob("*.py")):
        found += [f"{path.name}: {named}" for named in _POST.findall(_prose(path))]
    assert not found, "say tweet"


def _prose(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r'"""(.*?)"""', text, re.DOTALL), *_COMMENT.findall(text)])


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Use relay list to see them.", ["relay list"]),
        ("relay list shows them.", ["relay list"]),
        ("Use `relay list` to see them.", []),
        ("relay add channel:#alerts account:nasa", []),
        ("the relay adds", []),
    ],
)
def test_bare_commands_are_found(text: str, bare: list[str]) -> None:
    assert bare_commands(text) == bare


@pytest.mark.parametrize(
    ("span", "missing"),
    [
        ("relay list", ""),
        ("relay delete alerts", "relay delete"),
        ("relay timing alerts digest:18:00", ""),
        ("relay timing alerts digests:daily", "relay timing digests:"),
        ('monitor keyword "lang:en x"', ""),
        ("/xquik draw run https://x.com/a/status/1 winner:3", "draw run winner:"),
        ("relay.max_age", ""),
        ("view", ""),
    ],
)
def test_what_is_no_command_is_found(span: str, missing: str) -> None:
    assert unknown_in(span) == missing
