"""Trends and the radar."""

from __future__ import annotations

from bot.sandbox.world.news import STORY_ID

from .scenario import Scenarios, gets

SCENARIOS = Scenarios(
    {
        "getXTrends": gets("/x/trends", "/x/trends?woeid=23424977&count=5", "/x/trends?woeid=5"),
        "getTrends": gets("/trends", "/trends?count=99"),
        "getTrendLocations": gets(
            "/x/trends/locations", "/x/trends/locations?q=york&country=us", "/x/trends/locations?q=qqq"
        ),
        "getTrendsHistory": gets(
            "/x/trends/history?limit=2&count=3",
            "/x/trends/history?location=istanbul&from=2h&every=30m",
            "/x/trends/history?from=2024-10-12&to=2024-10-13T02:30",
            "/x/trends/history?from=1h&to=2h",
            "/x/trends/history?location=Birmingham",
            "/x/trends/history?every=soon",
        ),
        "searchPlaces": gets(
            "/x/places/search?q=istanbul&limit=2",
            "/x/places/search?q=nowhere",
            "/x/places/search",
        ),
        "autocompleteSearch": gets(
            "/x/search/autocomplete?q=space",
            "/x/search/autocomplete?q=giv&types=hashtags&limit=1",
            "/x/search/autocomplete?q=$sp",
            "/x/search/autocomplete?q=a&types=nothing",
            "/x/search/autocomplete",
        ),
        "getNewsVersions": gets(
            f"/x/news/{STORY_ID}/versions", "/x/news/9/versions", "/x/news/nonsense/versions"
        ),
        "getRadar": gets("/radar", "/radar?source=github&hours=72&limit=3", "/radar?source=nope"),
    }
)
