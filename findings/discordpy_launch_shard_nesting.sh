#!/usr/bin/env bash
# discord.py: AutoShardedClient.launch_shard tries an unreachable gateway again by awaiting itself, so each try
# stands inside of the last one. During an outage at the start the chain of coroutines grows by one every five
# seconds, and so does what resuming it needs of the interpreter's stack; a long outage cannot be outlived.
# Expected: a loop, whose depth stays as it is.
# Only the pause between the tries is taken out; the gateway is a port of this machine on which nobody listens.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "discord.py==2.7.1"
"$here/venv/bin/python" - <<'PY'
import asyncio
import logging
import socket
import sys
from types import SimpleNamespace

import aiohttp
import discord
import discord.shard
import yarl

TRIES = 40
logging.disable(logging.CRITICAL)


def nesting() -> int:
    """How many launch_shard stand inside of each other on the stack of whoever runs now."""
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth += frame.f_code.co_name == "launch_shard"
        frame = frame.f_back
    return depth


async def main() -> list[int]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        gateway = yarl.URL(f"ws://127.0.0.1:{unused.getsockname()[1]}")
        client = discord.AutoShardedClient(intents=discord.Intents.none(), shard_count=1, shard_ids=[0])
        depths: list[int] = []
        enough = asyncio.Event()

        async def no_pause(_seconds: float) -> None:
            depths.append(nesting())
            if len(depths) == TRIES:
                enough.set()
                await asyncio.Event().wait()
            await asyncio.sleep(0)

        discord.shard.asyncio = SimpleNamespace(
            **{name: getattr(asyncio, name) for name in asyncio.__all__} | {"sleep": no_pause}
        )
        async with client:
            await client._async_setup_hook()
            client.http._HTTPClient__session = aiohttp.ClientSession()
            task = asyncio.create_task(client.launch_shard(gateway, 0))
            await asyncio.wait_for(enough.wait(), 60)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return depths


depths = asyncio.run(main())
print("discord.py", discord.__version__)
print(f"launch_shard inside of launch_shard, at the first and the {TRIES}th try:", depths[0], depths[-1])
print("expected:", 1, 1)
sys.exit(0 if (depths[0], depths[-1]) == (1, TRIES) else 1)
PY
