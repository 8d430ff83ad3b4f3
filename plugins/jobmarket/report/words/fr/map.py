"""The French of the map of the départements. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jobmarket.report.tables import SMALL_GROUP
from jobmarket.report.words.fr.analyses import departement
from jobmarket.report.words.fr.typography import decimal, integer, typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "Offres pour 100 000 habitants, par département"
LEGEND = "Offres pour 100 000 habitants"
NO_DATA = f"moins de {SMALL_GROUP} offres"
INSETS = {
    "petite_couronne": "Paris et petite couronne",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "976": "Mayotte",
}


def description(finding: str) -> str:
    """Return what the map shows for who cannot see it."""
    return typeset(f"{TITLE}. {finding} Les chiffres sont dans le tableau qui suit.")


def classes(bounds: Sequence[float]) -> list[str]:
    """Return the text of each colour, from little to much."""
    if not bounds:
        return ["toutes valeurs"]
    inner = [f"{_short(a)} à {_short(b)}" for a, b in pairwise(bounds)]
    return [f"moins de {_short(bounds[0])}", *inner, f"{_short(bounds[-1])} et plus"]


def tooltip(code: str, value: float | None) -> str:
    """Return what is said of a département."""
    if value is None:
        return typeset(f"{departement(code)} : moins de {SMALL_GROUP} offres")
    return typeset(f"{departement(code)} : {decimal(value)} offres pour 100 000 habitants")


def _short(value: float) -> str:
    return decimal(value) if value < 10 else integer(round(value))
