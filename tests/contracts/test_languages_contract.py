"""In which language each adapter says something: a person's own, or that of the place; and that nothing is
cut or glued by it, which the pseudo-locale shows: each text of ours stands whole between its brackets."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from bot.core.chat.cards import Bold, Card, Code, Field, Fields, Inline, Line, Link, Quote, Text, Tone, line
from bot.core.errors import NotFound
from bot.core.messages.message import Message, msg, nmsg
from bot.core.messages.templates import as_template
from bot.i18n.languages import PSEUDO
from bot.i18n.pseudo import CLOSING, OPENING
from bot.i18n.translator import translator
from tests.contracts import any_card
from tests.contracts.harnesses import Ability, AdapterHarness, need
from tests.contracts.screens import Screen

WHO = "<b>{n} `x`</b>"
CARD = Card(
    msg("Draw of {who}", who="{n} %s"),
    (
        Text(line(nmsg("{n} winner for {who}", "{n} winners for {who}", n=1234, who=Bold("Ada")))),
        Fields((Field(msg("Winner"), line(msg("Ask {who} about `help {what}`", who="Bob", what="draw"))),)),
    ),
    Tone.SUCCESS,
)
_SPACE = re.compile(r"[\s│╭╮╰╯─*_`\\\\]+")


def bare(text: str) -> str:
    """A text without what platforms put around and between words."""
    return _SPACE.sub("", text)


def pieces(value: Any) -> list[str]:
    """The texts in a card or a part of one."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [one for item in value for one in pieces(item)]
    return (
        [one for f in fields(value) for one in pieces(getattr(value, f.name))] if is_dataclass(value) else []
    )


def _in_pseudo(text: str) -> bool:
    shown = bare(text)
    return all(word in shown for word in ("⟦Đŕáŵóƒ{n}%s", "1,234ŵíńńéŕšƒóŕ", "Ada", "Bob"))


# --- whose language --------------------------------------------------------------------------


async def test_what_everybody_sees_is_in_the_language_of_the_place(harness: AdapterHarness) -> None:
    need(harness, Ability.PRIVACY)
    await harness.speak(PSEUDO)
    harness.stage.card = CARD
    await harness.command("try shout")
    assert _in_pseudo((await harness.channel(1))[0].text)
    await harness.messenger.post(harness.place, CARD, "k9")
    assert _in_pseudo((await harness.channel(2))[1].text)


async def test_what_a_person_alone_sees_is_in_their_own_language(harness: AdapterHarness) -> None:
    await harness.speak(PSEUDO, harness.person)
    harness.stage.card = CARD
    told = await (await harness.command("try whisper")).told()
    assert _in_pseudo(told.text)
    if harness.name != "terminal":
        await harness.messenger.tell(harness.place.tenant, harness.person, CARD, "k9")
        assert _in_pseudo((await harness.direct(harness.person))[-1].text)
        await harness.command("try shout")
        shown = (await harness.channel(1))[0].text
        assert OPENING not in shown and "1,234 winners for" in shown


async def test_an_answer_is_in_the_language_that_its_command_set(harness: AdapterHarness) -> None:
    harness.stage.card = CARD
    harness.stage.doing = lambda: harness.speak(PSEUDO, harness.person)
    assert _in_pseudo((await (await harness.command("try whisper")).told()).text)


async def test_an_error_is_in_the_language_of_the_person(harness: AdapterHarness) -> None:
    await harness.speak(PSEUDO, harness.person)
    harness.stage.error = NotFound(
        msg("{name} is no route.", name=WHO), remedy=msg("`relay list` shows them.")
    )
    told = await (await harness.command("try whisper")).told()
    assert "íšńóŕóúţé" in bare(told.text) and "relaylist" in bare(told.text)


async def test_english_keeps_what_stands_in_a_message_what_it_is(harness: AdapterHarness) -> None:
    harness.stage.card = CARD
    told = await (await harness.command("try whisper")).told("Draw of {n} %s")
    assert "1,234 winners for" in told.text
    assert "helpdraw" in bare(told.text)
    assert harness.violations() == []


# --- nothing is cut or glued -----------------------------------------------------------------


def _as_messages(value: Any) -> Any:
    """A card whose own texts are all messages; what is quoted, coded and addressed stays as it is."""
    if isinstance(value, tuple):
        return tuple(_as_messages(item) for item in value)
    if isinstance(value, str):
        plain = value.isprintable() and value.strip() and "`" not in value and "://" not in value
        return Message(as_template(value)) if plain and not isinstance(value, Message) else value
    if isinstance(value, Card):
        blocks = tuple(block if isinstance(block, Quote) else _as_messages(block) for block in value.blocks)
        return replace(value, title=_as_messages(value.title), blocks=blocks)
    if isinstance(value, Text):
        return replace(value, line=_line(value.line))
    if isinstance(value, Fields):
        items = tuple(replace(f, name=_as_messages(f.name), value=_line(f.value)) for f in value.items)
        return replace(value, items=items)
    return value


def _line(parts: Line) -> Line:
    def part(one: Inline) -> Inline:
        return _as_messages(one) if isinstance(one, str) else one

    return tuple(part(one) for one in parts)


@pytest.mark.parametrize("name", any_card.CARDS)
def test_every_text_stands_whole_between_its_brackets(screen: Screen, name: str) -> None:
    """Where a screen has no room for all of it, it says so, and then a bracket may be cut with the text."""
    card = translator(PSEUDO).card(_as_messages(any_card.CARDS[name]))
    drawn = screen.draw(card)
    assert drawn.violations == ()
    shown = bare(drawn.text)
    said = [text for text in pieces(card) if text.startswith(OPENING) and text.endswith(CLOSING)]
    if "…" not in drawn.text and "+" not in drawn.text:
        # A terminal sets fields side by side, so that long ones are read in columns.
        columns = screen.name == "terminal" and name == "long fields"
        assert columns or [text for text in said if bare(text) not in shown] == []
        assert shown.count(OPENING) == shown.count(CLOSING)


def test_links_codes_and_bold_words_stay_so_inside_of_a_message(screen: Screen) -> None:
    message = msg(
        "See {link} or `help {x}`, {who}", link=Link("here", "https://x.com/nasa"), x="draw", who=Bold("Ada")
    )
    card = translator(PSEUDO).card(Card(msg("Title"), (Text(line(message)), Text(line(Code("x"))))))
    drawn = screen.draw(card)
    assert any("x.com/nasa" in address for address in drawn.links)
    assert drawn.violations == () and drawn.markup == ()
