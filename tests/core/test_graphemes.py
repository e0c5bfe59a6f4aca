"""Texts are cut between characters as people see them, held against a browser's segmenter."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from bot.core.text.graphemes import boundary
from bot.core.text.shortening import cut, shorten
from tests.adapters.playground.browser import ARGUMENTS, EXECUTABLE

CLUSTERS = (
    *(
        "a",
        "é",
        "e\u0301",
        "ö̲",
        "\r\n",
        "日",
        "が",
        "か\u3099",
        "한",
        "\u1112\u1161\u11ab",
        "각",
        "हि",
        "क्षि",
    ),
    *("স্ত্রী", "ക്ക", "กำ", "ກຳ", "มี่", "မြို့", "שָׁ", "بَّ", "٣", "🚀", "👍🏽", "👩\u200d🚀", "🇹🇷"),
    *("👨\u200d👩\u200d👧\u200d👦", "1\ufe0f\u20e3", "❤\ufe0f\u200d🔥"),
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)


@pytest.fixture(scope="module")
def segmented() -> dict[str, list[int]]:
    """Where a browser puts the ends of the clusters of each text."""
    texts = [one + other for one in CLUSTERS for other in CLUSTERS]
    script = """texts => texts.map(text => {
        const ends = [...new Intl.Segmenter('en', {granularity: 'grapheme'}).segment(text)];
        return ends.map(one => [...text.slice(0, one.index)].length);
    })"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            found = browser.new_page().evaluate(script, texts)
        finally:
            browser.close()
    return dict(zip(texts, found, strict=True))


def test_every_place_to_cut_is_one_of_a_browsers(segmented: dict[str, list[int]]) -> None:
    for text, starts in segmented.items():
        for limit in range(len(text)):
            assert boundary(text, limit) in starts, (text, limit)


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_as_many_whole_characters_stay_as_fit(cluster: str) -> None:
    text = cluster * 30
    for limit in range(1, 60):
        kept = cut(text, limit, "")
        assert len(kept) <= limit
        assert kept == (cluster * (len(kept) // len(cluster))).rstrip()


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_shortened_line_ends_in_a_whole_character(cluster: str) -> None:
    flat = " ".join((cluster * 30).split())
    for limit in range(2, 30):
        kept = shorten(flat, limit).removesuffix("…")
        assert flat.startswith(kept) and len(kept) < max(limit, 2)
        assert boundary(flat, len(kept)) == len(kept)


@given(st.text(), st.integers(0, 40))
def test_a_cut_is_never_too_long_and_always_a_beginning(text: str, limit: int) -> None:
    kept = cut(text, limit)
    assert len(kept) <= max(limit, 0) or kept == text
    assert text.startswith(kept.removesuffix("…").rstrip()) or kept == text


@pytest.mark.parametrize("piece", ["\u0301", "🇹", "\u200d", "👩\u200d", "क्", "\u1100", "\u0600"])
def test_the_time_is_bounded(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    began = time.perf_counter()
    for limit in range(20_000, 20_050):
        assert boundary(text, limit) > limit - 100
    assert time.perf_counter() - began < 2
