"""Slack installations: found for a payload, ended by removals in any order, never undone by late ones."""

from __future__ import annotations

import itertools

import pytest

from bot.core.stores import StoredInstallation
from bot.storage.engine.database import Database
from bot.storage.places.installations import StoredInstallations
from bot.storage.secrets.vault import Vault, new_key


def _installation(enterprise: str | None, team: str | None, at: float = 100.0) -> StoredInstallation:
    token = f"xoxb-{enterprise}-{team}-{at}"
    return StoredInstallation(enterprise, team, "U1", at, {"bot_token": token, "scopes": ["chat:write"]})


@pytest.fixture
def installations(database: Database) -> StoredInstallations:
    return StoredInstallations(database, Vault([new_key()]))


async def test_a_workspace_is_found_with_its_tokens(installations: StoredInstallations) -> None:
    alone = _installation(None, "T1")
    await installations.save(alone)
    assert await installations.find(None, "T1") == alone
    assert await installations.find("E1", "T1") == alone
    assert await installations.find(None, "T2") is None
    assert await installations.of_team("T1") == alone
    assert "xoxb" not in repr(alone)


async def test_an_organisation_answers_where_a_workspace_has_none_of_its_own(
    installations: StoredInstallations,
) -> None:
    whole, own = _installation("E1", None), _installation("E1", "T1")
    await installations.save(whole)
    await installations.save(own)
    assert await installations.find("E1", "T1") == own
    assert await installations.find("E1", "T2") == whole
    assert await installations.find("E1", None) == whole
    assert await installations.find("E1", "T1", is_enterprise_install=True) == whole
    assert await installations.find("E2", "T2") is None
    assert await installations.list() == (whole, own)


@pytest.mark.parametrize("order", list(itertools.permutations(["uninstalled", "revoked"])))
async def test_a_removal_is_told_twice_and_counts_once(
    installations: StoredInstallations, order: tuple[str, str]
) -> None:
    await installations.save(_installation("E1", "T1", 100))
    at = {"uninstalled": 150, "revoked": 151}
    assert [await installations.remove("E1", "T1", at[event]) for event in order] == [True, False]
    assert await installations.find("E1", "T1") is None


async def test_a_late_removal_leaves_a_newer_installation_alone(installations: StoredInstallations) -> None:
    await installations.save(_installation(None, "T1", 100))
    newer = _installation(None, "T1", 200)
    await installations.save(newer)
    assert not await installations.remove(None, "T1", 150)
    assert await installations.find(None, "T1") == newer
    assert await installations.remove(None, "T1", 250)
    assert await installations.find(None, "T1") is None


async def test_a_new_installation_after_a_removal_is_in_force(installations: StoredInstallations) -> None:
    await installations.save(_installation(None, "T1", 100))
    await installations.remove(None, "T1", 150)
    newer = _installation(None, "T1", 200)
    await installations.save(newer)
    assert await installations.find(None, "T1") == newer


async def test_an_older_installation_saved_late_changes_nothing(installations: StoredInstallations) -> None:
    newer = _installation(None, "T1", 200)
    await installations.save(newer)
    await installations.save(_installation(None, "T1", 100))
    assert await installations.find(None, "T1") == newer


async def test_a_removal_heard_before_the_installation_it_ends_was_saved_again(
    installations: StoredInstallations,
) -> None:
    await installations.save(_installation(None, "T1", 100))
    await installations.remove(None, "T1", 300)
    await installations.save(_installation(None, "T1", 200))
    assert await installations.find(None, "T1") is None


async def test_a_workspace_is_the_same_with_or_without_its_organisation(
    installations: StoredInstallations,
) -> None:
    """It may join one after the install, and Slack does not name the organisation in every payload."""
    in_one = _installation("E1", "T1", 100)
    await installations.save(in_one)
    await installations.save(_installation("E1", "T2", 100))
    assert await installations.find(None, "T1") == in_one
    assert await installations.remove(None, "T1", 150)
    assert await installations.find("E1", "T1") is None
    assert await installations.find("E1", "T2") is not None


@pytest.mark.parametrize("tokens_first", [True, False])
async def test_an_organisation_that_installs_the_app_again_is_served_again(
    installations: StoredInstallations, tokens_first: bool
) -> None:
    await installations.save(_installation("E1", None, 100))
    await installations.save(_installation("E1", "T1", 100))
    at = [150.0, 151.0] if tokens_first else [151.0, 150.0]
    assert [await installations.remove("E1", None, one) for one in at] == [True, False]
    assert await installations.find("E1", "T1") is not None, "its own install stands"
    again = _installation("E1", None, 200)
    await installations.save(again)
    assert not await installations.remove("E1", None, 151.0), "told late"
    assert await installations.find("E1", "T2", is_enterprise_install=True) == again


async def test_an_installation_of_nothing_is_refused(installations: StoredInstallations) -> None:
    with pytest.raises(ValueError, match="workspace or an organisation"):
        await installations.save(_installation(None, None))
