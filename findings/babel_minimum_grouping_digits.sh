#!/usr/bin/env bash
# Babel: format_decimal puts a separator into numbers of four digits in languages that have none there. CLDR says so
# by minimumGroupingDigits, which is 2 for Polish, Spanish and the Portuguese of Portugal; Babel's data leaves it out.
# Expected, as the Unicode Technical Standard 35 describes it and ICU and browsers do it: "1234" and "12 345" in Polish.
# Seen: "1 234" and "12 345". German, where the value is 1, is right in both.
# Exits 0 while the behaviour is as described, 1 when it changed. Needs pip and npm.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q "babel==2.18.0"
(cd "$here" && npm pack --silent cldr-numbers-full@47.0.0 >/dev/null && tar xzf cldr-numbers-full-47.0.0.tgz)
"$here/venv/bin/python" - "$here/package/main" <<'PY'
import json
import sys
from pathlib import Path

import babel
from babel.numbers import format_decimal


def fewest(tag: str) -> int:
    """How many digits CLDR wants before the first separator."""
    numbers = json.loads(Path(sys.argv[1], tag, "numbers.json").read_text(encoding="utf-8"))
    return int(numbers["main"][tag]["numbers"]["minimumGroupingDigits"])


print(f"Babel {babel.__version__}; CLDR 47")
as_described = True
for tag, wanted in (("pl", 2), ("es", 2), ("pt-PT", 2), ("de", 1)):
    said = [format_decimal(number, locale=tag.replace("-", "_")) for number in (1234, 12345)]
    print(f"{tag}: minimumGroupingDigits {fewest(tag)}; 1234 is {said[0]!r}, 12345 is {said[1]!r}")
    as_described = as_described and fewest(tag) == wanted and len(said[0]) == 5 and len(said[1]) == 6
print("as described" if as_described else "this has changed")
sys.exit(not as_described)
PY
