"""What the connection of the France Travail API says, checked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.http.address import is_exposed

TOKEN_URL = "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=%2Fpartenaire"  # noqa: S105
SCOPE = "api_offresdemploiv2 o2dsoffre"
REQUESTS_PER_SECOND = 10.0
SLOWEST_PER_SECOND = 0.01
FASTEST_PER_SECOND = 1000.0


@dataclass(frozen=True)
class ClientSettings:
    """A checked connection.

    :param conn_id: its name, for messages.
    :param base_url: scheme and host of the API, no slash at the end.
    :param is_exposed: the secret would leave this machine unencrypted.
    """

    conn_id: str
    base_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    requests_per_second: float
    is_exposed: bool


def client_settings(connection: Any, conn_id: str) -> ClientSettings:
    """Read a connection: host = API base, login = client id, password = client secret.

    Its extra: ``token_url``, ``scope``, ``requests_per_second`` (10 unless told).

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
    if not isinstance(extra, dict):
        raise ConfigurationError(
            f"The extra of the connection {conn_id} is no JSON object: write it as "
            f'{{"requests_per_second": 10}}, or leave it out.'
        )
    host = urlsplit(base_url).hostname or ""
    is_real = host.endswith(".francetravail.io")
    local_token_url = f"{base_url}/connexion/oauth2/access_token?realm=%2Fpartenaire"
    token_url = str(extra.get("token_url") or (TOKEN_URL if is_real else local_token_url))
    _require_address(token_url, f"token_url of the connection {conn_id}", TOKEN_URL)
    return ClientSettings(
        conn_id=conn_id,
        base_url=base_url,
        token_url=token_url,
        client_id=connection.login,
        client_secret=connection.password,
        scope=str(extra.get("scope") or SCOPE),
        requests_per_second=_rate(extra.get("requests_per_second"), conn_id),
        is_exposed=any(is_exposed(url) for url in (base_url, token_url)),
    )


def _base_url(connection: Any, conn_id: str) -> str:
    host: str = connection.host
    if "://" not in host:
        scheme = connection.schema if connection.schema in ("http", "https") else "https"
        host = f"{scheme}://{host}"
    what = f"host of the connection {conn_id}"
    parts = _require_address(host, what, "https://api.francetravail.io")
    if parts.query or parts.fragment:
        raise ConfigurationError(
            f"The {what} holds a query: leave only scheme, name, port and path, as in "
            f"https://api.francetravail.io."
        )
    host = host.rstrip("/")
    return f"{host}:{connection.port}" if connection.port and not parts.port else host


def _require_address(url: str, what: str, example: str) -> SplitResult:
    """Return the parts of an address; the sentences that refuse it do not repeat it: it may hold secrets."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # reads it, and raises where it is no number below 65,536
    except ValueError:
        is_address = False
    if not is_address or not url.isprintable() or " " in url:
        raise ConfigurationError(f"The {what} is not an address like {example}: correct it.")
    if "@" in parts.netloc:
        raise ConfigurationError(
            f"The {what} holds a user or a password: move them to login and password of the connection."
        )
    return parts


def _rate(value: Any, conn_id: str) -> float:
    try:
        rate = REQUESTS_PER_SECOND if value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        rate = 0.0
    if not SLOWEST_PER_SECOND <= rate <= FASTEST_PER_SECOND:
        raise ConfigurationError(
            f"requests_per_second of the connection {conn_id} must be a number from {SLOWEST_PER_SECOND} to "
            f"{FASTEST_PER_SECOND:.0f}, but is {value if isinstance(value, int | float) else 'none'}: "
            f"correct its extra, or leave it out for {REQUESTS_PER_SECOND:.0f}."
        )
    return rate
