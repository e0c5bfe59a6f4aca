#!/usr/bin/env bash
# discord.py: an answer to an interaction that goes through HTTPClient.request (as bots do that keep no views in memory)
# leaves a rate-limit bucket behind, though its key holds the token of that one interaction and no later request can
# meet it again. It stays for five minutes, and from the 256th on every new bucket looks through all of them, so the
# cost of an answer grows with how many there were: 3,000 answers ask 4,468,860 times whether a bucket is inactive.
# The library's own answers (Interaction.response) go another way and keep nothing.
# Expected: what belongs to one interaction goes with it, or all of it is looked through now and then.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "discord.py==2.7.1"
"$here/venv/bin/python" - <<'PY'
import asyncio
import sys

import discord
from discord.http import HTTPClient, Ratelimit, Route

ANSWERS = 3000


class Answer:
    """What Discord says to the answer of an interaction: 204, with no limit of its own."""

    status = 204
    headers = {"content-type": "text/plain"}

    async def __aenter__(self) -> "Answer":
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def text(self, **_: object) -> str:
        return ""


class Session:
    def request(self, *_: object, **__: object) -> Answer:
        return Answer()


async def main() -> int:
    http = HTTPClient(asyncio.get_running_loop())
    http._HTTPClient__session = Session()
    http._global_over = asyncio.Event()
    http._global_over.set()
    asked = 0
    inactive = Ratelimit.is_inactive

    def counted(self: Ratelimit) -> bool:
        nonlocal asked
        asked += 1
        return inactive(self)

    Ratelimit.is_inactive = counted
    path = "/interactions/{webhook_id}/{webhook_token}/callback"
    for number in range(ANSWERS):
        route = Route("POST", path, webhook_id=number, webhook_token=f"t{number}")
        await http.request(route, json={"type": 5})
    kept = len(http._buckets)
    print(f"discord.py {discord.__version__}")
    print("expected: nothing is kept of an interaction that was answered")
    print(f"seen: after {ANSWERS:,} answers {kept:,} buckets, which were looked at {asked:,} times")
    return 0 if kept == ANSWERS and asked == sum(range(256, ANSWERS + 1)) else 1


sys.exit(asyncio.run(main()))
PY
