"""Looks for the end of an outage of the database, so that the log has it."""

from __future__ import annotations

from bot.jobs.periodic import JobScope, Periodic
from bot.observability.outages import DatabaseAnswers, Outages

EVERY = 1.0


def outage_ends(outages: Outages, answers: DatabaseAnswers) -> Periodic:
    """Looks, in every process. Asks the database only while there is an outage."""

    async def look() -> None:
        await outages.look(answers)

    return Periodic("outages", EVERY, look, JobScope.PROCESS)
