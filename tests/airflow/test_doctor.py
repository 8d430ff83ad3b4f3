"""Each red line of the doctor, by breaking exactly what it looks at; its advice is obeyed, and mends it."""

from __future__ import annotations

import json
import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.airflow.doctor import clock, lake, sources
from jobmarket.airflow.doctor.__main__ import main
from jobmarket.airflow.doctor.examine import examine
from jobmarket.airflow.doctor.line import Check, Line, NotSeen, Off, lines_of, summary, written
from jobmarket.airflow.doctor.platform import TESTED
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import AccessDenied, ConfigurationError
from jobmarket.foundation.http.address import is_on_a_laptop
from jobmarket.foundation.known_secrets import secrets_of
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.foundation.warehouse.session import prepare_session
from jobmarket.sources.registry import source

from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import no_waiting
from tests.support.doctor_place import ALL_BLOCKED, made_places, set_pool
from tests.support.history_catalogs import rest_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from airflow.dag_processing.dagbag import DagBag

    from tests.support.doctor_place import Place

    Case = Callable[[Place], Iterator[str]]

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

CASES: dict[str, Case] = {}
"""Words of a red line -> the case: it breaks, yields the line that must be red alone, and obeys."""


def says(words: str) -> Callable[[Case], Case]:
    def keep(case: Case) -> Case:
        CASES[words] = case
        return case

    return keep


@says("The project is tested with Airflow")
def an_older_airflow(place: Place) -> Iterator[str]:
    place.environment.setattr("airflow.__version__", "3.2.1")
    yield "Airflow: version"
    place.environment.setattr("airflow.__version__", TESTED)


@says("Airflow has no pool {}")
def a_pool_that_is_not_there(place: Place) -> Iterator[str]:
    set_pool("france_travail_api", 0)
    yield "Airflow: pool france_travail_api"
    set_pool("france_travail_api", 1)


@says("slots, and one client has one rate")
def a_pool_of_three(place: Place) -> Iterator[str]:
    set_pool("adzuna_api", 3)
    yield "Airflow: pool adzuna_api"
    set_pool("adzuna_api", 1)


@says("create it with the API's address as host")
def no_connection_to_the_api(place: Place) -> Iterator[str]:
    place.forget("france_travail")
    yield "France Travail: connection"
    place.connect_api()


@says("The connection france_travail has no password")
def an_api_without_a_secret(place: Place) -> Iterator[str]:
    place.connect_api(password="")
    yield "France Travail: connection"
    place.connect_api()


@says("gives no token to the client")
def a_wrong_secret(place: Place) -> Iterator[str]:
    place.connect_api(password="another-secret")
    yield "France Travail: credentials"
    place.connect_api()


@says("requests_per_day of the connection")
def a_limit_that_is_none(place: Place) -> Iterator[str]:
    fields = {"conn_type": "http", "login": "5a4db0c5", "password": "k" * 32}
    place.connect("adzuna", **fields, extra={"requests_per_day": "many"})
    yield "Adzuna: connection"
    place.connect("adzuna", **fields)


@says("The variable data_lake_bucket is not set")
def no_bucket_named(place: Place) -> Iterator[str]:
    place.environment.delenv("AIRFLOW_VAR_DATA_LAKE_BUCKET")
    yield "bucket: connection"
    place.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", place.bucket)


@says("does not exist: create it, or correct the variable")
def a_bucket_that_is_not_there(place: Place) -> Iterator[str]:
    place.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", "elsewhere")
    yield "bucket: there"
    place.environment.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", place.bucket)


@says("S3 refuses the credentials of aws_default")
def a_wrong_key(place: Place) -> Iterator[str]:
    place.connect_lake(password="another-secret")
    yield "bucket: there"
    place.connect_lake(password=place.store.secret)


@says("correct them, or grant s3:ListBucket")
def an_account_that_only_reads(place: Place) -> Iterator[str]:
    place.connect_lake(login="reader", password="reader-secret")
    yield "bucket: writable"
    place.connect_lake()


@says("writes over an object though it is asked not to")
def a_store_that_ignores_conditions(place: Place) -> Iterator[str]:
    place.honours_conditions = False
    yield "bucket: writable"
    place.honours_conditions = True


@says("by default uses nothing")
def a_bucket_that_does_not_encrypt(place: Place) -> Iterator[str]:
    place.s3.delete_bucket_encryption(Bucket=place.bucket)
    yield "bucket: encrypted"
    place.encrypt("aws:kms")


@says("is to be encrypted by a key of KMS")
def a_bucket_that_encrypts_by_a_key_of_s3(place: Place) -> Iterator[str]:
    place.encrypt("AES256")
    yield "bucket: encrypted"
    place.encrypt("aws:kms")


@says("keeps no older versions of its objects")
def a_bucket_without_versions(place: Place) -> Iterator[str]:
    place.version("Suspended")
    yield "bucket: versioned"
    place.version("Enabled")


@says("does not block all public access")
def a_bucket_that_a_policy_could_open(place: Place) -> Iterator[str]:
    place.blocks = {**ALL_BLOCKED, "BlockPublicPolicy": False}
    yield "bucket: public access blocked"
    place.blocks = ALL_BLOCKED


@says("Anybody without an account may list the bucket")
def a_bucket_for_everybody(place: Place) -> Iterator[str]:
    arn = f"arn:aws:s3:::{place.bucket}"
    actions = ["s3:ListBucket", "s3:GetObject"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": actions}
    statement = {**allowed, "Resource": [arn, f"{arn}/*"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    place.s3.put_bucket_policy(Bucket=place.bucket, Policy=policy)
    yield "bucket: private"
    place.s3.delete_bucket_policy(Bucket=place.bucket)


@says("Airflow has no connection 'warehouse'")
def no_connection_to_the_warehouse(place: Place) -> Iterator[str]:
    place.forget("warehouse")
    place.forget("warehouse_owner")
    yield "warehouse: connection"
    place.connect_warehouse()
    place.connect_owner()


@says("refuses the account or its password")
def a_wrong_password(place: Place) -> Iterator[str]:
    place.connect_warehouse(password="another-secret")
    yield "warehouse: connection"
    place.connect_warehouse()


@says("reaches the warehouse without TLS")
def a_warehouse_in_the_clear(place: Place) -> Iterator[str]:
    place.connect_warehouse(mode="disable")
    yield "warehouse: TLS"
    place.connect_warehouse(mode="verify-full")


@says("with sslmode=require, so anybody between could read and answer")
def a_warehouse_that_nobody_vouches_for(place: Place) -> Iterator[str]:
    place.connect_warehouse(mode="require")
    yield "warehouse: TLS"
    place.connect_warehouse(mode="verify-full")


@says("lacks insert on core.job_offer, which tasks need as jobmarket_loader")
def a_right_that_was_taken(place: Place) -> Iterator[str]:
    place.say("revoke insert on core.job_offer from jobmarket_loader")
    yield "warehouse: rights of the load"
    with psycopg.connect(place.dsn) as connection:
        prepare_session(connection, "warehouse_owner")
        migrate(connection, "warehouse_owner")


@says("rights more, which tasks need as jobmarket_reporter")
def a_role_that_was_taken(place: Place) -> Iterator[str]:
    place.say("revoke jobmarket_reporter from tasks")
    yield "warehouse: rights of reports"
    place.say("grant jobmarket_reporter to tasks")


@says("holds no warehouse of this project yet")
def an_empty_warehouse(place: Place) -> Iterator[str]:
    dsn = place.postgres.create_database("empty_warehouse")
    place.connect_warehouse(dsn)
    place.connect_owner(dsn)
    yield "warehouse: schema"
    with psycopg.connect(dsn) as connection:
        prepare_session(connection, "warehouse_owner")
        migrate(connection, "warehouse_owner")


@says("The warehouse is of a later version")
def a_later_warehouse(place: Place) -> Iterator[str]:
    file = "999_of_a_later_version.sql"
    place.say(f"insert into control.schema_migration (file_name, sha256) values ('{file}', '')")  # noqa: S608
    yield "warehouse: schema"
    place.say(f"delete from control.schema_migration where file_name = '{file}'")  # noqa: S608


@says("put the login of")
def an_owner_that_is_none(place: Place) -> Iterator[str]:
    place.connect_owner(login="tasks", password="tasks-secret")
    yield "warehouse: owner"
    place.connect_owner()


@says("The clock of this machine is wrong")
def a_clock_that_is_wrong(place: Place) -> Iterator[str]:
    wrong = datetime.now(UTC) + timedelta(hours=1)
    place.environment.setattr(clock, "read_clock", lambda: wrong)
    yield "clock: offset"
    place.environment.setattr(clock, "read_clock", lambda: datetime.now(UTC))


@says("This machine knows no time zone")
def a_machine_without_zones(place: Place) -> Iterator[str]:
    def unknown(name: str) -> None:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    kept = zoneinfo.ZoneInfo
    place.environment.setattr(clock, "ZoneInfo", unknown)
    yield "clock: time zone"
    place.environment.setattr(clock, "ZoneInfo", kept)


@says("history_catalog must have `type`")
def a_catalog_of_no_kind(place: Place) -> Iterator[str]:
    place.connect_history(extra={"warehouse": "s3://bucket/history"})
    yield "history: connection"
    place.connect_history()


@says("The catalog of the history refuses the credentials")
def a_wrong_password_of_the_catalog(place: Place) -> Iterator[str]:
    place.connect_history(password="another-secret")
    yield "history: connection"
    place.connect_history()


@says("The catalog of the history did not answer")
def a_catalog_elsewhere(place: Place) -> Iterator[str]:
    place.connect_history(extra={**rest_extra(place.store), "uri": "http://127.0.0.1:9"})
    yield "history: connection"
    place.connect_history()


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, airflow_metadata: None) -> Iterator[Any]:
    directory = tmp_path_factory.mktemp("doctor")
    directory.chmod(0o755)
    settings = Settings(offers_per_day=300, rate=400)
    with running(settings) as sandbox, made_places(directory, sandbox.url) as make:
        yield make
    for name in ("france_travail_api", "adzuna_api"):
        set_pool(name, 0)


@pytest.fixture
def place(places: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    found: Place = places(monkeypatch)
    found.set_up()
    return found


def test_where_everything_is_right_no_line_is_red(place: Place) -> None:
    assert place.reds() == {}


@pytest.mark.parametrize("words", CASES)
def test_what_is_broken_is_the_one_red_line_and_its_advice_mends_it(
    place: Place, words: str
) -> None:
    case = CASES[words](place)
    red = next(case)
    part = red.partition(":")[0]
    found = place.reds(part)
    assert list(found) == [red], found
    assert [part for part in words.split("{}") if part not in found[red]] == [], found
    next(case, None)
    assert place.reds(part) == {}


def test_a_server_with_another_time_is_told_from_a_wrong_clock() -> None:
    clocks = clock.Clocks({"S3": 0.0, "the warehouse": 3600.0})
    line = clock.clock_lines(clocks)[0]
    assert (line.state, line.said) == (
        "red",
        (
            "Of the servers asked only the warehouse has another time than this machine: set the clock of "
            "that server by NTP."
        ),
    )
    assert clock.clock_lines(clock.Clocks({"S3": 0.4, "the warehouse": 59.0}))[0].state == "green"
    assert clock.clock_lines(clock.Clocks())[0].state == "not seen"


def test_what_is_sent_in_the_clear_is_red_and_over_https_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ConfigurationError, match="reaches S3 over plain http: begin the endpoint"):
        lake._require_https("http://s3.example.org")
    assert lake._require_https("https://s3.example.org")
    hook = SourceHook("france_travail")
    settings = source("france_travail").settings
    assert settings

    def led_to(host: str) -> Any:
        connection = {"conn_type": "http", "host": host, "login": "id", "password": "secret"}
        monkeypatch.setenv("AIRFLOW_CONN_FRANCE_TRAVAIL", json.dumps(connection))
        return settings(hook.get_connection("france_travail"), "france_travail")

    with pytest.raises(ConfigurationError, match="sends its secret over plain http"):
        sources._require_https(led_to("http://api.example.org"), hook)
    assert sources._require_https(led_to("https://api.example.org"), hook)


@pytest.mark.parametrize(
    ("host", "is_stand_in"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("s3", True),
        ("postgres", True), ("s3.eu-west-3.amazonaws.com", False), ("10.0.0.7", False),
        ("api.francetravail.io", False), ("db.abc.eu-west-3.rds.amazonaws.com", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_laptop(host: str, is_stand_in: bool) -> None:
    assert is_on_a_laptop(host) is is_stand_in


def test_on_a_laptop_what_cannot_hold_there_is_not_red(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sources", "lake", "warehouse"):
        monkeypatch.setattr(f"jobmarket.airflow.doctor.{module}.is_on_a_laptop", is_on_a_laptop)
    place.s3.delete_bucket_encryption(Bucket=place.bucket)
    place.version("Suspended")
    place.blocks = {}
    place.connect_warehouse(mode="disable")
    lines = examine({"france_travail_api": 1, "adzuna_api": 1})
    assert [line.check for line in lines if line.state == "red"] == []
    assert [line.check for line in lines if line.state == "not on a laptop"] == [
        "encrypted", "versioned", "public access blocked", "TLS",
    ]  # fmt: skip


def test_what_cannot_be_seen_says_why(place: Place) -> None:
    def refused(_: Any) -> None:
        raise AccessDenied("S3 refuses this.")

    place.environment.setattr(
        lake, "_LOOKS", [("versioned", "s3:GetBucketVersioning", refused, "")]
    )
    place.forget("warehouse_owner")
    place.forget("adzuna")
    place.forget("history_catalog")
    said = {f"{one.part}: {one.check}": (one.state, one.said) for one in examine(None)}
    assert said["bucket: versioned"][0] == "not seen"
    assert "grant it s3:GetBucketVersioning" in said["bucket: versioned"][1]
    assert said["warehouse: owner"][0] == "not seen"
    assert said["Adzuna: connection"][0] == "off"
    assert "Adzuna: credentials" not in said
    assert said["history: connection"][0] == "off"
    assert "history: table" not in said
    assert said["Airflow: pool france_travail_api"] == (
        "not seen",
        "a task does not see the pools of Airflow: `airflow pools get france_travail_api` tells",
    )


def test_the_command_prints_a_line_a_check_and_no_secret(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main([]) == 0
    good = capsys.readouterr().out
    assert "none of 27 lines is red." in good
    place.connect_api(password="planted-secret-of-the-api")
    place.connect_warehouse(password="planted-secret-of-the-warehouse")
    place.connect_lake(password="planted-secret-of-the-lake")
    assert main([]) == 1
    out, err = capsys.readouterr()
    assert len([line for line in out.splitlines() if "[info " not in line]) == 29
    assert re.search(r"^✗ France Travail +credentials +France Travail gives no token", out, re.M)
    assert "3 of 27 lines are red." in out
    hook = SourceHook("france_travail")
    found = [hook.get_connection(name) for name in ("france_travail", "warehouse", "aws_default")]
    secrets = {"planted-secret", *(one for each in found for one in secrets_of(each))}
    assert [one for one in secrets if one in good + out + err] == []


def test_the_dag_shows_the_same(place: Place, dag_bag: DagBag) -> None:
    dag = dag_bag.dags["jobmarket_doctor"]
    with no_waiting(dag):
        green = dag.test(logical_date=datetime(2026, 11, 20, 2, tzinfo=UTC))
    assert str(green.state) == "success"
    lines = green.get_task_instance("examine").xcom_pull(task_ids="examine")
    assert Line("bucket", "versioned", "green", "older versions are kept")._asdict() in lines


def test_an_advice_of_the_dag_is_to_do_what_each_line_says(
    place: Place, dag_bag: DagBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = dag_bag.dags["jobmarket_doctor"].tasks
    pushed: dict[str, Any] = {}

    class Instance:
        def xcom_push(self, key: str, value: Any) -> None:
            pushed[key] = value

    place.version("Suspended")
    context: Any = {"params": {}, "ti": Instance()}
    with pytest.raises(
        ConfigurationError, match="do what each says above, then run this task again"
    ):
        task.execute(context)
    assert [line["check"] for line in pushed["lines"] if line["state"] == "red"] == ["versioned"]
    place.version("Enabled")
    assert task.execute(context)


def test_lines_are_written_in_columns_and_a_closed_gate_says_so() -> None:
    def raises(error: Exception) -> Callable[[], str]:
        def look() -> str:
            raise error

        return look

    lines = lines_of("part", [
        Check("first", lambda: "good"),
        Check("second", raises(NotSeen("why"))),
        Check("odd", raises(ValueError("what"))),
        Check("gate", raises(ConfigurationError("Do this.")), is_gate=True),
        Check("behind", raises(AssertionError())),
    ])  # fmt: skip
    assert written(lines) == [
        "✓ part  first   good",
        "? part  second  not seen: why",
        (
            "✗ part  odd     the check met an error that it does not know: ValueError: what: it is an error "
            "of the project: report it"
        ),
        "✗ part  gate    Do this.",
        "? part  behind  not seen: look again when `gate` is green",
    ]
    assert summary(lines) == "2 of 5 lines are red"
    assert written(lines, is_coloured=True)[0] == "\033[32m✓ part  first   good\033[0m"
    off = lines_of("p", [Check("a", raises(Off("x")), is_gate=True), Check("b", lambda: "")])
    assert off == [Line("p", "a", "off", "x")]
