"""Whatever JSON object comes with a good signature: it is an event, can be stored, and every look of it is
drawn on every platform."""

from __future__ import annotations

import json
import string
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.events.lists import list_card
from bot.cards.relayed import deleted_card, relayed_card
from bot.core.chat.ids import TenantId
from bot.core.routes.appearance import Appearance, Layout
from bot.core.routes.events import MONITOR_TYPES, Event
from bot.relay.receiving.delivery_body import read_body
from bot.storage.intake import event_data
from bot.storage.intake.event_data import DAMAGED
from tests.contracts.screen_discord import DiscordScreen
from tests.contracts.screen_slack import SlackScreen
from tests.contracts.screen_terminal import TerminalScreen

NOW = 1_772_193_600.0
SCREENS = (DiscordScreen(), SlackScreen(), TerminalScreen())
LOOKS = (
    Appearance(Layout.FULL),
    Appearance(Layout.COMPACT),
    Appearance(Layout.LINK),
    Appearance(Layout.TEMPLATE, template="{{ author.name }} {{ text }} {{ url }} {{ likes }}"),
)
# Names that something of ours looks for, and that somebody could fill with anything.
NAMES = tuple(
    """eventType type streamEventId deliveryId id occurredAt timestamp username query data text author name
    userName media url mediaUrl createdAt likeCount viewCount poll options votes quotedTweet retweetedTweet
    entities urls before after old new followers verified lang possiblySensitive conversationId""".split()  # noqa: SIM905 - a list of quoted words fills a page
)
_half_pairs = st.sampled_from(['"\\ud83d"', '"a\\udc00b"', '"\\u0000"', '"\\u202e"', '""'])
_numbers = st.sampled_from(["1e999", "-1e999", "9" * 400, "-0", "1.5e308", "1e-999", "18446744073709551616"])
_dates = st.sampled_from(['"2026-02-27T12:00:00Z"', '"9999-12-31T23:59:59Z"', '"0001-01-01"', "1e15"])
_plain = (st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)).map(
    json.dumps
)
_texts = st.text(max_size=40).filter(lambda text: text.isprintable()).map(json.dumps)
_leaves = _half_pairs | _numbers | _dates | _plain | _texts
_names = st.sampled_from(NAMES) | st.text(string.printable, max_size=5)


def _lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]")


def _objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    fields = st.lists(st.tuples(_names.map(json.dumps), inner), max_size=5)
    return fields.map(lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}")


_values = st.recursive(_leaves, lambda inner: _lists(inner) | _objects(inner), max_leaves=12)
_bodies = _objects(_values)
_of_types = st.tuples(st.sampled_from(MONITOR_TYPES), _objects(_values)).map(
    lambda found: f'{{"eventType":"{found[0]}","data":{found[1]}}}'
)


def stored(raw: bytes) -> Event | None:
    """The event as it is read from its row; None for a test."""
    body = read_body(raw, NOW)
    if body.event is None:
        return None
    data = event_data.read(body.data)
    assert data is not DAMAGED and data == body.event.data
    body.data.encode()
    assert "\x00" not in body.data
    given = body.event
    return Event(
        7,
        TenantId("slack", "T1"),
        given.type,
        given.username,
        given.query,
        given.occurred_at,
        NOW,
        data,
        "e:7",
    )


def drawn(event: Event) -> None:
    """Every look of an event, on every screen."""
    cards = [relayed_card(event, look, late=late) for look in LOOKS for late in (False, True)]
    cards += [list_card([event, event], "2 events", look) for look in LOOKS[:3]]
    cards.append(deleted_card(relayed_card(event, LOOKS[0], late=False)))
    for card in cards:
        for screen in SCREENS:
            assert screen.draw(card).violations == ()


@given(_bodies | _of_types)
def test_any_object_is_an_event_and_drawn(raw: str) -> None:
    event = stored(raw.encode())
    if event is not None:
        drawn(event)


@pytest.mark.parametrize("depth", [60, 63, 64, 65, 101, 5000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_however_deep_it_is_all_of_it_is_kept(depth: int, opens: str, closes: str) -> None:
    inner = opens * depth + '"\\"] [{"' + closes * depth
    event = stored(f'{{"eventType":"tweet.new","data":{{"text":"x","deep":{inner}}}}}'.encode())
    assert event is not None
    drawn(event)
    found: Any = event.data["deep"]
    while not isinstance(found, str):
        found = found[0] if isinstance(found, list) else found["a"]
        depth -= 1
    if depth:  # what was too deep, as its own JSON
        assert found == opens * depth + '"\\"] [{"' + closes * depth
    else:
        assert found == '"] [{'


def test_folding_takes_no_longer_than_its_input() -> None:
    """Texts that never end, brackets in texts, backslashes: a pass each, whatever comes."""
    for piece in (b'"', b'\\"', b"[", b"]", b'["', b"{[", b'"\\'):
        for start in (b"", b'{"a":"', b"[" * 70):
            raw = start + piece * ((1 << 19) // len(piece))
            with pytest.raises(ValueError, match="JSON"):
                read_body(raw, NOW)


_MANY = (1 << 20) - 400
LARGE = {
    "lists seventy deep": ("[" + ("[" * 70 + "]" * 70 + ",") * (_MANY // 141) + "1]"),
    "empty lists": "[" + "[]," * (_MANY // 3) + "[]]",
    "one deep list": "[" * (_MANY // 2) + "]" * (_MANY // 2),
    "one deep object": '{"a":' * (_MANY // 6) + "1" + "}" * (_MANY // 6),
    "numbers": "[" + "1," * (_MANY // 2) + "1]",
    "texts seventy deep": "[" * 70 + '"",' * (_MANY // 3) + "1" + "]" * 70,
    "fields": "{" + ",".join(f'"{n}":0' for n in range(_MANY // 10)) + "}",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_body_of_a_million_values_takes_a_moment_and_is_kept(name: str) -> None:
    raw = f'{{"eventType":"tweet.new","streamEventId":"7","username":"nasa","data":{LARGE[name]}}}'.encode()
    assert len(raw) <= 1 << 20
    took = []
    for _ in range(3):
        began = time.process_time()
        read_body(raw, NOW)
        took.append(time.process_time() - began)
    event = stored(raw)
    assert event is not None
    assert event.data["value"] in {LARGE[name], raw.decode()}  # deeper than a parser goes: all of it
    drawn(event)
    # 750 ms before it was bounded, and all that time nobody else is answered.
    assert min(took) < 0.2


def test_the_fields_beside_very_many_values_are_read() -> None:
    raw = f'{{"eventType":"tweet.new","streamEventId":"7","username":"nasa","data":{LARGE["empty lists"]}}}'
    event = read_body(raw.encode(), NOW).event
    assert event is not None
    assert (event.type, event.identity, event.username) == ("tweet.new", "e:7", "nasa")


@pytest.mark.parametrize(
    "raw", ["[" * 400_000, '{"a":' * 100_000, "[" + "[]," * 9_000, "[" + "[]," * 9_000 + "1]"]
)
def test_what_is_no_object_is_refused_however_large(raw: str) -> None:
    with pytest.raises(ValueError, match="JSON"):
        read_body(raw.encode(), NOW)
