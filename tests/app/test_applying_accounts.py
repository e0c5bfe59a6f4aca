"""Default accounts in the file of `apply`: set, changed, taken back, written, and refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.apply_file import read_document
from bot.app.applying import changes
from bot.app.exporting import exported
from bot.app.wiring import App
from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.settings import Settings, SettingsError, StorageSection, VaultSection
from bot.storage.migrate import migrate
from bot.storage.secrets.vault import new_key
from tests.app.test_applying_routes import HEAD, HERE

SET = f"""{HEAD}[tenant.accounts]
default = "@acme"
[tenant.accounts.channels]
"C2" = "acme_news"
"""


async def _applied(app: App, path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")  # noqa: ASYNC240 - a small file of a test
    found = [change for wanted in read_document(path) for change in await changes(app, wanted)]
    for change in found:
        assert change.do is not None
        await change.do()
    return [change.text for change in found]


async def test_they_are_set_changed_taken_back_and_exported_and_people_keep_theirs(tmp_path: Path) -> None:
    settings = Settings(
        storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"), vault=VaultSection(keys=(new_key(),))
    )
    await migrate(settings.storage.url)
    app = await App.open(settings)
    path = tmp_path / "file.toml"
    try:
        first = await _applied(app, path, SET)
        assert first[1:] == [
            "+ default account @acme of discord:900",
            "+ default account @acme_news of channel C2 of discord:900",
        ]
        assert await _applied(app, path, SET) == []
        defaults = app.services.accounts.defaults
        own = DefaultAccount(Scope.PERSON, "ann", "acme_de", at=1.0)
        await defaults.put(HERE, own)
        text = await exported(app)
        assert "acme_de" not in text
        assert await _applied(app, path, text) == [], text
        # A file that says nothing of them leaves them alone.
        assert await _applied(app, path, HEAD) == []
        changed = await _applied(app, path, f'{HEAD}[tenant.accounts]\ndefault = "acme_inc"\n')
        assert changed == [
            "~ default account @acme_inc of discord:900",
            "- default account @acme_news of channel C2 of discord:900",
        ]
        assert [one.username for one in await defaults.of_tenant(HERE)] == ["acme_inc", "acme_de"]
    finally:
        await app.close()


@pytest.mark.parametrize(
    "part", ['default = "not a name"', 'defualt = "acme"', '[tenant.accounts.channels]\nC1 = "x y"']
)
def test_what_is_no_account_is_refused_by_name(tmp_path: Path, part: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(f"{HEAD}[tenant.accounts]\n{part}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="accounts"):
        read_document(path)
