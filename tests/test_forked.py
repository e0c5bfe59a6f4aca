"""What is forked behaves as what is started."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked
from tests.cli.program import environment, xquik_bot_started

ROOT = Path(__file__).resolve().parents[1]


def has_everything() -> None:
    """Ends with 0 where it found the program imported."""
    sys.exit(not {"bot.app.wiring", "adapters.discord.platform", "tests.relay.child"} <= sys.modules.keys())


def kills_itself() -> None:
    """Ends by a signal."""
    signal.raise_signal(signal.SIGKILL)


async def test_it_has_imported_everything() -> None:
    assert await (await forked.start(has_everything)).wait() == 0


def test_it_is_found_from_wherever_a_test_has_gone(tmp_path: Path) -> None:
    """As where the first test that asks for one has changed the directory."""
    code = (
        f"import asyncio, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests import forked, test_forked\n"
        "async def main():\n"
        "    return await (await forked.start(test_forked.has_everything)).wait()\n"
        "sys.exit(asyncio.run(main()))"
    )
    elsewhere = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=elsewhere, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()


async def test_its_end_is_told_as_of_one_that_is_started() -> None:
    dead = await forked.start(kills_itself)
    assert set(await asyncio.gather(dead.wait(), dead.wait())) == {-signal.SIGKILL}
    with pytest.raises(ProcessLookupError):
        dead.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("arguments", [("--version",), ("export",), ("no-such-command",)])
async def test_it_says_and_ends_as_a_program_that_is_started(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    log = tmp_path / "said.log"
    log.write_text("before\n")
    process = await forked.xquik_bot(*arguments, directory=tmp_path, log=log, env=environment())
    code = await process.wait()
    alone = xquik_bot_started(tmp_path, *arguments)
    assert (code, log.read_text()) == (alone.code, f"before\n{alone.out}{alone.err}")
