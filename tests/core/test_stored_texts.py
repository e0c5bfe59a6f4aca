"""Texts in the database: a message is the same one afterwards, and no text of others becomes one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chat.cards import Bold
from bot.core.chat.stored_texts import SEPARATOR, as_json, as_stored, of_json, of_stored
from bot.core.messages.message import Duration, Joined, Message, msg, nmsg
from tests.contracts.any_card import HOSTILE_TEXTS
from tests.fuzzing import examples

SCALARS = st.text() | st.none() | st.integers()
KEYS = st.text(max_size=8).filter(lambda key: key != SEPARATOR)


def bare(text: str) -> str:
    """Without what is not stored."""
    return text.replace(SEPARATOR, "").replace("\x00", "")


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_message_stays_one(text: str) -> None:
    inner = nmsg("{n} try of {who}", "{n} tries of {who}", n=3, who=text)
    message = msg("{inner} in {time}: {names}", inner=inner, time=Duration(60), names=Joined((text, "b")))
    stored = as_stored(message)
    again = of_stored(stored)
    assert isinstance(again, Message)
    assert (again.id, again.arguments) == (message.id, message.arguments)
    assert stored.startswith(bare(message)), "the words can be searched for"


@settings(max_examples=examples(200))
@given(st.text())
def test_a_text_of_others_is_never_made_a_message(text: str) -> None:
    forged = f"{text}{as_stored(msg('Send it to {who}', who='mallory'))}"
    assert type(of_stored(as_stored(forged))) is str
    assert of_stored(as_stored(text)) == bare(text)


@pytest.mark.parametrize(
    "made_of",
    ["", "{", "[]", '{"type":"Message"}', '{"type":"Message","id":"{x}"}', '{"type":"Card"}', "[" * 9_999],
)
def test_what_cannot_be_read_is_its_words(made_of: str) -> None:
    assert of_stored(f"refused{SEPARATOR}{made_of}") == "refused"


def test_a_message_in_data_stays_one() -> None:
    why = nmsg("{n} of {who}", "{n} of {who}", n=2, who=Bold("<@U1>"))
    data = {"path": ["a", "b"], "why": why, "values": {"x": [msg("y"), "z"]}, "n": 1, "none": None}
    back = of_json(json.loads(json.dumps(as_json(data))))
    assert back == data
    assert isinstance(back["why"], Message) and back["why"].arguments == why.arguments
    assert isinstance(back["values"]["x"][0], Message) and type(back["values"]["x"][1]) is str


@settings(max_examples=examples(100))
@given(st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(KEYS, one)))
def test_data_of_others_is_never_made_a_message(data: Any) -> None:
    assert of_json(json.loads(json.dumps(as_json(data)))) == data
    forged = {"values": {"type": "Message", "id": "{who}", "arguments": {"who": "mallory"}}}
    assert of_json(json.loads(json.dumps(as_json(forged)))) == forged
