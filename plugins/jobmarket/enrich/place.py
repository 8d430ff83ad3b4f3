"""Where an offer is: commune, département and region, with the evidence and a confidence. Pure.

What lives here: which evidence wins. What does not: what a label says (``place_label``), what a name
stands for (``place_reference``), which commune is at a point (``place_nearest``). The shares of each
method, and how far they agree, are in ``docs/places.md``.

The evidence, in the order in which it is believed:

1. the code of the commune, also of one that was merged since, unless postcode and label both
   contradict it;
2. the postcode, with the label where it is shared by several communes;
3. the label;
4. the coordinates, where the rest says no more than département, region or France.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from jobmarket.enrich.place_label import Label, read_label
from jobmarket.enrich.place_nearest import is_middle_of_france, nearest
from jobmarket.enrich.place_reference import (
    CITIES,
    city_of,
    communes,
    departement_of,
    departements,
    former_communes,
    names_in,
    postcodes,
    wider_names,
)


class Location(NamedTuple):
    """Where an offer is; the fields are the columns of ``core.job_offer``, in their order.

    :param located_commune_code: Insee's code; of an arrondissement of Paris, Lyon, Marseille where it is known.
    :param departement_code: also of overseas collectivities.
    :param place_kind: commune, departement, region, france, foreign or unknown.
    :param place_method: the evidence that decided; ``none`` if there is none.
    :param place_confidence: high, medium or low; ``None`` if the place is unknown.
    """

    located_commune_code: str | None
    departement_code: str | None
    region_code: str | None
    place_kind: str
    place_method: str
    place_confidence: str | None


UNKNOWN = Location(None, None, None, "unknown", "none", None)


def locate(
    label: str | None,
    commune_code: str | None,
    postcode: str | None,
    latitude: float | None,
    longitude: float | None,
) -> Location:
    """Return where an offer is. Any input gives an answer; what is no place is unknown.

    :param label: as written: ``75 - PARIS 09``, ``33 - Gironde``, ``Ile-de-France``.
    :param commune_code: Insee's, of any year.
    :param postcode: five digits.
    :param latitude: degrees north, already put right if it was swapped with the longitude.
    """
    location = _located(label, commune_code, postcode)
    if latitude is None or longitude is None or location.place_kind in ("commune", "foreign"):
        return location
    return _refined(location, latitude, longitude)


@lru_cache(maxsize=16384)  # a day has some ten thousand different places; 8 MB when full
def _located(label: str | None, commune_code: str | None, postcode: str | None) -> Location:
    read = read_label(label)
    postcode = postcode.strip() if postcode else read.postcode
    code = (commune_code or "").strip().upper()
    if code.startswith("99"):
        return _foreign("commune_code", "high")
    if today := code if code in communes() else former_communes().get(code):
        return _by_code(code, today, read, postcode)
    return _by_postcode(postcode, read) or _by_label(read)


def _by_code(code: str, today: str, read: Label, postcode: str | None) -> Location:
    """Return the place of a code, unless postcode and label agree on another."""
    method = "commune_code" if code == today else "former_commune_code"
    own = {departement_of(today), departement_of(code)}
    named = read.arrondissement or _named(read, (departement_of(today),))[0]
    if not (read.departements and own.isdisjoint(read.departements)):
        if named is None or city_of(named) == city_of(today):
            finer = _arrondissement(today, read.arrondissement, postcode)
            return _commune(
                finer, method, "high" if named in (None, today, finer, city_of(today)) else "medium"
            )
        if (
            named in postcodes().get(postcode or "", ())
            and today not in postcodes()[postcode or ""]
        ):
            return _commune(named, "postcode_and_label", "low")
        return _commune(today, method, "medium")
    second = _by_postcode(postcode, read)
    if second and second.departement_code in read.departements:
        return second._replace(place_confidence="low")
    return _commune(today, method, "medium" if second and second.departement_code in own else "low")


def _arrondissement(code: str, named: str | None, postcode: str | None) -> str:
    """Return the arrondissement of a city that the label or the postcode names; another code as it is."""
    if named and city_of(named) == code:
        return named
    for candidate in postcodes().get(postcode or "", ()):
        if city_of(candidate) == code:
            return candidate
    return code


def _by_postcode(postcode: str | None, read: Label) -> Location | None:
    """Return the place of a postcode, finer where the label names one of its communes; ``None`` if it is none."""
    candidates = postcodes().get(postcode or "", ())
    if not candidates:
        return _by_unknown_postcode(postcode, read)
    where = tuple(sorted({departement_of(code) for code in candidates}))
    if read.departements and set(where).isdisjoint(read.departements):
        # the label is what a person wrote to be read
        return _by_label(read)._replace(place_confidence="low")
    named = read.arrondissement or _named(read, where)[0]
    cities = {city_of(code): code for code in candidates}
    if named and city_of(named) in cities:
        finer = named if named == read.arrondissement else cities[named]
        return _commune(
            finer, "postcode_and_label", "high" if named in (*candidates, *cities) else "medium"
        )
    if named:
        return _commune(named, "label", "medium")
    if len(candidates) == 1:
        return _commune(candidates[0], "postcode", "medium")
    sizes = sorted((communes()[code].population, code) for code in candidates)
    if sizes[-1][0] * 3 >= sum(size for size, _ in sizes) * 2:
        return _commune(sizes[-1][1], "postcode", "low")
    return _departement(
        departement_of(sizes[-1][1]), "postcode", "high" if len(where) == 1 else "medium"
    )


def _by_unknown_postcode(postcode: str | None, read: Label) -> Location | None:
    """Return the place of a postcode that belongs to no commune, of a CEDEX say: its département, or what the label adds."""
    if not postcode or len(postcode) != 5 or not postcode.isdigit():
        return None
    if postcode.startswith("980"):
        return _foreign("postcode", "medium")
    where = departement_of(postcode)
    if where == "20":
        where = "2A" if postcode < "20200" else "2B"
    if where not in departements():
        return None
    by_label = _by_label(read if read.departements else read._replace(departements=(where,)))
    if by_label.departement_code == where and by_label.located_commune_code:
        return by_label
    return _departement(
        where, "postcode", "medium" if read.departements in ((), (where,)) else "low"
    )


def _by_label(read: Label) -> Location:
    """Return what a label alone says."""
    if read.arrondissement:
        return _commune(
            read.arrondissement, "label", _agreed(read, departement_of(read.arrondissement))
        )
    if not read.departements:
        return _by_name(read)
    kind, wide = wider_names().get(read.name, ("", ""))
    if kind == "departement" and wide in read.departements:
        return _departement(wide, "label", "high")
    if len(read.departements) > 1 and kind == "region":
        return _region(wide, "label", "high")
    code, is_former = _named(read, read.departements)
    if code and not read.says_departement:
        return _commune(code, "former_label" if is_former else "label", "high")
    if len(read.departements) > 1:
        return _region(departements()[read.departements[0]][1], "label", "medium")
    is_plain = not read.name or read.says_departement
    return _departement(read.departements[0], "label", "high" if is_plain else "medium")


def _by_name(read: Label) -> Location:
    """Return what a label without a number says: as a whole, else the narrowest of its parts that agree."""
    whole = _by_wider_name(read.name) or _by_commune_name(read.name, ())
    if whole or not read.parts:
        return whole or _by_direction(read.name) or UNKNOWN
    found = [location for part in read.parts if (location := _by_wider_name(part))]
    wider = next((one.departement_code for one in found if one.departement_code), None)
    region = next((one.region_code for one in found if one.region_code), None)
    inside = (wider,) if wider else _departements_of(region)
    found += [location for part in read.parts if (location := _by_commune_name(part, inside))]
    return _common(found)


def _common(found: list[Location]) -> Location:
    """Return the narrowest place that all of several allow."""
    places = [one for one in found if one.place_kind != "france"]
    if not places:
        return found[0] if found else UNKNOWN
    if any(one.place_kind == "foreign" for one in places):
        return _foreign("label", "medium" if len(places) == 1 else "low")
    codes = {one.located_commune_code for one in places} - {None}
    wide = {one.departement_code for one in places} - {None}
    regions = {one.region_code for one in places}
    if len(regions) > 1:
        return _france("label", "low")
    if len(codes) == 1 and len(wide) == 1:
        return _commune(str(codes.pop()), "label", "medium")
    if len(wide) == 1:
        return _departement(str(wide.pop()), "label", "medium")
    return _region(str(regions.pop()), "label", "medium")


def _by_wider_name(name: str) -> Location | None:
    """Return the place of a name that is not only of a commune: a département, a region, a country, one of our aliases."""
    kind, code = wider_names().get(name, ("", ""))
    if kind == "commune":
        return _commune(code, "label", "high")
    if kind == "departement":
        # Vienne, Loire, Mayenne are also towns
        return _departement(code, "label", "high" if name not in _namesakes() else "low")
    if kind == "region":
        return _region(code, "label", "high")
    if kind == "france":
        return _france("label", "high")
    return _foreign("label", "high") if kind == "foreign" else None


def _namesakes() -> frozenset[str]:
    return frozenset(
        {"VIENNE", "MAYENNE", "CORREZE", "DOUBS", "LOIRE", "INDRE", "LANDES", "SAINT MARTIN"}
    )


def _by_commune_name(name: str, inside: tuple[str, ...]) -> Location | None:
    """Return the commune of a name, if it is the only one, or ten times larger than the next.

    :param inside: the départements it must be in; empty: anywhere.
    """
    found = {names_in(one)[name][0] for one in inside or departements() if name in names_in(one)}
    sizes = sorted(((communes()[code].population, code) for code in found), reverse=True)
    if not sizes or (len(sizes) > 1 and sizes[0][0] < 10 * sizes[1][0]):
        return None
    return _commune(sizes[0][1], "label", "medium" if len(sizes) == 1 else "low")


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


def _named(read: Label, where: tuple[str, ...]) -> tuple[str | None, bool]:
    """Return the commune that a label names in one of some départements, and whether by a former name."""
    for name in (read.name, *read.parts):
        for departement in where:
            if name and name in names_in(departement):
                return names_in(departement)[name]
    return None, False


def _refined(location: Location, latitude: float, longitude: float) -> Location:
    """Return a place that is wider than a commune, made finer by coordinates that lie in it."""
    if location.departement_code:
        inside: tuple[str, ...] = (location.departement_code,)
    else:
        inside = _departements_of(location.region_code)
    if not inside and is_middle_of_france(latitude, longitude):
        return location
    near = nearest(round(latitude, 3), round(longitude, 3), frozenset(inside))
    if near is None:
        return location
    is_sure = near.margin_km > 2 and near.distance_km < 5
    method = "label_and_coordinates" if inside else "coordinates"
    return _commune(near.code, method, "medium" if is_sure else "low")


def _agreed(read: Label, departement: str) -> str:
    return "high" if read.departements in ((), (departement,)) else "low"


def _departements_of(region: str | None) -> tuple[str, ...]:
    if region is None:
        return ()
    return tuple(code for code, (_, of) in departements().items() if of == region)


def _commune(code: str, method: str, confidence: str) -> Location:
    departement = departement_of(code)
    return Location(
        code, departement, departements()[departement][1], "commune", method, confidence
    )


def _departement(code: str, method: str, confidence: str) -> Location:
    return Location(None, code, departements()[code][1], "departement", method, confidence)


def _region(code: str, method: str, confidence: str) -> Location:
    return Location(None, None, code, "region", method, confidence)


def _france(method: str, confidence: str) -> Location:
    return Location(None, None, None, "france", method, confidence)


def _foreign(method: str, confidence: str) -> Location:
    return Location(None, None, None, "foreign", method, confidence)
