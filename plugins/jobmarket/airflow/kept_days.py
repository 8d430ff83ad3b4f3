"""The Airflow variables that say for how many days something is kept that the licence bounds.

What lives here: their names, defaults and bounds. What does not: what ends with these days
(``retention_operator``, ``offers.life.erasure``).
"""

from __future__ import annotations

from airflow.sdk import Variable

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.lake.retention import AHEAD_DAYS
from jobmarket.offers.life.erasure import GRACE_DAYS, LONGEST_GRACE_DAYS

RETENTION_VARIABLE = "raw_retention_days"
RETENTION_DAYS = 30
LONGEST_RETENTION_DAYS = 9_999
GRACE_VARIABLE = "erasure_grace_days"


def retention_days() -> int:
    """Return for how many days answers are kept; raise :class:`ConfigurationError` if it is none."""
    return _days(RETENTION_VARIABLE, RETENTION_DAYS, AHEAD_DAYS + 1, LONGEST_RETENTION_DAYS)


def grace_days() -> int:
    """Return for how many days a closed offer keeps its text; raise :class:`ConfigurationError` likewise."""
    return _days(GRACE_VARIABLE, GRACE_DAYS, 0, LONGEST_GRACE_DAYS)


def _days(name: str, default: int, least: int, most: int) -> int:
    said = str(Variable.get(name, default=str(default))).strip()
    is_number = said.isascii() and said.isdigit() and len(said) <= 4
    if not is_number or not least <= int(said) <= most:
        raise ConfigurationError(
            f"The variable {name} must be a number of days from {least} to {most}, but is {said[:40]!r}: "
            f"correct it, or delete it for {default} (Admin > Variables)."
        )
    return int(said)
