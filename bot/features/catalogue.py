"""The catalogue: every command, button and source of suggestions, put together."""

from __future__ import annotations

from typing import Final

from bot.core.chat.cards import Choice
from bot.core.commands.declaring import Action, Catalogue
from bot.core.commands.permits import held
from bot.features.account.commands import ACCOUNT, CREDITS
from bot.features.account.default_accounts import DEFAULT_ACTIONS
from bot.features.draft.commands import DRAFT, DRAFT_ACTIONS
from bot.features.draw.commands import DRAW, DRAW_ACTIONS
from bot.features.draw.kinds import DRAW_RUN
from bot.features.help.commands import help_group
from bot.features.help.meanings import MEANINGS
from bot.features.help.offers import OFFERS
from bot.features.media.commands import MEDIA
from bot.features.monitor.commands import MONITOR
from bot.features.policy.commands import POLICY
from bot.features.radar.commands import RADAR, RADAR_ACTIONS
from bot.features.relay.commands import RELAY, RELAY_ACTIONS, suggest_routes
from bot.features.relay.silence import SILENCE_ACTIONS
from bot.features.relay.suggesting import suggest_filters, suggest_tags
from bot.features.services import CommandCall
from bot.features.setup.commands import SETUP, SETUP_ACTIONS
from bot.features.setup.timezones import ME, suggest_zones
from bot.features.shared.accounts import (
    ACCOUNTS,
    CONNECTED,
    offer_accounts,
    offer_connected,
    suggest_accounts,
)
from bot.features.shared.event_types import suggest_events
from bot.features.shared.monitor_kinds import MONITOR_START
from bot.features.shared.suggesting import SOURCES
from bot.features.shared.tweet_kinds import TWEET_KINDS
from bot.features.shared.zones import ZONES
from bot.features.trends.commands import TRENDS, suggest_regions
from bot.features.tweet.commands import TWEET, TWEET_ACTIONS
from bot.features.tweet.posted import POSTED_ACTIONS
from bot.features.tweet.relayed import RELAYED_ACTIONS
from bot.features.tweet.replying import REPLY_ACTIONS
from bot.features.user.commands import USER
from bot.features.user.kinds import FOLLOW, UNFOLLOW
from bot.proposals.kinds import ProposalKinds

PROPOSAL_KINDS: Final = ProposalKinds((*TWEET_KINDS, FOLLOW, UNFOLLOW, DRAW_RUN, MONITOR_START))
"""Every kind of what people confirm."""


def catalogue(further_actions: tuple[Action, ...] = ()) -> Catalogue:
    """The catalogue. further_actions: those of `bot.proposals`, which are made with what they need."""
    finished: Catalogue | None = None

    def whole() -> Catalogue:
        assert finished is not None  # noqa: S101 - help runs after this function has returned
        return finished

    async def suggest_topics(call: CommandCall, typed: str) -> tuple[Choice, ...]:
        known = whole().within(await held(call.services.grants, call.invocation))
        names = [*(group.name for group in known.groups), *(command.name for command in known)]
        return tuple(Choice(name, name) for name in dict.fromkeys(names) if typed.casefold() in name)

    finished = Catalogue(
        groups=(
            help_group(whole),
            SETUP,
            ACCOUNT,
            CREDITS,
            DRAW,
            MEDIA,
            TRENDS,
            RADAR,
            TWEET,
            USER,
            DRAFT,
            MONITOR,
            RELAY,
            POLICY,
            ME,
        ),
        actions=(
            *SETUP_ACTIONS,
            *DEFAULT_ACTIONS,
            *DRAW_ACTIONS,
            *RADAR_ACTIONS,
            *TWEET_ACTIONS,
            *DRAFT_ACTIONS,
            *POSTED_ACTIONS,
            *REPLY_ACTIONS,
            *RELAYED_ACTIONS,
            *RELAY_ACTIONS,
            *SILENCE_ACTIONS,
            *further_actions,
        ),
        suggestions={
            "topics": suggest_topics,
            "regions": suggest_regions,
            "routes": suggest_routes,
            "filters": suggest_filters,
            "tags": suggest_tags,
            "events": suggest_events,
            ACCOUNTS: suggest_accounts,
            **SOURCES,
            ZONES: suggest_zones,
        },
        meanings=MEANINGS,
        menus={ACCOUNTS: offer_accounts, CONNECTED: offer_connected},
        offers=OFFERS,
    )
    return finished
