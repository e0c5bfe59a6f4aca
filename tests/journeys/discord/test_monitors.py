"""A monitor in Discord: asked for, confirmed and told where one person alone sees it."""

from __future__ import annotations

import pytest

from tests.journeys.discord.place import Place

SEARCHES = ("İstanbul depremi", "عاجل الآن", "चंद्रयान")


async def _watched(place: Place) -> list[str]:
    xquik = await place.bot.app.services.xquik.of(place.tenant)
    found = [one.username.lower() for one in await xquik.monitors.list() if one.is_active]
    return found + [one.query for one in await xquik.keyword_monitors.list() if one.is_active]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("command", "values", "watched"),
    [
        ("monitor add", {"account": ("nasa",)}, "nasa"),
        *(("monitor keyword", {"query": (query,)}, query) for query in SEARCHES),
        ("relay add", {"channel": ("#alerts",), "account": ("esa",)}, "esa"),
    ],
    ids=["account", "latin", "arabic", "devanagari", "route"],
)
async def test_it_starts_by_confirm_and_the_channel_sees_nothing(
    shared: Place, command: str, values: dict[str, tuple[str, ...]], watched: str
) -> None:
    place = await shared.elsewhere(await shared.vendors.new_key())
    asked = await place.run(command, values)
    preview = await asked.wait_for_answer()
    assert asked.ephemeral and "30 credits an hour, 720 a day" in preview.text
    assert "enough for about" in preview.text
    assert await _watched(place) == []
    await (await place.press(preview, "Confirm")).wait_for_answer()
    assert "Requested and confirmed by ada" in preview.text and "Balance" not in preview.text
    assert await _watched(place) == [watched]
    assert [one for one in place.alerts.messages if not one.ephemeral] == []


async def test_a_preview_outlives_a_restart_and_cancel_starts_nothing(place: Place) -> None:
    kept = await (await place.run("monitor add", {"account": ("nasa",)})).wait_for_answer()
    dropped = await (await place.run("monitor add", {"account": ("esa",)})).wait_for_answer()
    await place.restart()
    await (await place.press(dropped, "Cancel")).wait_for_answer()
    assert "Nothing was started." in dropped.text
    await (await place.press(kept, "Confirm")).wait_for_answer()
    assert await _watched(place) == ["nasa"]
