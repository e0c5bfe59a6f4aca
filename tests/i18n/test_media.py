"""What is said of saved media, of trends and of the radar is said whole in another language."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Card
from bot.core.errors import OutOfCredits, RateLimited
from bot.core.messages.message import msg
from bot.core.x.readings import TweetReading
from bot.features.media.cards.media import MediaBatch, batches_card, single_card
from bot.xquik.models import MediaDownload
from tests.features.edge import Screen
from tests.features.harness import BotHarness
from tests.features.test_media import FOUR, ONE, VIDEO, WORDS_ONLY, ids
from tests.i18n.driven import left_in, left_on

GALLERY = "https://media.example/g"
SAVED = MediaDownload(gallery_url=GALLERY, total_tweets=1, total_media=3)
VALUES = "media example nasa esa spacex http png ac"


def whole(screen: Screen, values: str = "") -> None:
    assert screen.steps and left_on(screen, f"{VALUES} {values}") == set(), screen.steps[-1]


@pytest.mark.parametrize("hit", [False, True])
@pytest.mark.parametrize("shown", [(), (TweetReading(id="1", text="Hi"),)])
def test_a_gallery_is_told_whole(hit: bool, shown: tuple[TweetReading, ...]) -> None:
    card = single_card(MediaDownload(gallery_url=GALLERY, cache_hit=hit), shown)
    assert left_in(card, VALUES) == set()


@pytest.mark.parametrize(
    "batches",
    [
        (MediaBatch(1, SAVED),),
        (MediaBatch(5, SAVED),),
        (MediaBatch(50, None, OutOfCredits(msg("No credits are left."))),),
        (MediaBatch(50, SAVED), MediaBatch(7, None, RateLimited(msg("Too many.")))),
    ],
)
@pytest.mark.parametrize("not_tried", [0, 1, 9])
def test_galleries_of_many_are_told_whole(batches: tuple[MediaBatch, ...], not_tried: int) -> None:
    assert left_in(batches_card(batches, not_tried=not_tried), VALUES) == set()


async def test_media_are_saved_and_listed_in_messages(house: BotHarness) -> None:
    whole(await house.say("media list"))
    for line in (
        f"media get {FOUR}",
        f"media get {FOUR}",
        f"media get {ONE} {VIDEO} {WORDS_ONLY}",
        f"media get {ids(5)}",
    ):
        screen = await house.say(line)
        alt = " ".join(
            one.alt
            for block in screen.card.blocks
            for one in getattr(block, "items", ())
            if hasattr(one, "alt")
        )
        whole(screen, f"{alt} launch dawn NASA European Space Agency SpaceX")
    await house.fault(path="/x/media/download", status=402, code="insufficient_credits", times=1)
    whole(await house.say("media get 1893500000000000002"), "insufficient credits")
    whole(await house.say("media list"))
    many = await house.say(f"media get {ids(105)}")
    whole(await house.press(many, "Confirm"))


@pytest.mark.parametrize(
    "line",
    [
        "trends US count:3",
        "trends region:Atlantis",
        "radar hours:1 category:politics region:MX",
        "radar source:github region:US",
    ],
)
async def test_trends_and_radar_are_messages(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.names
    title = screen.card.title if screen.names[-1] == "answer" else ""
    if title:
        assert left_in(Card(title), f"{VALUES} United States GitHub politics MX US") == set()
