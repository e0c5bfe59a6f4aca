"""The commands of `relay` are said whole in another language: answers, errors, questions and forms."""

from __future__ import annotations

import pytest

from bot.core.chat.delivery_results import Busy, Gone, Refused, Unknown
from bot.core.chat.ids import Destination
from bot.core.chat.places import PlaceFacts, PlaceKind
from bot.core.messages.message import msg
from bot.core.routes.events import MONITOR_TYPES
from bot.storage.relay.pauses import lose
from tests.features.edge import Screen, buttons, words
from tests.features.harness import HERE, MEMBER, BotHarness
from tests.features.stored import came, tweet
from tests.i18n.strict import left_beyond_code

# Names of what is there; of options, choices, settings and event types; addresses; what RE2 says.
VALUES = (
    "alerts other nasa NASA general social Ada ada UTC Europe Berlin moon mars number Slack slack route full "
    f"day relay max_age {' '.join(MONITOR_TYPES)} tweet deleted https com status missing"
)
GONE = Gone(msg("The channel is gone."), msg("Choose another."))


async def _routed(house: BotHarness) -> None:
    while await house.app.relay.router.route_batch():
        pass


def left(screen: Screen, typed: str = "") -> set[str]:
    """What stays English besides names. typed: the line, whose words an error may say back."""
    return left_beyond_code(screen, f"{VALUES} {typed}")


@pytest.fixture
async def routed(house: BotHarness) -> BotHarness:
    """A house with the route `alerts-nasa`, and a tweet that came."""
    house.app.relay.scheduler.stop_looking()
    await house.done("relay add channel:alerts account:nasa")
    await came(house, tweet("moon mars"))
    await _routed(house)
    return house


@pytest.mark.parametrize(
    "line",
    [
        "relay add channel:general account:nasa watch:no",
        "relay add channel:general account:esa",
        "relay add channel:alerts account:nasa watch:no",
        "relay add channel:alerts also:social",
        "relay add channel:xyzzyq",
        "relay add channel:alerts name:alerts-nasa watch:no",
        "relay add channel:alerts events:tweet.deleted watch:no",
        'relay add channel:alerts keyword:"moon mars" watch:no',
        "relay list",
        "relay show alerts-nasa",
        "relay show alerts-nas",
        "relay show xyzzyq",
        "relay show alerts-nasa xyzzyq:3",
        "relay edit alerts-nasa",
        "relay edit alerts-nasa add_channel:#social",
        "relay edit alerts-nasa account:esa",
        "relay edit alerts-nasa account:esa watch:no",
        "relay edit alerts-nasa account:esa every:account",
        "relay edit alerts-nasa events:tweet.quote name:other",
        "relay edit alerts-nasa drop_channel:#alerts",
        "relay edit alerts-nasa drop_channel:#social",
        "relay pause alerts-nasa",
        "relay resume alerts-nasa",
        "relay resume alerts-nasa missed:some",
        "relay resume alerts-nasa missed:1.000",
        "relay remove alerts-nasa",
        "relay test alerts-nasa",
        "relay preview alerts-nasa",
        "relay preview alerts-nasa contains:mars",
        "relay preview account:esa",
        "relay preview account:nasa channel:xyzzyq",
        "relay why @nasa",
        "relay why e:1",
        "relay why e:999",
        "relay why https://x.com/nasa/status/1893456789012345678",
        "relay why 123",
        "relay why 0123456789abcdef0123456789abcdef",
        "relay status",
        "relay replay",
        "relay replay alerts-nasa",
        "relay replay until:1h",
        "relay replay since:2h",
        "relay replay alerts-nasa since:2h",
        "relay replay alerts-nasa since:2h again:yes",
        "relay replay alerts-nasa since:1h until:2h",
        "relay mutes",
        "relay mute nasa",
        "relay mute nasa channel:social",
        "relay mute nasa channel:xyzzyq",
        "relay unmute nasa",
    ],
)
async def test_what_a_command_says_is_said_whole(routed: BotHarness, line: str) -> None:
    assert left(await routed.say(line), line) == set()
    assert left(await routed.say(line), line) == set(), "the second time"


@pytest.mark.parametrize(
    "line",
    [
        "filter",
        "filter contains:launch,mars quiet:giveaway has:media lacks:poll min_followers:1000 replies:no",
        'filter matches:"(?i)moon" language:en,de quoted:yes sensitive:always',
        "filter has:photo",
        "filter has:media lacks:media",
        "filter remove:3",
        "filter clear:yes remove:1",
        "filter matches:(",
        "look",
        "look layout:compact thread:day timezone:Europe/Berlin publish:yes",
        "look layout:template",
        'look layout:full template:"{{ text }}"',
        'look template:"{{ text }}"',
        "look ping:S0123ABC tags:news",
        "look ping:@here",
        "look ping:<@U1>",
        "look ping:xyzzyq",
        "look ping:S1,S2,S3,S4,S5,S6",
        "look tags:moonmoonmoonmoonmoonmoonmoon",
        "look off:tags tags:news",
        "look off:template layout:template",
        "timing",
        "timing quiet:22:00-07:00 timezone:Europe/Berlin",
        'timing digest:hourly burst:"5 in 10m" per_hour:3 per_day:9 missed:last last:4 deleted:remove',
        "timing quiet:xyzzyq",
        "timing quiet:22:00-07:00 off:quiet",
        "timing missed:all last:3",
    ],
)
async def test_a_setting_is_said_whole(routed: BotHarness, line: str) -> None:
    verb, _, options = line.partition(" ")
    typed = f"relay {verb} alerts-nasa {options}".strip()
    named = f"{typed} Relay look Template"  # on a form
    assert left(await routed.say(typed), named) == set()
    assert left(await routed.say(f"relay {verb} alerts-nasa"), typed) == set(), "afterwards"
    assert left(await routed.say("relay show alerts-nasa"), typed) == set(), "on its page"


@pytest.mark.parametrize("line", ["relay", "relay list", "relay status", "relay replay", "relay show alerts"])
async def test_a_place_without_routes_is_said_whole(house: BotHarness, line: str) -> None:
    assert left(await house.say(line)) == set()
    if line in ("relay", "relay list"):
        assert left(await house.say(line, MEMBER)) == set()


async def test_routes_by_name_alone_are_said_whole(routed: BotHarness) -> None:
    assert left(await routed.say("relay list", MEMBER, channel="c1")) == set()


@pytest.mark.parametrize("others", [1, 2, 12])
@pytest.mark.parametrize("also", ["", "also:social"])
async def test_an_overlap_is_said_whole(routed: BotHarness, others: int, also: str) -> None:
    for number in range(others - 1):
        await routed.done(f"relay add alerts account:nasa name:alerts-{number} watch:no")
    assert left(await routed.say(f"relay add alerts account:nasa {also} watch:no")) == set()


@pytest.mark.parametrize(
    "facts",
    [
        PlaceFacts(kind=PlaceKind.FORUM, tags=("moon", "mars"), tag_required=True),
        PlaceFacts(kind=PlaceKind.FORUM, tags=tuple(f"moon{n}" for n in range(30)), tag_required=True),
        PlaceFacts(kind=PlaceKind.FORUM),
        PlaceFacts(kind=PlaceKind.THREAD, notifies=False),
        PlaceFacts(threads=False, notifies=False),
    ],
)
async def test_what_a_channel_cannot_follow_is_said_whole(routed: BotHarness, facts: PlaceFacts) -> None:
    routed.wall.places["c1"] = facts
    settings = "thread:day publish:yes ping:S0123ABC"
    assert left(await routed.say(f"relay look alerts-nasa {settings}")) == set()
    assert left(await routed.say(f"relay look alerts-nasa {settings} tags:other")) == set()
    assert left(await routed.say("relay filter alerts-nasa sensitive:always")) == set()


@pytest.mark.parametrize("events", [1, 12])
async def test_pausing_and_resuming_is_said_whole(routed: BotHarness, events: int) -> None:
    await routed.say("relay edit alerts-nasa add_channel:#social")
    assert left(await routed.say("relay pause alerts-nasa")) == set()
    for number in range(events):
        await came(routed, tweet(f"number {number}"))
    await _routed(routed)
    assert left(await routed.say("relay show alerts-nasa")) == set()
    asked = await routed.say("relay resume alerts-nasa")
    assert left(asked) == set()
    if events > 1:
        form = await routed.press(asked, "Newest 10…")
        assert left(form) == set()
        assert left(await routed.submit(form, newest="moon")) == set()
        assert left(await routed.submit(form, newest="3")) == set()
    else:
        assert left(await routed.press(asked, "All (1)")) == set()
    assert left(await routed.press(asked, "None")) == set(), "pressed too late"
    await routed.say("relay remove alerts-nasa")
    assert left(await routed.press(asked, "None")) == set(), "of a route that is gone"


@pytest.mark.parametrize("kept", [0, 2])
async def test_a_channel_that_is_lost_is_said_whole(routed: BotHarness, kept: int) -> None:

    await routed.say("relay edit alerts-nasa add_channel:#social")
    routed.wall.trouble["c1"] = GONE
    place, now = Destination(HERE, "c1"), routed.clock()
    reason = msg("The bot is not in it.")
    await routed.app.database.write(lambda c: lose(c, place, reason, now=now, check_at=now))
    for number in range(kept):
        await came(routed, tweet(f"number {number}"))
    await _routed(routed)
    for line in ("show alerts-nasa", "list", "status", "replay alerts-nasa since:2h again:yes"):
        assert left(await routed.say(f"relay {line}")) == set(), line
    assert left(await routed.say("relay resume alerts-nasa missed:none")) == set()


@pytest.mark.parametrize("trouble", [GONE, Busy(3.0), Refused(msg("No.")), Unknown(msg("No answer came."))])
async def test_a_test_that_does_not_arrive_is_said_whole(routed: BotHarness, trouble: object) -> None:
    await routed.say("relay edit alerts-nasa add_channel:#social")
    for channel in ("c3", "c1"):
        routed.wall.trouble[channel] = trouble  # type: ignore[assignment]
        assert left(await routed.say("relay test alerts-nasa")) == set(), channel


async def test_sending_again_is_said_whole(routed: BotHarness) -> None:
    await routed.say("relay pause alerts-nasa")
    offered = await routed.say("relay replay alerts-nasa since:2h again:yes")
    assert [one.label for one in buttons(offered.card)] == ["Send them"]
    assert left(offered) == set()
    assert left(await routed.press(offered, "Send them")) == set()
    assert left(await routed.press(offered, "Send them")) == set(), "twice"


async def test_monitors_that_could_not_be_asked_are_said_whole(routed: BotHarness) -> None:
    await routed.done("monitor add nasa")
    await routed.fault(method="PATCH", path="/monitors/*", status=503, times=20)
    said = await routed.say("relay edit alerts-nasa events:follower.added watch:no")
    assert "monitors could not be updated" in words(said.card) and left(said) == set()
