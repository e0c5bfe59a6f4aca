"""What several groups of commands say is said whole in another language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.core.chat.actions import ActionRef
from bot.core.chat.cards import Choice
from bot.core.chat.delivery_results import Busy
from bot.core.chat.ids import TenantId
from bot.core.chat.invocation import Call, silent
from bot.core.errors import BotError
from bot.core.messages.message import Message, msg
from bot.core.routes.monitor_starts import Plan, Start, payload_of, plan_of
from bot.core.routes.route import Route
from bot.core.routes.silences import Silence, SilenceCause, Watched
from bot.features.services import CommandCall
from bot.features.shared.channels import trouble
from bot.features.shared.event_types import EVENT_LEADS
from bot.features.shared.grants import subject_of
from bot.features.shared.listing_kinds import LISTING_FILE
from bot.features.shared.mending import mending_buttons
from bot.features.shared.monitor_starts import unrouted, unwatched
from bot.features.shared.numbers import hint_at_number
from bot.features.shared.proposing import check_text
from bot.i18n.translator import translator
from bot.proposals.listing_files import GO_ON
from bot.proposals.listing_request import FileRequest
from bot.storage.places.local_numbers import Numbered
from bot.tabular.formats import TableFormat
from tests.features.harness import ADMIN, ELSEWHERE, HERE, TWEET, BotHarness
from tests.features.listing_asked import BUTTON, WHO, asked, ended, key_of
from tests.i18n.driven import left_in, left_on
from tests.i18n.left_over import english_in, english_in_line

VALUES = (
    "Hello tweet new everyone members admins ID role user spend long yes"  # of examples and of what is typed
)

WHO_VALUES = f"{WHO} csv json jsonl xlsx user"  # names of options stay, as they are typed


def call(house: BotHarness, tenant: TenantId = HERE) -> CommandCall:
    return Call(house.invocation(ADMIN, tenant), house.app.services, silent)


@pytest.mark.parametrize(
    "line",
    [
        "relay add channel:#nowhere account:nasa",
        "monitor add nasa events:likes",
        "monitor add nasa events:all",
        "policy grant publish to:xyzzyq",
        "draft show 3",
        "draft show #3",
        "draft show 1893456789012345678",
        "tweet post 'half \ud800'",
        f"tweet post '{'long ' * 80}'",
        "tweet post hi media:http://127.0.0.1/x.png",
        "tweet post hi media:https://example.com/a.mp4,https://example.com/b.jpg",
    ],
)
async def test_what_is_wrong_is_a_message_whole(house: BotHarness, line: str) -> None:
    screen = await house.say(line)
    assert screen.failure and left_on(screen, f"{line} {VALUES}") == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda: check_text("\u3164\u200b", example=""),
        lambda: check_text("x" * 300, long=False, example=""),
        lambda: subject_of("xyzzyq"),
    ],
)
def test_what_is_wrong_with_a_value_is_a_message_whole(make: Callable[[], object]) -> None:
    with pytest.raises(BotError) as raised:
        make()
    assert english_in(raised.value.detail, "long yes xyzzyq everyone members admins ID role user") == set()


def test_what_is_said_beside_is_a_message_whole() -> None:
    words = LISTING_FILE.words({})
    said = [
        trouble(Busy(1.0)).detail,
        trouble(Busy(1.0)).remedy,
        hint_at_number(Numbered.DRAW, "3") or "",
        *EVENT_LEADS.values(),
        *(
            getattr(words, name)
            for name in ("running", "done", "failed", "unknown", "once", "nothing", "then")
        ),
    ]
    for one in said:
        assert (
            isinstance(one, Message)
            and english_in(one, "draw show list tweet new retweet reply quote media events monitor post")
            == set()
        )


async def test_what_a_route_lacks_is_said_whole(house: BotHarness) -> None:
    route = Route("1", "rrr", house.invocation(ADMIN, HERE).place, accounts=("nasa",), keywords=("mars",))
    found = await unwatched(call(house), route)
    assert len(found.said()) == 2
    assert (await unwatched(call(house, ELSEWHERE), route)).said()
    await house.done("monitor add esa")
    await house.say("monitor pause esa")
    paused = await unwatched(call(house), Route("1", "rrr", route.destination, accounts=("esa",)))
    await house.fault(path="/monitors", status=500, times=9)
    unknown = await unwatched(call(house), route)
    lines = [
        *found.said(),
        *paused.said(),
        *unknown.said(),
        unrouted((), account="nasa"),
        unrouted((), query="mars"),
    ]
    for one in lines:
        assert (
            english_in_line(
                one, "nasa esa mars alerts setup key monitor add keyword resume list relay channel account"
            )
            == set()
        ), one


@pytest.mark.parametrize("cause", [SilenceCause.KEY, SilenceCause.STOPPED, SilenceCause.REMOVED])
@pytest.mark.parametrize(
    "what", [Watched("account", "nasa"), Watched("keyword", "mars"), Watched("keyword", "m" * 60)]
)
async def test_what_mends_a_silence_is_said_whole(
    house: BotHarness, cause: SilenceCause, what: Watched
) -> None:
    buttons = await mending_buttons(call(house), [Silence("1", cause, "", 0.0, (what,))])
    assert len(buttons) == 1
    assert english_in(buttons[0].label, "nasa mars") == set()


async def test_the_file_of_a_list_is_asked_for_in_messages(house: BotHarness) -> None:
    listed = await house.say("user followers @cafe_luna")
    form = await house.press(listed, BUTTON)
    assert left_on(form, "csv json jsonl xlsx Excel Sheets") == set()
    for wrong in ({"format": "doc"}, {"format": "csv", "rows": "x"}):
        refused = await house.submit(form, **wrong)
        assert left_on(refused, "csv json jsonl xlsx format rows") == set()


@pytest.mark.parametrize("rows", ["", "150"])
async def test_a_list_becomes_a_file_in_messages(house: BotHarness, rows: str) -> None:
    question = await asked(house, rows=rows)
    assert left_on(question, WHO_VALUES) == set()
    await house.press(question, "Confirm")
    done = await ended(house, question)
    assert left_in(done, WHO_VALUES) == set()
    twice = await asked(house, rows=rows)
    assert left_on(twice, WHO_VALUES) == set()
    for key in ("99", key_of(question.card)):
        more = await house.press(ActionRef(GO_ON, key))
        assert more.names and left_on(more, WHO_VALUES) == set()


async def test_a_free_list_becomes_a_file_in_messages(house: BotHarness) -> None:
    form = await house.press(await house.say("radar hours:72"), BUTTON)
    assert left_on(form, "csv json jsonl xlsx Excel Sheets") == set()
    assert left_on(await house.submit(form, format="csv"), "csv Ada") == set()


def test_a_title_and_a_reason_are_stored_as_messages() -> None:
    title, why = msg("Followers of @{name}", name="nasa"), msg("the credits were used up")
    request = FileRequest("user followers", {}, title, TableFormat.CSV, "r", 10, None)
    assert english_in(FileRequest.of(request.payload()).title, "nasa") == set()
    plan = plan_of(payload_of(Plan((Start("account", "nasa", ("tweet.new",), "7", why),), 30)))
    assert plan.starts[0].why == why and english_in(plan.starts[0].why) == set()


def left_of(choices: tuple[Choice, ...], values: str) -> set[str]:
    said = translator("en-XA").choices(choices)
    return {word for one in said for word in english_in(one.label, f"{values} {one.value}")}


@pytest.mark.parametrize(
    ("path", "option", "values"),
    [
        ("relay timing", "digest", ""),
        ("relay resume", "missed", ""),
        ("policy grant", "group", ""),
        ("monitor pause", "monitor", "nasa mars"),
        ("draw show", "draw", "xquik UTC"),
        ("draft show", "draft", "Hello"),
    ],
)
async def test_what_is_offered_while_one_types_is_said_whole(
    house: BotHarness, path: str, option: str, values: str
) -> None:
    await house.done("monitor add nasa")
    await house.say("monitor pause nasa")
    await house.done("monitor keyword mars")
    await house.done(f"draw run {TWEET}")
    await house.say("draft save Hello")
    found = await house.app.dispatcher.suggest(house.invocation(ADMIN, HERE), tuple(path.split()), option, "")
    assert found and left_of(tuple(found), values) == set(), found
