"""The catalogue: every feature, put together."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from bot.core.commands.declaring import Action, Catalogue, Command
from bot.features.account.feature import ACCOUNT_FEATURE
from bot.features.analyze.feature import ANALYZE_FEATURE
from bot.features.article.feature import ARTICLE_FEATURE
from bot.features.audit.feature import AUDIT_FEATURE
from bot.features.broadcast.feature import BROADCAST_FEATURE
from bot.features.community.feature import COMMUNITY_FEATURE
from bot.features.draft.feature import DRAFT_FEATURE
from bot.features.draw.feature import DRAW_FEATURE
from bot.features.events.feature import EVENTS_FEATURE
from bot.features.extract.feature import EXTRACT_FEATURE
from bot.features.feature import Feature
from bot.features.help.feature import help_feature
from bot.features.help.meanings import MEANINGS
from bot.features.help.offers import OFFERS
from bot.features.hook.feature import HOOK_FEATURE
from bot.features.inbox.feature import INBOX_FEATURE
from bot.features.link.feature import LINK_FEATURE
from bot.features.list.feature import LIST_FEATURE
from bot.features.media.feature import MEDIA_FEATURE
from bot.features.monitor.feature import MONITOR_FEATURE
from bot.features.policy.feature import policy_feature
from bot.features.privacy.feature import PRIVACY_FEATURE
from bot.features.profile.feature import PROFILE_FEATURE
from bot.features.radar.feature import RADAR_FEATURE
from bot.features.relay.feature import RELAY_FEATURE
from bot.features.setup.feature import ME_FEATURE, SETUP_FEATURE
from bot.features.shared.feature import SHARED_FEATURE
from bot.features.space.feature import SPACE_FEATURE
from bot.features.style.feature import STYLE_FEATURE
from bot.features.support.feature import SUPPORT_FEATURE
from bot.features.trends.feature import TRENDS_FEATURE
from bot.features.tweet.feature import TWEET_FEATURE
from bot.features.user.feature import USER_FEATURE
from bot.proposals.kinds import ProposalKinds

FEATURES: Final[tuple[Feature, ...]] = (
    SETUP_FEATURE,
    ACCOUNT_FEATURE,
    DRAW_FEATURE,
    MEDIA_FEATURE,
    TRENDS_FEATURE,
    RADAR_FEATURE,
    TWEET_FEATURE,
    ARTICLE_FEATURE,
    USER_FEATURE,
    DRAFT_FEATURE,
    STYLE_FEATURE,
    ANALYZE_FEATURE,
    EXTRACT_FEATURE,
    MONITOR_FEATURE,
    EVENTS_FEATURE,
    HOOK_FEATURE,
    SUPPORT_FEATURE,
    RELAY_FEATURE,
    policy_feature(lambda: declared()),  # noqa: PLW0108 - it is defined below
    AUDIT_FEATURE,
    PRIVACY_FEATURE,
    ME_FEATURE,
    COMMUNITY_FEATURE,
    INBOX_FEATURE,
    LIST_FEATURE,
    SPACE_FEATURE,
    BROADCAST_FEATURE,
    LINK_FEATURE,
    PROFILE_FEATURE,
    SHARED_FEATURE,
)
"""In the order in which help shows their groups, after its own."""
PROPOSAL_KINDS: Final = ProposalKinds(kind for feature in FEATURES for kind in feature.kinds)
"""Every kind of what people confirm."""

_COMMANDS: Final = {
    command.name: command for feature in FEATURES for group in feature.groups for command in group.commands
}


def command_named(words: str) -> Command[Any] | None:
    """The command of these words; None where there is none, or where it is one of help."""
    return _COMMANDS.get(words)


def declared() -> Catalogue:
    """Every command, as it is declared: for what speaks of commands by their names."""
    return _declared()


@cache
def _declared() -> Catalogue:
    return catalogue()


def catalogue(further_actions: tuple[Action, ...] = ()) -> Catalogue:
    """The catalogue. further_actions: those of `bot.proposals`, which are made with what they need."""
    finished: Catalogue | None = None

    def whole() -> Catalogue:
        assert finished is not None  # noqa: S101 - help runs after this function has returned
        return finished

    features = (help_feature(whole), *FEATURES)
    finished = Catalogue(
        groups=tuple(group for feature in features for group in feature.groups),
        actions=(*(action for feature in features for action in feature.actions), *further_actions),
        suggestions={name: one for feature in features for name, one in feature.suggestions.items()},
        meanings=MEANINGS,
        menus={name: one for feature in features for name, one in feature.menus.items()},
        offers=OFFERS,
    )
    return finished
