"""A tweet with attached files: each uploaded once under its own key, then the tweet, and the bytes are
gone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.chat import card_json
from bot.core.errors import Expired
from bot.core.media.limits import measured
from bot.core.proposal_states import ProposalState
from bot.core.x.media_refs import kept_as
from bot.proposals.cards import RETRY
from bot.storage.tables import media_parts
from bot.storage.writes.media_files import MediaFile
from bot.storage.writes.media_of_proposals import AGAIN
from tests.media import mp4, png
from tests.proposals.harness import ELSEWHERE, POST, TENANT, ProposalsHarness

PICTURES = (png(), png(3, 3))


async def attached(house: ProposalsHarness, *pictures: bytes, tenant: Any = TENANT) -> dict[str, Any]:
    """The payload of a tweet with these files."""
    files: list[MediaFile] = []
    for number, data in enumerate(pictures or PICTURES, start=1):
        found = measured("a", data)
        name = f"{number}{found.kind.ending}"
        files.append(await house.media.keep(tenant, "ann", name=name, source=name, data=data, measured=found))
    bound: list[dict[str, Any]] = []
    for file in files:
        long = {"long": True} if (file.seconds or 0) > 140 else {}
        bound.append(
            {"id": file.id, "name": file.name, "source": file.source, "content_type": file.content_type}
            | {"size": file.size, "seconds": file.seconds, "sha256": file.sha256}
            | long
        )
    return {**POST, "media": [kept_as(file.id) for file in files], "attached": bound}


async def kept_parts(house: ProposalsHarness) -> int:
    """How many parts of files are stored."""

    async def work(connection: AsyncConnection) -> int:
        return int((await connection.execute(select(func.count()).select_from(media_parts))).scalar_one())

    return await house.database.read(work)


def urls(house: ProposalsHarness) -> Sequence[str]:
    return [f"https://m.example/{one['id']}.png" for one in house.vendor.uploads]


async def test_every_file_is_uploaded_and_then_the_tweet_takes_their_addresses(
    house: ProposalsHarness,
) -> None:
    payload = await attached(house)
    key = await house.open(payload)
    assert await kept_parts(house) == 2
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.state is ProposalState.DONE
    assert [path for _, path, _, _ in house.vendor.writes()] == ["/x/media", "/x/media", "/x/tweets"]
    (tweet,) = house.vendor.tweets
    assert tweet["media"] == urls(house) and "attached" not in tweet and "media_ids" not in tweet
    for upload, data in zip(house.vendor.uploads, PICTURES, strict=True):
        assert data in upload["body"] and b'filename="' in upload["body"]
    keys = [sent for _, _, sent, _ in house.vendor.writes()]
    assert len(set(keys)) == 3 and keys[-1] == row.idempotency_key
    assert row.result is not None and row.result["charged"] == 50
    assert await kept_parts(house) == 0, "erased"


async def test_links_stand_where_they_were_given(house: ProposalsHarness) -> None:
    payload = await attached(house)
    link = "https://img.example/b.png"
    payload["media"] = [payload["media"][0], link, payload["media"][1]]
    key = await house.open(payload)
    await house.press("confirm", key)
    await house.finish()
    first, second = urls(house)
    assert house.vendor.tweets[0]["media"] == [first, link, second]


async def test_a_long_video_is_said_to_be_one(house: ProposalsHarness) -> None:
    for length, long in ((140.0, False), (141.0, True)):
        key = await house.open(await attached(house, mp4(length)))
        await house.press("confirm", key)
        await house.finish()
        assert (b'name="is_long_video"' in house.vendor.uploads[-1]["body"]) == long


async def test_what_is_handed_off_has_a_row_for_each_upload_and_one_for_the_tweet(
    house: ProposalsHarness,
) -> None:
    key = await house.open({**await attached(house), "reply_to_tweet_id": "77"})
    await house.press("confirm", key)
    await house.finish()
    rows = await house.handed_off()
    assert sorted(row.event for row in rows) == ["reply", "upload", "upload"]
    uploads = [row.fields for row in rows if row.event == "upload"]
    assert {tuple(row) for row in uploads} == {("media_id", "media_url", "success", "source", "endpoint")}
    assert {row["source"] for row in uploads} == {"1.png", "2.png"}
    (reply,) = [row.fields for row in rows if row.event == "reply"]
    assert (reply["media_url"], reply["reply_to_tweet_id"]) == (urls(house), "77")
    assert reply["charged_credits"] == 50
    assert POST["text"] not in str([row.fields for row in rows])


@pytest.mark.parametrize(
    "plan", list(itertools.product(("ok", "accept", "lost", "dropped", "defer", "limited"), repeat=2))
)
async def test_however_the_answers_go_nothing_is_uploaded_or_posted_twice(
    house: ProposalsHarness, plan: tuple[str, ...]
) -> None:
    house.vendor.plan.extend(plan)
    key = await house.open(await attached(house))
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    if "limited" in plan and row.state is ProposalState.FAILED:
        assert len(house.vendor.tweets) == 0
        return
    assert row.state is ProposalState.DONE
    assert (len(house.vendor.uploads), len(house.vendor.tweets)) == (2, 1)
    assert house.vendor.tweets[0]["media"] == urls(house)
    assert len({(path, sent, body) for _, path, sent, body in house.vendor.writes()}) == 3


async def test_an_upload_that_is_refused_keeps_the_tweet_from_being_posted(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "reject"])
    key = await house.open(await attached(house))
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert (row.state, len(house.vendor.tweets)) == (ProposalState.FAILED, 0)
    (outcome,) = await house.outcomes()
    card = card_json.decode(outcome.card)
    assert card.title == "Not posted"
    said = str(card.blocks)
    assert "The media could not be uploaded" in said and "Charged: 10 credits." in said
    assert row.result is not None and row.result["charged"] == 10
    assert await kept_parts(house) == 0


async def test_an_upload_that_nobody_knows_of_keeps_the_tweet_from_being_posted(
    house: ProposalsHarness,
) -> None:
    house.vendor.plan.append("ambiguous")
    key = await house.open(await attached(house))
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert (row.state, len(house.vendor.tweets)) == (ProposalState.FAILED, 0), "certainly not posted"
    assert row.result is not None and not row.result["again"]


async def test_a_new_attempt_uploads_nothing_that_is_there_already(house: ProposalsHarness) -> None:
    house.vendor.plan.extend(["ok", "broke"])
    key = await house.open(await attached(house))
    await house.press("confirm", key)
    await house.finish()
    row = await house.row(key)
    assert row.result is not None and row.result["again"] and row.result["charged"] == 10
    reply = await house.press(RETRY.rpartition(".")[2], key)
    again = next(
        button.action.key for button in reply.card.buttons if button.action and button.label == "Confirm"
    )
    await house.press("confirm", again)
    await house.finish()
    assert (await house.row(again)).state is ProposalState.DONE
    assert (len(house.vendor.uploads), len(house.vendor.tweets)) == (2, 1)
    result = (await house.row(again)).result
    assert result is not None and result["charged"] == 40, "the first upload was told of before"
    assert await kept_parts(house) == 0


async def test_a_new_attempt_that_comes_too_late_says_so(house: ProposalsHarness) -> None:
    house.vendor.plan.append("broke")
    key = await house.open(await attached(house))
    await house.press("confirm", key)
    await house.finish()
    assert await kept_parts(house) == 2, "for a new attempt"
    house.clock.advance(AGAIN + 1)
    with pytest.raises(Expired, match=r"1\.png is not kept any more"):
        await house.press("retry", key)


@pytest.mark.parametrize("way", ["cancel", "expire"])
async def test_what_is_not_confirmed_leaves_no_bytes(house: ProposalsHarness, way: str) -> None:
    key = await house.open(await attached(house))
    assert await kept_parts(house) == 2
    if way == "cancel":
        await house.press("cancel", key)
    else:
        house.clock.advance(16 * 60)
        await house.executor.expire()
    assert await kept_parts(house) == 0
    assert house.vendor.requests == []


async def test_an_edited_preview_takes_the_files_over(house: ProposalsHarness) -> None:
    key = await house.open(await attached(house))
    reply = await house.press("edit", key, values={"text": "Another text"})
    assert [(file.name, file.content) for file in reply.files] == [
        ("1.png", PICTURES[0]),
        ("2.png", PICTURES[1]),
    ]
    new = next(
        button.action.key for button in reply.card.buttons if button.action and button.label == "Confirm"
    )
    assert await kept_parts(house) == 2
    await house.press("confirm", new)
    await house.finish()
    assert house.vendor.tweets[0]["text"] == "Another text"
    assert house.vendor.tweets[0]["media"] == urls(house)
    assert await kept_parts(house) == 0


async def test_files_of_another_place_and_those_that_are_gone_are_not_proposed(
    house: ProposalsHarness,
) -> None:
    with pytest.raises(Expired):
        await house.open(await attached(house, tenant=ELSEWHERE))
    payload = await attached(house)
    house.clock.advance(31 * 60)
    with pytest.raises(Expired):
        await house.open(payload)
    assert house.vendor.requests == []
