"""Which connected X account acts: the one named, the default that applies, or the only one. Pure.

A default is found by the account's id, so one that was renamed at X is still the same account. One
that is not connected any more, or cannot act, is never passed over for another: whoever acts is told,
and chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from bot.cards.account import HEALTH
from bot.core.chat.cards import Choice
from bot.core.errors import AccountTrouble, NotConfigured, NotFound, UsageError
from bot.core.text.shortening import cut
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.xquik.models import XAccount

OPTION: Final = "account"
"""What the option, the field and the key in a payload are called."""
IDENTITY: Final = "account_id"
"""The key in a payload of the account's id."""
_MEND: Final = "reconnect or unlock it in the Xquik dashboard"


@dataclass(frozen=True, slots=True)
class Acting:
    """The account that acts, and why where nobody named it. default: the one that was followed."""

    account: XAccount
    why: str = ""
    default: DefaultAccount | None = None


def as_account(account: XAccount) -> dict[str, str]:
    """What a payload says of who acts: the username for people, and the id at Xquik for the request. A
    username may change hands between preview and Confirm."""
    return {OPTION: account.username, IDENTITY: account.id}


def request_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent of a payload. One that was stored without an id is sent as it was."""
    request = dict(payload)
    identity = request.pop(IDENTITY, None)
    return {**request, OPTION: identity} if identity else request


def choose(
    accounts: Sequence[XAccount], wanted: str | None, defaults: Sequence[DefaultAccount], example: str
) -> Acting:
    """The account to act as. wanted: a username, in any case; defaults: those that apply, the one that
    wins first. Errors name the accounts there are and what to do, and the option where another value
    of it mends them."""
    if not accounts:
        raise NotConfigured(
            "No X account is connected to the Xquik account, so nothing can be posted.",
            remedy="Connect one in the Xquik dashboard; passwords are never entered in chat.",
        )
    if wanted is not None:
        return Acting(_able(accounts, _named(accounts, wanted)))
    if defaults:
        return _by_default(accounts, defaults[0])
    if len(accounts) > 1:
        raise UsageError(
            several(accounts),
            option=OPTION,
            example=f"{example} {OPTION}:{_first_able(accounts).username}",
            remedy="Choose one for this; `account use` sets a default.",
        )
    return Acting(_able(accounts, accounts[0]))


def found(accounts: Sequence[XAccount], default: DefaultAccount) -> XAccount | None:
    """The connected account that a default means; None when it is not connected any more.

    The id at X outlives a new connection; the name counts only where no id is known.
    """
    for one in accounts:
        if default.account is not None and one.id == default.account:
            return one
    for one in accounts:
        if default.x_user is not None and one.x_user_id == default.x_user:
            return one
    if default.account is not None:
        return None
    name = default.username.casefold()
    return next((one for one in accounts if one.username.casefold() == name), None)


def whose(default: DefaultAccount) -> str:
    """Whom a default is for, in words."""
    match default.scope:
        case Scope.PLACE:
            return "the default here"
        case Scope.CHANNEL:
            return "the default of this channel"
        case Scope.PERSON:
            return "your own default"
        case _:
            assert_never(default.scope)


def several(accounts: Sequence[XAccount]) -> str:
    """Why it has to be asked which one acts."""
    return f"Several X accounts are connected ({names(accounts)}); say which one to use."


def names(accounts: Sequence[XAccount]) -> str:
    """The usernames, in a row."""
    return ", ".join(f"@{one.username}" for one in accounts)


def choices(accounts: Sequence[XAccount]) -> tuple[Choice, ...]:
    """The accounts as a menu: those that can act first, what ails the others beside their names."""
    able = sorted(accounts, key=lambda one: not one.is_healthy)
    return tuple(Choice(_label(one), one.username) for one in able if one.username)


def _label(account: XAccount) -> str:
    if account.is_healthy:
        return f"@{account.username}"
    return f"@{account.username} – {HEALTH.get(account.health, account.health)}"


def _first_able(accounts: Sequence[XAccount]) -> XAccount:
    return next((one for one in accounts if one.is_healthy), accounts[0])


def _named(accounts: Sequence[XAccount], wanted: str) -> XAccount:
    folded = wanted.removeprefix("@").casefold()
    one = next((one for one in accounts if one.username.casefold() == folded), None)
    if one is None:
        raise NotFound(
            f"@{cut(folded, 40)} is not connected to the Xquik account; connected: {names(accounts)}.",
            remedy="Choose one of those, or connect it in the Xquik dashboard.",
            option=OPTION,
        )
    return one


def _able(accounts: Sequence[XAccount], one: XAccount) -> XAccount:
    if not one.is_healthy:
        other = len(accounts) > 1
        raise AccountTrouble(
            f"@{one.username} cannot be used right now: it {_state(one)}.",
            remedy=f"Choose another account for this, or {_MEND}." if other else None,
            option=OPTION if other else None,
        )
    return one


def _by_default(accounts: Sequence[XAccount], default: DefaultAccount) -> Acting:
    one = found(accounts, default)
    name = whose(default)
    set_anew = "`account mine`" if default.scope is Scope.PERSON else "`account use`"
    if one is None:
        raise NotFound(
            f"@{default.username}, {name}, is not connected to the Xquik account any more; "
            f"connected: {names(accounts)}.",
            remedy=f"Choose an account for this; {set_anew} sets another default.",
            option=OPTION,
        )
    if not one.is_healthy:
        other = len(accounts) > 1
        raise AccountTrouble(
            f"@{one.username}, {name}, cannot be used right now: it {_state(one)}.",
            remedy=f"Choose another account for this, or {_MEND}; {set_anew} sets another default."
            if other
            else None,
            option=OPTION if other else None,
        )
    renamed = one.username.casefold() != default.username.casefold()
    return Acting(one, f"{name}, called @{default.username} before" if renamed else name, default)


def _state(account: XAccount) -> str:
    state = HEALTH.get(account.health, account.health)
    return state if state.startswith(("needs", "has")) else f"is {state}"
