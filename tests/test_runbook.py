"""The runbook's commands are there and its SQL runs; the changelog says which schema the version needs."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import jobmarket
import psycopg
import pytest
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import newest_file

REPOSITORY = Path(__file__).parents[1]
RUNBOOK = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
COMPOSE = (REPOSITORY / "docker-compose.yaml").read_text(encoding="utf-8")

CODE = [
    *re.findall(r"`([^`\n]+)`", RUNBOOK),
    *(
        line.partition("#")[0].strip()
        for block in re.findall(r"```bash\n(.*?)```", RUNBOOK, re.DOTALL)
        for line in block.splitlines()
    ),
]
OF_AIRFLOW = sorted({code for code in CODE if re.match(r"airflow [a-z]+ ", code)})
OF_MAKE = sorted({code for code in CODE if code.startswith("make ")})
OF_COMPOSE = sorted({code for code in CODE if code.startswith("docker compose ")})
STATEMENTS = re.findall(r"```sql\n(.*?)```", RUNBOOK, re.DOTALL)


def test_there_is_something_of_each_kind() -> None:
    assert min(len(OF_AIRFLOW), len(OF_MAKE), len(OF_COMPOSE), len(STATEMENTS)) >= 4


@pytest.mark.airflow
@pytest.mark.parametrize("command", OF_AIRFLOW)
def test_airflow_knows_the_command(command: str) -> None:
    from airflow.cli.cli_parser import get_parser

    get_parser().parse_args(shlex.split(command)[1:])  # raises SystemExit


@pytest.mark.parametrize("command", OF_MAKE)
def test_make_knows_the_target_and_its_settings(command: str) -> None:
    _, target, *settings = shlex.split(command)
    makefile = (REPOSITORY / "Makefile").read_text()
    rule = re.search(rf"^{target}: [^\n]*##[^\n]*\n((?:\t[^\n]*\n)+)", makefile, re.MULTILINE)
    assert rule
    for setting in settings:
        assert f"$({setting.partition('=')[0]})" in rule[1]


@pytest.mark.parametrize("command", OF_COMPOSE)
def test_compose_has_the_service(command: str) -> None:
    named = re.findall(r"\bairflow-[a-z-]+", command)
    assert all(f"\n  {name}:\n" in COMPOSE for name in named)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_sql_runs_in_a_warehouse(warehouse_dsn: str, statement: str) -> None:
    with psycopg.connect(warehouse_dsn) as connection:
        connection.execute(statement.encode())


def test_a_dag_that_the_runbook_names_is_there() -> None:
    named = set(re.findall(r"`(\w+_(?:daily|forget|migrate|doctor))`", RUNBOOK))
    named |= set(re.findall(r"(?:trigger|unpause|list-runs) (\w+)", " ".join(OF_AIRFLOW)))
    assert len(named) > 3
    assert [name for name in named if not (REPOSITORY / "dags" / f"{name}.py").exists()] == []


def test_the_version_says_which_schema_it_needs() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    versions = re.findall(r"^## (\d+\.\d+\.\d+)\n\nSchema: `(\w+\.sql)`$", CHANGELOG, re.MULTILINE)
    assert versions[0] == (jobmarket.__version__, newest_file(DDL))
    assert project["version"] == jobmarket.__version__
    assert len(versions) == CHANGELOG.count("\n## ")
    assert all((DDL / schema).exists() for _, schema in versions)
    order = [tuple(map(int, version.split("."))) for version, _ in versions]
    assert order == sorted(order, reverse=True)
