"""Extractions, which spend credits. Imported by `bot.proposals` and `bot.app` alone, like `bot.xquik.writes`.

An extraction takes an Idempotency-Key. It is sent once and never repeated by itself: store a durable intent
with the key before calling. When `AnswerLost` comes back, or the process died in between, the same request
with the same key is the same one job.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.xquik.models import ExtractionAccepted, parse
from bot.xquik.transport.caller import Caller


class ExtractionRuns:
    """The extractions that one key may run."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def run(self, request: Mapping[str, Any], idempotency_key: str) -> ExtractionAccepted:
        """Begin a job. Its results are charged as it collects them, 1 credit each and 5 an article.

        request: as `bot.core.x.extraction_requests.extraction_request` makes it. idempotency_key: 1–255
        printable ASCII characters, stored before this call. The same key with the same request is the same
        job; with another it is `idempotency_conflict`. Raises AnswerLost when it may have begun.
        """
        answer = await self._caller.ask(
            "POST", "/extractions", kind="spend", json=request, idempotency_key=idempotency_key
        )
        return parse(ExtractionAccepted, answer.body)
