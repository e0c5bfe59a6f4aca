"""compose.yaml: two ways to run the same image from the same config.toml; files and settings that there are.

No engine runs here: what the containers would do with them is tested with the same files on this machine.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.cli.options import Role
from bot.settings import PREFIX, load
from bot.storage.engine.addresses import address
from bot.storage.secrets.vault import Vault
from tests.deploy.test_alerts import loaded

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: Mapping[str, Any] = loaded(ROOT / "compose.yaml")
SERVICES: Mapping[str, Any] = COMPOSE["services"]
BOTS = {name: one for name, one in SERVICES.items() if one["image"] == "xquik-bot" and name != "setup"}
MEMBERS = {name: one for name, one in BOTS.items() if name not in ("bot", "move")}
Setup: TypeAlias = Callable[..., str]
MADE = ("vault-keys", "postgres-password", "pgpass", "grafana-password")


def _in_profile(name: str) -> set[str]:
    return {service for service, one in SERVICES.items() if name in one["profiles"]}


def test_nothing_starts_that_no_profile_asks_for() -> None:
    assert _in_profile("single") == {"bot"}
    assert _in_profile("cluster") == {"web", "relay", "balancer", "postgres"}
    # A process that serves a platform without a token would end, and be started again, for ever.
    assert (_in_profile("discord"), _in_profile("slack")) == ({"discord"}, {"slack"})
    assert _in_profile("move") == {"move", "postgres"}
    assert all(one["profiles"] for one in SERVICES.values())


def test_the_cluster_has_a_process_for_each_role() -> None:
    roles = [one["command"][-1] for one in MEMBERS.values()]
    assert sorted(roles) == sorted(set(Role) - {Role.ALL})
    assert all(one["command"][:2] == ["run", "--role"] for one in MEMBERS.values())
    assert SERVICES["web"]["deploy"]["replicas"] == SERVICES["relay"]["deploy"]["replicas"] == 2


def test_the_database_takes_the_connections_of_all_processes() -> None:
    """As many as operating.md says that each takes at most."""
    said = (ROOT / "docs" / "admin" / "operating.md").read_text("utf-8")
    [most] = re.findall(
        r"^\| any \| (\d+) \| (\d+) for its work, (\d+) for the jobs .* (\d+) to hear", said, re.MULTILINE
    )
    any_role, *parts = (int(number) for number in most)
    assert any_role == sum(parts)
    more = {
        role: int(number) for role, number in re.findall(r"^\| `(\w+)` \| (\d+) more", said, re.MULTILINE)
    }
    taken = sum(
        one.get("deploy", {}).get("replicas", 1) * (any_role + more.get(name, 0))
        for name, one in MEMBERS.items()
    )
    assert f"take up to {taken}" in said
    [given] = re.findall(r"max_connections=(\d+)", " ".join(SERVICES["postgres"]["command"]))
    assert taken + 3 < int(given), "three are kept for the administrator"
    assert f"sets {given}" in said and SERVICES["postgres"]["command"][0] == "postgres"


def test_what_is_stored_can_go_from_one_to_the_other(tmp_path: Path) -> None:
    """The file of `single` is there, PostgreSQL is up, and both addresses are what `migrate` takes."""
    move, single = SERVICES["move"], SERVICES["bot"]
    assert move["restart"] == "no" and move["environment"] == SERVICES["web"]["environment"]
    assert move["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert set(single["volumes"]) == set(move["volumes"])
    defaults = {f"{PREFIX}DEFAULTS": str(ROOT / "deploy" / "image" / "defaults.toml")}
    (tmp_path / "config.toml").write_text("[web]\n")
    assert move["command"] == [
        "migrate",
        "--from",
        load(tmp_path / "config.toml", environ=defaults).storage.url,
    ]
    said = (ROOT / "docs" / "admin" / "operating.md").read_text("utf-8")
    steps = ("--profile single down", "compose run --rm move\n", "--profile cluster", "sqlite:////data/")
    places = [said.index(step, said.index("from `single` to `cluster`")) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(BOTS))
def test_its_settings_can_be_used(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = dict(BOTS[name]["environment"])
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "vault-keys").write_text("x" * 44)
    for variable, value in environ.items():
        environ[variable] = value.replace("/run/secrets", str(secrets))
    defaults = {f"{PREFIX}DEFAULTS": str(ROOT / "deploy" / "image" / "defaults.toml")}
    settings = load(environ=environ | defaults)
    assert settings.web.host == "0.0.0.0"
    if name == "bot":
        assert settings.storage.url == "sqlite:////data/bot.db"
    else:
        url = address(settings.storage.url)
        assert (url.get_backend_name(), url.password) == ("postgresql", None)
        assert make_url(settings.storage.url).query["passfile"] == str(secrets / "pgpass")
        subnet = COMPOSE["networks"]["bot"]["ipam"]["config"][0]["subnet"]
        assert settings.web.trusted_proxies == (subnet,)


@pytest.mark.parametrize("name", sorted(BOTS))
def test_it_may_do_nothing_more_than_it_needs(name: str) -> None:
    service = BOTS[name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert all(volume.endswith(":ro") or volume.startswith("data:") for volume in service["volumes"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert not any("TOKEN" in variable for variable in service["environment"]), "a platform is optional"


def test_every_file_that_is_mounted_is_there_or_made_by_the_setup() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./secrets/"):
                assert Path(source).name in MADE
            elif source.startswith("./") and source not in ("./secrets", "./config.toml"):
                assert (ROOT / source).is_file(), source
            elif not source.startswith("."):
                assert source in COMPOSE["volumes"]


def test_the_balancer_asks_the_web_processes_whether_they_are_ready() -> None:
    said = (ROOT / "deploy" / "haproxy" / "haproxy.cfg").read_text("utf-8")
    assert "option httpchk GET /readyz" in said
    assert re.search(r"server-template web (\d+) web:8080 check", said)
    port = SERVICES["balancer"]["ports"][0].rpartition(":")[2]
    assert f"bind :{port}" in said


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """The script of the service `setup`, with a `chown` that notes what it was asked."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "chown").write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/chowned"\n')
    bot = f'#!/bin/sh\nexec "{sys.executable}" -c "from bot.cli import main; main()" "$@"\n'
    (tools / "xquik-bot").write_text(bot)
    (tools / "python").symlink_to(sys.executable)
    for tool in ("chown", "xquik-bot"):
        (tools / tool).chmod(0o755)

    def run(*arguments: str) -> str:
        environ = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        command = ["sh", str(ROOT / "deploy" / "image" / "setup.sh"), *arguments]
        ended = subprocess.run(
            command, cwd=tmp_path, env=environ, check=True, capture_output=True, text=True, timeout=60
        )
        return ended.stdout

    return run


def test_the_setup_makes_what_is_missing_and_nothing_twice(setup: Setup, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\n")
    secrets = tmp_path / "secrets"
    assert setup().splitlines() == [f"made secrets/{name}" for name in MADE]
    Vault([SecretStr(key.strip()) for key in (secrets / "vault-keys").read_text().split(",")])
    password = (secrets / "postgres-password").read_text().strip()
    assert (secrets / "pgpass").read_text() == f"postgres:5432:bot:bot:{password}\n"
    assert len(password) == 48
    modes = {name: stat.S_IMODE((secrets / name).stat().st_mode) for name in MADE}
    # libpq passes over a password file that others may read.
    assert modes == {
        "vault-keys": 0o600,
        "pgpass": 0o600,
        "postgres-password": 0o644,
        "grafana-password": 0o644,
    }
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600
    user = re.search(r"useradd --system --uid (\d+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert user is not None
    owner = f"{user[1]}:{user[1]}"
    assert (tmp_path / "chowned").read_text() == f"-R {owner} secrets\n{owner} config.toml\n"
    before = {name: (secrets / name).read_bytes() for name in MADE}
    (secrets / "discord-token").write_text("given by a person")
    assert setup() == ""
    assert {name: (secrets / name).read_bytes() for name in MADE} == before
    assert stat.S_IMODE((secrets / "discord-token").stat().st_mode) == 0o600


def test_the_setup_prints_an_example_of_the_settings(setup: Setup, tmp_path: Path) -> None:
    assert setup("example", "settings") == (ROOT / "config.example.toml").read_text("utf-8")
    assert not (tmp_path / "secrets").exists()
