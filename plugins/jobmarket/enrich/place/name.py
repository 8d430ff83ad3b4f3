"""Which place a label names, when nothing else is known. Pure.

What lives here: from a label taken apart (``label``) to a place, by the names of the reference.
What does not: postcodes, codes of communes, coordinates (``place``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.enrich.place import location as make
from jobmarket.enrich.place.location import UNKNOWN
from jobmarket.enrich.place.reference import (
    city_of,
    communes,
    departement_of,
    departements,
    names_in,
    wider_names,
)

if TYPE_CHECKING:
    from jobmarket.enrich.place.label import Label
    from jobmarket.enrich.place.location import Location

# A name shared by several communes means the largest, if it is so many times larger than the next.
_TIMES = 10
_LONGEST = 6  # words of a name of a region or the like
_LINKS = ("DE", "LA", "L", "EN", "A", "DU", "DES", "D")
_LONG_ENOUGH = 4  # letters: LE, LES, SUR begin too much to be a name


_LESS_SURE = {("high", "medium"): "medium", ("high", "low"): "low", ("medium", "low"): "low"}
_ABROAD = "99"  # as Insee's codes of countries begin


def located_by_label(read: Label) -> Location:
    """Return what a label alone says."""
    return at_most(_located(read), read.at_most)


def at_most(location: Location, confidence: str | None) -> Location:
    """Return a place with no more than a confidence; ``None``: as it is."""
    lower = _LESS_SURE.get((location.place_confidence or "", confidence or ""))
    return location._replace(place_confidence=lower) if lower else location


def claimed(read: Label) -> frozenset[str]:
    """Return the départements that a label says, ``99`` for abroad; none if it leaves that open."""
    if read.departements:
        return frozenset(read.departements)
    if read.arrondissement:
        return frozenset((departement_of(read.arrondissement),))
    found = _by_wider_name(read.name) or _by_commune_name(read.name, ()) or _by_parts(read.parts)
    if found is None:
        return frozenset()
    if found.place_kind == "foreign":
        return frozenset((_ABROAD,))
    if found.departement_code:
        return frozenset((found.departement_code,))
    return frozenset(departements_of(found.region_code))


def _located(read: Label) -> Location:
    if read.arrondissement:
        is_odd = (
            bool(read.departements) and departement_of(read.arrondissement) not in read.departements
        )
        return make.commune(read.arrondissement, "label", "low" if is_odd else "high")
    if not read.departements:
        return _by_name(read)
    kind, wide = wider_names().get(read.name, ("", ""))
    if kind == "departement" and wide in read.departements and not read.items:
        # 53 - Mayenne may be the town; its département is right in both cases
        return make.departement(wide, "label", "high")
    if not read.says_departement:
        if found := _by_whole_name(read, read.departements):
            return make.commune(found[0], "former_label" if found[1] else "label", "high")
        if code := _by_part_of_name(read, read.departements):
            return make.commune(code, "label", "medium")
    if len(read.departements) > 1:  # a list, or 20: Corse
        return common([make.departement(code, "label", "high") for code in read.departements])
    is_plain = not read.name or read.says_departement
    return make.departement(read.departements[0], "label", "high" if is_plain else "medium")


def commune_named(read: Label, where: tuple[str, ...], *, is_whole: bool = False) -> str | None:
    """Return the code of the commune that a label names in some départements.

    :param is_whole: by its whole name only, not by the beginning of it.
    """
    found = _by_whole_name(read, where)
    if found or is_whole:
        return found[0] if found else None
    return _by_part_of_name(read, where)


def _by_whole_name(read: Label, where: tuple[str, ...]) -> tuple[str, bool] | None:
    """Return the commune of a name, or the only one its parts name: code, and whether by a former name."""
    whole = {found for departement in where if (found := names_in(departement).get(read.name))}
    if whole:
        return whole.pop() if len(whole) == 1 else None
    several = {names_in(departement).get(part) for part in read.parts for departement in where}
    several.discard(None)
    return several.pop() if len(several) == 1 else None


def _by_part_of_name(read: Label, where: tuple[str, ...]) -> str | None:
    """Return the commune that a name begins with, or the only one that begins with the name.

    NANTES EST is in Nantes, LOUHANS is Louhans-Châteaurenaud.
    """
    kind, _ = wider_names().get(read.name, ("", ""))
    if read.parts or kind in ("departement", "region"):
        return (
            None  # of several places the first is no better, and Gironde is not Gironde-sur-Dropt
        )
    name, words = read.name, read.name.split()
    for length in range(len(words) - 1, 0, -1):
        start = " ".join(words[:length])
        for departement in where:
            if len(start) >= _LONG_ENOUGH and (found := names_in(departement).get(start)):
                return found[0]
    if len(name) < _LONG_ENOUGH:
        return None
    start = f"{name} "
    longer = {
        code
        for departement in where
        for long, (code, _) in names_in(departement).items()
        if long.startswith(start)
    }
    return longer.pop() if len(longer) == 1 else None


def _by_name(read: Label) -> Location:
    """Return what a label without a number says: as a whole, else the narrowest that its parts allow."""
    return (
        _by_wider_name(read.name)
        or _by_commune_name(read.name, ())
        or _by_parts(read.parts)
        or _by_direction(read.name)
        or _by_phrase(read.name)
        or UNKNOWN
    )


def _by_parts(parts: tuple[str, ...]) -> Location | None:
    """Return the narrowest place that the parts of a label allow, if any of them is a place."""
    found = [location for part in parts if (location := _by_wider_name(part))]
    wider = [one for one in found if one.place_kind != "commune"]
    departement = next((one.departement_code for one in wider if one.departement_code), None)
    region = next((one.region_code for one in wider if one.region_code), None)
    inside = (departement,) if departement else departements_of(region)
    found += [location for part in parts if (location := _by_commune_name(part, inside))]
    return common(found) if found else None


def common(found: list[Location]) -> Location:
    """Return the narrowest place that all of several, one at least, allow."""
    places = [one for one in found if one.place_kind != "france"]
    if not places:
        return found[0]
    kinds = {one.place_kind for one in places}
    regions = {one.region_code for one in places}
    if "foreign" in kinds:
        return make.foreign("label", "medium" if len(kinds) == 1 else "low")
    codes = {one.located_commune_code for one in places if one.located_commune_code}
    wide = {one.departement_code for one in places if one.departement_code}
    if len(regions) > 1:
        return make.france("label", "low")
    cities = codes if len(codes) == 1 else {city_of(code) for code in codes}
    if len(cities) == 1 and len(wide) == 1:
        return make.commune(cities.pop(), "label", "medium")
    if len(wide) == 1:
        return make.departement(wide.pop(), "label", "medium")
    return make.region(str(regions.pop()), "label", "medium")


def _by_wider_name(name: str) -> Location | None:
    """Return the place of a name of a département, a region, a country, or of one of our aliases."""
    kind, code = wider_names().get(name, ("", ""))
    if kind == "commune":
        return make.commune(code, "label", "high")
    if kind == "departement":
        # Vienne, Loire, Mayenne, Saint-Martin are also towns
        is_town = any(name in names_in(departement) for departement in departements())
        return make.departement(code, "label", "medium" if is_town else "high")
    if kind == "region":
        return make.region(code, "label", "high")
    if kind == "france":
        return make.france("label", "high")
    return make.foreign("label", "high") if kind == "foreign" else None


def _by_commune_name(name: str, inside: tuple[str, ...]) -> Location | None:
    """Return the commune of a name, if it is the only one or by far the largest.

    :param inside: the départements it must be in; empty: anywhere.
    """
    found = [names_in(departement).get(name) for departement in inside or departements()]
    codes = {one[0] for one in found if one}
    sizes = sorted(((communes()[code].population, code) for code in codes), reverse=True)
    if not sizes or (len(sizes) > 1 and sizes[0][0] < _TIMES * sizes[1][0]):
        return None
    return make.commune(sizes[0][1], "label", "medium" if len(sizes) == 1 else "low")


def _by_direction(name: str) -> Location | None:
    """Return what ``Nord de la France``, ``Sud Gironde`` are a part of."""
    first, _, rest = name.partition(" ")
    if first not in ("NORD", "SUD", "EST", "OUEST", "CENTRE"):
        return None
    for article in ("DE LA ", "DE L ", "DES ", "DU ", "DE "):
        rest = rest.removeprefix(article)
    whole = _by_wider_name(rest)
    if whole is None or whole.place_kind == "commune":
        return None
    return whole._replace(place_confidence="medium")


def _by_phrase(name: str) -> Location | None:
    """Return the longest name of a region, a country or the like within a phrase."""
    words = name.split()
    for length in range(min(len(words) - 1, _LONGEST), 0, -1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            whole = _by_wider_name(phrase)
            # one word means too much (Nord, Lot, international), but for these
            if whole and (length > 1 or whole.place_kind == "region" or phrase == "FRANCE"):
                return _before(words[:start], whole) or whole._replace(place_confidence="low")
    return None


def _before(words: list[str], whole: Location) -> Location | None:
    """Return the commune that stands before the place it is in: ``Saint-Denis de la Réunion``."""
    while words and words[-1] in _LINKS:
        words = words[:-1]
    departement = whole.departement_code
    inside = (departement,) if departement else departements_of(whole.region_code)
    commune = _by_commune_name(" ".join(words), inside) if inside else None
    return commune and commune._replace(place_confidence="low")


def departements_of(region: str | None) -> tuple[str, ...]:
    """Return the départements of a region; none of ``None``."""
    if region is None:
        return ()
    return tuple(code for code, (_, of) in departements().items() if of == region)
