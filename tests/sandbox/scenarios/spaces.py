"""Spaces and broadcasts."""

from __future__ import annotations

from bot.sandbox.world import broadcasts, spaces

from .scenario import Scenarios, gets

SCENARIOS = Scenarios(
    {
        "getSpace": gets(
            *(
                f"/x/spaces/{one}"
                for one in (spaces.LIVE_ID, spaces.UPCOMING_ID, spaces.RECORDED_ID, "9", "a-b")
            )
        ),
        "getSpaceReplay": gets(
            f"/x/spaces/{spaces.RECORDED_ID}/replay",
            *(
                f"/x/spaces/{one}/replay"
                for one in (spaces.LIVE_ID, spaces.UPCOMING_ID, spaces.UNRECORDED_ID, spaces.CANCELED_ID, "9")
            ),
        ),
        "getBroadcast": gets(
            *(f"/x/broadcasts/{one}" for one in (broadcasts.LIVE_ID, broadcasts.ENDED_ID, "9", "a-b"))
        ),
        "getUserLive": gets(
            *(f"/x/users/{one}/live" for one in ("spacex", "nasa", "cafe_luna", "missing_x"))
        ),
        "searchSpaces": gets(
            *(f"/x/spaces/search?q=launch&queryType={one}" for one in ("Live", "Upcoming", "Latest", "Top")),
            "/x/spaces/search",
        ),
    }
)
