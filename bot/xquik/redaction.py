"""Keeping secrets and noise out of text that came over the wire."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.core.text.shortening import cut

LONGEST_MESSAGE: Final = 300
"""Characters of a server's message that are shown; the rest becomes an ellipsis."""

_KEY = re.compile(r"xq_[0-9A-Za-z]{4,}", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def without_keys(text: str) -> str:
    """`text` with everything that looks like an Xquik key replaced by `xq_…`."""
    return _KEY.sub("xq_…", text)


def one_line(text: str, limit: int = LONGEST_MESSAGE) -> str:
    """Untrusted text as one short line: no keys, control characters or direction overrides."""
    # Cut generously first: a megabyte of message must not cost a megabyte of work.
    head = text[: limit * 8]
    spaced = _SPACES.sub(" ", without_keys(head))
    clean = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Cs"}).strip()
    return cut(clean, limit)
