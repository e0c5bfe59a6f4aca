"""Advice on the codes that the vendor's SDK knows and the published document does not yet."""

from __future__ import annotations

from typing import Final

from bot.core.errors import (
    AccountTrouble,
    Conflict,
    Expired,
    KeyRejected,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    UpstreamUnavailable,
)
from bot.xquik.advice.table import group

_REQUESTS: Final = group(
    Rejected,
    {
        "likes_unavailable": (
            "X shows what an account likes to nobody but itself.",
            "Name an account that is connected at Xquik; `account show` lists them.",
        ),
        "invalid_broadcast_id": (
            "That is not the id of a broadcast.",
            "Copy the link of the broadcast from X again.",
        ),
        "invalid_space_id": ("That is not the id of a Space.", "Copy the link of the Space from X again."),
        "invalid_community_topic": (
            "X has no community topic of that name.",
            "`community topics` lists the topics.",
        ),
        "invalid_contributor_alias": (
            "That is not a contributor's name.",
            "Use the name as the list of contributors shows it.",
        ),
        "invalid_cursor": (
            "Xquik cannot open that page of results.",
            "Run the command again to begin with the first page.",
        ),
        "invalid_job_filter": (
            "Jobs cannot be filtered like that.",
            "Leave out the filter, or use one that the message names.",
        ),
        "invalid_job_id": ("That is not the id of a job.", "Copy the id from the list of jobs."),
        "invalid_message_id": (
            "That is not the id of a direct message.",
            "Copy the id of the message again; it consists of digits.",
        ),
        "invalid_news_id": ("That is not the id of a news story.", "Copy the link of the story from X."),
        "unsupported_media_combination": (
            "X does not take these files in one tweet.",
            "Use up to four pictures, or one video.",
        ),
        "x_image_invalid": (
            "X cannot read the picture.",
            "Save it as JPEG or PNG, and attach it again.",
        ),
        "x_media_rejected": (
            "X did not accept the attached file.",
            "Attach another file, or post without one.",
        ),
        "x_video_too_large": (
            "The video is too large for X.",
            "Use a shorter video, or one of a lower resolution.",
        ),
        "x_post_not_sent": (
            "X did not publish the tweet.",
            "Look at the account on X; if the tweet is not there, make a new preview and confirm it.",
        ),
        "x_dm_not_sent": (
            "X did not send the message.",
            "Look at the conversation on X; if it is not there, make a new preview and confirm it.",
        ),
        "x_dm_not_deleted": (
            "X did not delete the message.",
            "Look at the conversation on X, and delete it there if it still stands.",
        ),
        "x_reply_not_allowed": (
            "The author of that tweet lets only some people reply.",
            "Quote the tweet instead, or reply from an account that its author mentions or follows.",
        ),
        "draw_too_large": (
            "The tweet has more entries than one draw can take.",
            "Narrow the draw with its filters, or draw from a tweet with fewer entries.",
        ),
    },
)

_ACCESS: Final = (
    group(
        NotPermitted,
        {
            "x_community_not_joined": (
                "The X account is not a member of that community.",
                "Join the community with that account on X, then try again.",
            ),
            "x_community_not_selectable": (
                "The X account cannot post into that community.",
                "Look on X whether its members may post, or choose another community.",
            ),
            "x_community_post_public": (
                "That community tweet can be seen by everyone, so this is not possible for it.",
                "Choose a tweet that only the community sees.",
            ),
        },
    )
    | group(
        KeyRejected,
        {
            "session_required": (
                "Xquik allows this to somebody logged in to its dashboard, and not to a key.",
                "Do it in the Xquik dashboard.",
            ),
        },
    )
    | group(
        AccountTrouble,
        {
            "x_automation_refused": (
                "X took this for an automated action and refused it.",
                "Wait a few hours, do something on x.com with that account by hand, then try again.",
            ),
            "cursor_account_unavailable": (
                "The X account that these pages were read with is no longer available.",
                "Run the command again to begin with the first page.",
            ),
        },
    )
)

_THINGS: Final = (
    group(
        NotFound,
        {
            "broadcast_not_found": (
                "X has no such broadcast.",
                "Check the link; the broadcast may be over and removed.",
            ),
            "contributor_not_found": (
                "There is no such contributor.",
                "Check the name in the list of contributors.",
            ),
            "job_not_found": ("There is no such job.", "Check the list of jobs; old ones are removed."),
            "news_not_found": (
                "X has no such news story.",
                "Check the link; stories are removed after days.",
            ),
            "x_community_post_removed": (
                "That tweet was removed from its community.",
                "Choose another tweet.",
            ),
            "x_reply_target_unavailable": (
                "The tweet to reply to is gone, or this account cannot see it.",
                "Open its link on X with that account; without it, post a tweet of its own.",
            ),
        },
    )
    | group(
        Conflict,
        {
            "space_not_ended": (
                "The Space is still live.",
                "Try again when it has ended.",
            ),
            "topup_in_progress": (
                "A top-up of this Xquik account is already under way.",
                "Wait a minute and look at `credits`; do not start another one.",
            ),
        },
    )
    | group(
        Expired,
        {
            "space_canceled": ("The Space was cancelled.", "Choose another Space."),
            "replay_unavailable": (
                "There is no recording to replay.",
                "The host decides whether one is kept; look at the link on X.",
            ),
        },
    )
)

_FAULTS: Final = (
    group(
        RateLimited,
        {
            "too_many_streams": (
                "This Xquik key has as many open streams as it may have.",
                "Stop another program that streams with this key, or let events come by webhook.",
            ),
        },
        retryable=True,
    )
    | group(
        UpstreamUnavailable,
        {
            "pagination_stalled": (
                "X gave the same page again, so the rest cannot be read now.",
                "Use what was read so far, or try again in a few minutes.",
            ),
            "retweeters_incomplete": (
                "X did not return everybody who reposted.",
                "Try again in a few minutes for the rest.",
            ),
            "telegram_unavailable": (
                "Telegram does not answer Xquik.",
                "Try again in a few minutes.",
            ),
        },
        retryable=True,
    )
    # The first request with the same mark is under way, and what becomes of it is not known yet.
    | group(
        OutcomeUnknown,
        {
            "idempotency_in_progress": (
                "The same action is being carried out already.",
                "Wait a minute and look at its result. Do not start it again before that.",
            ),
        },
    )
)

NEWER: Final = _REQUESTS | _ACCESS | _THINGS | _FAULTS
