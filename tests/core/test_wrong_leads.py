"""What is misread is answered by what helps: never by a far-fetched name, never by a line that posts it."""

from __future__ import annotations

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.commands.subjects import SubjectRef
from bot.core.errors import UsageError
from bot.core.text.nearest import names_close_to
from bot.core.x.references import TweetRef, Username
from bot.features.catalogue import catalogue

ALL = catalogue()
POST = "https://x.com/xquik/status/1893456789012345678"
OTHER = "https://vxtwitter.com/nasa/status/1893500000000000001"


def bound(line: str) -> object:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


def refused(line: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        bound(line)
    return caught.value


def test_only_a_near_name_is_a_lead() -> None:
    for word, name in (("sorteo", "score"), ("poll", "policy"), ("thread", "trends"), ("ayuda", "radar")):
        assert names_close_to(word, [name]) == []
    for word, name in (("darw", "draw"), ("mointor", "monitor"), ("trend", "trends"), ("setupp", "setup")):
        assert names_close_to(word, [name]) == [name]


@pytest.mark.parametrize("line", ["sorteo", "poll", "ayuda", "--version", "抽奖", "10pm"])
def test_a_word_of_nobody_leads_nowhere(line: str) -> None:
    assert "Did you mean" not in refused(line).detail


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("set timezone Berlin", "setup timezone Berlin"),
        ('"trends region:US"', "trends region:US"),
        ("“radar show source:github”", "radar show source:github"),
        ("tweet edit 1", "help tweet"),
        ("schedule tweet hi", "help"),
        ("draw reroll #1", "help draw"),
        ("post Merhaba dünya", 'tweet post "Hello X"'),
        ("tweet नमस्ते दुनिया", 'tweet post "Hello X"'),
        ('watch nasa" now', "monitor add nasa"),
        ("boost " + POST, f"tweet repost {POST}"),
        ("drafts new नमस्ते", "draft save नमस्ते"),
        ("relays delete alerts", "relay remove alerts"),
        ("monitors follow nasa", "monitor add nasa"),
    ],
)
def test_a_line_that_is_proposed_can_be_sent_as_it_is(line: str, example: str) -> None:
    assert refused(line).example == example


def test_a_winner_is_replaced_by_a_button() -> None:
    assert "Next backup" in refused("draw reroll #1").detail
    assert "draw show" in refused("draw reroll #1").remedy
    assert "draft save" in refused("schedule tweet hi").remedy


@pytest.mark.parametrize(
    ("line", "kind", "who"),
    [
        ("policy revoke view user:ben", "user", "ben"),
        ("policy revoke view <@U123>", "user", "U123"),
        ("policy grant view,spend role:123", "role", "123"),
        ("policy grant view to:<@U123|ben>", "user", "U123"),
        ("policy grant view to: user:ben", "user", "ben"),
        ("policy revoke user:ben view", "user", "ben"),
    ],
)
def test_who_is_meant_may_stand_bare(line: str, kind: str, who: str) -> None:
    assert bound(line).to == SubjectRef(kind, who)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        "relay add channel:#alerts keyword:“space x” OR moon",
        'relay add channel:#alerts keyword:"space x" OR moon',
        "relay add channel:#alerts keyword:moon OR mars",
        'relay edit alerts keyword:"ay tutulması" OR moon',
    ],
)
def test_a_search_of_several_words_is_said_to_need_quotes(line: str) -> None:
    error = refused(line)
    assert error.option == "keyword" and "quotes around the whole" in error.detail
    assert "twice" not in error.detail


def test_the_line_that_the_error_shows_is_read() -> None:
    args = bound("relay add channel:#alerts keyword:'\"two words\" OR moon'")
    assert args.keyword == ('"two words" OR moon',)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("bio", "profile.bio.changed"),
        ("followers", "profile.followers.changed"),
        ("folowers", "profile.followers.changed"),
        ("reply", "tweet.reply"),
        ("tweet.nwe", "tweet.new"),
    ],
)
def test_an_event_type_is_named_by_its_part(word: str, meant: str) -> None:
    error = refused(f"monitor add nasa events:{word}")
    assert meant in error.detail and "help monitor add" in error.detail
    assert len(error.detail) < 200


def test_a_word_that_is_no_event_type_says_where_they_stand() -> None:
    error = refused("relay add #alerts events:none")
    assert "help relay add" in error.detail and "did you mean" not in error.detail


@pytest.mark.parametrize(
    ("line", "option", "read"),
    [
        (f"tweet show look at {POST}, nice", "tweet", TweetRef("1893456789012345678", "xquik")),
        (f"draw run Please draw {POST}, thanks", "tweet", TweetRef("1893456789012345678", "xquik")),
        (f"draw run Bitte {POST}. winners:2", "tweet", TweetRef("1893456789012345678", "xquik")),
        (f"draw run これ {OTHER} 見て", "tweet", TweetRef("1893500000000000001", "nasa")),
        ("monitor add please watch @nasa, thanks", "account", Username("nasa")),
    ],
)
def test_a_sentence_with_one_reference_is_that(line: str, option: str, read: object) -> None:
    assert getattr(bound(line), option) == read


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"tweet show {POST} and {OTHER}", "names 2"),
        ("monitor add @nasa and @esa", "names 2"),
        (f"draw run {POST} 3", "one too many"),
        (f"draw run {POST} winners", "one too many"),
        (f"tweet quote see {OTHER}. Look: moon", "comes first"),
        (f"tweet reply merhaba {POST} harika", "comes first"),
    ],
)
def test_what_a_sentence_leaves_open_is_said(line: str, said: str) -> None:
    assert said in refused(line).detail


@pytest.mark.parametrize(
    ("said", "meant"), [("follow", "must_follow"), ("age", "account_age"), ("followers", "min_followers")]
)
def test_an_unknown_option_leads_to_the_one_it_is_a_part_of(said: str, meant: str) -> None:
    assert f"Did you mean {meant!r}?" in refused(f"draw run {POST} {said}:30").detail


@pytest.mark.parametrize("word", ["yes", "No", "true", "off", "on"])
def test_an_answer_is_no_account(word: str) -> None:
    """must_follow:yes would be paid for and find nobody."""
    assert f"{word!r} is no account" in refused(f"draw run {POST} must_follow:{word}").detail
    line = parse(ALL, f"draw run {POST} must_follow:@{word}")
    assert isinstance(line, Parsed) and bind(line.command, line.values).must_follow == Username(word)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (f"draw run {POST} mentions:@a,foo-bar,@b", "foo-bar"),
        ("relay preview account:nasa,ｎａｓａ-1", "ｎａｓａ-1"),
        ("monitor add naſa", "naſa"),
        ("relay mute нaса", "нaса"),
    ],
)
def test_what_is_no_username_is_named(line: str, wrong: str) -> None:
    assert repr(wrong) in refused(line).detail
