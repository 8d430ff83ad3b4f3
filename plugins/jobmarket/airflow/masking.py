"""Has Airflow hide what this process knows to be secret, in whatever anybody logs here.

What does not live here: what is a secret (``foundation.known_secrets``), how our own messages are cleaned
(``foundation.foreign_text``).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


def mask(secret: str) -> None:
    """Hide a secret from now on, in this process and in the file of its task."""
    from airflow.sdk.log import mask_secret  # sets up logging: not for who only imports this

    mask_secret(secret)


def hide_in_records() -> None:
    """Hide what is masked already where a record is made.

    Airflow hides it later, where the file of a task is written. With LocalExecutor the same lines go to the
    output of the scheduler, too, and there nothing is hidden (``subprocess_logs_to_stdout``, Airflow 3.2);
    nor does a process hide anything that runs tasks itself (``dag.test``).
    """
    import structlog

    # loggers hold this very list, and another thread may be going through it: so none of its places moves
    chain = structlog.get_config()["processors"]
    if not isinstance(chain[-1], _Hidden):
        chain[-1] = _Hidden(chain[-1])
    for handler in logging.getLogger().handlers:
        if handler.formatter is not None and not isinstance(handler.formatter, _HiddenText):
            handler.setFormatter(_HiddenText(handler.formatter))


class _Hidden(NamedTuple):
    """The last processor of structlog, which makes a line of an event, among secrets that are hidden.

    :param write: returns the line; only then a traceback may be in it.
    """

    write: Callable[[Any, str, Any], Any]

    def __call__(self, logger: Any, method: str, event: Any) -> Any:
        """Return the line of an event, without secrets."""
        from airflow.sdk.log import redact

        line = self.write(logger, method, redact(event))
        return redact(line) if isinstance(line, str) else line


class _HiddenText(logging.Formatter):
    """Another formatter's text, without secrets."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self.inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record."""
        from airflow.sdk.log import redact

        return str(redact(self.inner.format(record)))
