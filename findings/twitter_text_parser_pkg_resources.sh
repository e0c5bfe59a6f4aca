#!/usr/bin/env bash
# twitter-text-parser 3.0.0 asks for nothing (no Requires-Dist) and reads its tables with pkg_resources: it can be
# imported only where something else brought a setuptools older than 82, as virtual environments did up to
# Python 3.11. On a newer Python, or beside a setuptools of today, `import twitter_text` fails.
# Expected: a package whose metadata asks for what it imports, or importlib.resources.
# Exits 0 while the behaviour is as described, 1 when it changed.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
imports() { "$here/venv/bin/python" -W ignore -c 'import twitter_text' 2>&1 | tail -1 || true; }
"$here/venv/bin/pip" install -q "twitter-text-parser==3.0.0" "setuptools==84.2.1"
newer=$(imports)
"$here/venv/bin/pip" install -q "setuptools==81.0.0"
older=$(imports)
asked=$("$here/venv/bin/python" -c 'from importlib.metadata import requires; print(requires("twitter-text-parser"))')
echo "twitter-text-parser 3.0.0 asks for: $asked"
echo "with setuptools 84.2.1: ${newer:-imported}"
echo "with setuptools 81.0.0: ${older:-imported}"
[ "$asked" = None ] && [ "$newer" = "ModuleNotFoundError: No module named 'pkg_resources'" ] && [ -z "$older" ]
