"""Characters that nobody sees: which they are, where they are legitimate, and how they are shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text.invisible import blank, marked, reorders, unseen, without_unseen
from bot.core.text.unicode_sets import BLANK, CONTROL, DEFAULT_IGNORABLE, FORMAT, characters

LISTED = sorted(characters(f"{CONTROL} {DEFAULT_IGNORABLE} {FORMAT} {BLANK}"))
# Texts in which a listed character belongs where it stands.
LAWFUL = (
    "👩‍🚀 👨‍👩‍👧‍👦 ❤️ ❤️‍🔥 🏳️‍🌈 🧑🏽‍🤝‍🧑🏻 1️⃣ #️⃣ ©️ ☎︎ ♀️ 👁️‍🗨️",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می‌خواهم خانه‌ای ۱۴۰۰ ه‍.",
    "क्‍ष क्‌ष ന്‍ র‍্য",
    "葛\U000e0100城 﨑︀",
    "ភាសា\u200bខ្មែរ ภาษา\u200bไทย",
    "ᠮᠣᠩᠭᠣᠯ᠋ ᠬᠡᠷᠡᠭ᠎ᠡ",
    "⠀⠀⣿⣿⠀⣿\n⠿⠀⠿",
    "tab\tand\nline, no\u00a0break, ideographic\u3000space",
)
_texts = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet=[*"a1# ⣿👩🚀❤م葛ภक", *map(chr, (0x200B, 0x200C, 0x200D, 0xFE0F, 0x2800, 0x3164, 0x2060))]
    ),
)


@pytest.mark.parametrize("text", LAWFUL)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert without_unseen(text) == marked(text) == text
    assert not unseen(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay\u200dpal", "pay⟨U+200D⟩pal"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("\u3164", "⟨U+3164⟩"),
        ("a\u115f\u1160b", "a⟨U+115F⟩⟨U+1160⟩b"),
        ("a\uffa0\uffa0\uffa0b", "a⟨U+FFA0⟩⟨U+FFA0⟩⟨U+FFA0⟩b"),
        ("a" + "\u200b" * 90, "a⟨90 × U+200B⟩"),
        ("a\u2800b", "a⟨U+2800⟩b"),
        ("send \u202egnp.exe", "send ⟨U+202E⟩gnp.exe"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴⟨U+E0067⟩⟨U+E0062⟩⟨U+E007F⟩"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f⟨U+FE0F⟩"),
        ("😀" + "\U000e0100" * 5, "😀⟨5 × U+E0100⟩"),
        ("1\ufe0f2", "1⟨U+FE0F⟩2"),
        ("❤\u200da", "❤⟨U+200D⟩a"),
        ("م\u200c\u200cم", "م\u200c⟨U+200C⟩م"),
        ("a\u2028b\x00c\rd\x85e", "a⟨U+2028⟩b⟨U+0000⟩c⟨U+000D⟩d⟨U+0085⟩e"),
        ("half \ud800", "half ⟨U+D800⟩"),
        ("a\u00adb", "a⟨U+00AD⟩b"),
    ],
)
def test_what_nobody_sees_is_shown_by_its_number(text: str, shown: str) -> None:
    assert marked(text) == shown
    assert sum(unseen(text).values()) > 0


@settings(deadline=None)
@given(_texts)
def test_a_marked_text_has_nothing_unseen_and_the_rest_is_as_it_was(text: str) -> None:
    assert not unseen(marked(text))
    assert without_unseen(marked(text)) == marked(text)
    bare = without_unseen(text)
    assert without_unseen(bare) == bare
    assert len(text) == len(bare) + sum(unseen(text).values())


def test_every_listed_character_alone_is_no_text_and_is_seen_when_marked() -> None:
    for char in LISTED:
        assert blank(char), hex(ord(char))
        assert blank(f" {char}\n{char}\u3000")
        assert without_unseen(f"a{char}") == "a"
        assert not blank(marked(char))
        assert not blank(f"{char}x")


def test_white_space_alone_is_no_text() -> None:
    assert all(blank(chr(code)) for code in range(0x110000) if chr(code).isspace())
    assert blank("")
    assert not blank("\u0301")
    assert not blank("⣿")


@pytest.mark.parametrize("text", ["a\u202eb", "\u2067abc\u2069", "a\u200fb", "a\u061cb"])
def test_what_can_reorder_a_text_is_told_apart(text: str) -> None:
    assert reorders(text)
    assert not reorders(without_unseen(text))


def test_a_long_text_of_nothing_but_unseen_characters_is_read_in_its_length() -> None:
    text = "".join(LISTED) * 40
    assert blank(text)
    assert without_unseen(text) == ""
    assert sum(unseen(text).values()) == len(text)


def test_letters_digits_and_punctuation_are_never_taken_out() -> None:
    seen = "".join(
        chr(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code))
        in ("Lu", "Ll", "Nd", "Nl", "Pd", "Ps", "Pe", "Po", "Sc", "Sm", "Zs")
    )
    assert without_unseen(seen) == seen
