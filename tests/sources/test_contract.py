"""A third source, whose day is one file that is published whole, needs nothing but what is in this file.

It has no HTTP and no offer of anybody: what is tested is that lake, load, checks and counts know no source.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from datetime import UTC, date, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.checks import require_passed, run_checks, store_results
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.layout import Scope, page_key
from jobmarket.foundation.lake.manifest import Certificate, Manifest, Page
from jobmarket.foundation.lake.store import Lake
from jobmarket.foundation.run import key_of_run, require_publishable
from jobmarket.foundation.warehouse.migrations import apply_ddl
from jobmarket.offers.load import load_run
from jobmarket.offers.reading import ContractBreach, Cut
from jobmarket.offers.reference import apply_reference
from jobmarket.offers.schema import JobOffer, OfferRows
from jobmarket.sources import registry
from jobmarket.sources.contract import Collecting, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobmarket.offers.reading import Notes, Record
    from mypy_boto3_s3 import S3Client

DAY = date(2026, 11, 18)
READ_AT = datetime(2026, 11, 19, 3, tzinfo=UTC)
FILE = """\
Référence;Intitulé du poste;Localisation du poste;Employeur
A1;Ingénieur réseau, Python;Creuse (23);Mairie
A2;Assistant social;Nord (59);Département
;Sans référence;Nord (59);Département
A2;Assistant social;Nord (59);Département
"""


class FileReader:
    """Reads lines of a CSV file."""

    contract = "sources/public_service/reader.py"

    def cut(self, body: bytes) -> Cut:
        """Cut a file into its lines, without the head."""
        return Cut(body.splitlines()[1:], is_whole=True)

    def identify(self, record: bytes) -> str | None:
        """Return the reference of a line."""
        return record.split(b";")[0].decode() or None

    def stated_day(self, record: bytes) -> str | None:
        """Return nothing: no line has a date."""

    def read(self, records: Sequence[Record], notes: Notes) -> list[OfferRows | ContractBreach]:
        """State what a line says."""
        found: list[OfferRows | ContractBreach] = []
        for record in records:
            (line,) = csv.reader([record.content.decode()], delimiter=";")
            offer_id, title, place, employer = line
            found.append(
                OfferRows(
                    JobOffer(
                        source="public_service",
                        offer_id=offer_id,
                        created_on=DAY,
                        created_at=datetime(2026, 11, 18, 12, tzinfo=UTC),
                        title=title,
                        place_label=place,
                        company_name=employer,
                    )
                )
            )
        return found


# a version is that of code in the package, and this reader's is not
FileReader.__module__ = "jobmarket.offers.reading"


def collect(asked: Collecting) -> Manifest:
    """Land the file; all of it is there, or nothing is."""
    body = FILE.encode()
    rows = len(FILE.splitlines()) - 1
    page = Page(
        key=page_key(asked.scope, asked.run_id, 1, "csv"),
        query="https://example.org/offres.csv",
        status=200,
        announced=rows,
        offers=rows,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        received_at="2026-11-19T03:00:00.000Z",
        statuses=[200],
        attempt_at="2026-11-19T03:00:00.000Z",
    )
    assert asked.lake.put_page(page, body)
    certificate = Certificate(
        certified=True, announced=2, collected=2, gap=0, requests=1, bytes=len(body), seconds=0.1,
        statuses={"200": 1}, slices=[],
    )  # fmt: skip
    manifest = Manifest(
        source=asked.scope.source, day=asked.scope.day, run_id=asked.run_id, pages=[page],
        started_at="2026-11-19T03:00:00Z", finished_at="2026-11-19T03:00:01Z", certificate=certificate,
    )  # fmt: skip
    asked.lake.write_manifest(manifest)
    return manifest


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """Register the source by one line, as its module would be."""
    module = ModuleType("public_service")
    vars(module)["SOURCE"] = Source(
        name="public_service",
        label="Choisir le service public",
        conn_id="public_service",
        connection_help="nothing",
        connect=lambda connection, conn_id: None,
        collect=collect,
        reader=FileReader,
    )
    monkeypatch.setitem(sys.modules, "public_service", module)
    monkeypatch.setitem(registry._MODULES, "public_service", "public_service")
    registry.source.cache_clear()
    yield registry.source("public_service")
    registry.source.cache_clear()


def no_warehouse() -> Any:
    raise AssertionError("a file has no budget")


def test_a_file_that_is_published_whole_is_landed_loaded_and_checked(
    third: Source, s3: S3Client, bucket: str, postgres_dsn: str
) -> None:
    lake, scope = Lake(s3, bucket), Scope(third.name, str(DAY))
    asked = Collecting(
        client=None, lake=lake, scope=scope, run_id="r1", open_warehouse=no_warehouse
    )
    landed = third.collect(asked)
    require_publishable(landed, third.label)
    manifest = lake.manifest_of(scope)
    assert manifest == landed
    assert manifest.pages == lake.run_pages(scope, "r1")
    assert manifest.pages[0].key == f"raw/public_service/offers/day={DAY}/run=r1/page-00001.csv.zst"

    with psycopg.connect(postgres_dsn) as connection:
        apply_ddl(connection)
        apply_reference(connection)
        result = load_run(connection, manifest, lake.iter_pages(manifest), third.reader())
        counts = (result.records, result.inserted, result.rejected, result.duplicates)
        assert counts == (4, 2, 1, 1)
        again = load_run(connection, manifest, lake.iter_pages(manifest), third.reader())
        assert (again.inserted, again.updated, again.unchanged) == (0, 0, 2)
        # what no source states is concluded for each: its place, the technologies in its words
        rows = connection.execute(
            "select offer_id, departement_code, technology_codes from core.job_offer"
            " where source = 'public_service' order by 1"
        ).fetchall()
        assert rows == [("A1", "23", ["python"]), ("A2", "59", None)]
        connection.commit()
        with connection.transaction():
            checks = run_checks(connection, **key_of_run(manifest))
            store_results(connection, checks, **key_of_run(manifest))
        require_passed(checks)
        assert {"partner_share", "contract_type_share"}.isdisjoint(check.name for check in checks)


def test_each_source_is_known_by_its_own_name() -> None:
    for name in registry.source_names():
        known = registry.source(name)
        assert known.name == name
        assert "day" in known.scopes
        assert known.reader().contract


def test_a_source_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"no source 'indeed'; there are france_travail"):
        registry.source("indeed")
