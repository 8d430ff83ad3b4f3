"""Has Airflow hide what this process knows to be secret, in whatever anybody logs here.

What does not live here: what is a secret (``foundation.known_secrets``), how our own messages are cleaned
(``foundation.foreign_text``).
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.foreign_text import HIDDEN, spellings
from jobmarket.foundation.known_secrets import secrets_of

if TYPE_CHECKING:
    from collections.abc import Callable


def mask(secret: str) -> None:
    """Hide a secret from now on, in this process and in the file of its task."""
    from airflow.sdk.log import mask_secret  # sets up logging: not for who only imports this

    mask_secret(secret)


def hide_in_records() -> None:
    """Hide, where a record is made, what is masked already and what connections in the environment hold.

    Airflow hides it later, where the file of a task is written. With LocalExecutor the same lines go to the
    output of the scheduler, too, and there nothing is hidden (``subprocess_logs_to_stdout``, Airflow 3.2);
    nor does a process hide anything that runs tasks itself (``dag.test``).

    What lands the log of a task in S3 puts its connection into the environment. It keeps its client for the
    next task, but forgets between the two what is masked (``supervisor.supervise``, Airflow 3.3).
    """
    import structlog

    _in_environment()  # what it imports is not to be imported within a record
    # loggers hold this very list, and another thread may be going through it: so none of its places moves
    chain = structlog.get_config()["processors"]
    if not isinstance(chain[-1], _Hidden):
        chain[-1] = _Hidden(chain[-1])
    for handler in logging.getLogger().handlers:
        known = handler.formatter
        if isinstance(known, structlog.stdlib.ProcessorFormatter):
            *others, write = known.processors
            if not isinstance(write, _Hidden):
                known.processors = (*others, _Hidden(write))
        elif known is not None and not isinstance(known, _HiddenText):
            handler.setFormatter(_HiddenText(known))


@dataclass(frozen=True)
class _Hidden:
    """The last processor of structlog, which makes a line of an event, among secrets that are hidden.

    :param write: returns the line; only then a traceback may be in it, unless it is JSON.
    """

    write: Callable[[Any, str, Any], Any]

    def __call__(self, logger: Any, method: str, event: Any) -> Any:
        """Return the line of an event, without secrets."""
        # whoever reads the line must know these, though a password may be the same word or number
        plain = {name: event[name] for name in ("level", "timestamp") if name in event}
        line = self.write(logger, method, _hidden(event) | plain)
        return _hidden(line) if isinstance(line, str) and not line.startswith("{") else line


class _HiddenText(logging.Formatter):
    """Another formatter's text, without secrets."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        return str(_hidden(self.inner.format(record)))


def _hidden(value: Any) -> Any:
    """Return a text, or whatever holds texts, without secrets."""
    from airflow.sdk.log import redact

    return _without(_in_environment(), redact(value))


def _without(secrets: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
    elif isinstance(value, dict):
        return {name: _without(secrets, inner) for name, inner in value.items()}
    elif isinstance(value, list | tuple):
        return [_without(secrets, inner) for inner in value]
    return value


def _in_environment() -> tuple[str, ...]:
    """Return what is secret in the connections that the environment holds now, in each spelling."""
    return _secrets_of_connections(
        tuple(text for name, text in os.environ.items() if name.startswith("AIRFLOW_CONN_"))
    )


@lru_cache(maxsize=8)
def _secrets_of_connections(texts: tuple[str, ...]) -> tuple[str, ...]:
    from airflow.sdk import Connection

    found: set[str] = set()
    for text in texts:
        # one that cannot be read is told by who uses it
        with suppress(Exception):
            read = Connection.from_json if text.lstrip().startswith("{") else Connection.from_uri
            for secret in secrets_of(read(text, conn_id="of_environment")):
                found |= spellings(secret)
    return tuple(sorted(found, key=len, reverse=True))
