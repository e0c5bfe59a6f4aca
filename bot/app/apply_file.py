"""What `apply` reads: tenants, routes and policy as TOML, checked whole before anything changes."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.app.apply_route import FileTable, RoutePart, Timezone
from bot.core.access import WITH_MEMBERS
from bot.core.chat.ids import TenantId
from bot.core.commands.cost import LEAST_ASK_ABOVE, MOST_ASK_ABOVE
from bot.core.errors import UsageError
from bot.core.policy import EVERYONE, PolicyRule
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.core.x.references import parse_username
from bot.features.catalogue import declared
from bot.features.policy.rules import deed_named
from bot.features.relay.pings import pings_of
from bot.features.shared.grants import subject_of
from bot.settings import SettingsError
from bot.storage.places.policy_rules import MOST_RULES

_LONGEST_CHANNEL = 80
_HOOK_ID = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


class WebhookPart(FileTable):
    """`[tenant.webhook]`: a webhook that exists already at Xquik."""

    secret: SecretStr | None = None
    secret_env: str | None = None
    secret_file: Path | None = None
    hook_id: str | None = None

    @model_validator(mode="after")
    def _with_secret(self) -> WebhookPart:
        given = (self.secret, self.secret_env, self.secret_file)
        if self.hook_id is not None and all(one is None for one in given):
            msg = "hook_id needs the secret of that webhook: secret_env, secret_file or secret"
            raise ValueError(msg)
        return self

    @field_validator("hook_id")
    @classmethod
    def _shape(cls, value: str | None) -> str | None:
        if value is not None and not _HOOK_ID.fullmatch(value):
            msg = "a hook id is 16 to 64 letters, digits, - or _"
            raise ValueError(msg)
        return value


class PolicyPart(FileTable):
    """One `[[tenant.grant]]`: to is everyone, members, admins, user:ID or role:ID."""

    to: str
    permissions: tuple[Literal["use", "view", "private", "spend", "publish", "manage"], ...]

    @field_validator("to")
    @classmethod
    def _somebody(cls, value: str) -> str:
        return somebody(value)


def somebody(value: str) -> str:
    """What names somebody, as it is; ValueError for what does not."""
    try:
        subject_of(value)
    except UsageError as error:
        raise ValueError(error.detail.removesuffix(".")) from None
    return value


class RulePart(FileTable):
    """One `[[tenant.rule]]`: allow or deny, commands ("draw run"), groups ("draw") or permissions ("spend").
    to: as of a grant, everyone where it is left out; channel: the id of one, all where it is left out."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    to: str = EVERYONE
    channel: str = Field(default="", max_length=_LONGEST_CHANNEL)

    @field_validator("to")
    @classmethod
    def _somebody(cls, value: str) -> str:
        return somebody(value)

    @field_validator("allow", "deny")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(deed_named(declared(), one) for one in value)
        except UsageError as error:
            raise ValueError(error.detail.removesuffix(".")) from None

    @model_validator(mode="after")
    def _one(self) -> RulePart:
        if bool(self.allow) == bool(self.deny):
            raise ValueError("give either allow or deny")
        return self

    @property
    def rules(self) -> tuple[PolicyRule, ...]:
        """As they are stored."""
        kind, subject = subject_of(self.to)
        named, allow = (self.allow, True) if self.allow else (self.deny, False)
        return tuple(PolicyRule(what, kind, subject, self.channel, allow=allow) for what in named)


class AccountsPart(FileTable):
    """`[tenant.accounts]`: which X account acts where none is named. channels: by channel id."""

    default: str | None = None
    channels: dict[str, str] = Field(default_factory=dict)

    @field_validator("default")
    @classmethod
    def _username(cls, value: str | None) -> str | None:
        return None if value is None else str(parse_username(value))

    @field_validator("channels")
    @classmethod
    def _usernames(cls, value: dict[str, str]) -> dict[str, str]:
        if any(not channel or len(channel) > _LONGEST_CHANNEL for channel in value):
            msg = f"a channel is named by its id, of at most {_LONGEST_CHANNEL} characters"
            raise ValueError(msg)
        return {channel: str(parse_username(name)) for channel, name in value.items()}

    @property
    def defaults(self) -> tuple[DefaultAccount, ...]:
        """As they are stored; the accounts themselves are found when they are first used."""
        place = () if self.default is None else (DefaultAccount(Scope.PLACE, "", self.default),)
        channels = (DefaultAccount(Scope.CHANNEL, *one) for one in sorted(self.channels.items()))
        return (*place, *channels)


class TenantPart(FileTable):
    """One `[[tenant]]`. timezone, ask_above (credits): what the place has is
    left alone where the file names none."""

    platform: Literal["slack", "discord", "playground"]
    workspace: str = Field(min_length=1, max_length=80)
    name: str = ""
    timezone: Timezone | None = None
    ask_above: int | None = Field(default=None, ge=LEAST_ASK_ABOVE, le=MOST_ASK_ABOVE)
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    api_key_file: Path | None = None
    webhook: WebhookPart | None = None
    route: tuple[RoutePart, ...] = ()
    grant: tuple[PolicyPart, ...] | None = None
    rule: tuple[RulePart, ...] | None = None
    accounts: AccountsPart | None = None

    @model_validator(mode="after")
    def _unique(self) -> TenantPart:
        names = [route.name for route in self.route]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            msg = f"two routes are called {', '.join(sorted(twice))}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _with_members(self) -> TenantPart:
        if self.platform not in WITH_MEMBERS and any(
            subject_of(to)[0] == "members"
            for to in (*(one.to for one in self.grant or ()), *(one.to for one in self.rule or ()))
        ):
            raise ValueError("only Slack tells members from guests: grant to a role, or to everyone")
        return self

    @model_validator(mode="after")
    def _ruled_once(self) -> TenantPart:
        rules = [rule for part in self.rule or () for rule in part.rules]
        if len(rules) > MOST_RULES:
            msg = f"there are {len(rules)} rules; {MOST_RULES} are the most"
            raise ValueError(msg)
        keys = [rule.key for rule in rules]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            msg = f"two rules are about {twice[0]} for the same people in the same place"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _notifying(self) -> TenantPart:
        for route in self.route:
            try:
                pings_of(self.id, route.look.ping)
            except ValueError as error:
                msg = f"the look of {route.name}: ping: {error}"
                raise ValueError(msg) from None
        return self

    @property
    def id(self) -> TenantId:
        """Its identity."""
        return TenantId(self.platform, self.workspace)


class Document(FileTable):
    """The whole file."""

    tenant: tuple[TenantPart, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Document:
        ids = [str(one.id) for one in self.tenant]
        twice = {name for name in ids if ids.count(name) > 1}
        if twice:
            msg = f"{', '.join(sorted(twice))} is listed twice"
            raise ValueError(msg)
        return self


@dataclass(frozen=True)
class WantedTenant:
    """A tenant with its secrets read. key, hook_secret: None where the file names none."""

    part: TenantPart
    key: SecretStr | None
    hook_secret: SecretStr | None


def read_document(path: Path) -> tuple[WantedTenant, ...]:
    """The tenants of a file; SettingsError names what is wrong before anything is changed."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}.", remedy="Fix the TOML and apply again.") from error
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        raise SettingsError(
            f"{path}: {_first(error)}.", remedy="`xquik-bot example tenants` prints a whole file."
        ) from None
    return tuple(_with_secrets(one, path) for one in document.tenant)


def secret_files(path: Path, document: Sequence[WantedTenant]) -> tuple[Path, ...]:
    """The files with secrets: this one, where it holds any, and those that it names."""
    found = []
    for part in (wanted.part for wanted in document):
        hook = part.webhook or WebhookPart()
        if part.api_key is not None or hook.secret is not None:
            found.append(path)
        found += [file.expanduser() for file in (part.api_key_file, hook.secret_file) if file is not None]
    return tuple(dict.fromkeys(found))


def _first(error: ValidationError) -> str:
    """The first problem, with its place and without any value: some are secrets."""
    first: Any = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"


def _with_secrets(part: TenantPart, path: Path) -> WantedTenant:
    key = _secret(f"{path}: {part.id}: api_key", part.api_key, part.api_key_env, part.api_key_file)
    hook = part.webhook
    secret = None
    if hook is not None:
        where = f"{path}: {part.id}: webhook.secret"
        secret = _secret(where, hook.secret, hook.secret_env, hook.secret_file)
    return WantedTenant(part, key, secret)


def _secret(where: str, direct: SecretStr | None, env: str | None, file: Path | None) -> SecretStr | None:
    given = [one for one in (direct, env, file) if one is not None]
    if len(given) > 1:
        raise SettingsError(f"{where} is given in more than one way.", remedy="Keep one of them.")
    if direct is not None:
        return direct
    if env is not None:
        value = os.environ.get(env)
        if not value:
            raise SettingsError(
                f"{where}_env names {env}, which is not set.", remedy=f"Set {env} and apply again."
            )
        return SecretStr(value.strip())
    if file is not None:
        try:
            return SecretStr(file.expanduser().read_text(encoding="utf-8").strip())
        except OSError as error:
            raise SettingsError(
                f"{where}_file names {file}: {error.strerror}.", remedy="Check the path."
            ) from error
    return None
