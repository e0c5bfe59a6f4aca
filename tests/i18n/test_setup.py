"""`setup` and `me` are said whole in another language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from bot.core.chat.moments import ChosenZones
from bot.features.setup.cards import me_card, own_card, place_card, spending_card
from bot.settings import RelaySection, Settings
from tests.features.harness import ELSEWHERE, HERE, MEMBER, BotHarness, open_house
from tests.i18n.strict import left_beyond_code, left_in_card

ZONES = "Europe Berlin Istanbul Asia Tokyo UTC"
VALUES = f"{ZONES} xquik demo active English Ada Ben alerts general space key xq_ xq"
NOW = datetime(2026, 11, 29, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "line",
    [
        "setup timezone",
        "setup timezone Berlin",
        "setup timezone off:yes",
        "setup timezone Berlin off:yes",
        "setup notices",
        "setup notices channel:#alerts",
        "setup notices channel:#nowhere",
        "setup notices off:yes",
        "setup notices channel:#alerts off:yes",
        "setup spending",
        "setup spending 1",
        "setup spending 5000",
        "setup spending off:yes",
        "setup spending 5 off:yes",
        "setup language",
        "setup language en",
        "setup language en off:yes",
        "setup forget",
        "setup status",
        "me timezone",
        "me timezone Istanbul",
        "me timezone off:yes",
        "me timezone Istanbul off:yes",
        "me language",
        "me language en",
    ],
)
async def test_a_setting_is_said_whole(house: BotHarness, line: str) -> None:
    values = f"{VALUES} nowhere off language channel timezone ask_above xyzzyq"
    assert left_beyond_code(await house.say(line), values) == set()
    assert left_beyond_code(await house.say(line), values) == set(), "the second time"


async def test_setting_up_a_place_is_said_whole(house: BotHarness) -> None:
    assert left_beyond_code(await house.say("setup status", tenant=ELSEWHERE), VALUES) == set()
    opened = await house.say("setup key", tenant=ELSEWHERE)
    assert left_beyond_code(opened, f"{VALUES} Setup key Key") == set()
    for key in ("xq_short", "xq_" + "0" * 64, house.sandbox.api_key):
        pressed = await house.press(opened.form.action, tenant=ELSEWHERE, values={"key": key})
        assert left_beyond_code(pressed, f"{VALUES} use view private spend publish manage") == set(), key
    assert left_beyond_code(await house.say("setup status", tenant=ELSEWHERE), VALUES) == set()
    gone = await house.press(await house.say("setup forget"), "Forget the key")
    assert left_beyond_code(gone, VALUES) == set()


@pytest.mark.parametrize("ingest", ["webhook", "stream", "both"])
@pytest.mark.parametrize("fails", [False, True])
async def test_how_events_arrive_is_said_whole(
    tmp_path: Path, empty_bot: Path, ingest: Literal["webhook", "stream", "both"], *, fails: bool
) -> None:
    def change(settings: Settings) -> Settings:
        return settings.model_copy(update={"relay": RelaySection(ingest=ingest)})

    # Nothing listens at the address: what Xquik says of that stays in its words.
    vendor = "ordered: the endpoint could not be reached ConnectError"
    async with open_house(tmp_path, empty_bot, change=change, public_url="http://127.0.0.1:9") as house:
        if fails:
            await house.fault(method="POST", path="/webhooks", status=422, message="ordered", times=9)
        form = (await house.say("setup key", tenant=ELSEWHERE)).form
        saved = await house.press(form.action, tenant=ELSEWHERE, values={"key": house.sandbox.api_key})
        for shown in (saved, await house.say("setup status", tenant=ELSEWHERE)):
            assert (
                left_beyond_code(shown, f"{VALUES} {vendor} use view private spend publish manage") == set()
            )


async def test_a_key_that_stopped_working_is_said_whole(house: BotHarness) -> None:
    await house.give_key(HERE, "xq_" + "0" * 64)
    assert left_beyond_code(await house.say("setup status"), VALUES) == set()


async def test_routes_that_keep_their_timezone_are_said_whole(house: BotHarness) -> None:
    await house.done("relay add channel:#alerts account:nasa name:space")
    assert left_beyond_code(await house.say("setup timezone Tokyo"), f"{VALUES} relay timing") == set()


async def test_what_a_person_may_is_said_whole(house: BotHarness) -> None:
    may = "use view private spend publish manage"
    assert left_beyond_code(await house.say("me"), f"{VALUES} {may}") == set()
    assert left_beyond_code(await house.say("me", MEMBER), f"{VALUES} use") == set()
    assert left_beyond_code(await house.say("setup status", MEMBER), f"{VALUES} manage") == set()


@pytest.mark.parametrize("own", ["", "Asia/Tokyo"])
@pytest.mark.parametrize("place", ["", "Europe/Berlin"])
@pytest.mark.parametrize("told", ["", "Europe/Istanbul"])
def test_a_timezone_is_said_whole_whoever_set_it(own: str, place: str, told: str) -> None:
    chosen = ChosenZones(own=own, place=place)
    for card in (
        own_card(chosen, told, now=NOW, changed=False),
        me_card("Ada", (), chosen, told, "English", now=NOW),
        me_card("Ada", ("use", "view"), chosen, told, "English", now=NOW),
        *(place_card(place, (("space", "Asia/Tokyo"),) * n, now=NOW, changed=True) for n in (0, 1, 2, 9)),
        *(spending_card(n, changed=True) for n in (None, 1, 200)),
    ):
        assert left_in_card(card, f"{VALUES} use view") == set()
