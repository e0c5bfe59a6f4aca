"""(i) What one more costs when there are many: tenants, routes, waiting messages, interactions before it.

Each figure is the cost of one piece of work with the most there is, against the same with next to nothing.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import claim, interactions, memory, routing, seeding
from benchmarks.figures import Figure, ratio_at_most
from benchmarks.options import Options
from benchmarks.plots import Line, Plot, svg
from benchmarks.relay_parts import TENANT, NullMessenger, relay
from benchmarks.seeding import NOW, TWEET, filling
from bot.observability.logs import configure
from bot.relay.routing.expanding import expand
from bot.relay.routing.route_index import RouteIndex
from bot.storage.engine.database import Database

# Nothing grows with what is there by more than this, over the whole range.
_FLAT = ratio_at_most(1.5)
# Each size costs this many routed events.
_EVENTS = 1_000
_SECONDS = 120.0


def run(options: Options) -> list[Figure]:
    """The four of them, and the sheet that shows all sizes between when a file for it was asked for."""
    configure("warning")
    plots = [_tenants(options), _routes(options), _backlog(options), _interactions(options)]
    if options.plot is not None:
        options.plot.write_text(svg(plots), encoding="utf-8")
    return [_figure(plot, line) for plot in plots for line in plot.lines]


def _figure(plot: Plot, line: Line) -> Figure:
    (least, first), (most, last) = line.points[0], line.points[-1]
    between = ", ".join(f"{amount:,}: {cost:.3g}" for amount, cost in line.points)
    name = f"{plot.title}, {line.name}, at {most:,}"
    return Figure(
        name,
        last,
        plot.unit,
        first,
        f"at {least:,}",
        _FLAT,
        (f"{plot.unit} at {between}",),
    )


def sizes(most: int) -> Iterator[int]:
    """1, 10, 100, … and the most."""
    size = 1
    while size < most:
        yield size
        size *= 10
    yield most


def _tenants(options: Options) -> Plot:
    points = []
    for size in sizes(options.scale.tenants):
        with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
            url = seeding.url(seeding.new_database(Path(directory)))
            memory.fill(url, size, 1)
            points.append((size, asyncio.run(_routed(url, size, min(_EVENTS, options.scale.calls)))))
    return Plot("routing an event", "tenants with a route", "µs", (Line("durably", tuple(points)),))


async def _routed(url: str, tenants: int, events: int) -> float:
    """Microseconds of processor to route an event and store its delivery, once its tenant is known."""
    database = await Database.open(url)
    running = relay(database, NullMessenger())
    spent, data = [], json.dumps(TWEET)
    for turn in range(4):
        with filling(url) as connection:
            connection.exec_driver_sql(
                "INSERT INTO events (tenant, identity, body_hash, type, username, data, occurred_at,"
                " received_at, via) VALUES (?, ?, zeroblob(32), 'tweet.new', ?, ?, ?, ?, 'webhook')",
                [
                    (f"discord:{i % tenants}", f"e:{turn}:{i}", f"account0of{i % tenants}", data, NOW, NOW)
                    for i in range(events)
                ],
            )
        newest = await running.events.newest()
        began = time.process_time()
        async with asyncio.timeout(_SECONDS):
            while await running.router.position() < newest:
                await running.router.route_batch()
        spent.append((time.process_time() - began) / events * 1e6)
    await database.close()
    return median(spent[1:])


def _routes(options: Options) -> Plot:
    calls = max(20, options.scale.calls // 4)
    event = routing.tweeted()
    to_one, to_many = [], []
    for size in sizes(options.scale.routes_in_all):
        index = RouteIndex(routing.one_each(size))
        to_one.append((size, routing.milliseconds(partial(expand, event, index, NOW), calls) * 1e3))
        routes = routing.by_type(size)
        index = RouteIndex(routes)
        reached = sum(event.type in route.events for route in routes)
        spent = routing.milliseconds(partial(expand, event, index, NOW), calls) * 1e3
        to_many.append((size, spent / reached))
    lines = (Line("the only one", tuple(to_one)), Line("each of many", tuple(to_many)))
    return Plot("finding a route of an event", "routes of its tenant", "µs", lines)


def _backlog(options: Options) -> Plot:
    points = []
    with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
        for size in sizes(options.scale.large_backlog):
            path = seeding.new_database(Path(directory), f"{size}.db")
            seeding.add_backlog(seeding.url(path), str(TENANT), 1, size)
            [side] = asyncio.run(claim.measure([seeding.url(path)], 1, max(8, options.scale.calls // 10)))
            points.append((size, median(side.claims) * 1e6))
            path.unlink()
    return Plot(
        "claiming the head of a lane", "messages that wait in it", "µs", (Line("SQL", tuple(points)),)
    )


def _interactions(options: Options) -> Plot:
    with tempfile.TemporaryDirectory(prefix="xquik-bench-") as directory:
        path = seeding.new_database(Path(directory))
        amounts = list(sizes(options.scale.interactions))[1:]
        found = asyncio.run(interactions.one_after_another(seeding.url(path), amounts))
    lines = tuple(Line(name, tuple(zip(amounts, spent, strict=True))) for name, spent in found.items())
    return Plot("a command that does nothing", "interactions before it", "µs", lines)
