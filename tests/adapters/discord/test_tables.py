"""Tables in Discord: in columns where they fit a phone, else rows of text with their figures in front."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.discord.blocks import block_text
from adapters.discord.limits import TABLE_WIDTH, size
from bot.core.chat.cards import Card, Code, Line, Link, Table, Timestamp
from bot.core.messages.message import msg
from bot.i18n.rules import English
from bot.i18n.translator import ENGLISH_TRANSLATOR, Translator
from tests.contracts.cards import HOSTILE_TEXTS
from tests.doubles.discord.mentions import pings
from tests.fuzzing import examples

PLENTY = 100_000
HARD = "\u00a0"
COLUMNS = re.compile(r"```\n([^`]*)\n```(?:\n-# .*)?")


class Dotted(English):
    """A language that groups with dots."""

    def number(self, value: float) -> str:
        return f"{value:,}".replace(",", ".")


def number(value: float) -> Line:
    return (msg("{n}", n=value),)


def text(table: Table, limit: int = PLENTY, reader: Translator = ENGLISH_TRANSLATOR) -> str:
    [block] = reader.card(Card("T", (table,))).blocks
    return block_text(block, limit)


def lines_of(drawn: str) -> list[str]:
    """The lines between the fences."""
    found = COLUMNS.fullmatch(drawn)
    assert found is not None, drawn
    return found[1].split("\n")


def test_columns_are_aligned_and_figures_at_their_ends_in_the_language() -> None:
    table = Table(("A tweet gets", "On average"), ((("Likes",), number(1_234)), (("Replies",), ("–",))))
    assert lines_of(text(table, reader=Translator("en", Dotted()))) == [
        "A tweet gets  On average",
        "────────────────────────",
        "Likes              1.234",
        "Replies                –",
    ]


def test_wide_characters_and_marks_keep_their_width_and_right_to_left_its_column() -> None:
    rows = tuple(((name,), number(7)) for name in ("漢字", "e\u0301té", "abcd", "مرحبا"))
    lines = lines_of(text(Table(("Name", "Score"), rows)))
    assert {cell_len(line) for line in lines} == {len("مرحبا") + 2 + len("Score")}
    assert lines[-1].startswith("\u2068مرحبا\u2069 ")


def test_links_and_moments_stay_and_figures_stand_aligned_in_front_of_them() -> None:
    def row(name: str, followers: int) -> tuple[Line, ...]:
        return (Link(f"@{name}", f"https://x.com/{name}"),), (name.upper(),), number(followers)

    assert text(
        Table(("Account", "Name", "Followers"), (row("nasa", 97_412_003), row("esa", 1_203)), total=40)
    ) == (
        "-# Followers · Account · Name\n"
        r"`97,412,003` [\@nasa](https://x.com/nasa) · NASA"
        "\n"
        rf"`{HARD * 5}1,203` [\@esa](https://x.com/esa) · ESA"
        "\n-# … 38 more rows"
    )
    spaces = Table(("Space", "Start"), (((Link("Talk", "https://x.com/1"),), (Timestamp(0.0),)),))
    assert text(spaces) == "-# Space · Start\n• [Talk](https://x.com/1) · <t:0:f>"


def test_columns_that_do_not_fit_stand_below_their_row_by_name_and_nothing_is_cut() -> None:
    words = "@nasa and a good many words that take two lines"
    row = (("123456789",), (words,), ("active",), ("x" * 50,))
    lines = lines_of(text(Table(("Id", "Watches", "State", "Events"), (row, (("9",), (), ("paused",), ())))))
    assert lines[:4] == [
        "Id         State",
        "─────────────────",
        "123456789  active",
        "  Watches: @nasa and a good many",
    ]
    assert "".join(" ".join(lines).split()).count("x" * 50) == 1
    assert words in " ".join(line.strip() for line in lines)
    assert lines[-1] == "9          paused"
    assert max(map(cell_len, lines)) <= TABLE_WIDTH


@pytest.mark.parametrize(
    "table",
    [
        Table(("Only",), ((("a",),),)),
        Table((), ((("a",), ("b",)),)),
        Table(("A", "B"), ((("a",), ("b",), ("c",)),)),
        Table(("A", "B"), ((("a",), ("tick ` tick",)),)),
        Table(("A", "B`"), ((("a",), ("b",)),)),
        Table(("A", "B"), ((("w" * TABLE_WIDTH,), ("b",)),)),
        Table(("A", "B", "C"), ((("a",), ("b",), ("word " * 20,)),)),
    ],
    ids=[
        "one column",
        "no heads",
        "a longer row",
        "a backtick",
        "a backtick in a head",
        "too wide a first column",
        "prose",
    ],
)
def test_what_no_columns_hold_is_a_list(table: Table) -> None:
    assert "```" not in text(table)
    assert "• " in text(table)


def test_a_column_without_a_head_has_none() -> None:
    rows = ((("✓",), ("Length",), ("Make it shorter than it is now, please",)), (("✗",), ("Link",), ("–",)))
    assert lines_of(text(Table(("", "Check", "Change"), rows))) == [
        "   Check",
        "─────────",
        "✓  Length",
        "  Change: Make it shorter than it is",
        "  now, please",
        "✗  Link",
    ]


@pytest.mark.parametrize("limit", range(0, 400, 7))
def test_what_does_not_fit_is_counted_and_a_block_of_code_is_closed(limit: int) -> None:
    rows = tuple(((f"row {n}",), number(n)) for n in range(30))
    drawn = text(Table(("Name", "Score"), rows, total=50), limit)
    assert size(drawn) <= limit
    assert drawn.count("```") in (0, 2)
    shown = sum(f"row {n} " in drawn for n in range(30))
    assert "more row" in drawn or limit < 40
    assert not shown or f"{50 - shown} more rows" in drawn


@pytest.mark.parametrize(
    "hostile", [*HOSTILE_TEXTS, "```\n@everyone\n```", "a\n```js\nb", "~~~", "<@123456789012345678>"]
)
def test_hostile_cells_and_heads_stay_in_their_column_and_notify_nobody(hostile: str) -> None:
    for cell in ((hostile,), (Code(hostile),)):
        for shown in (hostile, hostile[:12]):
            drawn = text(Table((shown, "B"), ((cell, number(1)), (("x",), number(2)))))
            assert drawn.count("```") in (0, 2)
            assert not pings(drawn, [], None)
            if "```" in drawn:
                lines_of(drawn)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.integers(), st.integers(0, 300))
def test_any_table_is_within_its_limit_and_closed(name: str, cell: str, value: int, limit: int) -> None:
    table = Table((name, "B", "C"), (((cell,), number(value), (name,)), ((name,), (cell,), ())))
    for most in (limit, PLENTY):
        drawn = text(table, most)
        assert size(drawn) <= most
        assert drawn.count("```") in (0, 2)
        assert not pings(drawn, [], None)
