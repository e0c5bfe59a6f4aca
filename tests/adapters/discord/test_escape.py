"""Plain text stays plain."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.discord.escape import clean, code, escape, one_line, within
from adapters.discord.inline import line_text, web_url
from adapters.discord.limits import size
from bot.core.chat.cards import Bold, ChannelMention, Code, Link, Timestamp, UserMention, line
from tests.adapters.discord.markdown import doings, shown
from tests.contracts.any_card import HOSTILE_TEXTS

_marks = st.text(alphabet="ab1. *_`~|[]()<>@#-+\\:/!&\n\t\u200b\u202e", max_size=60)
_any = st.one_of(st.sampled_from(HOSTILE_TEXTS), _marks, st.text(max_size=80))


@settings(deadline=None)
@given(_any)
@example("1. first")
@example("https://evil.example http\u200bs://evil.example")
@example("\\")
@example("\\\\*")
@example("@\u200beveryone")
def test_escaped_text_does_nothing_and_shows_itself(text: str) -> None:
    escaped = escape(text)
    assert list(doings(escaped)) == []
    assert shown(escaped).replace("\u200b", "") == clean(text)


@settings(deadline=None)
@given(_any, _any)
def test_two_escaped_texts_beside_each_other_do_nothing(first: str, second: str) -> None:
    """A line is made of parts, and no part may complete what another began."""
    assert list(doings(line_text(line(first, second)))) == []


@settings(deadline=None)
@given(_any)
def test_code_stays_in_its_quotes(text: str) -> None:
    made = code(text)
    assert made == "" or (made[0] == made[-1] == "`" and "`" not in made[1:-1] and "\n" not in made)
    assert "@everyone" not in made.lower()
    assert "<@" not in made


@settings(deadline=None)
@given(_any, st.integers(0, 80))
def test_a_cut_text_is_within_its_limit_and_never_cuts_an_escape(text: str, limit: int) -> None:
    cut = within(text, limit)
    assert size(cut) <= limit
    assert list(doings(cut)) == []
    assert not cut.endswith("\\") or cut.endswith("\\\\")


@pytest.mark.parametrize("length", [9, 10, 11])
def test_a_text_is_cut_only_past_the_limit(length: int) -> None:
    cut = within("x" * length, 10)
    assert cut == ("x" * length if length <= 10 else "x" * 9 + "…")


def test_characters_that_deceive_are_taken_out_and_scripts_keep_theirs() -> None:
    assert clean("a\u202eb\u2066c\u200b\x00\x1bd\r\ne\u2028f") == "abcd\ne\nf"
    assert clean("👩‍🚀 می‌خواهم") == "👩‍🚀 می‌خواهم"


def test_one_line_has_no_second() -> None:
    assert one_line("a\n# b\u2028c") == "a # b c"


def test_our_own_inlines_are_markup() -> None:
    parts = line(
        Bold("a*b"),
        " ",
        Code("x y"),
        " ",
        Link("see [it]", "https://x.com/a(b)"),
        " ",
        UserMention("123456789012345678"),
        ChannelMention("123456789012345678"),
        Timestamp(12.9),
        Timestamp(12, relative=True),
    )
    assert line_text(parts) == (
        "**a\\*b** `x y` [see \\[it\\]](https://x.com/a%28b%29) "
        "<@123456789012345678><#123456789012345678><t:12:f><t:12:R>"
    )


def test_bold_words_keep_their_distance() -> None:
    assert line_text(line(Bold("What next: "), "go on", Bold(" now"))) == "**What next:** go on **now**"


@pytest.mark.parametrize("first", ["https:", "HTTPS:/", "see http:", "discord:"])
def test_two_texts_make_no_link_together(first: str) -> None:
    second = "/evil.example" if first.endswith("/") else "//evil.example"
    assert list(doings(line_text(line(first, second)))) == []
    assert shown(line_text(line(first, second))) == first + second


def test_mentions_of_other_platforms_are_names() -> None:
    assert line_text(line(UserMention("U1", "Ada"), " ", ChannelMention("alerts"))) == "\\@Ada \\#alerts"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example", "", None, "https://", "//x.example", "https://[x"]
)
def test_only_addresses_of_the_web_are_links(url: str | None) -> None:
    assert web_url(url, 2048) is None


@settings(deadline=None)
@given(_any)
def test_no_address_can_break_out_of_its_link(text: str) -> None:
    made = web_url(f"https://x.example/{text}", 10_000)
    assert made is None or not set(made) & set('()<>[]\\"` \n\t')


@settings(deadline=None)
@given(
    st.lists(st.one_of(_any, st.builds(Bold, _any), st.builds(Code, _any)), max_size=5), st.integers(1, 90)
)
def test_a_line_is_cut_within_its_limit(parts: list[str | Bold | Code], limit: int) -> None:
    assert size(line_text(tuple(parts), limit)) <= limit
