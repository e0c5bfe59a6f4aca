"""A file of `apply` that names accounts by the usernames they had changes no route, and the diff says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.apply_file import read_document
from bot.app.applying import changes
from bot.app.exporting import exported
from bot.app.wiring import App
from bot.cli.operate import apply_file
from bot.core.chat.ids import TenantId
from bot.core.routes.account_names import NameSource, Sighting
from bot.settings import Settings, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key

HERE = TenantId("discord", "900")
HEAD = '[[tenant]]\nplatform = "discord"\nworkspace = "900"\n'
NASA, ESA, STRANGER = "11", "22", "33"


def file_of(*accounts: str, name: str = "r", channel: str = "100") -> str:
    listed = ", ".join(f'"{one}"' for one in accounts)
    return f'{HEAD}[[tenant.route]]\nname = "{name}"\nchannel = "{channel}"\naccounts = [{listed}]\n'


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    made = await App.open(
        Settings(storage=StorageSection(url=url), vault=VaultSection(keys=(new_key(),))), migrating=True
    )
    try:
        yield made
    finally:
        await made.close()


class File:
    """A file that is applied again and again."""

    def __init__(self, app: App, path: Path) -> None:
        self._app, self._path = app, path

    async def diff(self, text: str) -> list[str]:
        """What applying it would say."""
        self._path.write_text(text)
        (wanted,) = read_document(self._path)
        return [change.text for change in await changes(self._app, wanted)]

    async def apply(self, text: str) -> list[str]:
        """What applying it says."""
        self._path.write_text(text)
        (wanted,) = read_document(self._path)
        found = await changes(self._app, wanted)
        done = [change for change in found if change.do is not None]
        for change in done:
            assert change.do is not None
            await change.do()
        return [change.text for change in done]

    async def accounts(self, name: str = "r") -> tuple[str, ...]:
        found = await self._app.services.relay.routes.named(HERE, name)
        assert found is not None
        return found.accounts

    async def seen(self, *pairs: tuple[str, str]) -> None:
        await self._app.relay.renaming.seen(HERE, pairs)


@pytest.fixture
def file(app: App, tmp_path: Path) -> File:
    return File(app, tmp_path / "tenants.toml")


SAID = "  route r of discord:900: @nasa is now @nasahq"


async def test_a_former_username_means_the_same_account_and_changes_nothing(app: App, file: File) -> None:
    await file.apply(file_of("nasa", "esa"))
    await file.seen((NASA, "nasa"), (ESA, "esa"))
    await file.seen((NASA, "NASAhq"))
    assert await file.diff(file_of("nasa", "esa")) == [SAID]
    assert await file.diff(file_of("@NASA", "esa")) == [SAID]
    assert await file.apply(file_of("nasa", "esa")) == []
    assert await file.accounts() == ("nasahq", "esa")
    assert await file.diff(file_of("nasahq", "esa")) == []
    assert await file.diff(await exported(app)) == []
    assert 'accounts = ["nasahq", "esa"]' in await exported(app)


async def test_the_file_may_name_it_both_ways_and_change_the_route_besides(app: App, file: File) -> None:
    await file.apply(file_of("nasa"))
    await file.seen((NASA, "nasa"))
    await file.seen((NASA, "nasahq"))
    assert await file.diff(file_of("nasa", "nasahq")) == [SAID]
    more = file_of("nasa", "esa")
    assert await file.apply(more) == ["~ route r of discord:900 to 100 (accounts)"]
    assert await file.accounts() == ("nasahq", "esa")
    found = await app.services.relay.routes.named(HERE, "r")
    assert found is not None and [one.id for one in found.known] == [NASA]
    moved = file_of("nasa", "esa", channel="200")
    assert await file.apply(moved) == ["~ route r of discord:900 to 200 (channels)"]
    assert await file.accounts() == ("nasahq", "esa")


async def test_a_new_route_of_the_file_means_the_account_too(file: File) -> None:
    await file.apply(file_of("nasa"))
    await file.seen((NASA, "nasa"))
    await file.seen((NASA, "b"))
    await file.seen((NASA, "c"))
    for former in ("nasa", "b"):
        said = await file.diff(file_of(former, name="new"))
        assert said[0] == f"  route new of discord:900: @{former} is now @c"
        assert said[1] == "+ route new of discord:900 to 100"
    await file.apply(file_of("nasa", name="new"))
    assert await file.accounts("new") == ("c",)


async def test_who_has_the_username_now_is_meant_where_that_is_known(app: App, file: File) -> None:
    both = f'{file_of("nasa")}[[tenant.route]]\nname = "all"\nchannel = "300"\n'
    await file.apply(both)
    await file.seen((NASA, "nasa"))
    await file.seen((NASA, "nasahq"))
    await file.seen((STRANGER, "nasa"))
    assert await file.apply(both) == ["~ route r of discord:900 to 100 (accounts)"]
    found = await app.services.relay.routes.named(HERE, "r")
    assert found is not None and [one.id for one in found.known] == [STRANGER]


async def test_another_tenants_renames_mean_nothing_here(app: App, file: File) -> None:
    await file.apply(file_of("nasa"))
    other = TenantId("slack", "T1")
    told = [Sighting(NASA, "nasahq", 1.0, NameSource.RENAME, "nasa")]
    await app.relay.renaming.take(other, told)
    assert await file.diff(file_of("nasa")) == []


async def test_the_command_says_it_and_that_there_is_nothing_to_change(
    app: App, file: File, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await file.apply(file_of("nasa"))
    await file.seen((NASA, "nasa"))
    await file.seen((NASA, "nasahq"))
    config = tmp_path / "config.toml"
    key = app.settings.vault.keys[0].get_secret_value()
    config.write_text(
        f'[storage]\nurl = "{app.settings.storage.url}"\n[vault]\nkeys = ["{key}"]\n'
        '[xquik]\nbase_url = "http://127.0.0.1:9/api/v1"\n'
    )
    config.chmod(0o600)
    assert await apply_file(tmp_path / "tenants.toml", config, dry_run=True) == 0
    assert capsys.readouterr().out.splitlines() == [SAID, "Nothing to change."]
