from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import requests

from jobmarket.errors import AccessDenied, SourceUnavailable
from jobmarket.france_travail.extraction import extract_day
from jobmarket.france_travail.hook import FranceTravailHook
from jobmarket.lake import Lake
from sandbox.server import Handle, running
from sandbox.settings import Faults, Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from jobmarket.manifest import Manifest

DAY = date(2026, 11, 18)  # a Wednesday
NOON = 12 * 3600


@dataclass
class Bench:
    """A sandbox, a lake, and the connection between them."""

    sandbox: Handle
    lake: Lake
    monkeypatch: pytest.MonkeyPatch

    def extract(self, run_id: str = "r1", **options: Any) -> Manifest:
        connection = {
            "conn_type": "http",
            "host": self.sandbox.url,
            "login": "sandbox",
            "password": "sandbox",
            "extra": {"requests_per_second": self.sandbox.app.settings.rate},
        }
        self.monkeypatch.setenv("AIRFLOW_CONN_FRANCE_TRAVAIL", json.dumps(connection))
        hook = FranceTravailHook(read_timeout_s=5)
        return extract_day(hook, self.lake, DAY, run_id, **options)

    def get(self, path: str) -> Any:
        return requests.get(f"{self.sandbox.url}/_sandbox/{path}", timeout=10).json()

    def truth(self) -> set[str]:
        return set(self.get(f"ids?day={DAY}"))

    def landed(self, manifest: Manifest) -> set[str]:
        """Ids of the day in the landed bytes."""
        return {
            offer["id"]
            for page, body in self.lake.iter_pages(manifest)
            if page.offers
            for offer in msgspec.json.decode(body)["resultats"]
            if offer["dateCreation"].startswith(str(DAY))
        }


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    return Lake(s3, bucket)


def bench_of(lake: Lake, monkeypatch: pytest.MonkeyPatch, sandbox: Handle) -> Bench:
    return Bench(sandbox, lake, monkeypatch)


def require_whole(bench: Bench, manifest: Manifest) -> None:
    certificate = manifest.certificate
    assert certificate.doubts == []
    assert certificate.certified
    assert bench.landed(manifest) == bench.truth()
    assert certificate.announced == certificate.collected == len(bench.truth())
    assert certificate.gap == 0
    assert bench.lake.newest_manifest(str(DAY)) == manifest


def test_a_clean_day(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(Settings(offers_per_day=6_000, rate=200)) as sandbox:
        bench = Bench(sandbox, lake, monkeypatch)
        manifest = bench.extract()
        require_whole(bench, manifest)
        print(manifest.certificate.requests, bench.get("stats"), manifest.certificate.seconds)


def test_hard(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = Faults(replicas=True, every=20, slow_ms=500)
    settings = Settings(offers_per_day=6_000, rate=200, bursts=((NOON, 3_300),), faults=faults)
    with running(settings) as sandbox:
        bench = Bench(sandbox, lake, monkeypatch)
        manifest = bench.extract()
        print(manifest.certificate.requests, bench.get("stats"), manifest.certificate.seconds)
        require_whole(bench, manifest)
