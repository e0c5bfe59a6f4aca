"""The sections of the settings: every key with its type, its default and what it may be.

`bot.settings` reads them from the file and the environment; `config.example.toml` says what each key
is for.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.core.http.clients import parse_networks
from bot.core.times.durations import parse_duration

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - nothing listens by it
# What nobody can find by trying, as often as a server answers: the right one is never locked out.
OPERATOR_TOKEN_LENGTH = 24
_HEX_TOKEN_LENGTH = 32
_DIFFERENT_CHARACTERS = 10
# Discord has one shard for at most 2,500 servers, and no bot is in ten million.
MOST_SHARDS = 4096

# The user and the password, as SQLAlchemy reads them.
_LOGIN = re.compile(r"^postgresql://(?:[^:/]*(?::[^@]*)?@)?")
# Options of PostgreSQL's connections whose values are names and paths.
_MAY_HOLD_AT = frozenset(
    {"user", "host", "options", "application_name", "passfile", "service", "sslcert", "sslkey", "sslrootcert"}
)


def _is_safe(value: str, scheme: str, plain: str) -> bool:
    """Whether nobody on the way can read or change what goes there; this machine needs no protection."""
    url = urlsplit(value)
    return bool(url.hostname) and (url.scheme == scheme or (url.scheme == plain and url.hostname in LOOPBACK))


def _https(value: str | None) -> str | None:
    """An address that carries tokens: as it is, None for an empty one."""
    if not value or _is_safe(value, "https", "http"):
        return value or None
    msg = "it must start with https:// (plain http is for loopback addresses only)"
    raise ValueError(msg)


def _wss(value: str | None) -> str | None:
    if not value or _is_safe(value, "wss", "ws"):
        return value or None
    msg = "it must start with wss:// (plain ws is for loopback addresses only)"
    raise ValueError(msg)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


def _token(value: SecretStr | None) -> SecretStr | None:
    """What stands in a header of a request: without white space around it, of characters that one takes."""
    if value is None:
        return None
    token = value.get_secret_value().strip()
    if token.isascii() and token.isprintable() and " " not in token:
        return SecretStr(token)
    msg = "it has characters that are never part of a token; copy it again, on its own"
    raise ValueError(msg)


class XquikSection(_Section):
    """How Xquik is reached."""

    base_url: str = "https://xquik.com/api/v1"
    timeout: float = Field(default=30.0, gt=0, le=120)
    reads_per_second: int = Field(default=300, ge=1)
    writes_per_minute: int = Field(default=120, ge=1)
    deletes_per_minute: int = Field(default=60, ge=1)
    share_per_person: float = Field(default=0.25, gt=0, le=1)
    reserve: float = Field(default=0.25, ge=0, lt=1)

    @field_validator("base_url")
    @classmethod
    def _https(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK):
            return value.rstrip("/")
        msg = "it must start with https:// (plain http is for loopback addresses only)"
        raise ValueError(msg)


class StorageSection(_Section):
    """Where everything durable is."""

    # It may hold a password, and is needed whole: shown nowhere.
    url: str = Field(default="sqlite:///data/bot.db", repr=False)
    # At least what a busy hour needs.
    max_size: ByteSize = Field(default=ByteSize(20 << 30), ge=64 << 20)

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):  # the second for a port that is no number; both show the value
            url = None
        if not value.isprintable():
            url = None
        named = url is not None and (url.database or "") not in ("", ":memory:")
        if value.startswith("sqlite:///") and named:
            return value
        if value.startswith("postgresql://") and url is not None:
            if _misread(value):
                msg = "a @ in its user or password has to be written as %40 (and / ? # % as %2F %3F %23 %25)"
                raise ValueError(msg)
            return value
        msg = "it must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
        raise ValueError(msg)


def _misread(value: str) -> bool:
    """Whether a part of the password would be taken for the host, the database or an option: asked for in
    the network, and shown in errors."""
    place, _, options = _LOGIN.sub("", value, count=1).partition("?")
    return "@" in place or any(
        "@" in pair and pair.partition("=")[0] not in _MAY_HOLD_AT for pair in options.split("&")
    )


class VaultSection(_Section):
    """The keys that encrypt what is secret, newest first (`xquik-bot keys new` makes one)."""

    keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    _split = field_validator("keys", mode="before")(_listed)


class WebSection(_Section):
    """The web server: webhooks, health, Slack's HTTP mode."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    operator_token: SecretStr | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    drain_seconds: float | None = Field(default=None, ge=0, le=600)

    _split = field_validator("trusted_proxies", mode="before")(_listed)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        same = self.host == self.metrics_host or {self.host, self.metrics_host} & EVERY_ADDRESS
        if self.port and self.port == self.metrics_port and same:
            msg = "metrics_port must differ from port"
            raise ValueError(msg)
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        parse_networks(value)
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        if value is None or value == "":
            return None
        url = urlsplit(value)
        if url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK):
            return value.rstrip("/")
        msg = "Xquik and Slack only call https:// addresses"
        raise ValueError(msg)

    @field_validator("operator_token")
    @classmethod
    def _long(cls, value: SecretStr | None) -> SecretStr | None:
        token = "" if value is None else value.get_secret_value().strip()
        if not token:
            return None
        hexadecimal = set(token.lower()) <= set("0123456789abcdef")
        least = _HEX_TOKEN_LENGTH if hexadecimal else OPERATOR_TOKEN_LENGTH
        if len(token) >= least and len(set(token)) >= _DIFFERENT_CHARACTERS:
            return value
        msg = (
            f"it must have {OPERATOR_TOKEN_LENGTH} characters or more, {_HEX_TOKEN_LENGTH} of digits and a-f "
            f"only, with {_DIFFERENT_CHARACTERS} different ones; `openssl rand -hex 32` makes one"
        )
        raise ValueError(msg)


class DiscordSection(_Section):
    """The Discord bot; on when the token is set."""

    token: SecretStr | None = None
    shard_ids: Annotated[tuple[int, ...], NoDecode] = ()
    shard_count: int | None = Field(default=None, ge=1, le=MOST_SHARDS)
    api_url: str | None = None
    gateway_url: str | None = None

    _safe = field_validator("api_url")(_https)
    _safe_gateway = field_validator("gateway_url")(_wss)
    _split = field_validator("shard_ids", mode="before")(_listed)
    _plain = field_validator("token")(_token)

    @field_validator("shard_ids")
    @classmethod
    def _shards(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(value)) == len(value) and all(shard >= 0 for shard in value):
            return value
        msg = "it must be a list of different numbers, 0 or more"
        raise ValueError(msg)

    @field_validator("shard_count")
    @classmethod
    def _enough(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is None or all(shard < value for shard in info.data.get("shard_ids", ())):
            return value
        msg = "it must be above every number in discord.shard_ids"
        raise ValueError(msg)


class SlackSection(_Section):
    """The Slack app; on when the bot token (or, in HTTP mode, the client id) is set."""

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_url: str | None = None
    messages_per_second: float = Field(default=1.0, gt=0, le=100)

    _safe = field_validator("api_url")(_https)
    _plain = field_validator("bot_token", "app_token", "signing_secret", "client_secret")(_token)


class RelaySection(_Section):
    """How events of X come in and go out."""

    ingest: Literal["webhook", "stream", "both"] | None = None
    max_age: timedelta = timedelta(hours=24)
    retention_days: float = Field(default=30.0, gt=0)
    routes_per_tenant: int = Field(default=1000, ge=1, le=100_000)
    standby: bool | None = None

    @field_validator("max_age", mode="before")
    @classmethod
    def _duration(cls, value: Any) -> Any:
        if isinstance(value, int | float):
            return timedelta(seconds=value)
        return parse_duration(value) if isinstance(value, str) else value


class ChatSection(_Section):
    """What one person may ask of the bot."""

    commands_per_second: float = Field(default=5.0, gt=0, le=1000)
    commands_at_once: int = Field(default=50, ge=1, le=10_000)


class LogSection(_Section):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class OtelSection(_Section):
    """Where traces are sent, in OpenTelemetry's protocol over HTTP; nowhere when there is no endpoint."""

    endpoint: str | None = None
    headers: SecretStr | None = None
    share: float = Field(default=1.0, gt=0, le=1)

    @field_validator("endpoint")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None or value == "":
            return None
        if urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname:
            return value.rstrip("/")
        msg = "it must be an http:// or https:// address, like http://127.0.0.1:4318"
        raise ValueError(msg)

    @field_validator("headers")
    @classmethod
    def _pairs(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or all("=" in pair for pair in value.get_secret_value().split(",")):
            return value
        msg = 'it must be like "name=value,other=value"'
        raise ValueError(msg)
