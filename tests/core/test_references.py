"""Links, ids and names as people paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.x.references import TweetRef, Username, parse_tweet_ref, parse_username

ID = "1893456789012345678"


@pytest.mark.parametrize(
    ("text", "username"),
    [
        (f"https://x.com/nasa/status/{ID}", "nasa"),
        (f"http://twitter.com/nasa/status/{ID}", "nasa"),
        (f"https://www.x.com/nasa/status/{ID}", "nasa"),
        (f"https://mobile.twitter.com/nasa/status/{ID}?s=20&t=abc", "nasa"),
        (f"x.com/nasa/status/{ID}", "nasa"),
        (f"https://X.com/NASA/status/{ID}/photo/1", "NASA"),
        (f"https://twitter.com/nasa/statuses/{ID}#m", "nasa"),
        (f"https://x.com/i/status/{ID}", None),
        (f"https://x.com/i/web/status/{ID}", None),
        (f"  <https://x.com/nasa/status/{ID}>  ", "nasa"),
        (f"<https://x.com/nasa/status/{ID}|x.com/nasa…>", "nasa"),
        (ID, None),
        (f" {ID}\n", None),
    ],
)
def test_posts_are_recognised(text: str, username: str | None) -> None:
    assert parse_tweet_ref(text) == TweetRef(ID, username)


def test_the_link_of_a_post_is_full_with_author_or_without() -> None:
    assert TweetRef(ID, "nasa").url == f"https://x.com/nasa/status/{ID}"
    assert parse_tweet_ref(TweetRef(ID).url) == TweetRef(ID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nasa",
        "0",
        "012345",
        "1.5",
        "#20",
        "1" * 21,
        "https://x.com/nasa",
        "https://x.com/nasa/status/",
        "https://x.com/nasa/status/abc",
        f"https://x.com.evil.example/nasa/status/{ID}",
        f"https://evil.example/x.com/nasa/status/{ID}",
        f"https://user@x.com/nasa/status/{ID}",
        f"https://x.com:8443/nasa/status/{ID}",
        f"javascript://x.com/nasa/status/{ID}",
        f"https://x.com/nasa/status/{ID} https://x.com/esa/status/20",
        "https://[broken/status/1",
        "١٢٣٤٥٦٧٨٩",
        "x" * 5000,
    ],
)
def test_what_is_no_post_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_tweet_ref(text)


@pytest.mark.parametrize(
    "text",
    [
        "nasa",
        "@nasa",
        "＠nasa",
        " @nasa ",
        "https://x.com/nasa",
        "x.com/nasa/",
        "https://twitter.com/@nasa",
        "https://mobile.twitter.com/nasa/media?x=1",
        f"https://x.com/nasa/status/{ID}",
        "<https://x.com/nasa>",
    ],
)
def test_accounts_are_recognised(text: str) -> None:
    assert parse_username(text) == Username("nasa")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a b",
        "x" * 16,
        "näsa",
        "https://x.com/",
        "https://x.com/home",
        "https://x.com/i/lists/1",
        "https://example.com/nasa",
        "@@nasa",
        "nasa!",
    ],
)
def test_what_is_no_account_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_username(text)


def test_an_account_knows_its_handle_and_profile() -> None:
    assert Username("nasa").handle == "@nasa"
    assert str(Username("nasa")) == "nasa"
    assert Username("nasa").url == "https://x.com/nasa"


@given(st.text(max_size=60))
def test_anything_else_is_a_value_error_at_worst(text: str) -> None:
    try:
        tweet = parse_tweet_ref(text)
    except ValueError:
        pass
    else:
        assert parse_tweet_ref(tweet.url) == tweet
    try:
        account = parse_username(text)
    except ValueError:
        pass
    else:
        assert parse_username(account.handle) == account
