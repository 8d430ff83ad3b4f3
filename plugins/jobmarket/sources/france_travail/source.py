"""France Travail as a source: what the rest of the project sees of this folder."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jobmarket.sources.contract import Source
from jobmarket.sources.france_travail.client.client import FranceTravailClient
from jobmarket.sources.france_travail.client.settings import client_settings
from jobmarket.sources.france_travail.contract.reader import FranceTravailReader

if TYPE_CHECKING:
    from jobmarket.sources.contract import Connection

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


SOURCE = Source(
    name="france_travail",
    label="France Travail",
    conn_id="france_travail",
    connection_help="the API's address as host, client id as login and client secret as password",
    connect=connect,
    reader=FranceTravailReader,
)
