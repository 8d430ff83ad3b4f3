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


def make_ready() -> None:
    """Import all that reads offers now, and read what it rests on, which the first loads would wait for.

    For a process that forks the ones that load. All of it is read at one moment, so that the version in the
    rows is that of the code which reads them, also while files change.
    """
    from jobmarket.offers.conclude import make_ready as make_rules_ready
    from jobmarket.offers.version import files_hash

    for name in _MODULES:
        source(name).reader()
    make_rules_ready()
    files_hash()


def source_names() -> list[str]:
    """Return the names of all sources."""
    return list(_MODULES)
