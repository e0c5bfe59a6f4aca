"""Drafts: saved here, never sent to X."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation, cursor_of, read_cursor
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import DraftRecord
from bot.sandbox.world.snowflake import iso

_LONGEST = 25_000


class _NewDraft(msgspec.Struct):
    text: str
    topic: str | None = None
    goal: Literal["engagement", "followers", "authority", "conversation"] | None = None


def _json(draft: DraftRecord) -> dict[str, Any]:
    moment = iso(draft.created_at)
    body: dict[str, Any] = {
        "id": draft.id,
        "text": draft.text,
        "createdAt": moment,
        "updatedAt": moment,
    }
    return body | {name: value for name in ("topic", "goal") if (value := getattr(draft, name)) is not None}


async def create_draft(call: ApiCall) -> Response:
    new = call.shaped(_NewDraft)
    if not new.text.strip() or len(new.text) > _LONGEST:
        raise ApiProblem(400, "invalid_input", f"text must have 1 to {_LONGEST} characters.")
    draft = DraftRecord(
        id=str(call.sandbox.store.next("draft")),
        owner=call.owner,
        text=new.text,
        topic=new.topic,
        goal=new.goal,
        created_at=call.now,
    )
    return json_response(_json(call.sandbox.drafts.put(draft)), 201)


async def list_drafts(call: ApiCall) -> Response:
    """Newest first."""
    limit = call.integer("limit", 50, 1, 100)
    before = read_cursor(call.query("afterCursor", "cursor"))
    mine = [draft for draft in call.sandbox.drafts if draft.owner == call.owner][::-1]
    if before is not None:
        if not before.isdigit():
            raise ApiProblem(400, "invalid_params", "The cursor is not one of ours.")
        mine = [draft for draft in mine if int(draft.id) < int(before)]
    page, more = mine[:limit], len(mine) > limit
    body: dict[str, Any] = {"drafts": [_json(draft) for draft in page], "hasMore": more}
    if more:
        body["nextCursor"] = body["afterCursor"] = cursor_of(page[-1].id)
    return json_response(body)


def _known(call: ApiCall) -> DraftRecord:
    if not call.path["id"].isdigit():
        raise ApiProblem(400, "invalid_id", "Draft ids are numbers.")
    draft = call.sandbox.drafts.get(call.path["id"])
    if draft is None or draft.owner != call.owner:
        raise ApiProblem(404, "draft_not_found", "Draft not found")
    return draft


async def get_draft(call: ApiCall) -> Response:
    return json_response(_json(_known(call)))


async def delete_draft(call: ApiCall) -> Response:
    call.sandbox.drafts.delete(_known(call).id)
    return Response(status_code=204)


OPERATIONS = (
    Operation("createDraft", "POST", "/drafts", create_draft, "writes"),
    Operation("listDrafts", "GET", "/drafts", list_drafts),
    Operation("getDraft", "GET", "/drafts/{id}", get_draft),
    Operation("deleteDraft", "DELETE", "/drafts/{id}", delete_draft, "deletes"),
)
