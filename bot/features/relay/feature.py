"""What `relay` brings."""

from __future__ import annotations

from typing import Final

from bot.features.feature import Feature
from bot.features.relay.commands import RELAY, RELAY_ACTIONS, suggest_routes
from bot.features.relay.silence import SILENCE_ACTIONS
from bot.features.relay.suggesting import suggest_filters, suggest_tags

RELAY_FEATURE: Final = Feature(
    (RELAY,),
    (*RELAY_ACTIONS, *SILENCE_ACTIONS),
    {"routes": suggest_routes, "filters": suggest_filters, "tags": suggest_tags},
)
