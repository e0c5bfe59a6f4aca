"""The tables of characters against others who know Unicode: Python's own data, and a browser's."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from bot.core.text.unicode_sets import (
    BLANK,
    CONTROL,
    DEFAULT_IGNORABLE,
    FORMAT,
    PICTOGRAPHIC,
    REORDERING,
    characters,
)
from tests.adapters.playground.browser import ARGUMENTS, EXECUTABLE

# Other_Default_Ignorable_Code_Point and Prepended_Concatenation_Mark (PropList.txt): with what
# `unicodedata` knows, they are the whole derivation of Default_Ignorable_Code_Point.
_OTHER = characters("34F 115F-1160 17B4-17B5 2065 3164 FFA0 FFF0-FFF8 E0000-E0FFF")
_SELECTORS = characters("180B-180D 180F FE00-FE0F E0100-E01EF")
_DRAWN = characters("600-605 6DD 70F 890-891 8E2 110BD 110CD")
_NAMED_BLANK = re.compile(
    r"FILLER$|INVISIBLE|ZERO WIDTH|NULL NOTEHEAD|PATTERN BLANK|(?:HALF|FULL) BLANK|OBJECT REPL"
)
# Fillers that are drawn, by the charts.
_VISIBLE_FILLERS = re.compile("GAP FILLER|LINE FILLER|PUNCTUATION SPACE FILLER")


def test_what_is_ignorable_follows_from_the_categories() -> None:
    every = map(chr, range(0x110000))
    formats = {char for char in every if unicodedata.category(char) == "Cf"} - _DRAWN
    derived = (formats | _OTHER | _SELECTORS) - characters(FORMAT)
    assert derived == characters(DEFAULT_IGNORABLE)
    assert characters(FORMAT) >= formats - derived
    assert all(unicodedata.category(char) in ("Cf", "Cn") for char in characters(FORMAT))


def test_controls_are_all_but_tab_and_line_feed() -> None:
    derived = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert characters(CONTROL) == derived - {"\t", "\n"}


def test_whatever_is_named_blank_or_filler_is_listed() -> None:
    listed = characters(f"{DEFAULT_IGNORABLE} {BLANK}")
    for char in map(chr, range(0x110000)):
        name = unicodedata.name(char, "")
        if _NAMED_BLANK.search(name) and not _VISIBLE_FILLERS.search(name):
            assert char in listed, name


def test_what_reorders_is_what_the_bidirectional_algorithm_calls_explicit() -> None:
    explicit = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    derived = {c for c in map(chr, range(0x110000)) if unicodedata.bidirectional(c) in explicit}
    assert derived | set("\u061c\u200e\u200f") == characters(REORDERING)


_MEMBERS = """(property) => {
  const one = new RegExp(`^\\\\p{${property}}$`, "u");
  const found = [];
  for (let code = 0; code < 0x110000; code += 1) {
    if ((code < 0xd800 || code > 0xdfff) && one.test(String.fromCodePoint(code))) found.push(code);
  }
  return found;
}"""


def test_a_browser_knows_the_same_characters() -> None:
    if not Path(EXECUTABLE).exists():
        pytest.skip(f"no browser ({EXECUTABLE}, Debian's package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            page = browser.new_page()

            def members(name: str) -> set[str]:
                return {chr(code) for code in page.evaluate(_MEMBERS, name)}

            assert members("Default_Ignorable_Code_Point") == characters(DEFAULT_IGNORABLE)
            assert members("Bidi_Control") == characters(REORDERING)
            # Reserved code points come and go in this one: those that are an emoji must be there, and
            # nothing may be there that is written.
            pictured = characters(PICTOGRAPHIC)
            components = members("Emoji_Component") | members("Emoji_Modifier")
            assert members("Emoji") - components <= pictured
            assert not pictured & (members("Letter") - members("Emoji"))
            assert not pictured & members("Mark")
        finally:
            browser.close()
