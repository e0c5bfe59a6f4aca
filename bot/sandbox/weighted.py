"""X's weighted length of a text: URLs count 23, most scripts 1, CJK and emoji 2."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 280
LONGEST_NOTE = 25_000
_URL_WEIGHT = 23
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_LIGHT = ((0, 4_351), (8_192, 8_205), (8_208, 8_223), (8_242, 8_247))
"""Code points that weigh 1; all others weigh 2."""
# One emoji: a flag, a keycap, or a pictograph with its modifiers and joined pictographs.
_PICTOGRAPH = "[\u231a-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    f"|{_PICTOGRAPH}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_PICTOGRAPH}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)


def weighted_length(text: str) -> int:
    """How much of the 280 a text takes."""
    text = unicodedata.normalize("NFC", text)
    text, urls = _URL.subn("", text)
    text, emoji = _EMOJI.subn("", text)
    plain = sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in text)
    return plain + urls * _URL_WEIGHT + emoji * 2
