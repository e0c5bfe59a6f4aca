"""Advice on the connected X account, the credits and the key."""

from __future__ import annotations

from typing import Final

from bot.core.errors import AccountTrouble, KeyRejected, NotPermitted, OutOfCredits
from bot.xquik.advice.table import group

ACCOUNT: Final = group(
    AccountTrouble,
    {
        "account_needs_reauth": (
            "The X account has to log in again.",
            "Reconnect it in the Xquik dashboard under X accounts.",
        ),
        "account_restricted": (
            "X has locked or restricted the account.",
            "Open x.com with that account, clear what it asks, then try again.",
        ),
        "x_auth_failure": (
            "The login of the X account has ended.",
            "Log the X account in again in the Xquik dashboard.",
        ),
        "x_account_suspended": (
            "X has suspended the account.",
            "Appeal at x.com, or use another connected account.",
        ),
        "x_login_auth_failed": (
            "X did not accept the login.",
            "Check username and password in the Xquik dashboard and connect again.",
        ),
        "x_login_challenge": (
            "X asks for proof of identity.",
            "Log in on x.com once, answer the question, then reconnect.",
        ),
        "x_login_denied": (
            "X refused the login.",
            "Log in on x.com once, wait an hour, then reconnect.",
        ),
        "x_login_failed": (
            "Logging in to X failed.",
            "Try to reconnect the account in the Xquik dashboard.",
        ),
        "x_login_suspended": (
            "X has suspended that account.",
            "Appeal at x.com, or connect another account.",
        ),
        "login_failed": (
            "The X account could not be connected.",
            "Check its details in the Xquik dashboard and connect it again.",
        ),
        "passkey_required": (
            "The X account wants a passkey.",
            "Allow a password login on x.com, then reconnect the account.",
        ),
        "connection_challenge_inactive": (
            "X has closed the question it asked at login.",
            "Start connecting the account again in the Xquik dashboard.",
        ),
        "shadow_account": (
            "X limits what this account may do.",
            "Look at the account's status on x.com, or use another account.",
        ),
    },
)

CREDITS: Final = group(
    OutOfCredits,
    {
        "insufficient_credits": (
            "The Xquik balance does not cover this.",
            "`credits` shows the balance, `credits topup` gets a link to buy more.",
        ),
        "no_credits": (
            "This Xquik account has no credits yet.",
            "`credits topup` gets a link to buy some, `subscribe link` one to subscribe.",
        ),
        "no_subscription": (
            "This Xquik account has no active plan.",
            "`subscribe link` gets a link to subscribe, `credits topup` one to buy credits.",
        ),
        "subscription_inactive": (
            "The Xquik plan is not active.",
            "`subscribe link` gets a link to renew it.",
        ),
        "payment_failed": (
            "The last payment to Xquik failed.",
            "Update the payment method in the Xquik dashboard.",
        ),
        "usage_limit_reached": (
            "The month's allowance is used up.",
            "Wait for the next billing period, or allow extra usage in the dashboard.",
        ),
        "no_addon": (
            "The plan does not include monitors.",
            "Add monitors to the plan in the Xquik dashboard.",
        ),
        "extra_usage_disabled": (
            "Extra usage is switched off.",
            "Switch it on on the subscription page of the Xquik dashboard.",
        ),
        "extra_usage_requires_v2": (
            "The plan is too old for extra usage.",
            "Ask Xquik support to move the plan to the current prices.",
        ),
        "manual_subscription": (
            "This plan cannot take extra usage.",
            "Ask Xquik support about the limits of a manual plan.",
        ),
        "frozen": (
            "An Xquik invoice is unpaid, so usage is paused.",
            "Settle the invoice in the Xquik dashboard.",
        ),
        "overage_limit_reached": (
            "The spending limit is reached.",
            "Wait until the current invoice is settled, or raise the limit.",
        ),
    },
)

ACCESS: Final = group(
    NotPermitted,
    {
        "forbidden": (
            "The Xquik key may not do this.",
            "Use a key of the account that owns it; see `setup status`.",
        ),
        "api_key_limit_reached": (
            "The Xquik account has its 100 keys already.",
            "Delete a key that is no longer used in the dashboard.",
        ),
        "monitor_limit_reached": (
            "The plan's monitors are all in use.",
            "Remove one with `monitor remove`, or extend the plan.",
        ),
        "guest_wallets_disabled": (
            "Xquik has switched guest wallets off.",
            "Use the key of a full Xquik account: `setup key`.",
        ),
    },
) | group(
    KeyRejected,
    {
        "unauthenticated": (
            "Xquik does not know the stored key; it may have been revoked.",
            "Make a new key in the Xquik dashboard and enter it with `setup key`.",
        ),
    },
)
