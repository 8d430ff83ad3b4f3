from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec
import pytest
import requests
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import SourceUnavailable
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake
from jobmarket.sources.france_travail.client import client as client_module
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from jobmarket.sources.france_travail.client.request import query_text
from jobmarket.sources.france_travail.plan.extraction import extract_day

from local.object_store import ACCOUNT, SECRET
from sandbox.server import Handle, running
from sandbox.settings import Faults, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from jobmarket.foundation.lake.manifest import Manifest
    from mypy_boto3_s3 import S3Client

    from local.object_store import ObjectStore

    Open = Callable[..., AbstractContextManager["Bench"]]

DAY = date(2026, 11, 18)  # a Wednesday
NOON = 12 * 3600
RATE = 400  # so that the tests are quick: what the pace does is tested in test_pace.py


@dataclass
class Bench:
    """A sandbox, and a lake to land what it says."""

    sandbox: Handle
    lake: Lake

    def extract(self, run_id: str = "r1", day: date = DAY, **options: Any) -> Manifest:
        return extract_day(
            SourceHook("france_travail").get_conn(read_timeout_s=5),
            self.lake,
            day,
            run_id,
            **options,
        )

    def get(self, path: str) -> Any:
        return requests.get(f"{self.sandbox.url}/_sandbox/{path}", timeout=30).json()

    def change_faults(self, **faults: Any) -> None:
        reply = requests.put(f"{self.sandbox.url}/_sandbox/faults", json=faults, timeout=30)
        assert reply.status_code == 200, reply.text

    def asked(self) -> Counter[str]:
        """How often each search was asked since the log was cleared, whatever the answer."""
        entries = self.get("requests")
        return Counter(
            query_text(parse_qsl(entry["query"]))
            for entry in entries
            if entry["path"].endswith("/search")
        )

    def truth(self, day: date = DAY) -> set[str]:
        return set(self.get(f"ids?day={day}"))

    def landed(self, manifest: Manifest) -> set[str]:
        """The ids of the day in the landed bytes."""
        return {
            offer["id"]
            for page, body in self.lake.iter_pages(manifest)
            if page.offers
            for offer in msgspec.json.decode(body)["resultats"]
            if offer["dateCreation"].startswith(manifest.day)
        }


@pytest.fixture
def open_bench(s3: S3Client, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    # a retry waits a random share of this: what it waits for is not what is tested here
    monkeypatch.setattr(client_module, "BACKOFF_S", 0.02)

    @contextmanager
    def opened(**settings: Any) -> Iterator[Bench]:
        with running(Settings(**({"offers_per_day": 6_000, "rate": RATE} | settings))) as sandbox:
            monkeypatch.setenv("AIRFLOW_CONN_FRANCE_TRAVAIL", connection_to(sandbox))
            yield Bench(sandbox, Lake(s3, bucket))

    return opened


def connection_to(sandbox: Handle) -> str:
    return json.dumps(
        {
            "conn_type": "http",
            "host": sandbox.url,
            "login": "sandbox",
            "password": "sandbox",
            "extra": {"requests_per_second": min(sandbox.app.settings.rate, RATE)},
        }
    )


def require_whole(bench: Bench, manifest: Manifest) -> None:
    certificate = manifest.certificate
    truth = bench.truth(date.fromisoformat(manifest.day))
    assert certificate.doubts == []
    assert certificate.certified
    assert bench.landed(manifest) == truth
    assert certificate.announced == certificate.collected == len(truth)
    assert certificate.gap == 0
    assert bench.lake.manifest_of(Scope("france_travail", manifest.day)) == manifest


def test_a_clean_day_is_certified_and_accounted_for(open_bench: Open) -> None:
    with open_bench() as bench:
        manifest = bench.extract()
        require_whole(bench, manifest)
        certificate = manifest.certificate
        pages = manifest.pages
        assert [page.key for page in pages] == sorted(page.key for page in pages)
        assert bench.asked() == Counter(page.query for page in pages)
        assert max(bench.asked().values()) == 1  # nothing is asked twice
        assert certificate.requests == len(pages) == bench.get("stats")["requests"]
        assert certificate.statuses == {
            str(status): count for status, count in Counter(p.status for p in pages).items()
        }
        assert certificate.bytes == sum(len(body) for _, body in bench.lake.iter_pages(manifest))
        read = sum(page.offers for page in pages)
        assert read == certificate.collected + certificate.outside_day + certificate.duplicates
        assert certificate.retries == certificate.re_reads == 0
        assert certificate.filter_shift_s == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_bursts_replicas_and_faults_together_lose_nothing(open_bench: Open, seed: int) -> None:
    faults = Faults(replicas=True, every=20, slow_ms=300)
    bursts = ((9 * 3600, 3_300), (NOON, 3_200))
    with open_bench(offers_per_day=9_000, seed=seed, bursts=bursts, faults=faults) as bench:
        manifest = bench.extract()
        require_whole(bench, manifest)
        assert manifest.certificate.retries > 0
        assert manifest.certificate.re_reads > 0
        assert sum(part.is_division for part in manifest.certificate.slices) == 2


def test_offers_that_vanish_meanwhile_do_not_hide_the_others(open_bench: Open) -> None:
    with open_bench(faults=Faults(vanish=15, vanish_pace=2)) as bench:
        manifest = bench.extract()
        assert manifest.certificate.certified
        gone = set(bench.get(f"ids?day={DAY}&vanished=1"))
        assert len(gone) == 15
        assert bench.truth() <= bench.landed(manifest) <= bench.truth() | gone
        assert manifest.certificate.collected == len(bench.landed(manifest))


@pytest.mark.parametrize(
    "faults", [Faults(exclusive_bounds=True), Faults(unknown_fields=True)], ids=["bounds", "fields"]
)
def test_what_the_api_does_not_document_changes_nothing(open_bench: Open, faults: Faults) -> None:
    with open_bench(faults=faults) as bench:
        require_whole(bench, bench.extract())


@pytest.mark.parametrize("shift_s", [3600, 7200, -3600])
def test_a_shifted_filter_is_measured_and_covered(open_bench: Open, shift_s: int) -> None:
    with open_bench(faults=Faults(filter_shift_s=shift_s)) as bench:
        manifest = bench.extract()
        require_whole(bench, manifest)
        assert manifest.certificate.filter_shift_s == shift_s


def test_a_token_that_ends_meanwhile_is_renewed(open_bench: Open) -> None:
    with open_bench(token_life_s=2) as bench:
        manifest = bench.extract()
        require_whole(bench, manifest)


def test_a_rate_refused_is_waited_for(open_bench: Open) -> None:
    with open_bench(offers_per_day=1_000, faults=Faults(every=9, kinds=("429",))) as bench:
        manifest = bench.extract()
        require_whole(bench, manifest)
        assert manifest.certificate.statuses["429"] > 0


@pytest.mark.parametrize(
    "day",
    [date(2026, 10, 25), date(2026, 3, 29), date(2026, 11, 15)],
    ids=["25 hours", "23 hours", "Sunday"],
)
def test_days_of_other_lengths_are_whole(open_bench: Open, day: date) -> None:
    with open_bench() as bench:
        require_whole(bench, bench.extract(day=day))


def test_an_empty_day_is_certified_empty(open_bench: Open, tmp_path: Path) -> None:
    """Its week has offers, and they are given when asked for by their creation second."""
    file = tmp_path / "offers.jsonl"
    offer: dict[str, Any] = {
        "id": "1234567",
        "intitule": "Boulanger",
        "dateCreation": f"{DAY}T10:00:00.000Z",
    }
    offer |= {"lieuTravail": {"libelle": "France"}, "origineOffre": {"origine": "1"}}
    file.write_text(json.dumps(offer))
    with open_bench(offers_file=file, redate=DAY) as bench:
        manifest = bench.extract(day=DAY + timedelta(days=2))
        certificate = manifest.certificate
        assert certificate.doubts == []
        assert certificate.certified
        assert certificate.collected == certificate.announced == 0
        assert {witness.kind for witness in certificate.witnesses} == {"zero", "clock", "whole"}


def test_an_api_without_any_offer_proves_no_empty_day(open_bench: Open) -> None:
    with open_bench(offers_per_day=0) as bench:
        manifest = bench.extract()
        assert not manifest.certificate.certified
        assert "it does not answer, rather than have none" in manifest.certificate.doubts[0]
        assert bench.lake.manifest_of(Scope("france_travail", str(DAY))) is None


def test_a_sample_stops_early_and_proves_nothing(open_bench: Open) -> None:
    with open_bench() as bench:
        manifest = bench.extract(max_pages=5)
        assert manifest.is_sample
        assert not manifest.certificate.certified
        assert manifest.certificate.doubts == ["It is a sample: it was stopped early."]
        assert len(manifest.pages) == 5
        assert manifest.certificate.collected == len(bench.landed(manifest)) > 0
        assert bench.lake.manifest_of(Scope("france_travail", str(DAY))) is None
        assert bench.lake.open_run(Scope("france_travail", str(DAY))) is None


def test_a_run_goes_on_after_the_api_was_down(open_bench: Open) -> None:
    with open_bench(offers_per_day=3_000) as bench:
        bench.change_faults(every=12, kinds=["closed"])
        first = bench.extract("calm")
        require_whole(bench, first)
        bench.change_faults(every=1, kinds=["503"])
        with pytest.raises(SourceUnavailable, match="no usable answer in 6 requests"):
            bench.extract("r2")
        assert bench.lake.open_run(Scope("france_travail", str(DAY))) is None  # nothing had landed
        bench.change_faults(every=0)
        require_whole(bench, bench.extract("r2"))


# without Airflow, whose import takes longer than the extraction: the connection is only read
KILLED = """
import json, os, sys
from datetime import date
from types import SimpleNamespace
import boto3
from jobmarket.sources.france_travail.plan.extraction import extract_day
from jobmarket.sources.registry import source
from jobmarket.foundation.lake.store import Lake

s3 = boto3.client("s3", endpoint_url=os.environ["S3"], region_name="us-east-1")
fields = json.loads(os.environ["AIRFLOW_CONN_FRANCE_TRAVAIL"])
known = SimpleNamespace(**{"port": None, "schema": None}, **fields, extra_dejson=fields["extra"])
client = source("france_travail").connect(known, "france_travail")
extract_day(client, Lake(s3, os.environ["BUCKET"]), date.fromisoformat(sys.argv[1]), "r1")
"""


def test_killed_at_any_moment_it_goes_on_and_asks_for_nothing_twice(
    open_bench: Open, bucket: str, object_store: ObjectStore
) -> None:
    with open_bench(latency_ms=40, rate=50, offers_per_day=5_000) as bench:
        environment = os.environ | {
            "S3": object_store.endpoint_url,
            "BUCKET": bucket,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "PYTHONPATH": str(Path(__file__).parents[3] / "plugins"),
        }
        moments = [*sorted(random.sample(range(3, 34), 4)), 36]
        scope = Scope("france_travail", str(DAY))
        for kill_after in moments:
            process = subprocess.Popen(
                [sys.executable, "-c", KILLED, str(DAY)],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            wait_for(partial(is_served, bench, kill_after))
            if kill_after == moments[-1]:  # what is served is not landed yet
                wait_for(lambda: len(bench.lake.keys(scope.prefix)) > 7)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert bench.lake.open_run(scope) == "r1"
        requests.delete(f"{bench.sandbox.url}/_sandbox/requests", timeout=10)

        manifest = bench.extract("r1")
        require_whole(bench, manifest)
        last = max(page.attempt_at for page in manifest.pages)
        earlier = [page for page in manifest.pages if page.attempt_at != last]
        # an empty answer is no evidence: the look behind the last offer is asked for again
        landed = Counter(page.query for page in earlier if page.offers)
        assert landed.total() >= 5
        # a page is asked for once, whoever has asked; what verifies is asked for by the last attempt
        pages = {page.query for page in manifest.pages if page.offers and not page.is_verifying}
        asked = Counter({query: n for query, n in bench.asked().items() if query in pages})
        assert asked == Counter(pages) - landed
        fresh = [page for page in manifest.pages if page.attempt_at == last and page.is_verifying]
        assert len(fresh) >= len(manifest.certificate.witnesses)
        # an attempt that was killed early may have landed nothing
        assert 1 < len({page.attempt_at for page in manifest.pages}) <= len(moments) + 1, moments
        assert manifest.started_at == min(page.attempt_at for page in manifest.pages)
        assert manifest.certificate.seconds < 60


def is_served(bench: Bench, requests: int) -> bool:
    """Tell whether the stand-in has answered so many requests."""
    return int(bench.get("stats")["requests"]) >= requests


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_day_with_a_gap_stays_open_until_it_is_proved_or_accepted(
    open_bench: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One second holds more than both orders give, and what filters it knows do not divide it."""
    with open_bench(offers_per_day=7_000, bursts=((NOON, 6_600),)) as bench:
        with monkeypatch.context() as patched:
            patched.setattr("jobmarket.sources.france_travail.plan.division.FILTERS", ("codeROME",))
            patched.setattr(FranceTravailClient, "referential", lambda *_: [])
            manifest = bench.extract("r1")
            accepted = bench.extract("r2", allow_gap=True)
        certificate = manifest.certificate
        assert not certificate.certified
        assert certificate.announced == certificate.collected + certificate.gap == 7_000
        assert certificate.gap == sum(part.gap for part in certificate.slices) >= 300
        assert any("minCreationDate=2026-11-18T11:59:58Z" in doubt for doubt in certificate.doubts)
        assert bench.lake.open_run(Scope("france_travail", str(DAY))) == "r1"
        assert accepted.gap_allowed
        assert bench.lake.manifest_of(Scope("france_travail", str(DAY))) == accepted

        divided = "minCreationDate=2026-11-18T11:59:58Z"  # what filters gave is asked for anew
        landed = {p.query for p in manifest.pages if p.offers and divided not in p.query}
        requests.delete(f"{bench.sandbox.url}/_sandbox/requests", timeout=10)
        require_whole(bench, bench.extract("r1"))
        assert bench.asked().keys() & landed == set()
