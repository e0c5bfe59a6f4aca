"""`user` and `draft` are said whole in another language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.profiles import user_card
from bot.core.chat.cards import Card
from bot.features.shared.people_rows import people_table
from bot.xquik.models import User
from tests.features.harness import HERE, BotHarness, open_house, with_accounts
from tests.i18n.strict import left_beyond_code, left_in_card

VALUES = "nasa NASA acme Houston https www com UTC news User Account Follow"


@pytest.fixture
async def two(tmp_path: Path, empty_bot: Path) -> AsyncIterator[BotHarness]:
    """A house with two connected X accounts."""
    async with open_house(tmp_path, empty_bot, config=with_accounts("acme", "acme_news")) as opened:
        yield opened


@pytest.mark.parametrize("verified", [False, True])
@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("unavailable", [False, True])
@pytest.mark.parametrize("reason", [None, "Suspended"])
def test_a_profile_is_said_whole(
    verified: bool, protected: bool, unavailable: bool, reason: str | None
) -> None:
    user = User(
        id="1",
        username="nasa",
        name="NASA",
        followers=1_234_567,
        following=1,
        statuses_count=2,
        created_at="2007-12-19T20:20:32.000Z",
        location="Houston",
        website="https://www.nasa.com",
        verified=verified,
        protected=protected,
        unavailable=unavailable,
        unavailable_reason=reason,
    )
    assert left_in_card(user_card(user), f"{VALUES} Suspended") == set()
    assert left_in_card(Card("", (people_table((user,)),)), VALUES) == set()


@pytest.mark.parametrize(
    "line",
    [
        "user show @nasa",
        "user followers @nasa",
        "user followers @acme_news",
        "user follow @nasa",
        "user follow @nasa account:acme",
        "user unfollow @nasa account:acme_news",
        "user follow @nasa account:xyzzyq",
    ],
)
async def test_people_are_said_whole(two: BotHarness, line: str) -> None:
    xquik = await two.app.services.xquik.of(HERE)
    known = [await xquik.users.show("nasa"), *(await xquik.users.followers("nasa", rows=200)).items]
    values = " ".join(
        str(value)
        for one in known
        for value in (one.name, one.url, one.description, one.location, one.website)
    )
    assert left_beyond_code(await two.say(line), f"{VALUES} {line} {values}") == set()
