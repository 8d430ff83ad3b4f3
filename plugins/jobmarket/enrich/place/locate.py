"""Where an offer is: commune, département and region, with the evidence and a confidence. Pure.

What lives here: which evidence wins. What does not::

    label.py             what a label says by its form
    list.py              which labels list several places
    name.py              which place a label names, when nothing else is known
    nearest.py           which commune is at a point
    reference.py         codes and names, from include/reference
    location.py          the shape of an answer

The evidence, in the order in which it is believed:

1. the code of the commune, also of one that was merged or renumbered since, unless postcode and label
   contradict it with one voice;
2. the postcode, with the label where several communes share it;
3. the label;
4. the coordinates, where the rest says no more than département, region or France.

The share of each, and how far they agree, is in ``docs/places.md``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobmarket.enrich.place import location as make
from jobmarket.enrich.place.label import read_label
from jobmarket.enrich.place.name import (
    at_most,
    claimed,
    common,
    commune_named,
    departements_of,
    located_by_label,
)
from jobmarket.enrich.place.nearest import is_middle_of_france, nearest
from jobmarket.enrich.place.reference import (
    CITY_CODES,
    POSTCODE_DIGITS,
    city_of,
    communes,
    departement_of,
    departements,
    departements_behind,
    former_communes,
    key,
    postcodes,
    without_article,
)

if TYPE_CHECKING:
    from jobmarket.enrich.place.label import Label
    from jobmarket.enrich.place.location import Location

# Coordinates: kilometres to the centre of the commune, and by how much a commune of another
# département must be farther, for the answer to be of medium confidence. See docs/places.md.
_NEAR_KM, _MARGIN_KM = 5.0, 2.0

_LARGEST = 2 / 3  # of the inhabitants behind a postcode: then the largest commune stands for it


def locate(
    label: str | None,
    commune_code: str | None,
    postcode: str | None,
    latitude: float | None,
    longitude: float | None,
) -> Location:
    """Return where an offer is. Any input gives an answer; what names no place is unknown.

    :param label: as written: ``75 - PARIS 09``, ``33 - Gironde``, ``Ile-de-France``.
    :param commune_code: Insee's, of any year.
    :param postcode: five digits.
    :param latitude: degrees north, already put right if it was swapped with the longitude.
    """
    location = _located(label, commune_code, postcode)
    if latitude is None or longitude is None or location.place_kind in ("commune", "foreign"):
        return location
    return _refined(location, latitude, longitude)


@lru_cache(maxsize=16384)  # a day of 40,000 offers has about ten thousand different places
def _located(label: str | None, commune_code: str | None, postcode: str | None) -> Location:
    if label and commune_code and _is_number_and_name_of(label, commune_code, postcode):
        return make.commune(commune_code, "commune_code", "high")
    read = read_label(label)
    postcode = _padded(postcode) if postcode else read.postcode
    code = _padded(commune_code) if commune_code else ""
    if code.startswith("99"):  # Insee's codes of countries
        return make.foreign("commune_code", "high")
    today = code if code in communes() else former_communes().get(code)
    if today and not _is_postcode(code, today, read, postcode):
        return _by_code(code, today, read, postcode)
    if today:
        is_backed = postcode is None or postcode == code
        place = _by_postcode(code, read) or located_by_label(read)
        return at_most(place, "medium" if is_backed and claimed(read) else "low")
    if postcode is None and code in postcodes():
        postcode = code
    return _by_postcode(postcode, read) or _by_items(read) or located_by_label(read)


def _is_number_and_name_of(label: str, code: str, postcode: str | None) -> bool:
    """Return whether a label is what the source writes beside a code: ``33 - BORDEAUX``.

    Nine in ten offers have both, and to take such a label apart costs ten times as much. Of Paris, Lyon
    and Marseille the label may say more. No if the postcode is another's.
    """
    commune = communes().get(code)
    if commune is None or code in CITY_CODES:
        return False
    if postcode:
        behind = postcodes().get(postcode)
        if code not in behind if behind else postcode[:2] != code[:2]:
            return False
    departement = departement_of(code)
    if label.upper() == f"{departement} - {commune.label.upper()}":
        return True  # as most are written, and sooner known
    return key(label) == f"{departement} {key(commune.label)}"


def _is_postcode(code: str, today: str, read: Label, postcode: str | None) -> bool:
    """Return whether what stands for a commune's code is a postcode: ``75015`` beside ``Paris``.

    3,420 postcodes are also the code of a commune elsewhere, of today or of before.

    :param today: the commune that has the code, by its code now.
    """
    behind = {city_of(candidate) for candidate in postcodes().get(code, ())}
    if not behind:
        return False
    own, where = departement_of(today), departements_behind(code)
    named = read.arrondissement or commune_named(read, tuple(sorted({own, *where})))
    candidates = {city_of(candidate) for candidate in postcodes().get(postcode or "", ())}
    if postcode not in (None, code) and city_of(today) in candidates:
        return False
    if named:
        return city_of(named) in behind and city_of(named) != city_of(today)
    if city_of(today) in behind:
        return False
    says = claimed(read)
    if says and (own in says) != (not where.isdisjoint(says)):
        return own not in says
    if postcode == code:
        return True
    if postcode:
        return not behind.isdisjoint(candidates)
    return own != departement_of(code)  # the code is of before 1968, and nobody writes it today


def _padded(code: str) -> str:
    """Return a code as the reference writes it: capitals, and the zero of 01 to 09 that numbers lose."""
    code = code.strip().upper()
    return f"0{code}" if len(code) == POSTCODE_DIGITS - 1 and code.isdigit() else code


def _by_code(code: str, today: str, read: Label, postcode: str | None) -> Location:
    """Return the place of a code, unless postcode and label agree on another.

    :param code: as given.
    :param today: the same commune's code now.
    """
    method = "commune_code" if code == today else "former_commune_code"
    own = {departement_of(today), departement_of(code)} & departements().keys()  # 20 is none
    behind = departements_behind(postcode)
    is_odd = bool(behind) and behind.isdisjoint(own)
    if is_odd and _agrees(read, behind) and not _agrees(read, own, is_whole=True):
        place = _by_postcode(postcode, read) or located_by_label(read)
        return place._replace(place_confidence="low")
    if _contradicts(read, own):
        is_backed = bool(behind) and not is_odd
        return make.commune(today, method, "medium" if is_backed else "low")
    if is_odd:
        finer = _arrondissement(today, read.arrondissement, None)
        return make.commune(finer, method, "medium" if _agrees(read, own) else "low")
    named = read.arrondissement
    if named is None and not _is_name_of(read.name, today):
        named = commune_named(read, (departement_of(today),))
    if named and city_of(named) != city_of(today):
        candidates = postcodes().get(postcode or "", ())
        if named in candidates and today not in candidates:
            return make.commune(named, "postcode_and_label", "low")
        return make.commune(today, method, "medium")
    finer = _arrondissement(today, read.arrondissement, postcode)
    is_other = read.arrondissement is not None and finer != read.arrondissement
    candidates = postcodes().get(postcode or "", ())
    is_other = is_other or (bool(candidates) and not _is_among(finer, candidates))
    return make.commune(finer, method, "medium" if is_other else "high")


def _agrees(read: Label, where: set[str], *, is_whole: bool = False) -> bool:
    """Return whether a label names some départements, or a commune in them, perhaps by a part of its name."""
    if not where.isdisjoint(claimed(read)):
        return True
    has_number = bool(read.departements or read.arrondissement)
    if has_number or not read.name:
        return False
    return commune_named(read, tuple(where), is_whole=is_whole) is not None


def _contradicts(read: Label, where: set[str]) -> bool:
    """Return whether a label says another place than some départements."""
    return bool(claimed(read)) and not _agrees(read, where)


def _is_among(code: str, candidates: tuple[str, ...]) -> bool:
    return city_of(code) in {city_of(candidate) for candidate in candidates}


def _is_name_of(name: str, code: str) -> bool:
    # nearly always so, and cheaper than the names of a whole département
    own = key(communes()[code].label)
    return name in (own, without_article(own))


def _arrondissement(code: str, named: str | None, postcode: str | None) -> str:
    """Return the arrondissement of a city that the label or the postcode names; another code as it is."""
    if named and city_of(named) == code:
        return named
    for candidate in postcodes().get(postcode or "", ()):
        if city_of(candidate) == code:
            return candidate
    return code


def _by_postcode(postcode: str | None, read: Label) -> Location | None:
    """Return the place of a postcode, finer where the label names a commune; ``None`` if it is none."""
    candidates = postcodes().get(postcode or "", ())
    if not candidates:
        return _by_unlisted_postcode(postcode, read)
    where = departements_behind(postcode)
    if _contradicts(read, where):
        # the label is what a person wrote for persons
        return located_by_label(read)._replace(place_confidence="low")
    named = read.arrondissement or commune_named(read, tuple(sorted(where)))
    if named is None:
        return _by_postcode_alone(candidates)
    behind = {city_of(code): code for code in candidates}
    if city_of(named) not in behind:
        return make.commune(named, "label", "medium")
    finer = named if read.arrondissement else behind[named]
    is_other = read.arrondissement is not None and behind[city_of(named)] != named
    return make.commune(finer, "postcode_and_label", "medium" if is_other else "high")


def _by_items(read: Label) -> Location | None:
    """Return what all places of a list have in common; ``None`` if the label is no list."""
    if not read.items or read.name:
        return None
    found = [_by_postcode(item.postcode, item) or located_by_label(item) for item in read.items]
    known = [place for place in found if place.place_kind != "unknown"]
    if len(read.departements) > 1 and not all(place.departement_code for place in known):
        return located_by_label(read)  # Corse and one half of it
    return common(known)


def _by_postcode_alone(candidates: tuple[str, ...]) -> Location:
    if len(candidates) == 1:
        return make.commune(candidates[0], "postcode", "medium")
    sizes = sorted((communes()[code].population, code) for code in candidates)
    largest, code = sizes[-1]
    if largest >= _LARGEST * sum(size for size, _ in sizes):
        return make.commune(code, "postcode", "low")
    is_one = len({departement_of(code) for code in candidates}) == 1
    return make.departement(departement_of(code), "postcode", "high" if is_one else "medium")


def _by_unlisted_postcode(postcode: str | None, read: Label) -> Location | None:
    """Return the place of a postcode that no commune has, a CEDEX say: by the label in its département."""
    if postcode and postcode.startswith("980") and len(postcode) == POSTCODE_DIGITS:
        return make.foreign("postcode", "medium")  # Monaco
    behind = departements_behind(postcode)
    if not behind:
        return None
    if _contradicts(read, behind):
        return located_by_label(read)._replace(place_confidence="low")
    where = min(behind)
    by_label = located_by_label(read._replace(departements=(where,)))
    return (
        by_label if by_label.located_commune_code else make.departement(where, "postcode", "medium")
    )


def _refined(location: Location, latitude: float, longitude: float) -> Location:
    """Return a place that is wider than a commune, made finer by coordinates that lie in it."""
    if location.departement_code:
        inside: tuple[str, ...] = (location.departement_code,)
    else:
        inside = departements_of(location.region_code)
    if not inside and is_middle_of_france(latitude, longitude):
        return location
    near = nearest(latitude, longitude, frozenset(inside))
    if near is None:
        return location
    is_sure = near.distance_km < _NEAR_KM and near.margin_km > _MARGIN_KM
    method = "label_and_coordinates" if inside else "coordinates"
    return make.commune(near.code, method, "medium" if is_sure else "low")
