"""Analyses of posts: what an AI answers about each. Texts and answers are untrusted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.x.readings import read_tweet
from bot.xquik.models.base import Model, Page, paged, parse_rows, unexpected_shape
from bot.xquik.models.posts import Tweet


class AnalysisAnswer(Model, frozen=True, kw_only=True):
    """The answer to one question. type: choice, score or probability, by which `value` is a category, a level
    from 0 (with decimals), or nothing; probability, confidence: 0 to 1."""

    question_id: str
    type: str = ""
    value: str | float | None = None
    probability: float | None = None
    confidence: float | None = None
    levels: tuple[str, ...] = ()


class UnanalyzedPost(Model, frozen=True, kw_only=True):
    """A post without an analysis, which costs nothing. reason: a word of Xquik's."""

    id: str = ""
    reason: str = ""


class CashtagSignal(Model, frozen=True, kw_only=True):
    """How many posts speak for and against."""

    bullish: int = 0
    bearish: int = 0


class Cashtag(Model, frozen=True, kw_only=True):
    """A cashtag of the analyzed posts. signal: of market signals alone."""

    cashtag: str
    rows: int = 0
    signal: CashtagSignal | None = None


class AnalyzedPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post with its answers, in the order of the questions. id: X's, or "text:1" of a text of one's own.
    viral_score: 0 to 100, with a verdict, where that was asked for."""

    id: str
    tweet: Tweet
    answers: tuple[AnalysisAnswer, ...]
    viral_score: int | None = None
    viral_verdict: str | None = None


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """A page of analyzed posts, those that were not, and what is said of cashtags."""

    posts: Page[AnalyzedPost]
    unanalyzed: tuple[UnanalyzedPost, ...] = ()
    cashtags: tuple[Cashtag, ...] = ()


def analysis_from_body(body: Mapping[str, Any]) -> Analysis:
    """The answer to any of the six analyses. UpstreamUnavailable where it has no results."""
    rows = body.get("results")
    if not isinstance(rows, list):
        raise unexpected_shape("Analysis")  # no message: a name
    posts = tuple(_post(row) for row in rows if isinstance(row, Mapping))
    summary = body.get("analysisSummary")
    cashtags = summary.get("cashtags") if isinstance(summary, Mapping) else None
    return Analysis(
        posts=paged(posts, len(rows) - len(posts), body),
        unanalyzed=parse_rows(UnanalyzedPost, body.get("unanalyzed"))[0],
        cashtags=parse_rows(Cashtag, cashtags)[0],
    )


def _post(row: Mapping[str, Any]) -> AnalyzedPost:
    tweet, analysis = row.get("tweet"), row.get("analysis")
    answers = analysis.get("answers") if isinstance(analysis, Mapping) else None
    reading = read_tweet(tweet if isinstance(tweet, Mapping) else {})
    given = tweet.get("id") if isinstance(tweet, Mapping) else None
    score, verdict = row.get("viralScore"), row.get("viralVerdict")
    return AnalyzedPost(
        id=given if isinstance(given, str) else reading.id or "",
        tweet=reading,
        answers=parse_rows(AnalysisAnswer, answers)[0],
        viral_score=round(score) if isinstance(score, int | float) and math.isfinite(score) else None,
        viral_verdict=verdict if isinstance(verdict, str) else None,
    )
