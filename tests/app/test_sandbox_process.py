"""The sandbox beside the demo: what it may call, and what it is told of the rest."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from bot.app.demo import start_demo
from bot.app.sandbox_process import launch_sandbox


async def test_the_demo_lets_its_sandbox_call_the_page_and_no_other_port(tmp_path: Path) -> None:
    demo = await start_demo(0, tmp_path, lambda _line: None)
    try:
        headers = {"x-api-key": demo.sandbox.key.get_secret_value()}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
            for port, status in ((demo.server.port, 201), (9, 400)):
                hook = {"url": f"http://127.0.0.1:{port}/hook", "eventTypes": ["tweet.new"]}
                answer = await client.post(f"{demo.sandbox.base_url}/webhooks", json=hook)
                assert answer.status_code == status
    finally:
        await demo.stop()


def environment_of(process: int) -> dict[str, str]:
    """What a process was started with."""
    raw = Path(f"/proc/{process}/environ").read_bytes().decode()
    return dict(entry.split("=", 1) for entry in raw.split("\0") if entry)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows an environment")
async def test_the_sandbox_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "XQUIK_BOT_VAULT__KEYS": "a-secret-of-the-bot",
        "XQUIK_BOT_DISCORD__TOKEN": "a-secret-of-the-bot",
        "XQUIK_API_KEY": "a-secret-of-the-bot",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-host",
        "DATABASE_URL": "postgresql://user:a-secret-of-the-host@db/x",
        "PYTHONBREAKPOINT": "a-secret-of-the-host",
    }
    for name, value in {**secrets, "LC_TIME": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    sandbox = await (await launch_sandbox()).ready()
    try:
        inherited = environment_of(sandbox.process.pid)
    finally:
        await sandbox.stop()
    assert not secrets.keys() & inherited.keys()
    assert "a-secret-of" not in str(inherited)
    assert inherited["PATH"] == os.environ["PATH"]
    assert inherited["LC_TIME"] == "C.UTF-8"
