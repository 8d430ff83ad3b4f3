from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.sources.france_travail.client.settings import TOKEN_URL, client_settings

NO_RATES: list[Any] = [-1, 1e-12, 1e12, float("nan"), float("inf"), "1e999", [], 10**400]


def connection(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "host": "https://api.francetravail.io",
        "port": None,
        "schema": "",
        "login": "PAR_x",
        "password": "hidden",
        "extra_dejson": {},
    }
    return SimpleNamespace(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "base_url", "token_url", "is_exposed"),
    [
        ({}, "https://api.francetravail.io", TOKEN_URL, False),
        ({"host": "api.francetravail.io/"}, "https://api.francetravail.io", TOKEN_URL, False),
        (
            {"host": "http://127.0.0.1:8099"},
            "http://127.0.0.1:8099",
            "http://127.0.0.1:8099/connexion/oauth2/access_token?realm=%2Fpartenaire",
            False,
        ),
        (
            {"host": "sandbox", "port": 8099, "schema": "http"},
            "http://sandbox:8099",
            "http://sandbox:8099/connexion/oauth2/access_token?realm=%2Fpartenaire",
            True,
        ),
        (
            {"host": "https://proxy", "extra_dejson": {"token_url": "http://tokens/x"}},
            "https://proxy",
            "http://tokens/x",
            True,
        ),
    ],
)
def test_addresses(
    changes: dict[str, Any], base_url: str, token_url: str, is_exposed: bool
) -> None:
    settings = client_settings(connection(**changes), "c")
    assert (settings.base_url, settings.token_url, settings.is_exposed) == (
        base_url,
        token_url,
        is_exposed,
    )
    assert settings.requests_per_second == 10.0
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"host": None}, "has no host: set it to the API's address"),
        ({"login": ""}, "has no login: set it to the client id"),
        ({"password": None}, "has no password: set it to the client secret"),
        ({"host": "ftp://api"}, "not an address like https://api.francetravail.io"),
        ({"host": "https://"}, "not an address like https://api.francetravail.io"),
        (
            {"extra_dejson": {"requests_per_second": 0}},
            "must be a number from 0.01 to 1000, but is 0:",
        ),
        (
            {"extra_dejson": {"requests_per_second": "ten"}},
            "must be a number from 0.01 to 1000, but is none:",
        ),
        *[
            ({"extra_dejson": {"requests_per_second": rate}}, "must be a number from 0.01")
            for rate in NO_RATES
        ],
        ({"extra_dejson": ["hidden"]}, "The extra of the connection c is no JSON object"),
        *[
            ({"host": host}, "The host of the connection c is not an address like")
            for host in (
                "https://[hidden",
                "https://api:hidden",
                "https://api:99999",
                "https://api/\x1bhidden",
                "https://api hidden",
                "hidden://api",
            )
        ],
        ({"host": "https://user:hidden@api"}, "holds a user or a password: move them"),
        ({"host": "https://hidden@api"}, "holds a user or a password: move them"),
        ({"host": "https://api?key=hidden"}, "holds a query: leave only"),
        ({"host": "https://api#hidden"}, "holds a query: leave only"),
        (
            {"extra_dejson": {"token_url": "https://u:hidden@tokens"}},
            "token_url of the connection c holds a user or a password",
        ),
        (
            {"extra_dejson": {"token_url": "file:///hidden"}},
            "token_url of the connection c is not an address",
        ),
    ],
)
def test_what_is_missing_or_malformed_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        client_settings(connection(**changes), "c")
    assert "hidden" not in str(caught.value)
