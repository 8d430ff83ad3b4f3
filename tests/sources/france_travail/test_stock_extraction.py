"""A sweep against the stand-in, end to end: whole, and resumed without asking for a page twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
import requests
from jobmarket.foundation.errors import SourceUnavailable
from jobmarket.foundation.lake.layout import Scope
from jobmarket.foundation.lake.store import Lake
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from jobmarket.sources.france_travail.client.settings import ClientSettings
from jobmarket.sources.france_travail.plan.extraction import extract_stock

from sandbox.server import running
from sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.client.request import Request
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 11, 19, 3)  # noqa: DTZ001  the Paris wall clock
STOCK = Settings(offers_per_day=1_200, mean_life_days=5, now=NOW, rate=10_000)
SCOPE = Scope("france_travail", "2026-11-19", "stock")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(STOCK) as sandbox:
        yield sandbox.url


@pytest.fixture
def lake(s3: S3Client, bucket: str) -> Lake:
    return Lake(s3, bucket)


def client_of(url: str) -> FranceTravailClient:
    return FranceTravailClient(
        ClientSettings(
            conn_id="france_travail",
            base_url=url,
            token_url=f"{url}/connexion/oauth2/access_token?realm=%2Fpartenaire",
            client_id="sandbox",
            client_secret="sandbox",
            scope="api_offresdemploiv2 o2dsoffre",
            requests_per_second=1_000,
            is_exposed=False,
        )
    )


class StoppedClient(FranceTravailClient):
    """A client of an API that is down after so many answers."""

    left = 0

    def search(self, request: Request) -> Answer:
        self.left -= 1
        if self.left < 0:
            raise SourceUnavailable("down")
        return super().search(request)


def test_a_sweep_is_certified_whole_and_lies_beside_the_days(url: str, lake: Lake) -> None:
    manifest = extract_stock(client_of(url), lake, date(2026, 11, 19), "r1")
    live = set(requests.get(f"{url}/_sandbox/live", timeout=60).json())
    certificate = manifest.certificate
    assert (certificate.certified, certificate.doubts, certificate.gap) == (True, [], 0)
    assert certificate.collected == len(live) > 4_000
    assert manifest.scope == "stock"
    assert lake.manifest_of(SCOPE) == manifest
    assert {witness.kind for witness in certificate.witnesses} == {"clock", "stock", "whole"}
    assert manifest.pages[0].key.startswith(
        "raw/france_travail/inventory/day=2026-11-19/run=r1/page-"
    )


@pytest.mark.parametrize("stopped_after", [15, 25, 38])
def test_a_sweep_that_was_stopped_goes_on_and_asks_for_no_page_twice(
    url: str, lake: Lake, stopped_after: int
) -> None:
    stopped = client_of(url)
    stopped.__class__ = StoppedClient
    assert isinstance(stopped, StoppedClient)
    stopped.left = stopped_after
    with pytest.raises(SourceUnavailable):
        extract_stock(stopped, lake, date(2026, 11, 19), "r1")
    assert lake.open_run(SCOPE) == "r1"
    earlier = {
        page.query for page in lake.run_pages(SCOPE, "r1") if page.offers and not page.is_verifying
    }
    manifest = extract_stock(client_of(url), lake, date(2026, 11, 19), "r1")
    assert manifest.certificate.certified
    pages = Counter(page.query for page in manifest.pages if page.offers and not page.is_verifying)
    assert {query: pages[query] for query in earlier} == dict.fromkeys(earlier, 1)
