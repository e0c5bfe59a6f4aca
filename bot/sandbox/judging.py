"""What the sandbox's stand-in for an AI answers about a text: fixed by its words and by chance that a seed of
the text and the question decides, so that it is the same in every run. It judges nothing."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any, Final, Literal

_GOOD: Final = frozenset(
    [
        "good",
        "great",
        "love",
        "amazing",
        "thanks",
        "best",
        "win",
        "happy",
        "wonderful",
        "congrats",
        "beautiful",
    ]
)
_BAD: Final = frozenset(
    ["bad", "awful", "hate", "broken", "worst", "fail", "angry", "delayed", "lost", "problem", "scam"]
)
_WORD: Final = re.compile(r"\w+")
_LEVELS: Final = ["none", "mild", "clear", "strong"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question. options: the categories of a choice, the levels of a score; none for a probability."""

    id: str
    type: Literal["choice", "score", "probability"]
    options: tuple[str, ...] = ()
    version: str = "1"


def _choice(name: str, *options: str) -> Question:
    return Question(name, "choice", options)


def _score(name: str) -> Question:
    return Question(name, "score", tuple(_LEVELS))


def _likely(name: str) -> Question:
    return Question(name, "probability")


_ATTITUDE: Final = _choice("attitude", "positive", "negative", "neutral", "mixed")
QUESTIONS: Final[dict[str, tuple[Question, ...]]] = {
    "sentiment": (_ATTITUDE, _score("intensity"), _likely("sarcasm")),
    "brand": (
        _likely("about_brand"),
        _ATTITUDE,
        _choice("relationship", "customer", "employee", "competitor", "press", "stranger"),
    ),
    "news": (
        _choice("format", "reporting", "commentary", "speculation", "other"),
        _choice("attribution", "named_source", "unnamed_source", "none"),
        _likely("relevance"),
    ),
    "market-signals": (
        _choice("stance", "bullish", "bearish", "neutral"),
        _choice("content_type", "news", "opinion", "analysis", "promotion"),
        _score("conviction"),
        _likely("relevance"),
    ),
    "viral-score": (
        *(_score("hook"), _score("clarity"), _score("payoff"), _score("humor"), _likely("spam_risk")),
        _choice("reaction", "like", "reply", "share", "ignore"),
    ),
}
QUESTIONS["classify"] = QUESTIONS["sentiment"]


def answer(question: Question, text: str) -> dict[str, Any]:
    """The full answer to a question about a text."""
    draw = zlib.crc32(f"{question.id}+{text}".encode("utf-8", "replace"))
    said: dict[str, Any] = {
        "questionId": question.id,
        "questionVersion": question.version,
        "type": question.type,
    }
    if question.type == "probability":
        return said | {"probability": (draw % 101) / 100}
    chosen = draw % len(question.options)
    if question.id == "attitude":
        chosen = _leaning(text)
    sure = 0.6 + (draw >> 8) % 40 / 100
    rest = (1 - sure) / (len(question.options) - 1) if len(question.options) > 1 else 0.0
    names = question.options if question.type == "choice" else tuple(map(str, range(len(question.options))))
    odds = {name: round(sure if at == chosen else rest, 4) for at, name in enumerate(names)}
    said |= {"confidence": round(sure, 4), "probabilities": odds}
    if question.type == "choice":
        return said | {"value": question.options[chosen]}
    return said | {"value": float(chosen), "levels": list(question.options)}


def decision(given: dict[str, Any]) -> str | float:
    """An answer in one value."""
    found: str | float = given["probability"] if given["type"] == "probability" else given["value"]
    return found


def viral_score(answers: list[dict[str, Any]]) -> int:
    """From 0 to 100, of the levels that the traits reach and of what speaks for spam."""
    levels = [one["value"] / (len(one["levels"]) - 1) for one in answers if one["type"] == "score"]
    spam = sum(one["probability"] for one in answers if one["type"] == "probability")
    score: float = 100 * sum(levels) / max(1, len(levels)) - 20 * spam
    return max(0, min(100, round(score)))


def verdict(score: int) -> str:
    """What such a score advises."""
    return "send_it" if score >= 70 else "edit_first" if score >= 40 else "sleep_on_it"


def _leaning(text: str) -> int:
    words = {word.lower() for word in _WORD.findall(text)}
    good, bad = len(words & _GOOD), len(words & _BAD)
    if good and bad:
        return 3
    return 0 if good else 1 if bad else 2
