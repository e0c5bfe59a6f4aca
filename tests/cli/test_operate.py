"""The commands of whoever runs the bot: apply, export, keys, migrate, backup, check, docs."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import httpx
import pytest

from bot.app.wiring import App
from bot.sandbox.server import serve_sandbox
from bot.settings import Settings, load
from bot.storage.engine.relay_lock import relay_lock
from bot.storage.secrets.vault import new_key
from tests.cli.program import Ended, xquik_bot
from tests.features.harness import QUIET

KEY = "xq_" + "0123456789abcdef" * 4
SECRET = "whsec-nobody-may-see"
APPLY = """
[[tenant]]
platform = "slack"
workspace = "T0001"
name = "Acme \\"quoted\\""
api_key_env = "XQ_KEY_ACME"
[tenant.webhook]
secret_env = "XQ_HOOK_ACME"
[[tenant.grant]]
to = "role:S1"
permissions = ["spend", "publish"]
[[tenant.grant]]
to = "members"
permissions = ["view", "spend"]
[[tenant.route]]
name = "launches"
channel = "C0001"
accounts = ["@NASA", "esa"]
events = ["tweet.new", "tweet.quote"]
[[tenant.route]]
name = "words"
channel = "C0002"
thread = "1.2"
keywords = ["artemis launch"]

[[tenant]]
platform = "discord"
workspace = "123"
"""
ENV = {"XQ_KEY_ACME": KEY, "XQ_HOOK_ACME": SECRET}


@pytest.fixture
def config(empty: Path, impatient: None) -> Path:
    """Settings, tenants to apply, and a database with the tables of this version."""
    del impatient
    assert run(empty, "migrate").out.startswith("Applied: 0001")
    return empty


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The same before anything was started or migrated."""
    path = tmp_path / "config.toml"
    key = new_key().get_secret_value()
    path.write_text(
        f'[storage]\nurl = "sqlite:///{tmp_path}/bot.db"\n[vault]\nkeys = ["{key}"]\n'
        # Nobody listens there: no test of ours asks the vendor.
        '[xquik]\nbase_url = "http://127.0.0.1:9/api/v1"\n[web]\nport = 0\n'
    )
    (tmp_path / "tenants.toml").write_text(APPLY)
    return path


def run(config: Path, *arguments: str, **env: str) -> Ended:
    ended = xquik_bot(config.parent, *arguments, **(ENV | env))
    assert "Traceback" not in ended.err
    for word in (KEY, SECRET):
        assert word not in ended.out + ended.err
    return ended


def _beside(config: Path, xquik: str) -> None:
    config.write_text(config.read_text().replace("http://127.0.0.1:9/api/v1", xquik))


def _write_tenants(config: Path, old: str, new: str) -> None:
    (config.parent / "tenants.toml").write_text(APPLY.replace(old, new))


def _with_followers(config: Path, xquik: str) -> None:
    _beside(config, xquik)
    file = APPLY.replace('"tweet.new", "tweet.quote"', '"follower.added"')
    (config.parent / "tenants.toml").write_text(file)


async def test_apply_has_the_monitors_report_what_its_routes_name(config: Path) -> None:
    async with serve_sandbox(QUIET) as sandbox:
        _with_followers(config, sandbox.base_url)
        key = {"x-api-key": sandbox.api_key}

        async def applied(*more: str) -> str:
            env = {"XQ_KEY_ACME": sandbox.api_key}
            ended = await asyncio.to_thread(run, config, "apply", "tenants.toml", *more, **env)
            assert ended.code == 0, ended.err
            return ended.out

        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=key, trust_env=False) as client:
            await client.post("/monitors", json={"username": "nasa", "eventTypes": ["tweet.new"]})

            async def types() -> list[str]:
                return list((await client.get("/monitors")).json()["monitors"][0]["eventTypes"])

            await applied("--dry-run")
            assert await types() == ["tweet.new"]
            assert "its monitors report what its routes name" in await applied()
            assert await types() == ["follower.added", "tweet.deleted", "tweet.new"]
            assert "Nothing to change." in await applied()


async def test_apply_says_which_monitors_start_and_what_they_cost(config: Path) -> None:
    each = "30 credits an hour, 720 a day, 21,600 a month"
    async with serve_sandbox(QUIET) as sandbox:
        _beside(config, sandbox.base_url)
        key = {"x-api-key": sandbox.api_key}

        async def applied(*more: str) -> Ended:
            env = {"XQ_KEY_ACME": sandbox.api_key}
            return await asyncio.to_thread(run, config, "apply", "tenants.toml", *more, **env)

        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=key, trust_env=False) as client:
            await client.post("/monitors", json={"username": "esa", "eventTypes": ["tweet.new"]})
            (esa,) = (await client.get("/monitors")).json()["monitors"]
            await client.patch(f"/monitors/{esa['id']}", json={"isActive": False})

            async def running() -> list[str]:
                found = (await client.get("/monitors")).json()["monitors"]
                found += (await client.get("/monitors/keywords")).json()["monitors"]
                return sorted(
                    str(one.get("username") or one["query"]).lower() for one in found if one["isActive"]
                )

            dry = (await applied("--dry-run")).out
            assert f"+ monitor of @nasa for slack:T0001: {each}" in dry
            assert f"+ monitor of “artemis launch” for slack:T0001: {each}" in dry
            assert "2 monitors of slack:T0001 together: 60 credits an hour" in dry
            assert "@esa is paused" in dry and "monitor of @esa" not in dry
            assert await running() == []
            done = await applied()
            assert done.code == 0 and f"+ monitor of @nasa for slack:T0001: {each}" in done.out
            assert await running() == ["artemis launch", "nasa"]
            monitors = (await client.get("/monitors")).json()["monitors"]
            for one in monitors:
                await client.patch(f"/monitors/{one['id']}", json={"isActive": False})
            assert "Nothing to change." in (await applied()).out
            assert await running() == ["artemis launch"], "what is paused stays so"


async def test_apply_starts_nothing_where_the_file_says_so_or_xquik_refuses(config: Path) -> None:
    async with serve_sandbox(QUIET) as sandbox:
        _beside(config, sandbox.base_url)

        async def applied() -> Ended:
            env = {"XQ_KEY_ACME": sandbox.api_key}
            return await asyncio.to_thread(run, config, "apply", "tenants.toml", **env)

        _write_tenants(config, "[[tenant.route]]\n", "[[tenant.route]]\nwatch = false\n")
        assert "monitor of" not in (await applied()).out
        _write_tenants(config, '"@NASA", "esa"', '"missing_person"')
        refused = await applied()
        assert refused.code == 1 and "@missing_person is not watched yet: " in refused.err
        assert "~ route launches" in refused.out


def test_apply_says_that_xquik_could_not_be_asked_and_goes_on(config: Path) -> None:
    first = run(config, "apply", "tenants.toml")
    assert first.code == 0 and "could not be asked" in first.out and "+ route launches" in first.out
    assert "+ monitor" not in first.out


def test_apply_prints_what_changes_and_a_second_time_changes_nothing(config: Path) -> None:
    dry = run(config, "apply", "tenants.toml", "--dry-run")
    assert dry.code == 0, dry.err
    assert "+ tenant slack:T0001" in dry.out
    assert "nothing was done" in dry.out
    first = run(config, "apply", "tenants.toml")
    for line in (
        "+ key of slack:T0001",
        "+ webhook secret",
        "~ policy",
        "+ route launches",
        "+ tenant discord:123",
    ):
        assert line in first.out
    paths = re.findall(r"/hooks/xquik/[\w-]{22,}", first.out)
    assert len(set(paths)) == 2
    second = run(config, "apply", "tenants.toml")
    assert "Nothing to change." in second.out
    assert re.findall(r"/hooks/xquik/[\w-]{22,}", second.out) == paths, "the addresses stay"


def test_a_route_that_is_changed_or_left_out_is_changed_or_removed(config: Path) -> None:
    run(config, "apply", "tenants.toml")
    text = APPLY.replace('"C0001"', '"C0009"').replace(
        APPLY[APPLY.index('[[tenant.route]]\nname = "words"') :], ""
    )
    (config.parent / "tenants.toml").write_text(text)
    ended = run(config, "apply", "tenants.toml")
    assert "~ route launches of slack:T0001 to C0009" in ended.out
    assert "- route words" in ended.out
    assert "discord" not in ended.out, "tenants that are not named are left alone"
    assert "Nothing to change." in run(config, "apply", "tenants.toml").out


def test_export_is_what_apply_reads_without_any_secret(config: Path) -> None:
    run(config, "apply", "tenants.toml")
    exported = run(config, "export")
    assert exported.code == 0, exported.err
    assert 'to = "members"\npermissions = ["view", "spend"]' in exported.out
    (config.parent / "asis.toml").write_text(exported.out)
    assert "Nothing to change." in run(config, "apply", "asis.toml").out
    again = exported.out.replace("# hook_id", "hook_id").replace(
        '# api_key_env = "…"', 'api_key_env = "XQ_KEY_ACME"'
    )
    again = again.replace('# secret_env = "…"', 'secret_env = "XQ_HOOK_ACME"', 1)
    (config.parent / "again.toml").write_text(again)
    applied = run(config, "apply", "again.toml")
    assert "Nothing to change." in applied.out, applied.out + applied.err
    fresh = config.parent / "fresh.toml"
    fresh.write_text(config.read_text().replace("/bot.db", "/fresh.db"))
    assert run(config, "migrate", "--config", str(fresh)).code == 0
    assert run(config, "apply", "again.toml", "--config", str(fresh)).code == 0
    assert run(config, "export", "--config", str(fresh)).out == exported.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('platform = "slack"', 'platform = "teams"'), "tenant.0.platform"),
        (('channel = "C0001"', 'chanel = "C0001"'), "tenant.0.route.0"),
        (('accounts = ["@NASA", "esa"]', 'accounts = ["not a name"]'), "tenant.0.route.0.accounts"),
        (('name = "words"', 'name = "launches"'), "two routes are called launches"),
        (('to = "role:S1"', 'to = "nobody"'), "tenant.0.grant.0.to"),
        (('permissions = ["spend", "publish"]', 'permissions = ["rule"]'), "tenant.0.grant.0.permissions"),
        (('platform = "slack"', 'platform = "discord"'), "only Slack tells members from guests"),
        (('"XQ_KEY_ACME"', '"XQ_NOT_SET"'), "XQ_NOT_SET"),
        (('platform = "discord"\nworkspace = "123"', 'platform = "slack"\nworkspace = "T0001"'), "twice"),
        (("[[tenant]]", "[[tenant"), "line 2"),
        (
            ('api_key_env = "XQ_KEY_ACME"', f'api_key = "{KEY}"\napi_key_env = "XQ_KEY_ACME"'),
            "more than one way",
        ),
        (('api_key_env = "XQ_KEY_ACME"', 'api_key_file = "/nowhere"'), "/nowhere"),
    ],
)
def test_a_mistake_in_the_file_names_its_place_and_changes_nothing(
    config: Path, change: tuple[str, str], said: str
) -> None:
    (config.parent / "tenants.toml").write_text(APPLY.replace(*change))
    ended = run(config, "apply", "tenants.toml")
    assert ended.code == 2, ended.out + ended.err
    assert said in ended.err
    assert run(config, "export").out.strip() == ""


def test_a_file_that_is_not_there_is_said_to_be_missing(config: Path) -> None:
    assert "missing.toml cannot be read" in run(config, "apply", "missing.toml").err


def test_with_another_vault_key_nothing_is_opened_or_overwritten(config: Path) -> None:
    run(config, "apply", "tenants.toml")
    before = config.read_text()
    config.write_text(re.sub(r"keys = .*", f'keys = ["{new_key().get_secret_value()}"]', before))
    ended = run(config, "export")
    assert ended.code == 1
    assert "vault.keys" in ended.err
    config.write_text(before)
    assert "Nothing to change." in run(config, "apply", "tenants.toml").out


def test_keys_are_made_and_rotated(config: Path) -> None:
    run(config, "apply", "tenants.toml")
    made = run(config, "keys", "new").out.strip()
    text = config.read_text()
    old = re.search(r'keys = \["(.*)"\]', text)
    assert old is not None
    config.write_text(text.replace(f'["{old[1]}"]', f'["{made}", "{old[1]}"]'))
    # The key of Xquik, the secret of the webhook, what a start is checked with, and two keys of the record.
    first = run(config, "keys", "rotate").out
    assert first.startswith("5 secrets were encrypted again with the newest key; 0 already had it.")
    again = run(config, "keys", "rotate").out
    assert again.startswith("0 secrets were encrypted again with the newest key; 5 already had it.")
    config.write_text(text.replace(old[1], made))
    assert "Nothing to change." in run(config, "apply", "tenants.toml").out


async def test_keys_are_not_rotated_while_the_bot_that_relays_does_not_know_the_newest(config: Path) -> None:
    await asyncio.to_thread(run, config, "apply", "tenants.toml")
    before = load(config)
    _put_a_key_first(config)
    lock = relay_lock(before.storage.url)
    assert await lock.take() is None
    try:
        await _relay_for_a_moment(before)
        refused = await asyncio.to_thread(run, config, "keys", "rotate")
        assert (refused.code, refused.out) == (1, "")
        assert f"process {os.getpid()}" in refused.err
        assert "Nothing was changed" in refused.err
        assert "Restart every process with both keys" in refused.err
        await _relay_for_a_moment(before)  # which still opens everything
        await _relay_for_a_moment(load(config))
        rotated = await asyncio.to_thread(run, config, "keys", "rotate")
        assert rotated.out.startswith("5 secrets were encrypted again"), rotated.err
    finally:
        await lock.release()


def _put_a_key_first(config: Path) -> None:
    made = new_key().get_secret_value()
    config.write_text(config.read_text().replace('keys = ["', f'keys = ["{made}", "'))


async def _relay_for_a_moment(settings: Settings) -> None:
    app = await App.open(settings)
    await app.start_relaying()
    await app.stop()
    await app.close()


def test_migrate_and_backup(config: Path) -> None:
    assert run(config, "migrate").out.strip() == "The database is up to date."
    assert run(config, "backup", "copy.db").code == 0
    assert (config.parent / "copy.db").stat().st_mode & 0o777 == 0o600
    again = run(config, "backup", "copy.db")
    assert again.code == 2
    assert "copy.db" in again.err


def test_a_backup_is_repeated_into_a_directory(config: Path) -> None:
    for count in range(1, 4):
        ended = run(config, "backup", "copies", "--keep", "2")
        assert ended.code == 0, ended.err
        assert f"{min(count, 2)} of at most 2 copies there" in ended.out
    assert "1 older deleted" in ended.out
    files = list((config.parent / "copies").iterdir())
    assert len(files) == 2
    assert all(re.fullmatch(r"xquik-bot-[\dT-]+Z(-\d)?\.db", file.name) for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert run(config, "backup", "copies").code == 0, "a directory that is there needs no --keep"
    assert len(list((config.parent / "copies").iterdir())) == 3
    refused = run(config, "backup", "config.toml", "--keep", "2")
    assert refused.code == 2 and "Name a directory" in refused.err
    assert run(config, "backup", "copies", "--keep", "0").code == 2


def test_a_broken_config_names_the_line(config: Path) -> None:
    config.write_text("[web]\nprot = 1\n")
    for arguments in (["export"], ["migrate"], ["run"], ["apply", "tenants.toml"]):
        ended = run(config, *arguments)
        assert ended.code == 2
        assert "config.toml, line 2" in ended.err


def test_the_doctor_reports_and_fails_when_something_fails(config: Path) -> None:
    nobody = run(config, "check")
    assert nobody.code == 1, "as run would"
    assert "✗ platforms: Neither Discord nor Slack is configured" in nobody.out
    slack = 'public_url = "https://bot.example"\n[slack]\nmode = "http"\n'
    slack += 'signing_secret = "s"\nclient_id = "1"\nclient_secret = "c"\n'
    config.write_text(config.read_text() + slack)
    good = run(config, "check")
    assert good.code == 0, good.out
    assert "✓ database: sqlite" in good.out
    assert "– discord: no token is set" in good.out
    config.write_text(config.read_text().replace("/bot.db", "/tenants.toml/bot.db"))
    assert run(config, "check").code == 1
    config.write_text("[web]\nprot = 1\n")
    bad = run(config, "check")
    assert bad.code == 2, "as run would"
    assert "✗ settings: config.toml, line 2" in bad.out


def test_the_reference_is_printed_written_and_held_to(config: Path) -> None:
    printed = run(config, "docs")
    assert "### `draw run`" in printed.out
    assert run(config, "docs", "--write", "out").code == 0
    assert run(config, "docs", "--write", "out", "--check").code == 0
    page = config.parent / "out" / "commands.md"
    page.write_text(page.read_text() + "x")
    stale = run(config, "docs", "--write", "out", "--check")
    assert stale.code == 1
    assert "--write" in stale.err


def test_help_is_there_for_every_command(config: Path) -> None:
    whole = run(config, "--help").out
    for name in ("demo", "run", "exec", "sandbox", "apply", "export", "check", "keys", "migrate", "backup"):
        assert name in whole
    for name in ("slack-manifest", "discord-invite", "docs"):
        assert name in whole


def test_run_without_any_platform_says_what_to_set(config: Path) -> None:
    ended = run(config, "run")
    assert ended.code == 2
    assert "discord.token" in ended.err


def test_exec_acts_for_a_tenant_of_the_installation_as_whom_it_is_told(config: Path) -> None:
    (config.parent / "tenants.toml").write_text(APPLY.replace('"role:S1"', '"user:U5"'))
    run(config, "apply", "tenants.toml")
    here = ("exec", "--config", "config.toml", "--tenant", "slack:T0001")
    assert "launches" in run(config, *here, "relay list").out
    assert run(config, *here, "relay pause launches").code == 0
    assert "paused by terminal" in run(config, *here, "relay list").out
    assert "does not serve slack" in run(config, *here, "relay add channel:C1").err
    member = (*here, "--role", "member")
    assert "C0001" in run(config, *member, "relay list").out, "a member of a workspace is a full member"
    server = ("exec", "--config", "config.toml", "--tenant", "discord:123", "--role", "member")
    assert "policy grant view" in run(config, *server, "relay status").err
    assert run(config, *member, "--as", "U6", "tweet post hello").code == 3
    granted = run(config, *member, "--as", "U5", "tweet post text:''")
    assert granted.code == 2, "the one who was granted it is asked for the text"
    assert run(config, "exec", "--config", "config.toml", "help").code == 2
