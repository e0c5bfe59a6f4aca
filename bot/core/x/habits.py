"""What can be counted of how somebody writes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from bot.core.x.entities import hashtags, mentions
from bot.core.x.links import find_links
from bot.core.x.tweet_text import weighted_length

_QUESTIONS = "?？؟"
_CALLS = "!！"


class Habits(msgspec.Struct, frozen=True):
    """Of so many texts: their average length as X counts, and in how many of them something stands."""

    texts: int
    length: int
    links: int
    hashtags: int
    mentions: int
    questions: int
    calls: int
    lines: int

    def share(self, number: int) -> int:
        """That many of the texts, in percent."""
        return round(100 * number / self.texts) if self.texts else 0


def habits_of(texts: Sequence[str]) -> Habits:
    """The habits that these texts show."""

    def having(test: Callable[[str], bool]) -> int:
        return sum(map(test, texts))

    lengths = [weighted_length(text) for text in texts]
    return Habits(
        texts=len(texts),
        length=round(sum(lengths) / len(lengths)) if lengths else 0,
        links=having(lambda text: bool(find_links(text))),
        hashtags=having(lambda text: any(hashtags(text))),
        mentions=having(lambda text: any(mentions(text))),
        questions=having(lambda text: any(mark in text for mark in _QUESTIONS)),
        calls=having(lambda text: any(mark in text for mark in _CALLS)),
        lines=having(lambda text: "\n" in text.strip()),
    )
