"""Analyzed tweets as blocks: in sum, and one by one. Texts and answers are untrusted: they stand in `Quote`
and fields. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.cards.figures import joined
from bot.cards.tweets import quote
from bot.core.chat.cards import Block, Bold, Field, Fields, Line, Priority, Quote, Text, line
from bot.core.messages.message import Message, msg
from bot.core.text.invisible import marked
from bot.core.text.shortening import shorten
from bot.xquik.models import AnalysisAnswer, AnalyzedPost

_TEXT: Final = 280
_ANSWER: Final = 60
_QUESTION: Final = 80
_MOST_TALLIED: Final = 5
VERDICTS: Final[Mapping[str, Message]] = {
    "send_it": msg("ready to post"),
    "edit_first": msg("edit it first"),
    "sleep_on_it": msg("sleep on it"),
}


class Given(msgspec.Struct, frozen=True):
    """An answer with its question in words."""

    question: str
    answer: AnalysisAnswer
    value: str


class Judged(msgspec.Struct, frozen=True):
    """A post with its answers. id: tells it from all others of the list."""

    id: str
    post: AnalyzedPost
    given: tuple[Given, ...]

    @property
    def own(self) -> bool:
        """Whether it is a text of one's own, not a post."""
        return self.post.id.startswith("text:")


def sum_blocks(rows: Sequence[Judged]) -> tuple[Block, ...]:
    """What all of a page say together; nothing for one."""
    if len(rows) < 2:
        return ()
    answers: dict[str, list[Given]] = {}
    for row in rows:
        for one in row.given:
            answers.setdefault(one.question, []).append(one)
    fields = [Field(shorten(name, _QUESTION), _tally(given)) for name, given in answers.items()]
    scores = [row.post.viral_score for row in rows if row.post.viral_score is not None]
    if scores:
        fields.insert(0, Field(msg("Score on average"), (_of_hundred(round(sum(scores) / len(scores))),)))
    title = Text(line(Bold(msg("These {n} together", n=len(rows)))))
    return (title, Fields(tuple(fields)), Text(line(Bold(msg("One by one"))))) if fields else ()


def row_blocks(row: Judged) -> tuple[Block, ...]:
    """One of them with its answers."""
    fields = [Field(shorten(one.question, _QUESTION), said(one)) for one in row.given]
    if row.post.viral_score is not None:
        verdict = row.post.viral_verdict or ""
        words = joined(_of_hundred(row.post.viral_score), VERDICTS.get(verdict, verdict.replace("_", " ")))
        fields.insert(0, Field(msg("Score"), words))
    return (_quoted(row), Fields(tuple(fields))) if fields else (_quoted(row),)


def said(given: Given) -> Line:
    """An answer in words, and how sure it is."""
    answer = given.answer
    if answer.probability is not None and not given.value:
        return (_percent(answer.probability),)
    sure = answer.confidence
    value = shorten(given.value, _ANSWER) or "–"
    return joined(value, None if sure is None else msg("{percent} % sure", percent=round(100 * sure)))


def _quoted(row: Judged) -> Quote:
    text = shorten(marked(row.post.tweet.text), _TEXT)
    if row.own:
        return Quote(text, priority=Priority.OWN)
    return quote(replace(row.post.tweet, text=text))


def _tally(given: Sequence[Given]) -> Line:
    """How often each was answered; of probabilities and degrees the average."""
    odds = [one.answer.probability for one in given if one.answer.probability is not None and not one.value]
    if odds:
        return (msg("{percent} % on average", percent=round(100 * sum(odds) / len(odds))),)
    counted = Counter(one.value for one in given if one.value).most_common(_MOST_TALLIED)
    parts = [msg("{value}: {number}", value=shorten(value, _ANSWER), number=n) for value, n in counted]
    return joined(*parts) or ("–",)


def _percent(share: float) -> Message:
    return msg("{percent} %", percent=round(100 * share))


def _of_hundred(score: int) -> Message:
    return msg("{score} of 100", score=score)
