"""`xquik-bot run` with settings that cannot work: it says what is wrong, and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.errors import BotError
from tests.journeys.run import process
from tests.journeys.run.harness import Plan, Sections, start, vendors
from tests.journeys.slack.place import furnish


@pytest.fixture
async def plan(tmp_path: Path) -> AsyncIterator[Plan]:
    """Settings that would work."""
    async with vendors() as all_vendors:
        furnish(all_vendors.slack)
        yield Plan(all_vendors, tmp_path)


async def _run(config: Path) -> tuple[int, str]:
    code, said = await process.finished("run", "--config", str(config), log=config.parent / "run.log")
    assert "Traceback" not in said
    return code, said


async def test_a_broken_file_names_the_key_the_line_and_the_fix(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[web]\nport = 8080\npublc_url = "https://bot.example"\n')
    code, said = await _run(config)
    assert code == 2
    assert "line 3" in said and "web.publc_url" in said and "web.public_url" in said
    config.write_text('[web]\nport = "many"\n')
    error = await _refused(config)
    assert error.exit_code == 2
    assert "line 2" in error.detail and "web.port" in error.detail


async def test_with_nothing_configured_it_says_what_to_set(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    code, said = await _run(config)
    assert code == 1
    assert "discord.token" in said and "slack.bot_token" in said and "xquik-bot demo" in said
    assert not (tmp_path / "data").exists()


WRONG: list[tuple[Sections, str]] = [
    ({"discord": {"token": "wrong.token.here"}}, "discord.token"),
    ({"slack": {"bot_token": "xoxb-wrong"}}, "slack.bot_token"),
    ({"slack": {"app_token": None}}, "slack.app_token"),
    ({"vault": {"keys": []}}, "vault.keys"),
]


async def _refused(config: Path) -> BotError:
    """What the start raises, which the command line prints in two lines."""
    with pytest.raises(BotError) as caught:
        await start(config)
    return caught.value


@pytest.mark.parametrize(("changes", "named"), WRONG, ids=[named for _, named in WRONG])
async def test_what_a_vendor_or_the_vault_refuses_is_named(plan: Plan, changes: Sections, named: str) -> None:
    error = await _refused(plan.write(changes))
    said = f"{error.detail} {error.remedy}"
    assert named in said
    assert "wrong" not in said
    assert error.exit_code in (1, 2)


async def test_a_port_that_is_taken_is_named(plan: Plan) -> None:
    port = int(plan.vendors.discord.api_url.split(":")[2].split("/")[0])
    error = await _refused(plan.write({"web": {"port": port}}))
    assert error.exit_code == 2
    assert str(port) in error.detail and "Choose another port" in error.remedy


async def test_a_token_that_is_refused_ends_the_process_with_one_word(plan: Plan) -> None:
    code, said = await _run(plan.write({"discord": {"token": "wrong.token.here"}}))
    assert code == 1
    assert "Discord did not accept" in said and "wrong.token" not in said
