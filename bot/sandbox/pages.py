"""What x.com would show: tweets, profiles, lists, communities, Spaces, hashtags, a search.

Served to any browser, without a key. Everything that people wrote is escaped, nothing is loaded from
elsewhere, and no script runs. Looking at a page makes nothing: somebody who was never asked for through the
API is not made up by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.api.references import post_id_in
from bot.sandbox.records import MediaRecord, Post
from bot.sandbox.shapes import TAG
from bot.sandbox.state import Sandbox
from bot.sandbox.world.people import PersonOfX
from bot.sandbox.world.snowflake import iso, seconds_of

_MOST = 50
_LONGEST_QUERY = 200
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STYLE = """
:root { color-scheme: light dark; --ground: #f7f7fb; --card: #fff; --ink: #16181d; --soft: #565a68;
  --line: #e2e3ea; --link: #3f3ad0; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101218; --card: #1a1d26; --ink: #eceef4; --soft: #a4a9b8;
    --line: #2c303c; --link: #a8a3ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
.note { color: var(--soft); font-size: .875rem; margin: 0 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
a { color: var(--link); }
.post, .profile { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem;
  margin: 0 0 .75rem; overflow-wrap: anywhere; }
.post.main { font-size: 1.15rem; }
.head { display: flex; align-items: center; gap: .75rem; font-size: 1rem; }
.head img { width: 40px; height: 40px; border-radius: 50%; flex: none; }
.head b { display: block; line-height: 1.3; unicode-bidi: isolate; }
.head a { color: var(--soft); text-decoration: none; }
.text { white-space: pre-wrap; margin: .75rem 0; }
.small { color: var(--soft); font-size: .875rem; margin: .25rem 0 0; }
.pictures { display: grid; gap: .5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
.pictures img { display: block; width: 100%; height: auto; border-radius: 10px; }
.pictures figure { margin: 0; }
.pictures figcaption { color: var(--soft); font-size: .8rem; }
.poll { list-style: none; padding: 0; margin: .75rem 0; }
.poll li { border: 1px solid var(--line); border-radius: 8px; padding: .35rem .75rem; margin: 0 0 .35rem; }
.inner { border: 1px solid var(--line); border-radius: 12px; padding: .75rem; margin: .75rem 0 0; }
summary { cursor: pointer; color: var(--soft); }
"""
# What is a link in a text. One expression without nesting: each character is looked at once.
_LINKED = re.compile(rf"https?://[^\s<>\"']+|(?<![\w@])@[A-Za-z0-9_]{{1,15}}(?![\w@])|(?<![\w#&])#{TAG}")
_TRAILING = ".,;:!?)]}’”…"
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)


def routes(sandbox: Sandbox) -> list[Route]:
    """``/x/…``, with the paths of x.com behind it."""
    pages = _Pages(sandbox)
    return [
        Route("/x", pages.nothing),
        Route("/x/style.css", _style),
        Route("/x/i/status/{post}", pages.post),
        Route("/x/i/web/status/{post}", pages.post),
        Route("/x/i/user/{person}", pages.person_by_id),
        Route("/x/i/lists/{list}", pages.list_),
        Route("/x/i/communities/{community}", pages.community),
        Route("/x/i/spaces/{space}", pages.space),
        Route("/x/i/broadcasts/{broadcast}", pages.broadcast),
        Route("/x/hashtag/{tag}", pages.hashtag),
        Route("/x/search", pages.search),
        Route("/x/{name}/status/{post}", pages.post),
        Route("/x/{name}/status/{post}/{rest:path}", pages.post),
        Route("/x/{name}", pages.person),
        Route("/x/{rest:path}", pages.nothing),
    ]


async def _style(_: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers=HEADERS)


class _Pages:
    """The pages of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def post(self, request: Request) -> Response:
        found = post_id_in(request.path_params["post"])
        post = self._sandbox.timeline.get(found) if found else None
        if post is None:
            return _page("No such tweet", _nothing("There is no such tweet, or it was deleted."), 404)
        replies = self._sandbox.timeline.replies_to(post.id)
        author = self._sandbox.timeline.author(post)
        parent = self._sandbox.timeline.get(post.reply_to) if post.reply_to else None
        above = "" if parent is None else self._post(parent)
        below = "".join(self._post(one) for one in replies[:_MOST])
        more = _more(len(replies) - _MOST, "reply", "replies")
        body = f"{above}{self._post(post, main=True)}" + (f"<h2>Replies</h2>{below}{more}" if replies else "")
        return _page(f"@{author.username}", body)

    async def person(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._profile(self._sandbox.people.known(name) if _HANDLE.fullmatch(name) else None)

    async def person_by_id(self, request: Request) -> Response:
        given = request.path_params["person"]
        people = self._sandbox.people
        return self._profile(
            people.by_id(given) or (people.known(given) if _HANDLE.fullmatch(given) else None)
        )

    async def list_(self, request: Request) -> Response:
        lists = self._sandbox.lists
        found = lists.get(request.path_params["list"])
        if found is None:
            return _page("No such list", _nothing("There is no such list, or it is private."), 404)
        people = _count(len(lists.members(found)), "member")
        followed = _count(len(lists.followers(found)), "follower")
        head = _gathering(found.name, found.description, f"{people} · {followed}")
        return _page(found.name, head + self._posts(lists.posts(found, replies=False)))

    async def community(self, request: Request) -> Response:
        communities = self._sandbox.communities
        found = communities.get(request.path_params["community"])
        if found is None:
            return _page("No such community", _nothing("There is no such community."), 404)
        people = _count(len(communities.members(found)), "member")
        head = _gathering(found.name, found.description, f"{people} · {escape(found.topic[1])}")
        return _page(found.name, head + self._posts(communities.posts(found)))

    async def space(self, request: Request) -> Response:
        spaces = self._sandbox.spaces
        found = spaces.get(request.path_params["space"])
        if found is None:
            return _page("No such Space", _nothing("There is no such Space."), 404)
        host = f"by @{spaces.person(found.host).username}"
        listened = _count(len(spaces.audience(found)), "listener")
        return _page(found.title, _gathering(found.title, host, f"{found.state} · {listened}"))

    async def broadcast(self, request: Request) -> Response:
        broadcasts = self._sandbox.broadcasts
        found = broadcasts.get(request.path_params["broadcast"])
        if found is None:
            return _page("No such broadcast", _nothing("There is no such broadcast."), 404)
        host = f"by @{broadcasts.host(found).username}"
        watched = _count(broadcasts.audience(found), "viewer")
        return _page(found.title, _gathering(found.title, host, f"{found.state} · {watched}"))

    async def hashtag(self, request: Request) -> Response:
        tag = request.path_params["tag"][:_LONGEST_QUERY]
        wanted = tag.casefold()

        def tagged(post: Post) -> bool:
            return any(found[1:].casefold() == wanted for found in _tags(post.text))

        return self._found(f"#{tag}", tagged)

    async def search(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()[:_LONGEST_QUERY]
        wanted = words.casefold()
        return self._found(words or "Search", lambda post: bool(wanted) and wanted in post.text.casefold())

    async def nothing(self, _: Request) -> Response:
        return _page("Not here", _nothing("The sandbox has no page for this address."), 404)

    # --- parts -------------------------------------------------------------------------------

    def _found(self, title: str, wanted: Callable[[Post], bool]) -> Response:
        posts = [post for post in self._sandbox.timeline if wanted(post)]
        nothing = "" if posts else _nothing("No tweet in the sandbox has this.")
        return _page(title, f'<h1 dir="auto">{escape(title)}</h1>{nothing}{self._posts(posts)}')

    def _profile(self, person: PersonOfX | None) -> Response:
        if person is None:
            return _page("No such account", _nothing("There is no such account in the sandbox."), 404)
        timeline = self._sandbox.timeline
        posts = [post for post in timeline if post.author_id == person.id]
        followers, following = timeline.followers(person), timeline.following(person)
        posted = _count(timeline.statuses(person), "post")
        figures = f"{posted} · {_count(followers, 'follower')} · {following:,} following"
        place = f'<p class="small" dir="auto">{escape(person.location)}</p>' if person.location else ""
        head = (
            f'<section class="profile"><div class="head">{_face(person)}<div>'
            f'<h1 dir="auto">{escape(person.name)}</h1>'
            f"@{escape(person.username)}</div></div>"
            f'<p class="text" dir="auto">{_words(person.bio)}</p>{place}'
            f'<p class="small">{figures}</p></section>'
        )
        return _page(f"@{person.username}", head + self._posts(posts))

    def _posts(self, posts: list[Post]) -> str:
        shown = "".join(self._post(post) for post in posts[:_MOST])
        return shown + _more(len(posts) - _MOST, "tweet", "tweets")

    def _post(self, post: Post, *, main: bool = False, nested: bool = True) -> str:
        author = self._sandbox.timeline.author(post)
        figures = self._sandbox.timeline.figures(post)
        address = f"/x/{author.username}/status/{post.id}"
        inner = post.quotes or post.reposts
        quoted = self._sandbox.timeline.get(inner) if inner and nested else None
        answers = self._sandbox.timeline.get(post.reply_to) if post.reply_to else None
        to = "" if answers is None else self._reply_to(answers)
        said = (
            f"{_count(figures.replies, 'reply', 'replies')} · {_count(figures.reposts, 'repost')} · "
            f"{_count(figures.quotes, 'quote')} · {_count(post.likes, 'like')} · {_count(post.views, 'view')}"
        )
        tag, kind = ("article", "post main" if main else "post") if nested else ("div", "inner")
        moment = iso(seconds_of(post.id))[:16].replace("T", " ")
        return (
            f'<{tag} class="{kind}"><div class="head">{_face(author)}<div>'
            f'<b dir="auto">{escape(author.name)}</b>'
            f'<a href="/x/{escape(author.username)}">@{escape(author.username)}</a></div></div>{to}'
            f'<p class="text" dir="auto">{_words(post.text)}</p>{_media(post)}{_poll(post)}'
            f"{'' if quoted is None else self._post(quoted, nested=False)}"
            f'<p class="small"><a href="{escape(address)}">{moment} UTC</a></p>'
            f'<p class="small">{said}</p></{tag}>'
        )

    def _reply_to(self, parent: Post) -> str:
        name = escape(self._sandbox.timeline.author(parent).username)
        return f'<p class="small">In reply to <a href="/x/{name}/status/{escape(parent.id)}">@{name}</a></p>'


def _page(title: str, body: str, status: int = 200) -> Response:
    return framed(title, body, status, note="in place of x.com. Nothing here is on X.")


def framed(
    title: str, body: str, status: int, *, note: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A whole page of the sandbox. body: HTML; note: what it stands in place of."""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · Xquik sandbox</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/x/style.css"></head><body><main>'
        f'<p class="note">A page of the Xquik sandbox, {note}</p>'
        f"{body}</main></body></html>"
    )
    return Response(text, status, media_type="text/html", headers=headers or HEADERS)


def _gathering(name: str, about: str, figures: str) -> str:
    """The head of a list, a community, a Space or a broadcast."""
    return (
        f'<section class="profile"><h1 dir="auto">{escape(name)}</h1>'
        f'<p class="text" dir="auto">{_words(about)}</p><p class="small">{figures}</p></section>'
    )


def _nothing(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _more(number: int, one: str, many: str) -> str:
    return f'<p class="small">… {_count(number, one, many)} more</p>' if number > 0 else ""


def _face(person: PersonOfX) -> str:
    return f'<img src="/media/{escape(person.face)}.png" alt="" width="40" height="40">'


def _media(post: Post) -> str:
    if not post.media:
        return ""
    shown = f'<div class="pictures">{"".join(map(_picture, post.media))}</div>'
    return f"<details><summary>Sensitive: show it</summary>{shown}</details>" if post.sensitive else shown


def _picture(media: MediaRecord) -> str:
    note = "" if media.kind == "photo" else "<figcaption>Video: a still</figcaption>"
    return (
        f'<figure><img src="/media/{quote(media.key, safe="")}.png" alt="{escape(media.alt)}" loading="lazy" '
        f'width="{media.width}" height="{media.height}">{note}</figure>'
    )


def _poll(post: Post) -> str:
    if not post.poll:
        return ""
    return f'<ul class="poll">{"".join(f"<li dir=auto>{escape(one)}</li>" for one in post.poll)}</ul>'


def _tags(text: str) -> Iterable[str]:
    return (found[0] for found in _LINKED.finditer(text) if found[0].startswith("#"))


def _words(text: str) -> str:
    """The text with links: handles and hashtags lead to pages of ours, tweets on x.com too."""
    parts: list[str] = []
    at = 0
    for found in _LINKED.finditer(text):
        word = found[0].rstrip(_TRAILING) if found[0].startswith("http") else found[0]
        parts.append(escape(text[at : found.start()]))
        parts.append(_link(word))
        at = found.start() + len(word)
    return "".join(parts) + escape(text[at:])


def _link(word: str) -> str:
    if word.startswith("@"):
        return f'<a href="/x/{escape(word[1:])}">{escape(word)}</a>'
    if word.startswith("#"):
        return f'<a href="/x/hashtag/{quote(word[1:], safe="")}">{escape(word)}</a>'
    post = post_id_in(word)
    if post is not None:
        return f'<a href="/x/i/status/{post}">{escape(word)}</a>'
    return f'<a href="{escape(word)}" rel="noopener noreferrer nofollow">{escape(word)}</a>'
