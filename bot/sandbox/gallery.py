"""Gallery pages and the pictures in them, served to any browser: no key, no script, strict CSP."""

from __future__ import annotations

import asyncio
from html import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.pictures import face, landscape
from bot.sandbox.records import MediaRecord, Post
from bot.sandbox.state import Sandbox

_LONGEST_KEY = 80
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = """
:root { color-scheme: light dark; --ground: #f7f7fb; --card: #fff; --ink: #16181d; --soft: #667; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101218; --card: #1a1d26; --ink: #eceef4; --soft: #9aa0b0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
p.note { color: var(--soft); margin: 0 0 1.5rem; }
.grid { display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
figure { margin: 0; background: var(--card); border-radius: 14px; overflow: hidden;
  box-shadow: 0 1px 4px #0002; }
figure img { display: block; width: 100%; height: auto; aspect-ratio: 16 / 10; object-fit: cover; }
figcaption { padding: .75rem 1rem 1rem; overflow-wrap: anywhere; }
figcaption b { display: block; }
figcaption span { color: var(--soft); font-size: .9rem; unicode-bidi: isolate; }
.badge { display: inline-block; background: #0003; border-radius: 6px; padding: 0 .5rem; font-size: .8rem; }
"""


def routes(sandbox: Sandbox) -> list[Route]:
    """``/g/<id>``, its style sheet, and ``/media/<key>.png``."""

    async def page(request: Request) -> Response:
        gallery = sandbox.galleries.get(request.path_params["gallery"])
        if gallery is None:
            return PlainTextResponse("No such gallery.", 404, headers=_HEADERS)
        posts = [post for one in gallery.post_ids if (post := sandbox.timeline.get(one)) is not None]
        return Response(_page(sandbox, posts), media_type="text/html", headers=_HEADERS)

    return [
        Route("/g/style.css", _style),
        Route("/g/{gallery}", page),
        Route("/media/{key}.png", _picture),
    ]


async def _style(_: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers=_HEADERS)


async def _picture(request: Request) -> Response:
    key = request.path_params["key"]
    if len(key) > _LONGEST_KEY:
        return PlainTextResponse("No such picture.", 404)
    draw = face if key.startswith("face-") else landscape
    png = await asyncio.to_thread(draw, key)
    return Response(png, media_type="image/png", headers={**_HEADERS, "Cache-Control": "max-age=86400"})


def _figure(sandbox: Sandbox, post: Post, media: MediaRecord) -> str:
    author = sandbox.timeline.author(post)
    badge = "" if media.kind == "photo" else f' <span class="badge">{media.kind}, poster frame</span>'
    return (
        f'<figure><img src="/media/{escape(media.key)}.png" alt="{escape(media.alt)}" loading="lazy" '
        f'width="{media.width}" height="{media.height}"><figcaption><b>@{escape(author.username)}{badge}</b>'
        f'<span dir="auto">{escape(post.text)}</span></figcaption></figure>'
    )


def _page(sandbox: Sandbox, posts: list[Post]) -> str:
    figures = [_figure(sandbox, post, media) for post in posts for media in post.media]
    tweets = "1 tweet" if len(posts) == 1 else f"{len(posts)} tweets"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/g/style.css"></head><body><main>'
        f'<h1>{len(figures)} media from {tweets}</h1><p class="note">Drawn by the Xquik sandbox.</p>'
        f'<div class="grid">{"".join(figures)}</div></main></body></html>'
    )
