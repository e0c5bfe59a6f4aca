"""Extractions: jobs that take several looks until they are done, idempotent by key, paid by the result."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import Any, Final

import msgspec
from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation, cursor_of, offset_of
from bot.sandbox.exports import FORMATS, ExportTable, export
from bot.sandbox.extracting import ENDINGS, TOOLS, bounded, collected, estimated
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import ExtractionRecord
from bot.sandbox.state import Sandbox
from bot.sandbox.world.snowflake import iso
from bot.sandbox.writing import optional_key

STATUSES: Final = ("pending", "running", "canceled", "completed", "failed")
_LOOKS: Final = 3
_MOST: Final = 100_000


def _request(call: ApiCall) -> dict[str, Any]:
    """The body with a tool that there is and what it collects from; 400 for any other."""
    body = call.json()
    tool = TOOLS.get(str(body.get("toolType")))
    if tool is None:
        raise ApiProblem(400, "invalid_tool_type", "toolType is none of the tools there are.")
    needed = [tool.target, *(["searchQuery"] if body["toolType"] == "community_search" else [])]
    for name in needed:
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise ApiProblem(400, "missing_params", f"{body['toolType']} needs {name}.")
    limit = body.get("resultsLimit")
    if limit is not None and (type(limit) is not int or limit < 1):
        raise ApiProblem(400, "invalid_input", "resultsLimit must be a whole number from 1.")
    return body


def _estimate(call: ApiCall, body: dict[str, Any]) -> dict[str, Any]:
    number, source = estimated(call.sandbox, body)
    price, balance = TOOLS[body["toolType"]].price, call.sandbox.credits.of(call.owner).balance
    return {
        "allowed": balance >= number * price,
        "creditsAvailable": str(balance),
        "creditsRequired": str(number * price),
        "estimatedResults": number,
        "source": source,
    }


async def estimate(call: ApiCall) -> Response:
    """What it would cost; nothing is begun or charged."""
    return json_response(_estimate(call, _request(call)))


async def create(call: ApiCall) -> Response:
    """Begin a job. With an Idempotency-Key the same request is the same job; another one is a conflict."""
    body = _request(call)
    if call.choice("dry_run", ("true", "false"), "false") == "true":
        return json_response(_estimate(call, body))
    key, fingerprint = optional_key(call), _fingerprint(body)
    sandbox = call.sandbox
    known = next(
        (one for one in sandbox.extractions if key and (one.owner, one.key) == (call.owner, key)), None
    )
    if known is not None and known.request_hash != fingerprint:
        raise ApiProblem(
            409, "idempotency_conflict", "This Idempotency-Key belongs to a different extraction."
        )
    if known is not None:
        return _accepted(call, known)
    return _accepted(call, begun(sandbox, call.owner, body, key=key, fingerprint=fingerprint))


def begun(
    sandbox: Sandbox, owner: str, body: dict[str, Any], *, key: str = "", fingerprint: str = ""
) -> ExtractionRecord:
    """A job that runs from now on. body: a request that was found good; key: of the request."""
    number, _ = estimated(sandbox, body)
    affordable = sandbox.credits.affordable(owner, TOOLS[body["toolType"]].price)
    rng = random.Random(f"extraction:{sandbox.config.seed}:{sandbox.store.next('extraction')}")
    job = ExtractionRecord(
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        owner=owner,
        request=body,
        created_at=sandbox.now(),
        most=min(body.get("resultsLimit") or _MOST, affordable),
        expected=number,
        outcome=_outcome(sandbox, str(body.get("searchQuery", ""))),
        key=key,
        request_hash=fingerprint,
    )
    return sandbox.extractions.put(job)


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


def _outcome(sandbox: Sandbox, words: str) -> str:
    if sandbox.next_extractions:
        return sandbox.next_extractions.popleft()
    return next((outcome for outcome in ENDINGS if f"[{outcome}]" in words), "success")


def _accepted(call: ApiCall, job: ExtractionRecord) -> Response:
    address = f"/api/v1/extractions/{job.id}"
    return json_response(
        {
            "id": job.id,
            "toolType": job.request["toolType"],
            "status": "running",
            "statusUrl": address,
            "waitUrl": f"{address}?wait=20",
            "pollAfterMs": _poll(call, job),
        },
        202,
    )


def _poll(call: ApiCall, job: ExtractionRecord) -> int:
    return int(call.sandbox.config.writes.poll_after * 1000) if job.status == "running" else 0


def _looked_at(call: ApiCall, job: ExtractionRecord) -> ExtractionRecord:
    """One look further: it collects a part at each, and the last ends it."""
    if job.status != "running":
        return job
    job.looks += 1
    if job.looks < _LOOKS:
        job.found = min(job.most, job.expected) * (job.looks - 1) // _LOOKS
        return call.sandbox.extractions.put(job)
    return _ended(call, job)


def _ended(call: ApiCall, job: ExtractionRecord) -> ExtractionRecord:
    sandbox, price = call.sandbox, TOOLS[job.request["toolType"]].price
    most = min(job.most, sandbox.credits.of(job.owner).balance // price)
    rows = [] if job.outcome == "fail" else collected(sandbox, job.request, most + 1)
    left = len(rows) > most
    rows = rows[:most]
    if job.outcome in ("fail-late", "partial", "deadline"):
        rows, left = rows[: max(1, len(rows) // 2)], True
    job.rows, job.found, job.completed_at = rows, len(rows), call.now
    job.status = "failed" if job.outcome in ("fail", "fail-late") else "completed"
    job.reason = _reason(job, left=left)
    if job.reason == "source_exhausted" and bounded(sandbox, job.request):
        job.reason = "pagination_safety_limit"
    with sandbox.store.atomic():
        sandbox.credits.charge(job.owner, len(rows) * price)
        return sandbox.extractions.put(job)


def _reason(job: ExtractionRecord, *, left: bool) -> str:
    if job.status == "failed":
        return "failed"
    if job.outcome in ("partial", "deadline"):
        return {"partial": "partial_failure", "deadline": "deadline_reached"}[job.outcome]
    if not left:
        return "source_exhausted"
    return "requested_limit_reached" if job.found == job.request.get("resultsLimit") else "budget_limited"


def _job(job: ExtractionRecord) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": job.id,
        "toolType": job.request["toolType"],
        "status": job.status,
        "totalResults": job.found,
        "createdAt": iso(job.created_at),
        "effectiveResultsLimit": job.most,
    }
    if (limit := job.request.get("resultsLimit")) is not None:
        body["resultsLimit"] = limit
    if job.completed_at is not None:
        body |= {"completedAt": iso(job.completed_at), "completionReason": job.reason}
    if job.status == "failed":
        body["errorMessage"] = "x_api_unavailable"
    return body


def _known(call: ApiCall) -> ExtractionRecord:
    job = call.sandbox.extractions.get(call.path["id"])
    if job is None or job.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such extraction.")
    return job


async def show(call: ApiCall) -> Response:
    call.only("limit", "cursor", "after", "wait")
    limit = call.integer("limit", 100, 1, 1_000)
    call.integer("wait", 0, 0, 60)
    offset = offset_of(call.query("cursor", "after"))
    job = _looked_at(call, _known(call))
    rows = job.rows[offset : offset + limit]
    more = offset + limit < len(job.rows)
    body: dict[str, Any] = {
        "job": _job(job),
        "results": rows,
        "hasMore": more,
        "pollAfterMs": _poll(call, job),
        "waitUrl": f"/api/v1/extractions/{job.id}?wait=20",
    }
    return json_response(body | ({"nextCursor": cursor_of(str(offset + limit))} if more else {}))


async def list_jobs(call: ApiCall) -> Response:
    """Newest first; the cursor counts from the oldest, so new jobs never shift a page."""
    call.only("limit", "cursor", "after", "status", "toolType")
    limit = call.integer("limit", 50, 1, 100)
    status, tool = call.choice("status", STATUSES), call.choice("toolType", tuple(TOOLS))
    mine = [
        job
        for job in call.sandbox.extractions
        if job.owner == call.owner
        and status in (None, job.status)
        and tool in (None, job.request["toolType"])
    ]
    cursor = call.query("cursor", "after")
    end = min(offset_of(cursor), len(mine)) if cursor else len(mine)
    start = max(0, end - limit)
    body: dict[str, Any] = {"extractions": [_job(job) for job in mine[start:end][::-1]], "hasMore": start > 0}
    return json_response(body | ({"nextCursor": cursor_of(str(start))} if start > 0 else {}))


async def cancel(call: ApiCall) -> Response:
    """End a job that runs: nothing is charged, and no row is kept."""
    job = _known(call)
    if job.status != "running":
        raise ApiProblem(409, "invalid_input", f"The extraction is {job.status} already.")
    job.status, job.reason, job.completed_at, job.found = "canceled", "canceled", call.now, 0
    call.sandbox.extractions.put(job)
    return json_response({"id": job.id, "status": "canceled"})


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def export_job(call: ApiCall) -> Response:
    call.only("format")
    job = _known(call)
    chosen = call.query("format")
    if chosen not in FORMATS:
        raise ApiProblem(400, "invalid_format", f"format must be one of: {', '.join(FORMATS)}.")
    if job.status == "running":
        raise ApiProblem(400, "invalid_input", "The extraction is not over yet.")
    columns = list(dict.fromkeys(name for row in job.rows[:1] for name in row)) or ["id"]
    rows = [[_cell(row.get(name, "")) for name in columns] for row in job.rows]
    table = ExportTable(f"Extraction: {job.request['toolType']}", columns, rows)
    name = f"extraction-{job.id[:8]}.{FORMATS[chosen]}"
    return Response(
        export(table, chosen),
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


OPERATIONS = (
    Operation("listExtractions", "GET", "/extractions", list_jobs),
    Operation("createExtraction", "POST", "/extractions", create, "writes"),
    Operation("estimateExtraction", "POST", "/extractions/estimate", estimate, "writes"),
    Operation("getExtraction", "GET", "/extractions/{id}", show),
    Operation("exportExtraction", "GET", "/extractions/{id}/export", export_job),
    Operation("cancelExtraction", "DELETE", "/extractions/{id}", cancel, "deletes"),
)
