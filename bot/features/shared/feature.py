"""What options of several groups are completed with."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.shared.accounts import (
    ACCOUNTS,
    CONNECTED,
    offer_accounts,
    offer_connected,
    suggest_accounts,
)
from bot.features.shared.event_types import suggest_any_events, suggest_events, suggest_post_events
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.features.shared.seen_things import COMMUNITIES, LISTS, seen
from bot.features.shared.suggesting import SOURCES

SHARED_FEATURE: Final = Feature(
    suggestions={
        "events": suggest_events,
        "post_events": suggest_post_events,
        "any_events": suggest_any_events,
        ACCOUNTS: suggest_accounts,
        "x_lists": seen(LISTS),
        "x_communities": seen(COMMUNITIES),
        **SOURCES,
    },
    kinds=(LISTING_FILE,),
    menus={ACCOUNTS: offer_accounts, CONNECTED: offer_connected},
)
