"""`user tweets|replies|media|highlights|mentions|likes`: tweets that belong to an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.chat.cards import line
from bot.core.messages.message import msg
from bot.features.shared.post_rows import posts_listing
from bot.features.shared.user_args import of_account

TWEETS: Final = posts_listing(
    lambda args: msg("Tweets of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.tweets),
    lambda args: line(
        msg("@{user} has no tweets that can be read. `user show @{user}` shows it.", user=str(args.user))
    ),
)
REPLIES: Final = posts_listing(
    lambda args: msg("Replies of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.replies),
    lambda args: line(
        msg("@{user} answers nobody. `user tweets @{user}` lists what it writes.", user=str(args.user))
    ),
)
MEDIA: Final = posts_listing(
    lambda args: msg("Pictures and videos of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.media),
    lambda args: line(
        msg(
            "@{user} has no tweets with pictures or videos. `user tweets @{user}` lists all of them.",
            user=str(args.user),
        )
    ),
)
HIGHLIGHTS: Final = posts_listing(
    lambda args: msg("Highlights of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.highlights),
    lambda args: line(
        msg("@{user} highlights nothing. `user tweets @{user}` lists what it writes.", user=str(args.user))
    ),
)
MENTIONS: Final = posts_listing(
    lambda args: msg("Mentions of @{user}", user=str(args.user)),
    of_account(lambda xquik: xquik.users.mentions),
    lambda args: line(
        msg("Nobody mentions @{user}. `monitor add @{user}` watches the account.", user=str(args.user))
    ),
)
# What an account likes X shows to nobody else: it stays with who asked, and becomes no file.
LIKES: Final = replace(
    posts_listing(
        lambda args: msg("Likes of @{user}", user=str(args.user)),
        of_account(lambda xquik: xquik.users.likes),
        lambda args: line(
            msg("@{user} likes nothing. `user tweets @{user}` lists what it writes.", user=str(args.user))
        ),
    ),
    columns=(),
)
