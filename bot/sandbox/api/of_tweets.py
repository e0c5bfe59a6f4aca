"""What X has beside a post: hidden replies, who reposted it, its HTML, subtitles, and where links lead."""

from __future__ import annotations

import html
import re
import zlib
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from bot.sandbox.api.rows import known_person, known_post, posts_asked
from bot.sandbox.calls import ApiCall, Operation
from bot.sandbox.captions import address
from bot.sandbox.credits import LOOKUP
from bot.sandbox.problems import ApiProblem, json_response
from bot.sandbox.records import Post
from bot.sandbox.state import Sandbox
from bot.sandbox.world import snowflake
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.short_links import SHORT_LINKS
from bot.sandbox.world.subtitles import TRACKS

_SHORT = re.compile(r"https://t\.co/([A-Za-z0-9]{1,40})", re.ASCII)
_MOST_LINKS = 100
_LARGEST = 100
_READ = 3_200
_DAY = 86_400
_SCRIPT = '\n<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'


async def hidden_replies(call: ApiCall) -> Response:
    call.only("cursor", "pageSize", "limit", "language", "mediaType")
    language, media = call.query("language"), call.choice("mediaType", ("media",))
    found = [
        post
        for post in call.sandbox.timeline.hidden_replies(known_post(call, call.path["id"]).id)
        if (not language or post.lang == language) and (media is None or post.media)
    ]
    return posts_asked(call, found, largest=_LARGEST)


async def check_retweeter(call: ApiCall) -> Response:
    """Read from the newest posts of the account: a repost is one of them."""
    call.only("user")
    asked = (call.query("user") or "").rstrip("/").rpartition("/")[2]
    if not asked:
        raise ApiProblem(400, "missing_params", "Include the required user parameter.")
    call.sandbox.credits.require(call.owner, LOOKUP)
    post, person = known_post(call, call.path["id"]), known_person(call, asked)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    own, reposted = _repost(call.sandbox, post, person)
    written = call.sandbox.timeline.statuses(person)
    return json_response(
        {
            "tweetId": post.id,
            "userId": person.id,
            "isRetweeted": reposted,
            "checkedPosts": min(written, _READ),
            "complete": written <= _READ,
            "retweetId": own,
            "retweetedAt": snowflake.iso(snowflake.seconds_of(own)) if own else None,
        }
    )


def _repost(sandbox: Sandbox, post: Post, person: PersonOfX) -> tuple[str | None, bool]:
    """The id of a repost, and whether there is one. Reposts of the fixed world are no posts here, so theirs
    follow from both ids, within a day."""
    if not sandbox.timeline.reposted_by(post.id, person):
        return None, False
    written = (one.id for one in sandbox.graph.posts_of(person) if one.reposts == post.id)
    number = zlib.crc32(f"{post.id}^{person.id}".encode())
    made = snowflake.at(snowflake.seconds_of(post.id) + 60 + number % _DAY, number)
    return next(written, made), True


async def embed(call: ApiCall) -> Response:
    call.only("theme")
    theme = call.choice("theme", ("light", "dark"))
    call.sandbox.credits.require(call.owner, LOOKUP)
    post = known_post(call, call.path["id"])
    author = call.sandbox.timeline.author(post)
    call.sandbox.credits.charge(call.owner, LOOKUP)
    url = f"https://twitter.com/{author.username}/status/{post.id}"
    told = {
        "tweetId": post.id,
        "url": url,
        "authorName": author.name,
        "authorUrl": f"https://twitter.com/{author.username}",
        "html": _html(post, author, url, theme),
        "width": 550,
    }
    return json_response({"embed": told})


def _html(post: Post, author: PersonOfX, url: str, theme: str | None) -> str:
    day = datetime.fromtimestamp(snowflake.seconds_of(post.id), UTC)
    dark = ' data-theme="dark"' if theme == "dark" else ""
    text = html.escape(post.text).replace("\n", "<br>")
    return (
        f'<blockquote class="twitter-tweet"{dark}><p lang="{post.lang}" dir="ltr">{text}</p>&mdash; '
        f"{html.escape(author.name)} (@{author.username}) "
        f'<a href="{url}">{day:%B} {day.day}, {day.year}</a></blockquote>{_SCRIPT}'
    )


async def subtitles(call: ApiCall) -> Response:
    """Free where there are none."""
    call.only()
    call.sandbox.credits.require(call.owner, LOOKUP)
    post = known_post(call, call.path["id"])
    tracks = [
        track.shown(address(call.sandbox, post.id, number), f"7_{post.id}")
        for number, track in enumerate(TRACKS.get(post.id, ()))
    ]
    call.sandbox.credits.charge(call.owner, LOOKUP if tracks else 0)
    return json_response({"subtitles": {"tweetId": post.id, "tracks": tracks}})


async def resolve_links(call: ApiCall) -> Response:
    """Those that lead somewhere are paid for; what credits do not cover is left."""
    call.only("urls")
    asked = [one.strip() for one in (call.query("urls") or "").split(",") if one.strip()]
    if not 0 < len(asked) <= _MOST_LINKS:
        raise ApiProblem(400, "missing_params", f"Send 1 to {_MOST_LINKS} links as urls.")
    codes = [match[1] for one in asked if (match := _SHORT.fullmatch(one))]
    if len(codes) < len(asked):
        raise ApiProblem(400, "invalid_params", "Send links of the form https://t.co/CODE only.")
    purse = call.sandbox.credits
    affordable = purse.affordable(call.owner, LOOKUP)
    links: list[dict[str, Any]] = []
    left: list[str] = []
    for code in codes:
        link = f"https://t.co/{code}"
        if code not in SHORT_LINKS:
            links.append({"url": link})
        elif sum("resolvedUrl" in one for one in links) < affordable:
            links.append({"url": link, "resolvedUrl": SHORT_LINKS[code]})
        else:
            left.append(link)
    purse.charge(call.owner, LOOKUP * sum("resolvedUrl" in one for one in links))
    return json_response({"links": links, "unprocessedUrls": left})


OPERATIONS = (
    Operation("getHiddenReplies", "GET", "/x/tweets/{id}/hidden-replies", hidden_replies),
    Operation("checkRetweeter", "GET", "/x/tweets/{id}/retweeters/check", check_retweeter),
    Operation("embedTweet", "GET", "/x/tweets/{id}/embed", embed),
    Operation("getSubtitles", "GET", "/x/tweets/{id}/subtitles", subtitles),
    Operation("resolveLinks", "GET", "/x/links/resolve", resolve_links),
)
