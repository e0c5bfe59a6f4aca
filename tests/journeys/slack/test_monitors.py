"""A monitor in Slack: asked for, confirmed and told where one person alone sees it."""

from __future__ import annotations

import pytest

from tests.journeys.slack.place import Place

SEARCHES = ("İstanbul depremi", "عاجل الآن", "चंद्रयान")


async def _watched(place: Place) -> list[str]:
    xquik = await place.bot.app.services.xquik.of(place.tenant)
    found = [one.username.lower() for one in await xquik.monitors.list() if one.is_active]
    return found + [one.query for one in await xquik.keyword_monitors.list() if one.is_active]


@pytest.mark.parametrize(
    ("line", "watched"),
    [
        ("monitor add nasa", "nasa"),
        *((f'monitor keyword "{query}"', query) for query in SEARCHES),
        ("relay add channel:#alerts account:esa", "esa"),
    ],
    ids=["account", "latin", "arabic", "devanagari", "route"],
)
async def test_it_starts_by_confirm_and_the_channel_sees_nothing(
    place: Place, line: str, watched: str
) -> None:
    preview = await (await place.run(line)).wait_for_ephemeral()
    assert "30 credits an hour, 720 a day" in preview.visible_text
    assert "enough for about" in preview.visible_text
    assert await _watched(place) == []
    told = await place.decide(preview, "Confirm")
    assert "Requested and confirmed by ann" in told and "Balance" not in told
    assert await _watched(place) == [watched]
    assert place.alerts.messages == []


async def test_a_preview_outlives_a_restart_and_cancel_starts_nothing(place: Place) -> None:
    kept = await (await place.run("monitor add nasa")).wait_for_ephemeral()
    dropped = await (await place.run("monitor add esa")).wait_for_ephemeral()
    await place.restart()
    assert "Nothing was started." in await place.decide(dropped, "Cancel")
    await place.decide(kept, "Confirm")
    assert await _watched(place) == ["nasa"]
