"""The secrets that this process has met, so that no message of it holds one.

What lives here: what is a secret in a connection, and the memory of it. What does not: how a text is cleaned
(``foreign_text``), and what else hides them: a listener is told of each (``jobmarket.airflow.connections``
tells Airflow, which hides it in what others log).
"""

from __future__ import annotations

import logging
import re
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jobmarket.foundation.foreign_text import LONGEST_TEXT, SHORTEST_SECRET, clean, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST_MEMORY = 256
"""Secrets kept, the newest; a process meets a handful, and a token every 25 minutes."""

SHORTEST_GENERATED = 16
"""A login or schema of this length may be a key, a client id; a shorter one is a word, as in any sentence."""

SHORTEST_SETTING = 8
"""A shorter text in an extra is a word like ``true``."""

# values that stand in documents: AWS regions, libpq's sslmode, scope and realm of the API
_PUBLIC = re.compile(
    r"[a-z]{2}(-[a-z]+)+-\d|verify-ca|verify-full|/partenaire|api_offresdemploiv2 o2dsoffre"
)

# At DEBUG they log requests and answers as they are: tokens, signatures, whatever a server repeats.
_TALKATIVE = ("boto3", "botocore", "s3transfer", "urllib3", "urllib3.connectionpool")

_secrets: dict[str, None] = {}
_listeners: list[Callable[[str], None]] = []
_lock = Lock()


def tell_of_secrets(listener: Callable[[str], None]) -> None:
    """Have a listener told of each secret that is met from now on, in each of its spellings."""
    if listener not in _listeners:
        _listeners.append(listener)


def remember(secrets: Iterable[str]) -> None:
    """Hide these from now on in every message of this process, and tell the listeners."""
    for secret in secrets:
        with _lock:
            is_new = _secrets.pop(secret, 0) == 0
            _secrets[secret] = None
            while len(_secrets) > LONGEST_MEMORY:
                del _secrets[next(iter(_secrets))]
        if is_new:
            for spelling in sorted(spellings(secret)):
                for listener in _listeners:
                    listener(spelling)


def remember_connection(connection: Any) -> None:
    """Hide what is secret in an Airflow connection (:func:`secrets_of`), from its client's log, too."""
    hush_clients()
    remember(secrets_of(connection))


def hush_clients() -> None:
    """Let the libraries that send requests log none of them, whatever level anybody sets later."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))
        logger.addFilter(_is_no_request)


def _is_no_request(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO


def redacted(text: object, longest: int | None = LONGEST_TEXT) -> str:
    """Return a foreign text fit for a message of this process, as ``foreign_text.clean`` does."""
    with _lock:
        known = tuple(_secrets)
    return clean(text, known, longest)


def secrets_of(connection: Any) -> set[str]:
    """Return what no message may hold of a connection.

    Its password; a login or schema that is long; userinfo and query values of addresses; every text in its
    extra but short words and what documents say.

    :param connection: with ``host``, ``schema``, ``login``, ``password``, ``extra_dejson``.
    """
    found = {connection.password or ""}
    found |= {
        name
        for name in (connection.login, connection.schema)
        if len(name or "") >= SHORTEST_GENERATED
    }
    for text in (connection.host, connection.schema):
        found |= set(_in_address(text or ""))
    extra = connection.extra_dejson
    for value in _leaves(extra):
        if "://" in value:
            found |= set(_in_address(value))
        elif len(value) >= SHORTEST_SETTING:
            found.add(value)
    return {
        secret
        for secret in found
        if len(secret) >= SHORTEST_SECRET and not _PUBLIC.fullmatch(secret)
    }


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value


def _in_address(text: str) -> Iterator[str]:
    """Yield user, password and query values of an address."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
    except ValueError:
        return
    userinfo, at, _ = parts.netloc.rpartition("@")
    if at:
        yield from (unquote(part) for part in userinfo.split(":", 1))
        yield userinfo
    yield from (value for _, value in parse_qsl(parts.query))
    if parts.fragment:
        yield parts.fragment
