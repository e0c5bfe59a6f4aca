"""`account`, `credits` and `policy` are said whole in another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.x.default_accounts import DefaultAccount, Scope
from bot.features.account.cards import DefaultStatus, default_set_card, defaults_card, mine_card
from bot.xquik.models import XAccount
from tests.features.harness import MEMBER, BotHarness, open_house, with_accounts
from tests.i18n.strict import left_beyond_code, left_in_card

VALUES = "acme acme_news alerts general ada Ada tim Tim ben Ben"


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with two connected X accounts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as opened:
        yield opened


async def test_the_defaults_of_accounts_are_said_whole(two: BotHarness) -> None:
    for line in (
        "account default",
        "account mine",
        "account forget",
        "account use nobody",
        "account use acme",
        "account use acme_news channel:#alerts",
        "account use acme channel:#nowhere",
        "account mine acme_news",
        "account mine",
        "account default",
        "account forget channel:#alerts",
        "account forget",
    ):
        said = left_beyond_code(await two.say(line), f"{VALUES} nobody nowhere channel account")
        assert said == set(), line
    removed = await two.press(await two.say("account mine"), "Remove my default")
    assert left_beyond_code(removed, VALUES) == set()


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("health", ["healthy", "locked", "needsReauth", None])
def test_a_default_is_said_whole_whatever_its_account_is_like(scope: Scope, health: str | None) -> None:
    default = DefaultAccount(scope, "c1", "acme", "1", "2", "ada", 0.0)
    account = None if health is None else XAccount(id="1", username="acme", health=health, x_user_id="2")
    status = DefaultStatus(default, account)
    connected = () if account is None else (account,)
    for card in (
        default_set_card(default),
        mine_card(status),
        defaults_card((status,), connected, "acme", ""),
        defaults_card((), connected, "", ""),
    ):
        assert left_in_card(card, "acme c1") == set()


@pytest.mark.parametrize("line", ["account", "credits", "account xyzzyq", "credits topup"])
async def test_the_xquik_account_is_said_whole(two: BotHarness, line: str) -> None:
    assert (
        left_beyond_code(
            await two.say(line),
            f"{VALUES} account credits xyzzyq topup show status use forget mine default identity active "
            "language xquik demo disconnect Credits Dollars",
        )
        == set()
    )


@pytest.mark.parametrize(
    "line",
    [
        "policy",
        "policy grant spend,publish to:user:ben",
        "policy grant spend group:members",
        "policy grant view to:role:123456",
        "policy revoke spend group:everyone",
        "policy grant xyzzyq group:everyone",
    ],
)
async def test_who_may_what_is_said_whole(house: BotHarness, line: str) -> None:
    permissions = "use view private spend publish manage everyone members admins xyzzyq permission"
    assert left_beyond_code(await house.say(line), f"{VALUES} {permissions}") == set()
    refused = await house.say("policy grant spend group:everyone", MEMBER)
    assert left_beyond_code(refused, permissions) == set()
