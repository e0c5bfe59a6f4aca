r"""Decoding JSON that carries text cut in the middle of an emoji.

X counts and cuts text in UTF-16, so a title or bio may end with one half of a pair. JavaScript writes
that as an escape (`\ud83d`) that stands for no character, and a strict decoder refuses the whole page
for it. Such a half is read as U+FFFD, as everything else that is no character.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

# An escape at a time, so that the second backslash of `\\` never begins one.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def decode(content: bytes) -> Any:
    """The value; msgspec.DecodeError, UnicodeDecodeError or RecursionError for what is not JSON."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        mended = _ESCAPE.sub(_whole, content)
        if mended == content:
            raise
    return msgspec.json.decode(mended)


def _whole(escape: re.Match[bytes]) -> bytes:
    return escape[0] if escape["half"] is None else rb"\ufffd"
