"""Server-sent events are read by the rules, in pieces of any size, and within bounds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.xquik.resources.events_stream import EventStream, Parser, StreamMessage
from bot.xquik.transport.wire import json_object
from tests.fuzzing import examples


def parse(*chunks: bytes) -> list[StreamMessage]:
    parser = Parser()
    return [message for chunk in chunks for message in parser.feed(chunk)]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (b"data: a\n\n", [StreamMessage("", "message", "a")]),
        (b"data: a\r\n\r\n", [StreamMessage("", "message", "a")]),
        (b"data: a\r\r", [StreamMessage("", "message", "a")]),
        (b"id: 7\nevent: tweet.new\ndata: a\n\n", [StreamMessage("7", "tweet.new", "a")]),
        (b"data: a\ndata:b\ndata\n\n", [StreamMessage("", "message", "a\nb\n")]),
        (b"data:  two spaces\n\n", [StreamMessage("", "message", " two spaces")]),
        (b": comment\n\n: another\ndata: a\n\n", [StreamMessage("", "message", "a")]),
        (b"\xef\xbb\xbfdata: a\n\n", [StreamMessage("", "message", "a")]),
        (b"event: x\n\ndata: a\n\n", [StreamMessage("", "message", "a")]),
        (b"id: 1\n\ndata: a\n\n", [StreamMessage("1", "message", "a")]),
        (
            b"id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n",
            [StreamMessage("1", "message", "a"), StreamMessage("1", "message", "b")],
        ),
        (b"retry: 5\nnonsense\nnon: sense\ndata: a\n\n", [StreamMessage("", "message", "a")]),
        (b"data: \xff\xfe\n\n", [StreamMessage("", "message", "\ufffd\ufffd")]),
        (b"data: not ended", []),
        (b"data: one line ended\n", []),
        (b"", []),
    ],
)
def test_what_the_rules_say(text: bytes, messages: list[StreamMessage]) -> None:
    assert parse(text) == messages
    assert parse(*(text[i : i + 1] for i in range(len(text)))) == messages


_LINES = st.sampled_from([b"data: a", b"data", b"id: 4", b"event: e", b": c", b"", b"data: \xe2\x82\xac"])
_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


@given(st.lists(st.tuples(_LINES, _ENDS), max_size=12), st.lists(st.integers(1, 7), max_size=30))
@settings(deadline=None, max_examples=examples(150))
def test_where_the_bytes_are_cut_makes_no_difference(
    lines: list[tuple[bytes, bytes]], sizes: list[int]
) -> None:
    text = b"".join(line + end for line, end in lines)
    chunks, at = [], 0
    for size in sizes:
        chunks.append(text[at : at + size])
        at += size
    assert parse(*chunks, text[at:]) == parse(text)


def test_what_is_too_large_is_dropped_and_counted_and_takes_no_memory() -> None:
    parser = Parser(cap=100)
    assert parser.feed(b"id: 1\ndata: ") == []
    for _ in range(1000):
        assert parser.feed(b"x" * 90) == []
        assert len(parser._line) <= 100
    assert parser.feed(b"\n\nid: 2\ndata: b\n\n") == [StreamMessage("2", "message", "b")]
    assert parser.feed(b"data: 0123456789\n" * 20 + b"\n" + b"data: c\n\n") == [
        StreamMessage("2", "message", "c")
    ]
    assert parser.dropped == 2


class Source:
    """Bytes as they would come from a connection."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = list(chunks)

    async def read(self) -> bytes | None:
        return self._chunks.pop(0) if self._chunks else None

    async def aclose(self) -> None:
        self._chunks.clear()


async def test_events_are_known_by_their_id_whatever_else_is_wrong_with_them() -> None:
    stream = EventStream(
        Source(
            b": connected\n\n",
            b'id: 5\nevent: tweet.new\ndata: {"id":"5","type":"tweet.new","data":{}}\n\n',
            b'id: 6\nevent: tweet.odd\ndata: {"data":{}}\n\n',
            b"id: 7\ndata: not json\n\nid: 8\ndata: [1]\n\nid: 9\ndata: " + b"[" * 5000 + b"\n\n",
            b'id: a b\ndata: {"id":{}}\n\n',
        )
    )
    assert await stream.read() == []
    (first,) = await stream.read() or []
    assert first.id == "5"
    (second,) = await stream.read() or []
    assert json.loads(second.content) == {"data": {}, "id": "6", "type": "tweet.odd", "streamEventId": "6"}
    assert await stream.read() == []
    (nameless,) = await stream.read() or []
    assert nameless.id is None
    assert await stream.read() is None


async def test_half_an_emoji_costs_no_event() -> None:
    text = rb'{"id":"5","data":{"text":"cut \ud83d","whole":"\uD83D\ude00","path":"\\ud83d"}}'
    (event,) = await EventStream(Source(b"data: " + text + b"\n\n")).read() or []
    assert json.loads(event.content)["data"] == {"text": "cut \ufffd", "whole": "😀", "path": "\\ud83d"}
    assert json_object(text) == {
        "id": "5",
        "data": {"text": "cut \ufffd", "whole": "😀", "path": "\\ud83d"},
    }
    assert json_object(rb'{"a": "\ud83d}') is None
