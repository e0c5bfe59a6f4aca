"""Cards in a terminal: every block, narrow widths, and text that tries to steer the terminal."""

from __future__ import annotations

import io
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from adapters.terminal.escape import json_safe, plain, plain_line, web_address
from adapters.terminal.render import render
from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import (
    Block,
    Bold,
    Button,
    Card,
    Code,
    Field,
    Fields,
    Gallery,
    Link,
    Media,
    Progress,
    Quote,
    Shape,
    Table,
    Text,
    Timestamp,
    Tone,
    UserMention,
    line,
)
from tests.contracts.cards import CARDS, PHOTO, TITLE, X, action

NOW = 1_700_000_000.0
CONFIRM = action(2)
WHOLE = CARDS["everything"]


def shown(card: Card, width: int = 100, *, colour: bool = False, confirm: ActionRef | None = None) -> str:
    """What a console of that width gets."""
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    )
    console.print(render(card, now=NOW, zone=UTC, confirm=confirm))
    return file.getvalue()


def test_every_block_is_printed() -> None:
    text = shown(WHOLE, confirm=CONFIRM)
    for part in (
        f"✓ {TITLE}",
        f"Plain, bold, code, a link ({X}), @ann, #alerts,",
        "2023-11-14 22:13 UTC, now",
        "NASA · @nasa  2023-11-14 22:13 UTC",
        "│ To the moon",
        "Likes  1,234",
        "Score",
        "… 7 more",
        "▪ A rocket",
        "▪ A film",
        PHOTO,
        f"All of it: {X}",
        "A chart",
        "Reading replies: 3 of 10",
        "[ More ]",
        "[ Confirm ]  press it with --yes",
        f"→ Open  {X}",
    ):
        assert part in text, part
    assert "Later" not in text


def test_sensitive_pictures_are_said_to_be() -> None:
    gallery = Gallery((Media(PHOTO, "A nebula"),), sensitive=True)
    assert "Marked as sensitive" in shown(Card("", (gallery,)))


def test_a_line_and_a_bare_message_have_no_frame() -> None:
    for shape in (Shape.LINE, Shape.BARE):
        card = Card("Post", (Text(line("NASA: liftoff")),), shape=shape, pings=("writers", "desk", "writers"))
        assert shown(card) == "@writers @desk\nNASA: liftoff\n"
        assert shown(Card("Post", shape=shape)) == "Post\n"
        assert shown(Card("", shape=shape)) == "(no text)\n"


def test_whom_a_card_would_notify_stands_above_its_frame() -> None:
    rows = shown(Card("Post", pings=("\x1b[2Jwriters",))).splitlines()
    assert rows[0] == "@writers"
    assert rows[1].startswith("╭─ Post")


@pytest.mark.parametrize("width", [20, 32, 44, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(len(row) for row in shown(WHOLE, width).splitlines()) <= width


def test_a_table_too_narrow_for_columns_is_told_row_by_row() -> None:
    text = shown(Card("", (Table(("Rank", "Winner", "Entry"), ((("1",), ("@a",), ("Hello",)),)),)), 30)
    assert "Rank: 1" in text
    assert "Entry: Hello" in text


def test_a_quoted_line_that_wraps_keeps_its_rule() -> None:
    rows = shown(Card("", (Quote("word " * 40),)), 40).splitlines()[1:-1]
    assert len(rows) > 3
    assert all(row.startswith("│ │ ") for row in rows)


ATTACKS = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x9b31m",
    "\x9d8;;https://evil.example\x9c",
    "\x1bc",
    "\x08\x08\x08",
    "\x07",
    "\u202eevil",
    "\x1b[",
    "\x1b",
    "\x00",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=repr)
def test_control_sequences_never_reach_the_terminal(attack: str) -> None:
    text = f"a{attack}b"
    hostile = Card(
        text,
        (
            Text(
                line(
                    text,
                    Bold(text),
                    Code(text),
                    Link(text, f"https://x.com/{attack}"),
                    UserMention("u", text),
                )
            ),
            Quote(text, text, f"https://x.com/{attack}", None, f"https://x.com/{attack}"),
            Fields((Field(text, (text,)),)),
            Table((text,), (((text,),),)),
            Gallery((Media(f"https://x.com/{attack}", text),), f"https://x.com/{attack}"),
            Progress(1, 2, text),
        ),
        Tone.NEUTRAL,
        (Button(text, CONFIRM), Button(text, url=f"https://x.com/{attack}")),
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown(hostile))
    coloured = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", shown(hostile, colour=True))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", coloured)


@given(st.text())
def test_plain_text_holds_no_control_but_line_breaks_and_tabs(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain(text))
    assert "\n" not in plain_line(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", ["日本語 ✨", "👩‍👩‍👧 family", "tab\tand\nbreak", "[red]not markup[/red]"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_rich_markup_in_text_is_text() -> None:
    assert "[bold red]x[/]" in shown(Card("", (Quote("[bold red]x[/]"),)))


@pytest.mark.parametrize(
    ("url", "ok"),
    [
        ("https://x.com/a", True),
        ("http://127.0.0.1:8751/g/1", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://x.com/\x1b]8;;", False),
        ("https://x.com/a b", False),
        ("https://[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, ok: bool) -> None:
    assert (web_address(url) is not None) is ok
    if url:
        linked = shown(Card("", (Text(line(Link("words", url))),)), colour=True)
        assert ("\x1b]8;" in linked) is ok


def test_json_escapes_8_bit_controls() -> None:
    assert json_safe('"\x9b2J é"') == '"\\u009b2J é"'


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "now"),
        (NOW - 1, "1 second ago"),
        (NOW + 840, "in 14 minutes"),
        (NOW - 7200, "2 hours ago"),
        (NOW - 3 * 86_400, "3 days ago"),
    ],
)
def test_moments_are_told_by_their_distance(at: float, words: str) -> None:
    assert words in shown(Card("", (Text(line(Timestamp(at, relative=True))),)))


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "2023-11-14 23:13 Europe/Berlin"),
        ("Asia/Kathmandu", "2023-11-15 03:58 Asia/Kathmandu"),
        ("Etc/GMT-2", "2023-11-15 00:13 UTC+2"),
        ("right/Asia/Tokyo", "2023-11-15 07:13 Asia/Tokyo"),
        ("No/Where", "2023-11-14 22:13 UTC"),
    ],
)
def test_moments_are_by_the_clock_that_people_chose(zone: str, words: str) -> None:
    card = Card("", (Text(line(Timestamp(NOW, zone=zone))), Quote("Hi", at=NOW, zone=zone)))
    assert shown(card).count(words) == 2


def test_an_impossible_moment_does_not_break_the_card() -> None:
    assert "unknown time" in shown(Card("", (Text(line(Timestamp(1e20))),)))


@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_has_a_colour(tone: Tone) -> None:
    blocks: tuple[Block, ...] = (Text(line("x")),)
    assert "title" in shown(Card("title", blocks, tone), colour=True)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_quoted_text_loses_no_space_where_it_wraps(width: int) -> None:
    text = "hello" + " " * 90 + "evil    end and more  words than one row of it holds"
    rows = [row.strip("\n") for row in shown(Card("T", (Quote(text),)), width).splitlines()]
    inside = [row.partition("│ │ ")[2].removesuffix("│")[:-1] for row in rows if "│ │ " in row]
    assert "".join(inside).count(" ") >= text.count(" ")
    assert "".join(inside).replace(" ", "") == text.replace(" ", "")


def test_a_wide_letter_never_runs_over_the_frame() -> None:
    rows = shown(Card("T", (Quote("漢字" * 40 + " a"),)), 31).splitlines()
    assert {Console().render_str(row).cell_len for row in rows} == {31}
