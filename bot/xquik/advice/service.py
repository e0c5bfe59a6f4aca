"""Advice on limits, faults and answers that leave the outcome open."""

from __future__ import annotations

from typing import Final

from bot.core.errors import OutcomeUnknown, RateLimited, UpstreamUnavailable
from bot.xquik.advice.table import group

LIMITS: Final = group(
    RateLimited,
    {
        "rate_limit_exceeded": (
            "Too many requests to Xquik in a short time.",
            "Wait a minute and try again.",
        ),
        "rate_limited": ("Xquik is holding requests back.", "Wait a minute, then try again."),
        "x_api_rate_limited": (
            "X limits how fast its data can be read.",
            "Try again in a few minutes.",
        ),
        "x_rate_limited": (
            "X limits what the account may do for now.",
            "Wait a few minutes before the next action.",
        ),
        "support_request_rate_limit": (
            "Too many support messages.",
            "Wait an hour before you write to support again.",
        ),
        "support_media_rate_limit": (
            "Too many files sent to support.",
            "Wait an hour, or write without a file.",
        ),
    },
    retryable=True,
) | group(
    RateLimited,
    {
        "x_daily_limit": (
            "The X account has reached its limit for today.",
            "Wait 24 hours, or use another connected account.",
        ),
        "login_cooldown": (
            "The X account was logged in too often.",
            "Wait, then reconnect it once in the Xquik dashboard.",
        ),
        "login_rate_limited": (
            "Too many tries to log in.",
            "Wait an hour before you connect the account again.",
        ),
        "x_login_rate_limited": (
            "X limits tries to log in.",
            "Wait an hour; do not try again before that.",
        ),
    },
)

UPSTREAM: Final = group(
    UpstreamUnavailable,
    {
        "internal_error": (
            "Xquik had an internal error.",
            "Try again in a minute. If it lasts, write to Xquik support.",
        ),
        "service_unavailable": ("Xquik is not available at the moment.", "Try again in a few minutes."),
        "read_request_timeout": ("X took too long to answer.", "Try again, or ask for fewer results."),
        "search_unavailable": (
            "X's search does not answer, or does not know a part of this search any more.",
            "Leave out operators like source:, within: or geocode:, or try again in a few minutes.",
        ),
        "bookmark_folders_unavailable": (
            "X does not show the bookmark folders right now.",
            "Try again in a few minutes; folders need X Premium.",
        ),
        "x_api_unavailable": (
            "X's data is not available at the moment.",
            "Try again in a few minutes.",
        ),
        "x_api_unauthorized": (
            "Xquik has trouble reading from X.",
            "Try again later. If it lasts, write to Xquik support.",
        ),
        "x_transient_error": ("X had a brief outage.", "Try again in a minute."),
        "x_user_lookup_failed": ("X did not return the user.", "Try again in a minute."),
        "x_write_failed": (
            "The action did not get through to X.",
            "Try again in a minute. If it fails again, write to Xquik support.",
        ),
        "write_tracking_unavailable": (
            "Xquik cannot keep track of actions right now, so it did nothing.",
            "Try again in a minute.",
        ),
        "stream_registration_failed": ("Xquik could not start the monitor.", "Try again in a minute."),
        "coverage_cursor_unavailable": (
            "That page is being read by another request.",
            "Wait a few seconds and open the page again.",
        ),
        "favoriters_unavailable": (
            "X does not show who liked that tweet right now.",
            "Try again later; the author may also hide it.",
        ),
        "replies_incomplete": (
            "X did not return all replies.",
            "Try again in a few minutes for the rest.",
        ),
        "login_service_unavailable": (
            "Logging in to X is not possible right now.",
            "Try to reconnect the account in an hour.",
        ),
        "x_login_service_unavailable": (
            "X's login does not answer.",
            "Try to reconnect the account in an hour.",
        ),
        "x_login_proxy_error": (
            "Xquik could not reach X's login.",
            "Try to reconnect the account in a few minutes.",
        ),
    },
    retryable=True,
) | group(
    UpstreamUnavailable,
    {
        "checkout_unavailable": (
            "The payment page is not available.",
            "Open the billing page of the Xquik dashboard instead.",
        ),
        "guest_wallet_unavailable": (
            "The guest wallet does not answer.",
            "Use the key of a full Xquik account: `setup key`.",
        ),
        "guest_wallets_unavailable": (
            "Guest wallets are not available.",
            "Use the key of a full Xquik account, or try again later.",
        ),
    },
)

UNKNOWN: Final = group(
    OutcomeUnknown,
    {
        "x_write_unconfirmed": (
            "X has not confirmed the action yet; it may have happened.",
            "Look at the account on X. Do not repeat the action before you have.",
        ),
        "x_write_ambiguous": (
            "X gave no clear answer; the action may have happened.",
            "Look at the account on X, and do it again only if it did not happen.",
        ),
    },
)
