"""What reads texts of strangers needs a steady time for each of their characters, whatever they are."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from adapters.discord import bare as discord_bare
from adapters.discord import escape as discord_escape
from adapters.discord import notation as discord_notation
from adapters.discord import plain as discord_plain
from adapters.discord import render as discord_render
from adapters.playground import echo
from adapters.slack import bare as slack_bare
from adapters.slack import emoji_names
from adapters.slack import escape as slack_escape
from adapters.slack import notation as slack_notation
from adapters.slack import plain as slack_plain
from adapters.slack import render as slack_render
from adapters.terminal import escape as terminal_escape
from adapters.terminal import render as terminal_render
from bot.core.chat import card_json, notation
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Card, Field, Fields, Quote, Table, Text, line
from bot.core.chat.ids import TenantId
from bot.core.chat.whole import files, names
from bot.core.commands.grammar import MAX_LINE, parse
from bot.core.errors import BotError
from bot.core.routes.schedule_text import burst_of, digest_of, quiet_of
from bot.core.text import invisible
from bot.core.text import shortening as text
from bot.core.text.lists import items_of
from bot.core.text.numerals import whole_number
from bot.core.text.quoting import straightened
from bot.core.times.clocks import time_of_day
from bot.core.times.durations import parse_duration
from bot.core.x import links, tweet_text
from bot.core.x.references import (
    find_people,
    find_posts,
    listed,
    only_reference,
    parse_tweet_ref,
    parse_username,
)
from bot.features.catalogue import catalogue
from bot.features.relay.pings import pings_of
from bot.observability import cleaning
from bot.observability.known_secrets import KnownSecrets
from bot.observability.quick_lines import harmless
from bot.relay.receiving.delivery_body import read_body
from bot.xquik import redaction
from bot.xquik.resources.events_stream import Parser
from bot.xquik.transport import json_text
from tests.fuzzing import FUZZING

_CATALOGUE = catalogue()
_SLACK = TenantId("slack", "T1")
_SECRETS = KnownSecrets()
_SECRETS.remember("a-secret-of-some-length")
_SECRETS.remember("shorter1")

# Each is repeated until the text is long enough.
_PIECES = [
    *"<*&[(@:`|\\/-. \n0aé\r\u200d\u3164\u2800\x1b\x9b\"“'",
    *[
        "a\n",
        "\n ",
        "# ",
        "1.",
        ":a",
        ":1:",
        "a.b ",
        ".中",
        "<a",
        "<@U1",
        "<a|",
        "<\n",
        "&amp;",
        "[a](",
        "--a ",
        "a:",
        ' "',
    ],
    *[
        "https://a.co/(",
        "https://t.co/a ",
        "postgres://a:",
        "'token': '",
        "xq_",
        "👩\u200d",
        "❤\ufe0f",
        "🏴\U000e0067",
    ],
    *["\x1b[", "{{", "{%", "1h", '{"a":', "[1,", "\\ud83d", "data:\r", "e\u0316\u0301"],
]
_BEGUN = (
    *("tweet post ", "relay add ", "draw run ", "policy grant to:", "tweet post text:"),
    *("relay filter alerts contains:", 'relay look alerts template:"', f"tweet reply {'1' * 19} "),
)
# As many characters as any text has that is read here, and as one message shows.
_LONG = 32_768
_SHOWN = 11_900


def _card(value: str) -> Card:
    rows = tuple((line(part),) for part in value.split("\n")[:200])
    return Card(
        value,
        (
            Text(line(value)),
            Quote(value, value),
            Fields((Field(value[:1_000], line(value)),)),
            Table((value[:100],), rows),
        ),
    )


def _draw(value: str) -> None:
    console = Console(file=io.StringIO(), width=100)
    console.print(terminal_render.render(_card(value), now=0.0))


def _read(value: str) -> None:
    body = json.dumps({"eventType": "tweet.new", "data": {"text": value}}).encode()
    read_body(body, 0.0)


def _feed(value: str) -> None:
    raw = value.encode("utf-8", "replace")
    parser = Parser(1 << 20)
    for start in range(0, len(raw), 64):
        parser.feed(raw[start : start + 64])


READERS: dict[str, Callable[[str], Any]] = {
    "core.text.shorten": lambda value: text.shorten(value, 1_000),
    "core.text.mask_keys": text.mask_keys,
    "core.text.printable": text.printable,
    "core.tweet_text": tweet_text.weighted_length,
    "core.links": links.find_links,
    "core.invisible.marked": invisible.marked,
    "core.invisible.unseen": invisible.unseen,
    "core.notation": notation.chat_notation,
    "core.actions": ActionRef.parse,
    "core.durations": parse_duration,
    "core.listed": items_of,
    "core.listed.query": lambda value: items_of(value, "phrases", "query"),
    "core.listed.words": lambda value: items_of(value, "words"),
    "core.numerals": whole_number,
    "core.clocks": time_of_day,
    "core.quoting": lambda value: straightened(value, "template"),
    "core.references.tweet": parse_tweet_ref,
    "core.references.name": parse_username,
    "core.references.posts": find_posts,
    "core.references.people": find_people,
    "core.references.only": only_reference,
    "core.references.listed": listed,
    "core.schedule_text.quiet": quiet_of,
    "core.schedule_text.burst": burst_of,
    "core.schedule_text.digest": digest_of,
    "commands.route_pings": lambda value: pings_of(_SLACK, [value]),
    "xquik.json_text": lambda value: json_text.decode(value.encode("utf-8", "replace")),
    "xquik.json_text.folded": lambda value: json_text.folded(value.encode("utf-8", "replace"), 100),
    "xquik.redaction": lambda value: redaction.one_line(redaction.without_keys(value)),
    "xquik.events_stream": _feed,
    "relay.delivery_body": _read,
    "observability.redact": cleaning.redact,
    "observability.one_line": cleaning.one_line,
    "observability.harmless": harmless,
    "observability.known_secrets": _SECRETS.blank,
    "discord.escape": discord_escape.escape,
    "discord.one_line": discord_escape.one_line,
    "discord.code": discord_escape.code,
    "discord.within": lambda value: discord_escape.begun(value, 2_000),
    "discord.notation": lambda value: discord_notation._seen(value, {}),
    "slack.escape": lambda value: slack_escape.one_line(slack_escape.escape(value), 1_000),
    "slack.is_tame": slack_escape.is_tame,
    "slack.notation": lambda value: slack_notation._seen(value, {}),
    "slack.emoji_names": emoji_names.with_characters,
    "playground.echo": lambda value: echo.shown(_CATALOGUE, value),
    "terminal.escape": lambda value: terminal_escape.plain_line(terminal_escape.json_safe(value)),
}
DRAWERS: dict[str, Callable[[str], Any]] = {
    "core.card_json": lambda value: card_json.decode(card_json.encode(_card(value))),
    "core.whole": lambda value: files(card := _card(value), names(card)),
    "discord.render": lambda value: discord_render.render(_card(value)),
    "discord.bare": lambda value: discord_bare.bare(_card(value)),
    "discord.plain": lambda value: discord_plain.plain(_card(value)),
    "slack.render": lambda value: slack_render.blocks(_card(value)),
    "slack.overflow": lambda value: slack_render.overflow(_card(value)),
    "slack.bare": lambda value: slack_bare.elements(_card(value)),
    "slack.fallback": lambda value: slack_plain.fallback(_card(value)),
    "terminal.render": _draw,
}


def _seconds(read: Callable[[str], Any], piece: str, size: int) -> float:
    """Of the processor. What is refused was read as well."""
    text = (piece * size)[:size]
    began = time.process_time()
    with contextlib.suppress(BotError, ValueError):
        read(text)
    return time.process_time() - began


# Seconds of processor time. One that grows with the square of such a text is ten and more.
_LIMIT = 5.0


@pytest.mark.parametrize("name", READERS)
def test_reading_takes_a_steady_time_for_each_character(name: str) -> None:
    slow = {piece: taken for piece in _PIECES if (taken := _seconds(READERS[name], piece, _LONG)) > _LIMIT}
    assert not slow


@pytest.mark.parametrize("name", DRAWERS)
def test_drawing_takes_a_steady_time_for_each_character(name: str) -> None:
    slow = {
        piece: taken for piece in _PIECES[::3] if (taken := _seconds(DRAWERS[name], piece, _SHOWN)) > _LIMIT
    }
    assert not slow


def _line_behind(begun: str) -> Callable[[str], object]:
    return lambda typed: parse(_CATALOGUE, begun + typed)


def test_a_typed_line_takes_a_steady_time_for_each_character() -> None:
    """Each piece behind a few of the beginnings; `make fuzz` tries all of them."""
    for at, piece in enumerate(_PIECES):
        for begun in _BEGUN if FUZZING else (_BEGUN[at % len(_BEGUN)], _BEGUN[(at + 3) % len(_BEGUN)]):
            room = MAX_LINE - len(begun)
            taken = _seconds(_line_behind(begun), piece, room)
            assert taken < 2, (begun, piece)
