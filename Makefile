# The commands a person needs. `make demo` and `make test` work on a fresh machine with Python 3.11, pip and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8750

.PHONY: setup setup-dev demo test check bench chaos docs lock clean

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup  ## the whole bot without any account, on http://127.0.0.1:8750
	@exec $(BIN)/xquik-bot demo --port $(PORT)

test: setup-dev  ## the whole suite on every core, ending with a coverage figure
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term

check: setup-dev  ## formatting, lint, types and the import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-dev  ## ratios against a baseline in the same run
	$(BIN)/python -m benchmarks

chaos: setup-dev  ## the relay killed, starved and lied to, and what came of it: docs/chaos.md
	$(BIN)/python -m tests.chaos

docs: setup-dev  ## rewrites docs/reference from the declarations
	$(BIN)/xquik-bot docs --write docs/reference

lock:  ## resolves the two lock files anew (needs uv)
	uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 --extra build --extra postgres pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 --extra build --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage build dist
