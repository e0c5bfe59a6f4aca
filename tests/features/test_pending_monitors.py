"""What `apply` cannot start is pending: the running bot tries for an hour, and the next `apply` does."""

from __future__ import annotations

import pytest

from bot.app.apply_file import read_document
from bot.app.apply_monitors import Undone
from bot.app.applying import changes
from bot.app.pending_monitors import start_pending
from bot.app.route_findings import pending_words
from bot.storage.places.wanted_monitors import WantedMonitors
from tests.features.harness import HERE, BotHarness

FILE = f"""[[tenant]]
platform = "{HERE.platform}"
workspace = "{HERE.workspace}"
[[tenant.route]]
name = "r"
channel = "c2"
accounts = ["nasa"]
keywords = ["地震 速報"]
"""


async def apply(house: BotHarness, text: str = FILE) -> tuple[list[str], list[str]]:
    """Apply a file; what it says, and what could not be done."""
    path = house.directory / "file.toml"
    path.write_text(text)
    (wanted,) = read_document(path)
    found = await changes(house.app, wanted)
    done = [await change.do() for change in found if change.do is not None]
    return [change.text for change in found], [one.words for one in done if isinstance(one, Undone)]


async def watched(house: BotHarness) -> set[str]:
    xquik = await house.app.services.xquik.of(HERE)
    found = {one.username.lower() for one in await xquik.monitors.list()}
    return found | {one.query for one in await xquik.keyword_monitors.list()}


async def test_the_running_bot_starts_what_apply_could_not(house: BotHarness) -> None:
    await house.fault(method="POST", path="/monitors", status=503, times=1)
    _, undone = await apply(house)
    assert len(undone) == 1 and "@nasa is not watched yet" in undone[0]
    assert "tries again for an hour" in undone[0] and "next apply" in undone[0]
    assert await watched(house) == {"地震 速報"}
    pending = await WantedMonitors(house.app.database, house.clock).of(HERE)
    assert pending_words(pending).startswith("@nasa is not watched yet (")
    await start_pending(house.app)
    assert await watched(house) == {"nasa", "地震 速報"}
    assert await WantedMonitors(house.app.database, house.clock).of(HERE) == ()


@pytest.mark.parametrize("how", ["refused", "late"])
async def test_the_next_apply_starts_it_with_its_price_and_the_running_bot_does_not(
    house: BotHarness, how: str
) -> None:
    status = 402 if how == "refused" else 503
    await house.fault(method="POST", path="/monitors", status=status, times=1)
    _, undone = await apply(house)
    assert ("running bot tries again" in undone[0]) == (how == "late") and "next apply" in undone[0]
    house.clock.advance(3_700)
    await start_pending(house.app)
    assert "nasa" not in await watched(house)
    said, undone = await apply(house)
    (line,) = [one for one in said if "monitor of" in one]
    assert "@nasa" in line and "30 credits an hour" in line and "once more; before:" in line and not undone
    assert "nasa" in await watched(house)
    assert not [one for one in (await apply(house))[0] if "monitor" in one]


async def test_what_no_route_names_any_more_is_not_started(house: BotHarness) -> None:
    await house.fault(method="POST", path="/monitors", status=503, times=1)
    await apply(house)
    await apply(house, FILE.replace('"nasa"', ""))
    await start_pending(house.app)
    assert "nasa" not in await watched(house)
    assert await WantedMonitors(house.app.database, house.clock).of(HERE) == ()


@pytest.mark.parametrize("taken", [False, True])
async def test_what_is_renamed_while_it_is_pending_is_started_and_nobody_else(
    house: BotHarness, taken: bool
) -> None:
    await house.done("monitor add nasa")
    await house.done("relay add channel:#alerts account:nasa name:other")  # so its id is known
    await house.say("monitor remove nasa")
    await house.fault(method="POST", path="/monitors", status=503, times=1)
    await apply(house)
    await house.control("names", body={"username": "nasa", "renamed": "nasa_hq", "quietly": True})
    if taken:
        await house.control("names", body={"username": "thief", "renamed": "nasa", "quietly": True})
    else:
        xquik = await house.app.services.xquik.of(HERE)
        told = await xquik.monitors.create("nasa_hq", ["tweet.new"])  # its answer tells the new username
        await xquik.monitors.delete(told.id)
    await start_pending(house.app)
    assert await watched(house) == {"地震 速報"} | (set() if taken else {"nasa_hq"})
    pending = await WantedMonitors(house.app.database, house.clock).of(HERE)
    assert [one.until for one in pending] == ([0.0] if taken else []), "not tried again by itself"
