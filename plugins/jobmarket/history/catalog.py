"""Where the table of the history is registered, from what one connection says.

What lives here: which settings pyiceberg gets. What does not: the connection itself
(``airflow.connections``), the table (``table``).

By ``type``, the further settings that the extra holds:

- ``rest``, an object store with a catalog (SeaweedFS) or any other REST catalog: ``uri``, and ``warehouse``,
  which is ``s3://`` and a table bucket
- ``glue``, AWS: ``warehouse``, which is ``s3://bucket/prefix``
- ``sql``, anything else, in a database: ``uri`` of SQLAlchemy, ``warehouse``
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.history.errors import translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyiceberg.catalog import Catalog

TYPES = ("rest", "glue", "sql")
# A catalog or store that does not answer is noticed within half a minute.
CONNECT_TIMEOUT_S, REQUEST_TIMEOUT_S = 5, 20


def open_catalog(
    extra: Mapping[str, Any],
    *,
    login: str | None = None,
    password: str | None = None,
    store: Mapping[str, str | None] | None = None,
) -> Catalog:
    """Return the catalog.

    :param extra: of the connection: settings of pyiceberg, ``type`` and ``warehouse`` among them.
    :param login: of a REST catalog, or the access key of Glue, if it asks for one.
    :param store: ``endpoint``, ``region``, ``access-key-id``, ``secret-access-key`` and ``session-token``
        of S3, where they are not those that the machine has; what ``extra`` says of ``s3.`` wins.

    Raise :class:`ConfigurationError` if the extra names no catalog, or one that cannot be opened.
    """
    from pyiceberg.catalog import load_catalog

    kind = extra.get("type")
    needed = ("warehouse",) if kind == "glue" else ("warehouse", "uri")
    if kind not in TYPES or not all(str(extra.get(name, "")).strip() for name in needed):
        raise ConfigurationError(
            f"The extra of the connection history_catalog must have `type`, one of {', '.join(TYPES)}, "
            f"`warehouse`, such as s3://bucket/history, and but for glue `uri`: write them there."
        )
    settings = {
        "s3.connect-timeout": CONNECT_TIMEOUT_S,
        "s3.request-timeout": REQUEST_TIMEOUT_S,
        **{f"s3.{name}": value for name, value in (store or {}).items() if value},
    }
    if kind == "rest" and login:
        settings["credential"] = f"{login}:{password or ''}"
        settings["oauth2-server-uri"] = f"{str(extra.get('uri', '')).rstrip('/')}/v1/oauth/tokens"
    if kind == "glue":
        names = {"region": "region", "access-key-id": "access-key-id",
                 "secret-access-key": "secret-access-key", "session-token": "session-token"}  # fmt: skip
        settings |= {
            f"glue.{ours}": value
            for ours, name in names.items()
            if (value := (store or {}).get(name))
        }
    settings |= {name: str(value) for name, value in extra.items()}
    with translated():
        return load_catalog("history", **{name: str(value) for name, value in settings.items()})
