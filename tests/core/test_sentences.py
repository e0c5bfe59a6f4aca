"""Several posts named in a sentence, as in a list: none lost, none invented."""

from __future__ import annotations

import pytest

from bot.core.commands.binding import bind
from bot.core.commands.grammar import Parsed, parse
from bot.core.errors import UsageError
from bot.features.catalogue import catalogue
from bot.features.media.commands import MediaArgs

ALL = catalogue()
A, B, C = "https://x.com/a/status/1", "https://fixupx.com/b/status/2", "1893456789012345678"
ALONE, BOTH, THREE = ["1"], ["1", "2"], ["1", "2", C]


def read(line: str) -> object:
    parsed = parse(ALL, line)
    assert isinstance(parsed, Parsed)
    return bind(parsed.command, parsed.values)


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        (f"please these {A} and {B}", BOTH),
        (f"these 2: {A} and {B}", BOTH),
        (f"bunları kaydet: {A} ve {B}", BOTH),
        (f"şu 3 tanesini {A}, {B} ve {C}", THREE),
        (f"احفظ {A} و{B}", BOTH),
        (f"कृपया {A} और {B} सहेजें", BOTH),
        (f"これを{A}と{B}保存", BOTH),
        (f"请保存{A}、{B}和 {C}", THREE),
        (f"ช่วยบันทึก{A}และ{B}", BOTH),
        (f"don't lose “{A}”; and it's <{B}|that>", BOTH),
        (f"- [one]({A})\n- [two]({B})\n- {C}", THREE),
        (f"{A} {C} twitter.com/c/status/2", ["1", C, "2"]),
        (f"it is {A}", ALONE),
        (f"{A} 20", ["1", "20"]),
    ],
)
def test_media_get_reads_a_sentence(words: str, posts: list[str]) -> None:
    command = next(one for one in ALL if one.name == "media get")
    for found in (read(f"media get {words}"), bind(command, {"tweets": [words]})):
        assert isinstance(found, MediaArgs)
        assert [tweet.id for tweet in found.tweets] == posts


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"please {A} and https://example.com/x", "not a link to a tweet"),
        (f"lütfen {A} ve example.com/x", "not a link to a tweet"),
        (f"這個 {A} x.com/nasa", "does not lead to a tweet"),
        (f"the best 20 of {A}", "'20' may be a count or an id"),
        ("please", "not a link to a tweet"),
        ("yalnız 20", "not a link to a tweet"),
    ],
)
def test_what_may_be_a_post_too_is_never_left_out(words: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(f"media get {words}")
    assert said in caught.value.detail


@pytest.mark.parametrize("word", ["look at this:", "şuna bak:", "link:", "yeni gönderi:", "See:"])
def test_a_word_with_a_colon_may_stand_before_a_link(word: str) -> None:
    assert read(f"tweet show {word} {A}").tweet.id == "1"  # type: ignore[attr-defined]
    assert read(f"monitor add {word} @nasa").account.name == "nasa"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        f"draw run winner: 3 {A}",
        f"draw run {A} follow: @nasa",
        "monitor add acount: @nasa",
        f"draw run foo:{A}",
    ],
)
def test_what_may_be_an_option_is_still_refused(line: str) -> None:
    with pytest.raises(UsageError, match="has no option"):
        read(line)
