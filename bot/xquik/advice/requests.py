"""Advice on requests that Xquik or X understood and refused."""

from __future__ import annotations

from typing import Final

from bot.core.errors import Rejected
from bot.xquik.advice.table import group

INPUT: Final = group(
    Rejected,
    {
        "invalid_input": (
            "Xquik found a mistake in the request.",
            "Check the options you gave, change what the message names, and try again.",
        ),
        "invalid_json": (
            "Xquik could not read the request.",
            "This is a fault of the bot, not yours. Tell whoever runs it, and give them the code.",
        ),
        "invalid_id": (
            "That is not an id from Xquik.",
            "Copy the id from the list again.",
        ),
        "invalid_tweet_url": (
            "That is not the address of a tweet.",
            "Use a full link such as https://x.com/nasa/status/1893456789012345678.",
        ),
        "invalid_tweet_id": (
            "That is not the id of a tweet.",
            "Use the link of the tweet, or the 15 to 20 digits at its end.",
        ),
        "invalid_username": (
            "That is not a username on X.",
            "Use 1 to 15 letters, digits or underscores, such as nasa.",
        ),
        "invalid_user_id": (
            "That is not a user id on X.",
            "Use the username, or the number X gives the user.",
        ),
        "invalid_user_ids": (
            "One of the user ids is not valid.",
            "Check each id; they consist of digits only.",
        ),
        "invalid_community_id": (
            "That is not the id of a community.",
            "Copy the digits from the community's link.",
        ),
        "invalid_list_id": (
            "That is not the id of a list.",
            "Copy the digits from the list's link on X.",
        ),
        "invalid_tool_type": (
            "Xquik has no extraction of that type.",
            "Choose one of the 23 types that `extract` offers.",
        ),
        "invalid_format": (
            "Xquik cannot export in that format.",
            "Choose csv, json, md, md-document, pdf, txt or xlsx.",
        ),
        "invalid_params": (
            "The export options do not fit together.",
            "Check the format and the type, then try again.",
        ),
        "invalid_range": (
            "The range is not possible.",
            "Make sure that the first value is not above the last.",
        ),
        "invalid_output_options": (
            "The output options do not fit together.",
            "Leave out the output options, or use one of them.",
        ),
        "invalid_reply_options": (
            "The reply options do not fit together.",
            "Leave out the filters on replies, or use fewer.",
        ),
        "invalid_complete_replies_request": (
            "All replies cannot be fetched in this way.",
            "Ask for the replies of one tweet, without other filters.",
        ),
        "invalid_coverage_request": (
            "Full coverage is not possible with this request.",
            "Use fewer filters and start from the first page.",
        ),
        "invalid_coverage_cursor": (
            "That page can no longer be opened.",
            "Start again from the first page.",
        ),
        "invalid_idempotency_key": (
            "Xquik did not accept the mark that keeps this action from happening twice.",
            "Run the command again from the start; nothing was done.",
        ),
        "invalid_payment_amount": ("That amount cannot be paid.", "Choose between 10 and 500 dollars."),
        "missing_idempotency_key": (
            "The mark that keeps this action from happening twice was missing.",
            "Nothing was done. Tell whoever runs this bot; it should always send one.",
        ),
        "missing_ids": ("No ids were given.", "Name at least one id."),
        "missing_params": (
            "Something the request needs was missing.",
            "Fill in every required option; `help` lists them.",
        ),
        "missing_query": ("There was nothing to search for.", "Give the words to search for."),
        "missing_url": ("The address was missing.", "Give a full address that starts with https://."),
        "account_required": (
            "This needs an X account of yours.",
            "Connect one in the Xquik dashboard, or say which one to use with account:.",
        ),
        "unknown_field": (
            "Xquik does not know a part of this request.",
            "Tell whoever runs this bot; it may need an update.",
        ),
        "unsupported_field": (
            "Xquik does not support a part of this request.",
            "Leave out the option the message names.",
        ),
        "unsupported_media_type": (
            "That kind of file is not accepted.",
            "Use AVIF, GIF, JPEG, PNG, WebP or MP4.",
        ),
        "invalid_media_url": (
            "No media file can be fetched from that address.",
            "Use a public address that starts with https://.",
        ),
        "media_too_large": ("The media file is too large.", "Use a file of at most 15 MB."),
        "body_too_large": ("The request is too large.", "Use a smaller file or a shorter text."),
        "too_many_ids": ("Too many ids at once.", "Split them over several commands."),
        "too_many_tweets": ("More than 50 tweets at once.", "Give at most 50 tweets in one command."),
        "closed": ("The support ticket is closed.", "`support open` begins another one."),
        "media_download_failed": (
            "Xquik could not fetch the media file.",
            "Use a public https:// address of a picture or MP4 up to 15 MB, or upload the file.",
        ),
        "x_content_too_long": (
            "The text is too long for X.",
            "Shorten it to 280 characters (a link counts 23), or post it as a long note.",
        ),
        "x_rejected": (
            "X refused this without saying why.",
            "Wait some minutes and run the command again. If X keeps refusing, try it on x.com.",
        ),
        "x_account_feature_required": (
            "X offers this to Premium accounts only.",
            "Use an account with X Premium, or do without this feature.",
        ),
        "x_account_protected": (
            "The other account is private.",
            "Follow it from the connected X account first, and wait until it accepts.",
        ),
        "x_dm_not_allowed": (
            "That person does not accept messages from this account.",
            "Ask them to follow the account, or to accept messages from everyone.",
        ),
        "dm_not_permitted": (
            "That person does not accept messages from this account.",
            "Reach them in a public reply instead.",
        ),
    },
)
