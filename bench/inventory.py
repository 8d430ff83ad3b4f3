"""Measures a sweep of the live stock: requests, wall time, memory: ``python -m bench.inventory``.

A sandbox of its own in another process, whose offers close after 13 days on average, so that its stock lies
over three months; pages land in a SeaweedFS of its own. The ids landed are compared with those that are live.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
import requests
from botocore.config import Config

os.environ.setdefault(
    "AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING"
)  # standard output is for the figures

from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.lake.store import Lake
from jobmarket.sources.france_travail.client.answer import CAP
from jobmarket.sources.france_travail.plan.extraction import extract_stock

from bench.extraction import sandbox
from local.object_store import ACCOUNT, SECRET, ObjectStore

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest

NOW = "2026-11-19T03:00:00"
MEAN_LIFE_DAYS = 13
WEEK_SHARE = (5 + 2 * 0.45) / 7
"""Offers of the mean day of a week, as a part of a weekday's."""

REQUESTS_SHARE = 1.08
"""Of the fewest requests that could give so many offers."""

PEAK_MB = 400


def offers_per_day(stock: int) -> int:
    """Return how many offers a weekday must have for a stock of about this size."""
    return round(stock / MEAN_LIFE_DAYS / WEEK_SHARE)


def ids_landed(lake: Lake, manifest: Manifest) -> set[str]:
    """Return the ids in the landed bytes."""
    return {
        offer["id"]
        for page, body in lake.iter_pages(manifest)
        if page.offers
        for offer in msgspec.json.decode(body)["resultats"]
    }


def measure(url: str, lake: Lake, rate: int) -> dict[str, Any]:
    """Sweep the stock once and return the figures."""
    os.environ["AIRFLOW_CONN_FRANCE_TRAVAIL"] = json.dumps(
        {
            "conn_type": "http",
            "host": url,
            "login": "sandbox",
            "password": "sandbox",
            "extra": {"requests_per_second": rate},
        }
    )
    # the first touch of the stock makes the sandbox generate it: not what is measured
    requests.get(f"{url}/_sandbox/live", timeout=3_600)
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, cpu = time.monotonic(), time.process_time()
    client = SourceHook("france_travail").get_conn()
    manifest = extract_stock(client, lake, date.fromisoformat(NOW[:10]), "bench")
    wall_s, cpu_s = time.monotonic() - started, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    certificate = manifest.certificate
    fewest = math.ceil(certificate.collected / CAP.page_size)
    return {
        "certified": certificate.certified,
        "doubts": certificate.doubts,
        "ids_equal": ids_landed(lake, manifest)
        == set(requests.get(f"{url}/_sandbox/live", timeout=3_600).json()),
        "collected": certificate.collected,
        "fewest_requests": fewest,
        "requests": certificate.requests,
        "share": round(certificate.requests / fewest, 4),
        "share_bound": REQUESTS_SHARE,
        "wall_s": round(wall_s, 1),
        "requests_per_s": round(certificate.requests / wall_s, 2),
        "cpu_s": round(cpu_s, 1),
        "mb_before": round(before_mb),
        "peak_mb": round(peak_mb),
        "peak_mb_bound": PEAK_MB,
        "slices": len(certificate.slices),
        "re_reads": certificate.re_reads,
        "statuses": certificate.statuses,
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=50_000, help="about so many are live")
    parser.add_argument("--latency-ms", type=int, default=300)
    parser.add_argument("--rate", type=int, default=10, help="requests a second")
    given = parser.parse_args()
    options = ["--offers-per-day", str(offers_per_day(given.offers)), "--today", NOW]
    options += ["--mean-life-days", str(MEAN_LIFE_DAYS), "--latency-ms", str(given.latency_ms)]
    options += ["--rate", str(given.rate)]
    with tempfile.TemporaryDirectory() as directory:
        store = ObjectStore.start(Path(directory)).wait()
        client = boto3.client(
            "s3",
            endpoint_url=store.endpoint_url,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(max_pool_connections=40),
        )
        lake = Lake(client, "bench")
        lake.ensure_bucket()
        try:
            with sandbox(options) as url:
                print(json.dumps(measure(url, lake, given.rate), indent=2))
        finally:
            store.stop()


if __name__ == "__main__":
    main()
