# Baton. `make` alone says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
UV := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv
CODE := $(wildcard src tests scripts bench)
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
SAY := @printf '\n\033[1m%s\033[0m\n'

.PHONY: help setup demo test test-long check lint types imports schemas bench format ratchet trends lock chromium clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## the environment alone; then .venv/bin/baton works

demo: setup ## Halcyon Air, an invented airline, with live traffic at http://127.0.0.1:8000
	$(BIN)/baton demo $(ARGS)

test: $(VENV)/.ready-to-test chromium lint types imports schemas ## everything but the tests that take minutes
	$(SAY) 'Tests'
	scripts/tests.sh $(ARGS)

test-long: $(VENV)/.ready-to-test chromium ## the tests that take minutes: many kills, long soaks
	$(BIN)/pytest -m long --durations=0 --timeout=3600 $(ARGS)

check: lint types imports schemas ## style, types, import rules, schemas, tree, docs; under two minutes
	$(SAY) 'Tree and docs'
	$(BIN)/pytest -q tests/architecture $(wildcard tests/test_docs.py)

lint: $(VENV)/.ready-to-test
	$(SAY) 'Style (ruff)'
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check --quiet $(CODE) || { echo 'Run make format.'; exit 1; }

types: $(VENV)/.ready-to-test
	$(SAY) 'Types (mypy --strict; the first run takes half a minute)'
	$(BIN)/mypy $(CODE)

imports: $(VENV)/.ready-to-test
	$(SAY) 'Who may import whom (import-linter)'
	$(BIN)/lint-imports --no-logo

schemas: $(VENV)/.ready-to-test
	$(SAY) 'Schemas of events'
	$(BIN)/python -m scripts.schemas --check

bench: setup ## the figures of the message path, the log and the start
	@for name in start log turns; do $(BIN)/baton bench $$name $(ARGS); done

format: $(VENV)/.ready-to-test ## put the code in order
	$(BIN)/ruff check --fix --quiet $(CODE) || true
	$(BIN)/ruff format $(CODE)

schemas-write: $(VENV)/.ready-to-test ## write schemas/ from the events
	$(BIN)/python -m scripts.schemas

trends: $(VENV)/.ready-to-test ## write TRENDS.md from the cards
	$(BIN)/python -m scripts.trends

ratchet: $(VENV)/.ready-to-test ## lower the ratchet to what is true now
	$(BIN)/python -m scripts.ratchet

lock: $(VENV)/.installed ## make the locks anew
	scripts/lock.sh $(ARGS)

clean: ## take the environment and the caches away
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Chromium comes from the system: Playwright's own download needs more than a package registry.
chromium:
	@scripts/chromium.sh

$(BIN)/python:
	@scripts/environment.sh '$(PYTHON)' $(VENV)

# The environment of tests holds all of the other: a sync to the smaller lock would only take things away.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(SAY) 'Packages (first time: about a minute)'
	@lock=requirements.lock; if [ -e $(VENV)/.ready-to-test ]; then lock=requirements-dev.lock; fi; \
	$(UV) pip sync --require-hashes $$lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	$(SAY) 'Packages for the tests (first time: a minute or two)'
	@$(UV) pip sync --require-hashes requirements-dev.lock
	@$(UV) pip install --quiet --no-deps --editable .
	@touch $@ $(VENV)/.installed
