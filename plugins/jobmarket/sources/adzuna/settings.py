"""What the connection of Adzuna says, checked. Pure.

What lives here: the account, the address, the limits of requests. What does not: how the limits are kept
(``budget``), the questions (``question``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.http.address import is_exposed
from jobmarket.sources.adzuna.budget import Limits

BASE_URL = "https://api.adzuna.com"
SHORTEST_ID = 4
"""An id of fewer characters would be found, and masked, in every sentence; the real ones have eight."""

LIMITS = {
    "requests_per_minute": 25,
    "requests_per_day": 250,
    "requests_per_week": 1_000,
    "requests_per_month": 2_500,
    "requests_per_run": 80,
}
"""What Adzuna allows by default, and a month's share of a day: 2,500 in 31 days."""

MOST_REQUESTS = 1_000_000
DEEPEST_PAGE = 20
"""Pages of one listing that are asked for: some clients met nothing beyond 1,000 ads, others did."""


@dataclass(frozen=True)
class ClientSettings:
    """A checked connection.

    :param base_url: scheme and host of the API, no slash at the end.
    :param limits: of requests.
    :param deepest_page: of one listing, from 1.
    :param is_exposed: id and key would leave this machine unencrypted.
    """

    base_url: str
    app_id: str = field(repr=False)
    app_key: str = field(repr=False)
    limits: Limits
    deepest_page: int
    is_exposed: bool

    @property
    def secrets(self) -> tuple[str, str]:
        """What no object, row or log may hold."""
        return self.app_id, self.app_key


def client_settings(connection: Any, conn_id: str) -> ClientSettings:
    """Read an Airflow connection: login = app id, password = app key, host = API's address or nothing.

    :param connection: with ``host``, ``port``, ``schema``, ``login``, ``password``, ``extra_dejson``.

    Raise :class:`ConfigurationError` naming what is missing or malformed.
    """
    for name, meaning in (("login", "the app id"), ("password", "the app key")):
        value = getattr(connection, name) or ""
        if len(value) < SHORTEST_ID or not value.isprintable() or " " in value:
            raise ConfigurationError(
                f"The connection {conn_id} has no {name} of {SHORTEST_ID} characters or more without "
                f"blanks: set it to {meaning} that developer.adzuna.com shows."
            )
    extra = connection.extra_dejson
    if not isinstance(extra, dict):
        raise ConfigurationError(
            f"The extra of the connection {conn_id} is no JSON object: write it as "
            f'{{"requests_per_day": 250}}, or leave it out.'
        )
    base_url = _base_url(connection, conn_id)
    numbers = {name: _number(extra, name, usual, conn_id) for name, usual in LIMITS.items()}
    return ClientSettings(
        base_url=base_url,
        app_id=connection.login,
        app_key=connection.password,
        limits=Limits(**numbers),
        deepest_page=_number(extra, "deepest_page", DEEPEST_PAGE, conn_id),
        is_exposed=is_exposed(base_url),
    )


def _number(extra: dict[str, Any], name: str, usual: int, conn_id: str) -> int:
    value = extra.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_REQUESTS:
        raise ConfigurationError(
            f"{name} of the connection {conn_id} must be a whole number from 1 to {MOST_REQUESTS}: correct "
            f"its extra, or leave it out for {usual}."
        )
    return value


def _base_url(connection: Any, conn_id: str) -> str:
    host: str = connection.host or BASE_URL
    if "://" not in host:
        scheme = connection.schema if connection.schema in ("http", "https") else "https"
        host = f"{scheme}://{host}"
    try:
        parts = urlsplit(host)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        port = parts.port  # raises where it is no number below 65,536
    except ValueError:
        is_address, port = False, None
    if not is_address or "@" in parts.netloc or parts.query or parts.fragment or " " in host:
        raise ConfigurationError(
            f"The host of the connection {conn_id} is not an address like {BASE_URL}, without user, password "
            f"and query: correct it, or leave it out."
        )
    host = host.rstrip("/")
    return f"{host}:{connection.port}" if connection.port and not port else host
