"""The rules that a draw's own tweet states, as filters of the draw: offered, and added by a press alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.messages.message import msg
from bot.core.routes.conditions import ConditionError, checked_hashtags
from bot.core.text.sameness import folded
from bot.core.x.giveaways import Stated
from bot.core.x.references import parse_username
from bot.xquik.draw_requests import DrawRequest

RULES_LABEL: Final = msg("Add its rules")
_MOST: Final = 20  # as many as `draw run` takes


def with_rules(request: DrawRequest, rules: Stated) -> DrawRequest | None:
    """The request with the rules as filters besides its own; None where that would change nothing.

    What a person said stays: an account to follow is never replaced by another.
    """
    follow = next((name for name in rules.follow if _is_username(name)), None)
    more = replace(
        request,
        must_retweet=request.must_retweet or rules.repost or None,
        must_follow_username=request.must_follow_username or follow,
        required_hashtags=_joined(request.required_hashtags, _hashtags(rules.hashtags)),
        required_mentions=_joined(request.required_mentions, [f"@{name.lower()}" for name in rules.mentions]),
    )
    return None if more == request else more


def rules_of(request: DrawRequest) -> Stated:
    """The rules that are filters of a draw already."""
    return Stated(
        follow=(request.must_follow_username,) if request.must_follow_username else (),
        repost=bool(request.must_retweet),
        hashtags=request.required_hashtags,
        mentions=request.required_mentions,
    )


def _hashtags(tags: Sequence[str]) -> list[str]:
    """Those that a draw takes."""
    found: list[str] = []
    for tag in tags:
        try:
            found += checked_hashtags((tag,))
        except ConditionError:
            continue
    return found


def _is_username(name: str) -> bool:
    try:
        parse_username(name)
    except ValueError:
        return False
    return True


def _joined(ours: tuple[str, ...], theirs: Sequence[str]) -> tuple[str, ...]:
    """Ours, and those of theirs that are none of them, each once."""
    known = {folded(one) for one in ours}
    more = {folded(one): one for one in reversed(theirs) if folded(one) not in known}
    return (*ours, *reversed(more.values()))[: max(_MOST, len(ours))]
