"""The 18 writes on X, each with an Idempotency-Key. Imported by `bot.proposals` and `bot.app` alone.

The same key with the same request returns the original action, for at least 90 days. So a body is
always written the same way (sorted, compact JSON; a fixed multipart boundary), and recovery is
always the identical request with the stored key. A new key is a new write: only after a person
asked for it, and only when it is safe.

| `perform` | what is known | what the caller does |
|---|---|---|
| returns, `.succeeded` | done | report it |
| returns, not `.terminal` | accepted | poll `write_actions.show(id)` after `poll_after` |
| returns, `.failed` | did not happen | report `failure(action)`; new try only if `safe_to_retry` |
| returns, `.outcome_unknown` | nobody can tell | report it; never send again by itself |
| raises `OutcomeUnknown` (not `XquikAnswerLost`) | the same, said without a record | as above |
| raises `XquikAnswerLost` | sent, answer missing | repeat the identical request, same key |
| raises `WriteDeferred` (or `NotSent`) | passing failure | the identical request, same key, later |
| raises `RateLimited` | nothing was done | the identical request after `retry_after` |
| raises any other `BotError` | definite refusal | report it; see `facts_of(error).safe_to_retry` |

An error whose `facts_of(error).terminal` is true came with a settled record: repeating it with the
same key only returns that record, so it is never a `WriteDeferred`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from bot.core.errors import BotError, UpstreamUnavailable
from bot.core.messages.message import msg
from bot.xquik.errors import (
    WriteDeferred,
    XquikAnswerLost,
    error_from,
    facts_of,
    is_retryable,
    retry_after,
    with_facts,
)
from bot.xquik.limits import bucket
from bot.xquik.models import WriteAction
from bot.xquik.transport.answers import Answer
from bot.xquik.transport.client import Transport
from bot.xquik.transport.wire import FilePart, segment
from bot.xquik.write_kinds import JSON, WRITES, FileContent, WriteKind, check

__all__ = ["JSON", "WRITES", "FileContent", "WriteKind", "XquikWrites", "check", "failure"]

_KEY: Final = re.compile(r"[!-~]{1,255}")


class XquikWrites:
    """The writes that one key may do."""

    def __init__(self, transport: Transport, key: SecretStr) -> None:
        self._transport = transport
        self._key = key

    async def perform(
        self,
        kind: str,
        payload: Mapping[str, JSON],
        idempotency_key: str,
        *,
        file: FileContent | None = None,
    ) -> WriteAction:
        """Send one write, once. The module's table says what every outcome means.

        payload: the fields of `WRITES[kind]`, path fields included. file: for the uploads, in place
        of `url`. idempotency_key: 1–255 printable ASCII characters, stored before this call.
        Raises UsageError, before anything is sent, for a payload that cannot be right.
        """
        write = _known(kind)
        check(write, payload, file)
        if not _KEY.fullmatch(idempotency_key):
            raise ValueError("an Idempotency-Key is 1 to 255 printable ASCII characters")
        path = write.path.format_map({name: segment(str(payload[name])) for name in write.in_path})
        elsewhere = {*write.in_path, *write.in_query}
        body = {name: value for name, value in payload.items() if name not in elsewhere and value is not None}
        files = [FilePart("file", file.name, file.content_type, file.data)] if file else []
        answer: Answer | None = None
        try:
            answer = await self._transport.request(
                self._key,
                bucket(self._key),
                write.method,
                path,
                kind=write.limit,
                query={name: str(payload[name]) for name in write.in_query},
                json=body or None,
                files=files,
                idempotency_key=idempotency_key,
            )
        except UpstreamUnavailable as error:
            raise _deferred(error) from None
        return _record(answer)


def failure(action: WriteAction) -> BotError:
    """The error that a failed or unclear action stands for, to be shown to a person."""
    code = "x_write_ambiguous" if action.outcome_unknown else action.code or "x_write_failed"
    body: dict[str, object] = {"error": code, "message": action.message, "terminal": action.terminal}
    body |= {"safeToRetry": action.safe_to_retry, "writeActionId": action.id}
    return error_from(500, body, {})


def _known(kind: str) -> WriteKind:
    write = next((one for name, one in WRITES.items() if name == kind), None)
    if write is None:
        raise ValueError(f"no write on X is called {kind!r}")
    return write


def _record(answer: Answer) -> WriteAction:
    """The action of a 200 or 202. A 202 without a record to poll leaves the outcome open."""
    wait = retry_after(answer.body, answer.headers)
    try:
        action = WriteAction.from_body(answer.body, retry_after=wait)
    except UpstreamUnavailable as error:
        lost = XquikAnswerLost(msg("The action was sent, but its answer could not be read."), code=error.code)
    else:
        if action.id or action.succeeded:
            return action
        if not answer.body:
            lost = XquikAnswerLost(msg("The action was sent, but its answer was empty."), code="answer_lost")
        else:
            raise error_from(answer.status, {"error": "x_write_unconfirmed", **answer.body}, answer.headers)
    raise lost


def _deferred(error: UpstreamUnavailable) -> BotError:
    """A failure of the service becomes "repeat it identically", unless it is known to be final."""
    if isinstance(error, WriteDeferred):
        return error
    facts = facts_of(error)
    if is_retryable(error.code) is False or (facts is not None and facts.terminal):
        return error
    deferred = WriteDeferred(
        error.detail, remedy=error.remedy, code=error.code, retry_after=error.retry_after
    )
    return with_facts(deferred, facts) if facts else deferred
