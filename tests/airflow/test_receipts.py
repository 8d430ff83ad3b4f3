"""What each run leaves behind: its receipt in the warehouse, in the report, in the UI, as metrics."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airflow.sdk.observability import stats
from jobmarket.airflow import receipts
from jobmarket.airflow.ui import pages, query
from jobmarket.foundation.receipt import Receipt, UnitPrices
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from sandbox.server import running
from sandbox.settings import Faults, Settings
from tests.airflow.test_daily_run import DAY, FAST, connect_api, house  # noqa: F401  a fixture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    from tests.support.airflow_runs import House

pytestmark = [pytest.mark.airflow, pytest.mark.filterwarnings("default")]

DASHBOARD = Path(__file__).parents[2] / "include" / "grafana" / "jobmarket.json"
PRICES = UnitPrices(0.001, 0.0001, 0.5, 3.6, 2.0, 1_000)
ALL = (
    "select phase, attempt_count, is_done, source_call_count, row_count"
    " from control.run_receipt order by finished_at"
)


@pytest.mark.parametrize(
    ("receipt", "s3", "rds"),
    [
        (Receipt(phase="extract"), 0.0, 0.0),
        (Receipt(phase="extract", lake_write_count=10, lake_read_count=100), 0.02, 0.0),
        (Receipt(phase="extract", lake_written_bytes=2_000_000_000, row_count=9), 1.0, 0.0),
        (Receipt(phase="load", lake_read_bytes=10**12, warehouse_seconds=10), 0.0, 0.01),
        (Receipt(phase="load", row_count=1_000_000), 0.0, 2.0),
        (Receipt(phase="report", row_count=1_000_000, warehouse_seconds=1), 0.0, 0.001),
    ],
)
def test_a_receipt_costs_what_the_price_list_says(receipt: Receipt, s3: float, rds: float) -> None:
    assert receipt.s3_cost_usd(PRICES) == pytest.approx(s3)
    assert receipt.rds_cost_usd(PRICES) == pytest.approx(rds)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, dict[str, str]]]:
    """Return the metrics that the tasks tell."""
    kept: list[tuple[str, float, dict[str, str]]] = []
    monkeypatch.setattr(stats, "gauge", lambda name, value, tags: kept.append((name, value, tags)))
    monkeypatch.setattr(stats, "incr", lambda name, tags: kept.append((name, 1, tags)))
    return kept


def test_every_run_leaves_a_receipt_and_the_report_and_the_ui_show_it(
    house: House,  # noqa: F811
    s3: S3Client,
    bucket: str,
    told: list[tuple[str, float, dict[str, str]]],
) -> None:
    with running(Settings(offers_per_day=1_200, rate=FAST)) as sandbox:
        connect_api(house, sandbox.url)
        assert house.run(DAY)["state"] == "success", house.sentences
        calls = house.rows("select certificate -> 'requests' from control.ingestion_run")[0][0]
        assert house.rows(ALL) == [
            ("extract", 1, True, calls, 1_200),
            ("load", 1, True, 0, 1_200),
            ("check", 1, True, 0, 0),
            ("report", 1, True, 0, 0),
        ]
        costs = house.rows(
            "select sum(lake_write_count) filter (where phase = 'extract'),"
            " sum(lake_read_count) filter (where phase = 'load'), min(s3_cost_usd), max(rds_cost_usd),"
            " bool_and(lake_written_bytes > 0) filter (where phase in ('extract', 'report')),"
            " min(warehouse_seconds) filter (where phase = 'load') from control.run_receipt"
        )[0]
        pages_landed = house.rows("select page_count from control.ingestion_run")[0][0]
        # a page each and the manifest, and the looks for what has landed
        assert costs[0] >= pages_landed + 1
        assert costs[1] >= pages_landed
        assert all(costs[2:])
        assert {(name, tags["phase"]) for name, _, tags in told} == {
            (name, phase)
            for name in (*receipts.METRICS, receipts.ENDED)
            for phase in ("extract", "load", "check", "report")
        }
        # a replay asks nothing, and changes nothing in what the report says of the effort
        page = read_page(s3, bucket)
        assert f"{calls} appels à le bac à sable" not in page
        assert re.search(rf"Ce qu’il a fallu.*{calls}\s*appels.*1\s*200\s*offres écrites.*\$", page)
        assert house.run(DAY, source="raw")["state"] == "success", house.sentences
        assert sentence_of(read_page(s3, bucket)) == sentence_of(page)
    newest, first = query.list_receipts()
    assert (newest.source_calls, newest.offers_written) == (0, 0)
    assert (first.source_calls, first.offers_written, first.is_done) == (calls, 1_200, True)
    html = pages.receipts_page("/x", [newest, first])
    assert f"/x/run/france_travail_daily/{first.dag_run_id.replace('+', '%2B')}"[:40] in html
    assert html.count("<tr>") == 3


def read_page(s3: S3Client, bucket: str) -> str:
    key = f"reports/france_travail/day={DAY}/index.html"
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def sentence_of(page: str) -> str:
    found = re.search(r"Ce qu’il a fallu[^<]*", page)
    assert found
    return found[0]


def test_a_task_that_fails_leaves_a_receipt_and_the_next_attempt_adds_to_it(
    house: House,  # noqa: F811
    told: list[tuple[str, float, dict[str, str]]],
) -> None:
    with running(
        Settings(offers_per_day=300, rate=FAST, faults=Faults(every=1, kinds=("500",)))
    ) as api:
        connect_api(house, api.url)
        assert house.run(DAY)["state"] == "failed"
    assert house.rows(ALL) == [("extract", 1, False, 0, 0)]
    assert [tags["outcome"] for name, _, tags in told if name == receipts.ENDED] == ["failed"]
    assert query.list_receipts()[0].is_done is False


def test_a_warehouse_without_receipts_has_an_empty_page(
    house: House,  # noqa: F811
) -> None:
    assert query.list_receipts() == []
    assert "Aucune exécution n’a encore laissé de reçu" in pages.receipts_page("", [])


class Collector:
    """An OpenTelemetry collector: keeps the names of the metrics that are posted to it."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                told = ExportMetricsServiceRequest.FromString(body)
                for resource in told.resource_metrics:
                    for scope in resource.scope_metrics:
                        for metric in scope.metrics:
                            kind = metric.WhichOneof("data")
                            total = "_total" if kind == "sum" else ""
                            outer.names.add(metric.name.replace(".", "_") + total)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.server.shutdown()
    collector.server.server_close()


TELL = """
from airflow.sdk._shared.observability.metrics import otel_logger
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
from jobmarket.airflow.receipts import ENDED, METRICS
stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=False)
tags = {"dag_id": "d", "source": "s", "phase": "load"}
for name in METRICS:
    stats.gauge(name, 1.5, tags=tags)
stats.incr(ENDED, tags={**tags, "outcome": "done"})
"""


def test_every_metric_that_the_dashboard_draws_reaches_a_collector(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import subprocess
    import sys

    environment = {
        **os.environ,
        "AIRFLOW__METRICS__OTEL_ON": "True",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": f"{collector.url}/v1/metrics",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    drawn = set(re.findall(r"airflow_jobmarket_[a-z0-9_]+", DASHBOARD.read_text()))
    assert drawn
    assert drawn <= collector.names, done.stderr[-2000:]
    # and nothing is told that nobody draws
    assert {name for name in collector.names if "jobmarket" in name} == drawn


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    told = json.loads(DASHBOARD.read_text())
    assert [panel["id"] for panel in told["panels"]] == list(range(1, len(told["panels"]) + 1))
    assert {target["refId"] for panel in told["panels"] for target in panel["targets"]} <= set("AB")
