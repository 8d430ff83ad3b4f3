"""The DAG that brings the warehouse up to date, and the accounts that the guides and the containers make."""

from __future__ import annotations

import json
import re
import runpy
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow.connections import open_warehouse
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.accounts import give_password
from jobmarket.foundation.warehouse.migrations import require_applied
from jobmarket.foundation.warehouse.roles import LOADER, REPORTER

from local import airflow_setup, kept
from tests.foundation.test_access import as_account, fresh_owner
from tests.local.test_containers import REPOSITORY, configured
from tests.support.airflow_runs import (
    House,
    make_tasks_account,
    tasks_connection,
    warehouse_connection,
)

if TYPE_CHECKING:
    from pathlib import Path

    from airflow.dag_processing.dagbag import DagBag

    from local.postgres import Postgres

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

FILES = sorted(path.name for path in DDL.glob("*.sql"))


@pytest.fixture
def house(
    airflow_metadata: None, dag_bag: DagBag, monkeypatch: pytest.MonkeyPatch, postgres_dsn: str
) -> House:
    make_tasks_account(postgres_dsn)
    house = House(dag_bag, monkeypatch, postgres_dsn)
    fields = warehouse_connection(postgres_dsn, login="tasks", password="tasks-secret")
    house.connect("warehouse", **fields)
    return house


def test_it_migrates_once_and_then_there_is_nothing_to_do(house: House) -> None:
    assert house.migrate() == {"state": "success", "applied": FILES}, house.sentences
    assert house.rows("select count(*) > 10 from mart.region") == [(True,)]
    assert house.migrate() == {"state": "success", "applied": []}, house.sentences
    for role in (LOADER, REPORTER):
        with open_warehouse(role=role) as connection:
            require_applied(connection)
            assert connection.execute("select current_user").fetchone() == (role,)


def test_without_a_connection_of_the_owner_the_account_of_the_tasks_is_the_owner(
    house: House, postgres: Postgres
) -> None:
    house.dsn = fresh_owner(postgres, "the_only_account")
    house.connect("warehouse", **warehouse_connection(house.dsn))
    assert house.migrate(has_owner=False) == {"state": "success", "applied": FILES}, house.sentences


def test_an_account_of_the_tasks_cannot_migrate_and_is_told_what_is_missing(house: House) -> None:
    assert house.migrate(has_owner=False)["state"] == "failed"
    assert "create the connection warehouse_owner with an account that may" in house.sentences[-1]
    assert house.migrate()["state"] == "success", house.sentences
    # and of a warehouse that is there
    assert house.migrate(has_owner=False)["state"] == "failed"
    assert "the connection warehouse logs in as tasks: put the login of" in house.sentences[-1]


def test_two_connections_that_lead_to_two_warehouses_are_noticed(
    house: House, postgres: Postgres
) -> None:
    tasks = json.loads(warehouse_json(house))
    house.dsn = postgres.create_database("another_warehouse")
    assert house.migrate()["state"] == "failed"
    assert "is up to date, but warehouse leads to another" in house.sentences[-1]
    house.connect("warehouse", **{**tasks, "schema": "another_warehouse"})
    assert house.migrate()["state"] == "success", house.sentences


def warehouse_json(house: House) -> str:
    import os

    return os.environ["AIRFLOW_CONN_WAREHOUSE"]


def test_an_account_without_the_roles_is_told_so_by_the_migration(house: House) -> None:
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("drop role if exists stranger")
        connection.execute("create role stranger login password 'secret'")
    house.connect(
        "warehouse", **warehouse_connection(house.dsn, login="stranger", password="secret")
    )
    assert house.migrate()["state"] == "failed"
    assert "grant the account jobmarket_loader and jobmarket_reporter" in house.sentences[-1]
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute("grant jobmarket_loader, jobmarket_reporter to stranger")
    assert house.migrate()["state"] == "success", house.sentences


def test_it_asks_nothing(house: House) -> None:
    assert house.migrate(day="2026-11-18")["state"] == "failed"
    assert "holds 'day', which this DAG does not know; it knows no name" in house.sentences[-1]


def blocks(guide: str) -> list[str]:
    text = (REPOSITORY / "docs" / guide).read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.*?)```", text, re.S)


def test_the_accounts_of_the_guide_migrate_and_read(
    house: House, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/warehouse.md has a person say, on a server where nobody has said it before."""
    superuser = postgres.create_database("guided")
    text = blocks("warehouse.md")[0].replace(" warehouse ", " guided ")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("revoke all on database guided from public")
        for account in ("jobmarket_owner", "jobmarket_tasks", "analyst"):
            connection.execute(f"drop role if exists {account}")
        for statement in filter(str.strip, text.split(";")):
            try:
                connection.execute(statement.encode())
            except psycopg.errors.DuplicateObject:
                assert "nologin" in statement  # the roles, which other tests have made
        for account in ("jobmarket_owner", "jobmarket_tasks", "analyst"):
            give_password(connection, account, "secret")
    owner, tasks = (as_account(superuser, name) for name in ("jobmarket_owner", "jobmarket_tasks"))
    house.connect("warehouse", **warehouse_connection(tasks))
    house.dsn = owner
    assert house.migrate()["state"] == "failed"  # nobody has let the roles in
    assert "permission denied for database" in house.sentences[-1]
    with psycopg.connect(superuser, autocommit=True) as connection:
        roles = "jobmarket_loader, jobmarket_reporter, jobmarket_reader"
        connection.execute(f"grant connect on database guided to {roles}, jobmarket_tasks, analyst")
        connection.execute("grant temporary on database guided to jobmarket_loader")
    assert house.migrate()["state"] == "success", house.sentences
    with psycopg.connect(as_account(superuser, "analyst")) as connection:
        connection.execute("select * from mart.offer")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from core.job_offer")


def test_the_index_of_the_guide_can_be_made(postgres_dsn: str, tmp_path: Path) -> None:
    from shutil import copytree

    from jobmarket.foundation.warehouse.migrations import apply_ddl

    directory = copytree(DDL, tmp_path / "ddl")
    (directory / "990_index.sql").write_text(blocks("warehouse.md")[1])
    with psycopg.connect(postgres_dsn) as connection:
        assert apply_ddl(connection, directory)[-1] == "990_index.sql"
        assert connection.execute(
            "select to_regclass('core.job_offer_title_idx')::text"
        ).fetchone() == ("core.job_offer_title_idx",)


def test_the_containers_make_the_account_of_the_tasks(postgres: Postgres) -> None:
    """The program of airflow-init, as Docker Compose hands it on, twice: volumes are kept."""
    services = configured(POSTGRES_PASSWORD="fromdotenv")["services"]
    program = runpy.run_path(str(REPOSITORY / "containers" / "prepare.py"))
    dsn = postgres.create_database("of_compose")
    connection = services["airflow-scheduler"]["environment"]["AIRFLOW_CONN_WAREHOUSE"]
    account = re.match(r"postgresql://(\w+):", connection)
    assert account
    for _ in range(2):
        program["make_databases"](dsn)
    tasks_connection(dsn)
    with psycopg.connect(as_account(dsn, account[1], postgres.secret)) as found:
        assert found.execute("select current_user").fetchone() == ("warehouse_tasks",)
        found.execute("set role jobmarket_loader")
        found.execute("select from core.job_offer")


def test_the_containers_migrate_before_a_task_can_run() -> None:
    services = configured()["services"]
    command = services["airflow-init"]["command"][-1]
    # beside Airflow's own database; a failure of either ends the service
    assert "set -e" in command
    places = [command.index(one) for one in ("migrate.py &", "airflow db migrate", "wait $")]
    assert places == sorted(places)
    for name in ("airflow-scheduler", "airflow-apiserver"):
        needed = services[name]["depends_on"]["airflow-init"]["condition"]
        assert needed == "service_completed_successfully"


@pytest.mark.parametrize(
    ("told", "owner"),
    [
        ({}, "postgresql://jobmarket:local-only@postgres/warehouse"),
        ({"AIRFLOW_CONN_WAREHOUSE": "postgresql://me:x@rds/w"}, "postgresql://me:x@rds/w"),
        (
            {
                "AIRFLOW_CONN_WAREHOUSE": "postgresql://me:x@rds/w",
                "AIRFLOW_CONN_WAREHOUSE_OWNER": "postgresql://boss:x@rds/w",
            },
            "postgresql://boss:x@rds/w",
        ),
    ],
)
def test_the_owner_of_the_containers_leads_where_the_tasks_go(
    told: dict[str, str], owner: str
) -> None:
    environment = configured(**told)["services"]["airflow-init"]["environment"]
    assert environment["AIRFLOW_CONN_WAREHOUSE_OWNER"] == owner


def test_the_stack_names_no_owner_of_a_warehouse_that_somebody_put_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STATE", tmp_path)
    monkeypatch.delenv("AIRFLOW_CONN_WAREHOUSE", raising=False)
    ports = kept.Ports(1, 2, 3, 4, 5)
    found: dict[str, Any] = airflow_setup.connections(ports)
    assert found["warehouse"]["login"] == "warehouse_tasks"
    assert found["warehouse_owner"]["login"] == "warehouse"
    assert found["warehouse"]["password"] != found["warehouse_owner"]["password"]
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", "postgresql://me@rds/w")
    assert "warehouse_owner" not in airflow_setup.connections(ports)


def test_keys_of_before_there_were_these_accounts_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STATE", tmp_path)
    before = dict.fromkeys(("fernet", "api", "jwt", "s3", "airflow", "warehouse"), "kept")
    (tmp_path / "keys.json").write_text(json.dumps(before))
    first = airflow_setup.connections(kept.Ports(1, 2, 3, 4, 5))
    assert airflow_setup.connections(kept.Ports(1, 2, 3, 4, 5)) == first
    held = json.loads((tmp_path / "keys.json").read_text())
    assert before.items() <= held.items()
    assert len(held["warehouse_tasks"]) == len(held["warehouse_analyst"]) == 32
