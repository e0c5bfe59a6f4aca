"""Hashtags and mentions in texts of every script, as X finds them."""

from __future__ import annotations

import time

import pytest

from bot.core.x.entities import hashtags, mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#हिन्दी में", ["हिन्दी"]),
        ("Go #Launch, #open_source!", ["Launch", "open_source"]),
        ("#İstanbul’da #çekiliş", ["İstanbul", "çekiliş"]),
        ("هذا #السعودية_اليوم", ["السعودية_اليوم"]),
        ("#می‌خواهم", ["می‌خواهم"]),
        ("＃東京タワー と #日本語。", ["東京タワー", "日本語"]),
        ("#สวัสดี ครับ", ["สวัสดี"]),
        ("#2026 #1a a#b &#39;", ["1a"]),
        ("https://example.com/#part #real", ["real"]),
        ("#한국어 #தமிழ் #қазақ", ["한국어", "தமிழ்", "қазақ"]),
        ("no # sign, #! nor #_", []),
        ("#Один#два", []),
    ],
)
def test_hashtags(text: str, found: list[str]) -> None:
    assert list(hashtags(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@nasa and @ESA_ops!", ["nasa", "ESA_ops"]),
        ("a@b.com @@nasa user@nasa", []),
        ("やあ@nasaです", ["nasa"]),
        ("मिलें @isro, और @NASA", ["isro", "NASA"]),
        ("RT @esa: yes", ["esa"]),
        ("https://medium.com/@nasa @jaxa", ["jaxa"]),
        ("＠spacex", ["spacex"]),
    ],
)
def test_mentions(text: str, found: list[str]) -> None:
    assert list(mentions(text)) == found


@pytest.mark.parametrize("piece", ["#", "#a", "@a", "#a.", "a.#", "@a@"])
def test_the_time_is_linear(piece: str) -> None:
    began = time.perf_counter()
    text = piece * (25_000 // len(piece))
    list(hashtags(text))
    list(mentions(text))
    assert time.perf_counter() - began < 2
