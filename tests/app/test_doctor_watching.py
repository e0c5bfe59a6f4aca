"""`xquik-bot check` says of traces and the operator page what keeps them from working or from being safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import doctor
from bot.app.doctor import examine
from bot.core.findings import Finding

TOKEN = "0123456789abcdef0123456789abcdef"


async def found(tmp_path: Path, text: str) -> dict[str, Finding]:
    config = tmp_path / "config.toml"
    base = f'[storage]\nurl = "sqlite:///{tmp_path}/bot.db"\n[xquik]\nbase_url = "http://127.0.0.1:9"\n'
    config.write_text(base + text)
    return {finding.name: finding async for finding in examine(config)}


async def test_what_was_not_asked_for_is_not_mentioned(tmp_path: Path) -> None:
    assert {"traces", "operator page"}.isdisjoint(await found(tmp_path, ""))


async def test_traces_say_where_they_go_or_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[otel]\nendpoint = "http://collector.example:4318"\n'
    monkeypatch.setattr(doctor, "can_trace", lambda: True)
    assert (await found(tmp_path, text))["traces"].detail == "sent to collector.example:4318"
    monkeypatch.setattr(doctor, "can_trace", lambda: False)
    told = (await found(tmp_path, text))["traces"]
    assert (told.state, told.remedy) == ("warning", "Run: pip install 'xquik-bot[otel]'")


@pytest.mark.parametrize(
    ("web", "state"),
    [
        ('host = "0.0.0.0"\n', "warning"),
        ('host = "0.0.0.0"\npublic_url = "https://bot.example"\n', "ok"),
        ("", "ok"),
    ],
)
async def test_a_token_that_crosses_the_network_unencrypted_is_warned_of(
    tmp_path: Path, web: str, state: str
) -> None:
    told = (await found(tmp_path, f'[web]\noperator_token = "{TOKEN}"\n{web}'))["operator page"]
    assert told.state == state
    assert TOKEN not in f"{told.detail}{told.remedy}"
