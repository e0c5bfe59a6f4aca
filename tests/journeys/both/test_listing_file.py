"""All of a list as a file, pressed in the channel: the form, the price, how far it is, the file."""

from __future__ import annotations

import csv
import io

import pytest

from tests.journeys.both.sides import Message, Side

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLLOWERS = 3_120
FILE = "followers-of-cafe-luna.csv"


async def _asked(side: Side, rows: str = "") -> Message:
    """The list, and what “All as a file…” asks."""
    listed = await side.post("user followers @cafe_luna")
    await side.fill(listed, "All as a file…", {"format": "csv", "rows": rows})
    return (await side.wait_for_posts(2))[1]


def _outcome(side: Side) -> Message:
    """The last message with words: in Slack files stand below it."""
    return next(one for one in reversed(side.posts) if side.text(one))


async def test_all_of_a_list_comes_as_a_file_after_its_price_was_confirmed(shared: Side) -> None:
    side = await shared.elsewhere(await shared.vendors.new_key())
    preview = await _asked(side)
    assert "About 3,120 profiles are read, for about 3,120 credits" in side.text(preview)
    assert side.files == {}
    await side.press(preview, "Confirm")
    await side.becomes(preview, "It is in the message below.")
    await side.until(lambda: FILE in side.files, "the file")
    assert "all of it as a file" in side.text(_outcome(side))
    rows = list(csv.DictReader(io.StringIO(side.files[FILE].decode("utf-8-sig"), newline="")))
    assert len({row["id"] for row in rows}) == len(rows) == FOLLOWERS
    assert "Confirm" not in side.buttons(preview)


async def test_a_part_of_it_comes_first_and_go_on_asks_for_the_rest(shared: Side) -> None:
    side = await shared.elsewhere(await shared.vendors.new_key())
    preview = await _asked(side, "300")
    await side.press(preview, "Confirm")
    await side.until(lambda: FILE in side.files, "the first part")
    outcome, count = _outcome(side), len(side.posts)
    assert "As many as were asked for are read: 300 profiles." in side.text(outcome)
    await side.press(outcome, "Go on")
    further = (await side.wait_for_posts(count + 1))[count]
    assert "300 profiles were read before and are not paid for again." in side.text(further)
