"""Behind a proxy, and with a certificate authority of one's own, everything works as elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from tests.journeys.crash.crash_run import CrashRun, staged
from tests.journeys.run.border import border
from tests.journeys.run.process import finished, started

HOSTS = ("discord.test", "slack.test", "xquik.test")


def _ports(stage: CrashRun) -> dict[str, int]:
    """Where each vendor really is."""
    vendors = stage.vendors
    addresses = (vendors.discord.api_url, vendors.slack.base_url, vendors.sandbox.base_url)
    return {host: urlsplit(url).port or 0 for host, url in zip(HOSTS, addresses, strict=True)}


def _behind(stage: CrashRun, *, xquik: bool = True) -> Path:
    """The settings, and the vendors' own words, with the names that only the proxy knows."""
    stage.vendors.slack.base_url = "https://slack.test"
    stage.vendors.discord.gateway.url = "wss://discord.test/gateway"
    return stage.plan.write(
        {
            "xquik": {"base_url": "https://xquik.test/api/v1"} if xquik else {},
            "discord": {
                "api_url": "https://discord.test/api/v10",
                "gateway_url": "wss://discord.test/gateway",
            },
            "slack": {"api_url": "https://slack.test/api/"},
        }
    )


async def test_every_vendor_is_reached_through_the_proxy_with_our_authority(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage, border(tmp_path, _ports(stage)) as line:
        env = {"HTTPS_PROXY": line.address, "SSL_CERT_FILE": str(line.authority)}
        run = ("run", "--config", str(_behind(stage)))
        log, address = tmp_path / "run.log", stage.plan.address
        async with started(*run, log=log, address=address, env=env) as process:
            await process.ready(30)
            alerts = next(iter(stage.guild.channels.values()))
            ix = await stage.vendors.discord.slash(
                stage.guild, alerts, stage.ada, "trends show", {"region": "US"}
            )
            assert ix.first_response is not None
            await alerts.wait_for_messages(1, 10)
            ann, channel = stage.ws.users["U0001ANN"], next(iter(stage.ws.channels.values()))
            asked = await stage.ws.slash(ann, channel, "/xquik", "credits")
            assert "credits" in (await asked.wait_for_ephemeral(10)).text.lower()
            assert set(line.crossed) == set(HOSTS)
            assert await process.terminate() == 0


async def test_behind_a_certificate_nobody_trusts_check_says_so_and_run_would_try_again(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage, border(tmp_path, _ports(stage)) as line:
        check = ("check", "--config", str(_behind(stage, xquik=False)))
        code, said = await finished(*check, log=tmp_path / "check.log", env={"HTTPS_PROXY": line.address})
        assert code == 0
        for name in ("discord token", "slack"):
            assert any(entry.startswith(f"! {name}") for entry in said.splitlines()), said
        assert "Certificate" in said
        assert "Traceback" not in said
