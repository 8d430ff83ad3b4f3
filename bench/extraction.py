"""Measures the extraction of a day: requests, wall time, memory: ``python -m bench.extraction``.

A sandbox of its own in another process, 300 ms of latency a request and ten requests a second, as the real
API allows; pages land in a SeaweedFS of its own. ``--hard`` adds two bursts over the cap, replicas out of
step and a fault every 20th request, and compares the ids landed with those the sandbox holds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
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
from jobmarket.sources.france_travail.plan.extraction import extract_day

from local.object_store import ACCOUNT, SECRET, ObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.foundation.lake.manifest import Manifest


ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 18)
HARD = ["--replicas", "--fault-every", "20", "--burst", "09:00:00=4000", "--burst", "14:00:00=3600"]
HARD_REQUESTS = 674
"""Requests of the hard day of 40,000 offers before anything was asked again to verify it."""

RATE_SHARE_BOUND = 0.98
"""Of the full rate, from the first request to the last."""


@contextmanager
def sandbox(options: list[str]) -> Iterator[str]:
    """Serve a sandbox from a process of its own; yield its address."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait()


def ids_landed(lake: Lake, manifest: Manifest) -> set[str]:
    """Return the ids of the day in the landed bytes."""
    return {
        offer["id"]
        for page, body in lake.iter_pages(manifest)
        if page.offers
        for offer in msgspec.json.decode(body)["resultats"]
        if offer["dateCreation"].startswith(str(DAY))
    }


def requests_bound(offers: int, *, is_hard: bool) -> int:
    """Return how many requests a day may take: its pages and 15 %, and 25; the hard one 1.3 x its old."""
    if is_hard:
        return math.floor(1.3 * HARD_REQUESTS)
    return math.floor(1.15 * math.ceil(offers / CAP.page_size) + 25)


def measure(url: str, lake: Lake, rate: int, *, is_hard: bool) -> dict[str, Any]:
    """Extract the day once and return the figures."""
    os.environ["AIRFLOW_CONN_FRANCE_TRAVAIL"] = json.dumps(
        {
            "conn_type": "http",
            "host": url,
            "login": "sandbox",
            "password": "sandbox",
            "extra": {"requests_per_second": rate},
        }
    )
    # the first touch of a day makes the sandbox generate it: not what is measured
    truth_url = f"{url}/_sandbox/ids?day={DAY}"
    requests.get(truth_url, timeout=600)
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, cpu = time.monotonic(), time.process_time()
    manifest = extract_day(SourceHook("france_travail").get_conn(), lake, DAY, "bench")
    wall_s, cpu_s = time.monotonic() - started, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    certificate = manifest.certificate
    stats = requests.get(f"{url}/_sandbox/stats", timeout=10).json()
    return {
        "certified": certificate.certified,
        "doubts": certificate.doubts,
        "ids_equal": ids_landed(lake, manifest) == set(requests.get(truth_url, timeout=60).json()),
        "collected": certificate.collected,
        "requests": certificate.requests,
        "requests_bound": requests_bound(certificate.collected, is_hard=is_hard),
        "wall_s": round(wall_s, 1),
        "rate_share": round(certificate.requests / rate / wall_s, 3),
        "rate_share_bound": None if is_hard else RATE_SHARE_BOUND,
        "cpu_s": round(cpu_s, 1),
        "mb_before": round(before_mb),
        "peak_mb": round(peak_mb),
        "pages": len(manifest.pages),
        "re_reads": certificate.re_reads,
        "divisions": sum(part.is_division for part in certificate.slices),
        "slices": len(certificate.slices),
        "statuses": certificate.statuses,
        "refused_for_rate": stats["rate_limited"],
        "max_requests_in_one_second": stats["max_requests_in_one_second"],
    }


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=40_000, help="offers of the day")
    parser.add_argument("--latency-ms", type=int, default=300)
    parser.add_argument("--rate", type=int, default=10, help="requests a second")
    parser.add_argument("--hard", action="store_true", help="bursts, replicas, faults")
    given = parser.parse_args()
    options = ["--offers-per-day", str(given.offers), "--latency-ms", str(given.latency_ms)]
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
            with sandbox(options + (HARD if given.hard else [])) as url:
                print(json.dumps(measure(url, lake, given.rate, is_hard=given.hard), indent=2))
        finally:
            store.stop()


if __name__ == "__main__":
    main()
