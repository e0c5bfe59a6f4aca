"""An outage of the database is told once, and its end once, by whichever part meets it."""

from __future__ import annotations

import logging

import psycopg
from procrastinate.exceptions import ConnectorException

from bot.app.outage_watch import outage_ends
from bot.core.errors import StorageUnavailable
from bot.observability.figures import BotMetrics
from bot.observability.observers import RelayLog
from bot.observability.outages import SETTLED, Outages
from bot.storage.engine.failures import is_away
from tests.adapters.logged import logged

PARTS = ("hearing", "lanes", "router", "intake", "housekeeping")
# What a restart of PostgreSQL makes of the statements of that time.
RESTART = (
    "the connection to the database was lost",
    "the database is shutting down",
    "the database cannot be reached",
    "the database is starting up or shutting down",
)


async def test_a_restart_is_one_line_and_its_end_another() -> None:
    now, up = 0.0, False
    outages = Outages(lambda: now, is_away)
    figures = BotMetrics()
    relay = RelayLog(figures, lambda: now, outages)

    async def answers() -> bool:
        return up

    work = outage_ends(outages, answers)
    with logged() as said:
        for second in range(20):
            now = float(second)
            for part in PARTS:
                relay.trouble(part, StorageUnavailable(RESTART[min(second, 3)], code="storage"))
            await work.run()
        (line,) = said.text.splitlines()
        assert "trouble" in line and "hearing" in line and RESTART[0] in line
        now += SETTLED
        await work.run()
        assert len(said.text.splitlines()) == 1, "it does not answer yet"
        up = True
        await work.run()
        await work.run()
        _, line = said.text.splitlines()
        assert "the database answers again" in line and "seconds=19" in line and "not_logged=99" in line
        assert not outages.open
        relay.trouble("lanes", StorageUnavailable(RESTART[2], code="storage"))
        assert len(said.text.splitlines()) == 3, "the next one is told again"
    assert 'xquik_bot_troubles_total{where="hearing"} 20.0' in figures.text().decode()


def test_another_cause_and_mistakes_of_ours_are_told_beside_it() -> None:
    relay = RelayLog(BotMetrics(), lambda: 0.0, Outages(lambda: 0.0, is_away))
    with logged() as said:
        for _ in range(3):
            relay.trouble("lanes", StorageUnavailable(RESTART[0], code="storage"))
            relay.trouble("lanes", StorageUnavailable("the disk of the database is full", code="storage"))
            relay.trouble("lanes", ValueError("ours"))
        assert len(said.lines("disk of the database")) == 1
        assert len(said.lines(RESTART[0])) == 1
        assert len(said.lines("where=lanes")) == 5


def test_libraries_do_not_say_again_what_a_part_of_ours_says() -> None:
    worker, pool = logging.getLogger("procrastinate.worker"), logging.getLogger("psycopg.pool")
    loop = logging.getLogger("asyncio")
    lost = ConnectorException()
    lost.__cause__ = psycopg.errors.AdminShutdown()
    refused = ConnectorException()
    refused.__cause__ = psycopg.OperationalError("connection refused")
    mistake = ConnectorException()
    mistake.__cause__ = psycopg.errors.ForeignKeyViolation()
    with logged() as said:
        pool.warning("error connecting in %r: %s", "jobs", refused)
        for error in (lost, refused, ConnectionResetError()):
            worker.error("Side task listener failed", exc_info=error)
            worker.error("listener error", exc_info=error)
        for error in (lost, refused):
            loop.error("Task exception was never retrieved", exc_info=error)
        assert said.text == ""
        worker.error("Side task update_heartbeats failed", exc_info=mistake)
        worker.error("Abandoning tasks")
        pool.error("a mistake")
        loop.error("Task exception was never retrieved", exc_info=ConnectionResetError())
        assert len(said.text.splitlines()) == 4
        logging.getLogger().setLevel(logging.DEBUG)
        pool.warning("error connecting in %r: %s", "jobs", refused)
        assert len(said.text.splitlines()) == 5, "for who looks closely"
