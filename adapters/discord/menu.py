"""Entries of a message's context menu: message actions, on the tweets that the message links to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.discord.texts import texts_of
from bot.core.commands.declaring import Catalogue
from bot.core.commands.offers import Offer
from bot.core.x.references import TweetRef, find_posts


def offer_named(catalogue: Catalogue, name: str) -> Offer | None:
    """What the entry of that name offers: Discord sends back the English name by which it knows an entry."""
    return next((offer for action, offer in catalogue.message_actions if str(action.name) == name), None)


def tweets_in(data: Mapping[str, Any]) -> tuple[TweetRef, ...]:
    """The tweets that the chosen message links to, wherever it does."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    chosen = messages.get(str(data.get("target_id")))
    return () if chosen is None else find_posts(*texts_of(chosen))
