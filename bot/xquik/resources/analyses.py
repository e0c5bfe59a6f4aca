"""Analyses of posts and of own texts by an AI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from bot.xquik.models import Analysis, analysis_from_body
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

AnalysisKind: TypeAlias = Literal["brand", "classify", "market-signals", "news", "sentiment", "viral-score"]


class AnalyzedSource(msgspec.Struct, frozen=True, kw_only=True):
    """What is analyzed: exactly one of these. query: a search, with query_type Latest or Top; replies_to,
    quotes_of: ids of posts; texts: of one's own; tweet_ids: at most 100, as of texts."""

    query: str | None = None
    query_type: str | None = None
    username: str | None = None
    replies_to: str | None = None
    quotes_of: str | None = None
    texts: tuple[str, ...] = ()
    tweet_ids: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """As it is sent."""
        given = {
            "query": self.query,
            "queryType": self.query_type,
            "username": self.username,
            "repliesTo": self.replies_to,
            "quotesOf": self.quotes_of,
            "texts": list(self.texts),
            "tweetIds": list(self.tweet_ids),
        }
        return {name: value for name, value in given.items() if value}


class AnalysisQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question of one's own about each post. id: lower case without hyphens. categories: of a choice,
    each with what it means; levels: of a score, the lowest first; neither: it is answered by yes or no."""

    id: str
    text: str
    categories: tuple[tuple[str, str], ...] = ()
    levels: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """As it is sent."""
        said: dict[str, Any] = {"id": self.id, "instructions": self.text, "version": "1"}
        if self.categories:
            return said | {"type": "choice", "categories": dict(self.categories)}
        if self.levels:
            return said | {"type": "score", "levels": list(self.levels)}
        return said | {"type": "probability"}


class AnalysesResource(Resource):
    """The six analyses."""

    async def ask(
        self,
        kind: AnalysisKind,
        source: AnalyzedSource,
        *,
        questions: Sequence[AnalysisQuestion] = (),
        targets: Sequence[str] = (),
        cursor: str | None = None,
        limit: int = 20,
    ) -> Analysis:
        """A page of posts with answers. limit: 1–100 posts. 2 credits each; what is not analyzed
        costs nothing. There is no Idempotency-Key: it is sent once."""
        settings = {
            "questions": [one.body() for one in questions],
            "targets": [{"name": name} for name in targets],
        }
        body: dict[str, Any] = {**source.body(), "limit": limit}
        if given := {name: value for name, value in settings.items() if value}:
            body["analysis"] = given
        if cursor:
            body["cursor"] = cursor
        answer = await self._caller.ask("POST", f"/x/analysis/{segment(kind)}", kind="spend", json=body)
        return analysis_from_body(answer.body)
