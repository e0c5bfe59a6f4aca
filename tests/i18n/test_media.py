"""What is said of saved media, of trends and of the radar is said whole in another language."""

from __future__ import annotations

import pytest

from bot.core.chat.cards import Text
from bot.core.chat.words import line_words
from bot.core.errors import OutOfCredits, RateLimited
from bot.core.messages.message import msg
from bot.core.x.readings import TweetReading
from bot.features.media.cards.media import MediaBatch, batches_card, single_card
from bot.features.radar.commands import TOPICS, RadarArgs
from bot.xquik.models import MediaDownload
from bot.xquik.resources.regions import REGIONS
from tests.features.edge import Screen, rows_of
from tests.features.harness import BotHarness
from tests.features.test_media import FOUR, ONE, VIDEO, WORDS_ONLY, ids
from tests.i18n.driven import left_in, left_on
from tests.i18n.left_over import english_in_line

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
        "trends US count:3",
        "radar hours:1 category:politics region:MX",
        "radar source:github region:US",
    ],
)
async def test_trends_and_radar_are_messages(house: BotHarness, line: str) -> None:
    await house.say("trends US")
    screen = await house.say(line)
    places = " ".join(word for region in REGIONS for word in (region.name, region.code))
    theirs = ""
    if "radar" in line:  # what is trending is in the words of its source
        theirs = " ".join(
            line_words(block.line) for block in screen.card.blocks[:-1] if isinstance(block, Text)
        )
    elif "count" in line:
        theirs = " ".join(cell for row in rows_of(screen.card) for cell in row)
    whole(screen, f"GitHub politics MX hours source {places} {theirs}")
    assert english_in_line(TOPICS.empty(RadarArgs()), "hours") == set()
