"""Where an ad is: from the names of its area and its coordinates. Pure.

What lives here: which names of an area say what. What does not: what a label and coordinates say
(``enrich.place``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobmarket.enrich.place.locate import locate
from jobmarket.enrich.place.name import at_most
from jobmarket.enrich.place.reference import departement_of, key, wider_names

if TYPE_CHECKING:
    from jobmarket.enrich.place.location import Location

_COUNTRY = "FRANCE"
_PARIS = "75056"  # a département that is one commune


def place_of(
    area: tuple[str, ...],
    shown: str | None,
    latitude: float | None,
    longitude: float | None,
) -> Location:
    """Return where an ad is. Any input gives an answer; what names no place is unknown.

    :param area: names from the country down: France, the region, the département, perhaps its
        arrondissement, the commune, perhaps a part of it.
    :param shown: the name for persons, read where the area says nothing.
    """
    if commune := _commune(area):
        return commune
    return locate(_wider(area) or shown, None, None, latitude, longitude)


@lru_cache(maxsize=8192)
def _commune(area: tuple[str, ...]) -> Location | None:
    """Return the commune that the finest name of an area stands for; ``None`` if none does.

    Behind the département the last name is the commune, unless it is a part of one: then the name before
    is. An arrondissement is called after its chief town, so that what is not the last is of medium
    confidence at most.
    """
    at, code = _departement(area)
    if at is None:
        return None
    for back, name in enumerate(reversed(area[at + 1 :])):
        found = locate(f"{code} - {name}", None, None, None, None)
        if found.place_kind == "commune" and found.departement_code == code:
            return at_most(found, "medium") if back else found
    if code == departement_of(_PARIS):
        return locate(None, _PARIS, None, None, None)._replace(place_method="label")
    return None


def _departement(area: tuple[str, ...]) -> tuple[int | None, str]:
    """Return where in an area its département stands, and its code."""
    names = wider_names()
    # the third is one; Paris, Mayotte and the like may lack the region before it
    for at in (2, 1, 3):
        if at < len(area):
            kind, code = names.get(key(area[at]), ("", ""))
            if kind == "departement":
                return at, code
            if code == _PARIS:
                return at, departement_of(_PARIS)
    return None, ""


def _wider(area: tuple[str, ...]) -> str | None:
    """Return the label of the finest name that is a département, a region or the country."""
    at, code = _departement(area)
    if at is not None:
        return f"{code} - {area[at]}"
    for name in reversed(area):
        kind, _ = wider_names().get(key(name), ("", ""))
        if kind == "region" or key(name) == _COUNTRY:
            return name
    return area[-1] if area else None
