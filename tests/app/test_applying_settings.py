"""What a place sets in the file of `apply`: its timezone, and above how many credits it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.apply_file import read_document
from bot.app.applying import changes
from bot.app.exporting import exported
from bot.app.wiring import App
from bot.core.policy import PolicyRule
from bot.settings import Settings, SettingsError, StorageSection, VaultSection
from bot.storage.secrets.vault import new_key
from tests.app.test_applying_routes import HEAD, HERE


async def _applied(app: App, path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")  # noqa: ASYNC240 - a small file of a test
    found = [change for wanted in read_document(path) for change in await changes(app, wanted)]
    for change in found:
        assert change.do is not None
        await change.do()
    return [change.text for change in found]


async def test_it_is_set_changed_exported_and_left_alone_and_people_keep_theirs(tmp_path: Path) -> None:
    settings = Settings(
        storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"), vault=VaultSection(keys=(new_key(),))
    )
    app = await App.open(settings, migrating=True)
    path = tmp_path / "file.toml"
    try:
        first = await _applied(app, path, f'{HEAD}timezone = "Europe/Berlin"\n')
        assert first[1:] == ["+ timezone of discord:900: Europe/Berlin"]
        await app.services.timezones.put(HERE, "ann", "Asia/Tokyo")
        text = await exported(app)
        assert 'timezone = "Europe/Berlin"' in text and "Tokyo" not in text
        assert await _applied(app, path, text) == []
        assert await _applied(app, path, HEAD) == [], "a file that says nothing of it leaves it alone"
        for written, stored in (("UTC+2", "Etc/GMT-2"), ("EST", "EST"), ("Asia/Calcutta", "Asia/Calcutta")):
            changed = await _applied(app, path, f'{HEAD}timezone = "{written}"\n')
            assert changed == [f"~ timezone of discord:900: {stored}"]
            assert await _applied(app, path, await exported(app)) == []
        assert (await app.services.timezones.chosen(HERE, "ann")).own == "Asia/Tokyo"
    finally:
        await app.close()


async def test_above_what_it_asks_is_set_changed_exported_and_left_alone(tmp_path: Path) -> None:
    settings = Settings(
        storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"), vault=VaultSection(keys=(new_key(),))
    )
    app = await App.open(settings, migrating=True)
    path = tmp_path / "file.toml"
    try:
        first = await _applied(app, path, f"{HEAD}ask_above = 50\n")
        assert first[1:] == ["+ ask above of discord:900: 50 credits"]
        text = await exported(app)
        assert "ask_above = 50" in text and await _applied(app, path, text) == []
        assert await _applied(app, path, HEAD) == []
        changed = await _applied(app, path, f"{HEAD}ask_above = 2000\n")
        assert changed == ["~ ask above of discord:900: 2,000 credits"]
    finally:
        await app.close()


@pytest.mark.parametrize("above", ["0", "-1", "1000001", '"many"'])
def test_what_is_no_number_of_credits_is_refused_by_name(tmp_path: Path, above: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(f"{HEAD}ask_above = {above}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"tenant\.0\.ask_above"):
        read_document(path)


@pytest.mark.parametrize("zone", ["berlin", "Factory", "IST", "", "../x", "Europe/Berln"])
def test_what_is_no_zone_is_refused_by_name(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(f'{HEAD}timezone = "{zone}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"tenant\.0\.timezone"):
        read_document(path)


RULES = """[[tenant.rule]]
deny = ["draw", "spend"]
channel = "42"
[[tenant.rule]]
allow = ["draw run"]
to = "role:7"
"""


async def test_rules_are_set_changed_exported_and_left_alone(tmp_path: Path) -> None:
    settings = Settings(
        storage=StorageSection(url=f"sqlite:///{tmp_path / 'bot.db'}"), vault=VaultSection(keys=(new_key(),))
    )
    app = await App.open(settings, migrating=True)
    path = tmp_path / "file.toml"
    try:
        assert (await _applied(app, path, f"{HEAD}{RULES}"))[1:] == ["~ rules of discord:900"]
        stored = (await app.services.grants.policy(HERE)).rules
        assert set(stored) == {
            PolicyRule("draw", channel="42"),
            PolicyRule("spend", channel="42"),
            PolicyRule("draw run", "role", "7", allow=True),
        }
        text = await exported(app)
        assert await _applied(app, path, text) == []
        assert await _applied(app, path, HEAD) == [], "a file that says nothing of it leaves them alone"
        assert await _applied(app, path, f"{HEAD}rule = []\n") == ["~ rules of discord:900"]
        assert (await app.services.grants.policy(HERE)).rules == ()
        assert await _applied(app, path, text) == ["~ rules of discord:900"]
        assert (await app.services.grants.policy(HERE)).rules == stored
    finally:
        await app.close()


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('deny = ["drew"]', "no command and no permission"),
        ('deny = ["draw"]\nallow = ["draw"]', "either allow or deny"),
        ("", "either allow or deny"),
        ('deny = ["draw"]\nto = "somebody"', "names nobody"),
        ('deny = ["draw"]\nto = "members"', "only Slack"),
        ('deny = ["draw", "draw"]', "two rules are about draw"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_reason(tmp_path: Path, rule: str, why: str) -> None:
    path = tmp_path / "file.toml"
    path.write_text(f"{HEAD}[[tenant.rule]]\n{rule}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=why):
        read_document(path)
