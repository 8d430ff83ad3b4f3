"""Which sources there are. A further one: its folder, and its line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from jobmarket.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from jobmarket.sources.contract import Source

# name -> the module whose ``SOURCE`` it is, imported when it is asked for: parsing a DAG file costs nothing
_MODULES = {
    "france_travail": "jobmarket.sources.france_travail.source",
    "adzuna": "jobmarket.sources.adzuna.source",
}


@cache
def source(name: str) -> Source:
    """Return a source by its name; raise :class:`ConfigurationError` if there is none."""
    if name not in _MODULES:
        raise ConfigurationError(
            f"There is no source {name!r}; there are {', '.join(_MODULES)}: see sources/registry.py."
        )
    found: Source = import_module(_MODULES[name]).SOURCE
    return found


def source_names() -> list[str]:
    """Return the names of all sources."""
    return list(_MODULES)
