"""Who may do what in the warehouse, by refusal: each role does its work, and is refused the rest."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow.connections import open_warehouse
from jobmarket.foundation.errors import AccessDenied, ConfigurationError
from jobmarket.foundation.paths import DDL, SQL
from jobmarket.foundation.warehouse.explained import explained
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.foundation.warehouse.migrations import apply_ddl, require_applied
from jobmarket.foundation.warehouse.roles import LOADER, READER, REPORTER, ROLES
from jobmarket.foundation.warehouse.session import prepare_session
from jobmarket.offers.reference import apply_reference
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from local.accounts import create_member
from tests.support.airflow_runs import tasks_connection, warehouse_connection
from tests.support.loaded_day import add_offers, add_run, count_offers
from tests.support.newest_ddl import take_back_newest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobmarket.foundation.warehouse.roles import Role

    from local.postgres import Postgres

Connection = psycopg.Connection[Any]
SCHEMAS = ("control", "core", "mart")


@pytest.fixture(scope="module")
def warehouse(postgres: Postgres) -> str:
    """Give the address, for its superuser, of a warehouse that an ordinary account owns; it holds a day."""
    postgres.create_owner("owned_warehouse", "secret")
    dsn = postgres.uri("owned_warehouse")
    create_member(postgres.uri(), "acting", "secret", "owned_warehouse", *ROLES, is_acting=True)
    with psycopg.connect(as_account(dsn, "owned_warehouse")) as connection:
        prepare_session(connection, "warehouse_owner")
        migrate(connection, "warehouse_owner")
        apply_reference(connection)
        add_offers(connection, 3, technology_codes=["python"])
        add_run(connection, 3)
        count_offers(connection)
        connection.execute(
            "insert into core.job_offer_skill values ('france_travail', '1', 0, '1', 'Coder', 'E')"
        )
    return dsn


def as_account(dsn: str, account: str, secret: str = "secret") -> str:  # noqa: S107
    return re.sub("//.*?@", f"//{account}:{secret}@", dsn)


@pytest.fixture
def act(warehouse: str) -> Iterator[Any]:
    """Give what runs a statement as a role, and takes it back."""
    with psycopg.connect(as_account(warehouse, "acting")) as connection:

        def run(role: Role, statement: str) -> list[tuple[Any, ...]]:
            prepare_session(connection, "warehouse", role)
            try:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
            finally:
                connection.rollback()

        yield run


def relations(dsn: str, *kinds: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select oid::regclass::text from pg_class where relnamespace::regnamespace::text = any(%s)"
            " and relkind = any(%s) and not relispartition order by 1",
            (list(SCHEMAS), list(kinds)),
        ).fetchall()
    return [name for (name,) in found]


def is_refused(act: Any, role: Role, statement: str) -> bool:
    try:
        act(role, statement)
    except InsufficientPrivilege:
        return True
    except psycopg.Error:
        return False  # the right was there: it failed of something else
    return False


def is_possible(act: Any, role: Role, statement: str) -> bool:
    try:
        act(role, statement)
    except (InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState):
        return False  # the second: no right matters where a view cannot be written
    return True


ALTERING = (
    "create table {schema}.own (number integer)",
    "create view {schema}.own as select 1 as number",
    "create function {schema}.own() returns integer language sql as 'select 1'",
    "drop schema {schema} cascade",
    "alter schema {schema} rename to other",
)
OF_A_TABLE = (
    "alter table {table} add column own integer",
    "drop table {table}",
    "truncate {table}",
    "create index on {table} ((1))",
    "create trigger own before insert on {table} execute function suppress_redundant_updates_trigger()",
    "comment on table {table} is 'own'",
)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_changes_the_schema(act: Any, warehouse: str, role: Role) -> None:
    tables = relations(warehouse, "r", "p")
    assert len(tables) >= 18
    statements = [text.format(schema=schema) for text in ALTERING for schema in SCHEMAS]
    statements += [text.format(table=table) for text in OF_A_TABLE for table in tables]
    statements += ["create schema own", "create table public.own (number integer)"]
    assert [text for text in statements if not is_refused(act, role, text)] == []


# what each role may do with a table: s(elect), i(nsert), u(pdate), d(elete)
OF_CORE = {LOADER: "siud", REPORTER: "s", READER: ""}
OF_CODES = {LOADER: "sid", REPORTER: "s", READER: "s"}
OF_VIEWS = {LOADER: "s", REPORTER: "s", READER: "s"}
EXPECTED = {
    "mart.offer_count": {LOADER: "siud", REPORTER: "s", READER: "s"},
    "control.schema_migration": {LOADER: "s", REPORTER: "s", READER: ""},
    "control.ingestion_run": {LOADER: "siud", REPORTER: "s", READER: ""},
    "control.rejected_record": {LOADER: "siud", REPORTER: "", READER: ""},
    "control.reference_table": {LOADER: "siud", REPORTER: "", READER: ""},
    "control.reader_version": {LOADER: "siud", REPORTER: "", READER: ""},
    "control.source_request": {LOADER: "siud", REPORTER: "", READER: ""},
    "control.sweep": {LOADER: "siud", REPORTER: "s", READER: ""},
    "control.erasure": {LOADER: "siud", REPORTER: "", READER: ""},
    "control.history_day": {LOADER: "siud", REPORTER: "s", READER: ""},
    "control.run_receipt": {LOADER: "siud", REPORTER: "siu", READER: ""},
    "control.run_standing": {LOADER: "s", REPORTER: "s", READER: ""},
    "control.day_run": {LOADER: "s", REPORTER: "s", READER: ""},
}
ATTEMPTS = {
    "s": "select * from {table} limit 1",
    "i": "insert into {table} ({own}) overriding system value select {own} from {table} where false",
    "u": "update {table} set {column} = {column} where false",
    "d": "delete from {table} where false",
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_and_writes_what_its_work_needs_and_nothing_else(
    act: Any, warehouse: str, role: Role
) -> None:
    tables, views = relations(warehouse, "r", "p"), relations(warehouse, "v", "m")
    found, expected = {}, {}
    for table in (*tables, *views):
        others = OF_CORE if table.startswith("core.") else OF_VIEWS if table in views else OF_CODES
        expected[table] = EXPECTED.get(table, others)[role]
        with psycopg.connect(warehouse) as connection:
            # what the server makes itself nobody writes
            own = [
                name
                for (name,) in connection.execute(
                    "select attname::text from pg_attribute where attrelid = %s::regclass and attnum > 0"
                    " and not attisdropped and attgenerated = '' order by attnum",
                    (table,),
                )
            ]
        may = ""
        for letter, text in ATTEMPTS.items():
            # whoever may not read may not name a column of what it deletes, either
            statement = text.format(table=table, column=own[-1], own=", ".join(own))
            may += letter if is_possible(act, role, statement) else ""
        found[table] = may
    assert found == expected


def test_what_is_read_is_there(act: Any) -> None:
    assert act(READER, "select count(*) from mart.offer") == [(3,)]
    assert act(READER, "select count(*) from mart.offer_technology") == [(3,)]
    assert act(READER, "select day_status from mart.day") == [("certified",)]
    assert act(READER, "select mart.naf_nomenclature('62.01Z', '62', '2026-11-18')") == [
        ("naf_rev2",)
    ]
    assert act(REPORTER, "select count(*) from core.job_offer") == [(3,)]
    assert act(REPORTER, "select standing from control.day_run") == [("certified",)]


def test_an_account_of_nobody_has_nothing(postgres: Postgres, warehouse: str) -> None:
    with psycopg.connect(warehouse, autocommit=True) as connection:
        connection.execute("drop role if exists nobody_at_all")
        connection.execute("create role nobody_at_all login password 'secret'")
        connection.execute("grant connect on database owned_warehouse to nobody_at_all")
    with psycopg.connect(as_account(warehouse, "nobody_at_all"), autocommit=True) as connection:
        for table in relations(warehouse, "r", "p", "v"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"select from {table}")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("select mart.naf_nomenclature('62.01Z', '62', '2026-11-18')")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("create temporary table scratch (number integer)")


def test_no_role_may_pass_its_rights_on(warehouse: str) -> None:
    with psycopg.connect(warehouse) as connection:
        grantable = connection.execute(
            "select distinct acl.grantee::regrole::text from pg_class, aclexplode(relacl) as acl"
            " where relnamespace::regnamespace::text in ('control', 'core', 'mart') and acl.is_grantable"
            " and acl.grantee <> relowner"
        ).fetchall()
        may_administer = connection.execute(
            "select from pg_auth_members where admin_option and roleid::regrole::text = any(%s)"
            " and member::regrole::text <> 'jobmarket'",
            (list(ROLES),),
        ).fetchall()
    assert (grantable, may_administer) == ([], [])


def test_only_the_loader_makes_temporary_tables(act: Any) -> None:
    scratch = "create temporary table scratch (number integer) on commit drop"
    assert [is_refused(act, role, scratch) for role in ROLES] == [False, True, True]


def test_an_account_that_acts_has_no_rights_of_its_own(warehouse: str) -> None:
    with psycopg.connect(as_account(warehouse, "acting"), autocommit=True) as connection:
        for table in ("core.job_offer", "mart.offer", "control.ingestion_run"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(f"select from {table}")


def test_a_table_that_comes_later_is_covered(act: Any, warehouse: str) -> None:
    with psycopg.connect(as_account(warehouse, "owned_warehouse"), autocommit=True) as owner:
        for schema in SCHEMAS:
            owner.execute(f"create table {schema}.later (number integer)")
        try:
            may = {
                (role, schema): "".join(
                    letter
                    for letter, text in ATTEMPTS.items()
                    if is_possible(
                        act,
                        role,
                        text.format(table=f"{schema}.later", column="number", own="number"),
                    )
                )
                for role in ROLES
                for schema in SCHEMAS
            }
        finally:
            for schema in SCHEMAS:
                owner.execute(f"drop table {schema}.later")
    assert may == {
        (LOADER, "control"): "siud",
        (LOADER, "core"): "siud",
        (LOADER, "mart"): "s",
        (REPORTER, "control"): "",
        (REPORTER, "core"): "s",
        (REPORTER, "mart"): "s",
        (READER, "control"): "",
        (READER, "core"): "",
        (READER, "mart"): "s",
    }


def test_a_migration_takes_away_what_a_role_should_not_have(act: Any, warehouse: str) -> None:
    with psycopg.connect(as_account(warehouse, "owned_warehouse"), autocommit=True) as owner:
        owner.execute("grant all on all tables in schema control, core, mart to jobmarket_reader")
        owner.execute("grant select on core.job_offer to public")
        owner.execute("grant update on core.job_offer to jobmarket_loader")
        migrate(owner, "warehouse_owner")
    assert is_refused(act, READER, "select from core.job_offer")
    assert is_refused(act, READER, "delete from mart.offer_count")
    assert is_refused(act, LOADER, "truncate core.job_offer")


def test_the_roles_of_the_file_of_grants_are_those_that_are_made() -> None:
    text = (SQL / "access" / "grants.sql").read_text() + (
        SQL / "access" / "missing_rights.sql"
    ).read_text()
    assert set(re.findall(r"jobmarket_\w+", text)) == set(ROLES)


def test_a_table_of_codes_is_filled_again_by_the_loader(
    act: Any, warehouse: str, tmp_path: Path
) -> None:
    """An edit of a file of include/reference reaches the warehouse with the next day that is loaded."""
    from shutil import copytree

    from jobmarket.foundation.paths import REFERENCE

    edited = copytree(REFERENCE, tmp_path / "reference")
    rows = (edited / "region.csv").read_text().replace("Bretagne", "Breizh")
    (edited / "region.csv").write_text(rows)
    with psycopg.connect(as_account(warehouse, "acting")) as connection:
        prepare_session(connection, "warehouse", LOADER)
        assert apply_reference(connection, edited) == ["region"]
        labels = connection.execute("select region_label from mart.region").fetchall()
    assert ("Breizh",) in labels


# who migrates


def fresh_owner(postgres: Postgres, name: str) -> str:
    """Make a database with an owner of its own; return the owner's address."""
    with psycopg.connect(postgres.uri(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )
    postgres.create_owner(name, "secret")
    return as_account(postgres.uri(name), name)


def test_another_account_than_the_owner_is_told_how_to_become_it(postgres: Postgres) -> None:
    first = fresh_owner(postgres, "first_owner")
    fresh_owner(postgres, "second_owner")
    with psycopg.connect(first) as connection:
        migrate(connection, "warehouse")
    superuser = postgres.uri("first_owner")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("grant connect, create on database first_owner to second_owner")
    second = as_account(superuser, "second_owner")
    with (
        psycopg.connect(second) as connection,
        pytest.raises(AccessDenied, match="belongs to the account first_owner") as refused,
    ):
        migrate(connection, "warehouse_owner")
    assert "`reassign owned by first_owner to second_owner`" in str(refused.value)
    # one way: hand it over
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("reassign owned by first_owner to second_owner")
        connection.execute("grant connect on database first_owner to first_owner")
    with psycopg.connect(second) as connection:
        assert migrate(connection, "warehouse_owner") == []
        connection.execute("comment on table core.job_offer is 'mine'")
        connection.rollback()
    # and so is the account that owned it before
    with (
        psycopg.connect(first) as connection,
        pytest.raises(AccessDenied, match="belongs to the account second_owner"),
    ):
        migrate(connection, "warehouse_owner")


def test_whoever_may_act_for_the_owner_makes_what_belongs_to_the_owner(
    postgres: Postgres, tmp_path: Path
) -> None:
    owner = fresh_owner(postgres, "an_owner")
    with psycopg.connect(owner) as connection:
        migrate(connection, "warehouse_owner")
    with psycopg.connect(postgres.uri("an_owner"), autocommit=True) as connection:
        take_back_newest(connection)
        connection.execute("drop table mart.stock_count")
        connection.execute(
            "alter table control.sweep drop column unproved_count, drop column unanswered_count"
        )
        again = connection.execute(
            "delete from control.schema_migration where file_name > '035' returning file_name"
        ).fetchall()
        assert len(migrate(connection, "warehouse_owner")) == len(again) + 1
        connection.execute("reset role")
        others = connection.execute(
            "select oid::regclass from pg_class where relowner <> 'an_owner'::regrole"
            " and relnamespace::regnamespace::text in ('control', 'core', 'mart')"
        ).fetchall()
    assert others == []


def test_an_account_that_may_not_create_is_told_so(postgres: Postgres) -> None:
    dsn = fresh_owner(postgres, "closed_database")
    create_member(postgres.uri(), "outsider", "secret", "closed_database")
    with (
        psycopg.connect(as_account(dsn, "outsider")) as connection,
        pytest.raises(
            AccessDenied,
            match=r"outsider of the connection warehouse may not create schemas in the database "
            r"closed_database: .*create the connection warehouse_owner",
        ),
    ):
        migrate(connection, "warehouse")


def test_one_account_may_do_everything(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it owns the schemas and is a member of nothing, it keeps its own rights."""
    dsn = fresh_owner(postgres, "one_for_all")
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(warehouse_connection(dsn)))
    with open_warehouse() as connection:
        migrate(connection, "warehouse")
    for role in ROLES:
        with open_warehouse(role=role) as connection:
            require_applied(connection)
            connection.execute("select from core.job_offer")
            assert connection.execute("select current_user").fetchone() == ("one_for_all",)


def test_a_superuser_lays_its_rights_down(
    warehouse_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks_connection(warehouse_dsn)
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(warehouse_connection(warehouse_dsn)))
    with (
        pytest.raises(AccessDenied, match="run the DAG warehouse_migrate"),
        open_warehouse(role=REPORTER) as connection,
    ):
        connection.execute("delete from core.job_offer")


def test_without_the_right_to_make_roles_they_are_said_to_be_missing(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import jobmarket.foundation.warehouse.migrate as module

    monkeypatch.setattr(module, "ROLES", ("jobmarket_nobody_made",))
    with (
        caplog.at_level("INFO", "jobmarket"),
        psycopg.connect(fresh_owner(postgres, "no_roles")) as connection,
    ):
        assert len(migrate(connection, "warehouse")) == len(list(DDL.glob("*.sql")))
        require_applied(connection)
    assert (
        "There is no role jobmarket_nobody_made, and this account may not make one" in caplog.text
    )


def test_a_right_that_only_the_owner_of_the_database_can_grant_is_named(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    fresh_owner(postgres, "lent_database")
    create_member(postgres.uri(), "lodger", "secret", "lent_database")
    superuser = postgres.uri("lent_database")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("grant create on database lent_database to lodger")
    with psycopg.connect(as_account(superuser, "lodger")) as connection:
        migrate(connection, "warehouse_owner")
    said = re.findall(r"`(grant .*?)`", caplog.text)
    assert said == [
        "grant connect on database lent_database to jobmarket_loader",
        "grant temporary on database lent_database to jobmarket_loader",
        "grant connect on database lent_database to jobmarket_reader",
        "grant connect on database lent_database to jobmarket_reporter",
    ]
    with psycopg.connect(superuser, autocommit=True) as connection:
        for statement in said:
            connection.execute(statement.encode())
    caplog.clear()
    with psycopg.connect(as_account(superuser, "lodger")) as connection:
        migrate(connection, "warehouse_owner")
    assert caplog.text == ""


def test_migrations_at_once_queue(postgres: Postgres) -> None:
    dsn = fresh_owner(postgres, "busy_owner")
    applied: list[int] = []

    def run() -> None:
        with psycopg.connect(dsn) as connection:
            prepare_session(connection, "warehouse_owner")
            applied.append(len(migrate(connection, "warehouse_owner")))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(applied) == [0, 0, 0, len(list(DDL.glob("*.sql")))]


# whether it was


def test_a_task_says_what_a_warehouse_lacks(postgres_dsn: str, tmp_path: Path) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        with pytest.raises(ConfigurationError, match=r"holds no warehouse .* run the DAG ware"):
            require_applied(connection)
        apply_ddl(connection, DDL)
        require_applied(connection)
        later = copy_of_ddl(tmp_path)
        (later / "998_one_more.sql").write_text("create table core.one_more (number integer);")
        (later / "999_another.sql").write_text("create table core.another (number integer);")
        with pytest.raises(
            ConfigurationError,
            match=r"lacks 998_one_more\.sql and 1 files more .*: run the DAG warehouse_migrate "
            r"\(`make migrate` on the laptop stack\), then this task again\.$",
        ):
            require_applied(connection, later)
        apply_ddl(connection, later)
        require_applied(connection, later)
        with pytest.raises(ConfigurationError, match=r"of a later version: 999_another\.sql"):
            require_applied(connection)
        with pytest.raises(ConfigurationError, match=r"of a later version: 999_another\.sql"):
            apply_ddl(connection, DDL)


def test_to_look_takes_one_query_and_leaves_the_session_idle(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, DDL)
        assert not connection.autocommit
        require_applied(connection)
        assert not connection.autocommit
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        connection.execute("select 1")
        with pytest.raises(ValueError, match="in a transaction"):
            require_applied(connection)


def copy_of_ddl(directory: Path) -> Path:
    from shutil import copytree

    return copytree(DDL, directory / "ddl")


# an index made while days are loaded

INDEX = "create index concurrently if not exists offer_title_idx on core.job_offer (title)"
MARK = "-- outside of a transaction\n"


def is_valid(connection: Connection, name: str) -> list[tuple[bool]]:
    return connection.execute(
        "select indisvalid from pg_index where indexrelid::regclass::text = %s", (name,)
    ).fetchall()


def test_an_index_is_made_while_a_transaction_writes(postgres_dsn: str, tmp_path: Path) -> None:
    """What an ordinary index waits for, this one lets go on: rows that others write meanwhile."""
    directory = copy_of_ddl(tmp_path)
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, directory)
    (directory / "990_before.sql").write_text("create table core.before (number integer);")
    (directory / "991_title.sql").write_text(f"{MARK}-- for those who search.\n{INDEX};\n")
    (directory / "992_after.sql").write_text("create table core.after (number integer);")
    with (
        psycopg.connect(postgres_dsn) as writer,
        psycopg.connect(postgres_dsn) as connection,
        psycopg.connect(postgres_dsn, autocommit=True) as watcher,
    ):
        add_offers(writer, 2)
        thread = threading.Thread(target=apply_ddl, args=(connection, directory))
        thread.start()
        while not watcher.execute(
            "select from pg_stat_progress_create_index where phase like 'waiting%'"
        ).rowcount:
            assert thread.is_alive()
        add_offers(writer, 2, "meanwhile")  # an ordinary index would hold this back
        writer.commit()
        thread.join(30)
        assert is_valid(watcher, "core.offer_title_idx") == [(True,)]
        found = watcher.execute(
            "select file_name from control.schema_migration where file_name > '99' order by 1"
        ).fetchall()
    assert found == [("990_before.sql",), ("991_title.sql",), ("992_after.sql",)]


def test_an_index_that_failed_is_made_anew(postgres_dsn: str, tmp_path: Path) -> None:
    directory = copy_of_ddl(tmp_path)
    unique = INDEX.replace("index", "unique index", 1)
    (directory / "990_before.sql").write_text("create table core.before (number integer);")
    (directory / "991_title.sql").write_text(f"{MARK}{unique};\n")
    (directory / "992_after.sql").write_text("create table core.after (number integer);")
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, DDL)
        add_offers(connection, 2)  # both with one title
        connection.commit()
        for _ in range(2):
            with pytest.raises(psycopg.errors.UniqueViolation):
                apply_ddl(connection, directory)
            assert is_valid(connection, "core.offer_title_idx") == [(False,)]
            connection.rollback()
        # what came before it stays, what comes after it waits
        with pytest.raises(ConfigurationError, match=r"lacks 991_title\.sql and 1 files more"):
            require_applied(connection, directory)
        connection.execute("update core.job_offer set title = offer_id")
        connection.commit()
        assert apply_ddl(connection, directory) == ["991_title.sql", "992_after.sql"]
        assert is_valid(connection, "core.offer_title_idx") == [(True,)]
        connection.rollback()
        require_applied(connection, directory)
        settings = "select current_setting('lock_timeout'), current_setting('statement_timeout')"
        assert connection.execute(settings).fetchone() == ("0", "0")


def test_an_index_that_was_made_and_not_recorded_is_left_alone(
    postgres_dsn: str, tmp_path: Path
) -> None:
    directory = copy_of_ddl(tmp_path)
    (directory / "991_title.sql").write_text(f"{MARK}{INDEX}\n")
    (directory / "992_gone.sql").write_text(
        f"{MARK}drop index concurrently if exists core.job_offer_created_on_idx;\n"
    )
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, DDL)
        connection.execute(INDEX.replace("concurrently", ""))
        connection.commit()
        made = "select 'core.offer_title_idx'::regclass::oid"
        before = connection.execute(made).fetchone()
        connection.rollback()
        assert apply_ddl(connection, directory) == ["991_title.sql", "992_gone.sql"]
        assert connection.execute(made).fetchone() == before
        assert is_valid(connection, "core.job_offer_created_on_idx") == []


@pytest.mark.parametrize(
    "text",
    [
        "create index concurrently offer_title_idx on core.job_offer (title)",  # not repeatable
        "create index if not exists offer_title_idx on core.job_offer (title)",
        "create index concurrently if not exists offer_title_idx on job_offer (title)",
        f"{INDEX}; select 1",
        f"select 1; {INDEX}",
        "drop index concurrently core.offer_title_idx",
        "drop index concurrently if exists offer_title_idx",
        "vacuum core.job_offer",
        "reindex index concurrently core.job_offer_created_on_idx",
        "",
    ],
)
def test_a_marked_file_holds_one_statement_that_can_be_repeated(
    postgres_dsn: str, tmp_path: Path, text: str
) -> None:
    directory = copy_of_ddl(tmp_path)
    (directory / "991_title.sql").write_text(f"{MARK}{text};\n")
    with (
        psycopg.connect(postgres_dsn) as connection,
        pytest.raises(
            ConfigurationError, match=r"991_title\.sql runs outside of a transaction, so"
        ),
    ):
        apply_ddl(connection, directory)
    with psycopg.connect(postgres_dsn) as connection:  # nothing of it was begun
        assert connection.execute("select to_regclass('control.schema_migration')").fetchone() == (
            None,
        )


def test_migrations_that_wait_do_not_stop_an_index(postgres_dsn: str, tmp_path: Path) -> None:
    """An index waits for every statement that has begun: the wait for its lock must be none."""
    directory = copy_of_ddl(tmp_path)
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, directory)
    (directory / "991_title.sql").write_text(f"{MARK}{INDEX};\n")
    applied: list[list[str]] = []

    def run() -> None:
        with psycopg.connect(postgres_dsn) as connection, explained("warehouse"):
            applied.append(apply_ddl(connection, directory))

    with psycopg.connect(postgres_dsn) as writer:
        add_offers(writer, 1)
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        with psycopg.connect(postgres_dsn, autocommit=True) as watcher:
            while not watcher.execute("select from pg_stat_progress_create_index").rowcount:
                assert any(thread.is_alive() for thread in threads)
        writer.commit()
        for thread in threads:
            thread.join(30)
    assert sorted(applied) == [[], [], [], ["991_title.sql"]]
