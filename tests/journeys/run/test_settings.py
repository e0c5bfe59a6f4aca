"""`xquik-bot run` with settings that cannot work: it says what is wrong, and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.exits import exit_code_of_run
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
    assert code == 2
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
    assert exit_code_of_run(error) == 2, "starting it again does not help"


async def test_a_port_that_is_taken_is_named(plan: Plan) -> None:
    port = int(plan.vendors.discord.api_url.split(":")[2].split("/")[0])
    error = await _refused(plan.write({"web": {"port": port}}))
    assert exit_code_of_run(error) == 1
    assert str(port) in error.detail and "Choose another port" in error.remedy


NOT_MENDED_BY_A_NEW_START: list[tuple[str, Sections, tuple[str, ...]]] = [
    ("slack", {"slack": {"mode": "http"}}, ("processes with the role web serve Slack", "is not needed")),
    ("slack", {"slack": {"bot_token": None, "app_token": None}}, ("no Slack token is set",)),
    ("discord", {"discord": {"token": None}}, ("discord.token is not set",)),
    ("web", {"vault": {"keys": []}}, ("vault.keys",)),
]


@pytest.mark.parametrize(("role", "changes", "named"), NOT_MENDED_BY_A_NEW_START)
async def test_a_role_that_lacks_its_settings_says_so_and_is_not_started_again(
    plan: Plan, role: str, changes: Sections, named: tuple[str, ...]
) -> None:
    config = plan.write(changes)
    code, said = await process.finished(
        "run", "--config", str(config), "--role", role, log=config.parent / "run.log"
    )
    assert code == 2 and not [one for one in named if one not in said], said


async def test_what_may_pass_is_worth_a_new_start(plan: Plan) -> None:
    taken = int(plan.vendors.discord.api_url.split(":")[2].split("/")[0])
    for changes in ({"web": {"port": taken}}, {"web": {"host": "192.0.2.1"}}):
        code, said = await _run(plan.write(changes))
        assert code == 1 and "cannot be served" in said, said
    code, said = await _run(plan.write({"storage": {"url": "postgresql://bot@127.0.0.1:1/bot"}}))
    assert code == 1 and "cannot be reached" in said, said


async def test_a_token_that_is_refused_ends_the_process_with_one_word(plan: Plan) -> None:
    code, said = await _run(plan.write({"discord": {"token": "wrong.token.here"}}))
    assert code == 2
    assert "Discord did not accept" in said and "wrong.token" not in said
