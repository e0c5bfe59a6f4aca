"""Which secrets the settings and the environment hold, for the log to leave them out."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from pydantic import BaseModel, SecretStr

from bot.observability.known_secrets import KnownSecrets
from bot.settings import Settings

# OpenTelemetry reads these by itself where the setting is empty.
_HEADERS: Final = frozenset({"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"})


def remember_settings(settings: Settings, known: KnownSecrets) -> None:
    """Keep what they hold out of the log of this process."""
    for secret in secrets_of(settings, os.environ):
        known.remember_for_headers(secret)


def secrets_of(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    """Every secret setting, the passwords in addresses among them, and those of the proxies of the
    environment. Some more than once."""
    yield from _secrets_in(settings)
    if settings.otel.headers is not None:
        yield from _of_headers(settings.otel.headers.get_secret_value())
    for name, value in environment.items():
        if name in _HEADERS:
            yield from _of_headers(value)
        if name.lower().endswith("_proxy"):
            yield from _of_address(value)
        if name == "PGPASSWORD":
            yield value


def _secrets_in(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets_in(getattr(value, name))
    elif isinstance(value, SecretStr):
        yield value.get_secret_value().strip()
    elif isinstance(value, tuple):
        for one in value:
            yield from _secrets_in(one)
    elif isinstance(value, str) and "://" in value:
        yield from _of_address(value)


def _of_headers(text: str) -> Iterator[str]:
    """The values in "name=value,other=value": whole, and the credentials that follow a scheme."""
    for pair in text.split(","):
        value = pair.partition("=")[2].strip()
        for form in (value, unquote(value)):
            yield form
            scheme, _, credentials = form.partition(" ")
            yield credentials.strip()
            if scheme.lower() == "basic":
                yield from _of_basic(credentials)


def _of_basic(credentials: str) -> Iterator[str]:
    """The password in what HTTP's Basic scheme sends."""
    with suppress(ValueError):
        yield base64.b64decode(credentials, validate=True).decode().partition(":")[2]


def _of_address(address: str) -> Iterator[str]:
    """The passwords in it as they are written and as they are meant. One that holds an @ or a / which
    should have been escaped is read up to the last @, as drivers do."""
    before, _, _ = address.partition("://")[2].rpartition("@")
    passwords = [before.partition(":")[2]]
    for pair in address.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        if "password" in name.lower():
            passwords.append(value)
    for password in filter(None, passwords):
        yield password
        yield unquote(password)
