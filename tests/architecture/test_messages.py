"""Texts for people are messages, and the catalogue has each of them."""

from __future__ import annotations

from collections import defaultdict

import pytest
from babel.messages.pofile import read_po

from bot.core.messages.message import Message
from bot.core.messages.templates import names_in
from bot.i18n.extracted import Extracted, NoLiteral
from bot.i18n.extraction import POT, all_messages, in_module, template_file
from bot.i18n.languages import LANGUAGES, PSEUDO, SOURCE
from bot.i18n.translations import CATALOGUES, mismatches
from tests.architecture.plain_texts import modules, plain_texts, reads_like_words, texts_in


@pytest.fixture(scope="module")
def ours() -> list[Extracted]:
    """Every message in the source."""
    return all_messages()


def test_the_catalogue_is_what_the_code_says(ours: list[Extracted]) -> None:
    assert POT.read_text(encoding="utf-8") == template_file(ours), "make messages"


def test_a_template_means_one_message(ours: list[Extracted]) -> None:
    plurals: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in ours:
        plurals[one.id, one.context].add(one.plural)
    assert {key: found for key, found in plurals.items() if len(found) > 1} == {}


def test_every_template_can_be_read_and_has_the_places_of_its_plural(ours: list[Extracted]) -> None:
    for one in ours:
        places = names_in(one.id)
        assert not one.plural or names_in(one.plural) == places, one.where
        assert isinstance(Message(one.id, dict.fromkeys(places, 2), plural=one.plural), str), one.where


def test_every_language_has_a_catalogue_with_nothing_wrong_or_left_over(ours: list[Extracted]) -> None:
    there = {path.stem for path in CATALOGUES.glob("*.po")}
    assert there == {language.tag for language in LANGUAGES} - {SOURCE, PSEUDO}
    known = {(one.id, one.context) for one in ours}
    for path in CATALOGUES.glob("*.po"):
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        assert mismatches(catalog) == []
        ids = {(m.id[0] if isinstance(m.id, tuple) else m.id, m.context or "") for m in catalog if m.id}
        assert ids <= known


@pytest.mark.parametrize("name", modules())
def test_a_text_is_a_message(name: str) -> None:
    found = [f"{one.where}: {one.text!r}" for one in plain_texts(name)]
    assert not found, 'CONTRIBUTING.md, "How to write a text"'


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('Card("Draw done")', ["Draw done"]),
        ('Card(f"Draw {x} is done")', ["Draw ", " is done"]),
        ('Button("Confirm")', ["Confirm"]),
        ('raise NotFound("There is none.", remedy="Look again.")', ["There is none.", "Look again."]),
        ('Card(msg("Draw done"))', []),
        ('Card(msg("Draw {x} done", x=name))', []),
        ('Card(msg("Draw {x} done", x="some text"))', ["some text"]),
        ('Card(msg("Draw {x}", x=words("some text")))', ["some text"]),
        ('Card(pmsg("the title", "Draw done"))', []),
        ('Option("The tweet to draw from", choices={"Old ones": "old"})', []),
        ('command("a b", run, READ, "Show the trends")', []),
        ('command("relay show", run, READ, "Show one", "relay show alerts", cost=cost)', []),
        ('command("tweet like", run, READ, "Like it", f"tweet like {TWEET}")', []),
        ('raise UsageError(msg("No."), example=f"relay edit {name} name:new")', []),
        ('_EXAMPLES = {"name": "relay edit alerts name:new"}', []),
        ('EXAMPLE: Final = "relay edit alerts name:new"', []),
        ('_LOG.warning("it did not work: %s", x)', []),
        ('"""A docstring of words."""', []),
        ('line("see ", Code("relay list all"))', []),
        ('x = "SQL is words"  # no message: a statement', []),
        ('msg = "what is wrong with it"', []),
        ('if x == "some words here": pass', []),
    ],
)
def test_what_counts_as_a_text(code: str, found: list[str]) -> None:
    assert [one.text for one in texts_in(code, "x.py")] == found


@pytest.mark.parametrize("text", ["Draw done", "Confirm", " is done", "of them."])
def test_words_are_recognised(text: str) -> None:
    assert reads_like_words(text)


@pytest.mark.parametrize(
    "text", ["relay", "draw.again", "x1:", "", "en-XA", "https://x.com", "tweet.new", "A", "%Y-%m"]
)
def test_names_are_none(text: str) -> None:
    assert not reads_like_words(text)


def test_a_template_that_is_no_literal_is_refused() -> None:
    with pytest.raises(NoLiteral, match=r"x\.py:1: msg\(\)"):
        list(in_module("msg(text)", "x.py"))
    assert [one.id for one in in_module('nmsg("a" " b", "c", n=1)', "x.py")] == ["a b"]
