"""Two texts that look the same are the same, and words are found as whole words unless asked otherwise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.routes.conditions import ConditionError, checked
from bot.core.routes.filters import Contains, Quiet
from bot.core.text.sameness import contains, folded, same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don't", "DON’T"),
        ("rock ’n’ roll", "rock 'n' roll"),
        ('"moon"', "“Moon”"),
        ("lift-off", "Lift–off"),
        ("ＧＩＶＥＡＷＡＹ", "giveaway"),
        ("ﬁnal", "FINAL"),
        ("straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("son dakika", "SON DAKİKA"),
        ("son dakika", "SON DAKIKA"),
        ("IŞIK", "ışık"),
        ("ısı", "İSİ"),
        ("İstanbul", "i\u0307stanbul"),
        ("give\u200baway", "giveaway"),
        ("\u202egiveaway", "giveaway"),
        ("give\u00adaway", "giveaway"),
        ("a\r\nb", "a b"),
        ("a\u2028b", "a\u00a0\u3000b"),
        ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
        ("می‌خواهم", "میخواهم"),
        ("ﻻ", "لا"),
        ("صه״ל".replace("صه", "צה"), 'צה"ל'),
        ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"),
        ("❤️", "❤"),
        ("क़", "\u0915\u093c"),
    ],
)
def test_what_looks_the_same_is_the_same(one: str, other: str) -> None:
    assert same(one, other)
    assert contains(f"… {one} …", other) and contains(f"({other})", one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cafe", "café"), ("o", "ö"), ("ش", "س"), ("か", "が"), ("👍", "👎"), ("ก", "ข"), ("1", "l")],
)
def test_what_looks_different_is_different(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("Starting now", "art", False),
        ("State of the art.", "art", True),
        ("launches", "launch", False),
        ("launches", "launch*", True),
        ("prelaunch", "launch*", False),
        ("prelaunch", "*launch", True),
        ("prelaunches", "*launch*", True),
        ("#launch!", "launch", True),
        ("#launchday", "#launch", False),
        ("#launchday", "#launch*", True),
        ("going  to\nthe moon", "going to", True),
        ("forgoing to", "going to", False),
        ("NASA'nın aracı", "nasa", True),
        ("NASA’s", "NASA", True),
        ("evlerimiz", "ev", False),
        ("evlerimiz", "ev*", True),
        ("हिन्दीभाषी", "हिन्दी", False),
        ("हिन्दी, भाषा", "हिन्दी", True),
        ("والكتاب", "كتاب", False),
        ("والكتاب", "*كتاب", True),
        ("명왕성으로", "명왕성*", True),
        ("明日ロケットを発射", "発射", True),
        ("これはAIです", "ai", True),
        ("これはFAIRです", "ai", False),
        ("วันนี้ปล่อยจรวด", "จรวด", True),
        ("ຈະຫຼວດຂຶ້ນ", "ຈະຫຼວດ", True),
        ("រ៉ុក្កែតហោះ", "ហោះ", True),
        ("ဒုံးပျံလွှတ်", "လွှတ်", True),
        ("2024年", "2024", True),
        ("12024", "2024", False),
        ("go🚀go", "🚀", True),
        ("🚀🚀🚀", "🚀🚀", True),
        ("👩\u200d🚀", "👩", False),
        ("👩\u200d🚀", "👩\u200d🚀", True),
        ("👍🏽", "👍", False),
        ("👍🏽", "👍*", True),
        ("🇺🇸🇹🇷", "🇸🇹", False),
        ("🇺🇸🇹🇷", "🇹🇷", True),
        ("5 * 3", "*", True),
    ],
)
def test_words_are_whole_unless_parts_are_asked_for(text: str, word: str, there: bool) -> None:
    assert contains(text, word) is there
    assert contains(text.upper(), word.lower()) is there or text.upper().lower() != text.lower()


@pytest.mark.parametrize("kind", [Contains, Quiet])
@pytest.mark.parametrize("word", ["*", "**", "* *", "\u200b*", " "])
def test_a_star_alone_is_no_word(kind: type[Contains | Quiet], word: str) -> None:
    with pytest.raises(ConditionError, match="names no word"):
        checked(kind((word,)))


@given(st.text(), st.text(max_size=12))
def test_folding_is_stable_and_nothing_is_lost(text: str, word: str) -> None:
    once = folded(text)
    assert folded(once) == once
    contains(text, word)


@pytest.mark.parametrize(
    "piece", ["a", "ab ", "ı", "e\u0301", "\u0301", "日", "👩\u200d", "\u200d", "🇹", "'a"]
)
def test_the_time_is_linear(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    began = time.perf_counter()
    for number in range(50):
        contains(text, f"{piece * 20}{number}*")
    assert time.perf_counter() - began < 2
