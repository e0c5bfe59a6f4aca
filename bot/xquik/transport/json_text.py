r"""Decoding whatever is JSON, also where a strict decoder refuses the whole page for one value.

X counts and cuts text in UTF-16, so a title or bio may end with one half of a pair. JavaScript writes
that as an escape (`\ud83d`) that stands for no character; such a half is read as U+FFFD, as everything
else that is no character. A number that no machine has (1e999, five thousand digits) and what is nested
deeper than anybody reads are kept as the text that they were.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import msgspec

# An escape at a time, so that the second backslash of `\\` never begins one.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


# A text, also one that never ends, or a bracket.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
# Levels of what is folded for lack of stack; far more than anything real has, and far less than there is.
DEPTH: Final = 100
# Digits of a whole number that is one: as many as the largest float has.
_DIGITS: Final = 300


def decode(content: bytes) -> Any:
    """The value; msgspec.DecodeError or UnicodeDecodeError for what is not JSON."""
    try:
        return _decoded(content)
    except RecursionError:
        return _decoded(folded(content, DEPTH))


def folded(content: bytes, depth: int) -> bytes:
    """The JSON with each object and list below that many levels as a text of its own JSON.

    Takes one pass, and no stack. msgspec.DecodeError when brackets are left open. What is folded is not
    looked into, and may be no JSON.
    """
    parts: list[bytes] = []
    level = done = began = 0
    for token in _TOKEN.finditer(content):
        if content[token.start()] in b"[{":
            level += 1
            if level == depth + 1:
                began = token.start()
                parts.append(content[done:began])
                done = began
        elif content[token.start()] in b"]}":
            if level == depth + 1:
                done = token.end()
                parts.append(msgspec.json.encode(content[began:done].decode("utf-8")))
            level -= 1
            if level < 0:
                break
    if level != 0:
        raise msgspec.DecodeError("JSON is malformed: its brackets do not match")  # no message: caught
    return b"".join((*parts, content[done:]))


def with_whole_characters(content: bytes) -> bytes:
    """The JSON with each half of a pair of UTF-16 as U+FFFD."""
    return _ESCAPE.sub(_whole, content)


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        mended = with_whole_characters(content)
    try:
        return msgspec.json.decode(mended)
    except msgspec.ValidationError:  # said of numbers alone, since no type was asked for
        return json.loads(mended.decode("utf-8"), parse_int=_int, parse_float=_float)


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS else digits


def _float(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


def _whole(escape: re.Match[bytes]) -> bytes:
    return escape[0] if escape["half"] is None else rb"\ufffd"
