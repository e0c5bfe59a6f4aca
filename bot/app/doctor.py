"""`xquik-bot check`: everything the bot needs, one finding each. Nothing is changed."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.app import platforms
from bot.app.wiring import App
from bot.core.errors import BotError
from bot.settings import LOOPBACK, Settings, load

State = Literal["ok", "warning", "failed", "off"]


@dataclass(frozen=True)
class Finding:
    """One line of the report. remedy: what to do, where something is to be done."""

    name: str
    state: State
    detail: str
    remedy: str = ""


async def examine(config: Path | None) -> AsyncIterator[Finding]:
    """The findings, in the order in which things depend on each other."""
    try:
        settings = load(config)
    except BotError as error:
        yield _failed("settings", error)
        return
    yield Finding("settings", "ok", "every key is known")
    app: App | None = None
    try:
        app = await App.open(settings)
    except BotError as error:
        yield _failed("database and vault", error)
    if app is not None:
        yield Finding("database", "ok", f"{app.database.dialect}, tables up to date")
        yield Finding("vault", "ok", f"{len(settings.vault.keys)} key(s); what is stored can be opened")
    yield _public_url(settings)
    yield await _platform("discord", settings.discord.token is not None, platforms.examine_discord, settings)
    slack_on = settings.slack.bot_token is not None or settings.slack.client_id is not None
    yield await _platform("slack", slack_on, platforms.examine_slack, settings)
    if app is not None:
        try:
            async for finding in _tenants(app):
                yield finding
        finally:
            await app.close()


def _failed(name: str, error: BotError) -> Finding:
    return Finding(name, "failed", error.detail, error.remedy)


def _public_url(settings: Settings) -> Finding:
    url = settings.web.public_url
    if url is None:
        return Finding(
            "public address",
            "warning",
            "web.public_url is not set, so Xquik cannot deliver webhooks",
            "Set it to the https address under which this bot is reached from outside.",
        )
    host = urlsplit(url).hostname or ""
    if host in LOOPBACK or _is_private(host):
        return Finding("public address", "warning", f"{url} is reached from this machine or network alone")
    return Finding("public address", "ok", url)


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


async def _platform(name: str, is_on: bool, look: platforms.Examination, settings: Settings) -> Finding:
    if not is_on:
        return Finding(name, "off", "no token is set")
    try:
        return Finding(name, "ok", await look(settings))
    except BotError as error:
        return _failed(name, error)


async def _tenants(app: App) -> AsyncIterator[Finding]:
    """The key, credits and routes of each place."""
    for tenant in await app.services.tenants.list():
        name = f"tenant {tenant.id}"
        if not await app.services.keys.has_key(tenant.id):
            yield Finding(name, "warning", "no Xquik key", "Run setup key there, or apply a file.")
            continue
        try:
            reads = await app.services.xquik.reads(tenant.id)
            credits_ = await reads.credits()
        except BotError as error:
            yield _failed(name, error)
            continue
        standings = await app.services.routes.list(tenant.id)
        paused = [one.route.name for one in standings if one.route.paused_reason is not None]
        detail = f"key works, {credits_.balance:,} credits, {len(standings)} routes"
        if paused:
            yield Finding(name, "warning", f"{detail}; paused: {', '.join(paused)}", "relay list says why.")
        elif credits_.balance <= 0:
            yield Finding(name, "warning", detail, "Top up in the Xquik dashboard.")
        else:
            yield Finding(name, "ok", detail)
