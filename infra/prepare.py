"""Make databases, accounts and schemas on AWS, or bring them up to date: the one-off task `prepare`.

Run it once a version, before the services of that version start; safe to repeat, also after passwords have
changed. It is told everything by ECS, from Secrets Manager, and asks AWS for nothing itself.

The account of RDS makes the accounts and the databases; all in the warehouse, the roles of the project
among it, is made by the project's own migration, as their owner.
"""

import json
import os
import subprocess

import psycopg
from jobmarket.foundation.warehouse.accounts import give_password
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.foundation.warehouse.migrations import require_applied
from jobmarket.foundation.warehouse.roles import LOADER, READER, REPORTER
from jobmarket.foundation.warehouse.session import prepare_session
from jobmarket.offers.reference import apply_reference
from psycopg import conninfo, sql

POOLS = {
    "france_travail_api": "France Travail allows one rate for a client: days queue for it",
    "adzuna_api": "Adzuna answers one request at a time, and has one budget: days queue for it",
}


def connect(account: dict[str, str], database: str) -> psycopg.Connection:
    """Open a database of the server that the connection `warehouse` names, as it says to."""
    return psycopg.connect(
        host=TASKS["host"],
        port=TASKS["port"],
        dbname=database,
        user=account["login"],
        password=account["password"],
        connect_timeout=10,
        **TASKS["extra"],
    )


def make_account(
    admin: psycopg.Connection, account: dict[str, str], *attributes: str
) -> sql.Identifier:
    """Make an account, or give it the password that now stands in its secret."""
    name = sql.Identifier(account["login"])
    known = admin.execute("select from pg_roles where rolname = %s", (account["login"],))
    if not known.rowcount:
        admin.execute(sql.SQL("create role {}").format(name))
    give_password(admin, account["login"], account["password"], *attributes)
    return name


def make_database(admin: psycopg.Connection, name: str, owner: dict[str, str]) -> None:
    """Make a database, or hand over the one that RDS has made, and let in nobody by default."""
    database, login = sql.Identifier(name), sql.Identifier(owner["login"])
    # only who may act as the owner can hand something over to it
    admin.execute(sql.SQL("grant {} to current_user with inherit true, set true").format(login))
    if not admin.execute("select from pg_database where datname = %s", (name,)).rowcount:
        admin.execute(sql.SQL("create database {} owner {}").format(database, login))
    admin.execute(sql.SQL("alter database {} owner to {}").format(database, login))
    admin.execute(sql.SQL("revoke all on database {} from public").format(database))


def fill_warehouse() -> list[str]:
    """Let the project migrate the warehouse as its owner, and take the accounts into their roles."""
    with connect(OWNER, "warehouse") as connection:
        prepare_session(connection, "warehouse_owner")
        applied = migrate(connection, "warehouse_owner")
        apply_reference(connection)
    with connect(OWNER, "warehouse") as connection:
        for account, *roles in ((TASKS, LOADER, REPORTER), (ANALYST, READER)):
            login = sql.Identifier(account["login"])
            # what an account may do it does as a role: but the door it passes as itself
            connection.execute(sql.SQL("grant connect on database warehouse to {}").format(login))
            for role in roles:
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), login))
    for role in (LOADER, REPORTER):
        with connect(TASKS, "warehouse") as connection:
            prepare_session(connection, "warehouse", role)
            require_applied(connection)
    return applied


def airflow(*command: str) -> None:
    """Run a command of Airflow; end with what it ended with, if that is not well."""
    hidden = {"DATABASE_ADMIN", "WAREHOUSE_ANALYST"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    subprocess.run(["airflow", *command], check=True, env=environment)  # noqa: S603, S607


TASKS, OWNER, ANALYST = (
    json.loads(os.environ[name])
    for name in ("AIRFLOW_CONN_WAREHOUSE", "AIRFLOW_CONN_WAREHOUSE_OWNER", "WAREHOUSE_ANALYST")
)

if __name__ == "__main__":
    address = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "", 1)
    of_airflow = {name: str(told) for name, told in conninfo.conninfo_to_dict(address).items()}
    metadata = {"login": of_airflow["user"], "password": of_airflow["password"]}
    administrator = json.loads(os.environ["DATABASE_ADMIN"])
    entry = {"login": administrator["username"], "password": administrator["password"]}
    with connect(entry, "warehouse") as admin:
        admin.autocommit = True
        make_account(admin, OWNER, "createrole")
        make_account(admin, TASKS, "noinherit")
        make_account(admin, ANALYST)
        make_account(admin, metadata)
        make_database(admin, "warehouse", OWNER)
        make_database(admin, of_airflow["dbname"], metadata)
    print("The warehouse is up to date:", ", ".join(fill_warehouse()) or "nothing was lacking")
    airflow("db", "migrate")
    for pool, why in POOLS.items():
        airflow("pools", "set", pool, "1", why)
