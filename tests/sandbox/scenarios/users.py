"""Accounts on X and their lists."""

from __future__ import annotations

from .scenario import Scenarios, gets

SCENARIOS = Scenarios(
    {
        "getUser": gets("/x/users/nasa", "/x/users/11348282", "/x/users/anyone_else", "/x/users/missing_x"),
        "getUserFollowers": gets("/x/users/cafe_luna/followers?pageSize=20", "/x/users/missing_x/followers"),
        "getUserTweets": gets("/x/users/nasa/tweets?pageSize=3", "/x/users/missing_x/tweets"),
        "getUserReplies": gets(
            "/x/users/cafe_luna/replies?replies=only",
            "/x/users/nasa/replies?pageSize=2",
            "/x/users/nasa/replies?replies=exclude",
            "/x/users/missing_x/replies",
        ),
        "getUserMedia": gets("/x/users/nasa/media?pageSize=2", "/x/users/nasa/media?pageSize=101"),
        "getUserMentions": gets("/x/users/xquik/mentions?pageSize=3", "/x/users/missing_x/mentions"),
        "getUserLikes": gets("/x/users/xquik_demo/likes", "/x/users/nasa/likes"),
        "getUserFollowing": gets("/x/users/nasa/following?pageSize=20", "/x/users/missing_x/following"),
        "getUserVerifiedFollowers": gets(
            "/x/users/cafe_luna/verified-followers?pageSize=20", "/x/users/missing_x/verified-followers"
        ),
        "getFollowersYouKnow": gets(
            "/x/users/github/followers-you-know", "/x/users/github/followers-you-know?pageSize=1"
        ),
        "searchUsers": gets("/x/users/search?q=space&pageSize=1", "/x/users/search"),
        "getSimilarUsers": gets("/x/users/nasa/similar?pageSize=3", "/x/users/missing_x/similar"),
        "getUserAffiliates": gets(
            "/x/users/github/affiliates?pageSize=3",
            "/x/users/cafe_luna/affiliates",
            "/x/users/missing_x/affiliates",
        ),
        "getUserHighlights": gets("/x/users/nasa/highlights?pageSize=2", "/x/users/cafe_luna/highlights"),
        "getUserArticles": gets(
            "/x/users/esa/articles", "/x/users/nasa/articles", "/x/users/missing_x/articles"
        ),
        "getUserLists": gets("/x/users/xquik/lists?pageSize=1", "/x/users/missing_x/lists"),
        "getUserListMemberships": gets(
            "/x/users/nasa/list-memberships?pageSize=3", "/x/users/missing_x/list-memberships"
        ),
        "getBatchUsers": gets(
            "/x/users/batch?ids=11348282,13334762,11348282,12",
            "/x/users/batch?usernames=nasa,@esa",
            "/x/users/batch",
            "/x/users/batch?ids=" + ",".join(str(one) for one in range(1, 102)),
        ),
        "getBatchUserTweets": gets(
            "/x/users/batch/tweets?usernames=nasa,missing_x,esa&pageSize=2",
            "/x/users/batch/tweets?ids=11348282",
            "/x/users/batch/tweets",
        ),
        "checkFollow": gets(
            "/x/followers/check?source=nasa&target=https://x.com/esa",
            "/x/followers/check?source=11348282&target=@spacex",
            "/x/followers/check?source=nasa",
        ),
        "getUserInsights": gets(
            "/x/users/nasa/insights", "/x/users/anyone_else/insights", "/x/users/missing_x/insights"
        ),
        "translateBio": gets(
            "/x/users/nasa/translation?language=tr",
            "/x/users/nasa/translation?language=EN",
            "/x/users/nasa/translation?language=?",
            "/x/users/nasa/translation",
            "/x/users/missing_x/translation?language=tr",
        ),
    }
)
