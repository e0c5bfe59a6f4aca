"""`xquik-bot check` against vendors that are well, and against each thing that can be wrong."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app.doctor import examine
from bot.cli.operate import doctor
from bot.core.chat.ids import TenantId
from bot.core.findings import Finding
from bot.storage.engine.sizes import Size, Sizes
from bot.storage.secrets.vault import new_key
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, Sections, Vendors, give_key, start, vendors
from tests.journeys.slack.place import furnish

Clock = Callable[[], float]


@dataclass
class Patient:
    """A bot that ran once and is stopped: everything is in place, in Discord and in Slack."""

    vendors: Vendors
    plan: Plan
    key: str

    async def findings(self, changes: Sections | None = None, clock: Clock = time.time) -> dict[str, Finding]:
        """The report, by name."""
        return {finding.name: finding async for finding in examine(self.plan.write(changes), clock=clock)}


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Patient]:
    """One for each test: each breaks something."""
    async with vendors() as all_vendors:
        guild = all_vendors.discord.add_guild(name="Acme")
        furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path)
        bot = await start(plan.write())
        try:
            await all_vendors.discord.gateway.wait_connected()
            key = await all_vendors.new_key()
            await give_key(bot, TenantId("slack", "T0001"), key)
            await give_key(bot, TenantId("discord", str(guild.id)), key)
        finally:
            await bot.stop()
        yield Patient(all_vendors, plan, key)
        assert all_vendors.broken_rules == []


def _worst(found: dict[str, Finding]) -> dict[str, str]:
    return {name: one.detail for name, one in found.items() if one.state == "failed"}


async def test_everything_in_place_is_reported_line_by_line(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await doctor(patient.plan.write()) == 0
    said = capsys.readouterr().out
    for words in ("✓ settings", "✓ database", "✓ vault", "✓ discord token", "✓ discord commands", "✓ slack"):
        assert words in said
    assert "✓ tenant slack:T0001: key works" in said and "credits" in said
    secrets = (patient.key, patient.plan.vault_key, patient.vendors.discord.token)
    assert not any(secret in said for secret in secrets)


async def test_how_full_the_database_is_is_said(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    room = (await patient.findings())["storage"]
    assert room.state == "ok" and "of 20.00 GiB" in room.detail and "free on the disk" in room.detail
    size = 64 << 20

    taken = [size // 2, size - 1, size]

    async def stated(_: Sizes) -> Size:
        return Size(taken.pop(0))

    monkeypatch.setattr(Sizes, "now", stated)
    for state, words in (("ok", ""), ("warning", "sooner"), ("failed", "max_size")):
        found = (await patient.findings({"storage": {"max_size": size}}))["storage"]
        assert (found.state, words in found.remedy) == (state, True)


async def test_a_wrong_discord_token_is_named(patient: Patient) -> None:
    found = await patient.findings({"discord": {"token": "wrong.token.here"}})
    assert _worst(found) == {"discord token": "Discord did not accept the bot's token."}
    assert "discord.token" in found["discord token"].remedy
    patient.vendors.discord.violations.clear()  # a wrong token breaks a rule, on purpose here


async def test_a_revoked_slack_token_is_named(patient: Patient) -> None:
    patient.vendors.slack.workspaces["T0001"].revoke_tokens()
    found = await patient.findings()
    assert set(_worst(found)) == {"slack"}
    assert "token_revoked" in found["slack"].detail and "slack.bot_token" in found["slack"].remedy


async def test_a_missing_slack_scope_is_named(patient: Patient) -> None:
    patient.vendors.slack.workspaces["T0001"].withdraw_scopes("chat:write")
    found = await patient.findings()
    assert "chat:write" in found["slack"].detail and "slack-manifest" in found["slack"].remedy


async def test_a_revoked_xquik_key_is_named_with_its_tenant(patient: Patient) -> None:
    await patient.vendors.control(f"keys/{patient.key}", "DELETE")
    found = await patient.findings()
    assert "tenant slack:T0001" in _worst(found)
    assert "setup key" in found["tenant slack:T0001"].remedy


async def test_no_credits_are_a_failure_with_what_to_do(patient: Patient) -> None:
    await patient.vendors.control("credits", key=patient.key, balance=0)
    found = await patient.findings()
    assert "0 credits" in _worst(found)["tenant slack:T0001"]
    assert "Top up" in found["tenant slack:T0001"].remedy


async def test_a_wrong_or_missing_vault_key_is_named_and_nothing_is_overwritten(patient: Patient) -> None:
    for keys in ([new_key().get_secret_value()], [], ["nonsense"]):
        found = await patient.findings({"vault": {"keys": keys}})
        assert set(_worst(found)) == {"vault"}, keys
        assert "vault" in found["vault"].remedy or "key" in found["vault"].remedy
    assert _worst(await patient.findings()) == {}


async def test_a_database_that_cannot_be_made_is_named(patient: Patient, tmp_path: Path) -> None:
    # A file where the directory should be: not even root can make the database there.
    (tmp_path / "taken").write_text("")
    found = await patient.findings({"storage": {"url": f"sqlite:///{tmp_path / 'taken' / 'bot.db'}"}})
    assert set(_worst(found)) == {"database"}
    assert "taken" in found["database"].detail and found["database"].remedy


async def test_before_the_first_start_it_says_what_the_start_will_do(tmp_path: Path) -> None:
    async with vendors() as all_vendors:
        all_vendors.discord.add_guild(name="Acme")
        furnish(all_vendors.slack)
        plan = Plan(all_vendors, tmp_path)
        found = {one.name: one async for one in examine(plan.write())}
        assert _worst(found) == {}
        assert "xquik-bot migrate" in found["database"].remedy
        assert "Start the bot once" in found["discord commands"].remedy


@pytest.mark.parametrize(
    ("ahead", "state", "side"),
    [(-90.0, "warning", "behind"), (600.0, "failed", "ahead of"), (-600.0, "failed", "behind")],
)
async def test_a_clock_that_is_wrong_is_named_with_how_wrong_it_is(
    patient: Patient, ahead: float, state: str, side: str
) -> None:
    found = (await patient.findings(clock=lambda: time.time() + ahead))["clock"]
    assert found.state == state and "NTP" in found.remedy
    said = re.fullmatch(
        rf"(\d+) s {side} Xquik's(, so its deliveries are turned away \(401\))?", found.detail
    )
    assert said is not None and (said[2] is not None) == (state == "failed")
    # The header has whole seconds, and a loaded machine takes its time.
    assert abs(int(said[1]) - abs(ahead)) < 15


async def test_a_clock_that_is_right_is_well(patient: Patient) -> None:
    assert (await patient.findings())["clock"].state == "ok"


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://127.0.0.1:9/api/v1", "127.0.0.1 cannot be reached: "),
        ("http://localhost:9/api/v1", "localhost cannot be reached: "),
        ("http://[::1]:9/api/v1", "::1 cannot be reached: "),
        ("https://xquik.invalid/api/v1", "xquik.invalid cannot be reached: "),
        ("https://127.0.0.1:9/api/v1", "127.0.0.1 cannot be reached: "),
    ],
)
async def test_an_xquik_that_cannot_be_reached_is_named_once_with_why(
    patient: Patient, base_url: str, words: str
) -> None:
    found = await patient.findings({"xquik": {"base_url": base_url}})
    assert found["xquik"].state == "warning" and found["xquik"].detail.startswith(words)
    assert len(found["xquik"].detail) > len(words) and "xquik.base_url" in found["xquik"].remedy
    assert "clock" not in found, "there is nothing to compare"
    assert not [name for name in found if name.startswith("tenant ")], "no place is asked in vain"
    assert "2 tenants could not be checked" in found["tenants"].detail
    assert _worst(found) == {}, "run starts all the same"


async def test_an_xquik_that_is_silent_is_told_from_one_that_is_not_there(patient: Patient) -> None:
    async with silent_server() as port:
        sections: Sections = {"xquik": {"base_url": f"http://127.0.0.1:{port}/api/v1", "timeout": 0.3}}
        found = await patient.findings(sections)
    assert found["xquik"].detail == "127.0.0.1 cannot be reached: no answer within 0.3 s"


async def test_an_xquik_that_answers_is_named(patient: Patient) -> None:
    found = await patient.findings()
    assert found["xquik"].state == "ok" and found["xquik"].detail.endswith(" answers")
    assert "tenants" not in found


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """A port that takes connections and never answers."""
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_the_exit_code_is_1_when_something_fails_and_0_otherwise(
    patient: Patient, tmp_path: Path
) -> None:
    config = patient.plan.write()
    code, said = await process.finished("check", "--config", str(config), log=tmp_path / "good.log")
    assert code == 0, said
    patient.vendors.slack.workspaces["T0001"].revoke_tokens()
    code, said = await process.finished("check", "--config", str(config), log=tmp_path / "bad.log")
    assert code == 1 and "✗ slack" in said and "Traceback" not in said
