"""A day, its report and history, sweeps: after the grace nothing of withdrawn offers is found anywhere."""

from __future__ import annotations

import html
import io
import json
import re
from base64 import b64decode
from collections import defaultdict
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import ahocorasick_rs
import fastparquet
import msgspec
import psycopg
import pytest
import zstandard
from jobmarket.foundation.lake.store import Lake
from jobmarket.history.days import keep_day
from jobmarket.history.maintenance import named_files

from sandbox.server import running
from sandbox.settings import Settings
from tests.support.airflow_runs import (
    EMPTY_FORM,
    House,
    lake_connection,
    sandbox_connection,
    tasks_connection,
)
from tests.support.history_catalogs import file_text, fresh, rest_catalog
from tests.support.sweeps import FAST, FIRST, FORM, TASKS, Outlet, Sweeps, run_tasks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from airflow.dag_processing.dagbag import DagBag
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

SOURCE = "france_travail"
DAY = FIRST
CLOSING, ERASING = DAY + timedelta(days=2), DAY + timedelta(days=3)


@pytest.fixture
def sweeps(
    airflow_metadata: None,
    dag_bag: DagBag,
    monkeypatch: pytest.MonkeyPatch,
    postgres_dsn: str,
    object_store: ObjectStore,
    s3: S3Client,
    bucket: str,
) -> Iterator[Sweeps]:
    house = House(dag_bag, monkeypatch, postgres_dsn, "france_travail_inventory", FORM)
    house.connect("aws_default", **lake_connection(object_store.endpoint_url))
    house.connect("warehouse", **tasks_connection(postgres_dsn))
    monkeypatch.setenv("AIRFLOW_VAR_DATA_LAKE_BUCKET", bucket)
    monkeypatch.setenv("AIRFLOW_VAR_RAW_RETENTION_DAYS", "3")
    monkeypatch.setenv("AIRFLOW_VAR_ERASURE_GRACE_DAYS", "1")
    settings = Settings(
        offers_per_day=400,
        mean_life_days=2,
        change_share=0.5,
        rate=FAST,
        now=datetime(2026, 10, 6, 1),  # noqa: DTZ001
    )
    with running(settings) as sandbox:
        extra = {"requests_per_second": FAST}
        house.connect("france_travail", **sandbox_connection(sandbox.url, extra=extra))
        yield Sweeps(house, sandbox.url, Lake(s3, bucket), monkeypatch)


def run_day(house: House) -> dict[str, Any]:
    """Run the tasks of the daily DAG one after the other."""
    context: Any = {
        "params": {**EMPTY_FORM, "day": str(DAY)},
        "dag_run": SimpleNamespace(run_id=f"manual__{DAY}", partition_key=None, conf={}),
        "outlet_events": defaultdict(Outlet),
    }
    tasks = house.dag_bag.dags["france_travail_daily"].task_dict
    found: dict[str, Any] = {}
    for name in ("extract", "load", "check", "report"):
        tasks[name].manifest_key = found.get("extract")
        found[name] = tasks[name].execute(context)
    return found


def secrets_of(record: dict[str, Any]) -> set[str]:
    """Return what the licence names of an offer and what leads to it: names, texts, addresses, contacts."""
    company, contact = record.get("entreprise", {}), record.get("contact", {})
    origin, agency = record.get("origineOffre", {}), record.get("agence", {})
    said = [company.get(name) for name in ("nom", "description", "url", "logo")]
    said += [*contact.values(), *agency.values(), origin.get("urlOrigine")]
    said += [site.get("url") for site in origin.get("partenaires", [])]
    said += [record.get("description"), record.get("salaire", {}).get("commentaire")]
    lines = {line.strip() for text in said if isinstance(text, str) for line in text.splitlines()}
    return {line for line in lines if len(line) >= 8}


def words_of(received: dict[str, list[dict[str, Any]]], offer_ids: Iterable[str]) -> set[str]:
    return {word for one in offer_ids for record in received[one] for word in secrets_of(record)}


def said_otherwise(
    received: dict[str, list[dict[str, Any]]], erased: set[str], words: set[str]
) -> set[str]:
    """Return which words stand elsewhere with good reason, whole or within a longer line.

    That is in offers that are not erased, and in what is kept of one: a text may be made of labels of skills,
    which the load puts right where the source has damaged them.
    """
    said = [
        record
        if offer_id not in erased
        else {name: value for name, value in record.items() if name not in ERASED}
        | {"salaire": {**record.get("salaire", {}), "commentaire": ""}}
        for offer_id, records in received.items()
        for record in records
    ]
    search = ahocorasick_rs.AhoCorasick(words)
    text = json.dumps(said, ensure_ascii=False)
    return {
        word
        for written in (text, html.unescape(text))
        for word in search.find_matches_as_strings(written, overlapping=True)
    }


def landed(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """Return all records that lie in the lake as received, by offer."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key in lake.keys("raw/"):
        if key.endswith(".zst"):
            for record in msgspec.json.decode(body_of(lake, key) or b"{}").get("resultats", []):
                found[record["id"]].append(record)
    return found


def body_of(lake: Lake, key: str) -> bytes:
    content = lake.read_report(key) or b""
    if key.endswith(".zst"):
        return zstandard.ZstdDecompressor().stream_reader(content).read()
    return content


def text_of(lake: Lake, key: str) -> str:
    """Return all that an object of the lake says, what is packed in it included."""
    content = body_of(lake, key)
    if key.endswith(".parquet"):
        return f"{fastparquet.ParquetFile(io.BytesIO(content)).to_pandas().to_csv()}{content!r}"
    text = content.decode("utf-8", "replace")
    for packed in re.findall(r"base64,([A-Za-z0-9+/=]+)", text):
        text += b64decode(packed).decode("utf-8", "replace")
    head = lake.client.head_object(Bucket=lake.bucket, Key=key)
    return f"{key} {head['Metadata']} {text}"


def warehouse_text(house: House) -> str:
    """Return all rows of all tables and views that are kept."""
    tables = house.rows(
        "select oid::regclass::text from pg_class where relkind in ('r', 'p', 'm') and not relispartition "
        "and relnamespace::regnamespace::text in ('core', 'control', 'mart')"
    )
    return "\n".join(
        str(house.rows(f"select to_jsonb(t)::text from {table} as t"))  # noqa: S608
        for (table,) in tables
    )


ERASED = {
    *("intitule", "description", "entreprise", "contact", "agence", "origineOffre", "lieuTravail"),
    *("experienceCommentaire", "complementExercice", "conditionExercice"),
}
"""Fields of a record of which nothing is kept as it is written."""

COUNTED = (
    """select created_on, dimension, value_code, origin_code, offer_count from mart.offer_count
    order by 1, 2, 3, 4""",
    """select created_on, rome_code, departement_code, contract_type_code, count(*), sum(position_count),
    sum(salary_mid_eur_per_year)::bigint from core.job_offer group by 1, 2, 3, 4 order by 1, 2, 3, 4""",
    "select * from mart.offer_change order by 1, 2, 3, 4, 5",
    # of the last sweep it is said after its conclusion only
    "select * from mart.stock_day where day < (select max(day) from control.sweep) order by 1, 2, 3",
)
"""What is counted of the time before, and may not move as offers are erased."""


def test_after_the_grace_nothing_of_a_withdrawn_offer_is_found(
    sweeps: Sweeps,
    object_store: ObjectStore,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    house, lake = sweeps.house, sweeps.lake
    caplog.set_level("INFO")
    report = run_day(house)["report"].removesuffix("index.html")
    history = fresh(rest_catalog(object_store))
    with psycopg.connect(house.dsn) as connection:
        assert keep_day(connection, history, SOURCE, DAY).rows > 100
    tasks = house.dag_bag.dags["france_travail_inventory"].task_dict
    # two days later many offers of the day are gone; a day after that these are erased
    for day, names in ((CLOSING, TASKS[:4]), (ERASING, TASKS[:3])):
        sweeps.stand_at(day)
        run_tasks(tasks, day, names, allow_wave=True)
    received = landed(lake)
    counted = [house.rows(query) for query in COUNTED]
    before = warehouse_text(house)
    page_before = text_of(lake, f"{report}index.html")
    printed = {
        name
        for records in received.values()
        for record in records
        if (name := record.get("entreprise", {}).get("nom")) and name in page_before
    }
    assert printed  # the report does name employers
    # the rest of the second sweep: what was closed with the first is erased, what was received is copied
    found = run_tasks(tasks, ERASING, allow_wave=True)
    assert found["conclude"]["erased"] > 50
    assert (found["end_retention"]["copied"], found["end_retention"]["unnamed"]) == (2, 1)
    erased = {row[0] for row in house.rows("select offer_id from control.erasure")}
    secrets = words_of(received, erased)
    secrets -= said_otherwise(received, erased, secrets)
    assert len(secrets) > 3 * len(erased)
    at_hand = found["extract"].rpartition("/")[0]  # the sweep of today: what it holds is live
    places = {
        key: text_of(lake, key) for key in lake.keys("") if not key.startswith(f"{at_hand}/page-")
    }
    assert {key.split("/")[0] for key in places} == {"raw", "replay", "reports"}
    places["warehouse"] = warehouse_text(house)
    table = history.table()
    places |= {path: file_text(table, path) for path in named_files(table)}
    out = capsys.readouterr()
    places["logs"] = caplog.text + out.out + out.err
    search = ahocorasick_rs.AhoCorasick(secrets)
    assert len(set(search.find_matches_as_strings(before))) > len(erased)  # it would be found
    left = {
        place: words
        for place, text in places.items()
        if (words := search.find_matches_as_strings(text))
    }
    assert left == {}
    # no old report names an employer, be it of a live offer
    assert [name for name in printed if name in text_of(lake, f"{report}index.html")] == []
    assert [key for key in lake.keys(report) if "employers" in key or "agencies" in key] == []
    assert [house.rows(query) for query in COUNTED] == counted
    # the same again does nothing more, and a replay brings nothing back
    again = run_tasks(tasks, ERASING)
    assert (again["conclude"]["erased"], again["end_retention"]["unnamed"]) == (0, 0)
