"""The playground's record: order, viewers, edits, keys and files."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from bot.core.chat.ids import TenantId
from bot.core.stores import PlaygroundChannel, PlaygroundFile
from bot.storage.engine.database import Database
from bot.storage.places.playground import PlaygroundLog

A, B = TenantId("playground", "local"), TenantId("playground", "other")


@pytest.fixture
def log(database: Database) -> PlaygroundLog:
    return PlaygroundLog(database)


async def test_channels_stand_in_the_order_they_were_made(log: PlaygroundLog) -> None:
    assert await log.create_channel(A, "general", name="general", topic="everything")
    assert await log.create_channel(A, "alerts", name="alerts")
    assert not await log.create_channel(A, "alerts", name="again")
    assert await log.channels(A) == (
        PlaygroundChannel("general", "general", "everything"),
        PlaygroundChannel("alerts", "alerts", ""),
    )
    assert await log.channels(B) == ()


async def test_messages_ascend_and_are_paged_from_the_newest(log: PlaygroundLog) -> None:
    sent = [await log.append(A, "general", author="ada", body=str(i), at=float(i)) for i in range(7)]
    assert [m.id for m in sent] == sorted({m.id for m in sent})
    last = await log.page(A, "general", "ada", limit=3)
    assert [m.body for m in last] == ["4", "5", "6"]
    assert [m.body for m in await log.page(A, "general", "ada", before=last[0].id, limit=3)] == list("123")
    assert await log.since(A, "ada", sent[4].id) == tuple(sent[5:])
    assert await log.page(A, "alerts", "ada") == ()
    assert await log.since(B, "ada", 0) == ()


async def test_a_private_message_is_for_its_viewer_alone(log: PlaygroundLog) -> None:
    await log.append(A, "general", author="bot", body="for all", at=1.0)
    await log.append(A, "general", author="bot", body="for ada", viewer="ada", at=2.0)
    assert [m.body for m in await log.page(A, "general", "ada")] == ["for all", "for ada"]
    assert [m.body for m in await log.page(A, "general", "eve")] == ["for all"]
    assert [m.body for m in await log.since(A, "eve", 0)] == ["for all"]


async def test_the_same_key_is_the_same_message(log: PlaygroundLog) -> None:
    posts = (log.append(A, "general", author="bot", body=f"{i}", key="k1", at=1.0) for i in range(6))
    assert len(set(await asyncio.gather(*posts))) == 1
    elsewhere = await log.append(A, "alerts", author="bot", body="x", key="k1", at=1.0)
    found = await log.find(A, "general", "k1")
    assert found is not None
    assert found.id != elsewhere.id
    assert await log.find(B, "general", "k1") is None


async def test_an_edit_and_a_deletion_count_up_the_revision(log: PlaygroundLog) -> None:
    message = await log.append(A, "general", author="bot", body="one", key="k", at=1.0)
    edited = await log.edit(A, message.id, "two")
    assert edited == replace(message, body="two", revision=2)
    assert await log.edit(B, message.id, "three") is None
    assert await log.get(A, message.id) == edited
    gone = await log.delete(A, message.id)
    assert gone == replace(message, body="", revision=3, deleted=True)
    assert await log.delete(A, message.id) is None
    assert await log.edit(A, message.id, "four") is None
    assert await log.get(A, message.id) is None
    assert await log.find(A, "general", "k") is None
    assert await log.page(A, "general", "ada") == ()


async def test_a_file_is_fetched_by_those_it_is_for(log: PlaygroundLog) -> None:
    stored = PlaygroundFile("winners.csv", "text/csv", b"a,b\n")
    for file, viewer in (("f1", ""), ("f2", "ada")):
        await log.keep_file(
            A, file, name="winners.csv", content_type="text/csv", content=b"a,b\n", viewer=viewer, at=1.0
        )
    assert await log.file(A, "f1", "eve") == stored
    assert await log.file(A, "f2", "ada") == stored
    assert await log.file(A, "f2", "eve") is None
    assert await log.file(B, "f1", "ada") is None
