"""Advice on things that are missing, there already, or over."""

from __future__ import annotations

from typing import Final

from bot.core.errors import Conflict, Expired, NotFound
from bot.xquik.advice.table import group

MISSING: Final = group(
    NotFound,
    {
        "not_found": (
            "Xquik has nothing under that id.",
            "Check the id; it may also belong to another Xquik account.",
        ),
        "user_not_found": (
            "X has no such user.",
            "Check the spelling, or look for it with `user search`; it may be suspended or renamed.",
        ),
        "tweet_not_found": (
            "X has no such tweet.",
            "Check the link; the author may have deleted it. `tweet search` finds tweets by their words.",
        ),
        "list_not_found": (
            "X has no such list.",
            "Open the list on X and copy its link; a private or deleted one cannot be read.",
        ),
        "article_not_found": (
            "That tweet has no article.",
            "Use the link of a tweet that shows a long article.",
        ),
        "draft_not_found": ("There is no such draft.", "See the drafts with `draft list`."),
        "style_not_found": (
            "No style is saved under that name.",
            "`style list` shows those there are; `style analyze` makes one of an account.",
        ),
        "no_cached_style": (
            "No style of that account is saved.",
            "`style list` shows those there are; `style analyze` makes one. Or leave the style out.",
        ),
        "no_media": ("That tweet has no picture or video.", "Choose a tweet with media."),
        "x_target_not_found": (
            "X does not find what this is about.",
            "Check the link, the name or the id; it may have been deleted just now.",
        ),
        "monitor_profile_unavailable": (
            "The account to watch is not available on X.",
            "Check the name, or try again when the account is back.",
        ),
        "account_not_found": (
            "That X account is not connected to Xquik.",
            "Connect it in the Xquik dashboard, or choose one that `account show` lists.",
        ),
    },
)

CONFLICT: Final = group(
    Conflict,
    {
        "account_already_connected": (
            "That X account is connected already.",
            "There is nothing to do; `account show` lists it.",
        ),
        "already_member": ("The account is in that community already.", "There is nothing to do."),
        "monitor_already_exists": (
            "That monitor exists already.",
            "`monitor list` shows it; it keeps working.",
        ),
        "webhook_inactive": (
            "The webhook is switched off.",
            "Switch it on again with `setup key`, then test it.",
        ),
        "x_duplicate_action": (
            "X says this was done already.",
            "Look at the account on X. There is nothing to do if it is as you want it.",
        ),
        "idempotency_conflict": (
            "This request has the key of an earlier one with other content.",
            "Nothing was done. Run the command again from the start.",
        ),
        "idempotency_key_conflict": (
            "This action has the key of an earlier one with other content.",
            "Nothing was done. Make a new preview and confirm that.",
        ),
    },
)

EXPIRED: Final = group(
    Expired,
    {
        "connection_challenge_expired": (
            "The question X asked at login has expired.",
            "Start connecting the account again in the Xquik dashboard.",
        ),
        "coverage_cursor_gone": (
            "That page of results has expired.",
            "Start again from the first page.",
        ),
        "expired": ("What this refers to has expired.", "Start again with a new command."),
    },
)
