"""One table of what may lie of a day, and what each part of the project makes of it.

The lake, the warehouse, its views, the report, the list and the waiting tasks are the real ones: each run is
written as its collection writes it and recorded as its load records it.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import psycopg
import pytest
from jobmarket.airflow.period_operators import WaitForDaysOperator
from jobmarket.airflow.ui import fr, query
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.manifest import Manifest, Witness
from jobmarket.foundation.lake.standing import Standing, manifest_for_day, standing_of, worst_of
from jobmarket.foundation.lake.store import Lake
from jobmarket.foundation.period import day_period, period_around
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.ledger import record_refused, record_run
from jobmarket.offers.outcome import LoadResult
from jobmarket.offers.rejections import Rejection
from jobmarket.report.query import query_report, standings
from jobmarket.report.words.fr.certificate import standing_title

from tests.support.airflow_runs import lake_connection, tasks_connection, warehouse_connection
from tests.support.loaded_day import DDL, SOURCE, certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client
    from psycopg import Connection

    from local.object_store import ObjectStore
    from local.postgres import Postgres

pytestmark = pytest.mark.filterwarnings("default")  # inside Airflow, warnings are Airflow's

DAY = date(2026, 11, 18)
WEEK_LATER = DAY + timedelta(days=7)
PROVED = [Witness(kind="whole", query="a", expected=1, announced=1, agrees=True)]
DOUBTS: dict[str, Any] = {"certified": False, "doubts": ["Something changed."]}


class Run(NamedTuple):
    """A run of the day.

    :param hour: at which its last page was read, of the day after, UTC.
    """

    run_id: str
    hour: int = 5
    proof: dict[str, Any] = {}  # noqa: RUF012  never changed
    version: int = 2
    is_sample: bool = False
    is_generated: bool = False
    is_refused: bool = False


def certified(run_id: str, hour: int = 5, **more: Any) -> Run:
    return Run(run_id, hour, **more)


def uncertified(run_id: str, hour: int = 5, **more: Any) -> Run:
    return Run(run_id, hour, DOUBTS, **more)


def with_gap(run_id: str, hour: int = 5, gap: int = 3, **more: Any) -> Run:
    return Run(run_id, hour, DOUBTS | {"gap": gap, "announced": 10 + gap}, **more)


def sample(run_id: str, hour: int = 5, **more: Any) -> Run:
    return Run(run_id, hour, DOUBTS, is_sample=True, **more)


class Told(NamedTuple):
    """What is made of a day.

    :param run: that stands for it in the warehouse.
    :param report: the verdict of the report of the day; ``None`` if there is nothing to report.
    :param listed: what the list says of the run of the day, and of its sample.
    :param mart: ``mart.day.day_status`` and ``certificate_version``.
    :param is_waited_for: by the week that holds it.
    :param is_compared: a day a week later takes it as what is usual.
    :param replayed: the run that ``source = raw`` passes on.
    """

    run: str | None
    report: str | None
    listed: list[str]
    mart: tuple[str, int | None]
    is_waited_for: bool
    is_compared: bool
    replayed: str | None


CERTIFIED = ("Journée certifiée", ["Certifiée"], ("certified", 2), False, True)
OLDER = (
    "Journée certifiée selon les règles antérieures",
    ["Certifiée selon les règles antérieures"],
    ("certified", 1),
    *(False, True),
)
UNCERTIFIED = ("Journée non certifiée", ["Non certifiée"], ("uncertified", 2), True, False)
GAP = ("Journée incomplète", ["Incomplète"], ("with_gap", 2), True, False)
SAMPLE = (
    "Échantillon : ces chiffres ne décrivent pas la journée",
    ["Échantillon"],
    ("sample", 2),
    *(True, False),
)
REFUSED = (None, ["Refusée"], ("refused", 2), True, False)

CASES: dict[str, tuple[list[Run], Told]] = {
    "certified": ([certified("a")], Told("a", *CERTIFIED, "a")),
    "certified by the older rules": ([certified("a", version=1)], Told("a", *OLDER, "a")),
    "doubts and no gap": ([uncertified("a")], Told("a", *UNCERTIFIED, "a")),
    "doubts by the older rules": (
        [uncertified("a", version=1)],
        Told("a", *UNCERTIFIED, "a")._replace(mart=("uncertified", 1)),
    ),
    "a gap that was allowed": ([with_gap("a")], Told("a", *GAP, "a")),
    "a sample": ([sample("a")], Told("a", *SAMPLE, None)),
    # what was refused lies in the lake all the same, and is read again once the contract knows it
    "a refused load": ([certified("a", is_refused=True)], Told("a", *REFUSED, "a")),
    "generated offers": (
        [certified("a", is_generated=True)],
        Told("a", *CERTIFIED, "a")._replace(
            report="Données générées : journée certifiée", is_compared=False
        ),
    ),
    "generated by an earlier run": (
        [uncertified("a", is_generated=True), certified("b", 6)],
        Told("b", *CERTIFIED, "b")._replace(
            report="Données générées : journée certifiée", is_compared=False
        ),
    ),
    "a later run that is worse: a gap": (
        [certified("a"), with_gap("b", 6)],
        Told("a", *CERTIFIED, "a"),
    ),
    "a later run that is worse: a larger gap": (
        [with_gap("a", gap=1), with_gap("b", 6, gap=9)],
        Told("b", *GAP, "b"),
    ),
    "a later run that is worse: a gap after doubts": (
        [uncertified("a"), with_gap("b", 6)],
        Told("b", *GAP, "b"),
    ),
    "a later run that is better: doubts after a gap": (
        [with_gap("a"), uncertified("b", 6)],
        Told("b", *UNCERTIFIED, "b"),
    ),
    "read at the same instant": ([certified("a"), certified("b")], Told("b", *CERTIFIED, "b")),
    "read at the same instant, loaded the other way round": (
        [certified("b"), certified("a")],
        Told("b", *CERTIFIED, "b"),
    ),
    "read at the same instant, one certified": (
        [certified("a"), uncertified("b")],
        Told("a", *CERTIFIED, "a"),
    ),
    "certified, loaded before a newer one that is not": (
        [certified("a"), uncertified("b", 6)],
        Told("a", *CERTIFIED, "a"),
    ),
    "certified, loaded after a newer one that is not": (
        [uncertified("b", 6), certified("a")],
        Told("a", *CERTIFIED, "a"),
    ),
    "read earlier and loaded later": (
        [certified("b", 6), certified("a")],
        Told("b", *CERTIFIED, "b"),
    ),
    "an older certificate, then a sample": (
        [certified("a", version=1), sample("b", 6)],
        Told("a", *OLDER, "a")._replace(
            listed=["Certifiée selon les règles antérieures", "Échantillon"]
        ),
    ),
    "an older certificate, then doubts": (
        [certified("a", version=1), uncertified("b", 6)],
        Told("a", *OLDER, "a"),
    ),
    "an older certificate, then one of today": (
        [certified("a", version=1), certified("b", 6)],
        Told("b", *CERTIFIED, "b"),
    ),
    "doubts, then a sample": (
        [uncertified("a"), sample("b", 6)],
        Told("a", *UNCERTIFIED, "a")._replace(listed=["Non certifiée", "Échantillon"]),
    ),
    "refused, then loaded": (
        [certified("a", is_refused=True), uncertified("b", 6)],
        Told("b", *UNCERTIFIED, "a"),
    ),
    "loaded, then refused": (
        [with_gap("a"), certified("b", 6, is_refused=True)],
        Told("a", *GAP, "b"),
    ),
    "refused, and a sample": (
        [certified("a", 6, is_refused=True), sample("b")],
        Told("b", *SAMPLE, "a")._replace(listed=["Refusée", "Échantillon"]),
    ),
    "missing": ([], Told(None, None, [], ("missing", None), True, False, None)),
}


def manifest_of(run: Run, day: date = DAY) -> Manifest:
    witnesses = PROVED if run.version > 1 else []
    read_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=run.hour)
    return Manifest(
        version=run.version,
        day=str(day),
        run_id=run.run_id,
        started_at=f"{read_at - timedelta(minutes=8):%Y-%m-%dT%H:%M:%S.000Z}",
        finished_at=f"{read_at:%Y-%m-%dT%H:%M:%S.000Z}",
        is_sample=run.is_sample,
        is_generated=run.is_generated,
        gap_allowed=bool(run.proof.get("doubts")) and not run.is_sample,
        certificate=certificate(10, **{"witnesses": witnesses} | run.proof),
    )


def record(connection: Connection[Any], run: Run, day: date = DAY) -> None:
    """Record a run as its load does, but for the offers."""
    manifest = manifest_of(run, day)
    if run.is_refused:
        rejected = Rejection(f"{day}/{run.run_id}", 0, None, "No offer.")
        record_refused(connection, manifest, LoadResult(records=1), [rejected])
    else:
        record_run(connection, manifest, LoadResult(), [], rules_hash=0)


@pytest.fixture
def warehouse(warehouse_dsn: str) -> Iterator[Connection[Any]]:
    tasks_connection(warehouse_dsn)
    with psycopg.connect(warehouse_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def lake(
    monkeypatch: pytest.MonkeyPatch,
    warehouse_dsn: str,
    object_store: ObjectStore,
    s3: S3Client,
    bucket: str,
) -> Lake:
    """Return the lake that Airflow's connections lead to."""
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(warehouse_connection(warehouse_dsn)))
    connection = lake_connection(object_store.endpoint_url)
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(connection))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    return Lake(s3, bucket)


@pytest.mark.parametrize(("runs", "told"), CASES.values(), ids=CASES)
def test_what_is_made_of_a_day(
    warehouse: Connection[Any], lake: Lake, runs: list[Run], told: Told
) -> None:
    for day in (DAY - timedelta(days=1), WEEK_LATER):
        record(warehouse, certified("a"), day)
    # the lake is told of them in the other order: neither order is when they were read
    for run in reversed(runs):
        lake.write_manifest(manifest_of(run))
    for run in runs:
        record(warehouse, run)

    row = warehouse.execute(
        "select run_id from control.day_run where source = %s and day = %s", (SOURCE, DAY)
    ).fetchone()
    (status, version, mart_run) = warehouse.execute(
        "select day_status, certificate_version, run_id from mart.day where created_on = %s", (DAY,)
    ).fetchone() or ("", 0, "")
    waits = WaitForDaysOperator(task_id="wait", source=SOURCE, kind="week")
    replayed = lake.manifest_of(Scope("france_travail", str(DAY)))
    assert (
        Told(
            run=row and row[0],
            report=reported(warehouse, DAY),
            listed=[listed(run) for run in query.list_days(None).runs if run.day == DAY],
            mart=(status, version),
            is_waited_for=str(DAY) in waits._not_certified(period_around("week", DAY)),
            is_compared=is_compared(warehouse),
            replayed=replayed.run_id if replayed else None,
        )
        == told
    )
    assert mart_run == told.run


def reported(connection: Connection[Any], day: date) -> str | None:
    """Return the verdict of the report, which is about the run that stands for the day."""
    try:
        facts = query_report(connection, source=SOURCE, period=day_period(day)).facts
    except ConfigurationError:
        return None
    (standing,) = connection.execute(
        "select standing from control.day_run where day = %s and run_id = %s",
        (day, facts.runs[0].run_id),
    ).fetchone() or (None,)
    assert facts.standing == standing
    return standing_title(facts).replace("\u00a0", " ")


def listed(run: query.DayRun) -> str:
    older = f" {fr.BY_OLDER_RULES}" if run.is_by_older_rules else ""
    return f"{fr.STANDINGS[run.standing]}{older}"


def is_compared(connection: Connection[Any]) -> bool:
    answers = query_report(connection, source=SOURCE, period=day_period(WEEK_LATER))
    return DAY in answers.baseline.days("usual")


def test_the_lake_and_the_warehouse_choose_alike(warehouse: Connection[Any]) -> None:
    """Every pair of runs, whatever they prove, whenever they were read, whichever was loaded first."""
    kinds = (
        certified,
        uncertified,
        with_gap,
        sample,
        lambda run_id, hour: certified(run_id, hour, version=1),
    )
    one_run = list(product(kinds, (5, 6)))
    expected: dict[date, tuple[str, Standing]] = {}
    for number, ((one, first), (other, second)) in enumerate(product(one_run, one_run)):
        day = date(2026, 1, 1) + timedelta(days=number)
        # every other day the greater id is recorded first
        ids = "ab" if number % 2 else "ba"
        runs = [one(ids[0], first), other(ids[1], second)]
        for run in runs:
            record(warehouse, run, day)
        manifests = [manifest_of(run, day) for run in runs]
        stands = manifest_for_day(manifests)
        if stands is not None:
            standing = standing_of(stands.certificate, is_sample=False)
            expected[day] = (stands.run_id, standing)
    found = warehouse.execute(
        "select day, run_id, standing from control.day_run where not is_sample"
    ).fetchall()
    assert {day: (run_id, standing) for day, run_id, standing in found} == expected
    assert len(expected) == 96  # of 100, without the four pairs of samples


@pytest.mark.parametrize("kind", [certified, uncertified, with_gap, sample])
def test_the_warehouse_and_python_say_the_same_of_a_run(
    warehouse: Connection[Any], kind: Any
) -> None:
    run = kind("a")
    record(warehouse, run)
    expected = standing_of(manifest_of(run).certificate, is_sample=run.is_sample)
    assert standings(warehouse, source=SOURCE, period=day_period(DAY)) == {DAY: expected}


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], "certified"),
        (["certified", "certified"], "certified"),
        (["certified", "uncertified"], "uncertified"),
        (["uncertified", "with_gap", "certified"], "with_gap"),
        (["with_gap", "sample", "uncertified"], "sample"),
        (["refused", "sample"], "refused"),
    ],
)
def test_a_whole_may_be_trusted_no_further_than_its_worst_part(
    parts: list[Standing], whole: Standing
) -> None:
    assert worst_of(parts) == whole


@pytest.mark.parametrize("named", ["2026-11-19T05:00:00", "yesterday", ""])
def test_a_manifest_whose_instants_cannot_be_compared_stands_for_nothing(
    lake: Lake, named: str
) -> None:
    lake.write_manifest(msgspec.structs.replace(manifest_of(certified("b")), finished_at=named))
    assert lake.manifest_of(Scope("france_travail", str(DAY))) is None
    lake.write_manifest(manifest_of(certified("a")))
    stands = lake.manifest_of(Scope("france_travail", str(DAY)))
    assert stands is not None
    assert stands.run_id == "a"


def test_runs_recorded_by_the_version_before_keep_what_they_prove(
    postgres_dsn: str, tmp_path: Path
) -> None:
    """Only the rules of version 2 have witnesses; a warehouse says which rules by a column of its own."""
    for file in DDL.glob("*.sql"):
        if file.name < "021":
            shutil.copy(file, tmp_path)
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        apply_ddl(connection, tmp_path)
        for number, run in enumerate((certified("a", version=1), certified("a"))):
            proof = manifest_of(run).certificate
            record_before(connection, DAY + timedelta(days=number), proof)
        apply_ddl(connection, DDL)
        found = connection.execute(
            "select created_on, day_status, certificate_version from mart.day order by 1"
        ).fetchall()
    assert found == [(DAY, "certified", 1), (DAY + timedelta(days=1), "certified", 2)]


def record_before(connection: Connection[Any], day: date, proof: Any) -> None:
    connection.execute(
        """
        insert into control.ingestion_run (
            source, day, run_id, status, is_sample, is_gap_allowed, is_certified, collection_started_at,
            collection_finished_at, page_count, record_count, inserted_count, updated_count, unchanged_count,
            stale_count, rejected_count, duplicate_count, outside_day_count, load_seconds, certificate, drift,
            repairs
        ) values (%s, %s, 'a', 'loaded', false, false, true, now(), now(), 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, %s,
            '{}', '{}')
        """,
        (SOURCE, day, msgspec.json.encode(proof).decode()),
    )


def test_the_list_says_that_a_warehouse_of_the_version_before_is_brought_up_to_date_first(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    postgres.create_owner("one_account", "its-secret")
    dsn = f"postgresql://one_account:its-secret@127.0.0.1:{postgres.port}/one_account"
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(warehouse_connection(dsn)))
    for file in DDL.glob("*.sql"):
        if file.name < "021":
            shutil.copy(file, tmp_path)
    with psycopg.connect(dsn, autocommit=True) as connection:
        apply_ddl(connection, tmp_path)
    with pytest.raises(
        ConfigurationError, match="tables of an earlier version: run the DAG warehouse_migrate"
    ):
        query.list_days(None)
