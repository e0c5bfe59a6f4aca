"""Default accounts in the file of `apply`: what is stored against what it says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.x.default_accounts import DefaultAccount, Scope


def differing(
    stored: Sequence[DefaultAccount], wanted: Sequence[DefaultAccount]
) -> list[tuple[str, DefaultAccount]]:
    """What has to be set ("+", "~") and taken back ("-"), in order. People's own defaults are theirs, and
    in no file."""
    ours = [one for one in stored if one.scope is not Scope.PERSON]
    left: dict[tuple[Scope, str], DefaultAccount] = {(one.scope, one.subject): one for one in ours}
    found: list[tuple[str, DefaultAccount]] = []
    for new in wanted:
        old = left.pop((new.scope, new.subject), None)
        if old is None or old.username.casefold() != new.username.casefold():
            found.append(("+" if old is None else "~", new))
    return [*found, *(("-", old) for old in left.values())]
