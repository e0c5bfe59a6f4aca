"""`run` and `check` agree: what one ends at, the other names, and where one starts, the other is green.

Each row is one change to settings that work, for a process with some roles. Both are asked before the first
start, on a directory of its own; where `run` starts, `check` is asked again beside it and after it.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app.doctor import examine
from bot.core.errors import BotError
from bot.core.findings import Finding
from bot.storage.secrets.vault import new_key
from tests.journeys.run.harness import Plan, Sections, free_port, start, vendors
from tests.journeys.slack.place import furnish

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOWHERE = "127.0.0.1:9"  # nobody listens there


@dataclass
class Scene:
    """What a row may use. held: is let go of at the end of its test."""

    plan: Plan
    held: ExitStack = field(default_factory=ExitStack)

    def another_port(self) -> int:
        """A port at which another program answers as it likes."""
        return int(self.plan.vendors.discord.api_url.split(":")[2].split("/")[0])

    def silent_port(self) -> int:
        """A port at which another program says nothing."""
        return int(self.held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1])

    def file(self, name: str, content: bytes = b"") -> str:
        """A file of that content."""
        path = self.plan.directory / name
        path.write_bytes(content)
        return str(path)

    def directory(self, name: str) -> str:
        """A directory where a file is wanted."""
        path = self.plan.directory / name
        path.mkdir()
        return str(path)


Changes = Sections | Callable[[Scene], Sections]


@dataclass(frozen=True)
class Row:
    """named: what both must say where `run` does not start; nothing where it does."""

    name: str
    changes: Changes = field(default_factory=dict)
    named: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("all",)
    discord: bool = True
    slack: str | None = "socket"

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def _empty(section: str, key: str) -> Row:
    return Row(f"empty {section}.{key}", {section: {key: ""}}, (f"{section}.{key} is empty",))


def _secret_file(name: str, content: str | bytes | None, *said: str) -> Row:
    def changes(scene: Scene) -> Sections:
        if content is None:
            path = scene.directory("token")
        else:
            path = scene.file("token", content) if isinstance(content, bytes) else content
        return {"discord": {"token": None, "token_file": path}}

    return Row(name, changes, ("discord.token_file", *said))


def _database(name: str, url: Callable[[Scene], str], *said: str, roles: tuple[str, ...] = ("all",)) -> Row:
    return Row(name, lambda scene: {"storage": {"url": url(scene)}}, ("storage.url", *said), roles)


REFUSED = [
    # What cannot be read, or means nothing.
    Row("unknown key", {"web": {"prot": 1}}, ("web.prot", "web.port")),
    Row("unknown section", {"wbe": {"port": 1}}, ("wbe", "web")),
    Row("no such port", {"web": {"port": 99_999}}, ("web.port",)),
    Row("no port at all", {"web": {"port": "eighty"}}, ("web.port",)),
    Row("a negative port", {"web": {"metrics_port": -1}}, ("web.metrics_port",)),
    Row("one port for two", lambda s: {"web": {"metrics_port": s.plan.port}}, ("metrics_port",)),
    Row("an open address", {"web": {"public_url": "http://bot.example"}}, ("web.public_url",)),
    Row("shards below 0", {"discord": {"shard_ids": [-1]}}, ("discord.shard_ids",)),
    Row(
        "fewer shards than are named",
        {"discord": {"shard_ids": [3], "shard_count": 3}},
        ("discord.shard_count",),
    ),
    Row("a shard that Discord has not", {"discord": {"shard_ids": [7]}}, ("discord.shard_ids",)),
    Row("a placeholder", {"discord": {"token": "…"}}, ("discord.token",)),
    Row("a token of two lines", {"slack": {"bot_token": "xoxb-a\nxoxb-b"}}, ("slack.bot_token",)),
    *(
        _empty(*where)
        for where in (
            ("web", "host"),
            ("web", "public_url"),
            ("web", "operator_token"),
            ("storage", "url"),
            ("vault", "keys"),
            ("xquik", "base_url"),
            ("discord", "token"),
            ("discord", "api_url"),
            ("slack", "bot_token"),
            ("slack", "app_token"),
            ("slack", "client_id"),
            ("otel", "endpoint"),
        )
    ),
    _secret_file("a secret's file that is not there", "/nowhere/token", "No such file"),
    _secret_file("a secret's file that is empty", b" \n", "is empty"),
    _secret_file("a secret's file that is a directory", None, "Is a directory"),
    _secret_file("a secret's file that is not text", b"\xff\xfe", "not text"),
    _secret_file("a secret's file of nobody's home", "~no-such-user-here/token", "no such path"),
    _secret_file("a secret's file without a name", "", "is empty"),
    # The vault.
    Row("no vault key", {"vault": {"keys": []}}, ("vault.keys",)),
    Row("no vault key of two", {"vault": {"keys": [new_key().get_secret_value(), ""]}}, ("vault.keys",)),
    Row("a malformed vault key", {"vault": {"keys": ["nonsense"]}}, ("vault.keys",)),
    Row("no vault key for web", {"vault": {"keys": []}}, ("vault.keys",), ("web",)),
    # The database.
    _database("a path that is none", lambda _: "sqlite:///"),
    _database("memory", lambda _: "sqlite:///:memory:"),
    _database("a path of no file", lambda s: f"sqlite:///{s.plan.directory}/a\0b.db"),
    _database("another database", lambda _: "mysql://bot@localhost/bot"),
    _database("a port of letters", lambda _: "postgresql://bot:secret@localhost:port/bot"),
    _database("a directory as database", lambda s: f"sqlite:///{s.directory('a')}", "Is a directory"),
    _database("a file as directory", lambda s: f"sqlite:///{s.file('a')}/bot.db", "Not a directory"),
    _database(
        "no database inside", lambda s: f"sqlite:///{s.file('a', b'no database' * 99)}", "not a database"
    ),
    _database("PostgreSQL away", lambda _: f"postgresql://bot:secret@{NOWHERE}/bot", "cannot be reached"),
    _database(
        "PostgreSQL away for web",
        lambda _: f"postgresql://bot:secret@{NOWHERE}/bot",
        "cannot be reached",
        roles=("web",),
    ),
    Row(
        "a lock that cannot be held",
        lambda s: {"storage": {"url": f"sqlite:///{s.directory('bot.db.relay').removesuffix('.relay')}"}},
        ("bot.db.relay", "storage.url"),
    ),
    # Ports and addresses.
    Row("a silent port", lambda s: {"web": {"port": s.silent_port()}}, ("web.port", "Choose another port")),
    Row(
        "a taken port for figures",
        lambda s: {"web": {"metrics_port": s.another_port()}},
        ("web.metrics_port", "Choose another port"),
    ),
    Row("a taken port for relay", lambda s: {"web": {"port": s.another_port()}}, ("web.port",), ("relay",)),
    Row("another machine's address", {"web": {"host": "192.0.2.1"}}, ("web.host", "address of this machine")),
    Row(
        "another machine's address for figures",
        lambda _: {"web": {"metrics_host": "192.0.2.1", "metrics_port": free_port()}},
        ("web.metrics_host",),
    ),
    Row("a host that is no name", {"web": {"host": "a" * 70}}, ("web.host",)),
    # Platforms.
    Row("nobody to serve", named=("discord.token", "slack.bot_token"), discord=False, slack=None),
    Row("no Discord to serve", named=("discord.token",), roles=("discord",), discord=False),
    Row("no Slack to serve", named=("slack.bot_token",), roles=("slack",), slack=None),
    Row("no Slack to serve beside web", named=("slack.bot_token",), roles=("web", "slack"), slack=None),
    Row("no Slack to serve in HTTP mode", named=("slack.mode", "role web"), roles=("slack",), slack="http"),
    Row("a bad Discord token", {"discord": {"token": "wrong.token.here"}}, ("discord.token",)),
    Row("a bad Discord token for relay", {"discord": {"token": "wrong.x.y"}}, ("discord.token",), ("relay",)),
    Row("a bad Slack token", {"slack": {"bot_token": "xoxb-wrong"}}, ("slack.bot_token",)),
    Row("a bad Slack token for relay", {"slack": {"bot_token": "xoxb-no"}}, ("slack.bot_token",), ("relay",)),
    Row("a bad app token", {"slack": {"app_token": "xapp-wrong"}}, ("slack.app_token",)),
    Row("socket mode without app token", {"slack": {"app_token": None}}, ("slack.app_token",)),
    Row("socket mode without bot token", {"slack": {"bot_token": None}}, ("slack.bot_token",)),
    Row("relay without bot token", {"slack": {"bot_token": None}}, ("slack.bot_token",), ("relay",)),
    Row(
        "an id alone",
        {"slack": {"bot_token": None, "app_token": None, "client_id": "1.2"}},
        ("slack.bot_token",),
    ),
    *(
        Row(f"HTTP mode without {key}", {"slack": {key: None}}, (f"slack.{key}",), roles, slack="http")
        for key in ("signing_secret", "client_id", "client_secret")
        for roles in (("all",), ("web",))
    ),
    Row("HTTP mode without public address", {"web": {"public_url": None}}, ("web.public_url",), slack="http"),
]
STARTS = [
    Row("everything"),
    Row("Discord alone", slack=None),
    Row("Slack alone", discord=False),
    Row("HTTP mode", slack="http"),
    Row("HTTP mode for one workspace", {"slack": {"client_id": None, "bot_token": "xoxb"}}, slack="http"),
    Row("any free port", {"web": {"port": 0}}),
    Row("figures", lambda _: {"web": {"metrics_port": free_port()}}),
    Row("no public address", {"web": {"public_url": None}}),
    Row("white space around a token", lambda s: {"discord": {"token": f" {s.plan.vendors.discord.token}\n"}}),
    Row("web alone", roles=("web",), discord=False, slack=None),
    Row("relay alone", roles=("relay",), discord=False, slack=None),
    Row("web needs no platform's tokens", {"discord": {"token": "wrong"}}, roles=("web",), slack=None),
    Row("web needs no socket", {"slack": {"app_token": None, "bot_token": "no"}}, roles=("web",)),
    Row("relay needs no socket", {"slack": {"app_token": None}}, roles=("relay",)),
    Row(
        "relay needs nothing of HTTP mode",
        {"slack": {"signing_secret": None}},
        roles=("relay",),
        slack="http",
    ),
    Row("discord needs nothing of Slack", {"slack": {"app_token": None}}, roles=("discord",)),
    Row("slack needs nothing of Discord", {"discord": {"token": "wrong"}}, roles=("slack",)),
    Row("Discord away", {"discord": {"api_url": f"http://{NOWHERE}/api/v10"}}),
    Row("Discord away for relay", {"discord": {"api_url": f"http://{NOWHERE}/api/v10"}}, roles=("relay",)),
    Row("Slack away", {"slack": {"api_url": f"http://{NOWHERE}/api/"}}),
    Row("Slack away for relay", {"slack": {"api_url": f"http://{NOWHERE}/api/"}}, roles=("relay",)),
    Row("Xquik away", {"xquik": {"base_url": f"http://{NOWHERE}/api/v1"}}),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[Plan]:
    """The vendors that all rows share, and settings that work."""
    async with vendors() as all_vendors:
        all_vendors.discord.add_guild(name="Acme")
        furnish(all_vendors.slack)
        yield Plan(all_vendors, Path())


@pytest.fixture
def scene(request: pytest.FixtureRequest, world: Plan, tmp_path: Path) -> Iterator[Scene]:
    """A row's own directory and port."""
    row: Row = request.getfixturevalue("row")
    made = Scene(Plan(world.vendors, tmp_path, discord=row.discord, slack=row.slack))
    with made.held:
        yield made
    world.vendors.discord.violations.clear()  # a wrong token breaks a rule, on purpose here


def written(scene: Scene, row: Row) -> Path:
    """The settings of a row."""
    changes = row.changes(scene) if callable(row.changes) else row.changes
    return scene.plan.write(changes)


async def failures(config: Path, row: Row) -> dict[str, Finding]:
    """What `check` fails at."""
    found = [one async for one in examine(config, roles=frozenset(row.roles))]
    return {one.name: one for one in found if one.state == "failed"}


@pytest.mark.parametrize("row", REFUSED, ids=str)
async def test_where_run_ends_check_names_the_same(scene: Scene, row: Row) -> None:
    config = written(scene, row)
    failed = await failures(config, row)
    with pytest.raises(BotError) as caught:
        await (await start(config, row.roles)).stop()
    error = caught.value
    assert error.exit_code in (1, 2)
    for said in (
        f"{error.title}: {error.detail} {error.remedy}",
        " ".join(f"{one.name}: {one.detail} {one.remedy}" for one in failed.values()),
    ):
        assert not [name for name in row.named if name not in said], said
        assert "secret@" not in said
    assert error.detail in {one.detail for one in failed.values()}, "in the same words"


@pytest.mark.parametrize("row", STARTS, ids=str)
async def test_where_run_starts_check_is_green(scene: Scene, row: Row) -> None:
    if row.name == "HTTP mode for one workspace":
        token = scene.plan.vendors.slack.workspaces["T0001"].bot_token
        row = Row(row.name, {"slack": {"client_id": None, "bot_token": token}}, slack="http")
    config = written(scene, row)
    assert await failures(config, row) == {}
    bot = await start(config, row.roles)
    try:
        assert await failures(config, row) == {}, "beside the running bot"
    finally:
        await bot.stop()
    assert await failures(config, row) == {}


async def beside(config: Path, roles: tuple[str, ...] = ("all",)) -> dict[str, Finding]:
    """The report, by name."""
    return {one.name: one async for one in examine(config, roles=frozenset(roles))}
