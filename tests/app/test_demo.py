"""The demo: what is kept over a stop and a start, and what may not stand in its way."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app.demo import HOST, Demo, _free_beside, start_demo
from bot.settings import SettingsError


async def started(data: Path) -> Demo:
    return await start_demo(0, data, lambda _line: None)


async def test_a_forgotten_key_stays_forgotten_over_a_restart(tmp_path: Path) -> None:
    """It once came back with every start."""
    demo = await started(tmp_path)
    tenant = demo.playground.tenant
    assert await demo.app.keys.has_key(tenant)
    await demo.app.keys.forget(tenant)
    await demo.stop()
    demo = await started(tmp_path)
    try:
        assert not await demo.app.keys.has_key(tenant)
    finally:
        await demo.stop()


async def test_a_revoked_key_does_not_keep_the_page_from_starting(tmp_path: Path) -> None:
    demo = await started(tmp_path)
    await demo.app.keys.put(demo.playground.tenant, SecretStr("xq_" + "0" * 64))
    await demo.stop()
    demo = await started(tmp_path)
    try:
        async with httpx.AsyncClient() as client:
            assert (await client.get(demo.address)).status_code == 200
    finally:
        await demo.stop()


async def test_a_second_demo_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    demo = await started(tmp_path)
    try:
        with pytest.raises(SettingsError, match="Another `demo` or `exec` is already running on"):
            await started(tmp_path)
    finally:
        await demo.stop()


def test_a_port_with_lingering_connections_counts_as_free() -> None:
    """Pictures of stored messages name the sandbox's port, so a quick restart has to get it again."""
    server = socket.create_server((HOST, 0))
    port = server.getsockname()[1]
    client = socket.create_connection((HOST, port))
    accepted, _ = server.accept()
    accepted.close()  # the side that closes first lingers
    client.close()
    server.close()
    assert _free_beside(port - 1) == port


def test_what_the_demo_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The directory may be one that others can look into."""
    (tmp_path / "demo.lock").touch(mode=0o644)

    async def looked_at() -> list[str]:
        demo = await started(tmp_path)
        try:
            return [name for name, mode in modes(tmp_path).items() if mode & 0o077]
        finally:
            await demo.stop()

    before = os.umask(0o022)
    try:
        assert asyncio.run(looked_at()) == []
    finally:
        os.umask(before)


def modes(directory: Path) -> dict[str, int]:
    """The files of a directory."""
    return {file.name: file.stat().st_mode for file in directory.iterdir() if file.is_file()}
