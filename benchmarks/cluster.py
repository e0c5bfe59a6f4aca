"""Relay processes on one PostgreSQL: one, two and four. `python -m benchmarks.cluster`, `make bench-cluster`.

A backlog of many tenants is put into the database once all processes are ready, and drained into a platform
that takes everything at once. What is measured lies between the first tenth of it and the last. The
processes are what `xquik-bot run --role relay` starts; cores are shared among them, PostgreSQL and nothing
else, so on two cores four processes show what the cores allow and no more.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks import report, seeding
from benchmarks.children import Child, child
from benchmarks.databases import KINDS, Databases, databases, server_seconds
from benchmarks.figures import Figure
from bot.storage.secrets.vault import new_key

PROCESSES = (1, 2, 4)
MESSAGES, TENANTS, LANES = 10_000, 64, 4
# Of the backlog, before and behind which nothing is measured.
_EDGE = 0.1
_SECONDS = 50.0
_LOOK = 0.02


@dataclass(frozen=True, slots=True)
class Drained:
    """relays: processes. active: how many of them posted. seconds, relay, server: wall time, and seconds of
    processor of the relays and of PostgreSQL, for so many messages. wal, rows: bytes a message, in the log
    and in the tables with their indexes. connections, memory: of a process, to PostgreSQL and in MiB."""

    relays: int
    active: int
    messages: int
    seconds: float
    relay: float
    server: float
    wal: float
    rows: float
    connections: float
    memory: float

    @property
    def per_second(self) -> float:
        """Messages."""
        return self.messages / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of processor a message, PostgreSQL's included."""
        return (self.relay + self.server) / self.messages * 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument(
        "--relays", type=int, nargs="+", default=list(PROCESSES), metavar="N", help="processes"
    )
    parser.add_argument("--messages", type=int, default=MESSAGES, metavar="N", help="that wait")
    parser.add_argument("--json", action="store_true", help="a list of figures instead of a table")
    given = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    figures = run(given.relays, given.messages)
    if given.json:
        sys.stdout.write(report.as_json(figures) + "\n")
    else:
        report.show(figures, time.monotonic() - started)
    return 0


def run(relays: Sequence[int] = PROCESSES, messages: int = MESSAGES) -> list[Figure]:
    """The figures for each number of processes, beside those of the first."""
    with databases(KINDS[1]) as server:
        stored = _bytes_an_event(server.new(), messages)
        return [
            *figures_of([_drained(server, count, messages) for count in relays]),
            Figure("a stored event", stored, "bytes", notes=("with its indexes, none of its messages",)),
        ]


def figures_of(found: Sequence[Drained]) -> list[Figure]:
    """Messages a second and processor time a message, against those of the first."""
    first, figures = found[0], list[Figure]()
    against = f"with {first.relays}"
    for one in found:
        name = f"{one.relays} relay process{'es' if one.relays > 1 else ''}"
        beside = one is not first
        figures += [
            Figure(
                f"{name}: messages",
                one.per_second,
                "/s",
                first.per_second if beside else None,
                against if beside else "",
                notes=(
                    f"{one.active} of them posted; {one.messages:,} messages in {one.seconds:.1f} s, "
                    f"{one.connections:.0f} connections to PostgreSQL and {one.memory:.0f} MiB a process",
                ),
            ),
            Figure(
                f"{name}: processor a message",
                one.cost,
                "µs",
                first.cost if beside else None,
                against if beside else "",
                notes=(
                    f"relays {one.relay / one.messages * 1e6:.0f}, "
                    f"PostgreSQL {one.server / one.messages * 1e6:.0f} µs; "
                    f"{one.wal:,.0f} bytes of log and {one.rows:,.0f} of tables a message",
                ),
            ),
        ]
    return figures


def _drained(server: Databases, relays: int, messages: int) -> Drained:
    url = server.new()
    with tempfile.TemporaryDirectory(prefix="xquik-bench-cluster-") as directory, ExitStack() as stack:
        options = [_config(Path(directory), url, number) for number in range(relays)]
        # Each is ready before the next one starts.
        running = [stack.enter_context(child("benchmarks.cluster_child", one)) for one in options]
        tenants = [f"slack:T{number:04}" for number in range(min(TENANTS, messages))]
        seeding.add_backlogs(url, tenants, LANES, messages)
        before = _server_says(url)
        begun = _when(running, round(messages * _EDGE), server.server)
        ended = _when(running, max(sum(begun.posted) + 1, round(messages * (1 - _EDGE))), server.server)
        last = _when(running, messages, server.server)
        after = _server_says(url)
    moved = [e - b for b, e in zip(begun.posted, ended.posted, strict=True)]
    return Drained(
        relays,
        sum(count > 0 for count in moved),
        sum(moved),
        ended.at - begun.at,
        ended.cpu - begun.cpu,
        ended.server - begun.server,
        (after.wal - before.wal) / sum(last.posted),
        before.rows / messages,
        before.connections / relays,
        last.memory / relays,
    )


def _bytes_an_event(url: str, events: int) -> float:
    seeding.add_events(url, "slack:T0BENCH", events)
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_total_relation_size('events')")).scalar_one()
    engine.dispose()
    return int(size) / events


def _config(directory: Path, url: str, number: int) -> dict[str, str]:
    path = directory / f"{number}.toml"
    key = new_key().get_secret_value() if number == 0 else ""
    shared = directory / "key"
    if key:
        shared.write_text(key)
    path.write_text(
        f'[storage]\nurl = "{url}"\n[vault]\nkeys = ["{shared.read_text()}"]\n'
        '[web]\nport = 0\n[relay]\ningest = "webhook"\n[log]\nlevel = "warning"\n'
    )
    path.chmod(0o600)
    return {"config": str(path)}


@dataclass(frozen=True, slots=True)
class _Moment:
    """at: by perf_counter. posted: by each process. cpu, server: seconds of processor until then. memory: MiB
    of all."""

    at: float
    posted: tuple[int, ...]
    cpu: float
    server: float
    memory: float


def _when(running: Sequence[Child], posted: int, server: int | None) -> _Moment:
    """The first look at which so many were posted."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        said = [one.ask("") for one in running]
        counts = tuple(int(one["posted"]) for one in said)
        if sum(counts) >= posted:
            used = sum(float(one["cpu"]) for one in said)
            memory = sum(float(one["memory"]) for one in said)
            return _Moment(time.perf_counter(), counts, used, server_seconds(server), memory)
        time.sleep(_LOOK)
    raise RuntimeError(f"{posted} messages were not posted within {_SECONDS:g} s")


@dataclass(frozen=True, slots=True)
class _Said:
    """By PostgreSQL. wal: bytes written to its log. rows: bytes of `deliveries`. connections: of ours."""

    wal: int
    rows: int
    connections: int


def _server_says(url: str) -> _Said:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), pg_total_relation_size('deliveries'),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid())"
            )
        ).one()
    engine.dispose()
    return _Said(*(int(value) for value in found))


if __name__ == "__main__":
    sys.exit(main())
