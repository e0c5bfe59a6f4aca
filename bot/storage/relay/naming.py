"""What sightings of accounts change in what a tenant stores. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from bot.core.routes.account_names import KnownAccount, KnownNames, NameSource, Renamed, Sighting

# Accounts of a tenant that are kept beside those that its routes and mutes name.
MOST_BESIDE: Final = 2_000


@dataclass(slots=True)
class _Route:
    id: str
    accounts: tuple[str, ...]
    ids: dict[str, str]

    def nameless(self) -> set[str]:
        return set(self.accounts).difference(self.ids.values())


class MuteChange(msgspec.Struct, frozen=True):
    """A muted account under another username or with its id. becomes: None where it is muted already."""

    channel: str
    account: str
    becomes: str | None
    account_id: str | None


@dataclass(slots=True)
class _Mute:
    channel: str
    account: str
    account_id: str | None


@dataclass(slots=True)
class Changes:
    """What is to be stored. accounts: as they are known now; routes: by id, the ids of their accounts with
    the usernames that the row has for them; forgotten: ids. renamed: what people should be told."""

    accounts: list[KnownAccount] = field(default_factory=list)
    routes: dict[str, dict[str, str]] = field(default_factory=dict)
    mutes: list[MuteChange] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.accounts or self.routes or self.mutes)


class FollowedAccounts:
    """What a tenant knows of accounts, and its routes and mutes that follow them."""

    def __init__(self, names: KnownNames) -> None:
        self.names = names
        self._routes: list[_Route] = []
        self._mutes: list[_Mute] = []
        self._open = False

    def route(self, identity: str, accounts: tuple[str, ...], ids: dict[str, str], *, open_: bool) -> None:
        """A route with the usernames in its row. open_: it names no keywords."""
        self._open = self._open or (open_ and not accounts)
        if accounts:
            self._routes.append(_Route(identity, accounts, dict(ids)))

    def mute(self, channel: str, account: str, account_id: str | None) -> None:
        """A muted account."""
        self._mutes.append(_Mute(channel, account, account_id))

    def taking(self, sightings: Iterable[Sighting]) -> Changes:
        """What the sightings change, the oldest first; this knows it afterwards."""
        changes = Changes()
        found: dict[str, KnownAccount] = {}
        for sighting in sorted(sightings, key=lambda one: one.at):
            for account in self._taken(sighting, changes):
                found[account.id] = account
        changes.accounts = list(found.values())
        if found:
            changes.forgotten = [one for one in self._surplus() if one not in found]
        return changes

    def _taken(self, sighting: Sighting, changes: Changes) -> tuple[KnownAccount, ...]:
        known = self.names.get(sighting.id)
        changed = self.names.after(sighting)
        if known is None and changed and not self._wants(sighting):
            return ()
        self.names = self.names.put(changed)
        account = self.names.get(sighting.id)
        if account is None:
            return ()
        had = known.name if known is not None else sighting.before
        moved = bool(changed) and had not in ("", account.name)
        self._attach(account, sighting, changes)
        if moved:
            before = known or KnownAccount(account.id, had, sighting.at)
            changes.renamed.append(Renamed(before, account))
            self._move_mutes(account, changes)
        return changed

    def _wants(self, sighting: Sighting) -> bool:
        wanted = {one.account for one in self._mutes if one.account_id is None}
        if sighting.source is not NameSource.AUTHOR:
            wanted.update(*(route.nameless() for route in self._routes))
            # A monitor is watched for a route that may be made only now.
            asked = self._open or sighting.source is NameSource.MONITOR
            if asked and len(self.names) < MOST_BESIDE:
                return True
        return sighting.name in wanted or sighting.before in wanted

    def _attach(self, account: KnownAccount, sighting: Sighting, changes: Changes) -> None:
        """Have what names the account by its username hold its id."""
        written = [account.name] if account.holds else []
        if sighting.before and self.names.holder(sighting.before) is None:
            written.append(sighting.before)
        for name in written:
            for route in self._routes:
                if name in route.nameless() and account.id not in route.ids:
                    route.ids[account.id] = name
                    changes.routes[route.id] = route.ids
            for mute in self._mutes:
                if mute.account == name and mute.account_id is None:
                    mute.account_id = account.id
                    changes.mutes.append(MuteChange(mute.channel, name, name, account.id))

    def _move_mutes(self, account: KnownAccount, changes: Changes) -> None:
        for mute in [one for one in self._mutes if one.account_id == account.id]:
            if mute.account == account.name:
                continue
            there = next(
                (o for o in self._mutes if o.channel == mute.channel and o.account == account.name), None
            )
            if there is None:
                changes.mutes.append(MuteChange(mute.channel, mute.account, account.name, account.id))
                mute.account = account.name
            elif there.account_id == account.id:
                changes.mutes.append(MuteChange(mute.channel, mute.account, None, None))
                self._mutes.remove(mute)

    def _surplus(self) -> list[str]:
        held = {identity for route in self._routes for identity in route.ids}
        held.update(one.account_id for one in self._mutes if one.account_id is not None)
        beside = sorted((one.since, one.id) for one in self.names if one.id not in held)
        return [identity for _, identity in beside[: max(0, len(beside) - MOST_BESIDE)]]
