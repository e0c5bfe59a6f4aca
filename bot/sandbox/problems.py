"""Answers that are not a success, in the shapes the specification gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """``body`` as JSON, encoded the way the API does: UTF-8, no padding."""
    return Response(msgspec.json.encode(body), status, headers=headers, media_type="application/json")


class ApiProblem(Exception):
    """A request that ends with an error body; ``code`` is one of the API's own error codes."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def response(self) -> Response:
        body: dict[str, Any] = {"error": self.code}
        if self.message:
            body["message"] = self.message
        return json_response(body | self.extra, self.status, self.headers)


def unauthenticated() -> ApiProblem:
    """401 with the two headers the specification fixes."""
    return ApiProblem(
        401,
        "unauthenticated",
        "Missing or invalid API key",
        headers={"Cache-Control": "no-store", "WWW-Authenticate": 'Bearer realm="xquik"'},
    )


def rate_limited(seconds: int) -> ApiProblem:
    return ApiProblem(
        429,
        "rate_limit_exceeded",
        "Too many requests. Try again later.",
        headers={"Retry-After": str(seconds)},
        extra={"retryAfter": seconds},
    )


def _checkout(path: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "create_checkout": {
            "body": body,
            "creates": "checkout_url",
            "method": "POST",
            "path": path,
            "provider": "stripe",
            "requires_authentication": True,
            "requires_user_confirmation": True,
            "response_url_field": "url",
        }
    }


def insufficient_credits(balance: int, required: int) -> ApiProblem:
    """402 for an authenticated account, with the two ways to pay."""
    topup = "/api/v1/credits/topup"
    return ApiProblem(
        402,
        "insufficient_credits",
        f"This needs {required} credits; {balance} are left.",
        extra={
            "balance": str(balance),
            "dashboard": "/dashboard/account",
            "next_step": "Ask the user to confirm a payment option before creating checkout.",
            "payment_options": {
                "credits": _checkout(topup, {"dollars": 10, "locale": "en"}),
                "subscription": _checkout("/api/v1/subscribe", {"tier": "starter"}),
            },
            "required": str(required),
            "top_up_endpoint": topup,
            "top_up_url": f"POST {topup}",
        },
    )


def write_problem(
    status: int,
    code: str,
    message: str,
    *,
    retryable: bool,
    safe_to_retry: bool,
    next_action: str,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> ApiProblem:
    """A write that was refused before anything was sent to X, with its recovery advice."""
    return ApiProblem(
        status,
        code,
        message,
        headers=headers,
        extra={
            "retryable": retryable,
            "safeToRetry": safe_to_retry,
            "charged": False,
            "chargedCredits": "0",
            "success": False,
            "nextAction": {"type": next_action},
            **(extra or {}),
        },
    )
