# The commands a person needs. `make demo` and `make test` work on a fresh machine with Python 3.11, pip and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8750
FUZZ   ?= 20
# `make lock UPGRADE=--upgrade` takes the newest releases; without it, only what a changed pyproject.toml asks for.
UPGRADE ?=

# The locks hold everything that is needed, so pip need not look at what a release asks for (`--no-deps`):
# what an index serves today cannot matter. tests/architecture/test_locks.py proves that they are complete.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
AGREE   := { said=$$($(BIN)/python -m pip check --disable-pip-version-check 2>&1) || { echo "$$said"; exit 1; }; }

# A file goes to one worker. In the order of their names: by itself, xdist puts the files with few tests last, and
# those are the long ones, which mostly wait. For the same reason there are half as many workers more than cores. A
# worker that ends (a crash, a test that took 300 s) ends the run: xdist could wait for its files for ever.
WORKERS ?= $(shell $(PYTHON) -c 'import os; n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1; print(n + n // 2)')
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart=0

.PHONY: setup setup-dev demo test coverage test-lowest fuzz check syntax wheels bench bench-cluster chaos chaos-cluster messages docs docs-site lock clean

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is older. Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(BIN)/python requirements.lock requirements-build.lock pyproject.toml
	$(INSTALL) --only-binary=:all: --require-hashes -r requirements.lock
	$(INSTALL) --only-binary=:all: --require-hashes -r requirements-build.lock
	$(INSTALL) --no-build-isolation -e .
	@[ -e $(VENV)/.ready-dev ] || $(AGREE)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(INSTALL) --only-binary=:all: --require-hashes -r requirements-dev.lock
	@$(AGREE)
	@touch $@

$(VENV)/.ready-docs: $(VENV)/.ready-dev requirements-docs.lock
	$(INSTALL) --only-binary=:all: --require-hashes -r requirements-docs.lock
	@$(AGREE)
	@touch $@

demo: setup  ## the whole bot without any account, on http://127.0.0.1:8750
	@exec $(BIN)/xquik-bot demo --port $(PORT)

test: setup-dev  ## the whole suite on every core
	$(BIN)/python -m pytest $(SPREAD)

coverage: setup-dev  ## the whole suite traced, which takes twice as long, with what it did not reach
	$(BIN)/python -m pytest $(SPREAD) --cov --cov-report=term

# What needs neither the whole bot nor processes that are killed: some four minutes.
FAST := tests/architecture tests/settings tests/core tests/cards tests/features tests/xquik tests/storage \
        tests/web tests/doubles tests/contracts tests/adapters/discord tests/adapters/slack tests/adapters/terminal \
        tests/observability

test-lowest: $(VENV)-lowest/.ready  ## the fast part of the suite on the lowest releases that pyproject.toml allows
	$(VENV)-lowest/bin/python -m pytest $(SPREAD) $(FAST)

$(VENV)-lowest/.ready: requirements-lowest.lock pyproject.toml
	@$(MAKE) --no-print-directory VENV=$(VENV)-lowest $(VENV)-lowest/bin/python
	$(VENV)-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes -r requirements-lowest.lock
	$(VENV)-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(VENV)-lowest/bin/python -m pip check --disable-pip-version-check
	@touch $@

fuzz: setup-dev  ## the property tests with other examples each time, and many more of them
	XQUIK_BOT_FUZZ=$(FUZZ) $(BIN)/python -m pytest -m hypothesis -n $(WORKERS)

check: setup-dev  ## formatting, lint, types and the import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Names or paths, as in: make syntax PYTHONS="python3.12 /opt/python/bin/python3.14"
PYTHONS ?= python3.11 python3.12 python3.13 python3.14

syntax:  ## compiles everything with each Python that is on this machine; a warning is an error
	@for python in $(PYTHONS); do \
	  command -v "$$python" >/dev/null || { echo "$$python: not on this machine"; continue; }; \
	  kept=$$(mktemp -d); \
	  PYTHONPYCACHEPREFIX=$$kept "$$python" -W error -m compileall -q bot adapters benchmarks scripts tests || exit 1; \
	  rm -rf "$$kept"; echo "$$python: all compiles"; \
	done

wheels: setup-dev  ## downloads a wheel of each locked release for Python 3.11 to 3.14
	$(BIN)/python scripts/check_wheels.py

bench: setup-dev  ## ratios against a baseline in the same run
	$(BIN)/python -m benchmarks

bench-cluster: setup-dev  ## messages a second, and what one costs, with 1, 2 and 4 relay processes on PostgreSQL
	$(BIN)/python -m benchmarks.cluster

chaos: setup-dev  ## the relay killed, starved and lied to, and what came of it: docs/chaos.md
	$(BIN)/python -m tests.chaos

chaos-cluster: setup-dev  ## the same for nine processes on a PostgreSQL that is started again meanwhile
	$(BIN)/python -m tests.chaos.cluster

messages: setup-dev  ## rewrites the catalogue of texts from the code
	$(BIN)/python -m bot.i18n.extraction

docs: setup-dev  ## rewrites docs/reference, docs/coverage.md and the code that documents show
	$(BIN)/xquik-bot docs --write docs/reference
	$(BIN)/python scripts/renew_snippets.py
	$(BIN)/python scripts/renew_coverage.py

docs-site: $(VENV)/.ready-docs  ## docs/ as a site in site/, which loads nothing from elsewhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	$(BIN)/python scripts/check_site.py site

# Groups and extras are chosen here. What runs comes first; what is built and tested with takes the same releases.
RESOLVE := uv pip compile --quiet --generate-hashes --no-strip-extras --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11
WHOLE   := --extra postgres --extra otel --group dev pyproject.toml
LOCKS   := requirements.lock requirements-image.lock requirements-dev.lock requirements-build.lock requirements-docs.lock requirements-lowest.lock

lock: setup-dev  ## resolves the lock files anew (needs uv)
	$(RESOLVE) $(UPGRADE) --extra postgres pyproject.toml -o requirements.lock
	$(RESOLVE) $(UPGRADE) $(WHOLE) --constraint requirements.lock -o requirements-dev.lock
	$(RESOLVE) $(UPGRADE) --extra postgres --extra otel pyproject.toml --constraint requirements-dev.lock -o requirements-image.lock
	$(RESOLVE) $(UPGRADE) --group build --constraint requirements-dev.lock -o requirements-build.lock
	$(RESOLVE) $(UPGRADE) --group docs --constraint requirements-dev.lock -o requirements-docs.lock
	$(RESOLVE) $(UPGRADE) --resolution lowest-direct $(WHOLE) -o requirements-lowest.lock
	$(BIN)/python scripts/lock_graph.py $(LOCKS)

clean:
	rm -rf $(VENV) $(VENV)-lowest site .mypy_cache .ruff_cache .pytest_cache .coverage build dist
