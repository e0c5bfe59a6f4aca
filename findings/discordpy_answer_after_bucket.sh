#!/usr/bin/env bash
# discord.py: an answer that says X-RateLimit-Remaining: 0 is handed on only once X-RateLimit-Reset-After has
# passed. The request is long done, and the one who made it waits for a limit that only the next one meets: with
# 5 messages in 5 seconds every fifth message "takes" up to five seconds, and a process that ends meanwhile never
# learns that it was sent.
# Expected: the answer at once; the next request of that bucket waits.
# Discord is a server on this machine here, which answers with the documented headers.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "discord.py==2.7.1"
"$here/venv/bin/python" - <<'PY'
import asyncio
import sys
import time

import aiohttp
import discord
from aiohttp import web
from discord.http import Route

RESET_AFTER = 3.0


async def main() -> tuple[float, float]:
    answered: list[float] = []

    async def message(_request: web.Request) -> web.Response:
        answered.append(time.monotonic())
        headers = {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{time.time() + RESET_AFTER:.3f}",
            "X-RateLimit-Reset-After": f"{RESET_AFTER:.3f}",
            "X-RateLimit-Bucket": "abcd1234",
        }
        # Without a charset, as Discord says it.
        return web.Response(body=b'{"id": "1"}', headers={**headers, "Content-Type": "application/json"})

    app = web.Application()
    app.router.add_post("/channels/1/messages", message)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    Route.BASE = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with discord.Client(intents=discord.Intents.none()) as client:
        client.http._HTTPClient__session = aiohttp.ClientSession()
        client.http._global_over = asyncio.Event()
        client.http._global_over.set()
        began = time.monotonic()
        await client.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=1), json={})
        ended = time.monotonic()
    await runner.cleanup()
    return answered[0] - began, ended - began


at_discord, here = asyncio.run(main())
print("discord.py", discord.__version__)
print(f"Discord answered after {at_discord:.1f} s; the answer was handed on after {here:.1f} s")
print(f"expected: at once; its bucket is full again after {RESET_AFTER:.1f} s")
sys.exit(0 if at_discord < 1.0 and here >= RESET_AFTER else 1)
PY
