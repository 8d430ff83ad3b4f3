"""The files of ``include/reference``, read. What each means is known to those who ask for it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.paths import REFERENCE

if TYPE_CHECKING:
    from pathlib import Path


def read_text(name: str, directory: Path = REFERENCE) -> str:
    """Return the text of a file; raise :class:`ConfigurationError` if it is not there."""
    path = directory / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"Expected the reference file {path}, but there is none: deploy include/ beside plugins/."
        ) from None


def read_rows(name: str, directory: Path = REFERENCE) -> list[dict[str, str]]:
    """Return the rows of a CSV file, each by the names of its columns; raise as :func:`read_text`."""
    return list(csv.DictReader(io.StringIO(read_text(name, directory))))
