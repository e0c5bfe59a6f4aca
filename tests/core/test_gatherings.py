"""Lists, communities and Spaces are recognised as people write them; anything else is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.core.x.gatherings import (
    BroadcastRef,
    CommunityRef,
    ListRef,
    SpaceRef,
    parse_broadcast_ref,
    parse_community_ref,
    parse_list_ref,
    parse_space_ref,
)

PARSERS: tuple[Callable[[str], object], ...] = (
    parse_list_ref,
    parse_community_ref,
    parse_space_ref,
    parse_broadcast_ref,
)


@pytest.mark.parametrize(
    "text",
    [
        "12345",
        "https://x.com/i/lists/12345",
        "x.com/i/lists/12345?s=20",
        "<https://twitter.com/i/lists/12345|a list>",
        "[a list](https://mobile.twitter.com/i/lists/12345/members)",
        "look: https://x.com/nasa/lists/12345.",
        "`12345`",
        "\u200e12345",
    ],
)
def test_a_list_is_its_number(text: str) -> None:
    assert parse_list_ref(text) == ListRef("12345")


def test_a_community_and_a_space_are_read_from_their_links() -> None:
    assert parse_community_ref("https://x.com/i/communities/15/about") == CommunityRef("15")
    assert parse_space_ref("https://x.com/i/spaces/1OdKrXWaPVPGX?s=20") == SpaceRef("1OdKrXWaPVPGX")
    assert parse_space_ref("1OdKrXWaPVPGX") == SpaceRef("1OdKrXWaPVPGX")
    assert parse_broadcast_ref("x.com/i/broadcasts/1OyKAWabcdeGb") == BroadcastRef("1OyKAWabcdeGb")
    for made in (ListRef("12"), CommunityRef("15"), SpaceRef("1OdKrXWaPVPGX"), BroadcastRef("1OyKAWabcdeGb")):
        parser = next(one for one in PARSERS if type(made).__name__[:4].lower() in one.__name__)
        assert parser(str(made)) == made


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "text",
    [
        "nasa",
        "https://x.com/nasa",
        "https://x.com/nasa/status/12345",
        "https://evil.example/i/lists/12345",
        "https://evil.example/?x.com/i/lists/12345",
        "x.com/i/lists/",
        "x.com/i/lists/12345x9-",
        "0",
        "-1",
        "9" * 30,
        "../../x/users/nasa",
    ],
)
def test_anything_else_is_refused_with_an_example(parser: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match=r"https://x\.com/i/|copy its link"):
        parser(text)


def test_a_link_of_words_says_which_link_is_wanted() -> None:
    with pytest.raises(ValueError, match="with the number"):
        parse_list_ref("https://x.com/nasa/lists/space-agencies")


def test_two_of_them_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="names 2 of them"):
        parse_list_ref("x.com/i/lists/1 x.com/i/lists/2")
