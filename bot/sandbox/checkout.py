"""The pages on which a person would pay: a checkout of credits, which can be paid here or left, and the plan.

Served to any browser, without a key, as the vendor's are. Nothing is paid: the button adds the credits.
"""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.config import API_PREFIX
from bot.sandbox.pages import HEADERS, framed
from bot.sandbox.paperwork import ended_topups
from bot.sandbox.records import TopupRecord
from bot.sandbox.state import Sandbox

REDIRECT: Final = f"{API_PREFIX}/credits/topup/redirect"
"""What the API names as the page of a checkout; its `session_id` says which."""
_ENDS: Final = {"pay": "paid", "leave": "expired"}
_TOLD: Final = {
    "paid": "It is paid. The bot says so in a moment.",
    "expired": "It was left, and nothing is paid.",
    "failed": "The payment failed, and nothing is paid.",
}
_HEADERS: Final = {
    **HEADERS,
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    ),
}


def routes(sandbox: Sandbox) -> list[Route]:
    """``/billing/…``, and what the API names."""
    checkout = _Checkout(sandbox)
    return [
        Route(REDIRECT, checkout.redirect),
        Route("/billing/session", _plan),
        Route("/billing/checkout/{session}", checkout.show),
        Route("/billing/checkout/{session}/{end}", checkout.end, methods=["POST"]),
    ]


class _Checkout:
    """The checkouts that were begun."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def redirect(self, request: Request) -> Response:
        """To the page, as a link of the API leads there."""
        return RedirectResponse(_address(request.query_params.get("session_id", "")), 303)

    async def show(self, request: Request) -> Response:
        """How it stands; while it is open, with the buttons that end it."""
        topup = self._sandbox.topups.get(request.path_params["session"])
        if topup is None:
            return _page("No such checkout", "<p>It was never begun here.</p>", 404)
        return _page("Checkout", _shown(topup))

    async def end(self, request: Request) -> Response:
        """Pay it, or leave it; once ended it stays as it is."""
        topup = self._sandbox.topups.get(request.path_params["session"])
        status = _ENDS.get(request.path_params["end"])
        if topup is None or status is None:
            return _page("No such checkout", "<p>It was never begun here.</p>", 404)
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return _page("Not from elsewhere", "<p>Press the button on this page.</p>", 403)
        ended_topups(self._sandbox, topup.owner, {"session": topup.id, "status": status})
        return RedirectResponse(_address(topup.id), 303)


def _shown(topup: TopupRecord) -> str:
    amount = f"<h1>{topup.credits:,} credits for ${topup.dollars}</h1>"
    if told := _TOLD.get(topup.status):
        return f"{amount}<p>{told}</p>"
    forms = "".join(
        f'<form method="post" action="{escape(_address(topup.id))}/{end}"><button>{label}</button></form>'
        for end, label in (("pay", "Pay (nothing is really paid)"), ("leave", "Leave it unpaid"))
    )
    return amount + forms


def _address(session: str) -> str:
    return f"/billing/checkout/{quote(session, safe='')}"


async def _plan(_: Request) -> Response:
    return _page("Plan", "<h1>The plan is active</h1><p>Every customer here has one.</p>")


def _page(title: str, body: str, status: int = 200) -> Response:
    section = f'<section class="profile">{body}</section>'
    note = "in place of the payment. No money moves here."
    return framed(title, section, status, note=note, headers=_HEADERS)
