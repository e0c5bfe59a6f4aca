"""The Kubernetes manifests: right by Kubernetes' own schema, and of settings and roles that there are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml  # type: ignore[import-untyped]

from bot.app.serving import DRAIN_SECONDS
from bot.cli.options import Role
from bot.settings import SettingsError, load

DIRECTORY = Path(__file__).resolve().parents[2] / "deploy" / "kubernetes"
# The oldest and the newest that are supported upstream.
VERSIONS = ("1.34", "1.37")


def _objects() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(DIRECTORY.glob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text("utf-8")):
            yield f"{path.stem}-{one['kind']}", one


OBJECTS = dict(_objects())
DEPLOYMENTS = {one["metadata"]["name"]: one for one in OBJECTS.values() if one["kind"] == "Deployment"}
BUDGETS = {one["metadata"]["name"]: one for one in OBJECTS.values() if one["kind"] == "PodDisruptionBudget"}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_it_is_what_kubernetes_takes(name: str, version: str) -> None:
    kubernetes_validate.validate(OBJECTS[name], version, strict=True)
    assert OBJECTS[name]["metadata"]["namespace"] == "xquik-bot"


def test_a_mistake_is_found() -> None:
    broken = yaml.safe_load(yaml.safe_dump(DEPLOYMENTS["web"]))
    broken["spec"]["template"]["spec"]["containers"][0]["livenessprobe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSIONS[-1], strict=True)


def _container(name: str) -> Mapping[str, Any]:
    [container] = DEPLOYMENTS[name]["spec"]["template"]["spec"]["containers"]
    return dict(container)


def test_there_is_one_for_each_role() -> None:
    assert set(DEPLOYMENTS) == set(Role) - {Role.ALL}
    for name in DEPLOYMENTS:
        assert _container(name)["args"][:3] == ["run", "--role", name]


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_it_is_asked_for_what_it_answers_and_ends_in_peace(name: str) -> None:
    container = _container(name)
    asked = {
        kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")
    }
    assert asked == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
    # Readiness must be seen to end before the port closes, and the rest fit into the time of grace.
    settings = _settings()
    readiness = container["readinessProbe"]
    seen = readiness["periodSeconds"] * readiness["failureThreshold"] + readiness["timeoutSeconds"]
    drain = settings["web"]["drain_seconds"]
    assert seen <= drain > DRAIN_SECONDS
    pod = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] >= drain + 25
    assert pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {one["name"] for one in pod["volumes"]}


def test_what_has_several_keeps_one_while_nodes_are_emptied() -> None:
    several = {name for name, one in DEPLOYMENTS.items() if one["spec"]["replicas"] > 1}
    assert set(BUDGETS) == several == {"web", "relay"}
    for name, budget in BUDGETS.items():
        assert budget["spec"]["selector"] == DEPLOYMENTS[name]["spec"]["selector"]


def _settings() -> dict[str, Any]:
    [config] = [one for one in OBJECTS.values() if one["kind"] == "ConfigMap"]
    return tomllib.loads(config["data"]["config.toml"])


def test_one_platform_is_enough_where_the_other_has_no_secrets(tmp_path: Path) -> None:
    """As the first lines say: without the other one's files, its section and its Deployment."""
    [config] = [one for one in OBJECTS.values() if one["kind"] == "ConfigMap"]
    text = config["data"]["config.toml"].replace("/run/secrets/xquik-bot", str(tmp_path))
    header = (DIRECTORY / "bot.yaml").read_text("utf-8").partition("apiVersion")[0]
    assert "its section in the config.toml below" in header
    (tmp_path / "config.toml").write_text(text)
    for file in ("vault-keys", "slack-bot-token", "slack-app-token"):
        (tmp_path / file).write_text("x" * 44)
    for role in ("web", "slack"):
        settings = load(tmp_path / "config.toml", environ={}, roles={role})
        assert settings.discord.token is None and settings.slack.app_token is not None
    for role in ("relay", "discord", "all"):
        with pytest.raises(SettingsError, match=r"discord\.token_file names .*discord-token, which cannot"):
            load(tmp_path / "config.toml", environ={}, roles={role})
    (tmp_path / "config.toml").write_text(text[: text.index("[discord]")] + text[text.index("[slack]") :])
    assert load(tmp_path / "config.toml", environ={}, roles={"relay"}).slack.bot_token is not None


def test_the_settings_in_it_can_be_used(tmp_path: Path) -> None:
    [config] = [one for one in OBJECTS.values() if one["kind"] == "ConfigMap"]
    text = config["data"]["config.toml"].replace("/run/secrets/xquik-bot", str(tmp_path))
    (tmp_path / "config.toml").write_text(text)
    for file in ("vault-keys", "discord-token", "slack-bot-token", "slack-app-token"):
        (tmp_path / file).write_text("x" * 44)
    settings = load(tmp_path / "config.toml", environ={})
    assert settings.storage.url.startswith("postgresql://bot@")
    assert settings.discord.token is not None and settings.slack.app_token is not None
    ports = {port["name"]: port["containerPort"] for port in _container("web")["ports"]}
    assert ports == {"http": settings.web.port, "metrics": settings.web.metrics_port}
