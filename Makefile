# Every command a person needs. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONPATH := .
TESTS := tests
# the files that take longest begin first, so that no core waits for the last of them
LONG := tests/local/test_commands.py tests/airflow tests/sources

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  make \1 |/' | column -t -s '|'

$(READY): requirements-dev.txt scripts/venv.sh pyproject.toml
	@PYTHON=$(PYTHON) scripts/venv.sh $(VENV) requirements-dev.txt .
	@touch $@

run: $(READY)  ## run the daily job once on the embedded parts (DAY=2026-11-18 for another day)
	@$(BIN)/python -m local.commands run $(if $(DAY),--day $(DAY))

demo: export JOBMARKET_STATE := $(or $(JOBMARKET_STATE),$(CURDIR)/.local/demo)
demo: $(READY)  ## five weeks of a small market with something to tell, and its reports, in a minute or two
	@$(BIN)/python -m local.commands demo

forget: $(READY)  ## take a day back: rows, report, raw (DAY=2016-11-18; it only counts, unless YES=1)
	@$(BIN)/python -m local.commands forget $(if $(DAY),--day $(DAY)) $(if $(YES),--yes)

migrate: $(READY)  ## bring the warehouse of your connections up to date (the embedded one is by itself)
	@$(BIN)/python -m local.commands migrate

up: $(READY)  ## start Airflow's UI and scheduler on the embedded parts
	@$(BIN)/python -m local.commands up

status: $(READY)  ## say which part of `make up` answers
	@$(BIN)/python -m local.commands status

down: $(READY)  ## stop what `make up` started
	@$(BIN)/python -m local.commands down

test: $(READY)  ## run the tests
	@scripts/browser.sh
	@scripts/axe.sh
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder \
	    $(if $(filter tests,$(TESTS)),$(LONG)) $(TESTS)

lint: $(READY)  ## check style, types and SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy plugins sandbox local dags bench scripts tests
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint -q include/sql

lock: $(READY)  ## resolve requirements*.in into requirements*.txt, pinned and hashed
	@scripts/lock.sh $(BIN)

docs: $(READY)  ## write docs/data-dictionary.md anew from the comments of the schema
	@$(BIN)/python -m scripts.data_dictionary

bench: $(READY)  ## measure extraction and load against the floor and the peers
	@bench/run.sh

clean: $(READY)  ## stop everything and remove its data
	@$(BIN)/python -m local.commands clean

.PHONY: help run demo forget migrate up status down test lint lock docs bench clean
