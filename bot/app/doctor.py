"""`xquik-bot check`: everything the bot needs, one finding each. Nothing is mended by it."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from pathlib import Path
from urllib.parse import urlsplit

from bot.app.file_modes import exposed, remedy
from bot.app.known_secrets import remember_settings
from bot.app.neighbours import look_around
from bot.app.observing import TO_INSTALL, can_trace
from bot.app.opening import storage_url_named
from bot.app.platforms.declared import DeclaredPlatform, Part, part_of
from bot.app.platforms.listed import PLATFORMS
from bot.app.roles import ALL, does, relays
from bot.app.route_findings import pending_words, quiet_routes
from bot.app.unmet import unmet
from bot.app.waiting_routes import waiting_routes
from bot.app.wiring import App
from bot.cards.figures import plural
from bot.core.clocks import Clock
from bot.core.errors import BotError, NotMigrated, StorageUnavailable, UpstreamUnavailable
from bot.core.findings import Finding, failed
from bot.core.ports import Remember
from bot.observability.known_secrets import KnownSecrets
from bot.relay.receiving.capacity import PRESSED, standing
from bot.relay.receiving.signature import WINDOW_MS
from bot.settings import LOOPBACK, Settings, load
from bot.storage.engine.database import Database
from bot.storage.engine.job_tables import require_job_tables_makeable
from bot.storage.engine.sizes import Sizes
from bot.storage.migrate import newer, require, require_makeable
from bot.storage.moving.marks import require_not_moved, require_whole
from bot.storage.places.wanted_monitors import WantedMonitors
from bot.xquik.transport.client import Transport

# Seconds that clocks may differ by before something should be done about it.
_CLOCK_DOUBTFUL = 30.0
_SET_CLOCK = "Let NTP keep the machine's clock right (timedatectl set-ntp true)."
SETTINGS = "settings"


async def examine(
    config: Path | None,
    known: KnownSecrets | None = None,
    *,
    roles: Set[str] = frozenset({ALL}),
    clock: Clock = time.time,
    platforms: Sequence[DeclaredPlatform] = PLATFORMS,
) -> AsyncIterator[Finding]:
    """The findings, in the order in which things depend on each other. roles: of the process that is to
    run; what it does not need is not looked at. clock: epoch seconds; known: of the log.

    Nothing is made or migrated for it. Settings that cannot be used are the only finding then.
    """
    try:
        settings = load(config, roles=roles)
    except BotError as error:
        yield failed(SETTINGS, error)
        return
    yield Finding(SETTINGS, "ok", "every key is known")
    known = known or KnownSecrets()
    remember_settings(settings, known)
    yield _files(config, settings)
    missing = dict(unmet(settings, roles, platforms))
    app, stored = await _open(settings, known.remember, missing.get("vault"))
    try:
        for finding in stored:
            yield finding
        usable = stored[0].state != "failed"
        names = [one.name for one in platforms]
        for finding in await look_around(settings, names, relaying=usable and relays(roles)):
            yield finding
        if does(roles, "web"):
            yield _public_url(settings)
        reached, heard = await _xquik(settings, clock, compared=does(roles, "web"))
        for finding in heard:
            yield finding
        for finding in _watching(settings, roles):
            yield finding
        async for finding in _platforms(platforms, settings, roles, missing, app):
            yield finding
        if app is not None and set(roles) != {"web"}:  # which only takes in, for whoever it is
            async for finding in _tenants(app, reached=reached):
                yield finding
    finally:
        if app is not None:
            await app.close()


def _files(config: Path | None, settings: Settings) -> Finding:
    found = exposed(config, settings)
    if not found:
        return Finding("files", "ok", "only their owner can open settings, keys and database")
    names = ", ".join(str(one) for one in found)
    return Finding(
        "files", "warning", f"other users of this machine can open {names}", f"Run: {remedy(found)}"
    )


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
        return Finding("public address", "warning", f"{url} can be reached only from this machine or network")
    return Finding("public address", "ok", url)


async def _xquik(settings: Settings, clock: Clock, *, compared: bool) -> tuple[bool, list[Finding]]:
    """Whether Xquik answers, and what was found about that. compared: our clock beside Xquik's, too."""
    async with Transport(settings.xquik.base_url, settings.xquik.timeout) as transport:
        asked = clock()
        try:
            theirs = await transport.server_time()
        except UpstreamUnavailable as error:
            return False, [Finding("xquik", "warning", error.detail, error.remedy)]
        ours = (asked + clock()) / 2
    host = urlsplit(settings.xquik.base_url).netloc
    found = [Finding("xquik", "ok", f"{host} answers")]
    return True, [*found, _clock(ours, theirs)] if compared else found


def _clock(ours: float, theirs: float | None) -> Finding:
    """A delivery whose timestamp is far from our clock is turned away. Both in epoch seconds."""
    if theirs is None:
        return Finding("clock", "warning", "Xquik did not give the time, so the clock could not be checked")
    ahead = ours - theirs
    said = f"{abs(ahead):,.0f} s {'ahead of' if ahead > 0 else 'behind'} Xquik's"
    if abs(ahead) >= WINDOW_MS / 1000:
        return Finding("clock", "failed", f"{said}, so its deliveries are turned away (401)", _SET_CLOCK)
    if abs(ahead) >= _CLOCK_DOUBTFUL:
        return Finding("clock", "warning", said, _SET_CLOCK)
    return Finding("clock", "ok", "the same as Xquik's, to within a few seconds")


def _watching(settings: Settings, roles: Set[str]) -> list[Finding]:
    """What an operator asked for beside the bot itself; nothing where nothing was."""
    found = []
    if settings.otel.endpoint is not None:
        host = urlsplit(settings.otel.endpoint).netloc
        lacking = Finding("traces", "warning", "none are sent: a package is missing", f"Run: {TO_INSTALL}")
        found.append(Finding("traces", "ok", f"sent to {host}") if can_trace() else lacking)
    if settings.web.operator_token is not None and does(roles, "web"):
        safe = (settings.web.public_url or "").startswith("https://") or settings.web.host in LOOPBACK
        said = "at /operator" if safe else "at /operator, and its token crosses the network unencrypted"
        remedy = "" if safe else "Serve it through https, and set web.public_url to that address."
        found.append(Finding("operator page", "ok" if safe else "warning", said, remedy))
    return found


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


async def _open(
    settings: Settings, remember: Remember, no_key: BotError | None
) -> tuple[App | None, list[Finding]]:
    """The application, where it can be opened as things stand, and what was found about storage. no_key:
    what is wrong with the vault keys by themselves."""
    vault = failed("vault", no_key) if no_key is not None else None
    keys = plural(len(settings.vault.keys), "key")
    try:
        with storage_url_named():
            revision = await _look_at(settings.storage.url)
    except NotMigrated as error:
        nothing = Finding("vault", "ok", f"{keys}; nothing is stored yet")
        return None, [Finding("database", "warning", error.detail, error.remedy), vault or nothing]
    except BotError as error:
        return None, [failed("database", error), *([vault] if vault else [])]
    kind = _tables(urlsplit(settings.storage.url).scheme, revision)
    if vault is not None:
        return None, [kind, vault]
    try:
        app = await App.open(settings, remember=remember)
    except BotError as error:
        return None, [kind, failed("vault", error)]
    return app, [kind, await _room(app), Finding("vault", "ok", f"{keys}; what is stored can be opened")]


async def _room(app: App) -> Finding:
    """What the database takes of what it may, and what is left of its disk."""
    most = app.settings.storage.max_size
    try:
        size = await Sizes(app.database).now()
    except BotError as error:
        return failed("storage", error)
    free = "" if size.free is None else f"; {_gib(size.free)} free on the disk"
    said = f"{_gib(size.used)} of {_gib(most)}{free}"
    why = standing(size, most).why
    if why is None:
        scarce = size.used > most * PRESSED
        do = "Finished records are deleted sooner now; storage.max_size sets the limit." if scarce else ""
        return Finding("storage", "warning" if scarce else "ok", said, do)
    do = "Raise storage.max_size." if why == "storage" else "Make room on the disk of the database."
    return Finding("storage", "failed", f"{said}, so no more events are accepted (503)", do)


def _gib(size: int) -> str:
    return f"{size / (1 << 30):,.2f} GiB"


def _tables(scheme: str, revision: str | None) -> Finding:
    if revision is None:
        return Finding("database", "ok", f"{scheme}, tables up to date")
    said = f"{scheme}, tables of a newer version (revision {revision}), beside which this one may run"
    return Finding("database", "warning", said, "Upgrade this process too.")


async def _look_at(url: str) -> str | None:
    """The revision of a newer version beside which this one may run. NotMigrated or another error of storage,
    where the bot could not use it as it is."""
    database = await Database.open(url, make=False)
    try:
        await require_not_moved(database)
        try:
            await require(database)
        except NotMigrated:
            await require_makeable(database)
            raise
        await database.read(require_job_tables_makeable)
        await require_whole(database)
        return await newer(database)
    finally:
        await database.close()


async def _platforms(
    platforms: Sequence[DeclaredPlatform],
    settings: Settings,
    roles: Set[str],
    missing: Mapping[str, BotError],
    app: App | None,
) -> AsyncIterator[Finding]:
    waiting = await _waiting(platforms, settings, roles, app)
    for one in platforms:
        if count := waiting.get(one.name):
            said = f"no token is set, so what its {plural(count, 'route')} would post waits"
            yield Finding(one.name, "warning", said, f"Set {one.needed}.")
            continue
        for finding in await _platform(one, settings, roles, missing.get(one.name)):
            yield finding
        if app is not None and does(roles, one.name):
            for finding in await one.among_processes(settings, app.database):
                yield finding
    if "platforms" in missing:
        yield failed("platforms", missing["platforms"])


async def _waiting(
    platforms: Sequence[DeclaredPlatform], settings: Settings, roles: Set[str], app: App | None
) -> Mapping[str, int]:
    """How many routes wait for a token, by platform, where this process would send."""
    if app is None or not relays(roles):
        return {}
    try:
        found = await waiting_routes(app.relay.routes, settings, platforms)
    except StorageUnavailable:
        return {}
    # What a role asks for by its name is an error of its own.
    return {name: count for name, count in found.items() if name not in roles}


async def _platform(
    one: DeclaredPlatform, settings: Settings, roles: Set[str], missing: BotError | None
) -> Sequence[Finding]:
    part = part_of(one, settings, roles)
    if part is Part.NOTHING:
        return [Finding(one.name, "off", _why_not(roles, on=one.wanted(settings)))]
    if missing is not None:
        return [failed(one.name, missing)]
    return await one.check(settings, serves=part is Part.SERVES)


def _why_not(roles: Set[str], *, on: bool) -> str:
    return f"not needed for {', '.join(sorted(roles))}" if on else "no token is set"


async def _tenants(app: App, *, reached: bool) -> AsyncIterator[Finding]:
    """The key, credits and routes of each place. reached: Xquik answers, so that it can be asked."""
    unasked = 0
    for tenant in await app.services.tenants.list():
        name = f"tenant {tenant.id}"
        if not await app.services.keys.has_key(tenant.id):
            yield Finding(name, "warning", "no Xquik key", "Run setup key there, or apply a file.")
            continue
        if not reached:
            unasked += 1
            continue
        try:
            xquik = await app.services.xquik.of(tenant.id)
            credits_ = await xquik.account.credits()
        except UpstreamUnavailable as error:
            yield Finding(name, "warning", error.detail, error.remedy)
            continue
        except BotError as error:
            yield failed(name, error)
            continue
        standings = await app.services.relay.routes.list(tenant.id)
        quiet, remedy_ = quiet_routes([one.route for one in standings])
        detail = f"key works, {credits_.balance:,} credits, {len(standings)} routes"
        if credits_.balance <= 0:
            yield Finding(name, "failed", detail, "Top up in the Xquik dashboard.")
        elif pending := await WantedMonitors(app.database, app.clock).of(tenant.id):
            said = "; ".join(words for words in (detail, quiet, pending_words(pending)) if words)
            yield Finding(name, "warning", said, "Run apply again, or monitor add in chat.")
        elif quiet:
            yield Finding(name, "warning", f"{detail}; {quiet}", remedy_)
        else:
            yield Finding(name, "ok", detail)
    if unasked:
        said = f"the keys and credits of {plural(unasked, 'tenant')} could not be checked without Xquik"
        yield Finding("tenants", "warning", said)
