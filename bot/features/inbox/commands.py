"""`bookmarks show|folders`, `timeline show`, `notifications show`, `dm history`: what X shows to one account
alone, to who may read it, after a Confirm."""

from __future__ import annotations

from bot.core.commands.declaring import Group
from bot.core.commands.presets import CONFIDENTIAL, listing_command
from bot.features.inbox import consents
from bot.features.inbox.lists import CONVERSATION, FOLDERS, HOME, NOTICES, SAVED
from bot.features.inbox.messages import MESSAGE_COMMANDS
from bot.features.shared.roots import MORE

BOOKMARKS = Group(
    "bookmarks",
    "What your own accounts saved on X",
    (
        listing_command(
            "bookmarks show",
            SAVED,
            CONFIDENTIAL,
            "Read what your X account saved; asks first, you alone see it",
            "bookmarks show",
            operations=("GET /x/bookmarks",),
            consent=consents.of_bookmarks,
        ),
        listing_command(
            "bookmarks folders",
            FOLDERS,
            CONFIDENTIAL,
            "List the bookmark folders of your X account; asks first, you alone see it",
            "bookmarks folders",
            operations=("GET /x/bookmarks/folders",),
            consent=consents.of_folders,
        ),
    ),
    default="show",
    under=MORE,
)
TIMELINE = Group(
    "timeline",
    "What X shows to your own accounts",
    (
        listing_command(
            "timeline show",
            HOME,
            CONFIDENTIAL,
            "Read the home timeline of your X account; asks first, you alone see it",
            "timeline show",
            operations=("GET /x/timeline",),
            consent=consents.of_timeline,
        ),
    ),
    default="show",
    under=MORE,
)
NOTIFICATIONS = Group(
    "notifications",
    "What others did with your own accounts on X",
    (
        listing_command(
            "notifications show",
            NOTICES,
            CONFIDENTIAL,
            "Read the notifications of your X account; asks first, you alone see it",
            "notifications show",
            "notifications show mentions",
            operations=("GET /x/notifications",),
            consent=consents.of_notifications,
        ),
    ),
    default="show",
    under=MORE,
)
DM = Group(
    "dm",
    "Direct messages of your own accounts on X",
    (
        listing_command(
            "dm history",
            CONVERSATION,
            CONFIDENTIAL,
            "Read messages of your X account; asks first, you alone see it",
            "dm history @nasa",
            operations=("GET /x/users/{id}", "GET /x/dm/{user_id}/history"),
            consent=consents.of_messages,
        ),
        *MESSAGE_COMMANDS,
    ),
    default="history",
    under=MORE,
)
