"""The account, its credits, and the X accounts connected to it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from starlette.responses import Response

from bot.sandbox.calls import ApiCall, Operation, listed
from bot.sandbox.config import API_PREFIX
from bot.sandbox.credits import MONITOR_HOUR
from bot.sandbox.paperwork import begun_topup
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import ConnectedAccount
from bot.sandbox.world.snowflake import iso

_MAX_SAFE_INTEGER = 2**53 - 1
_MONITOR_DAY = 24 * MONITOR_HOUR
_TOPUP_DOLLARS = 10
_TOPUP_THRESHOLD = "50000"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


class _Identity(msgspec.Struct):
    username: str


class _Topup(msgspec.Struct):
    dollars: Annotated[int, msgspec.Meta(ge=10)]
    locale: str = "en"


class _Plan(msgspec.Struct):
    tier: Literal["starter", "pro", "business"] | None = None


class _Locale(msgspec.Struct):
    locale: Literal["en", "tr", "es"]


async def get_account(call: ApiCall) -> Response:
    customer = call.sandbox.credits.of(call.owner)
    active = sum(monitor.active for monitor in call.sandbox.monitors if monitor.owner == call.owner)
    body: dict[str, Any] = {
        "plan": "active",
        "monitorsAllowed": _MAX_SAFE_INTEGER,
        "monitorsUsed": active,
        "monitorBilling": {
            "activeDailyEstimate": str(active * _MONITOR_DAY),
            "activeHourlyBurn": str(active * MONITOR_HOUR),
            "creditsPerActiveMonitorDay": str(_MONITOR_DAY),
            "creditsPerActiveMonitorHour": str(MONITOR_HOUR),
            "eventsIncluded": True,
            "instantCheckIntervalSeconds": 1,
            "unlimitedSlots": True,
        },
        "creditInfo": {
            "balance": str(customer.balance),
            "lifetimePurchased": str(customer.purchased),
            "lifetimeUsed": str(customer.used),
            "autoTopupEnabled": customer.topup != "off",
            "autoTopupStopped": customer.topup == "stopped",
            "autoTopupAmountDollars": _TOPUP_DOLLARS,
            "autoTopupThreshold": _TOPUP_THRESHOLD,
        },
    }
    connected = _connected(call)
    if customer.identity or connected:
        body["xUsername"] = customer.identity or connected[0].username
    return json_response(body)


async def update_account(call: ApiCall) -> Response:
    call.sandbox.credits.set_locale(call.owner, call.shaped(_Locale).locale)
    return json_response({"success": True})


async def set_x_identity(call: ApiCall) -> Response:
    """Whether such an account is on X is not looked at, as the documented answers have no 404."""
    username = call.shaped(_Identity).username.removeprefix("@")
    if not _HANDLE.fullmatch(username):
        raise ApiProblem(400, "invalid_username", "X username is empty or invalid")
    call.sandbox.credits.set_identity(call.owner, username)
    return json_response({"success": True, "xUsername": username})


async def get_topup_status(call: ApiCall) -> Response:
    session = call.query("session_id")
    if session is None:
        raise ApiProblem(400, "invalid_params", "session_id is missing.")
    topup = call.sandbox.topups.get(session)
    if topup is None or topup.owner != call.owner:
        raise ApiProblem(404, "not_found", "No such top-up.")
    return json_response(
        {"status": topup.status, "amount_dollars": topup.dollars, "credits": str(topup.credits)}
    )


async def top_up(call: ApiCall) -> Response:
    """A page on which it would be paid; the one that is open for so many dollars is the same one."""
    dollars = call.shaped(_Topup).dollars
    begun = next(
        (
            one
            for one in call.sandbox.topups
            if (one.owner, one.dollars, one.status) == (call.owner, dollars, "processing")
        ),
        None,
    )
    session = begun.id if begun else begun_topup(call.sandbox, call.owner, {"dollars": dollars})["session"]
    url = f"{call.sandbox.origin}{API_PREFIX}/credits/topup/redirect?session_id={session}"
    return json_response({"redirect_url": url, "url": url})


async def subscribe(call: ApiCall) -> Response:
    """Every customer here has a plan."""
    call.shaped(_Plan)
    url = f"{call.sandbox.origin}/billing/session"
    status = {"status": "already_subscribed", "message": "Manage the subscription"}
    return json_response({"url": url, **status})


async def get_credits(call: ApiCall) -> Response:
    customer = call.sandbox.credits.of(call.owner)
    return json_response(
        {
            "auto_topup_amount_dollars": _TOPUP_DOLLARS,
            "auto_topup_enabled": customer.topup != "off",
            "auto_topup_stopped": customer.topup == "stopped",
            "auto_topup_threshold": _TOPUP_THRESHOLD,
            "balance": str(customer.balance),
            "lifetime_purchased": str(customer.purchased),
            "lifetime_used": str(customer.used),
        }
    )


def _connected(call: ApiCall) -> list[ConnectedAccount]:
    return [account for account in call.sandbox.accounts if account.owner == call.owner]


def _account_json(account: ConnectedAccount) -> dict[str, Any]:
    moment = iso(account.created_at)
    return {
        "id": account.id,
        "xUserId": account.x_user_id,
        "xUsername": account.username,
        "status": "active" if account.health == "healthy" else "error",
        "health": account.health,
        "createdAt": moment,
        "updatedAt": moment,
    }


async def list_x_accounts(call: ApiCall) -> Response:
    rows = [(account.id, _account_json(account)) for account in _connected(call)]
    return json_response(listed(call, "accounts", rows))


async def get_x_account(call: ApiCall) -> Response:
    account = next((a for a in _connected(call) if a.id == call.path["id"]), None)
    if account is None:
        raise ApiProblem(404, "not_found", "No such connected account.")
    return json_response(_account_json(account))


async def disconnect_x_account(call: ApiCall) -> Response:
    account = next((a for a in _connected(call) if a.id == call.path["id"]), None)
    if account is None:
        raise ApiProblem(404, "not_found", "No such connected account.")
    call.sandbox.accounts.delete(account.id)
    return json_response({"success": True})


OPERATIONS = (
    Operation("getAccount", "GET", "/account", get_account),
    Operation("updateAccount", "PATCH", "/account", update_account, "writes"),
    Operation("setXIdentity", "PUT", "/account/x-identity", set_x_identity, "writes"),
    Operation("getCredits", "GET", "/credits", get_credits),
    Operation("topUpCredits", "POST", "/credits/topup", top_up, "writes"),
    Operation("subscribe", "POST", "/subscribe", subscribe, "writes"),
    Operation("getCreditTopupStatus", "GET", "/credits/topup/status", get_topup_status),
    Operation("listXAccounts", "GET", "/x/accounts", list_x_accounts),
    Operation("getXAccount", "GET", "/x/accounts/{id}", get_x_account),
    Operation("disconnectXAccount", "DELETE", "/x/accounts/{id}", disconnect_x_account, "deletes"),
)
