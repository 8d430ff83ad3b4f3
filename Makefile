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

history: export QUESTION := $(SQL)
history: $(READY)  ## ask the history of all days a question, with DuckDB (SQL="select … from history")
	@$(BIN)/python -m local.commands history $(if $(SQL),--sql "$$QUESTION")

migrate: $(READY)  ## bring the warehouse of your connections up to date (the embedded one is by itself)
	@$(BIN)/python -m local.commands migrate

doctor: $(READY)  ## look at the place it runs in, a line a check (EVIDENCE=1: and at how France Travail answers)
	@$(BIN)/python -m local.commands doctor $(if $(EVIDENCE),--evidence)

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

infra: $(READY)  ## verify infra/: as infra-proof, and scan it, ask a second judge, try `prepare`
	@scripts/infra.sh ministack checkov
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile \
	    $(addprefix tests/infra/,deployed.py whole_runs.py second_opinion.py prepared.py scanned.py)

infra-proof: $(READY)  ## deploy infra/ on an emulator of AWS, run the job under its policies (part of CI)
	@scripts/infra.sh ministack
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(addprefix tests/infra/,deployed.py whole_runs.py)

test-celery: $(READY)  ## run CeleryExecutor with two workers, one of which is killed (needs redis-server; minutes)
	@command -v redis-server >/dev/null || { echo "redis-server is not installed: apt-get install redis-server" >&2; exit 1; }
	@JOBMARKET_CELERY=1 $(BIN)/python -m pytest -q -rP tests/local/test_celery.py

test-compose: export JOBMARKET_COMPOSE := 1
test-compose: $(READY)  ## start the containers on a Docker engine, crash and stop them (ten minutes)
	@docker info >/dev/null || { echo "no Docker engine answers: start one, or set DOCKER_HOST" >&2; exit 1; }
	@$(BIN)/python -m pytest -q -rP tests/local/test_compose.py

test-secrets: $(READY)  ## let runs fail in every way, all at DEBUG, and look for planted secrets (half an hour or more)
	@JOBMARKET_EVERY_SECRET=1 $(BIN)/python -m pytest -q -s tests/airflow/test_planted_secrets.py

test-spark: export JOBMARKET_SPARK_PYTHON := $(CURDIR)/.venv-spark/bin/python
test-spark: $(READY)  ## ask the history by PySpark's API and by SQL (Sail, in an environment of its own: 600 MB)
	@scripts/venv.sh .venv-spark bench/spark.txt
	@$(BIN)/python -m pytest -q -rP tests/history/test_spark.py

faults: export JOBMARKET_FAULTS := 1
faults: $(READY)  ## break real runs in some twenty ways and measure how they recover (docs/reliability.md)
	@$(BIN)/python -m pytest -q tests/faults

watch: $(READY)  ## say whether days arrive, from outside of Airflow: late, stale (JOBMARKET_WAREHOUSE=postgresql://…)
	@$(BIN)/python -m jobmarket.offers.watch

lint: $(READY)  ## check style, types and SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy plugins sandbox local containers dags bench scripts tests
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint -q include/sql

lock: $(READY)  ## resolve requirements*.in into requirements*.txt, pinned and hashed
	@scripts/lock.sh $(BIN)

docs: $(READY)  ## write anew what docs/ derives: the data dictionary from the schema, AWS from infra/
	@$(BIN)/python -m scripts.data_dictionary
	@$(BIN)/python -m scripts.aws_diagram
	@$(BIN)/python -m scripts.aws_costs

bench: $(READY)  ## measure extraction and load against the floor and the peers
	@bench/run.sh

bench-history: $(READY)  ## measure the history: ROWS=100000000, KEEP=directory that keeps it, SPARK_PYTHON=… with pysail and pyspark-client
	@$(BIN)/python -m bench.history $(if $(ROWS),--rows $(ROWS)) $(if $(KEEP),--keep $(KEEP)) $(if $(SPARK_PYTHON),--spark-python $(SPARK_PYTHON))

bench-year: export JOBMARKET_STATE := $(CURDIR)/.local/bench-year
bench-year: export SANDBOX_OPTIONS := --offers-per-day 700 --no-lively
bench-year: $(READY)  ## measure days of 40,000 offers rebuilt from raw by a backfill (DAYS=365: some 90 GB of offers)
	@$(BIN)/python -m local.commands up
	@trap '$(BIN)/python -m local.commands clean' EXIT; $(BIN)/python -m bench.year $(if $(DAYS),--days $(DAYS))

clean: $(READY)  ## stop everything and remove its data
	@$(BIN)/python -m local.commands clean

.PHONY: help run demo forget history migrate doctor up status down test infra infra-proof lint lock docs bench bench-history bench-year clean test-celery test-compose test-secrets test-spark faults watch
