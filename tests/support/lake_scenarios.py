"""What the job does with the lake, small and without Airflow: the calls of one task.

``tests/infra/test_least_privilege.py`` holds them against whole runs: these ask S3 for the same.
"""

from __future__ import annotations

import hashlib
import itertools
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake import inspection
from jobmarket.foundation.lake.absences import Absences, read_absences, write_absences
from jobmarket.foundation.lake.layout import Scope, alarm_key, manifest_key, page_key, report_prefix
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.lake.retention import copy_run, runs_due

from local.object_store import ACCOUNT, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.store import Lake
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

_NUMBERS = itertools.count(1)
SCOPE = Scope("france_travail", "2026-11-18")
STOCK = SCOPE._replace(kind="stock")
RUN = "scheduled__2026-11-18"
BODY = b'{"resultats": []}'
REPORT = report_prefix(SCOPE.source, SCOPE.day)


def a_page(number: int, body: bytes = BODY, *, scope: Scope = SCOPE) -> Page:
    return Page(
        key=page_key(scope, RUN, number),
        query=f"range={number}",
        status=200,
        announced=0,
        offers=1,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        received_at="2026-11-19T00:00:00Z",
        statuses=[200],
        attempt_at="2026-11-19T00:00:00Z",
    )


def a_manifest(*pages: Page, scope: Scope = SCOPE) -> Manifest:
    return Manifest(
        source=scope.source,
        day=scope.day,
        scope=scope.kind,
        run_id=RUN,
        started_at="2026-11-19T00:00:00+00:00",
        finished_at="2026-11-19T00:01:00+00:00",
        certificate=Certificate(
            certified=True,
            announced=0,
            collected=0,
            gap=0,
            requests=len(pages),
            bytes=sum(page.body_bytes for page in pages),
            seconds=1.0,
            statuses={"200": len(pages)},
            slices=[],
        ),
        pages=list(pages),
    )


def collect_a_day(lake: Lake) -> None:
    """Land what a killed run had not, and end it with its manifest."""
    lake.ensure_bucket()
    assert lake.manifest_of(SCOPE) is None
    first, second = a_page(1), a_page(2)
    assert lake.put_page(first, BODY)
    assert lake.open_run(SCOPE) == RUN
    assert lake.run_pages(SCOPE, RUN) == [first]
    assert lake.put_page(second, BODY)
    lake.write_manifest(a_manifest(first, second))


def load_a_day(lake: Lake) -> None:
    """Read what one manifest names."""
    manifest = lake.read_manifest(manifest_key(SCOPE, RUN))
    assert [body for _, body in lake.iter_pages(manifest)] == [BODY, BODY]


def replay_a_day(lake: Lake) -> None:
    """Find the manifest that stands for a day, and read what it names."""
    assert lake.manifest_of(SCOPE) is not None
    load_a_day(lake)


def sweep_the_stock(lake: Lake) -> None:
    """Land a sweep: an attempt without a proof, what was asked of absences, the manifest."""
    page = a_page(1, scope=STOCK)
    assert lake.put_page(page, BODY)
    manifest = a_manifest(page, scope=STOCK)
    lake.write_unproved(manifest, "2026-11-19T00:00:00Z")
    assert len(lake.read_unproved(STOCK, RUN)) == 1
    answers = Absences(asked_at="2026-11-19T00:00:00Z", alive=[], gone=["178DXTF"])
    write_absences(lake, manifest, answers)
    assert read_absences(lake, manifest) == answers
    lake.write_manifest(manifest)


def end_retention(lake: Lake) -> None:
    """Put a copy for replay in the place of what was received, and read it."""
    due = runs_due(lake, SCOPE.source, datetime(2027, 1, 1, tzinfo=UTC), 30)
    keys = next(keys for prefix, keys in due.items() if prefix.startswith(STOCK.prefix))
    assert copy_run(lake, keys, lambda _, body: body, "2026-12-17T00:00:00Z") is not None
    assert lake.keys(STOCK.prefix) == []
    copy = lake.manifest_of(STOCK)
    assert copy is not None
    assert [body for _, body in lake.iter_pages(copy)] == [BODY]


def report_on_a_day(lake: Lake) -> None:
    """Write a report over one that had a file more."""
    lake.put_report(REPORT, {"index.html": b"first", "tables/pay.csv": b"a,b"})
    lake.put_report(REPORT, {"index.html": b"second"})
    assert lake.report_files(REPORT) == ["index.html"]


def forget_a_day(lake: Lake) -> None:
    """Delete report, raw pages and copies of a day."""
    for prefix in (REPORT, SCOPE.prefix, STOCK._replace(is_copy=True).prefix):
        keys = lake.keys(prefix)
        assert keys
        lake.delete_all(keys)
        assert lake.keys(prefix) == []


def show_a_report(lake: Lake) -> None:
    """List the reports, open one, and say of a file that is not there that it is not."""
    assert lake.report_prefixes("reports/france_travail/day=") == [REPORT]
    assert lake.report_written_at(REPORT) is not None
    assert lake.read_report(f"{REPORT}index.html") == b"second"
    assert lake.read_report(f"{REPORT}none.html") is None


def examine_the_lake(lake: Lake) -> None:
    """Look at the bucket as the doctor does; what a stand-in of S3 does not have is no matter here."""
    assert inspection.server_time(lake) is not None
    inspection.require_writable(lake)
    for look in (
        inspection.encryption,
        inspection.require_versioned,
        inspection.require_public_access_blocked,
    ):
        with suppress(ConfigurationError):
            look(lake)


def mark_an_alarm(lake: Lake) -> None:
    """Note once that an alarm was told, and that its trouble is over."""
    key, lasts = alarm_key("late/france_travail/day"), timedelta(hours=1)
    assert lake.put_mark(key, b"late", lasts=lasts)
    assert not lake.put_mark(key, b"late", lasts=lasts)
    lake.delete_all([key])
    assert lake.put_mark(key, b"late", lasts=lasts)


A_LIFE: tuple[Callable[[Lake], None], ...] = (
    collect_a_day,
    load_a_day,
    replay_a_day,
    sweep_the_stock,
    end_retention,
    report_on_a_day,
    show_a_report,
    forget_a_day,
    examine_the_lake,
    mark_an_alarm,
)
"""All of them, in the order in which a day goes through them."""


def client_of(url: str) -> S3Client:
    """Return a client of the object store, or of a gate before it, that tries once."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
    )


def fresh_bucket(object_store: ObjectStore) -> str:
    """Make an empty bucket; return its name."""
    name = f"scenario-{next(_NUMBERS)}"
    client_of(object_store.endpoint_url).create_bucket(Bucket=name)
    return name
