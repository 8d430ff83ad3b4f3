"""What the connection of the France Travail API says, checked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from jobmarket.errors import ConfigurationError

TOKEN_URL = "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=%2Fpartenaire"  # noqa: S105
SCOPE = "api_offresdemploiv2 o2dsoffre"
REQUESTS_PER_SECOND = 10.0


@dataclass(frozen=True)
class ClientSettings:
    """A checked connection.

    :param base_url: scheme and host of the API, no slash at the end.
    :param is_exposed: the secret would leave this machine unencrypted.
    """

    base_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    requests_per_second: float
    is_exposed: bool


def client_settings(connection: Any, conn_id: str) -> ClientSettings:
    """Read an Airflow connection.

    :param connection: with ``host``, ``port``, ``schema``, ``login``, ``password``, ``extra_dejson``.

    Raise :class:`ConfigurationError` naming what is missing or malformed.
    """
    for name, meaning in (
        ("host", "the API's address"),
        ("login", "the client id"),
        ("password", "the client secret"),
    ):
        if not getattr(connection, name):
            raise ConfigurationError(
                f"The connection {conn_id} has no {name}: set it to {meaning}."
            )
    base_url = _base_url(connection, conn_id)
    extra = connection.extra_dejson
    host = urlsplit(base_url).hostname or ""
    is_real = host.endswith(".francetravail.io")
    local_token_url = f"{base_url}/connexion/oauth2/access_token?realm=%2Fpartenaire"
    token_url = str(extra.get("token_url") or (TOKEN_URL if is_real else local_token_url))
    return ClientSettings(
        base_url=base_url,
        token_url=token_url,
        client_id=connection.login,
        client_secret=connection.password,
        scope=str(extra.get("scope") or SCOPE),
        requests_per_second=_rate(extra.get("requests_per_second"), conn_id),
        is_exposed=any(_is_exposed(url) for url in (base_url, token_url)),
    )


def _base_url(connection: Any, conn_id: str) -> str:
    host: str = connection.host
    if "://" not in host:
        scheme = connection.schema if connection.schema in ("http", "https") else "https"
        host = f"{scheme}://{host}"
    parts = urlsplit(host)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            f"The host of the connection {conn_id} is not an address like https://api.francetravail.io, but "
            f"{connection.host!r}: correct it."
        )
    host = host.rstrip("/")
    return f"{host}:{connection.port}" if connection.port and not parts.port else host


def _rate(value: Any, conn_id: str) -> float:
    try:
        rate = REQUESTS_PER_SECOND if value is None else float(value)
    except (TypeError, ValueError):
        rate = 0.0
    if not 0 < rate <= 1000:
        raise ConfigurationError(
            f"requests_per_second of the connection {conn_id} must be a number above 0, but is {value!r}: "
            f"correct its extra, or leave it out for {REQUESTS_PER_SECOND:.0f}."
        )
    return rate


def _is_exposed(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname != "localhost"
