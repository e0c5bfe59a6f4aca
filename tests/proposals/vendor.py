"""A truthful Xquik for the tests of writes: it keeps what it was told, as the specification says.

The same idempotency key with the same request is the same one action; with another request it is a
conflict. `plan` says how the next requests go (see `Vendor.PLANS`); when it is empty all is well.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


class Unreachable(Exception):
    """No connection could be made: nothing has arrived."""


class Cut(Exception):
    """The connection breaks and no answer arrives."""


@dataclass
class Vendor:
    """plan: how the next writes or draws go. polls: how the next looks at an action go. balance: credits."""

    clock: Callable[[], float]
    poll_after_ms: int = 2000
    balance: int = 25_000
    plan: deque[str] = field(default_factory=deque)
    polls: deque[str] = field(default_factory=deque)
    tweets: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    checkouts: list[int] = field(default_factory=list)
    draws: list[dict[str, Any]] = field(default_factory=list)
    extractions: list[dict[str, Any]] = field(default_factory=list)
    actions: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)
    _by_key: dict[str, tuple[str, str]] = field(default_factory=dict)

    PLANS = ("ok", "accept", "reject", "lost", "dropped", "defer", "limited", "broke", "ambiguous")
    POLLS = ("pending", "success", "failed", "expired", "lost", "unavailable")

    def handle(self, method: str, path: str, key: str | None, body: bytes) -> tuple[int, Any]:
        """Answer one request, or raise Cut."""
        path = path.removeprefix("/api/v1").partition("?")[0]
        if path == "/credits":  # looked at, free of charge, whenever a draw is confirmed
            return 200, {"balance": str(self.balance)}
        self.requests.append((method, path, key, body))
        if path == "/draws" or path.startswith("/draws/"):
            return self._draws(method, path, key, body)
        if path == "/extractions" or path.startswith("/extractions/"):
            return self._extractions(method, path, key, body)
        if method == "GET" and path.startswith("/x/write-actions/"):
            return self._poll(path.rpartition("/")[2])
        if method == "POST" and path == "/x/media":
            return self._write(f"{method} {path}", key, body)
        if method == "PATCH" and path in ("/x/profile/avatar", "/x/profile/banner"):
            return self._write(f"{method} {path}", key, body)
        if method == "POST" and path == "/credits/topup":
            return self._topup(body)
        if method in ("POST", "DELETE") and path.startswith("/x/tweets"):
            return self._write(f"{method} {path}", key, body)
        return 501, {"error": "not_implemented", "message": f"{method} {path}"}

    def writes(self) -> list[tuple[str, str, str | None, bytes]]:
        """The requests that would change X, in order."""
        return [one for one in self.requests if one[1].startswith(("/x/tweets", "/x/media", "/x/profile"))]

    # --- writes ------------------------------------------------------------------------------

    def _write(self, what: str, key: str | None, body: bytes) -> tuple[int, Any]:
        assert key, "a write without an Idempotency-Key"
        plan = self.plan.popleft() if self.plan else "ok"
        if plan == "dropped":
            raise Cut
        if plan == "unreachable":
            raise Unreachable
        refused = _AT_THE_DOOR.get(plan)
        if refused is not None:
            return refused
        fingerprint = hashlib.sha256(what.encode() + body).hexdigest()
        if key in self._by_key:
            known, original = self._by_key[key]
            if known != fingerprint:
                return 409, {"error": "idempotency_key_conflict", "message": "other content"}
            return self._answer(original)
        made = f"wa{len(self.actions) + 1}"
        self._by_key[key] = (fingerprint, made)
        self.actions[made] = {"what": what, "body": body, "key": key, "status": "accepted"}
        self._start(made, plan)
        if plan == "lost":
            raise Cut
        return self._answer(made)

    def _start(self, id: str, plan: str) -> None:
        if plan == "accept":
            return
        if plan in ("reject", "ambiguous"):
            code = "x_rejected" if plan == "reject" else "x_write_ambiguous"
            self.actions[id] |= {"status": "failed", "error": code}
            return
        self._succeed(id)
        if plan == "unnamed":
            self.actions[id]["tweet"] = ""

    def _succeed(self, id: str) -> None:
        action = self.actions[id]
        action["status"] = "success"
        if action["what"].endswith("/x/media"):
            action["media"] = str(1_800_000_000_000_000_000 + len(self.uploads))
            self.uploads.append({"id": action["media"], "key": action["key"], "body": action["body"]})
        elif action["what"].startswith("PATCH"):
            self.pictures.append({"what": action["what"], "key": action["key"], "body": action["body"]})
        elif action["what"].startswith("POST"):
            action["tweet"] = str(1_900_000_000_000_000_000 + len(self.tweets))
            sent = json.loads(action["body"])
            self.tweets.append({"id": action["tweet"], "key": action["key"], **sent})

    def _poll(self, id: str) -> tuple[int, Any]:
        if id not in self.actions:
            return 404, {"error": "not_found"}
        poll = self.polls.popleft() if self.polls else "success"
        if poll == "lost":
            raise Cut
        if poll == "unavailable":
            return 424, {"error": "x_api_unavailable", "safeToRetry": False}
        if self.actions[id]["status"] == "accepted" and poll != "pending":
            if poll == "success":
                self._succeed(id)
            else:
                self.actions[id]["status"] = poll
        return 200, self._record(id)

    def _answer(self, id: str) -> tuple[int, Any]:
        action = self.actions[id]
        if action["status"] == "failed":
            return (500 if action["error"] == "x_write_ambiguous" else 422), self._record(id)
        return (200 if action["status"] == "success" else 202), self._record(id)

    def _record(self, id: str) -> dict[str, Any]:
        action = self.actions[id]
        terminal = action["status"] in ("success", "failed", "expired")
        price = "10" if action["what"].endswith("/x/media") else "30"
        charged = price if action["status"] == "success" else "0"
        record = {
            "object": "x_write_action",
            "id": id,
            "writeActionId": id,
            "action": "create_tweet",
            "status": action["status"],
            "terminal": terminal,
            "retryable": False,
            "safeToRetry": False,
            "sendDispatched": True,
            "statusUrl": f"/api/v1/x/write-actions/{id}",
            "pollAfterMs": None if terminal else self.poll_after_ms,
            "charged": charged != "0",
            "chargedCredits": charged,
            "success": action["status"] == "success",
        }
        if action.get("error"):
            record |= {"error": action["error"], "message": "X said no."}
        if action.get("media"):
            record |= {"mediaId": action["media"], "mediaUrl": f"https://m.example/{action['media']}.png"}
        if action.get("tweet"):
            record["tweetId"] = action["tweet"]
        return record

    def _topup(self, body: bytes) -> tuple[int, Any]:
        """The page that is open for so many dollars is the same one."""
        dollars = int(json.loads(body)["dollars"])
        if dollars not in self.checkouts:
            self.checkouts.append(dollars)
        session = f"cs_{self.checkouts.index(dollars)}"
        url = f"https://xquik.example/api/v1/credits/topup/redirect?session_id={session}"
        return 200, {"url": url, "redirect_url": url}

    # --- draws -------------------------------------------------------------------------------

    def _draws(self, method: str, path: str, key: str | None, body: bytes) -> tuple[int, Any]:
        if method == "GET" and path == "/draws":
            rows = [{k: v for k, v in d.items() if k != "tweetId"} for d in reversed(self.draws)]
            return 200, {"draws": rows, "hasMore": False, "nextCursor": None}
        if method == "GET":
            draw = next(d for d in self.draws if path.endswith(d["id"]))
            return 200, {"draw": draw, "winners": self._winners()}
        assert key, "a draw without an Idempotency-Key"
        plan = self.plan.popleft() if self.plan else "ok"
        if plan == "dropped":
            raise Cut
        if plan in _AT_THE_DOOR:
            return _AT_THE_DOOR[plan]
        if key in self._by_key:
            known, original = self._by_key[key]
            if known != body.hex():
                return 409, {"error": "idempotency_conflict", "message": "other content"}
            again = next(draw for draw in self.draws if draw["id"] == original)
            return 200, {**again, "winners": self._winners()}
        url = json.loads(body)["tweetUrl"]
        made = datetime.fromtimestamp(self.clock(), UTC).isoformat()
        draw = {
            "id": f"draw{len(self.draws) + 1}",
            "tweetUrl": url,
            "tweetId": url.rpartition("/")[2],
            "status": "completed",
            "totalEntries": 10,
            "validEntries": 8,
            "createdAt": made,
        }
        self.draws.append(draw)
        self._by_key[key] = (body.hex(), str(draw["id"]))
        if plan == "lost":
            raise Cut
        return 200, {**draw, "winners": self._winners()}

    # --- extractions -------------------------------------------------------------------------

    def _extractions(self, method: str, path: str, key: str | None, body: bytes) -> tuple[int, Any]:
        """A job collects ten more at each look, and is over at the third."""
        if method == "GET":
            job = next(one for one in self.extractions if path.endswith(one["id"]))
            job["totalResults"] = min(30, job["totalResults"] + 10)
            job["status"] = "completed" if job["totalResults"] == 30 else "running"
            return 200, {"job": job, "results": [], "hasMore": False, "pollAfterMs": self.poll_after_ms}
        assert key, "an extraction without an Idempotency-Key"
        if key in self._by_key:
            known, original = self._by_key[key]
            if known != body.hex():
                return 409, {"error": "idempotency_conflict", "message": "other content"}
            return 202, self._begun(original)
        made = datetime.fromtimestamp(self.clock(), UTC).isoformat()
        job = {"id": f"job{len(self.extractions) + 1}", "toolType": json.loads(body)["toolType"]}
        self.extractions.append({**job, "status": "running", "totalResults": 0, "createdAt": made})
        self._by_key[key] = (body.hex(), job["id"])
        return 202, self._begun(job["id"])

    def _begun(self, job: str) -> dict[str, Any]:
        return {"id": job, "status": "running", "pollAfterMs": self.poll_after_ms}

    def _winners(self) -> list[dict[str, Any]]:
        return [{"authorUsername": "ada", "tweetId": "5", "position": 1, "isBackup": False}]


_AT_THE_DOOR: dict[str, tuple[int, Any]] = {
    "defer": (
        503,
        {"error": "write_tracking_unavailable", "message": "again", "safeToRetry": True},
    ),
    "limited": (429, {"error": "rate_limit_exceeded", "retryAfter": 1}),
    "revoked": (401, {"error": "invalid_api_key"}),
    "conflict": (409, {"error": "idempotency_key_conflict", "safeToRetry": True}),
    "running": (409, {"error": "idempotency_in_progress", "message": "wait"}),
    "broke": (402, {"error": "insufficient_credits"}),
}
