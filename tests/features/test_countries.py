"""`tweet top`: countries by code and by name."""

from __future__ import annotations

import pytest

from bot.core.commands.dispatch import InvocationOutcome
from bot.core.errors import UsageError
from bot.features.tweet.top import country_code
from tests.features.edge import words
from tests.features.harness import BotHarness


@pytest.mark.parametrize(
    ("given", "code"),
    [("US", "US"), ("pt", "PT"), ("Portugal", "PT"), ("japan", "JP"), ("NEW ZEALAND", "NZ"), (None, None)],
)
def test_a_country_by_code_or_name(given: str | None, code: str | None) -> None:
    assert country_code(given) == code


@pytest.mark.parametrize("given", ["Narnia", "Europe", "1", "🎉", "P T"])
def test_what_is_no_country_is_told(given: str) -> None:
    with pytest.raises(UsageError, match="There is no country"):
        country_code(given)


@pytest.mark.parametrize("line", ["media get 🎉", "media get , 🎉"])
async def test_a_list_without_a_link_says_what_is_wrong(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.outcome is InvocationOutcome.NOT_UNDERSTOOD
    assert "That is not a link to a tweet" in words(screen.failure)
