"""What an over-full second is divided by, and into which values. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.plan.partition import code_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILTERS = ("codeROME", "typeContrat", "experience", "departement")
"""Parameters of the search, in the order in which they are tried."""

_EXPERIENCES = ("0", "1", "2", "3", "4")
_REFERENTIALS = {
    "codeROME": "metiers",
    "typeContrat": "typesContrats",
    "departement": "departements",
}


def filter_values(name: str, codes: Callable[[str], Sequence[str]]) -> list[str]:
    """Return the values of a filter that together name every offer that has the attribute.

    :param codes: returns the codes of a référentiel.
    """
    if name == "experience":
        return list(_EXPERIENCES)
    known = codes(_REFERENTIALS[name])
    return code_groups(known) if name == "codeROME" else list(known)
