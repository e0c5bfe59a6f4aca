"""The units: what they run are commands that there are, and they give a process the time that it needs.

`systemd-analyze verify deploy/systemd/*` says more, on a machine that has it.
"""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.exits import SETTINGS
from bot.cli.main import app
from bot.cli.options import Role
from bot.settings import load

DIRECTORY = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
UNITS = sorted(path.name for path in DIRECTORY.iterdir() if path.is_file())
ROLES = DIRECTORY / "roles"


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


@pytest.mark.parametrize("name", ["xquik-bot.service", "xquik-bot@.service"])
def test_it_is_given_time_to_end_and_not_started_again_with_wrong_settings(name: str) -> None:
    service = _unit(name)["Service"]
    assert int(service["TimeoutStopSec"]) >= 30
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("always", str(SETTINGS))
    # systemd looks at the code of the main process alone: of wrong settings this one would say 2 in vain.
    assert "ExecStartPre" not in service


def test_a_process_of_many_differs_from_the_only_one_in_its_role_alone() -> None:
    one, many = (dict(_unit(f"xquik-bot{name}.service")["Service"]) for name in ("", "@"))
    assert many.pop("EnvironmentFile") == "/etc/xquik-bot/roles/%i.env"
    many["ExecStart"] = many["ExecStart"].replace(" --role ${ROLE}", "")
    assert one == many


def test_every_role_has_ports_of_its_own(tmp_path: Path) -> None:
    ports: list[int] = []
    for role in set(Role) - {Role.ALL}:
        lines = (ROLES / f"{role}.env").read_text("utf-8").splitlines()
        environ = dict(line.split("=", 1) for line in lines)
        assert environ.pop("ROLE") == role
        (tmp_path / "config.toml").write_text("[web]\nport = 8080\nmetrics_port = 9464\n")
        settings = load(tmp_path / "config.toml", environ=environ)
        assert settings.web.metrics_port is not None
        ports += [settings.web.port, settings.web.metrics_port]
    assert len(set(ports)) == len(ports) == 8
    assert {path.stem for path in ROLES.iterdir()} == set(Role) - {Role.ALL}


def test_the_timer_starts_the_backup() -> None:
    assert _unit("xquik-bot-backup.timer")["Timer"]["Persistent"] == "yes"
    assert {"xquik-bot-backup.service", "xquik-bot-backup.timer"} <= set(UNITS)
