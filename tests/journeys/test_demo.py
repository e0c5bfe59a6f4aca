"""`xquik-bot demo` as a new user has it: one process, a page, and everything still there tomorrow."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.core.chat import card_json
from bot.core.chat.cards import Card
from tests.cli.program import PROGRAM, environment
from tests.features.edge import buttons, ref_of, words

SECONDS = 30.0
GIVEAWAY = "https://x.com/xquik/status/1893456789012345678"


@dataclass
class Page:
    """The page of a demo, as its script uses it."""

    client: httpx.AsyncClient
    process: asyncio.subprocess.Process
    said: list[str]
    csrf: str = ""
    person: str = "ada"
    seen: dict[str, int] = field(default_factory=dict)

    async def open(self) -> dict[str, Any]:
        """Load the page's state, with its token."""
        state: dict[str, Any] = (await self.client.get("/api/state")).json()
        self.csrf = state["csrf"]
        return state

    async def send(self, path: str, **data: Any) -> dict[str, Any]:
        """Post as the page does."""
        answer = await self.client.post(
            f"/api/{path}",
            json={"person": self.person, "channel": "general", **data},
            headers={"x-csrf": self.csrf, "origin": str(self.client.base_url).rstrip("/")},
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def messages(self, channel: str = "general") -> list[tuple[int, Card]]:
        """The bot's cards of a channel with their message numbers, oldest first."""
        answer = await self.client.get("/api/messages", params={"person": self.person, "channel": channel})
        found = []
        for message in answer.json()["messages"]:
            card = message.get("card") or (message.get("body") or {}).get("card")
            if card:
                made = card_json.from_data(card)
                assert isinstance(made, Card)
                found.append((message["id"], made))
        return found

    async def until(self, title: str, channel: str = "general", count: int = 1) -> tuple[int, Card]:
        """The newest card whose title begins so, once there are that many."""
        async with asyncio.timeout(SECONDS):
            while True:
                found = [m for m in await self.messages(channel) if m[1].title.startswith(title)]
                if len(found) >= count:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def type(self, line: str, title: str) -> Card:
        """Type a line and wait for its card."""
        before = sum(card.title.startswith(title) for _, card in await self.messages())
        await self.send("command", text=line)
        return (await self.until(title, count=before + 1))[1]

    async def press(self, title: str, label: str) -> dict[str, Any]:
        """Press a button of the newest card with that title."""
        number, card = await self.until(title)
        return await self.send("press", message=number, action=str(ref_of(card, label)))


@asynccontextmanager
async def demo(data: Path, port: int) -> AsyncIterator[Page]:
    """A running demo; ended by SIGINT, which must end it cleanly."""
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "demo", "--port", str(port), "--data", str(data),
        cwd=data.parent, env=environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said: list[str] = []
    try:
        address = await asyncio.wait_for(_address(process, said), SECONDS)
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=SECONDS) as client:
            page = Page(client, process, said)
            await page.open()
            yield page
        children = _children(process.pid)
        assert children, "the sandbox is a process of its own"
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        rest, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        said.append(rest.decode())
        assert process.returncode == 0, said
        assert "Traceback" not in "".join(said)
        assert not any(_alive(child) for child in children), "no process is left behind"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _address(process: asyncio.subprocess.Process, said: list[str]) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode())
        if found := re.search(r"ready: (http://\S+)", said[-1]):
            return found[1]
    raise AssertionError("it ended before it was ready: " + "".join(said))


def _children(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
        return [int(word) for word in text.split()]
    return []


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A child that was ended and not waited for would show as a zombie.
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def free_port() -> int:
    """A port whose successor is probably free too: the sandbox takes it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def test_everything_a_new_user_tries_and_all_of_it_is_there_after_a_restart(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    async with demo(data, port) as page:
        await page.until("Welcome")
        await page.type(f"draw run {GIVEAWAY} winners:3", "Run this draw?")
        await page.press("Run this draw?", "Confirm")
        _, drawn = await page.until("Draw result")
        assert "3 winners" in words(drawn)
        assert {"Export winners"} <= {b.label for b in buttons(drawn)}
        await page.type("media get https://x.com/nasa/status/1893500000000000004", "Media saved")
        await page.type("setup spending 1", "Spending here")
        await page.type("media get 1893500000000000004", "Spend up to 2 credits?")
        await page.press("Spend up to 2 credits?", "Confirm")
        await page.until("Media saved", count=2)
        await page.type("setup spending 100", "Spending here")
        await page.type("trends region:US", "Trends: United States")
        radar = await page.type("radar source:github hours:72", "Radar")
        if any(button.label == "Next" for button in buttons(radar)):
            await page.press("Radar", "Next")
        await page.type('tweet score "Hello from the demo"', "Tweet score")
        await page.type('tweet post "Hello from the demo"', "Post this on X?")
        await page.press("Post this on X?", "Confirm")
        await page.until("Posted on X")
        asked = await page.type("monitor add nasa", "Watch @nasa?")
        assert "720 a day" in words(asked) and "enough for about" in words(asked)
        await page.press("Watch @nasa?", "Confirm")
        await page.until("Watching @")
        await page.type("relay add channel:alerts account:nasa", "Route added")
        await page.until("New", "alerts")
        await a_member_sees_nothing_of_the_inside(page)
        kept = [card.title for _, card in await page.messages()]
        for path in ("/healthz", "/readyz"):
            assert (await page.client.get(path)).status_code == 200
        second = await asyncio.create_subprocess_exec(
            *PROGRAM, "demo", "--port", "0", "--data", str(data),
            cwd=tmp_path, env=environment(), stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await asyncio.wait_for(second.communicate(), SECONDS)
        assert second.returncode == 2
        assert "Another `demo` or `exec` is already running on" in told.decode()
        assert "--data" in told.decode()
        alerts = len(await page.messages("alerts"))
    async with demo(data, port) as page:
        assert [card.title for _, card in await page.messages()][: len(kept)] == kept
        assert len(await page.messages("alerts")) >= alerts
        listed = await page.type("relay list", "Routes")
        assert "alerts-nasa" in words(listed)
        assert drawn.title in kept
        await page.type("draw list", "Draws")
        await page.until("New", "alerts", alerts + 1)
    assert json.dumps(sorted(path.name for path in data.iterdir())).count("vault.key") == 1
    assert (data / "bot.db").stat().st_mode & 0o777 == 0o600
    assert (data / "vault.key").stat().st_mode & 0o777 == 0o600


async def a_member_sees_nothing_of_the_inside(page: Page) -> None:
    """Ben is no admin: he keeps a draft, and is told which routes lead to a channel by name alone."""
    await page.type('draft save "The plan"', "Draft saved")
    page.person = "ben"
    for line in ("credits", "monitor list", "relay show alerts-nasa", "draw list", "policy", "setup status"):
        refused = await page.type(line, "You may not do that here")
        assert "policy grant" in words(refused)
    await page.type('draft save "My line"', "Draft saved")
    mine = words(await page.type("draft list", "Your drafts"))
    assert "My line" in mine and "The plan" not in mine
    assert "alerts-nasa" not in words(await page.type("relay list", "Routes of this channel"))
    page.person = "ada"


async def test_a_port_that_is_taken_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *PROGRAM, "demo", "--port", str(port), "--data", str(tmp_path / "data"),
            env=environment(), stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        _, told = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 2
    assert f"Port {port}" in told.decode()
    assert "--port" in told.decode()
    assert "Traceback" not in told.decode()


async def test_what_is_posted_can_be_seen_answered_and_deleted(tmp_path: Path) -> None:
    async with demo(tmp_path / "data", free_port()) as page:
        pages = (await page.open())["x_pages"]
        await page.type("tweet post Merhaba <b>dünya</b>", "Post this on X?")
        await page.press("Post this on X?", "Confirm")
        _, posted = await page.until("Posted on X")
        link = next(button.url for button in buttons(posted) if button.label == "Open on X")
        assert link is not None
        address = link.replace("https://x.com", pages)
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as browser:
            assert "Merhaba &lt;b&gt;dünya&lt;/b&gt;" in (await browser.get(address)).text
            form = await page.press("Posted on X", "Reply")
            number, _ = await page.until("Posted on X")
            values = {"text": "Ve bir şey daha"}
            await page.send("form", action=form["form"]["action"], values=values, message=number)
            await page.until("Post this reply on X?")
            await page.press("Post this reply on X?", "Confirm")
            await page.until("Replied on X")
            assert "Ve bir şey daha" in (await browser.get(address)).text
            await page.press("Posted on X", "Delete")
            await page.until("Delete this from X?")
            await page.press("Delete this from X?", "Confirm")
            await page.until("Deleted from X")
            assert (await browser.get(address)).status_code == 404
        rights = await page.type("policy grant spend to:@Ben", "Who may do what")
        assert "ben" in words(rights).lower()
