"""Adzuna as a source: what the rest of the project sees of this folder."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jobmarket.sources.adzuna.client import AdzunaClient
from jobmarket.sources.adzuna.reader import AdzunaReader
from jobmarket.sources.adzuna.settings import client_settings
from jobmarket.sources.contract import Source

if TYPE_CHECKING:
    from jobmarket.sources.contract import Connection

log = logging.getLogger(__name__)

CONNECTION_HELP = "the app id as login and the app key as password, both of developer.adzuna.com"


def connect(connection: Connection, conn_id: str, **options: Any) -> AdzunaClient:
    """Return a client; say so where the connection sends its key in the clear.

    :param options: of :class:`AdzunaClient`.
    """
    settings = client_settings(connection, conn_id)
    if settings.is_exposed:
        log.warning(
            "The connection %s sends its key over plain http to %s: use https outside one network.",
            conn_id,
            urlsplit(settings.base_url).hostname,
        )
    return AdzunaClient(settings, **options)


SOURCE = Source(
    name="adzuna",
    label="Adzuna",
    conn_id="adzuna",
    connection_help=CONNECTION_HELP,
    connect=connect,
    reader=AdzunaReader,
)
