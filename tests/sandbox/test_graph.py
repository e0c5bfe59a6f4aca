"""Lists of the sandbox agree with each other: likers with what they like, followers with whom they follow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from bot.sandbox.config import SandboxConfig
from bot.sandbox.faults import Faults
from bot.sandbox.records import Post, Relation
from bot.sandbox.state import Sandbox
from bot.sandbox.world import posts
from bot.sandbox.world.people import DEMO, PersonOfX


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(SandboxConfig(), clock=time.time, sleep=asyncio.sleep, faults=Faults())
    yield made
    made.close()


def person(sandbox: Sandbox, name: str) -> PersonOfX:
    found = sandbox.people.by_handle(name)
    assert found is not None
    return found


def post(sandbox: Sandbox, post_id: str) -> Post:
    found = sandbox.timeline.get(post_id)
    assert found is not None
    return found


def test_who_likes_a_post_has_it_among_what_they_like(sandbox: Sandbox) -> None:
    giveaway = post(sandbox, posts.GIVEAWAY_ID)
    likers = sandbox.graph.likers(giveaway)
    assert len({one.id for one in likers}) == len(likers) == giveaway.likes == 412
    for one in likers[:10]:
        assert giveaway.id in {liked.id for liked in sandbox.graph.liked(one)}
    others = [one for one in sandbox.people.crowd if one.id not in {liker.id for liker in likers}]
    assert giveaway.id not in {liked.id for liked in sandbox.graph.liked(others[0])}


def test_a_like_that_was_made_or_taken_back_is_in_both_lists(sandbox: Sandbox) -> None:
    giveaway, demo = post(sandbox, posts.GIVEAWAY_ID), person(sandbox, DEMO)
    old = sandbox.graph.likers(giveaway)[0]
    sandbox.relations.put(Relation(id=f"like:{demo.id}:{giveaway.id}"))
    sandbox.relations.put(Relation(id=f"like:{old.id}:{giveaway.id}", active=False))
    assert sandbox.graph.likers(giveaway)[0] == demo
    assert old not in sandbox.graph.likers(giveaway)
    assert [one.id for one in sandbox.graph.liked(demo)] == [giveaway.id]
    assert giveaway.id not in {one.id for one in sandbox.graph.liked(old)}


@pytest.mark.parametrize("name", ["nasa", "xquik", DEMO])
def test_whom_somebody_follows_has_them_as_a_follower(sandbox: Sandbox, name: str) -> None:
    somebody = person(sandbox, name)
    rows, more = sandbox.graph.following(somebody, 0, 20)
    assert len(rows) == 20
    assert more
    followed = [one for one in rows if sandbox.people.follows(somebody, one)]
    assert followed
    for one in followed:
        listed, _ = sandbox.timeline.followers_listed(one, 0, 300)
        assert somebody.id in {follower.id for follower in listed}


def test_pages_of_followed_hold_all_of_them_once(sandbox: Sandbox) -> None:
    nasa, offset, more = person(sandbox, "nasa"), 0, True
    seen: set[str] = set()
    while more:
        rows, more = sandbox.graph.following(nasa, offset, 100)
        assert not seen & {one.id for one in rows}
        seen |= {one.id for one in rows}
        offset += 100
    assert len(seen) == nasa.following


def test_known_followers_follow_and_are_followed(sandbox: Sandbox) -> None:
    demo, github = person(sandbox, DEMO), person(sandbox, "github")
    timeline = sandbox.timeline
    known = sandbox.graph.known_followers(github, demo)
    assert known
    assert all(timeline.follows(demo, one) and timeline.follows(one, github) for one in known)
    nasa = known[0]
    sandbox.relations.put(Relation(id=f"follow:{demo.id}:{nasa.id}", active=False))
    assert nasa not in sandbox.graph.known_followers(github, demo)


def test_a_thread_is_what_its_author_strung_together(sandbox: Sandbox) -> None:
    first = post(sandbox, posts.THREAD_ID)
    thread = sandbox.graph.thread(first)
    assert [one.author_id for one in thread] == [first.author_id] * 5
    assert sandbox.graph.thread(thread[3]) == thread
    assert sandbox.timeline.root(thread[4]) == first.id
    alone = post(sandbox, posts.POLL_ID)
    assert sandbox.graph.thread(alone) == [alone]


def test_quotes_and_mentions_are_those_that_posts_make(sandbox: Sandbox) -> None:
    giveaway = post(sandbox, posts.GIVEAWAY_ID)
    quotes = sandbox.graph.quotes_of(giveaway)
    assert len(quotes) == sandbox.timeline.figures(giveaway).quotes == 3
    xquik = person(sandbox, "xquik")
    mentions = sandbox.graph.mentions_of(xquik)
    assert mentions
    assert all("@xquik" in one.text.lower() and one.author_id != xquik.id for one in mentions)


def test_what_somebody_answers_is_among_what_they_write(sandbox: Sandbox) -> None:
    cafe = person(sandbox, "cafe_luna")
    written, answers = sandbox.graph.posts_of(cafe), sandbox.graph.posts_of(cafe, replies=True)
    assert [one.id for one in answers] == [posts.REPLY_ID]
    assert {one.id for one in answers} < {one.id for one in written}
    assert sandbox.graph.posts_of(person(sandbox, "nasa"), replies=True) == [], "a thread is no answer"
