"""`xquik-bot exec`: one command against a sandbox of its own, its card, and an exit code."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from bot.app.data_directory import hold
from bot.cli.conversation import Request, converse
from bot.cli.document import document
from bot.cli.main import app
from bot.cli.options import AsFile
from bot.core.chat.cards import Card, Field, Fields, Table
from bot.core.commands.outcomes import InvocationOutcome
from bot.core.messages.message import msg
from bot.storage.migrate import create
from bot.tabular.formats import TableFormat
from tests.cli.program import Ended, xquik_bot, xquik_bot_process
from tests.features.harness import HERE, TWEET, open_house

SAID = "Sandbox: a local copy of Xquik answers. Nothing reaches X, nothing costs credits."
OURS = '[storage]\nurl = "sqlite:///real.db"\n'


def data(ended: Ended) -> dict[str, Any]:
    """The one document that was printed."""
    (line,) = ended.out.splitlines()
    made: dict[str, Any] = json.loads(line)
    return made


def test_a_command_prints_its_card(tmp_path: Path) -> None:
    ended = xquik_bot_process(tmp_path, "exec", "trends region:US count:3")
    assert ended.code == 0, ended.err
    assert "Trends: United States" in ended.out
    assert ended.err.splitlines() == [SAID]
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_as_data_it_is_exactly_one_json_document_confirmed_or_not(tmp_path: Path) -> None:
    preview = data(xquik_bot(tmp_path, "exec", "--json", 'tweet post "Hello"'))
    assert [card["title"] for card in preview["cards"]] == ["Post this on X?"]
    assert (preview["outcome"], preview["sandbox"], preview["files"]) == ("ok", True, [])
    posted = xquik_bot(tmp_path, "exec", "--json", "--yes", 'tweet post "Hello"')
    assert posted.code == 0
    assert [card["title"] for card in data(posted)["cards"]] == ["Post this on X?", "Posted on X"]
    refused = xquik_bot(tmp_path, "exec", "--json", "draft show 999")
    assert refused.code == 1
    assert [card["title"] for card in data(refused)["cards"]] == ["Not found"]
    assert data(refused)["outcome"] == "failed"


def test_as_data_it_is_a_document_too_when_the_bot_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(OURS)
    ended = xquik_bot(tmp_path, "exec", "--json", "--tenant", "slack:T1", "help")
    assert ended.code == 1
    shown = data(ended)
    assert (shown["outcome"], shown["sandbox"], shown["files"]) == ("failed", False, [])
    assert [card["title"] for card in shown["cards"]] == ["A stored secret cannot be opened"]
    assert "keys new" in ended.out
    words = xquik_bot(tmp_path, "exec", "--tenant", "slack:T1", "help")
    assert (words.code, words.out) == (1, "")
    assert "There is no vault key" in words.err


def test_as_data_a_mistake_of_the_machine_is_a_document_without_its_words(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "bot.db").mkdir()  # a directory in place of the database
    ended = xquik_bot(tmp_path, "exec", "--json", "--data", "kept", "help")
    assert ended.code == 1, ended.err
    assert data(ended)["outcome"] == "failed"
    assert data(ended)["sandbox"] is True


@pytest.mark.parametrize("line", ["setup key", "tweet post", "draw"])
def test_what_a_form_would_ask_for_is_not_understood_where_nobody_can_be_asked(
    tmp_path: Path, line: str
) -> None:
    ended = xquik_bot(tmp_path, "exec", "--json", line)
    assert ended.code == 2
    assert data(ended)["outcome"] == "not_understood"


def test_the_outcomes_that_are_documented_are_those_that_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exec.md").read_text()
    (said,) = (line for line in page.splitlines() if line.startswith("- `outcome`"))
    assert {one.value for one in InvocationOutcome if one is not InvocationOutcome.FORM} == set(
        re.findall("`([a-z_]+)`", said)
    ) - {"outcome"}


def test_a_monitor_starts_by_yes_alone_and_is_printed_once(tmp_path: Path) -> None:
    shown = xquik_bot(tmp_path, "exec", "--data", "kept", "monitor add nasa")
    assert shown.code == 0 and "Watch @nasa?" in shown.out
    assert "30 credits an hour, 720 a day" in shown.out and "--yes" in shown.out
    assert "No monitors yet" in xquik_bot(tmp_path, "exec", "--data", "kept", "monitor list").out
    done = xquik_bot(tmp_path, "exec", "--data", "kept", "--yes", "monitor add nasa")
    assert done.code == 0 and done.out.count("Watching @") == 1, done.out
    again = data(xquik_bot(tmp_path, "exec", "--data", "kept", "--json", "--yes", "monitor add nasa"))
    assert [card["title"].lower() for card in again["cards"]] == ["already watching @nasa"]
    route = data(xquik_bot(tmp_path, "exec", "--json", "--yes", 'monitor keyword "İstanbul depremi"'))
    assert [card["title"] for card in route["cards"]] == ["Watch this search?", "Watching a search"]


def test_what_costs_more_than_usual_runs_by_yes_alone(tmp_path: Path) -> None:
    line = "media get " + " ".join(str(1893500000000000001 + n) for n in range(101))
    shown = xquik_bot(tmp_path, "exec", line)
    assert shown.code == 0 and "Spend up to 101 credits?" in shown.out and "--yes" in shown.out
    done = data(xquik_bot(tmp_path, "exec", "--json", "--yes", line))
    assert (done["outcome"], len(done["cards"])) == ("ok", 2)
    assert "Media" in done["cards"][-1]["title"]


def test_as_data_numbers_are_numbers_and_ids_are_texts() -> None:
    values = (("Post", "1893456789012345678"), ("Likes", "1,234"), ("Both", "1, 2"), ("Id", "12"))
    fields = Fields(tuple(Field(name, (value,)) for name, value in values))
    rates = Fields((Field("Tweets a day", (msg("{number}", number=0.02),)), Field("Ratio", ("1,234.5",))))
    table = Table(("Id", "Place", "Trend"), ((("7",), ("1",), ("2026",)), (("8",), ("2",), ("#moon",))))
    made = json.loads(document("ok", [Card("t", (fields, table, rates))], (), sandbox=False))
    shown, rows, rated = made["cards"][0]["blocks"]
    assert [item["value"] for item in rated["items"]] == [[0.02], [1234.5]]
    assert [item["value"] for item in shown["items"]] == [["1893456789012345678"], [1234], ["1, 2"], ["12"]]
    assert rows["rows"] == [[["7"], [1], [2026]], [["8"], [2], ["#moon"]]]


def test_files_are_named(tmp_path: Path) -> None:
    draw = "draw run https://x.com/xquik/status/1893456789012345678"
    drawn = data(xquik_bot(tmp_path, "exec", "--data", "kept", "--json", "--yes", draw))
    assert (drawn["outcome"], drawn["files"]) == ("ok", [])
    listed = data(xquik_bot(tmp_path, "exec", "--data", "kept", "--json", "draw list"))
    table = next(block for block in listed["cards"][0]["blocks"] if block["type"] == "Table")
    (identity,) = (part if isinstance(part, str) else part["text"] for part in table["rows"][0][-1])
    exported = data(xquik_bot(tmp_path, "exec", "--data", "kept", "--json", f"draw export {identity}"))
    file, record = exported["files"]
    assert record["name"].endswith("-record.csv")
    assert Path(file["path"]).name == file["name"]
    assert Path(file["path"]).stat().st_size == file["bytes"] > 0


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["words", "data"])
def test_beside_the_settings_of_a_bot_it_must_be_said_which_is_meant(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    (tmp_path / "config.toml").write_text(OURS)
    ended = xquik_bot(tmp_path, "exec", *flags, "--yes", 'tweet post "Hello"')
    assert (ended.code, ended.out) == (2, "")
    assert "--tenant slack:T0001" in ended.err
    assert "--sandbox" in ended.err
    tried = xquik_bot(tmp_path, "exec", *flags, "--sandbox", "trends US")
    assert tried.code == 0
    assert tried.err.splitlines()[0] == SAID
    assert not (tmp_path / "real.db").exists()


@pytest.mark.parametrize("flag", [("--sandbox",), ("--data", "kept")], ids=["sandbox", "data"])
def test_a_sandbox_and_a_bot_of_ones_own_exclude_each_other(tmp_path: Path, flag: tuple[str, ...]) -> None:
    ended = xquik_bot(tmp_path, "exec", *flag, "--tenant", "slack:T1", "help")
    assert ended.code == 2
    assert "cannot be used together" in ended.err


def test_a_directory_keeps_the_sandbox_and_its_database(tmp_path: Path) -> None:
    saved = xquik_bot(tmp_path, "exec", "--data", "kept", 'draft save "For later"')
    assert saved.code == 0, saved.err
    listed = xquik_bot(tmp_path, "exec", "--data", "kept", "draft list")
    assert listed.code == 0, listed.err
    assert "For later" in listed.out
    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "kept").iterdir()}
    assert modes["vault.key"] == modes["bot.db"] == 0
    with hold(tmp_path / "kept"):
        taken = xquik_bot(tmp_path, "exec", "--data", "kept", "draft list")
    assert (taken.code, taken.out) == (2, "")
    assert "Another `demo` or `exec` is already running on" in taken.err
    assert "--data DIR" in taken.err and "--port" not in taken.err, "`exec` has no such option"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["exec", "trneds"], 2, "Did you mean 'trends'?"),
        (["exec", "draw run"], 2, "needs tweet"),
        (["exec", "trends count:99"], 2, "from 1 to 50"),
        (["exec", "--role", "member", "trends US"], 3, "This needs spend"),
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
        assert json.loads(last)["cards"][-1]["title"] == "Posted on X"
        assert json.loads(last)["sandbox"] is False
        assert await house.app.relay.deliveries.backlog() == 0
        assert await house.app.relay.deliveries.dead(HERE, 10) == ()


async def test_a_draw_among_fewer_than_all_is_run_only_where_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template.db"
    await create(f"sqlite:///{template}")
    async with open_house(tmp_path, template) as house:
        await house.control("credits", body={"balance": 42})
        request = Request(f"draw run {TWEET}", "ada", admin=True, as_json=True, yes=True)
        assert await converse(house.app, HERE, request) == 1
        said = capsys.readouterr()
        document = json.loads(said.out.splitlines()[-1])
        assert document["outcome"] == "failed"
        assert document["cards"][-1]["title"] == "Draw among fewer than all?"
        assert "--partial" in said.err
        assert await house.requests("/draws") == 0
        assert await converse(house.app, HERE, replace(request, partial=True)) == 0
        document = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert document["cards"][-1]["title"] == "Draw result"


@pytest.mark.parametrize("line", ["https://x.com/i/web/status/20", "<https://fixupx.com/jack/status/20>."])
def test_a_link_alone_says_what_can_be_typed_with_it(tmp_path: Path, line: str) -> None:
    ended = xquik_bot(tmp_path, "exec", line)
    assert ended.code == 0, ended.err
    assert "/status/20" in ended.out and "tweet show LINK" in ended.out and "draw run LINK" in ended.out


def test_all_of_a_list_is_saved_as_a_file(tmp_path: Path) -> None:
    """What costs credits is asked about, and not read without --yes."""
    line = ("--file", "csv", "user followers @cafe_luna")
    asked = data(xquik_bot(tmp_path, "exec", "--json", *line))
    assert asked["files"] == [] and "3120" in str(asked["cards"][-1]).replace(",", "")
    done = data(xquik_bot(tmp_path, "exec", "--json", "--yes", *line))
    (file,) = done["files"]
    assert file["name"] == "followers-of-cafe-luna.csv"
    assert Path(file["path"]).read_bytes().startswith(b"\xef\xbb\xbfid,username,name,bio,")
    free = data(xquik_bot(tmp_path, "exec", "--json", "--file", "json", "radar source:github"))
    assert [one["name"].endswith(".json") for one in free["files"]] == [True]
    none = xquik_bot(tmp_path, "exec", "--file", "csv", "trends")
    assert none.code == 1 and "no list" in none.err
    assert [one.value for one in AsFile] == [one.value for one in TableFormat]


def test_a_list_that_is_asked_about_first_is_saved_with_yes(tmp_path: Path) -> None:
    assert xquik_bot(tmp_path, "exec", "--data", "kept", "setup spending 10").code == 0
    line = ("exec", "--data", "kept", "--file", "csv", "user followers @cafe_luna")
    asked = xquik_bot(tmp_path, *line)
    assert asked.code == 1 and "--yes" in asked.err and "no list" not in asked.err
    assert not list(tmp_path.glob("*.csv"))
    done = xquik_bot(tmp_path, *line, "--yes")
    assert done.code == 0, done.err
    assert (tmp_path / "followers-of-cafe-luna.csv").exists()


@pytest.mark.parametrize(("option", "known"), [("--file", "'xlsx'"), ("--role", "'member'")])
def test_a_value_that_there_is_not_is_told_in_our_words(tmp_path: Path, option: str, known: str) -> None:
    ended = xquik_bot(tmp_path, "exec", option, "xml", "trends")
    assert ended.code == 2 and known in ended.err
    assert "Value error" not in ended.err


def test_every_option_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "exec.md").read_text()
    command = next(one for one in app.registered_commands if one.name == "exec")
    alone = typer.Typer(add_completion=False)
    alone.registered_commands.append(command)
    options = [flag for option in get_command(alone).params for flag in option.opts if flag.startswith("--")]
    assert {"--file", "--language", "--tenant"} <= set(options)
    assert [flag for flag in options if flag not in page] == []


def test_a_language_speaks_from_the_answer_on_that_says_it_is_set(tmp_path: Path) -> None:
    line = ("exec", "--data", "kept")
    chosen = xquik_bot(tmp_path, *line, "me language en-XA")
    assert chosen.code == 0 and "⟦" in chosen.out.splitlines()[0]
    assert "⟦" not in xquik_bot(tmp_path, *line, "me language off:yes").out.splitlines()[0]
    asked_for = xquik_bot(tmp_path, *line, "--language", "en", "me language en-XA")
    assert "⟦" not in asked_for.out.splitlines()[0], "--language counts more"
