"""What a proposal costs, in words. Pure."""

from __future__ import annotations

from bot.core.messages.message import Message, msg, nmsg


def price_words(credits: int) -> Message:
    """What it will cost, before it is confirmed. credits: the estimate."""
    if not credits:
        return msg("Costs no credits.")
    return nmsg("About {n} credit (an estimate).", "About {n} credits (an estimate).", n=credits)


def charge_words(charged: int) -> Message:
    """What it cost. charged: credits."""
    if not charged:
        return msg("Nothing was charged.")
    return nmsg("Charged: {n} credit.", "Charged: {n} credits.", n=charged)
