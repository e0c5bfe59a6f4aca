"""A long text as the parts of a thread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.x.threads import split
from bot.core.x.tweet_text import POST_LIMIT, weighted_length

LINK = "https://example.com/" + "a" * 400
SENTENCE = "This is one sentence of the story, and it is long enough to matter here. "
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_it_ends_parts_at_sentences() -> None:
    parts = split(SENTENCE * 9)
    assert len(parts) == 3 and all(part.endswith("here.") for part in parts)
    assert " ".join(parts) == (SENTENCE * 9).strip()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. --- Two.", ("One.", "Two.")),
        ("One.\n---\nTwo.\n\n---\n---\nThree.", ("One.", "Two.", "Three.")),
        ("a---b", ("a---b",)),
        ("", ()),
        (" \n --- \n ", ()),
        ("Version 3.5 of x.com. Fine!", ("Version 3.5 of x.com. Fine!",)),
        (f"{LINK} {LINK}", (f"{LINK} {LINK}",)),
    ],
)
def test_what_becomes_of_a_text(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


def test_a_link_stays_whole_and_a_long_word_is_cut_between_characters() -> None:
    text = f"{'word ' * 54}{LINK} {'word ' * 3}"
    assert sum(LINK in part for part in split(text)) == 1
    parts = split(FAMILY * 300)
    assert all(len(part) % len(FAMILY) == 0 for part in parts) and "".join(parts) == FAMILY * 300
    japanese = "月面着陸の話をします。" * 40
    assert all(part.endswith("。") for part in split(japanese))


@given(st.text(alphabet=st.sampled_from("ab .!?。\n月🎉é—-\"'’\u200d\u0301/:htpsx"), max_size=900))
def test_no_part_is_empty_or_too_long_and_nothing_is_lost(text: str) -> None:
    parts = split(text)
    assert all(part == part.strip() and 0 < weighted_length(part) <= POST_LIMIT for part in parts)
    if "---" not in text:
        assert "".join("".join(parts).split()) == "".join(text.split())
