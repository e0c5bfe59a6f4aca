"""Slack installations: the tokens of each workspace or organisation, in the vault.

An installation is of one workspace, or of a whole Enterprise Grid organisation, and then has no
team. Slack tells of a removal twice (`app_uninstalled`, `tokens_revoked`), in either order and
sometimes late, so a removal counts only against an installation that is older than it.
Source: docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Row, Select, case, null, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ports import Remember, not_remembered
from bot.core.stores import StoredInstallation
from bot.storage.engine.database import DIALECTS, Database, insert
from bot.storage.engine.statements import count
from bot.storage.secrets.rotation import INSTALLATION
from bot.storage.secrets.vault import Vault
from bot.storage.tables import slack_installations as table


@dataclass(frozen=True, slots=True)
class _Stored:
    """A row as it stands, with the bundle still sealed."""

    key: str
    enterprise: str | None
    team: str | None
    bot_user: str
    installed_at: float
    ciphertext: bytes = field(repr=False)


def _save(dialect: str) -> Insert:
    statement = insert(dialect, table)
    new = statement.excluded
    values: dict[str, Any] = {
        name: new[name] for name in ("enterprise", "team", "bot_user", "ciphertext", "installed_at")
    }
    # A removal that happened after this installation was heard of first: it stays.
    values["removed_at"] = case((table.c.removed_at > new.installed_at, table.c.removed_at), else_=null())
    return statement.on_conflict_do_update(
        index_elements=["key"], set_=values, where=table.c.installed_at <= new.installed_at
    )


_SAVE = {dialect: _save(dialect) for dialect in DIALECTS}


class StoredInstallations:
    """The stored installations. Times are Slack's, given by the caller, since their order decides."""

    def __init__(self, database: Database, vault: Vault, remember: Remember = not_remembered) -> None:
        """remember: told of each token that was given or opened, for the log to leave it out."""
        self._database = database
        self._vault = vault
        self._remember = remember

    async def save(self, installation: StoredInstallation) -> None:
        """Store an installation in place of an older one of the same workspace or organisation."""
        key = _key(installation.enterprise, installation.team)
        self._known(installation.bundle)
        bundle = SecretStr(json.dumps(dict(installation.bundle), separators=(",", ":")))
        row = {
            "key": key,
            "enterprise": installation.enterprise,
            "team": installation.team,
            "bot_user": installation.bot_user,
            "ciphertext": self._vault.seal(key, INSTALLATION, bundle),
            "installed_at": installation.installed_at,
        }
        await self._database.write(lambda c: c.execute(_SAVE[self._database.dialect], row))

    async def renew(self, installation: StoredInstallation) -> bool:
        """Store other tokens of an installation; False, and nothing stored, where it was removed or made anew
        meanwhile."""
        key = _key(installation.enterprise, installation.team)
        self._known(installation.bundle)
        bundle = SecretStr(json.dumps(dict(installation.bundle), separators=(",", ":")))
        statement = (
            update(table)
            .where(table.c.key == key, table.c.removed_at.is_(None))
            .where(table.c.installed_at == installation.installed_at)
            .values(ciphertext=self._vault.seal(key, INSTALLATION, bundle))
        )
        return await self._database.write(lambda connection: count(connection, statement)) > 0

    async def find(
        self, enterprise: str | None, team: str | None, *, is_enterprise_install: bool = False
    ) -> StoredInstallation | None:
        """The installation that answers for a payload: the workspace's own, else the organisation's.

        is_enterprise_install: as Slack says in the payload; then only the organisation's counts.
        """
        if team is not None and not is_enterprise_install:
            own = await self.of_team(team)
            if own is not None:
                return own
        if enterprise is None:
            return None
        whole = table.c.key == _key(enterprise, None), table.c.removed_at.is_(None)
        found = await self._stored(select(table).where(*whole))
        return self._opened(found[0]) if found else None

    async def of_team(self, team: str) -> StoredInstallation | None:
        """The newest installation of a workspace itself, whatever organisation it is in: it may have joined
        one since, and Slack does not name one in every payload."""
        query = select(table).where(table.c.team == team, table.c.removed_at.is_(None))
        found = await self._stored(query.order_by(table.c.installed_at.desc()).limit(1))
        return self._opened(found[0]) if found else None

    async def list(self) -> tuple[StoredInstallation, ...]:
        """All that are in force, in order of their keys."""
        query = select(table).where(table.c.removed_at.is_(None)).order_by(table.c.key)
        return tuple(self._opened(stored) for stored in await self._stored(query))

    async def remove(self, enterprise: str | None, team: str | None, at: float) -> bool:
        """Note a removal that Slack dates `at` (epoch seconds), and drop the tokens.

        True when this ended an installation; False when it was over already, or is newer. Slack
        gives whole seconds: within the second of an installation the installation stands, since
        dead tokens do less harm than lost ones.
        """
        statement = (
            update(table)
            .where(_is(enterprise, team))
            .where(table.c.installed_at < at, table.c.removed_at.is_(None))
            .values(removed_at=at, ciphertext=b"")
        )
        return await self._database.write(lambda connection: count(connection, statement)) > 0

    async def _stored(self, query: Select[Any]) -> tuple[_Stored, ...]:
        async def work(connection: AsyncConnection) -> tuple[_Stored, ...]:
            return tuple(_of(row) for row in await connection.execute(query))

        return await self._database.read(work)

    def _opened(self, stored: _Stored) -> StoredInstallation:
        bundle = self._vault.open(stored.key, INSTALLATION, stored.ciphertext).get_secret_value()
        opened = json.loads(bundle)
        self._known(opened)
        return StoredInstallation(
            stored.enterprise, stored.team, stored.bot_user, stored.installed_at, opened
        )

    def _known(self, bundle: Mapping[str, Any]) -> None:
        for name, value in bundle.items():
            if name.endswith("token") and isinstance(value, str):
                self._remember(value)


def _of(row: Row[Any]) -> _Stored:
    return _Stored(row.key, row.enterprise, row.team, row.bot_user, row.installed_at, row.ciphertext)


def _is(enterprise: str | None, team: str | None) -> ColumnElement[bool]:
    return table.c.team == team if team is not None else table.c.key == _key(enterprise, None)


def _key(enterprise: str | None, team: str | None) -> str:
    if enterprise is None and team is None:
        msg = "an installation belongs to a workspace or an organisation"
        raise ValueError(msg)
    return f"{enterprise or '-'}/{team or '-'}"
