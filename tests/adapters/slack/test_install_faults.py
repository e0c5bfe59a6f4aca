"""Installing the app while somebody is at it, the clock is set, or the database does not answer."""

from __future__ import annotations

import logging
import time
from urllib.parse import urlencode

import pytest

from adapters.slack.begun import ALL_A_MINUTE, EACH_A_MINUTE, Begun
from bot.i18n.pseudo import CLOSING, OPENING
from bot.storage.engine.database import Database
from tests.adapters.slack.harness import PUBLIC, running
from tests.doubles.slack import SlackServer

INSTALL = f"{PUBLIC}/slack/install"
BACK = f"{PUBLIC}/slack/oauth_redirect"
WELL_SHAPED = "s" * 43


async def begin(server: SlackServer, client: str) -> int:
    return (await server.get(INSTALL, {"X-Forwarded-For": client})).status_code


async def test_a_stranger_does_not_keep_others_from_installing(
    server: SlackServer, storage: Database
) -> None:
    async with running(server, storage, mode="http", installed=False, proxies=("127.0.0.1",)):
        for _ in range(EACH_A_MINUTE):
            assert await begin(server, "203.0.113.1") == 302
        assert await begin(server, "203.0.113.1") == 429
        assert await begin(server, "203.0.113.2") == 302


async def test_the_minute_is_one_of_ticks_however_the_clock_is_set(
    server: SlackServer, storage: Database
) -> None:
    ahead = passed = 0.0
    async with running(
        server, storage, mode="http", installed=False,
        clock=lambda: time.time() + ahead, ticks=lambda: time.monotonic() + passed,
    ):  # fmt: skip
        for _ in range(EACH_A_MINUTE):
            await begin(server, "")
        ahead = -36 * 3600.0
        last = await server.get(INSTALL)
        assert (last.status_code, 0 < int(last.headers["retry-after"]) <= 60) == (429, True)
        passed = 61.0
        assert await begin(server, "") == 302


def test_all_together_have_a_bound_too() -> None:
    now = 0.0
    begun = Begun(lambda: now)
    for number in range(ALL_A_MINUTE):
        assert begun.wait(str(number)) == 0
    now = 20.0
    assert (begun.wait("one more"), begun.wait("0")) == (40.0, 40.0)
    now = 60.0
    assert begun.wait("one more") == 0


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("a\0b", "x"),
        (WELL_SHAPED[:-1], "x"),
        (WELL_SHAPED + "s", "x"),
        (WELL_SHAPED[:-1] + "\0", "x"),
        (WELL_SHAPED, "a\0b"),
        (WELL_SHAPED, "a b"),
        (WELL_SHAPED, "c" * 501),
    ],
)
async def test_what_cannot_be_ours_is_refused_before_the_database_is_asked(
    server: SlackServer, database: Database, state: str, code: str
) -> None:
    async with running(server, database, mode="http", installed=False):
        given = urlencode({"state": state, "code": code})
        cookie = {"Cookie": f"xquik_slack_state={state}"}
        await database.close()
        page = await server.get(f"{BACK}?{given}", cookie)
        assert (page.status_code, "not valid" in page.text) == (400, True)


async def test_a_database_that_does_not_answer_is_a_page_and_one_line(
    server: SlackServer, storage: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, storage, mode="http", installed=False) as house:
        allowed = await server.authorize(INSTALL, house.ws, house.ann)
        await storage.close()
        back = f"{BACK}?{allowed.query_string}"
        for address in (INSTALL, back, back):
            page = await server.get(address, {"Cookie": allowed.cookie_header})
            assert (page.status_code, page.headers["retry-after"]) == (503, "5")
            assert "Start again" in page.text
    about = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in about] == ["an install failed: the database does not answer"]
    assert not any(record.exc_info for record in about)


async def test_a_page_is_in_the_language_of_the_browser(server: SlackServer, storage: Database) -> None:
    async with running(server, storage, mode="http", installed=False):
        asked = {"Accept-Language": "en-XA"}
        page = (await server.get(f"{BACK}?{urlencode({'state': 'none'})}", asked)).text
        assert '<html lang="en-XA">' in page and f"<h1>{OPENING}" in page
        assert page.count(OPENING) == page.count(CLOSING) == 4  # the title twice, the text, the link
        plain = (await server.get(f"{BACK}?{urlencode({'state': 'none'})}", {"Accept-Language": '"><'})).text
        assert '<html lang="en">' in plain and "<h1>This install link is not valid</h1>" in plain
