"""Extractions that were run, and what one would cost. Running one is `bot.xquik.extraction_runs`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.xquik.models import (
    ExportFile,
    ExtractionEstimate,
    ExtractionJob,
    ExtractionResults,
    Page,
    parse,
    parse_page,
)
from bot.xquik.resources.resource import Resource
from bot.xquik.transport.wire import segment

MOST_JOBS: Final = 100
MOST_ROWS: Final = 1_000
"""What Xquik gives at once of a list of jobs, and of the results of one."""
_ENDINGS: Final = {"md-document": "md"}


class ExtractionsResource(Resource):
    """The extractions of an account."""

    async def estimate(self, request: Mapping[str, Any]) -> ExtractionEstimate:
        """What a job would cost at most. request: as made by
        `bot.core.x.extraction_requests.extraction_request`. Free."""
        answer = await self._caller.ask("POST", "/extractions/estimate", kind="read", json=request)
        return parse(ExtractionEstimate, answer.body)

    async def list(
        self,
        *,
        cursor: str | None = None,
        rows: int = 50,
        status: str | None = None,
        tool: str | None = None,
    ) -> Page[ExtractionJob]:
        """Jobs, newest first; rows 1–100. status, tool: these alone, as Xquik calls them. Free."""
        query = {"cursor": cursor, "limit": rows, "status": status, "toolType": tool}
        return parse_page(ExtractionJob, await self._caller.get("/extractions", query), "extractions")

    async def show(self, job: str, *, cursor: str | None = None, rows: int = 100) -> ExtractionResults:
        """A job with a page of its results; rows 1–1,000. Free."""
        query = {"cursor": cursor, "limit": rows}
        return ExtractionResults.from_body(await self._caller.get(f"/extractions/{segment(job)}", query))

    async def export(self, job: str, format: str) -> ExportFile:
        """All results as a file: csv, json, md, md-document, pdf, txt or xlsx; up to 100,000 rows, 10,000 in
        a PDF. Free."""
        answer = await self._caller.ask(
            "GET",
            f"/extractions/{segment(job)}/export",
            kind="read",
            query={"format": format},
            file_answer=True,
        )
        name = re.sub(r"[^A-Za-z0-9_-]", "_", f"extraction-{job}")[:100]
        content_type = answer.headers.get("content-type", "application/octet-stream")
        return ExportFile(f"{name}.{_ENDINGS.get(format, format)}", content_type, answer.content)

    async def cancel(self, job: str) -> None:
        """End a job that is not over: it is not charged, and no result is kept. Free. Conflict or Rejected
        for one that is over."""
        await self._caller.ask("DELETE", f"/extractions/{segment(job)}", kind="delete")
