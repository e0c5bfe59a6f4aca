"""What is read of tweets and articles is said whole in another language."""

from __future__ import annotations

import pytest

from bot.features.tweet.reports import action_card
from bot.sandbox.world.articles import COMET_ID
from bot.xquik.models import WriteAction
from tests.features.edge import buttons
from tests.features.harness import TWEET, BotHarness
from tests.i18n.driven import left_in, left_on

GONE = "1111111111111111111"
# Names, and what is searched for; languages are called by their English names.
VALUES = "xquik nasa Nasa moon notes from min faves source web Germn German English de en en US NO Atlantis"
LINES = (
    f"tweet thread {TWEET}",
    f"tweet replies {TWEET}",
    f"tweet replies {TWEET} language:Germn",
    f"tweet replies {TWEET} media:yes",
    f"tweet retweeters {GONE}",
    f"tweet likers {TWEET}",
    "tweet search notes author:nasa min_likes:1",
    "tweet search notes media:gifs",
    "tweet search",
    "tweet search moon since:2026-03-02 until:2026-03-01",
    'tweet search "moon source:web"',
    "tweet top",
    "tweet top views window:week",
    "tweet top country:NO",
    "tweet top country:Atlantis",
    "tweet top country:US language:en",
    f"tweet translate {TWEET} language:German",
    f"tweet insights {TWEET}",
    "tweet action 404",
    'tweet action "a b"',
    f"article show {COMET_ID}",
    f"article show {TWEET}",
)


@pytest.mark.parametrize("line", LINES)
async def test_what_is_read_is_said_in_messages(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.steps and left_on(screen, f"{VALUES} {line}") == set(), screen.steps[-1]


async def test_further_pages_are_said_in_messages(house: BotHarness) -> None:
    for line in (f"tweet replies {TWEET}", "tweet top window:month", f"article show {COMET_ID}"):
        first = await house.say(line)
        label = next(one.label for one in buttons(first.card) if one.label.startswith("Next"))
        assert left_on(await house.press(first, label), f"{VALUES} {line}") == set()


@pytest.mark.parametrize(
    "status", ["accepted", "dispatching", "pending_confirmation", "success", "failed", "expired"]
)
@pytest.mark.parametrize("safe", [False, True])
def test_a_write_is_said_in_messages(status: str, safe: bool) -> None:
    over = status in {"success", "failed", "expired"}
    action = WriteAction(
        id="1", action="create_tweet", account="acme", status=status, terminal=over, safe_to_retry=safe
    )
    assert left_in(action_card(action), "create tweet acme") == set()
