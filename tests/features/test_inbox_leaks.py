"""Nothing that X shows to one account alone is found anywhere afterwards: in no table, log line or file."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.chat.answers import Reply
from bot.core.commands.dispatch import InvocationOutcome
from bot.sandbox.records import Post
from bot.sandbox.world import snowflake
from bot.settings import Settings
from bot.storage.engine.database import Database
from bot.storage.migrate import create
from bot.storage.tables import metadata
from tests.features.edge import Screen, buttons, ref_of, words
from tests.features.harness import ADMIN, HERE, BotHarness, open_house

TWEET_MARK, MESSAGE_MARK, PICTURE_MARK = "zq7tweet", "zq7message", "zq7picture"
MARKS = (TWEET_MARK, MESSAGE_MARK, PICTURE_MARK)
LIBRARIES = (
    "httpx",
    "httpcore",
    "uvicorn",
    "sqlalchemy",
    "asyncio",
    "aiosqlite",
    "psycopg",
    "bot",
    "adapters",
)
LINES = (
    "bookmarks show",
    "bookmarks folders",
    "timeline show",
    "notifications show",
    "notifications show mentions",
    "dm history @nasa",
)


@pytest.fixture
def place_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A database that nothing is in, once each."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'place.db'}"
        return
    server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
async def written(
    tmp_path: Path, empty_bot: Path, place_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[BotHarness]:
    """A bot on either database; what it reads is marked. Its temporary files are beside its own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    house_directory = tmp_path / "house"
    house_directory.mkdir()

    def on_database(settings: Settings) -> Settings:
        storage = settings.storage.model_copy(update={"url": place_url})
        return settings.model_copy(update={"storage": storage})

    await create(place_url)
    async with open_house(house_directory, empty_bot, change=on_database) as house:
        sandbox = house.sandbox.sandbox
        nasa, demo = sandbox.people.by_handle("nasa"), sandbox.people.by_handle("xquik_demo")
        assert nasa is not None and demo is not None
        text = f"@xquik_demo {TWEET_MARK} @everyone <!channel> **bold**"
        for number in range(3):
            post = Post(id=snowflake.at(time.time() - number, number), author_id=nasa.id, text=text)
            sandbox.timeline.put(post)
            sandbox.inbox.bookmark(demo, post, on=True)
        for number in range(25):
            sandbox.inbox.write(nasa, demo, f"{MESSAGE_MARK} {number}", PICTURE_MARK, time.time() + number)
        yield house


async def read_everything(house: BotHarness) -> str:
    """Every list, its pages to and fro, with Confirm; what a person read of it."""
    read: list[str] = []
    for line in LINES:
        screen = await house.done(line)
        assert screen.outcome is InvocationOutcome.OK, line
        read.append(words(screen.card))
        for label in ("Next", "Back"):
            found = [one.label for one in buttons(screen.card) if one.label.startswith(label)]
            if found:
                screen = await house.press(screen, found[0])
                read.append(words(screen.card))
    return "\n".join(read)


async def fail_at_everything(house: BotHarness) -> None:
    """The same where the answer does not reach anybody, and where it cannot be read."""

    async def lost(_reply: Reply) -> None:
        raise OSError("the answer is lost")

    for line in LINES:
        asked = await house.say(line)
        invocation = house.invocation(ADMIN, HERE)
        screen = Screen(invocation.place)
        screen.answer = lost  # type: ignore[method-assign,assignment]
        with contextlib.suppress(OSError):
            await house.app.dispatcher.press(invocation, ref_of(asked.card, "Confirm"), screen)
        await house.fault(path="/x/[!a]*", without=["has_next_page", "next_cursor"])
        assert (await house.done(line)).outcome is InvocationOutcome.OK
        await house.control("faults", "DELETE")


async def stored(url: str) -> str:
    """Every row of every table, as bytes are too."""
    database = await Database.open(url)
    found: list[str] = []
    for table in metadata.sorted_tables:
        query = select(table)
        rows = await database.read(lambda connection, query=query: connection.execute(query))  # type: ignore[misc]
        found += [repr(tuple(row)) for row in rows]
    await database.close()
    return "\n".join(found)


def files_with_marks(directory: Path) -> list[Path]:
    """Files that have one of them."""
    files = [one for one in directory.rglob("*") if one.is_file()]
    return [one for one in files if any(mark.encode() in one.read_bytes() for mark in MARKS)]


async def test_nothing_of_it_stays(
    written: BotHarness,
    place_url: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in LIBRARIES:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.DEBUG)
    read = await read_everything(written)
    for mark in MARKS[:2]:
        assert mark in read, "it was shown"
    await fail_at_everything(written)
    await written.reopen()
    kept = await stored(place_url)
    assert "list.page" in kept, "the database was read"
    assert not [mark for mark in MARKS if mark in kept]
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "dm history" in logged, "the log was read"
    assert not [mark for mark in MARKS if mark in logged]
    assert await asyncio.to_thread(files_with_marks, tmp_path) == []


async def test_a_message_that_is_sent_stands_nowhere_but_sealed_and_is_erased(
    written: BotHarness,
    place_url: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Through all that can become of it: sent, refused, cancelled, out of time; typed in a line and into a
    form, and with a mistake beside it."""
    for name in LIBRARIES:
        caplog.set_level(logging.DEBUG, logger=name)
    caplog.set_level(logging.DEBUG)
    line = f'dm send @nasa "{MESSAGE_MARK} hello"'
    asked = await written.say(line)
    assert MESSAGE_MARK in words(asked.card), "what is to be confirmed is shown"
    assert await sealed(place_url) == 1
    assert MESSAGE_MARK not in await stored(place_url)
    await written.reopen()
    shown = await written.press(asked, "Confirm")
    assert shown.card.title == "Message sent" and MESSAGE_MARK not in words(shown.card)
    assert await sealed(place_url) == 0, "nothing of it is left, not even as ciphertext"
    sandbox = written.sandbox.sandbox
    nasa, demo = sandbox.people.by_handle("nasa"), sandbox.people.by_handle("xquik_demo")
    assert nasa is not None and demo is not None
    there = [one.text for one in sandbox.inbox.messages(demo, nasa)]
    assert there.count(f"{MESSAGE_MARK} hello") == 1, "it is there"
    cancelled = await written.press(await written.say(line), "Cancel")
    assert cancelled.card.title == "Cancelled" and MESSAGE_MARK not in words(cancelled.card)
    await written.control("writes", body={"outcome": "reject"})
    refused = await written.done(line)
    assert refused.card.title == "Message not sent" and "Try again" not in words(refused.card)
    assert [one.label for one in buttons(refused.card)] == []
    await written.say(line)
    written.clock.advance(16 * 60)
    await written.app.executor.expire()
    assert await sealed(place_url) == 0
    for wrong in (f"dm sned @nasa {MESSAGE_MARK}", f"dm send nobody! {MESSAGE_MARK}"):
        assert (await written.say(wrong)).outcome is not InvocationOutcome.OK
    form = await written.say("dm send @nasa")
    assert form.outcome is InvocationOutcome.FORM
    failed = await written.submit(form, user="nobody!", text=MESSAGE_MARK)
    assert MESSAGE_MARK not in words(failed.failure)
    await written.submit(form, user="@nasa", text=MESSAGE_MARK)
    await written.reopen()
    kept = await stored(place_url)
    assert "dm.send" in kept and MESSAGE_MARK not in kept
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "dm send" in logged and MESSAGE_MARK not in logged
    found = await asyncio.to_thread(files_with_marks, tmp_path)
    assert [one for one in found if "sandbox" not in one.name] == []


async def sealed(url: str) -> int:
    """How many proposals hold something private."""
    database = await Database.open(url)
    query = select(metadata.tables["proposals"].c.sealed)
    rows = await database.read(lambda connection: connection.execute(query))
    await database.close()
    return sum(row[0] is not None for row in rows)
