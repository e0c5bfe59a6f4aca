"""Cards as messages that Discord takes, whatever is in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.discord import limits
from adapters.discord.files import pack
from adapters.discord.marks import carries, marks
from adapters.discord.plain import CONTENT, plain, plain_components
from adapters.discord.render import render
from bot.core.chat.cards import (
    Button,
    Buttons,
    Card,
    Field,
    Fields,
    File,
    Gallery,
    Media,
    Quote,
    Table,
    Text,
    line,
)
from tests.contracts.any_card import CARDS, HOSTILE_TEXTS, PICTURE, button, cards, everything, hostile
from tests.doubles.discord.mentions import pings
from tests.doubles.discord.rules_components import check_message_components, walk
from tests.fuzzing import examples

Components = list[dict[str, Any]]


def components(card: Card, files: tuple[File, ...] = ()) -> Components:
    rendered = render(card, files, mark="key1")
    names = [file.name for file in rendered.files]
    assert list(check_message_components(rendered.components, v2=True, files=names)) == []
    return rendered.components


def texts(made: Components) -> list[str]:
    return [c["content"] for _, c in walk(made) if c["type"] == 10]


def text(made: Components) -> str:
    return "\n".join(texts(made))


def labels(made: Components) -> list[str]:
    return [c["label"] for _, c in walk(made) if c["type"] == 2]


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_also_a_text_that_discord_takes(name: str) -> None:
    assert 1 <= limits.size(plain(CARDS[name])) <= CONTENT
    made = plain_components(CARDS[name], mark="k")
    assert list(check_message_components(made, v2=True, files=[])) == []


@given(cards, st.integers(200, 2000))
@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_card_as_text_is_within_the_limit_it_is_given(card: Card, limit: int) -> None:
    assert limits.size(plain(card, limit)) <= limit


@pytest.mark.parametrize("words", HOSTILE_TEXTS)
def test_hostile_text_is_in_no_place_a_mention(words: str) -> None:
    """Not even for a message that would be sent without `allowed_mentions`."""
    assert not pings("", components(hostile(words)), None)
    assert not pings(plain(hostile(words)), [], None)


def test_everything_in_a_card_is_in_the_message() -> None:
    made = components(everything())
    said = text(made)
    for words in (
        "### A card with everything",
        "**bold**",
        "`code`",
        "[a link](https://x.com/nasa/status/1893456789012345678)",
        "-# <@1234567890123456789> in <#1234567890123456788> <t:1700000000:f> <t:1700000000:R>",
        "**[NASA · @nasa](https://x.com/nasa)** · <t:1700000000:f> · [↗](https://x.com/nasa/",
        "> We are going back.\n> See you there.",
        "**Likes** 1,234",
        "```\nRank  Trend    Posts\n─────────────────────\n1     Artemis  12,345\n2     Moon     999\n```",
        "… 3 more rows",
        "▰▰▰▱▱▱▱▱▱▱ 30 % (3 of 10) Fetched",
    ):
        assert words in said
    kinds = [c["type"] for _, c in walk(made)]
    assert kinds.count(12) == 2  # the gallery and the picture
    assert kinds.count(11) == 1  # the face beside the quote
    assert labels(made) == ["Next", "Open on X", "Confirm", "Cancel", "Later"]
    later = next(c for _, c in walk(made) if c.get("label") == "Later")
    assert later["disabled"] and later["custom_id"] == "x1:card.press:k2"


def test_a_long_text_never_hides_what_stands_below_it() -> None:
    """The costs of a proposal stay, however long the tweet is, and its buttons too."""
    made = components(CARDS["a long note tweet"])
    said = text(made)
    assert "**Costs** 30 credits" in said
    assert "…" in said
    assert labels(made) == ["Confirm", "Cancel"]
    assert sum(limits.size(one) for one in texts(made)) > 3500


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (11, 10), (57, 10)])
def test_a_gallery_holds_ten_and_says_how_many_more(count: int, shown: int) -> None:
    made = components(Card("G", (Gallery(tuple(Media(PICTURE, "") for _ in range(count))),)))
    gallery = next(c for _, c in walk(made) if c["type"] == 12)
    assert len(gallery["items"]) == shown
    assert (f"… {count - shown} more picture" in text(made)) == (count > shown)


@pytest.mark.parametrize("count", [1, 5, 6, 25, 26, 60])
def test_buttons_wrap_at_five_and_what_is_left_out_is_said(count: int) -> None:
    made = components(Card("B", buttons=tuple(button(f"B{n}", f"k{n}") for n in range(count))))
    rows = [c for _, c in walk(made) if c["type"] == 1]
    assert [len(row["components"]) for row in rows][:-1] == [5] * (len(rows) - 1)
    assert len(labels(made)) == min(count, 25)
    assert ("more button" in text(made)) == (count > 25)


@pytest.mark.parametrize("length", [5_000, 10_000, 123_456])
def test_what_is_cut_of_a_text_is_counted(length: int) -> None:
    for block in (Text(line("x" * length)), Text(line("x" * length), subtle=True), Quote("x" * length)):
        made = text(components(Card("T", (block,))))
        said = re.search(r"-# … ([\d,]+) more characters?$", made)
        assert said is not None
        assert made.count("x") == length - int(said[1].replace(",", ""))
        assert limits.size(made) > 0.95 * limits.TEXT


@pytest.mark.parametrize("count", [20, 36, 37, 38, 39, 60, 150])
def test_many_blocks_are_joined_before_any_is_left_out(count: int) -> None:
    made = components(Card("T", tuple(Text(line(f"Line {n}.")) for n in range(count))))
    assert text(made).count("Line ") == count


@pytest.mark.parametrize("count", [38, 39, 60])
def test_blocks_that_do_not_fit_are_counted(count: int) -> None:
    made = components(Card("T", tuple(Gallery((Media(PICTURE, ""),)) for _ in range(count))))
    galleries = sum(c["type"] == 12 for _, c in walk(made))
    said = text(made)
    assert galleries == count or f"… {count - galleries} more parts" in said


def test_tables_and_fields_say_how_many_they_leave_out() -> None:
    rows = tuple((line(f"row {n}"),) for n in range(2000))
    said = text(components(Card("T", (Table(("Name",), rows, 2500),))))
    shown = said.count("• ")
    assert f"… {2500 - shown:,} more rows" in said
    said = text(components(Card("T", (Fields(tuple(Field(f"n{n}", line("v" * 50)) for n in range(500))),))))
    assert f"… {500 - said.count('vvvvv' * 10)} more fields" in said


def test_the_same_button_is_not_sent_twice() -> None:
    """Discord refuses a message with one custom_id twice; the card's own button is the one that stays."""
    made = components(Card("T", (Buttons((button("A"),)),), buttons=(button("A"), button("C", "c"))))
    assert labels(made) == ["A", "C"]


def test_sensitive_pictures_are_behind_a_spoiler() -> None:
    gallery = Gallery((Media(PICTURE, "x"),), sensitive=True)
    made = components(Card("T", (gallery,)))
    assert all(item["spoiler"] for _, c in walk(made) if c["type"] == 12 for item in c["items"])
    made = components(Card("T", (replace(gallery, sensitive=False),)))
    assert not any("spoiler" in item for _, c in walk(made) if c["type"] == 12 for item in c["items"])


def test_a_message_carries_its_key_unseen() -> None:
    made = components(Card("T"))
    assert carries(made, "key1")
    assert not carries(made, "key2")
    assert carries(plain_components(Card("T"), mark="k"), "k")
    assert not carries([], "k")
    assert len(set(marks("k"))) == 2


def test_files_are_shown_and_too_large_ones_are_named() -> None:
    big = File("big.csv", "text/csv", b"x" * (limits.UPLOAD + 1))
    exact = File("win ners*.csv", "text/csv", b"x" * limits.UPLOAD)
    made = components(Card("T"), (big, exact))
    (shown,) = (c["file"]["url"] for _, c in walk(made) if c["type"] == 13)
    assert shown == "attachment://win_ners_.csv"
    assert "big.csv (10.0 MiB)" in text(made)


def test_files_of_one_name_get_names_of_their_own() -> None:
    same = File("a.csv", "text/csv", b"x")
    packed = pack((same, same, File("../..", "text/plain", b"")))
    assert [file.name for file in packed.kept] == ["a.csv", "2-a.csv", "file"]


def test_more_files_than_fit_are_named() -> None:
    packed = pack(tuple(File(f"f{n}", "text/plain", b"x") for n in range(limits.FILES + 1)))
    assert len(packed.kept) == limits.FILES
    assert f"f{limits.FILES}" in packed.note


def test_the_most_that_a_card_can_hold_is_still_a_message() -> None:
    many = tuple(button(f"B{n}", f"k{n}") for n in range(60))
    files = tuple(File(f"f{n}", "text/plain", b"x") for n in range(12))
    made = components(
        Card("T", tuple(Quote("q" * 999, author="a", avatar_url=PICTURE) for _ in range(9)), buttons=many),
        files,
    )
    assert len(labels(made)) == 25


def test_the_text_fallback_keeps_the_words_and_the_links() -> None:
    said = plain(everything())
    assert "We are going back." in said
    assert "[Open on X](https://x.com/nasa/status/1893456789012345678)" in said
    assert "[A rocket](https://pbs.example.com/media/a.jpg)" in said
    linked = Card("T", buttons=(Button("Open", url="https://x.com/a"), button("Press")))
    assert plain(linked) == "**T**\n[Open](https://x.com/a)"
