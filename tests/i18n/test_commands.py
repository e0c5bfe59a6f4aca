"""What is wrong with a typed line is said whole in another language; what was typed stays as it is."""

from __future__ import annotations

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.features.catalogue import catalogue
from tests.i18n.left_over import english_in

ZONES = "UTC America Europe Etc GMT Asia Tehran Panama Jamaica New York Berlin"
CATALOGUE = catalogue()
TWEET = "https://x.com/nasa/status/1234567890123456789"
NAMES = " ".join(
    (
        *(part for command in CATALOGUE for part in command.path),
        *(parameter.name for command in CATALOGUE for parameter in command.parameters),
        *(c.label for command in CATALOGUE for p in command.parameters for c in p.choices),
    )
)


def refusal(line: str) -> UsageError:
    with pytest.raises(UsageError) as raised:
        parsed = parse(CATALOGUE, line)
        assert isinstance(parsed, Parsed)
        bind(parsed.command, parsed.values)
    return raised.value


@pytest.mark.parametrize(
    "line",
    [
        "xyzzyq",
        "giveaways",
        "please draw run",
        "'draw run",
        "draw xyzzyq",
        "draw delete 3",
        "draw run",
        f"draw run {TWEET} winers:3",
        f"draw run {TWEET} xyzzyq:3",
        f"draw run {TWEET} winners:many",
        f"draw run {TWEET} winners:0",
        f"draw run {TWEET} winners:1.000",
        f"draw run {TWEET} winners:",
        f"draw run {TWEET} winners:1 winners:2",
        f"draw run {TWEET} unique:perhaps",
        f"draw run {TWEET} must_follow:a,",
        f'draw run {TWEET} keywords:"a b',
        f"draw run {TWEET} {TWEET}1",
        f"draw run {TWEET} account_age:5x",
        "draw run https://example.com/",
        "draw run nothing",
        "radar query:(",
        'radar "unclosed',
        "setup timezone EST",
        "setup timezone xyzzyq",
        "setup timezone Berlinn",
        "setup timezone UTC+3:30",
        "setup timezone Etc/GMT+3",
        "relay mute @!!",
        "relay pause",
        "relay filter alerts remove:x",
        "policy grant xyzzyq use",
        "policy grant everyone xyzzyq",
        "tweet post",
        "tweet post \u3164",
        "setup key xq_123456789",
        "help " + "a" * 40_000,
    ],
)
def test_what_is_wrong_with_a_line_is_a_message_whole(line: str) -> None:
    error = refusal(line)
    said = f"{line} {NAMES} {error.example} {ZONES}"
    assert english_in(error.detail, said) == set(), error.detail
    assert english_in(error.remedy, said) == set() or error.remedy == error.default_remedy
