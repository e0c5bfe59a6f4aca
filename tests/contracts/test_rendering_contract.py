"""What every adapter makes of a card: all of it is there or its cut is said, and text stays text.

The playground's page needs a browser; without one its tests are skipped, and say so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.core.chat.cards import Block, Buttons, Card, Code, Fields, Quote, Shape, Table, Text
from bot.core.text.invisible import blank
from tests.contracts import any_card
from tests.contracts.any_card import HOSTILE_TEXTS
from tests.contracts.cards import TITLE, links_of
from tests.contracts.edges import EDGES, EXACT, LARGE, LARGE_TEXT
from tests.contracts.screens import SEQUENCE, Drawn, Screen, letters, lost, texts
from tests.fuzzing import examples
from tests.strictness import NOT_THERE

EVERY = any_card.CARDS
# How screens say that something is left out.
_SAID = re.compile(r"…|\+\d")


def harmless(card: Card, drawn: Drawn) -> None:
    """No rule is broken, nobody is notified, nothing is markup or a link that ours did not make."""
    assert drawn.violations == ()
    assert drawn.pings == ()
    assert drawn.markup == ()
    ours = {bare(url) for url in links_of(card)}
    assert {bare(url) for url in drawn.links} <= ours
    assert not blank(drawn.text)
    assert drawn.fallback is None or not blank(drawn.fallback)


def bare(url: str) -> str:
    """An address as it is compared: browsers and adapters encode what has to be."""
    return unquote(url).rstrip("/").lower()


def whole_or_said(card: Card, drawn: Drawn) -> None:
    """Every text is on the screen, or something on it says that not all of it is."""
    if not _SAID.search(drawn.text):
        assert lost(card, drawn) == []


@pytest.mark.parametrize("name", EVERY)
def test_every_card_is_drawn_whole_and_does_nothing(screen: Screen, name: str) -> None:
    drawn = screen.draw(EVERY[name])
    harmless(EVERY[name], drawn)
    whole_or_said(EVERY[name], drawn)


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_hostile_text_is_shown_as_it_is_written(screen: Screen, text: str) -> None:
    for card in (
        Card(TITLE, (Text((text,)),)),
        Card(TITLE, (Text((text,), subtle=True),)),
        Card(text, (Text(("words",)),)),
        Card(TITLE, (Text((text,)), Text((text,), subtle=True)), shape=Shape.LINE),
        Card(TITLE, (Text((text,)), Text((text,), subtle=True)), shape=Shape.BARE),
    ):
        drawn = screen.draw(card)
        harmless(card, drawn)
        assert seen(text) in seen(drawn.text)
    for shape in Shape:
        quoted = Card(TITLE, (Quote(text),), shape=shape)
        drawn = screen.draw(quoted)
        harmless(quoted, drawn)
        assert letters(text) in letters(drawn.text)


EMPTY = (
    (),
    (Text(()),),
    (Text(("",)), Text(("\u3164",), subtle=True)),
    (Text((" \n\u2800",)),),
    (Text((Code(" "),)), Quote("\u200b", author="\ufeff")),
    (Fields(()), Table((), ()), Buttons(())),
)


@pytest.mark.parametrize("title", ["", "\u3164", TITLE])
@pytest.mark.parametrize("blocks", EMPTY, ids=range(len(EMPTY)))
@pytest.mark.parametrize("shape", list(Shape))
def test_a_message_of_nothing_shows_its_title_or_says_that_it_has_no_text(
    screen: Screen, shape: Shape, blocks: tuple[Block, ...], title: str
) -> None:
    card = Card(title, blocks, shape=shape)
    drawn = screen.draw(card)
    harmless(card, drawn)
    assert letters(title) in letters(drawn.text)


SHAPED = (
    "everything",
    "with ids",
    "nothing at all",
    "empty parts",
    "a very long text",
    "many parts",
    "a long table",
)


@pytest.mark.parametrize("shape", [Shape.LINE, Shape.BARE])
@pytest.mark.parametrize("name", SHAPED)
def test_a_line_and_a_bare_message_are_drawn_whole_and_without_a_heading(
    screen: Screen, name: str, shape: Shape
) -> None:
    card = replace(EVERY[name], shape=shape)
    drawn = screen.draw(card)
    harmless(card, drawn)
    whole_or_said(card, drawn)
    if card.title and any(texts(card)):
        assert letters(card.title) not in letters(drawn.text)


@pytest.mark.parametrize("shape", list(Shape))
def test_whom_a_message_notifies_stands_before_everything_else(screen: Screen, shape: Shape) -> None:
    card = Card(TITLE, (Text(("words",)),), shape=shape, pings=(screen.group, screen.group))
    drawn = screen.draw(card)
    assert drawn.violations == ()
    assert drawn.pings == ((screen.group,) if screen.notifies else ())
    shown = letters(drawn.text)
    assert shown.startswith(letters(screen.group)), drawn.text


def seen(text: str) -> str:
    """What can be seen of a text: no spaces, no invisible characters, none of the frame around it."""
    visible = (c for c in SEQUENCE.sub("", text) if unicodedata.category(c)[0] not in "CZ")
    return re.sub("[│¦|]", "", "".join(visible))


@pytest.mark.parametrize("measure", EDGES)
@pytest.mark.parametrize("surplus", [0, 1])
def test_limits_hold_at_the_edge_and_one_past_it(screen: Screen, measure: str, surplus: int) -> None:
    limit = screen.limits.get(measure)
    card = EDGES[measure](LARGE.get(measure, LARGE_TEXT) if limit is None else limit + surplus)
    drawn = screen.draw(card)
    harmless(card, drawn)
    whole_or_said(card, drawn)
    if limit is not None and surplus == 0 and measure in EXACT:
        assert lost(card, drawn) == []
        assert not _SAID.search(drawn.text)


def test_what_has_no_limit_is_shown_whole(screen: Screen) -> None:
    for measure in EDGES.keys() - screen.limits.keys() if not screen.limits else ():
        card = EDGES[measure](LARGE.get(measure, LARGE_TEXT))
        assert lost(card, screen.draw(card)) == []


def test_long_text_fills_what_a_message_holds_before_it_is_cut(screen: Screen) -> None:
    """The edge lies where the platform has it, not far below."""
    limit = screen.limits.get("text")
    if limit is None:
        pytest.skip(f"{NOT_THERE}{screen.name}: a text is as long as it is")
    fits, cut = 0, limit + 1
    while cut - fits > 1:
        middle = (fits + cut) // 2
        if _SAID.search(screen.draw(EDGES["text"](middle)).text):
            cut = middle
        else:
            fits = middle
    assert fits > 0.9 * limit
    assert lost(EDGES["text"](fits), screen.draw(EDGES["text"](fits))) == []
    assert screen.draw(EDGES["text"](cut)).violations == ()


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(card=any_card.cards)
@example(card=Card(HOSTILE_TEXTS[0], (Text(()),), shape=Shape.LINE))
def test_any_card_is_drawn_and_does_nothing(screen: Screen, card: Card) -> None:
    harmless(card, screen.draw(card))
