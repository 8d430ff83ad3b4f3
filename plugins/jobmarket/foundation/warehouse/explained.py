"""Errors of PostgreSQL, each turned into one sentence and one decision: try again or not."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from jobmarket.foundation.errors import (
    AccessDenied,
    ConfigurationError,
    JobMarketError,
    PermanentError,
    WarehouseUnavailable,
)
from jobmarket.foundation.known_secrets import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

# SQLSTATE, or the first two characters of its class -> what to raise, what happened, what to do
_BY_STATE: dict[str, tuple[type[JobMarketError], str, str]] = {
    "53100": (
        WarehouseUnavailable,
        "has no disk space left",
        "nothing was published; free or add space and run the task again",
    ),
    "53": (
        WarehouseUnavailable,
        "is out of memory or connections",
        "nothing was published; try again later",
    ),
    "42501": (
        AccessDenied,
        "refuses a right that is needed",
        (
            "let the owner of the schemas run the DAG warehouse_migrate, and grant the account "
            "jobmarket_loader and jobmarket_reporter; to migrate, it must own the schemas control, core and "
            "mart, and all that lies in them"
        ),
    ),
    "28": (
        AccessDenied,
        "refuses the account or its password",
        "correct login and password of the connection",
    ),
    "3D000": (
        ConfigurationError,
        "has no such database",
        "create it, or correct the schema (database) of the connection",
    ),
    "25006": (
        ConfigurationError,
        "is read-only",
        "point the connection at the primary server, not at a replica",
    ),
    "55P03": (
        WarehouseUnavailable,
        "is busy with another load or a long query",
        "nothing was published; wait until that has ended and run the task again",
    ),
    "40": (
        WarehouseUnavailable,
        "gave way to another transaction",
        "nothing was published; run the task again",
    ),
    "57014": (
        WarehouseUnavailable,
        "did not answer in the time that it was given",
        "nothing was published; try again when it is less busy",
    ),
    "57": (
        WarehouseUnavailable,
        "was stopped or is starting",
        "nothing was published; run the task again",
    ),
    "58": (
        WarehouseUnavailable,
        "met an error of its system",
        "look at the log of the server, then try again",
    ),
    "08": (
        WarehouseUnavailable,
        "lost the connection",
        "nothing was published; run the task again",
    ),
}

# A connection that is refused has no SQLSTATE in libpq: only the server's sentence, in English or
# not at all.
_BY_SENTENCE = (
    ("password authentication failed", "28"),
    ("no password supplied", "28"),
    ("no pg_hba.conf entry", "28"),
    ("role ", "28"),
    ("database ", "3D000"),
    ("permission denied for database", "42501"),
    ("too many clients", "53"),
    ("too many connections", "53"),
    ("remaining connection slots", "53"),
    ("starting up", "57"),
    ("shutting down", "57"),
)


@contextmanager
def explained(conn_id: str) -> Iterator[None]:
    """Turn errors of psycopg raised inside into errors of this project.

    :param conn_id: Airflow connection that the sentence names.

    Raise :class:`WarehouseUnavailable` for what may work later, :class:`AccessDenied`,
    :class:`ConfigurationError`, or :class:`PermanentError` for a statement that PostgreSQL refuses.
    """
    try:
        yield
    except psycopg.Error as exc:
        # not `from exc`: its text, as the server wrote it, would stand in the traceback
        raise _explanation(exc, conn_id) from None


def _explanation(exc: psycopg.Error, conn_id: str) -> JobMarketError:
    raw = exc.diag.message_primary or str(exc)
    said = redacted(raw)
    where = f"The warehouse PostgreSQL (connection {conn_id})"
    # not of what is told: a secret may be a word that stands in the server's sentence
    state = exc.sqlstate or _state_of_sentence(exc, raw)
    found = _BY_STATE.get(state) or _BY_STATE.get(state[:2])
    if found:
        error, happened, remedy = found
        return error(f"{where} {happened}: {remedy}. It says: {said}")
    if not exc.sqlstate and isinstance(exc, psycopg.OperationalError):
        return WarehouseUnavailable(
            f"{where} cannot be reached or went away: check host and port of the connection and that "
            f"the server runs, then run the task again; nothing was published. It says: {said}"
        )
    return PermanentError(
        f"{where} refuses a statement of the load ({state or type(exc).__name__}), so nothing was "
        f"published: undo what others changed in the database and run the task again; if nobody did, it is "
        f"an error of the project: report it. It says: {said}"
    )


def _state_of_sentence(exc: psycopg.Error, raw: str) -> str:
    if not isinstance(exc, psycopg.OperationalError) or "FATAL:" not in raw:
        return ""
    fatal = raw.split("FATAL:", 1)[1].strip()
    for words, state in _BY_SENTENCE:
        if fatal.startswith(words) if words.endswith(" ") else words in fatal:
            return state
    return ""
