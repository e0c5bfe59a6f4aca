"""The parts of the relay that do nothing but compute: bodies, signatures, keys, waiting times."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chat.cards import Button, Card, Gallery, Media, Quote
from bot.relay.receiving.delivery_body import NotAnEventError, read_body
from bot.relay.receiving.signature import RejectedDelivery, RejectionCause, Verified, verify
from bot.relay.sending import notices
from bot.relay.sending.backoff import delay
from bot.relay.sending.outbox import delivery_key
from tests.fuzzing import examples
from tests.relay.harness import SECRET, event_body, signed

NOW = 1_772_193_600.0


class Raw(str):
    """JSON as it stands."""


def read(changes: dict[str, object], wanted: dict[str, object]) -> dict[str, object]:
    """What is read of a body, of the fields wanted."""
    values = {name: value if isinstance(value, Raw) else json.dumps(value) for name, value in changes.items()}
    fields = ",".join(f"{json.dumps(name)}:{value}" for name, value in values.items())
    event = read_body(f"{{{fields}}}".encode(), NOW).event
    assert event is not None
    return {name: getattr(event, name) for name in wanted}


def test_the_newer_body_is_read_whole() -> None:
    event = read_body(event_body(91, query="  from:nasa "), NOW).event
    assert event is not None
    assert (event.identity, event.type, event.username) == ("e:91", "tweet.new", "nasa")
    assert (event.query, event.occurred_at) == ("from:nasa", 1_772_193_600.0)


def test_the_older_body_names_its_account_in_the_data_and_its_tweet_otherwise() -> None:
    raw = (
        b'{"eventType":"tweet.new","data":{"tweetId":"18","author":{"userName":"@NASA"}},'
        b'"timestamp":"2026-02-27T12:00:00.000Z"}'
    )
    event = read_body(raw, NOW).event
    assert event is not None and event.username == "NASA"
    assert event.identity.startswith("h:") and event.occurred_at == 1_772_193_600.0


def test_identity_prefers_the_stream_then_the_delivery_then_the_bytes() -> None:
    def identity(**changes: object) -> str:
        event = read_body(event_body(5, **changes), NOW).event
        assert event is not None
        return event.identity

    assert identity() == "e:5"
    assert identity(streamEventId=5) == "e:5"
    assert identity(streamEventId=None) == "d:100005"
    assert identity(streamEventId="é", deliveryId=True).startswith("h:")


EARLIER = NOW - 3600


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"occurredAt": Raw(null), "timestamp": "2026-02-27T11:00:00Z"}, {"occurred_at": EARLIER})
        for null in (
            "null",
            '"soon"',
            "true",
            "[]",
            "{}",
            "1e999",
            "-5",
            '""',
            '"2026-13-01"',
            "99999999999999",
        )
    ]
    + [
        ({"timestamp": "2026-02-27T11:00:00Z"}, {"occurred_at": EARLIER}),
        ({"occurredAt": EARLIER * 1000}, {"occurred_at": EARLIER}),
        ({"occurredAt": None, "timestamp": None}, {"occurred_at": NOW}),
    ],
)
def test_a_time_that_is_null_or_cannot_be_read_leaves_the_other(
    changes: dict[str, object], said: dict[str, object]
) -> None:
    assert read(changes, said) == said


@pytest.mark.parametrize("null", ["null", "7", "true", "[1]", "{}", '"  "'])
@pytest.mark.parametrize(
    ("field", "beside", "said"),
    [
        ("eventType", {"type": "tweet.quote"}, {"type": "tweet.quote"}),
        ("eventType", {}, {"type": "unknown"}),
        ("username", {"data": {"username": "@esa"}}, {"username": "esa"}),
        ("query", {"data": {"authorUsername": "esa"}}, {"username": "esa", "query": None}),
    ],
)
def test_a_field_that_is_null_or_cannot_be_read_is_left_out_alone(
    null: str, field: str, beside: dict[str, object], said: dict[str, object]
) -> None:
    assert read({field: Raw(null), **beside}, said) == said


@pytest.mark.parametrize(
    ("raw", "identity"),
    [
        (b'{"streamEventId":null,"id":"7","eventType":null,"type":"tweet.new","data":{}}', "e:7"),
        (b'{"streamEventId":null,"id":"7","eventType":"tweet.new","deliveryId":"8"}', "d:8"),
        (b'{"streamEventId":[],"deliveryId":8}', "d:8"),
        (b'{"streamEventId":1.5,"id":9}', "e:9"),
    ],
)
def test_an_identity_that_is_null_or_cannot_be_read_leaves_the_next(raw: bytes, identity: str) -> None:
    event = read_body(raw, NOW).event
    assert event is not None and event.identity == identity


def test_without_data_what_stands_beside_it_is_kept() -> None:
    event = read_body(b'{"eventType":"x","data":null,"tweet":{"id":"1"},"none":null}', NOW).event
    assert event is not None and event.data == {"tweet": {"id": "1"}}


@settings(max_examples=examples(50), deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_json_under_any_name_is_read_or_refused_but_never_crashes(value: object) -> None:
    names = ("eventType", "streamEventId", "deliveryId", "occurredAt", "username", "query", "data")
    for name in names:
        raw = json.dumps({"eventType": "x", name: value}).encode()
        try:
            body = read_body(raw, NOW)
        except NotAnEventError:
            continue
        assert body.event is not None
        assert len(body.event.identity) <= 120 and len(body.event.type) <= 80
        assert body.event.username is None or len(body.event.username) <= 40


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        read_body(raw, NOW)
    except NotAnEventError:
        return


def test_a_signature_holds_with_any_of_the_secrets_and_says_why_it_does_not() -> None:
    body = event_body(1)
    headers = [(k.lower().encode(), v.encode()) for k, v in signed(body, at=NOW).items()]
    secret = SECRET.encode()
    assert isinstance(verify([b"newer", secret], headers, body, NOW * 1000), Verified)
    assert verify([], headers, body, NOW * 1000) == RejectedDelivery(RejectionCause.SIGNATURE)
    assert verify([secret], headers[1:], body, NOW * 1000) == RejectedDelivery(RejectionCause.HEADERS)
    assert verify([secret], headers, body, (NOW + 301) * 1000) == RejectedDelivery(RejectionCause.STALE)
    assert verify([secret], headers, body, (NOW - 301) * 1000) == RejectedDelivery(RejectionCause.FUTURE)


@given(st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=80)), max_size=6))
def test_any_headers_are_judged_without_a_crash(headers: list[tuple[bytes, bytes]]) -> None:
    names = [b"x-xquik-timestamp", b"x-xquik-nonce", b"x-xquik-signature"]
    named = [(names[i % 3], value) for i, (_, value) in enumerate(headers)]
    assert isinstance(verify([b"s"], headers + named, b"{}", NOW * 1000), RejectedDelivery)


@pytest.mark.parametrize(
    ("attempts", "asked", "least", "most"),
    [(1, 0.0, 1.0, 1.2), (4, 0.0, 8.0, 9.6), (50, 0.0, 300, 360), (1, 0.3, 0.3, 0.36), (9, 0.3, 256, 308)],
)
def test_waiting_grows_and_never_undercuts_what_was_asked(
    attempts: int, asked: float, least: float, most: float
) -> None:
    for chance in (0.0, 0.5, 0.999):
        assert least <= delay(attempts, asked, chance) <= most


def test_keys_are_stable_short_and_differ_by_lane_and_dedup_key() -> None:
    key = delivery_key("slack:T1/C1", "e:1")
    assert key == delivery_key("slack:T1/C1", "e:1")
    assert len(key) == 25 and key.isascii() and key.isalnum() and key == key.lower()
    assert len({key, delivery_key("slack:T1/C1", "e:2"), delivery_key("slack:T1/C2", "e:1")}) == 3


def test_a_plainer_card_keeps_the_words_and_the_link() -> None:
    card = Card(
        "t" * 300,
        (Quote("q" * 2000, author="NASA"), Gallery((Media("https://x.test/a.png", "a"),))),
        buttons=(Button("Open on X", url="https://x.com/1"),),
    )
    plain = notices.plainer(card)
    assert len(plain.title) == 150 and plain.buttons == card.buttons
    assert isinstance(plain.blocks[0], Quote) and len(plain.blocks[0].text) == 600
    assert not any(isinstance(block, Gallery) for block in plain.blocks)
