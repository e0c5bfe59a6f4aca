"""Every command, button and source of suggestions, put together."""

from __future__ import annotations

from bot.commands.account import ACCOUNT, CREDITS
from bot.commands.accounts import ACCOUNTS, CONNECTED, offer_accounts, offer_connected, suggest_accounts
from bot.commands.default_accounts import DEFAULT_ACTIONS
from bot.commands.draft import DRAFT, DRAFT_ACTIONS
from bot.commands.draw import DRAW, DRAW_ACTIONS
from bot.commands.event_types import suggest_events
from bot.commands.help import help_group
from bot.commands.meanings import MEANINGS
from bot.commands.media import MEDIA
from bot.commands.monitor import MONITOR
from bot.commands.offers import OFFERS
from bot.commands.policy import POLICY
from bot.commands.posted import POSTED_ACTIONS
from bot.commands.radar import RADAR, RADAR_ACTIONS
from bot.commands.relay import RELAY, RELAY_ACTIONS, suggest_routes
from bot.commands.relayed import RELAYED_ACTIONS
from bot.commands.replying import REPLY_ACTIONS
from bot.commands.services import CommandCall
from bot.commands.setup import SETUP, SETUP_ACTIONS
from bot.commands.silence import SILENCE_ACTIONS
from bot.commands.suggesting import SOURCES
from bot.commands.timezones import ME, ZONES, suggest_zones
from bot.commands.trends import TRENDS, suggest_regions
from bot.commands.tweet import TWEET, TWEET_ACTIONS
from bot.core.cards import Choice
from bot.core.commands import Action, Catalogue
from bot.core.permits import held


def catalogue(further_actions: tuple[Action, ...] = ()) -> Catalogue:
    """The catalogue. further_actions: those of `bot.pending`, which are made with what they need."""
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
