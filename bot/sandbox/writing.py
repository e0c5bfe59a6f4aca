"""The road every write takes: key, account, replay, outcome, record, answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.responses import Response

from bot.sandbox.actions import action_json, complete, settle
from bot.sandbox.calls import ApiCall
from bot.sandbox.problems import ApiProblem, json_response, write_problem
from bot.sandbox.records import ConnectedAccount, OrderedWrite, WriteActionRecord
from bot.sandbox.world.snowflake import iso

_KEY = re.compile(r"^[!-~]{1,255}$")
OUTCOMES = ("success", "pending", "fail-later", "unconfirmed", "reject", "ambiguous", "limit", "outage")
"""How a write can go: chosen by the control endpoint, or by ``[pending]`` … in a tweet's text."""

_OUTAGE_RETRY = 1
_LIMIT_RETRY = 5


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that has been understood: what it does, to what, and what it may cost.

    ``check`` raises a :class:`ApiProblem` for what X would refuse; it runs after the replay check, so
    that a repeated request meets its own action and not the changes it made. ``extra`` are fields
    of the answer known beforehand.
    """

    action: str
    payload: dict[str, Any]
    planned: int
    check: Callable[[ConnectedAccount], None] = lambda _: None
    target_type: str | None = None
    target_id: str | None = None
    text: str = ""
    prepare: Callable[[], dict[str, str]] = field(default=dict)


def invalid(code: str, message: str, status: int = 400, **extra: Any) -> ApiProblem:
    """A request that must be fixed; nothing was sent to X."""
    return write_problem(
        status, code, message, retryable=False, safe_to_retry=True, next_action="fix_request", extra=extra
    )


def body_of(call: ApiCall, allowed: list[str]) -> dict[str, Any]:
    """The body with nothing but ``allowed`` fields; problems in the shape of writes."""
    try:
        body = call.json()
    except ApiProblem as problem:
        raise invalid(problem.code, problem.message) from problem
    extra = sorted(set(body) - set(allowed))
    if extra:
        raise invalid("unsupported_field", f"Not accepted here: {', '.join(extra)}.", allowedFields=allowed)
    return body


def idempotency_key(call: ApiCall) -> str:
    key = call.request.headers.get("idempotency-key")
    if key is None:
        raise invalid(
            "missing_idempotency_key", "Send an Idempotency-Key header, one for each intended write."
        )
    return _checked_key(key)


def optional_key(call: ApiCall) -> str:
    """The key of a request that may do without; "" when it has none."""
    key = call.request.headers.get("idempotency-key")
    return "" if key is None else _checked_key(key)


def _checked_key(key: str) -> str:
    if not _KEY.match(key):
        raise invalid(
            "invalid_idempotency_key", "Idempotency-Key must be 1 to 255 printable ASCII characters."
        )
    return key


def account_of(call: ApiCall, reference: object) -> ConnectedAccount:
    """The healthy connected account called ``reference`` (username or id)."""
    if not isinstance(reference, str) or not reference:
        raise invalid("invalid_input", "account is required.")
    name = reference.removeprefix("@").lower()
    mine = (account for account in call.sandbox.accounts if account.owner == call.owner)
    account = next((a for a in mine if name in {a.id, a.username.lower(), a.x_user_id}), None)
    if account is None:
        raise ApiProblem(404, "account_not_found", "X account not found. Connect it first.")
    if account.health in {"needsReauth", "temporaryIssue"}:
        raise ApiProblem(403, "account_needs_reauth", f"@{account.username} must be connected again.")
    if account.health != "healthy":
        raise ApiProblem(403, "account_restricted", f"@{account.username} is {account.health} on X.")
    return account


async def write(call: ApiCall, account_reference: object, intent: Intent) -> Response:
    """Perform ``intent`` once for its key; the same request again gets the action it made."""
    key = idempotency_key(call)
    account = account_of(call, account_reference)
    fingerprint = _fingerprint(account, intent)
    known = next((a for a in call.sandbox.actions if a.owner == call.owner and a.key == key), None)
    if known is not None:
        if known.request_hash != fingerprint:
            raise write_problem(
                409,
                "idempotency_key_conflict",
                "This Idempotency-Key belongs to a different write.",
                retryable=False,
                safe_to_retry=True,
                next_action="fix_request",
            )
        return answer(call, settle(call.sandbox, known), replayed=True)
    ordered = _ordered(call, intent.text)
    _refuse_before_sending(ordered.outcome)
    intent.check(account)
    call.sandbox.credits.require(call.owner, intent.planned)
    with call.sandbox.store.atomic():
        action = _record(call, account, intent, key=key, fingerprint=fingerprint, ordered=ordered)
    return answer(call, action)


def _fingerprint(account: ConnectedAccount, intent: Intent) -> str:
    parts = [account.id, intent.action, intent.target_id, intent.payload]
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()


def _ordered(call: ApiCall, text: str) -> OrderedWrite:
    if call.sandbox.next_outcomes:
        return call.sandbox.next_outcomes.popleft()
    return OrderedWrite(next((outcome for outcome in OUTCOMES if f"[{outcome}]" in text), "success"))


def _refuse_before_sending(outcome: str) -> None:
    """The two outcomes that leave no action behind: the same key may be sent again."""
    if outcome == "limit":
        raise ApiProblem(
            429,
            "x_rate_limited",
            "X is throttling this account.",
            headers={"Retry-After": str(_LIMIT_RETRY)},
            extra={"retryAfter": _LIMIT_RETRY},
        )
    if outcome == "outage":
        raise write_problem(
            503,
            "write_tracking_unavailable",
            "The write service is unavailable; nothing was sent to X.",
            retryable=True,
            safe_to_retry=True,
            next_action="retry",
            headers={"Retry-After": str(_OUTAGE_RETRY)},
        )


def _record(
    call: ApiCall,
    account: ConnectedAccount,
    intent: Intent,
    *,
    key: str,
    fingerprint: str,
    ordered: OrderedWrite,
) -> WriteActionRecord:
    """Store the action and take it as far as its outcome goes at once."""
    rules, now, outcome = call.sandbox.config.writes, call.now, ordered.outcome
    usual = rules.expire_after if outcome == "unconfirmed" else rules.settle_after
    action = WriteActionRecord(
        id=str(call.sandbox.store.next("action", 12_345)),
        owner=call.owner,
        key=key,
        action=intent.action,
        request_hash=fingerprint,
        payload=intent.payload,
        account_id=account.id,
        account_name=account.username,
        planned=intent.planned,
        status="dispatching",
        outcome=outcome,
        created_at=now,
        updated_at=now,
        settles_at=now + (usual if ordered.seconds is None else ordered.seconds),
        target_type=intent.target_type,
        target_id=intent.target_id,
        extra=intent.prepare(),
    )
    match outcome:
        case "success":
            return complete(call.sandbox, action)
        case "reject":
            action.status, action.error, action.http_status = "failed", "x_rejected", 422
        case "ambiguous":
            action.status, action.error, action.http_status = "failed", "x_write_ambiguous", 500
        case "unconfirmed":
            action.status, action.error = "pending_confirmation", "x_write_unconfirmed"
        case _:
            pass
    call.sandbox.actions.put(action)
    call.sandbox.announce()
    return action


def answer(
    call: ApiCall,
    action: WriteActionRecord,
    *,
    replayed: bool = False,
    status: int | None = None,
) -> Response:
    """An action as a response: 202 while it is open, else ``status`` or what the write was answered with."""
    body = action_json(call.sandbox, action, replayed=replayed)
    headers = {"Location": body["statusUrl"]}
    if not action.terminal:
        headers["Retry-After"] = str(max(1, round(call.sandbox.config.writes.poll_after)))
        return json_response(body | {"confirmationCheckedAt": iso(call.now)}, 202, headers)
    return json_response(body, status or action.http_status, headers)
