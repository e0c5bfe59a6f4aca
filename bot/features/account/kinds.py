"""Kinds of proposals about the account: an X account is disconnected, credits and the plan are paid."""

from __future__ import annotations

from typing import Final

from bot.core.messages.message import msg
from bot.features.shared.small_writes import account_change
from bot.proposals.kinds import Wording

DISCONNECT: Final = account_change(
    "account.disconnect",
    Wording(
        question=msg("Disconnect this X account?"),
        running=msg("Disconnecting the account…"),
        done=msg("X account disconnected"),
        failed=msg("X account not disconnected"),
        unknown=msg("It is not known whether the account was disconnected"),
        once=msg("Disconnecting it twice changes nothing."),
        nothing=msg("It stays connected."),
        look=msg("`account show` shows which accounts are connected."),
        cancelled=msg("Not disconnected"),
    ),
    danger=True,
)
"""The payload: account, for people; account_id, Xquik's own id, which is what is disconnected."""
TOPUP: Final = account_change(
    "credits.topup",
    Wording(
        question=msg("Top up the Xquik credits?"),
        running=msg("Making the checkout…"),
        done=msg("Checkout ready"),
        failed=msg("No checkout was made"),
        unknown=msg("It is not known whether a checkout was made"),
        once=msg("Asking twice opens the same page."),
        nothing=msg("Nothing was charged."),
        look=msg("`credits topup` shows it, if one is open."),
    ),
)
"""A page on which credits are paid. The payload: dollars, whole, from 10."""
SUBSCRIBE: Final = account_change(
    "subscribe.link",
    Wording(
        question=msg("Get a link to pay or manage the Xquik plan?"),
        running=msg("Making the link…"),
        done=msg("Link to the Xquik plan"),
        failed=msg("No link was made"),
        unknown=msg("It is not known whether a link was made"),
        once=msg("A second link does no harm."),
        nothing=msg("Nothing was charged."),
        look=msg("Ask for it again: a second link does no harm."),
    ),
)
"""A page on which a plan is paid or managed. The payload: tier, where one was chosen."""
