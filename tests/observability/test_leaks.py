"""No secret that the bot holds is in its log, at the level debug, whatever happens and whoever writes.

Every library is made to say all that it can, the platforms and the database misbehave, and the log is then
looked through for each secret: those the bot itself told of, and those that the doubles gave out.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.app.known_secrets import remember_settings
from bot.app.serving import Bot
from bot.app.wiring import App
from bot.core.errors import StorageUnavailable
from bot.observability.known_secrets import BLANK, KnownSecrets
from bot.observability.loggers import log
from bot.observability.logs import configure, without_secrets
from bot.observability.quick_lines import QuickLines, harmless, installed
from bot.settings import load
from tests.doubles.discord.faults import Answer, Fault, too_many
from tests.doubles.slack.faults import Fault as SlackFault
from tests.journeys.discord.place import furnish as furnish_guild
from tests.journeys.run.harness import Plan, Vendors, give_key, vendors
from tests.journeys.slack.place import furnish, place_of

OPERATOR = "operator-token-0123456789abcdef"
PASSWORD = "database-pass/word"
LIBRARIES = (
    "discord",
    "slack_bolt",
    "slack_sdk",
    "adapters",
    "httpx",
    "httpcore",
    "aiohttp",
    "uvicorn",
    "asyncio",
)


@dataclass
class Log:
    """What is written, and what must not be in it."""

    stream: io.StringIO
    known: KnownSecrets
    heard: set[str] = field(default_factory=set)

    def remember(self, secret: str, *, passing: bool = False) -> None:
        """As the log does, and for the test."""
        self.heard.add(secret)
        self.known.remember(secret, passing=passing)

    def holds_none_of(self, *secrets: str) -> None:
        """None of these, and none that was heard of."""
        text = self.stream.getvalue()
        for secret in {*secrets, *(one for one in self.heard if len(one) >= 12)}:
            at = text.find(secret)
            assert at < 0, f"{secret[:6]}… is in the log: {text[max(0, at - 300) : at + 10]}"


@pytest.fixture(params=["console", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[Log]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    known = configure("debug", request.param, stream)
    talkative = [
        one
        for name, one in logging.root.manager.loggerDict.items()
        if isinstance(one, logging.Logger) and name.split(".")[0] in LIBRARIES
    ]
    before = [(one, one.level) for one in talkative]
    for one in talkative:
        one.setLevel(logging.DEBUG)
    yield Log(stream, known)
    for one, was in before:
        one.setLevel(was)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def opened(plan: Plan, written: Log) -> Bot:
    """The bot as `xquik-bot run` opens it."""
    settings = load(plan.write({"web": {"operator_token": OPERATOR}}), environ={})
    remember_settings(settings, written.known)
    bot = await Bot.open(settings, frozenset({"all"}), written.remember)
    try:
        await bot.start()
    except BaseException:
        await bot.stop()
        raise
    return bot


async def test_platforms_that_misbehave_bring_no_secret_into_the_log(tmp_path: Path, written: Log) -> None:
    async with vendors() as all_vendors:
        workspace = furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path)
        bot = await opened(plan, written)
        try:
            held = await _used(all_vendors, plan, bot, workspace)
        finally:
            await bot.stop()
    assert "responded with 429" in written.stream.getvalue()  # so it was written, and the token not
    server = all_vendors.discord
    slack = (workspace.bot_token, all_vendors.slack.app_token)
    written.holds_none_of(server.token, *slack, plan.vault_key, OPERATOR, *held)


async def _used(all_vendors: Vendors, plan: Plan, bot: Bot, workspace: Any) -> list[str]:
    """Commands on both platforms, while each breaks down in its ways; the secrets that were in use."""
    await all_vendors.discord.gateway.wait_connected()
    await all_vendors.slack.wait_connected()
    place = furnish_guild(all_vendors, plan, bot)
    there = place_of(all_vendors, plan, bot, workspace)
    await give_key(bot, place.tenant, all_vendors.sandbox.api_key)
    await give_key(bot, there.tenant, all_vendors.sandbox.api_key)
    faults = all_vendors.discord.faults
    limited = too_many(0.05)
    faults.add(Fault("POST", "/interactions/*", answer=limited))
    asked = [await place.run("setup status")]
    await asked[0].wait_for(lambda one: one.text)
    faults.add(Fault("PATCH", "/webhooks/*", answer=limited))
    asked.append(await place.run("setup status"))
    await asked[1].wait_for(lambda one: one.text)
    faults.add(Fault("*", "/webhooks/*", answer=Answer(404, {"message": "Unknown Webhook", "code": 10015})))
    asked.append(await place.run("setup status"))
    await asked[2].wait_for(lambda one: one.first_response)
    slow = [await there.run("setup status")]
    await slow[0].wait_for_ephemeral()
    for fault in (
        SlackFault("views.open", status=500),
        SlackFault("chat.postMessage", status=429),
        SlackFault("chat.postMessage", cut=True),
    ):
        all_vendors.slack.faults.order(fault)
    slow.append(await there.run("tweet post"))
    slow.append(await there.run("trends region:US"))
    await all_vendors.control("faults", path="/x/trends*", cut=True)
    slow.append(await there.run("trends region:GB"))
    await slow[-1].wait_for(lambda one: one.ephemerals or one.messages)
    hook = await bot.app.relay.hooks.of(place.tenant)
    assert hook is not None
    secret = await bot.app.relay.hook_secrets.current(place.tenant, hook.id)
    assert secret is not None
    return [
        secret.get_secret_value(),
        all_vendors.sandbox.api_key,
        *(one.token for one in asked),
        *(one.response_url for one in slow),
        *(one.trigger_id for one in slow),
    ]


async def test_a_database_that_does_not_answer_keeps_its_password_to_itself(written: Log) -> None:
    from urllib.parse import quote

    from bot.settings import Settings, StorageSection, VaultSection
    from bot.storage.secrets.vault import new_key

    url = f"postgresql://bot:{quote(PASSWORD, safe='')}@127.0.0.1:1/bot?connect_timeout=1"
    key = new_key()
    settings = Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(key,)))
    remember_settings(settings, written.known)
    try:
        await App.open(settings, remember=written.remember)
    except StorageUnavailable as error:
        log("bot").error("no database", exc_info=error, url=url, was=f"password={PASSWORD} refused")
        logging.getLogger("sqlalchemy").warning("cannot connect with %s", {"password": PASSWORD})
    else:
        raise AssertionError("nothing listens there")
    assert "no database" in written.stream.getvalue()
    written.holds_none_of(PASSWORD, quote(PASSWORD, safe=""), key.get_secret_value())


def test_it_is_in_no_line_that_is_written_for_each_event_and_in_no_attribute(written: Log) -> None:
    secret = "held-by-the-process-0123456789"
    written.remember(secret)
    QuickLines("bot.relay").write("message tried", [{"error": harmless("x" * 185 + secret)}])
    harmless(f"first seen before it was known: {secret[:-1]}9")
    QuickLines("bot.relay").write("message tried", [{"error": f"not harmless: {secret}"}])
    assert written.stream.getvalue().count("message tried") == 2
    written.holds_none_of(secret, secret[:12])
    assert without_secrets(f"a {secret} b") == f"a {BLANK} b"


def test_a_line_that_cannot_be_written_shows_none_of_its_values(
    written: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "held-by-the-process-0123456789"
    written.remember(secret)
    handler = installed()
    assert handler is not None
    # Not through the logger: the handlers of pytest raise.
    handler.handle(logging.LogRecord("theirs", logging.WARNING, "", 1, "%d things", (secret,), None))
    said = capsys.readouterr().err
    assert secret not in said
    assert re.fullmatch(r"a log line of theirs was lost \(TypeError\)\n", said)
