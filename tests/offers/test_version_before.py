"""A lake and a warehouse that an earlier version wrote go on working.

``fixtures/version_1.json`` is what version 1 left of a day of twelve generated offers: the objects of its
lake with their metadata, and its tables as COPY gives them.
"""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.checks import require_passed, run_checks, store_results
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.period import day_period
from jobmarket.foundation.run import key_of_run
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.load import load_run
from jobmarket.offers.reference import apply_reference
from jobmarket.report.page import render_report
from jobmarket.report.query import query_report
from jobmarket.sources.registry import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

DAY = date(2026, 11, 18)
LAST_FILE = "022"  # of include/sql/ddl, as version 1 had it
LEFT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "version_1.json").read_text(encoding="utf-8")
)


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    """Return a lake that holds what version 1 landed."""
    for item in LEFT["objects"]:
        s3.put_object(
            Bucket=bucket,
            Key=item["key"],
            Metadata=item["metadata"],
            ContentType=item["type"],
            Body=base64.b64decode(item["body"]),
        )
    return Lake(s3, bucket)


@pytest.fixture
def warehouse(postgres_dsn: str, tmp_path: Path) -> Iterator[psycopg.Connection[Any]]:
    """Yield a warehouse that version 1 filled, brought up to date."""
    for file in DDL.glob("*.sql"):
        if file.name[:3] <= LAST_FILE:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection, tmp_path)
        with connection.transaction():
            for table, held in LEFT["tables"].items():
                columns = ", ".join(held["columns"])
                with connection.cursor().copy(f"copy {table} ({columns}) from stdin") as copy:
                    copy.write(held["rows"])
        apply_ddl(connection, DDL)
        apply_reference(connection)
        yield connection


def rows(connection: psycopg.Connection[Any], table: str) -> str:
    """Return the rows of a table as version 1 left them: in its columns, but for what tells versions."""
    columns = ", ".join(
        "null" if name == "rules_hash" else name for name in LEFT["tables"][table]["columns"]
    )
    query = f"copy (select {columns} from {table} order by 1, 2, 3) to stdout"  # noqa: S608
    with connection.transaction(), connection.cursor().copy(query) as copy:
        return b"".join(copy).decode()


def test_its_day_stands_and_loads_again_into_the_same_rows(
    lake: Lake, warehouse: psycopg.Connection[Any]
) -> None:
    manifest = lake.manifest_of(Scope("france_travail", str(DAY)))
    assert manifest is not None
    assert manifest.certificate.certified
    tables = [table for table in LEFT["tables"] if table.startswith("core.")]
    before = {table: rows(warehouse, table) for table in tables}

    reader = source(manifest.source).reader()
    result = load_run(warehouse, manifest, lake.iter_pages(manifest), reader)

    assert (result.inserted, result.stale, result.rejected) == (0, 0, 0)
    assert result.updated + result.unchanged == manifest.certificate.collected == 12
    assert {table: rows(warehouse, table) for table in tables} == before

    with warehouse.transaction():
        checks = run_checks(warehouse, **key_of_run(manifest))
        store_results(warehouse, checks, **key_of_run(manifest))
    require_passed(checks)
    files = render_report(query_report(warehouse, source=manifest.source, period=day_period(DAY)))
    assert b"12" in files["index.html"]


def test_its_open_run_is_continued(lake: Lake, s3: S3Client) -> None:
    scope = Scope("france_travail", str(DAY))
    (key,) = lake.find_manifests(scope)
    s3.delete_object(Bucket=lake.bucket, Key=key)
    run_id = lake.open_run(scope)
    assert run_id == "20261119T000000Z-0badcafe"
    pages = [item for item in LEFT["objects"] if "/page-" in item["key"]]
    assert len(lake.run_pages(scope, run_id)) == len(pages)
