"""The hook of every source: its client, as Airflow's connection leads to it.

What does not live here: how a source is asked (its folder under ``sources``), lake and warehouse
(``connections``).
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseHook

from jobmarket.airflow.connections import remember_connection
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.sources.registry import source


class SourceHook(BaseHook):
    """Connects to a source.

    :param source_name: as in ``sources/registry.py``.
    :param source_conn_id: id of the connection; that of the source unless told.
    """

    conn_name_attr = "source_conn_id"
    conn_type = "http"
    hook_name = "Source of offers"

    def __init__(self, source_name: str, source_conn_id: str | None = None) -> None:
        super().__init__()
        self.source = source(source_name)
        self.source_conn_id = source_conn_id or self.source.conn_id

    def get_conn(self, **options: Any) -> Any:
        """Return the client of the source.

        :param options: of the client.

        Raise :class:`ConfigurationError` if there is no such connection, or it is malformed.
        """
        try:
            connection = self.get_connection(self.source_conn_id)
        except Exception as exc:
            # Airflow has several "not found"; any other failure names itself
            raise ConfigurationError(
                f"The connection {self.source_conn_id} cannot be read ({type(exc).__name__}): create "
                f"it with {self.source.connection_help}."
            ) from None
        remember_connection(connection)
        return self.source.connect(connection, self.source_conn_id, **options)

    def may_be_published(self) -> bool:
        """Tell whether reports may show the source: it needs no consent, or its connection notes one."""
        setting = self.source.consent_setting
        return (
            not setting
            or self.get_connection(self.source_conn_id).extra_dejson.get(setting) is True
        )
