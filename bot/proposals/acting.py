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
from bot.core.messages.message import Joined, JoinedBy, Message, msg
from bot.core.text.shortening import cut
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.xquik.models import XAccount

OPTION: Final = "account"
"""What the option, the field and the key in a payload are called."""
IDENTITY: Final = "account_id"
"""The key in a payload of the account's id."""
_UNABLE: Final = {
    "needsReauth": msg("it needs a new login in the Xquik dashboard"),
    "locked": msg("it is locked; unlock it on X"),
    "suspended": msg("it is suspended by X"),
    "recovering": msg("it is recovering; wait or reconnect it"),
    "temporaryIssue": msg("it has a temporary problem; wait"),
    "inactive": msg("it is switched off in the Xquik dashboard"),
}
"""Why an account cannot act, by its health."""


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


WAS: Final = "was"
"""In a payload: what its fields said before, which is shown beside them and never sent."""


def request_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent of a payload. One that was stored without an id is sent as it was."""
    request = dict(payload)
    request.pop(WAS, None)
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
            msg("This is done as an X account of yours, and none is connected to the Xquik account."),
            remedy=msg("Connect one in the Xquik dashboard; passwords are never entered in chat."),
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
            remedy=msg("Choose one for this; `account use` sets a default."),
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


def whose(default: DefaultAccount) -> Message:
    """Whom a default is for, in words."""
    match default.scope:
        case Scope.PLACE:
            return msg("the default here")
        case Scope.CHANNEL:
            return msg("the default of this channel")
        case Scope.PERSON:
            return msg("your own default")
        case _:
            assert_never(default.scope)


def several(accounts: Sequence[XAccount]) -> Message:
    """Why it has to be asked which one acts."""
    return msg("Several X accounts are connected ({names}); say which one to use.", names=names(accounts))


def names(accounts: Sequence[XAccount]) -> Joined:
    """The usernames, in a row."""
    return Joined(tuple(f"@{one.username}" for one in accounts), JoinedBy.COMMA)


def choices(accounts: Sequence[XAccount]) -> tuple[Choice, ...]:
    """The accounts as a menu: those that can act first, what ails the others beside their names."""
    able = sorted(accounts, key=lambda one: not one.is_healthy)
    return tuple(Choice(_label(one), one.username) for one in able if one.username)


def _label(account: XAccount) -> str:
    if account.is_healthy:
        return f"@{account.username}"
    return msg("@{name} – {state}", name=account.username, state=HEALTH.get(account.health, account.health))


def _first_able(accounts: Sequence[XAccount]) -> XAccount:
    return next((one for one in accounts if one.is_healthy), accounts[0])


def _named(accounts: Sequence[XAccount], wanted: str) -> XAccount:
    folded = wanted.removeprefix("@").casefold()
    one = next((one for one in accounts if one.username.casefold() == folded), None)
    if one is None:
        raise NotFound(
            msg(
                "@{name} is not connected to the Xquik account; connected: {names}.",
                name=cut(folded, 40),
                names=names(accounts),
            ),
            remedy=msg("Choose one of those, or connect it in the Xquik dashboard."),
            option=OPTION,
        )
    return one


def _able(accounts: Sequence[XAccount], one: XAccount) -> XAccount:
    if not one.is_healthy:
        other = len(accounts) > 1
        raise AccountTrouble(
            msg("@{name} cannot be used right now: {why}.", name=one.username, why=_unable(one)),
            remedy=msg("Choose another account for this, or reconnect or unlock it in the Xquik dashboard.")
            if other
            else None,
            option=OPTION if other else None,
        )
    return one


def _by_default(accounts: Sequence[XAccount], default: DefaultAccount) -> Acting:
    one = found(accounts, default)
    set_anew = "account mine" if default.scope is Scope.PERSON else "account use"  # no message: commands
    if one is None:
        raise NotFound(
            msg(
                "@{name}, {whose}, is not connected to the Xquik account any more; connected: {names}.",
                name=default.username,
                whose=whose(default),
                names=names(accounts),
            ),
            remedy=msg("Choose an account for this; `{command}` sets another default.", command=set_anew),
            option=OPTION,
        )
    if not one.is_healthy:
        other = len(accounts) > 1
        raise AccountTrouble(
            msg(
                "@{name}, {whose}, cannot be used right now: {why}.",
                name=one.username,
                whose=whose(default),
                why=_unable(one),
            ),
            remedy=msg(
                "Choose another account for this, or reconnect or unlock it in the Xquik dashboard; "
                "`{command}` sets another default.",
                command=set_anew,
            )
            if other
            else None,
            option=OPTION if other else None,
        )
    why = whose(default)
    if one.username.casefold() != default.username.casefold():
        why = msg("{whose}, called @{name} before", whose=why, name=default.username)
    return Acting(one, why, default)


def _unable(account: XAccount) -> Message:
    """Why it cannot act, as the end of a sentence. A health that only Xquik knows is told in its word."""
    known = _UNABLE.get(account.health)
    return msg("it is {state}", state=account.health) if known is None else known
