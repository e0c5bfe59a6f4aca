"""The sandbox beside the demo: what it may call, and what it is told of the rest."""

from __future__ import annotations

from pathlib import Path

import httpx

from bot.app.demo import start_demo


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
