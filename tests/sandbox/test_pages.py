"""The pages that stand for those of x.com: everything is shown, and nothing of it is markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest

from bot.sandbox.records import Post
from bot.sandbox.server import RunningSandbox
from bot.sandbox.world import communities, lists, posts, snowflake, spaces

ATTACKS = (
    "<script>window.owned=1</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></article><h1>mine</h1>",
    'https://evil.example/"onmouseover="alert(1) #a"b @x"y',
    "javascript:alert(1) data:text/html,<b>x</b>",
    "&lt;b&gt; &amp; ' \" ` {{x}}",
    "صباح <b>الخير</b> #صباح",
    "नमस्ते <i>दुनिया</i> #हिन्दी",
    "\u202eevil\u202c<svg/onload=alert(1)> 東京 #桜",
)
TAGS = {"html", "head", "meta", "title", "link", "body", "main", "p", "article", "section", "div", "img", "b",
        "h1", "h2", "a", "details", "summary", "figure", "figcaption", "ul", "li"}  # fmt: skip


class _Seen(HTMLParser):
    """Elements and texts of a page. Anything that could run is counted as trouble."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self.trouble: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.trouble.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.trouble.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value or "")
                if not re.match(r"(/x(/|$)|https?://)", value or ""):
                    self.trouble.append(f"href {value}")
            if name == "src" and not (value or "").startswith("/media/"):
                self.trouble.append(f"src {value}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


async def _look(running: RunningSandbox, path: str, status: int = 200) -> _Seen:
    async with httpx.AsyncClient(base_url=running.sandbox.origin, trust_env=False, timeout=10) as client:
        answer = await client.get(path)
    assert answer.status_code == status, answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    seen = _Seen()
    seen.feed(answer.text)
    assert seen.trouble == []
    return seen


def _write(running: RunningSandbox, text: str, handle: str = "nasa", **fields: object) -> Post:
    sandbox = running.sandbox
    author = sandbox.people.by_handle(handle)
    assert author is not None
    identity = snowflake.at(sandbox.now(), sandbox.store.next("post"))
    return sandbox.timeline.put(Post(id=identity, author_id=author.id, text=text, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ATTACKS)
async def test_what_attacks_is_shown_as_it_is(running: RunningSandbox, text: str) -> None:
    post = _write(running, text, "hostile_henry", poll=[text, "No"])
    running.sandbox.people.change(running.sandbox.timeline.author(post), name=text, bio=text, location=text)
    reply = _write(running, text, reply_to=post.id)
    _write(running, text, quotes=post.id)
    for path in (
        f"/x/hostile_henry/status/{post.id}",
        f"/x/i/status/{reply.id}",
        "/x/hostile_henry",
        "/x/nasa",
        f"/x/search?q={quote(text)}",
        f"/x/hashtag/{quote(text, safe='')}",
        f"/x/{quote(text, safe='')}",
    ):
        async with httpx.AsyncClient(base_url=running.sandbox.origin, trust_env=False) as client:
            status = (await client.get(path)).status_code
        seen = await _look(running, path, status)
        if "status" in path:
            assert "".join(seen.text).count(text) >= 2


@pytest.mark.parametrize(
    "path",
    ["/x/nasa/status/{id}", "/x/i/status/{id}", "/x/i/web/status/{id}", "/x/anybody/status/{id}/photo/1"],
)
async def test_every_address_of_a_post_shows_it(running: RunningSandbox, path: str) -> None:
    seen = await _look(running, path.format(id=posts.GIVEAWAY_ID))
    words = "".join(seen.text)
    assert "Giveaway time!" in words and "@xquik" in words and "120 replies" in words
    assert "/x/hashtag/giveaway" in seen.links and "… 70 replies more" in words


KINDS = (
    *posts.GALLERY_IDS.values(),
    *(posts.VIDEO_ID, posts.SENSITIVE_ID, posts.QUOTE_ID, posts.REPLY_ID, posts.LONG_ID, posts.POLL_ID),
)


@pytest.mark.parametrize("identity", KINDS)
async def test_every_kind_of_post_has_a_page(running: RunningSandbox, identity: str) -> None:
    post = running.sandbox.timeline.get(identity)
    assert post is not None
    words = "".join((await _look(running, f"/x/i/status/{identity}")).text)
    assert post.text in words
    for choice in post.poll:
        assert choice in words
    assert ("Sensitive: show it" in words) is post.sensitive
    if post.quotes:
        assert "Python 3.14 is out" in words
    if post.reply_to:
        assert "In reply to @python" in words and "Python 3.14 is out" in words


@pytest.mark.parametrize("tag", ["Giveaway", "हिन्दी", "桜", "صباح", "Çekiliş", "ไทย"])
async def test_a_hashtag_finds_its_posts_in_every_script(running: RunningSandbox, tag: str) -> None:
    post = _write(running, f"A post with #{tag} in it")
    seen = await _look(running, f"/x/hashtag/{quote(tag.lower())}")
    assert f"/x/nasa/status/{post.id}" in seen.links
    assert f"/x/hashtag/{quote(tag)}" in (await _look(running, f"/x/i/status/{post.id}")).links


async def test_links_of_posts_on_x_stay_here_and_others_lead_away(running: RunningSandbox) -> None:
    post = _write(
        running, f"See https://x.com/xquik/status/{posts.PLAIN_ID}, and https://example.com/a?b=1&c=2."
    )
    links = (await _look(running, f"/x/i/status/{post.id}")).links
    assert f"/x/i/status/{posts.PLAIN_ID}" in links and "https://example.com/a?b=1&c=2" in links


@pytest.mark.parametrize(
    "path",
    ["/x", "/x/", "/x/i/status/1", "/x/i/status/nonsense", "/x/missing_person", "/x/i/spaces/1", "/x/a/b/c",
     "/x/nobody/status/99999999999999999999999", "/x/i/user/42", "/x/" + "a" * 300],
)  # fmt: skip
async def test_what_is_not_there_says_so(running: RunningSandbox, path: str) -> None:
    words = "".join((await _look(running, path, 404)).text)
    assert "no such" in words or "no page" in words


async def test_a_deleted_post_is_gone_and_looking_makes_nobody_up(running: RunningSandbox) -> None:
    post = _write(running, "Soon gone")
    post.deleted = True
    running.sandbox.timeline.put(post)
    await _look(running, f"/x/i/status/{post.id}", 404)
    for handle in ("somebody_new", "anotherone"):
        await _look(running, f"/x/{handle}", 404)
        assert running.sandbox.people.known(handle) is None


async def test_another_name_for_this_machine_gets_nothing(running: RunningSandbox) -> None:
    async with httpx.AsyncClient(base_url=running.sandbox.origin, trust_env=False) as client:
        refused = await client.get(f"/x/i/status/{posts.PLAIN_ID}", headers={"host": "evil.example"})
        style = await client.get("/x/style.css")
        assert (await client.post(f"/x/i/status/{posts.PLAIN_ID}")).status_code == 405
    assert refused.status_code == 421 and style.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/x/i/lists/{lists.AGENCIES_ID}", "Space agencies"),
        (f"/x/i/lists/{lists.HOSTILE_ID}", "@everyone **free** <!channel>"),
        (f"/x/i/communities/{communities.WATCHERS_ID}", "For everybody who looks up."),
        (f"/x/i/communities/{communities.HOSTILE_ID}", "@everyone **join** <!channel>"),
        (f"/x/i/spaces/{spaces.LIVE_ID}", "Tonight's launch window"),
        (f"/x/i/spaces/{spaces.UPCOMING_ID}", "NotStarted · 0 listeners"),
    ],
)
async def test_lists_communities_and_spaces_have_pages(running: RunningSandbox, path: str, said: str) -> None:
    seen = await _look(running, path)
    assert said in "".join(seen.text)
    assert seen.trouble == []


@pytest.mark.parametrize("path", [f"/x/i/lists/{lists.PRIVATE_ID}", "/x/i/communities/9", "/x/i/spaces/9"])
async def test_what_there_is_not_has_none(running: RunningSandbox, path: str) -> None:
    assert "There is no such" in "".join((await _look(running, path, 404)).text)
