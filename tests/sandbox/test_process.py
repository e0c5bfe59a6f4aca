"""The sandbox as a program: how it starts, stops, and finds everything again."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.config import DEFAULT_API_KEY
from bot.sandbox.world import posts

ROOT = Path(__file__).resolve().parents[2]
URL = f"https://x.com/xquik/status/{posts.GIVEAWAY_ID}"


class Program:
    """One run of ``python -m bot.sandbox``."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.sandbox", "--json-ready", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.ready: dict[str, str] = json.loads(self.process.stdout.readline())
        self.http = httpx.Client(
            base_url=self.ready["base_url"],
            headers={"x-api-key": self.ready["api_key"]},
            trust_env=False,
            verify=False,
        )

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.http.close()
        self.process.send_signal(how)
        return self.process.wait(10)


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def run(*arguments: str) -> Program:
        programs.append(Program(*arguments))
        return programs[-1]

    yield run
    for program in programs:
        program.http.close()
        if program.process.poll() is None:
            program.process.kill()
        program.process.communicate()


def _everything(http: httpx.Client) -> dict[str, Any]:
    paths = ["/monitors", "/webhooks", "/drafts", "/draws", "/x/accounts", "/events"]
    return {path: http.get(path).json() for path in paths}


def _fill(http: httpx.Client, ready: dict[str, str]) -> str:
    """Make one of everything; the id of the tweet posted."""
    http.post("/monitors", json={"username": "nasa", "eventTypes": ["tweet.new"]}).raise_for_status()
    hook = {"url": "https://example.com/hook", "eventTypes": ["tweet.reply"]}
    http.post("/webhooks", json=hook).raise_for_status()
    http.post("/drafts", json={"text": "Later"}).raise_for_status()
    http.post("/draws", json={"tweetUrl": URL}).raise_for_status()
    http.post(f"{ready['control_url']}/emit", json={"username": "nasa"}).raise_for_status()
    body = {"account": "xquik_demo", "text": "Hello"}
    posted = http.post("/x/tweets", json=body, headers={"Idempotency-Key": "k"}).json()
    return str(posted["tweetId"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_all_is_still_there_after_a_restart(
    start: Callable[..., Program], tmp_path: Path, how: signal.Signals
) -> None:
    state = str(tmp_path / "deep" / "sandbox.db")
    first = start("--state", state, "--event-interval", "3600")
    tweet = _fill(first.http, first.ready)
    # The monitor's own first event comes after a second: take it away, so that nothing moves.
    before = _everything(first.http)
    used = int(first.http.get("/credits").json()["lifetime_used"])
    first.stop(how)
    second = start("--state", state, "--event-interval", "3600")
    after = _everything(second.http)
    for path in ("/webhooks", "/drafts", "/draws", "/x/accounts"):
        assert after[path] == before[path]
    assert [m["id"] for m in after["/monitors"]["monitors"]] == ["1"]
    known = {event["id"] for event in after["/events"]["events"]}
    assert {event["id"] for event in before["/events"]["events"]} <= known
    assert int(second.http.get("/credits").json()["lifetime_used"]) >= used
    assert second.http.get(f"/x/tweets/{tweet}").json()["tweet"]["text"] == "Hello"
    body = {"account": "xquik_demo", "text": "Hello"}
    again = second.http.post("/x/tweets", json=body, headers={"Idempotency-Key": "k"}).json()
    assert (again["tweetId"], again["idempotent"]) == (tweet, True)


def test_prints_its_address_and_key_and_stops_cleanly(start: Callable[..., Program]) -> None:
    program = start()
    assert program.ready["api_key"] == DEFAULT_API_KEY
    assert program.http.get("/account").status_code == 200
    assert program.stop(signal.SIGINT) in {0, -signal.SIGINT}
    assert program.process.stderr is not None
    assert b"Traceback" not in program.process.stderr.read()


def test_stops_while_a_stream_is_open(start: Callable[..., Program]) -> None:
    program = start()
    with program.http.stream("GET", "/events/stream") as stream:
        assert next(stream.iter_lines()) == ": connected"
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(5) in {0, -signal.SIGTERM}


def test_leaves_with_its_parent(start: Callable[..., Program]) -> None:
    """Closing the pipe is what the system does when a parent is killed."""
    program = start("--exit-with-parent")
    assert program.process.stdin is not None
    program.process.stdin.close()
    program.process.stdin = None
    assert program.process.wait(5) == 0


def test_webhooks_call_only_the_ports_that_were_named(start: Callable[..., Program]) -> None:
    program = start("--webhook-port", "8080", "--webhook-port", "8081")
    for port, status in ((8080, 201), (8081, 201), (8082, 400)):
        hook = {"url": f"http://127.0.0.1:{port}/hook", "eventTypes": ["tweet.new"]}
        assert program.http.post("/webhooks", json=hook).status_code == status


def _refused(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.sandbox", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ},
    )


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = _refused("--port", str(taken.getsockname()[1]))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_broken_file_of_faults_is_not_understood(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text("[[fault]]\ncolour = 1\n")
    result = _refused("--faults", str(tmp_path / "f.toml"))
    assert result.returncode == 2
    assert "colour" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_state_is_readable_by_its_owner_alone(start: Callable[..., Program], tmp_path: Path) -> None:
    """It holds keys and signing secrets; files that were wider, of an earlier run, are narrowed."""
    state = tmp_path / "sandbox.db"
    before = os.umask(0o022)
    try:
        first = start("--state", str(state))
        assert _modes(tmp_path) == {"sandbox.db": 0o600, "sandbox.db-shm": 0o600, "sandbox.db-wal": 0o600}
        first.stop(signal.SIGKILL)
        for file in tmp_path.iterdir():
            file.chmod(0o644)
        start("--state", str(state))
        assert set(_modes(tmp_path).values()) == {0o600}
    finally:
        os.umask(before)


def _modes(directory: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}


def test_a_state_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is not a database, however long one looks at it. " * 40)
    for path in (tmp_path, tmp_path / "text"):
        result = _refused("--state", str(path))
        assert result.returncode == 1
        assert result.stderr.startswith("--state")
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("how", ["nothing", "file", "closed"])
def test_a_standard_input_that_cannot_be_watched_counts_as_closed(tmp_path: Path, how: str) -> None:
    """Otherwise it would outlive its parent, having been asked not to."""
    (tmp_path / "file").write_text("never read")
    with Path(os.devnull if how == "nothing" else tmp_path / "file").open() as given:
        result = subprocess.run(
            [sys.executable, "-m", "bot.sandbox", "--exit-with-parent"],
            cwd=ROOT,
            stdin=None if how == "closed" else given,
            preexec_fn=_close_input if how == "closed" else None,
            capture_output=True,
            text=True,
            timeout=15,
            check=False,
        )
    assert result.returncode == 0
    assert "standard input" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def _close_input() -> None:
    os.close(0)
