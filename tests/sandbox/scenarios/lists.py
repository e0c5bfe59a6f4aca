"""Lists."""

from __future__ import annotations

from bot.sandbox.world import lists

from .scenario import Scenarios, gets

SCENARIOS = Scenarios(
    {
        "getList": gets(f"/x/lists/{lists.AGENCIES_ID}", f"/x/lists/{lists.PRIVATE_ID}", "/x/lists/nasa"),
        "getListMembers": gets(f"/x/lists/{lists.REGULARS_ID}/members?pageSize=20"),
        "getListFollowers": gets(f"/x/lists/{lists.AGENCIES_ID}/followers?pageSize=20"),
        "getListTweets": gets(f"/x/lists/{lists.AGENCIES_ID}/tweets?pageSize=5"),
        "searchLists": gets(
            "/x/lists/search?q=space", "/x/lists/search?q=reads&pageSize=5", "/x/lists/search"
        ),
    }
)
