"""What the command line itself says: its version, and a command that was not put in quotes."""

from __future__ import annotations

import shlex
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli.quoted import one_command
from bot.core.errors import UsageError
from tests.cli.program import xquik_bot


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_printed_and_nothing_else(tmp_path: Path, flag: str) -> None:
    ended = xquik_bot(tmp_path, flag)
    assert (ended.code, ended.out, ended.err) == (0, f"xquik-bot {version('xquik-bot')}\n", "")


# What is typed without quotes, and the command that is meant.
UNQUOTED = {
    "trends region:US": "trends region:US",
    "tweet post Hello X": "tweet post Hello X",
    'tweet post "Hello X"': 'tweet post "Hello X"',
    'tweet post text:"Hello X" account:nasa': 'tweet post text:"Hello X" account:nasa',
    "tweet post Günaydın İstanbul": "tweet post Günaydın İstanbul",
    "tweet post صباح الخير": "tweet post صباح الخير",
    "tweet post नमस्ते दुनिया": "tweet post नमस्ते दुनिया",
    "relay add --account nasa": "relay add --account nasa",
    "tweet post 'It costs $5!'": 'tweet post "It costs $5!"',
    "tweet post 'Note: two words'": 'tweet post "Note: two words"',
    "media get 'https://x.com/nasa/status/20 and more'": 'media get "https://x.com/nasa/status/20 and more"',
    "tweet post 'He said \"go\"'": 'tweet post "He said \\"go\\""',
}


@pytest.mark.parametrize("typed", UNQUOTED)
def test_a_command_without_quotes_is_shown_with_them(tmp_path: Path, typed: str) -> None:
    ended = xquik_bot(tmp_path, "exec", *shlex.split(typed))
    assert ended.code == 2 and ended.out == "", "nothing was started"
    hint = next(line for line in ended.err.splitlines() if line.startswith("Put the command in quotes: "))
    program, command, quoted = shlex.split(hint.removeprefix("Put the command in quotes: "))
    assert (program, command, quoted) == ("xquik-bot", "exec", UNQUOTED[typed])
    assert one_command([quoted]) == quoted


@pytest.mark.parametrize("given", [["trends region:US", "--jsn"], ["--jsn", "trends region:US"], ["--jsn"]])
def test_an_option_that_exec_does_not_have_is_named(given: list[str]) -> None:
    with pytest.raises(UsageError, match="no option --jsn"):
        one_command(given)


def test_options_of_exec_stand_before_or_behind(tmp_path: Path) -> None:
    for arguments in (("--json", "help trends"), ("help trends", "--json")):
        assert xquik_bot(tmp_path, "exec", *arguments).code == 0
