"""What was received becomes a replay copy: no employer, place or person is left in it, and all the rows."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
import pytest
import zstandard
from jobmarket.foundation.lake.layout import Scope, page_key
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.lake.retention import AHEAD_DAYS, copy_run, runs_due
from jobmarket.foundation.lake.store import Lake
from jobmarket.foundation.warehouse.migrate import migrate
from jobmarket.offers.history.erased import ERASED_COLUMNS
from jobmarket.offers.load import load_run
from jobmarket.offers.replay_copy import copied_page
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

from sandbox.offers.generated import GeneratedSource
from sandbox.settings import Settings
from tests.support.loaded_day import certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

DAY = date(2026, 11, 18)
SECRETS = (
    "Zyxware",
    "zyxware.example",
    "marie.tremblay@example.org",
    "06 12 34 56 78",
    "59123",
    "Roubaix",
    "50.69",
)
PLANTED = {
    "entreprise": {
        "nom": "Zyxware SAS",
        "description": "Zyxware recrute",
        "url": "https://zyxware.example",
        "logo": "https://zyxware.example/l",
    },
    "contact": {"nom": "Zyxware - Mme Tremblay", "courriel": "marie.tremblay@example.org"},
    "agence": {"telephone": "06 12 34 56 78"},
    "lieuTravail": {
        "libelle": "59 - Roubaix",
        "codePostal": "59123",
        "commune": "59512",
        "latitude": 50.6942,
        "longitude": 3.1746,
    },
    "description": "Chez Zyxware, Python et PostgreSQL. Appelez le 06 12 34 56 78.",
    "intitule": "Développeur Python chez Zyxware (H/F)",
}


def body_of(count: int) -> bytes:
    """Return a page of generated offers, the first with an employer, a place and a person planted in it."""
    day = GeneratedSource(Settings(offers_per_day=200)).day(DAY)
    offers = [json.loads(day.body(row)) for row in range(count)]
    offers[0] |= PLANTED
    offers[0]["origineOffre"]["urlOrigine"] = "https://zyxware.example/offre"
    broken = {"id": "0000404", "intitule": "Sans date"}
    return msgspec.json.encode(
        {"resultats": [*offers, broken, {"id": "x" * 40}], "filtresPossibles": []}
    )


def landed(lake: Lake, count: int = 60) -> tuple[Manifest, list[str]]:
    """Land a run of one page; return its manifest and the keys of all that it landed."""
    scope = Scope("france_travail", str(DAY))
    body = body_of(count)
    page = Page(
        key=page_key(scope, "r1", 1),
        query="range=0-149",
        status=206,
        content_range=f"offres 0-{count + 1}/{count + 2}",
        announced=count + 2,
        offers=count + 2,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        received_at="2026-11-19T00:10:00.000Z",
        statuses=[206],
        attempt_at="2026-11-19T00:09:00.000Z",
    )
    proof: Certificate = certificate(count + 1)
    lake.put_page(page, body)
    manifest = Manifest(
        day=str(DAY),
        run_id="r1",
        started_at="2026-11-19T00:09:00.000Z",
        finished_at="2026-11-19T00:11:00.000Z",
        certificate=proof,
        pages=[page],
    )
    lake.write_manifest(manifest)
    return manifest, lake.keys(f"{scope.prefix}run=r1/")


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    return Lake(s3, bucket)


@pytest.fixture
def warehouse(warehouse_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(warehouse_dsn) as connection:
        migrate(connection, "warehouse")
        yield connection


def copied(lake: Lake, keys: list[str]) -> Manifest:
    reader = FranceTravailReader()
    copy = copy_run(
        lake,
        keys,
        lambda page, body: copied_page(reader, body, datetime.fromisoformat(page.received_at)),
        "2026-12-17T03:00:00Z",
    )
    assert copy is not None
    return copy


def load(connection: psycopg.Connection[Any], lake: Lake, manifest: Manifest) -> dict[str, Any]:
    connection.rollback()
    result = load_run(connection, manifest, lake.iter_pages(manifest), FranceTravailReader())
    return result.counts()


def rows(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return all offers and their lists, without the columns that erasing takes and how they were read."""
    found: dict[str, Any] = {}
    for table in ("", "_skill", "_language", "_licence", "_education", "_partner"):
        dropped = [*ERASED_COLUMNS, "title", "rules_hash", "education_comment", "partner_url"]
        found[table] = connection.execute(
            f"select to_jsonb(o) - %s::text[] from core.job_offer{table} as o",  # noqa: S608
            (dropped,),
        ).fetchall()
        found[table] = sorted(map(str, found[table]))
    connection.rollback()
    return found


def test_nothing_of_an_employer_a_place_or_a_person_is_left(lake: Lake, s3: S3Client) -> None:
    _, keys = landed(lake)
    copied(lake, keys)
    left = lake.keys("")
    assert {key.split("/")[0] for key in left} == {"replay"}
    for key in left:
        stored = s3.get_object(Bucket=lake.bucket, Key=key)
        body = stored["Body"].read()
        if key.endswith(".zst"):
            body = zstandard.ZstdDecompressor().stream_reader(body).read()
        text = body.decode() + str(stored["Metadata"])
        assert [secret for secret in SECRETS if secret in text] == []
        assert "@" not in text


def test_a_replay_into_an_empty_warehouse_gives_the_same_derived_rows(
    lake: Lake, warehouse: psycopg.Connection[Any], warehouse_dsn: str
) -> None:
    manifest, keys = landed(lake)
    before = load(warehouse, lake, manifest)
    expected = rows(warehouse)
    assert len(expected[""]) == 60
    lists = ("skill", "language", "licence", "education", "partner")
    for table in ("core.job_offer", *(f"core.job_offer_{name}" for name in lists)):
        warehouse.execute(f"truncate {table}")
    warehouse.execute("delete from control.ingestion_run")
    warehouse.commit()
    after = load(warehouse, lake, copied(lake, keys))
    assert rows(warehouse) == expected
    same = ("records", "inserted", "rejected", "outside_day")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    technologies = warehouse.execute(
        "select count(*) from core.job_offer where description is not null"
    )
    assert technologies.fetchone() == (0,)


def test_a_replay_into_a_full_warehouse_changes_nothing(
    lake: Lake, warehouse: psycopg.Connection[Any]
) -> None:
    manifest, keys = landed(lake)
    load(warehouse, lake, manifest)
    query = "select md5(string_agg(o::text, '|' order by o.offer_id)) from core.job_offer as o"
    before = warehouse.execute(query).fetchone()
    counts = load(warehouse, lake, copied(lake, keys))
    assert (counts["inserted"], counts["updated"]) == (0, 0)
    assert warehouse.execute(query).fetchone() == before


def test_an_offer_that_is_given_again_has_its_text_again(
    lake: Lake, warehouse: psycopg.Connection[Any]
) -> None:
    manifest, keys = landed(lake)
    pages = list(lake.iter_pages(manifest))
    load(warehouse, lake, copied(lake, keys))
    query = "select count(*) from core.job_offer where description is not null"
    assert warehouse.execute(query).fetchone() == (0,)
    warehouse.rollback()
    again = msgspec.structs.replace(manifest, run_id="r2")
    load_run(warehouse, again, pages, FranceTravailReader())
    assert warehouse.execute(query).fetchone() == (60,)


def test_the_certificate_stays_and_the_day_is_found(lake: Lake) -> None:
    manifest, keys = landed(lake)
    copy = copied(lake, keys)
    found = lake.manifest_of(Scope("france_travail", str(DAY)))
    assert found == copy
    assert found.certificate == manifest.certificate
    assert (found.run_id, found.day, found.copied_at) == ("r1", str(DAY), "2026-12-17T03:00:00Z")


def test_a_copy_that_was_killed_is_begun_anew(lake: Lake) -> None:
    _, keys = landed(lake)

    def killed(page: Page, body: bytes) -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_run(lake, keys, killed, "2026-12-17T03:00:00Z")
    assert lake.keys("raw/") == keys
    assert copied(lake, keys).pages
    assert lake.keys("raw/") == []


@pytest.mark.parametrize(
    ("age_days", "is_due"), [(0, False), (27, False), (28, True), (29, True), (400, True)]
)
def test_a_run_is_due_two_days_before_the_retention_ends(
    lake: Lake, age_days: int, is_due: bool
) -> None:
    _, keys = landed(lake)
    now = datetime(DAY.year, DAY.month, DAY.day, 5, tzinfo=UTC) + timedelta(days=age_days)
    due = runs_due(lake, "france_travail", now, 30)
    assert AHEAD_DAYS == 2
    assert list(due.values()) == ([keys] if is_due else [])
    assert runs_due(lake, "adzuna", now, 30) == {}


def test_a_run_that_was_given_up_is_deleted(lake: Lake) -> None:
    _, keys = landed(lake)
    manifest_key = next(key for key in keys if key.endswith("manifest.json"))
    lake.delete_all([manifest_key])
    left = [key for key in keys if key != manifest_key]
    assert copy_run(lake, left, lambda _, body: body, "2026-12-17T03:00:00Z") is None
    assert lake.keys("") == []
