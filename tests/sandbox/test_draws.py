"""Draws are honest: every filter applied to every inspected reply, nobody chosen twice."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import time
import zipfile
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.lottery import Rules, choose, inspect
from bot.sandbox.server import RunningSandbox
from bot.sandbox.store import Store
from bot.sandbox.world import posts
from bot.sandbox.world.people import PeopleOfX
from bot.sandbox.world.timeline import Timeline

from bot.sandbox.records import Post, Relation  # isort: skip

from tests.fuzzing import examples

from .conftest import control

URL = f"https://x.com/xquik/status/{posts.GIVEAWAY_ID}"
PEOPLE = PeopleOfX(7)
_STORE = Store(None)
TIMELINE = Timeline(PEOPLE, 7, _STORE.collection("post", Post), _STORE.collection("relation", Relation))
ROOT = TIMELINE.get(posts.GIVEAWAY_ID)
REPLIES = TIMELINE.replies_to(posts.GIVEAWAY_ID)
NOW = time.time()

rules = st.builds(
    Rules,
    winner_count=st.integers(1, 130),
    backup_count=st.integers(0, 20),
    unique_authors=st.booleans(),
    must_repost=st.booleans(),
    must_follow=st.sampled_from([None, PEOPLE.by_handle("xquik")]),
    min_followers=st.sampled_from([0, 50, 5_000]),
    min_age_days=st.sampled_from([0, 700, 1_500]),
    language=st.sampled_from([None, "en", "tr"]),
    keywords=st.sampled_from([[], ["luck"], ["GIVEAWAY"]]),
    hashtags=st.sampled_from([[], ["#giveaway"], ["Giveaway"]]),
    mentions=st.sampled_from([[], ["@xquik"], ["xquik"]]),
)


@settings(max_examples=examples(60), deadline=None)
@given(rules=rules, reach=st.integers(0, 120), seed=st.integers())
def test_whoever_wins_satisfies_every_rule(rules: Rules, reach: int, seed: int) -> None:
    """Checked against the replies and people themselves, not against the lottery's own notes."""
    assert ROOT is not None
    entries = inspect(TIMELINE, ROOT, REPLIES[:reach], rules, NOW)
    winners = choose(entries, rules, random.Random(seed))
    assert len(entries) == reach
    assert len({winner.username for winner in winners}) == len(winners)
    assert [winner.position for winner in winners] == list(range(1, len(winners) + 1))
    assert sum(not winner.backup for winner in winners) <= rules.winner_count
    assert all(not w.backup for w in winners[: rules.winner_count])
    inspected = {reply.id: reply for reply in REPLIES[:reach]}
    for winner in winners:
        reply, author = inspected[winner.post_id], PEOPLE.by_handle(winner.username)
        assert author is not None
        assert reply.author_id == author.id != ROOT.author_id
        assert author.followers >= rules.min_followers
        assert NOW - author.created_at >= rules.min_age_days * 86_400
        assert rules.language in {None, reply.lang}
        text = reply.text.lower()
        assert all(word.lower() in text for word in rules.keywords)
        assert all(f"#{tag.lower().lstrip('#')}" in text for tag in rules.hashtags)
        assert all(f"@{name.lower().lstrip('@')}" in text for name in rules.mentions)
        if rules.must_repost:
            assert author in TIMELINE.reposters(ROOT)
        if rules.must_follow:
            assert TIMELINE.follows(author, rules.must_follow)
    valid = {entry.username for entry in entries if not entry.rejected}
    assert len(winners) == min(len(valid), rules.winner_count + rules.backup_count)


def test_the_giveaway_has_something_for_every_filter() -> None:
    """Each filter alone lets some replies through and stops others, so that demos show it work."""
    assert ROOT is not None
    everyone = Rules()
    single = [
        Rules(unique_authors=True),
        Rules(must_repost=True),
        Rules(must_follow=PEOPLE.by_handle("xquik")),
        Rules(min_followers=500),
        Rules(min_age_days=720),
        Rules(language="en"),
        Rules(keywords=["luck"]),
        Rules(hashtags=["xquik"]),
        Rules(mentions=["xquik"]),
    ]
    valid = [
        sum(not entry.rejected for entry in inspect(TIMELINE, ROOT, REPLIES, rules, NOW))
        for rules in [everyone, *single]
    ]
    assert valid[0] == posts.GIVEAWAY_REPLIES - 1  # the host's own reply never counts
    assert all(0 < number < valid[0] for number in valid[1:])


async def _draw(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    drawn: dict[str, Any] = (await client.post("/draws", json={"tweetUrl": URL, **body})).json()
    return drawn


async def test_credits_cap_how_many_replies_are_inspected(
    running: RunningSandbox, client: httpx.AsyncClient
) -> None:
    await control(running, "/credits", balance=40)
    draw = await _draw(client)
    detail = (await client.get(f"/draws/{draw['id']}")).json()["draw"]
    assert (draw["totalEntries"], detail["tweetReplyCount"]) == (40, 120)
    assert (await client.get("/credits")).json()["balance"] == "0"
    assert (await client.post("/draws", json={"tweetUrl": URL})).status_code == 402


async def test_two_draws_of_one_tweet_differ_and_both_are_kept(client: httpx.AsyncClient) -> None:
    first, second = await _draw(client, winnerCount=9), await _draw(client, winnerCount=9)
    assert first["winners"] != second["winners"]
    listed = (await client.get("/draws?limit=1")).json()
    assert [draw["id"] for draw in listed["draws"]] == [second["id"]]
    rest = (await client.get("/draws", params={"cursor": listed["nextCursor"]})).json()
    assert [draw["id"] for draw in rest["draws"]] == [first["id"]]
    assert not rest["hasMore"]


@pytest.fixture
async def exported(client: httpx.AsyncClient) -> tuple[httpx.AsyncClient, dict[str, Any]]:
    return client, await _draw(client, winnerCount=3, requiredHashtags=["giveaway"])


async def _export(exported: tuple[httpx.AsyncClient, dict[str, Any]], chosen: str, kind: str) -> bytes:
    client, draw = exported
    answer = await client.get(f"/draws/{draw['id']}/export", params={"format": chosen, "type": kind})
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


async def test_exports_hold_every_entry(exported: tuple[httpx.AsyncClient, dict[str, Any]]) -> None:
    rows = list(csv.DictReader(io.StringIO((await _export(exported, "csv", "entries")).decode())))
    assert len(rows) == 120
    assert sum(row["result"] == "valid" for row in rows) == exported[1]["validEntries"]
    assert json.loads(await _export(exported, "json", "entries")) == rows
    assert len((await _export(exported, "txt", "entries")).splitlines()) == 121
    assert (await _export(exported, "md-document", "winners")).startswith(b"# Draw for @xquik")


async def test_the_workbook_is_one_a_spreadsheet_opens(
    exported: tuple[httpx.AsyncClient, dict[str, Any]],
) -> None:
    with zipfile.ZipFile(io.BytesIO(await _export(exported, "xlsx", "entries"))) as book:
        assert book.testzip() is None
        parts = {name: ElementTree.fromstring(book.read(name)) for name in book.namelist()}
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = parts["xl/worksheets/sheet1.xml"].findall(f".//{space}row")
    assert len(rows) == 121
    assert {cell.get("t") for row in rows for cell in row} == {"inlineStr"}


async def test_the_pdf_has_a_true_table_of_offsets(
    exported: tuple[httpx.AsyncClient, dict[str, Any]],
) -> None:
    pdf = await _export(exported, "pdf", "entries")
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf[start:].startswith(b"xref")
    for number, line in enumerate(re.findall(rb"(\d{10}) 00000 n", pdf), start=1):
        assert pdf[int(line) :].startswith(b"%d 0 obj" % number)
    assert pdf.count(b"/Type /Page ") == 3


async def test_a_draw_with_a_key_is_made_once(client: httpx.AsyncClient) -> None:
    body = {"tweetUrl": URL, "winnerCount": 2}
    headers = {"Idempotency-Key": "draw-1"}
    first = await client.post("/draws", json=body, headers=headers)
    assert first.status_code == 201
    left = (await client.get("/credits")).json()
    again = await client.post("/draws", json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await client.get("/credits")).json() == left, "charged once"
    other = await client.post("/draws", json=body | {"winnerCount": 3}, headers=headers)
    assert (other.status_code, other.json()["error"]) == (409, "idempotency_conflict")
    bad = await client.post("/draws", json=body, headers={"Idempotency-Key": "two words"})
    assert (bad.status_code, bad.json()["error"]) == (400, "invalid_idempotency_key")
    assert len((await client.get("/draws")).json()["draws"]) == 1
    without = [(await client.post("/draws", json=body)).json()["id"] for _ in range(2)]
    assert len(set(without)) == 2
