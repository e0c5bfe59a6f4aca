"""Cards and forms survive the way through JSON unchanged, and nothing else passes for one."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.chat.actions import ActionRef
from bot.core.chat.card_json import decode, encode, from_data, to_data
from bot.core.chat.cards import Bold, Card, Choice, Code, Form, Input, InputKind, Text, Timestamp
from bot.core.messages.message import (
    ENGLISH,
    Duration,
    Joined,
    JoinedBy,
    LanguageName,
    Message,
    msg,
    nmsg,
    pmsg,
    spread,
)
from bot.i18n.rules import PseudoRules
from tests.contracts import any_card
from tests.fuzzing import examples


def test_the_option_an_error_is_about_survives_and_older_cards_are_about_none() -> None:
    card = Card("That command needs a change", about="account")
    assert decode(encode(card)) == card
    older = json.loads(encode(card))
    del older["about"]
    assert decode(json.dumps(older)).about == ""


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_card.cards)
def test_any_card_comes_back_as_it_was(card: Card) -> None:
    text = encode(card)
    assert decode(text) == card
    json.loads(text)


@given(
    st.builds(
        Input,
        st.text(),
        st.text(),
        st.sampled_from(InputKind),
        st.booleans(),
        st.text(),
        st.text(),
        st.lists(st.builds(Choice, st.text(), st.text()), max_size=3).map(tuple),
        st.none() | st.integers(),
    )
)
def test_any_form_comes_back_as_it_was(field: Input) -> None:
    form = Form("Title", ActionRef("form.command", "k"), (field,), note="Note")
    assert from_data(json.loads(json.dumps(to_data(form)))) == form


@pytest.mark.parametrize("text", ['"text"', "1", "[]", '{"type": "Form"}', '{"type": "Evil"}', "{}"])
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode(text)


def _rich() -> Card:
    inner = msg("inner {t}", t=Timestamp(5.0))
    message = nmsg(
        "{n} {a} {b} {c} {d} {e}",
        "{n} {a} {b} {c} {d} {e} s",
        n=3,
        a=Bold("{x}"),
        b=inner,
        c=Joined(("x", 1, Code("y")), JoinedBy.OR),
        d=Duration(4.0),
        e=LanguageName("pt-br", "Portuguese"),
    )
    return Card(pmsg("where", "Title"), (Text((message, "plain", Bold(msg("bold")))),))


def test_a_message_is_stored_as_what_it_is_made_of() -> None:
    card = _rich()
    again = decode(encode(card))
    assert again == card
    assert to_data(again) == to_data(card)
    title, text = again.title, again.blocks[0]
    assert isinstance(title, Message) and (title.id, title.context) == ("Title", "where")
    assert isinstance(text, Text) and isinstance(text.line[0], Message)
    assert text.line[0].plural == "{n} {a} {b} {c} {d} {e} s"
    for rules in (ENGLISH, PseudoRules()):
        assert spread(text.line[0], rules) == spread(card.blocks[0].line[0], rules)  # type: ignore[union-attr, arg-type]


def test_a_stored_message_that_is_none_is_refused() -> None:
    data = {"type": "Card", "title": {"type": "Message", "id": "a {b}", "arguments": {}}}
    with pytest.raises(ValueError, match="other places"):
        decode(json.dumps(data))
