"""What is forked behaves as what is started."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests import forked
from tests.cli.program import environment, xquik_bot_started


def has_everything() -> None:
    """Ends with 0 where it found the program imported."""
    sys.exit(not {"bot.app.wiring", "adapters.discord.platform", "tests.relay.child"} <= sys.modules.keys())


def kills_itself() -> None:
    """Ends by a signal."""
    signal.raise_signal(signal.SIGKILL)


async def test_it_has_imported_everything() -> None:
    assert await (await forked.start(has_everything)).wait() == 0


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
