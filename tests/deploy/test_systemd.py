"""The units: what they run are commands that there are, and they give a process the time that it needs.

`systemd-analyze verify deploy/systemd/*` says more, on a machine that has it.
"""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

DIRECTORY = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
UNITS = sorted(path.name for path in DIRECTORY.iterdir())


def _unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # systemd tells case apart
    read.read(DIRECTORY / name, encoding="utf-8")
    return read


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_it_runs_what_there_is(name: str) -> None:
    service = _unit(name)["Service"]
    lines = [service[key] for key in ("ExecStartPre", "ExecStart") if key in service]
    for line in lines:
        program, command, *options = line.split()
        assert program == "/opt/xquik-bot/bin/xquik-bot"
        told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
        assert told.exit_code == 0
        for option in options:
            assert not option.startswith("--") or option in told.output, option
    assert service["User"] == "xquik-bot"
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory'].split()[0]}"


def test_it_is_given_time_to_end_and_not_started_again_with_wrong_settings() -> None:
    service = _unit("xquik-bot.service")["Service"]
    assert int(service["TimeoutStopSec"]) >= 30
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("always", "2")


def test_the_timer_starts_the_backup() -> None:
    assert _unit("xquik-bot-backup.timer")["Timer"]["Persistent"] == "yes"
    assert {"xquik-bot-backup.service", "xquik-bot-backup.timer"} <= set(UNITS)
