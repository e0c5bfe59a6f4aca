"""Rare groups stand under one root where roots are counted; their commands keep their own names."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.tree import command_tree
from bot.cards.help import group_card
from bot.core.chat.answers import Reply
from bot.core.chat.cards import Card
from bot.core.chat.invocation import Call
from bot.core.commands.declaring import Catalogue, Group, NoArgs, Root
from bot.core.commands.grammar import HelpWanted, Parsed, parse
from bot.core.commands.presets import LOCAL, SETTING, command
from bot.core.errors import UsageError
from tests.doubles.discord.rules_commands import check_commands
from tests.features.edge import words

MORE = Root("more", "What is rarely needed")


async def run(_call: Call[Any], _args: NoArgs) -> Reply:
    """Nothing."""
    return Reply(Card("x"))


DIG = command("archive dig", run, LOCAL, "Dig something up", "archive dig")
BURY = command("archive bury", run, LOCAL, "Bury something", "archive bury")
SWEEP = command("attic sweep", run, SETTING, "Sweep it", "attic sweep")
ARCHIVE = Group("archive", "Old things", (DIG, BURY), default="dig", under=MORE)
ATTIC = Group("attic", "Older things", (SWEEP,), under=MORE)
OWN = Group("draw", "Draws", (command("draw run", run, LOCAL, "Draw", "draw run"),))
ALL = Catalogue((ARCHIVE, OWN, ATTIC))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("archive dig", DIG),
        ("more archive dig", DIG),
        ("/more Archive DIG", DIG),
        ("more archive", DIG),
        ("@xquik more attic sweep", SWEEP),
    ],
)
def test_the_root_may_be_typed_or_left_out(line: str, meant: object) -> None:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed) and parsed.command is meant


@pytest.mark.parametrize("line", ["more", "more help", "more ?"])
def test_the_root_alone_asks_for_help(line: str) -> None:
    assert parse(ALL, line) == HelpWanted(None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("more archiv dig", "'more' has nothing called 'archiv'. Did you mean 'more archive'?"),
        ("more draw run", "'more' has nothing called 'draw'. There are: more archive, more attic."),
        ("more more archive dig", "'more' has nothing called 'more'."),
        ("more archive fly", "'archive' has no command 'fly'."),
    ],
)
def test_what_does_not_stand_under_it_is_named(line: str, said: str) -> None:
    with pytest.raises(UsageError, match=r".*") as raised:
        parse(ALL, line)
    assert raised.value.detail.startswith(said)


def test_a_command_is_found_with_and_without_its_root() -> None:
    assert ALL.command(("more", "archive", "dig")) is ALL.command(("archive", "dig")) is DIG
    for path in (("more", "draw", "run"), ("less", "archive", "dig"), ("more", "archive")):
        assert ALL.command(path) is None


def test_discord_has_one_root_with_the_groups_below_it() -> None:
    tree = command_tree(ALL)
    assert [one["name"] for one in tree] == ["draw", "more"]
    more = tree[1]
    assert (more["description"], more["default_member_permissions"]) == (MORE.summary, None)
    assert [(one["type"], one["name"]) for one in more["options"]] == [(2, "archive"), (2, "attic")]
    assert [one["name"] for one in more["options"][0]["options"]] == ["dig", "bury"]
    assert list(check_commands(tree)) == []


def test_a_root_of_what_managers_alone_may_do_is_hidden_from_members() -> None:
    assert command_tree(Catalogue((ATTIC,)))[0]["default_member_permissions"] is not None


def test_help_says_where_discord_has_it() -> None:
    assert "In Discord these commands are found under /more archive." in words(group_card(ARCHIVE))
    assert "In Discord" not in words(group_card(OWN))
