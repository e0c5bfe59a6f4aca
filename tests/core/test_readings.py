"""One reading of a post, whatever shape its JSON has, and the filters that look at it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.ids import TenantId
from bot.core.routes import event_readings
from bot.core.routes.events import Event
from bot.core.routes.filtering import refusal
from bot.core.routes.filters import Contains, Has, Lacks, Matches, Quiet
from bot.core.x.readings import PollChoice, TweetReading, read_tweet

LONG = "It begins well. " * 40
PHOTO = {"type": "photo", "mediaUrl": "https://pbs.twimg.com/a.jpg", "url": "https://t.co/pic"}


def event(data: dict[str, Any], kind: str = "tweet.new") -> Event:
    return Event(1, TenantId("slack", "T1"), kind, "nasa", None, 1.0, 1.0, data, "e:1")


def read(**data: Any) -> TweetReading:
    return read_tweet({"id": "18", **data})


@pytest.mark.parametrize("name", ["noteTweet", "note_tweet"])
@pytest.mark.parametrize("end", ["giveaway", "çekiliş", "सस्ता", "抽選", "ของแจก"])
def test_a_long_post_is_read_to_its_end(name: str, end: str) -> None:
    data = {"id": "1", "text": LONG[:280], name: {"text": LONG + end}}
    assert event_readings.text_of(event(data)) == LONG + end
    assert refusal((Quiet((end,)),), event(data)) is not None
    assert refusal((Contains((end,)),), event(data)) is None


@pytest.mark.parametrize("end", ["giveaway", "ÇEKİLİŞ", "مسابقة", "抽選", "розыгрыш"])
def test_a_quiet_word_at_the_end_of_a_reposted_long_post_is_found(end: str) -> None:
    original = {"id": "2", "text": LONG[:280] + "…", "noteTweet": {"text": LONG + end}}
    repost = {"id": "1", "text": f"RT @esa: {LONG[:120]}…", "retweeted_tweet": original}
    assert refusal((Quiet((end.casefold(),)),), event(repost, "tweet.retweet")) is not None


def test_the_media_poll_and_links_of_a_repost_are_those_of_what_is_reposted() -> None:
    card = {"name": "poll2choice_text_only", "bindingValues": {"choice1_label": "A", "choice2_label": "B"}}
    original = {"id": "2", "text": "See https://example.com/a", "media": [PHOTO], "card": card}
    repost = event({"id": "1", "text": "RT @esa: See …", "retweeted_tweet": original}, "tweet.retweet")
    assert refusal((Has(("media", "link", "poll")),), repost) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AT&amp;T &lt;3", "AT&T <3"),
        ("çay &amp; simit", "çay & simit"),
        ("दाल &amp; चावल", "दाल & चावल"),
        ("茶&amp;菓子", "茶&菓子"),
        ("&amp;amp; once", "&amp; once"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&quot;&#39;&nbsp; & &copy;", "&quot;&#39;&nbsp; & &copy;"),
    ],
)
def test_the_three_characters_that_x_encodes_are_decoded_once(text: str, shown: str) -> None:
    assert read(text=text).text == shown
    assert read(text="", noteTweet={"text": text}).text == shown
    tweet = read(text="", author={"username": "a", "name": text}, media=[{**PHOTO, "altText": text}])
    assert tweet.author is not None
    assert (tweet.author.name, tweet.media[0].alt_text) == (shown, shown)
    assert event_readings.text_of(event({"current": text}, "profile.bio.changed")) == shown


@pytest.mark.parametrize(
    ("text", "urls", "shown", "links"),
    [
        (
            "Read https://t.co/a now",
            [{"url": "https://t.co/a", "expanded_url": "https://example.com/story"}],
            "Read https://example.com/story now",
            ("https://example.com/story",),
        ),
        (
            "Oku: https://t.co/a",
            [{"url": "https://t.co/a", "expanded_url": "https://örnek.com.tr/haber?a=1&amp;b=2"}],
            "Oku: https://örnek.com.tr/haber?a=1&b=2",
            ("https://örnek.com.tr/haber?a=1&b=2",),
        ),
        ("看看https://t.co/a吧", [], "看看https://t.co/a吧", ("https://t.co/a",)),
        ("اقرأ example.com/a هنا", [], "اقرأ example.com/a هنا", ("https://example.com/a",)),
        ("x", [{"url": "https://t.co/z", "expanded_url": "javascript:alert(1)"}], "x", ("https://t.co/z",)),
        ("आज https://t.co/pic", [], "आज", ()),
        (
            "Two https://t.co/a https://t.co/pic",
            [
                {"url": "https://t.co/a", "expanded_url": "https://example.com"},
                {"url": "https://t.co/pic", "expanded_url": "https://x.com/nasa/status/18/photo/1"},
            ],
            "Two https://example.com",
            ("https://example.com",),
        ),
        (
            "Own video https://t.co/v",
            [{"url": "https://t.co/v", "expanded_url": "https://twitter.com/nasa/status/18/video/1"}],
            "Own video",
            (),
        ),
    ],
)
def test_links_are_written_out_and_that_of_its_own_media_is_none(
    text: str, urls: list[dict[str, str]], shown: str, links: tuple[str, ...]
) -> None:
    data = {"id": "18", "text": text, "entities": {"urls": urls}, "media": [PHOTO]}
    tweet = read_tweet(data)
    assert (tweet.text, tweet.links) == (shown, links)
    assert (refusal((Has(("link",)),), event(data)) is None) is bool(links)
    assert (refusal((Lacks(("link",)),), event(data)) is None) is not bool(links)


def test_the_link_to_the_quoted_post_is_no_link_of_its_own() -> None:
    urls = [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/esa/status/77"}]
    tweet = read(
        text="Worth it https://t.co/q", entities={"urls": urls}, quoted_tweet={"id": "77", "text": "q"}
    )
    assert (tweet.text, tweet.has_link) == ("Worth it", False)
    assert read(text="Worth it https://t.co/q", entities={"urls": urls}).has_link


def test_entities_of_a_long_post_are_those_of_its_note() -> None:
    note = {
        "text": "All of it: https://t.co/n",
        "entities": {"urls": [{"url": "https://t.co/n", "expanded_url": "https://example.com/n"}]},
    }
    assert read(text="All of", entities={"urls": []}, noteTweet=note).links == ("https://example.com/n",)


@pytest.mark.parametrize(
    ("card", "choices"),
    [
        (
            {
                "name": "poll3choice_text_only",
                "bindingValues": {"choice1_label": "Tabs", "choice2_label": "Threads"},
            },
            [PollChoice("Tabs"), PollChoice("Threads")],
        ),
        (
            {
                "name": "poll2choice_image",
                "bindingValues": {
                    "choice1_label": {"string_value": "Evet &amp; hayır"},
                    "choice1_count": {"string_value": "12"},
                },
            },
            [PollChoice("Evet & hayır", 12)],
        ),
        (
            {"name": "1:poll2choice_text_only", "bindingValues": [{"key": "choice2_label", "value": "नहीं"}]},
            [PollChoice("नहीं")],
        ),
        ({"name": "poll4choice_video", "bindingValues": {"choice4_label": "四"}}, [PollChoice("四")]),
        ({"name": "poll2choice_text_only"}, []),
    ],
)
def test_a_poll_is_read_in_every_shape(card: dict[str, Any], choices: list[PollChoice]) -> None:
    tweet = read(text="?", card=card)
    assert tweet.poll is not None and list(tweet.poll.choices) == choices
    assert refusal((Has(("poll",)),), event({"text": "?", "card": card})) is None


@pytest.mark.parametrize("card", [None, {}, {"name": "summary"}, {"name": 7}, "poll2choice"])
def test_another_card_is_no_poll(card: object) -> None:
    assert read(text="?", card=card).poll is None


def variant(bitrate: int | None, kind: str = "video/mp4") -> dict[str, Any]:
    return {"contentType": kind, "bitrate": bitrate, "url": f"https://video.twimg.com/{bitrate}.mp4"}


@pytest.mark.parametrize(
    ("variants", "millis", "best"),
    [
        ([variant(256_000), variant(2_176_000), variant(832_000)], 42_000, 2_176_000),
        ([variant(256_000), variant(10_368_000)], 600_000, 256_000),
        ([variant(5_000_000), variant(10_368_000)], 3_600_000, 5_000_000),
        ([variant(None, "application/x-mpegURL"), variant(832_000)], None, 832_000),
        ([variant(0)], None, 0),
    ],
)
def test_the_best_mp4_that_plays_at_once_is_chosen(
    variants: list[dict[str, Any]], millis: int | None, best: int
) -> None:
    tweet = read(media=[{"type": "video", "videoVariants": variants, "durationMillis": millis}])
    assert tweet.media[0].best_video == f"https://video.twimg.com/{best}.mp4"
    assert read(media=[{"type": "video"}]).media[0].best_video is None


@pytest.mark.parametrize("word", ["giveaway", "çekiliş", "इनाम", "プレゼント", "ของแจก"])
def test_filters_look_into_the_quoted_post_where_the_route_says_so(word: str) -> None:
    quoted = {"id": "2", "text": f"Big {word} https://example.com", "media": [PHOTO]}
    one = event({"id": "1", "text": "Look", "quoted_tweet": quoted}, "tweet.quote")
    for asked in (Contains((word,)), Matches(word), Has(("media", "link"))):
        assert refusal((asked,), one) is not None
        assert refusal((asked,), one, quoted=True) is None
    assert refusal((Quiet((word,)),), one) is None
    assert refusal((Quiet((word,)),), one, quoted=True) is not None


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("profile.bio.changed", {"previous": "a", "current": "We launch comets"}),
        ("profile.name.changed", {"before": "a", "after": "Comets Launch"}),
        ("space.started", {"title": "Launch of comets"}),
        ("broadcast.started", {"title": "LAUNCH"}),
        ("something.new", {"text": "launch!"}),
    ],
)
def test_words_are_looked_for_in_what_a_change_says(kind: str, data: dict[str, Any]) -> None:
    assert refusal((Contains(("launch",)),), event(data, kind)) is None
    assert refusal((Quiet(("launch",)),), event(data, kind)) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "id",
        "text",
        "author",
        "tweet",
        "media",
        "card",
        "poll",
        "entities",
        "urls",
        "noteTweet",
        "quoted_tweet",
    ]
)


@given(st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=3), max_size=6))
def test_data_of_any_shape_is_read(data: dict[str, Any]) -> None:
    tweet = read_tweet(data)
    assert isinstance(tweet.text, str) and isinstance(tuple(tweet.hashtags), tuple)
    assert tweet.url.startswith(("https://x.com/", "https://twitter.com/"))


def test_posts_inside_posts_without_end_are_read_to_a_depth() -> None:
    data: dict[str, Any] = {"id": "1", "text": "end"}
    for _ in range(500):
        data = {"id": "1", "text": "more", "quoted_tweet": data, "retweeted_tweet": data}
    assert read_tweet(data).shown.quoted_tweet is not None
