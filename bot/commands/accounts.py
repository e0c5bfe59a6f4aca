"""Which connected X account acts: the one named, or the only one there is."""

from __future__ import annotations

from bot.core.errors import AccountTrouble, NotConfigured, NotFound, UsageError
from bot.core.references import Username
from bot.xquik.models import XAccount
from bot.xquik.reads import XquikReads


async def acting_account(reads: XquikReads, wanted: Username | None, example: str) -> XAccount:
    """The account to act as; errors name the accounts there are and what to do."""
    accounts = await reads.x_accounts()
    if not accounts:
        raise NotConfigured(
            "No X account is connected to the Xquik account, so nothing can be posted.",
            remedy="Connect one in the Xquik dashboard; passwords are never entered in chat.",
        )
    names = ", ".join(f"@{one.username}" for one in accounts)
    if wanted is None:
        if len(accounts) > 1:
            raise UsageError(
                f"Several X accounts are connected ({names}); say which one acts.",
                option="account",
                example=f"{example} account:{accounts[0].username}",
            )
        chosen = accounts[0]
    else:
        folded = str(wanted).casefold()
        found = next((one for one in accounts if one.username.casefold() == folded), None)
        if found is None:
            raise NotFound(f"@{wanted} is not connected to the Xquik account; connected: {names}.")
        chosen = found
    if not chosen.is_healthy:
        raise AccountTrouble(f"@{chosen.username} cannot act right now ({chosen.health}).")
    return chosen
