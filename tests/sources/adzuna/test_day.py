"""A whole day of Adzuna: the stand-in with 40,000 live ads, a real lake, a real warehouse, a real budget."""

from __future__ import annotations

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import requests
import zstandard
from jobmarket.foundation.errors import SourceUnavailable
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake
from jobmarket.offers.load import load_run
from jobmarket.sources.adzuna import client as client_module
from jobmarket.sources.adzuna.budget import BudgetSpent, Ledger, Limits
from jobmarket.sources.adzuna.client import AdzunaClient
from jobmarket.sources.adzuna.collect import collect_day
from jobmarket.sources.adzuna.reader import AdzunaReader
from jobmarket.sources.adzuna.settings import ClientSettings
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from sandbox.adzuna.settings import KINDS, AdzunaSettings
from sandbox.server import running
from sandbox.settings import PARIS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.sources.adzuna.answer import Answer
    from jobmarket.sources.adzuna.question import Question
    from mypy_boto3_s3 import S3Client

    from sandbox.server import Handle

DAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 19, 0, 15, tzinfo=PARIS)
SCOPE = Scope("adzuna", str(DAY))
ID, KEY = AdzunaSettings().app_id, AdzunaSettings().app_key
# those of the connection, but for the minute: no test waits for one to pass
LIMITS = Limits(10_000, 250, 1_000, 2_500, 80)
Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def shared() -> Iterator[Handle]:
    with running(_sandbox_of(40_000)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def shared_small() -> Iterator[Handle]:
    with running(_sandbox_of(4_000)) as sandbox:
        yield sandbox


def _sandbox_of(live: int) -> Settings:
    return Settings(now=NOW.replace(tzinfo=None), adzuna=AdzunaSettings(live=live))


@pytest.fixture
def large(shared: Handle, monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Return a stand-in of 40,000 ads, some 2,100 of them of the day: they are cut by category."""
    return _sound(shared, monkeypatch)


@pytest.fixture
def sandbox(shared_small: Handle, monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Return a stand-in of 4,000 ads, some 210 of them of the day: five pages."""
    return _sound(shared_small, monkeypatch)


def _sound(sandbox: Handle, monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Return a stand-in without faults and with an empty journal; waits are short."""
    monkeypatch.setattr(client_module, "BACKOFF_S", 0.001)
    fail(sandbox, every=0, kinds=list(KINDS), arrive=0, vanish=0, drift=0.0, echo=False)
    sandbox.app.adzuna.journal.clear()
    return sandbox


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    return Lake(s3, bucket)


@pytest.fixture
def dsn(schema_dsn: str) -> str:
    return schema_dsn


@pytest.fixture
def warehouse(dsn: str) -> Iterator[Connection]:
    with psycopg.connect(dsn) as connection:
        yield connection


def fail(sandbox: Handle, **faults: Any) -> None:
    answer = requests.put(f"{sandbox.url}/_sandbox/adzuna/faults", json=faults, timeout=30)
    assert answer.status_code == 200


def settings(sandbox: Handle, limits: Limits = LIMITS, deepest_page: int = 20) -> ClientSettings:
    return ClientSettings(
        base_url=sandbox.url,
        app_id=ID,
        app_key=KEY,
        limits=limits,
        deepest_page=deepest_page,
        is_exposed=False,
    )


def collect(
    sandbox: Handle,
    lake: Lake,
    warehouse: Connection,
    run_id: str = "run-1",
    *,
    limits: Limits = LIMITS,
    **options: Any,
) -> Manifest:
    known = settings(sandbox, limits)
    client = AdzunaClient(known, Ledger(warehouse, "adzuna", run_id, limits))
    return collect_day(client, lake, SCOPE, run_id, deepest_page=20, now=NOW, **options)


def load(warehouse: Connection, lake: Lake, manifest: Manifest) -> dict[str, int]:
    found = load_run(warehouse, manifest, lake.iter_pages(manifest), AdzunaReader())
    return {name: count for name, count in found.counts().items() if count}


def asked(sandbox: Handle) -> int:
    return len(sandbox.app.adzuna.journal.entries())


def truth(sandbox: Handle) -> set[str]:
    return set(sandbox.app.adzuna.ids(DAY))


def ids(warehouse: Connection, source: str = "adzuna") -> set[str]:
    rows = warehouse.execute("select offer_id from core.job_offer where source = %s", (source,))
    found = {row[0] for row in rows}
    warehouse.commit()
    return found


def test_a_day_of_forty_thousand_live_ads_ends_within_the_budget(
    large: Handle, lake: Lake, warehouse: Connection
) -> None:
    manifest = collect(large, lake, warehouse)
    certificate = manifest.certificate
    assert asked(large) == certificate.requests <= LIMITS.requests_per_run
    assert large.app.adzuna.journal.stats()["by_status"] == {"200": certificate.requests}
    assert certificate.collected == certificate.announced == len(truth(large)) > 2_000
    assert (certificate.is_share, certificate.certified) == (True, False)
    assert certificate.doubts == [
        (
            f"The day is a share: all {certificate.collected} ads were read that Adzuna announced; what it "
            "does not have, or adds later, nobody can tell."
        )
    ]
    assert manifest.is_generated
    assert manifest.source == "adzuna"
    assert lake.read_manifest(_manifest_key(lake)) == manifest
    counts = load(warehouse, lake, manifest)
    assert counts["inserted"] == certificate.collected
    assert counts["outside_day"] > 0
    assert "rejected" not in counts
    assert ids(warehouse) == truth(large)


def test_a_budget_that_does_not_reach_gives_a_share_and_says_so(
    large: Handle, lake: Lake, warehouse: Connection
) -> None:
    limits = Limits(10_000, 250, 1_000, 2_500, 30)
    manifest = collect(large, lake, warehouse, limits=limits)
    certificate = manifest.certificate
    assert asked(large) == 30
    assert certificate.announced == certificate.collected + certificate.gap
    assert certificate.announced >= len(truth(large))
    assert (certificate.is_share, certificate.certified) == (True, False)
    spent, share = certificate.doubts
    assert spent.startswith("The 30 requests to Adzuna that one run may make are made")
    percent = float(re.findall(r"at least ([\d.]+) %", share)[0])
    assert percent <= 100 * certificate.collected / len(truth(large))
    load(warehouse, lake, manifest)
    assert len(ids(warehouse)) == certificate.collected


def test_without_any_budget_nothing_is_asked_and_the_sentence_says_when_it_goes_on(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    tight = Limits(10_000, 1, 1_000, 2_500, 80)
    assert Ledger(warehouse, "adzuna", "before", tight).reserve() is None
    with pytest.raises(
        BudgetSpent, match=r"in a day are made: it can go on from \d{4}-\d\d-\d\d \d\d:\d\d"
    ):
        collect(sandbox, lake, warehouse, limits=tight)
    assert asked(sandbox) == 0
    assert lake.find_manifests(SCOPE) == []


@pytest.mark.parametrize("allowed", [2, 9])
def test_two_runs_and_a_retry_that_race_stay_within_the_budget(
    sandbox: Handle, lake: Lake, dsn: str, allowed: int
) -> None:
    limits = Limits(10_000, allowed, 1_000, 2_500, 80)
    start = Barrier(3)

    def race(run_id: str) -> None:
        with psycopg.connect(dsn) as connection:
            start.wait(30)
            with suppress(BudgetSpent):  # the others took all of it
                collect(sandbox, lake, connection, run_id, limits=limits)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(race, ["run-1", "run-2", "run-2"]))
    assert asked(sandbox) == allowed


class Mortal:
    """A client whose process dies after so many answers."""

    def __init__(self, client: AdzunaClient, answers: int) -> None:
        self._client, self._answers = client, answers

    def ask(self, question: Question) -> Answer:
        if not self._answers:
            raise SourceUnavailable("killed")
        self._answers -= 1
        return self._client.ask(question)

    def close(self) -> None:
        self._client.close()


@pytest.mark.parametrize("answers", [0, 1, 3, 4])
def test_a_run_that_was_killed_goes_on_and_asks_nothing_twice(
    sandbox: Handle, lake: Lake, warehouse: Connection, answers: int
) -> None:
    client = AdzunaClient(settings(sandbox), Ledger(warehouse, "adzuna", "run-1", LIMITS))
    with pytest.raises(SourceUnavailable):
        collect_day(
            Mortal(client, answers),
            lake,
            SCOPE,
            "run-1",
            deepest_page=20,
            now=NOW,
        )
    assert lake.find_manifests(SCOPE) == []
    manifest = collect(sandbox, lake, warehouse)
    assert asked(sandbox) == manifest.certificate.requests == len(manifest.pages)
    assert manifest.certificate.gap == 0
    assert manifest.certificate.collected == len(truth(sandbox))
    load(warehouse, lake, manifest)
    assert ids(warehouse) == truth(sandbox)


def test_what_landed_under_another_date_is_loaded_too(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    client = AdzunaClient(settings(sandbox), Ledger(warehouse, "adzuna", "run-1", LIMITS))
    day_before = NOW - timedelta(hours=1)
    with pytest.raises(SourceUnavailable):
        collect_day(Mortal(client, 2), lake, SCOPE, "run-1", deepest_page=20, now=day_before)
    manifest = collect(sandbox, lake, warehouse)
    certificate = manifest.certificate
    assert certificate.collected == len(truth(sandbox))
    assert len(manifest.pages) == certificate.requests == asked(sandbox)
    load(warehouse, lake, manifest)
    assert len(ids(warehouse)) == certificate.collected


def test_errors_on_the_way_cost_requests_and_no_ads(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    fail(sandbox, every=2, kinds=["503", "429", "exception-200", "cut", "closed", "html-200"])
    manifest = collect(sandbox, lake, warehouse)
    certificate = manifest.certificate
    assert asked(sandbox) == certificate.requests <= LIMITS.requests_per_run
    assert certificate.retries >= 4
    assert certificate.collected == len(truth(sandbox))


def test_ads_that_come_and_go_are_accounted_for(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    before = truth(sandbox)
    fail(sandbox, arrive=1, vanish=4)
    manifest = collect(sandbox, lake, warehouse)
    certificate = manifest.certificate
    load(warehouse, lake, manifest)
    assert len(ids(warehouse)) == certificate.collected
    assert certificate.announced == certificate.collected + certificate.gap
    assert len(before - ids(warehouse)) < 0.1 * len(before)


def test_a_sample_stops_early_and_says_so(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    manifest = collect(sandbox, lake, warehouse, max_pages=2)
    assert asked(sandbox) == 2
    assert manifest.is_sample
    assert not manifest.certificate.certified
    assert manifest.certificate.doubts[0] == "The run was told to stop after 2 answers."


def test_loaded_again_nothing_changes_and_a_later_run_adds_only_what_is_new(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    manifest = collect(sandbox, lake, warehouse)
    first = load(warehouse, lake, manifest)
    again = load(warehouse, lake, manifest)
    assert again["unchanged"] == first["inserted"]
    assert not {"inserted", "updated"} & again.keys()
    later = collect(sandbox, lake, warehouse, "run-2")
    assert load(warehouse, lake, later)["unchanged"] == first["inserted"]


# --- beside the other source


OFFER: dict[str, Any] = {
    "id": "5014426031",  # an id that Adzuna might give, too
    "intitule": "Boulanger (H/F)",
    "dateCreation": "2026-11-18T09:00:00.000Z",
    "salaire": {"libelle": "Mensuel de 2500.0 Euros sur 12.0 mois"},
    "romeCode": "D1102",
    "typeContrat": "CDI",
    "lieuTravail": {"libelle": "69 - Lyon", "commune": "69123"},
    "origineOffre": {"origine": "1"},
}


def load_france_travail(warehouse: Connection, manifest: Manifest) -> None:

    from msgspec.structs import replace as changed

    body = json.dumps({"resultats": [OFFER], "filtresPossibles": []}).encode()
    page = changed(manifest.pages[0], key="raw/france_travail/page-00001.json.zst", offers=1)
    other = changed(
        manifest,
        source="france_travail",
        run_id="ft-1",
        certificate=changed(manifest.certificate, announced=1, collected=1),
        pages=[page],
    )
    load_run(warehouse, other, iter([(page, body)]), FranceTravailReader())


def test_both_sources_live_in_one_table_and_neither_touches_the_other(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    manifest = collect(sandbox, lake, warehouse)
    load_france_travail(warehouse, manifest)
    before = warehouse.execute("select * from core.job_offer").fetchall()
    warehouse.commit()
    load(warehouse, lake, manifest)
    after = warehouse.execute(
        "select * from core.job_offer where source = 'france_travail'"
    ).fetchall()
    warehouse.commit()
    assert after == before
    assert len(ids(warehouse)) == manifest.certificate.collected
    load_france_travail(warehouse, manifest)
    assert len(ids(warehouse)) == manifest.certificate.collected
    counted = dict(
        warehouse.execute(
            "select source, sum(offer_count)::int from mart.offer_count where dimension = 'all' "
            "group by source"
        ).fetchall()
    )
    assert counted == {"adzuna": manifest.certificate.collected, "france_travail": 1}


def test_no_estimate_enters_a_statistic_of_pay(
    sandbox: Handle, lake: Lake, warehouse: Connection
) -> None:
    load(warehouse, lake, collect(sandbox, lake, warehouse))
    kinds = dict(
        warehouse.execute("select salary_kind, count(*) from core.job_offer group by 1").fetchall()
    )
    assert kinds["estimated"] > 30
    assert kinds["stated"] > 30
    used = warehouse.execute(
        """select count(*) from core.job_offer where salary_kind = 'estimated' and coalesce(
        salary_min_eur_per_year, salary_max_eur_per_year, salary_mid_eur_per_year) is not null"""
    ).fetchone()
    assert used == (0,)
    shown = warehouse.execute(
        """select count(*) from mart.offer where salary_kind = 'estimated' and coalesce(
        salary_min_eur_per_year, salary_max_eur_per_year, salary_mid_eur_per_year) is not null"""
    ).fetchone()
    assert shown == (0,)


# --- the account


def test_the_account_is_in_no_object_no_row_and_no_log(
    sandbox: Handle,
    lake: Lake,
    warehouse: Connection,
    s3: S3Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail(sandbox, every=3, kinds=["503", "exception-200", "closed"], echo=True)
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "urllib3.connectionpool"):
        manifest = collect(sandbox, lake, warehouse)
        load(warehouse, lake, manifest)
    told = [caplog.text]
    for key in lake.keys(""):
        found = s3.get_object(Bucket=lake.bucket, Key=key)
        body = found["Body"].read()
        if key.endswith(".zst"):
            body = zstandard.ZstdDecompressor().stream_reader(body).read(100_000_000)
        told += [key, json.dumps(found["Metadata"]), body.decode()]
    assert len(told) > 3 * len(manifest.pages)
    tables = warehouse.execute(
        """select format('%I.%I', schemaname, tablename) from pg_catalog.pg_tables
        where schemaname in ('core', 'control', 'mart')"""
    ).fetchall()
    for (table,) in tables:
        rows = warehouse.execute(f"select t::text from {table} as t").fetchall()  # noqa: S608
        told += [line for (line,) in rows]
    for secret in (ID, KEY):
        assert not any(secret in text for text in told)
    assert any("utm_source=masked" in text for text in told)


def _manifest_key(lake: Lake) -> str:
    (key,) = lake.find_manifests(SCOPE)
    return key


def test_the_clock_of_the_test_is_that_of_the_stand_in(sandbox: Handle) -> None:
    assert sandbox.app.settings.paris_now().replace(tzinfo=PARIS) == NOW
    assert (
        NOW.astimezone(UTC).date() == DAY
    )  # a date in London that is not over: the day in Paris is
