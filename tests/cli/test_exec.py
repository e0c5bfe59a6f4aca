"""`xquik-bot exec`: one command against a sandbox of its own, its card, and an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.conversation import Request, converse
from bot.storage.migrate import create
from tests.cli.program import xquik_bot, xquik_bot_process
from tests.commands.house import HERE, open_house


def test_a_command_prints_its_card(tmp_path: Path) -> None:
    ended = xquik_bot_process(tmp_path, "exec", "trends region:US count:3")
    assert ended.code == 0, ended.err
    assert "Trends: United States" in ended.out
    assert ended.err == ""
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_as_data_it_is_exactly_one_json_document_confirmed_or_not(tmp_path: Path) -> None:
    preview = xquik_bot(tmp_path, "exec", "--json", 'tweet post "Hello"')
    assert json.loads(preview.out)["title"] == "Post this on X?"
    posted = xquik_bot(tmp_path, "exec", "--json", "--yes", 'tweet post "Hello"')
    assert posted.code == 0
    assert json.loads(posted.out)["title"] == "Posted on X"
    refused = xquik_bot(tmp_path, "exec", "--json", "draft show 999")
    assert refused.code == 1
    assert json.loads(refused.out)["title"] == "Not found"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["exec", "trneds"], 2, "Did you mean 'trends'?"),
        (["exec", "draw run"], 2, "needs tweet"),
        (["exec", "trends count:99"], 2, "from 1 to 50"),
        (["exec", "--role", "member", "trends US"], 3, "spend Xquik credits"),
        (["exec", "--role", "member", "credits"], 3, "policy grant view to:@role"),
        (["exec", "--role", "member", "help monitor"], 3, "policy grant manage to:@role"),
        (["exec", "draft show 999"], 1, "Not found"),
        (["exec", "--tenant", "nowhere", "help"], 2, "PLATFORM:WORKSPACE"),
        (["exec", "--config", "missing.toml", "--tenant", "slack:T1", "help"], 2, "missing.toml"),
        (["exec"], 2, "Missing argument"),
        (["no-such-command"], 2, "No such command"),
    ],
)
def test_the_exit_code_says_how_it_ended(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    ended = xquik_bot(tmp_path, *arguments)
    assert ended.code == code, ended.err
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_an_environment_of_a_real_bot_does_not_reach_the_sandbox(tmp_path: Path) -> None:
    hostile = {"XQUIK_BOT_STORAGE__URL": f"sqlite:///{tmp_path}/real.db", "XQUIK_BOT_XQUIK__TIMEOUT": "0"}
    ended = xquik_bot(tmp_path, "exec", "credits", **hostile)
    assert ended.code == 0, ended.err
    assert not (tmp_path / "real.db").exists()


def test_a_mistake_of_the_machine_is_a_line_and_with_debug_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    ended = xquik_bot_process(tmp_path, "exec", "--config", "config.toml", "--tenant", "slack:T1", "help")
    assert ended.code == 2
    assert "Traceback" not in ended.err
    shown = xquik_bot_process(
        tmp_path, "--debug", "exec", "--config", "config.toml", "--tenant", "slack:T1", "help"
    )
    assert "Traceback" in shown.err


async def test_what_is_confirmed_here_is_told_here_and_left_for_no_channel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bot that runs on the same database has nothing to deliver to a place that is a terminal."""
    template = tmp_path / "template.db"
    await create(f"sqlite:///{template}")
    async with open_house(tmp_path, template) as house:
        request = Request('tweet post "Hello"', "ada", admin=True, as_json=True, yes=True)
        assert await converse(house.app, HERE, request) == 0
        last = capsys.readouterr().out.splitlines()[-1]
        assert json.loads(last)["title"] == "Posted on X"
        assert await house.app.relay.deliveries.backlog() == 0
        assert await house.app.relay.deliveries.dead(HERE, 10) == ()
