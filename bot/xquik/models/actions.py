"""The durable record of one write on X."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

from bot.xquik.models.base import Model, parse

_UNCLEAR: Final = frozenset({"x_write_unconfirmed", "x_write_ambiguous"})
_DEFAULT_POLL: Final = 2.0


class ActionResult(Model, frozen=True, kw_only=True):
    """What a write produced. type: tweet, direct_message, media, community, state_change."""

    type: str | None = None
    id: str | None = None
    state: str | None = None


class WriteAction(Model, frozen=True, kw_only=True):
    """A write and how far it got.

    status: accepted, dispatching, pending_confirmation, success, failed or expired. Poll
    `GET /x/write-actions/{id}` every `poll_after` seconds until `terminal`.
    safe_to_retry: nothing was dispatched, so a new attempt with a new key cannot do it twice.
    charged_credits: what it did cost. account: the username of the account that acted.
    id: empty for the older answer, which has no record.
    """

    id: str = ""
    action: str = ""
    account: str | None = None
    status: str = "accepted"
    terminal: bool = False
    success: bool = False
    retryable: bool = False
    safe_to_retry: bool = False
    poll_after_ms: int | None = None
    charged: bool = False
    charged_credits: int = 0
    result: ActionResult | None = None
    send_dispatched: bool = False
    tweet_id: str | None = None
    message_id: str | None = None
    media_id: str | None = None
    media_url: str | None = None
    community_id: str | None = None
    result_id: str | None = None
    target_id: str | None = None
    request_id: str | None = None
    code: str | None = None
    message: str | None = None

    @property
    def poll_after(self) -> float:
        """Seconds to wait before asking again."""
        return _DEFAULT_POLL if self.poll_after_ms is None else max(0.1, self.poll_after_ms / 1000)

    @property
    def succeeded(self) -> bool:
        """It happened, and X confirmed it."""
        return self.terminal and self.status == "success"

    @property
    def outcome_unknown(self) -> bool:
        """Nothing more will be learnt, and it may have happened: never send it again by itself."""
        if not self.terminal or self.succeeded:
            return False
        settled = self.status == "failed" and self.code not in _UNCLEAR
        return not settled and not self.safe_to_retry

    @property
    def failed(self) -> bool:
        """It is settled that it did not happen."""
        return self.terminal and not self.succeeded and not self.outcome_unknown

    @classmethod
    def from_body(cls, body: Mapping[str, Any], *, retry_after: float | None = None) -> Self:
        """Read an action record, the older `{tweetId, success}`, or an older unconfirmed answer.

        retry_after: the header's seconds, used when the record has no `pollAfterMs`.
        """
        values = dict(body)
        values["id"] = body.get("writeActionId") or body.get("id") or ""
        values["code"] = body.get("error") if isinstance(body.get("error"), str) else None
        acted = body.get("account")
        name = acted.get("username") if isinstance(acted, Mapping) else None
        values["account"] = name if isinstance(name, str) else None
        result = body.get("result")
        if isinstance(result, Mapping) and result.get("type") == "tweet":
            values["tweetId"] = body.get("tweetId") or result.get("id")
        if "status" not in body:
            succeeded = body.get("success") is True
            values["status"] = "success" if succeeded else "pending_confirmation"
            values["terminal"] = succeeded or not values["id"]
        elif "terminal" not in body:
            values["terminal"] = body["status"] in {"success", "failed", "expired"}
        if body.get("pollAfterMs") is None and retry_after is not None:
            values["pollAfterMs"] = int(retry_after * 1000)
        return parse(cls, values)
