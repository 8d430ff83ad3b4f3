"""France Travail as a source: what the rest of the project sees of this folder."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jobmarket.sources.contract import Source
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.client.settings import client_settings
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader
from jobmarket.sources.france_travail.plan.extraction import extract_day, extract_stock

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.sources.contract import Collecting, Connection

log = logging.getLogger(__name__)


def connect(connection: Connection, conn_id: str, **options: Any) -> FranceTravailClient:
    """Return a client; say so where the connection sends its secret in the clear.

    :param options: of :class:`FranceTravailClient`.
    """
    settings = client_settings(connection, conn_id)
    if settings.is_exposed:
        log.warning(
            "The connection %s sends its secret over plain http to %s: use https outside one network.",
            conn_id,
            urlsplit(settings.base_url).hostname,
        )
    return FranceTravailClient(settings, **options)


def collect(asked: Collecting) -> Manifest:
    """Land every offer created on a day, or all that are live, and prove it."""
    extract = extract_stock if asked.scope.kind == "stock" else extract_day
    return extract(
        asked.client,
        asked.lake,
        date.fromisoformat(asked.scope.day),
        asked.run_id,
        max_pages=asked.max_pages,
        allow_gap=asked.allow_gap,
    )


def greet(client: FranceTravailClient) -> str:
    """Ask how many offers are live, which needs a token and the right to the API."""
    answer = client.search(Request("", 0, 0))
    generated = " (generated ones)" if answer.is_generated else ""
    return f"France Travail accepts them and announces {answer.announced} offers{generated}"


SOURCE = Source(
    name="france_travail",
    label="France Travail",
    conn_id="france_travail",
    connection_help="the API's address as host, client id as login and client secret as password",
    connect=connect,
    collect=collect,
    reader=FranceTravailReader,
    settings=client_settings,
    greet=greet,
    scopes=frozenset({"day", "stock"}),
)
