"""Adzuna as a source: what the rest of the project sees of this folder."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jobmarket.sources.adzuna.budget import Ledger
from jobmarket.sources.adzuna.client import AdzunaClient
from jobmarket.sources.adzuna.collect import collect_day
from jobmarket.sources.adzuna.reader import AdzunaReader
from jobmarket.sources.adzuna.settings import ClientSettings, client_settings
from jobmarket.sources.contract import Source

if TYPE_CHECKING:
    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.sources.contract import Collecting, Connection

log = logging.getLogger(__name__)

CONNECTION_HELP = "the app id as login and the app key as password, both of developer.adzuna.com"


def connect(connection: Connection, conn_id: str) -> ClientSettings:
    """Return the account and its limits; say so where the connection sends its key in the clear.

    The client is made in :func:`collect`, where the budget of its requests is known.
    """
    settings = client_settings(connection, conn_id)
    if settings.is_exposed:
        log.warning(
            "The connection %s sends its key over plain http to %s: use https outside one network.",
            conn_id,
            urlsplit(settings.base_url).hostname,
        )
    return settings


def collect(asked: Collecting) -> Manifest:
    """Land the ads of a day, as many as the budget allows."""
    settings: ClientSettings = asked.client
    with asked.open_warehouse() as connection:
        ledger = Ledger(connection, asked.scope.source, asked.run_id, settings.limits)
        return collect_day(
            AdzunaClient(settings, ledger),
            asked.lake,
            asked.scope,
            asked.run_id,
            deepest_page=settings.deepest_page,
            max_pages=asked.max_pages,
        )


SOURCE = Source(
    name="adzuna",
    label="Adzuna",
    conn_id="adzuna",
    connection_help=CONNECTION_HELP,
    connect=connect,
    collect=collect,
    reader=AdzunaReader,
    settings=client_settings,
    consent_setting="has_written_consent",
    never_stated=frozenset({"rome_code", "partners"}),
)
