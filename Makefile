# Every target does its own set-up: the environment in .venv is made at first use, and again when its list changes.
#
#   make demo        carry an edition through its nine months: documents in var/rehearsal/brussels-2007
#   make test        the tests
#   make check       formatting, lint, types, import rules, then the tests
#   make soak        the long crash and property runs of which `make test` runs a sample
#   make returned    returned files made by a generator of our own, and how well the comment matrix reads them
#   make proof       how well translations are checked, and that documents come through them whole
#   make bench       the measurements of benchmarks/
#   make pictures    remake docs/pictures (needs Chromium and LibreOffice)
#   make tools       the Open XML validator, for the tests that want it (needs npm)
#   make lock        rewrite requirements.lock from pyproject.toml
#   make clean       throw the environment and all caches away; run-time data in var/ stays

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test check static soak returned proof bench pictures tools lock clean FORCE

# The first Python new enough. `make demo PYTHON=/some/python3` takes another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

PY := .venv/bin/python
# Two at a time, shared out by file as tests/conftest.py says; those of the flows come first, they take the longest.
PYTEST := $(PY) -m pytest --numprocesses=2 --dist=loadscope --no-loadscope-reorder
# More words for pytest: make test ARGS="tests/domain -k deadline"
ARGS ?=

# Nothing that is installed here reports home.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Prefect has 1,800 modules: a process that may not keep them compiled takes 3 s longer to start, and there are many.
unexport PYTHONDONTWRITEBYTECODE

# An environment does not survive being moved: its stamp says where it was made.
ifneq ($(shell cat .venv/.made 2>/dev/null),$(CURDIR))
.venv/.made: FORCE
endif

.venv/.made: requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Roundtable needs Python 3.11 or newer; found: $$("$(or $(PYTHON),python3)" --version 2>/dev/null || echo none)."; \
		echo "Install one, or name it: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3"; exit 1; } >&2
	@# Made from nothing when moved or when the lock is newer; a mere edit of pyproject.toml only looks things over.
	@{ [ "$$(cat $@ 2>/dev/null)" = '$(CURDIR)' ] && [ ! requirements.lock -nt $@ ]; } || rm -rf .venv
	@[ -x $(PY) ] || echo "Setting up .venv with $$("$(PYTHON)" --version): a minute or two, once." >&2
	@[ -x $(PY) ] || "$(PYTHON)" -m venv .venv || { rm -rf .venv; \
		echo "Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PY) -m pip install --quiet --no-compile --requirement requirements.lock
	@$(PY) -m pip install --quiet --no-compile --no-deps --no-build-isolation --editable .
	@found=$$($(PY) -m pip check) || { echo "$$found" >&2; exit 1; }
	@# Compiled now, in one process: the first server and its workers would all do it at once, and be late.
	@PREFECT_HOME=.venv/prefect $(PY) -c 'import prefect.server.api.server, docxtpl, alembic, matplotlib.pyplot'
	@printf '%s' '$(CURDIR)' > $@

help:
	@sed -n 's/^#   //p' Makefile

setup: .venv/.made

demo: setup
	@.venv/bin/roundtable rehearse brussels-2007

test: setup
	$(PYTEST) $(ARGS)

check: static test

static: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy --strict
	.venv/bin/lint-imports

soak: setup
	ROUNDTABLE_SOAK=1 $(PYTEST) -m soak --timeout=0 $(ARGS)

returned: setup
	$(PY) -m tests.returned $(ARGS)

proof: setup
	$(PY) -m tests.proof $(ARGS)

bench: setup
	$(PY) -m benchmarks $(ARGS)

pictures: setup
	$(PY) docs/pictures/remake.py $(ARGS)

tools: tests/tools/node_modules/.package-lock.json

tests/tools/node_modules/.package-lock.json: tests/tools/package-lock.json
	npm ci --prefix tests/tools --no-audit --no-fund --loglevel=error
	@touch $@

lock: pyproject.toml
	@rm -rf .venv-lock && "$(PYTHON)" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --no-compile --editable '.[dev]'
	@{ sed -n '/^#/p' requirements.lock; \
		.venv-lock/bin/python -m pip freeze --exclude-editable | LC_ALL=C sort -f; } > .venv-lock/new
	@mv .venv-lock/new requirements.lock && rm -rf .venv-lock
	@! grep -nE '://| @ |^-' requirements.lock || { echo 'an address in requirements.lock' >&2; exit 1; }

clean:
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/tools/node_modules
	find flows tasks config tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
