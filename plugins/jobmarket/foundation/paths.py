"""Where the files of ``include`` lie: found once, here. Pure.

Beside ``plugins``, as in a checkout and in ``$AIRFLOW_HOME``; in the package itself where it was installed
from a wheel.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_IN_PACKAGE = _PACKAGE / "include"

INCLUDE = _IN_PACKAGE if _IN_PACKAGE.is_dir() else _PACKAGE.parents[1] / "include"
REFERENCE = INCLUDE / "reference"
SQL = INCLUDE / "sql"
DDL = SQL / "ddl"
