"""What a label of a place says by its form: ``75 - PARIS 09``, ``Lyon 3e - 69``, ``33 - Gironde``. Pure.

What lives here: taking a label apart, and whether its number is a département's. What does not: which
labels are lists (``place_list``), which commune or region a name is (``place_reference``), and what is
concluded (``place``).

A number before a name is a département's, unless the name says otherwise: ``11 - Ile-de-France`` is a
region with Insee's own code, ``06 - Monaco`` a country. What is a region or a country is believed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobmarket.enrich.place.list import items_listed, may_list, numbers_listed
from jobmarket.enrich.place.reference import (
    CITIES,
    departement_of,
    departements,
    key,
    names_in,
    numbers_of_regions,
    wider_names,
)

# 33 - BORDEAUX, (2A) Ajaccio, 75012 Paris, 33: the code comes first
_BEFORE = re.compile(
    r"\s*\(?(?:(\d{5})\b[\s):,/.;\u2010-\u2015\u2212-]*"
    r"|(\d{1,3}|2[AB])\s*(?:(?:[)\u2010-\u2015\u2212-][\s\u2010-\u2015\u2212-]*|[:,/.;_|]\s*(?!\d))|$))(.*)",
    re.I | re.S,
)
# Lyon 3e - 69, Bordeaux (33), Paris 75012: the code comes last, after a name
_AFTER = re.compile(
    r"(.*[^\W\d_].*?)\s*[\s(,:/\u2010-\u2015\u2212-]\s*(?<!\d[/:-])(?:(\d{5})|(\d{2,3}|2[AB]))\s*\)?\s*",
    re.I | re.S,
)
# Rennes (35) et alentours: the code stands within
_WITHIN = re.compile(r"(.*[^\W\d_].*?)\s*\((?:(\d{5})|(\d{2,3}|2[AB]))\)(.*)", re.I | re.S)
_LAST = frozenset("0123456789abAB")
_LOOSE = re.compile(r"\s*(\d{1,3}|2[AB])\s+(\D.*)", re.I | re.S)  # 33 Bordeaux, but not 20 minutes

_ARRONDISSEMENT = re.compile(
    r"(PARIS|LYON|MARSEILLE) (?:CEDEX )?0?(\d{1,2}|[XVI]{1,5})"
    r"(?: ?(?:E|EME|ER|ND|IEME))?(?: ARR(?:ONDISSEMENT)?)?"
)
_ARRONDISSEMENT_OF = re.compile(
    r"(\d{1,2}) ?(?:E|EME|ER|ND|IEME)? ARR(?:ONDISSEMENT)? (?:DE )?(PARIS|LYON|MARSEILLE)"
)
_ROMAN = {"I": 1, "V": 5, "X": 10}
# no commune begins or ends so, but Ville-d'Avray and Ville-du-Pont are communes
_NOISE = re.compile(
    r"^(?:VILLE DE|(?:COMMUNE|DEPARTEMENT|REGION|SECTEUR|AGGLOMERATION|METROPOLE|PROCHE|AUTOUR"
    r"|ENVIRONS|ALENTOURS)(?: DE LA| DES| DE L| DE| DU| D)?) (?!NORD$)"
    r"|(?: (?:CEDEX(?: \d{1,2})?|FRONTALIER|COMMUNE NOUVELLE|METROPOLE|AGGLO(?:MERATION)?"
    r"|INTRA MUROS|CENTRE VILLE|ET (?:SES |SA )?(?:ENVIRONS|ALENTOURS|PERIPHERIE|AGGLOMERATION)))+$"
)
_IS_DEPARTEMENT = re.compile(
    r"(.*) (?:DEPT|DEP|DPT|DEPARTEMENT)|DEPARTEMENT (?:DE LA|DES|DE L|DE|DU|D) (.*)"
)
_BETWEEN = re.compile(r"(?<!\bS)[,;|/\n]|[()&+]| [\u2010-\u2015\u2212-] | ou ", re.I)
# 06 - Côte d'Azur is the département
_PART_OF_REGION = frozenset(
    (
        "COTE D AZUR",
        "GRAND PARIS",
        "GRANDE COURONNE",
        "MARNE LA VALLEE",
        "METROPOLE DU GRAND PARIS",
        "PARIS ET REGION PARISIENNE",
        "PETITE COURONNE",
        "PROVENCE",
        "REGION PARISIENNE",
    )
)
# 59 - Flandre, 75 - Europe are in France
_VAGUE = frozenset(("INTERNATIONAL", "EUROPE", "UNION EUROPEENNE", "MONDE", "AFRIQUE", "FLANDRE"))

MAX_LENGTH = 200  # characters of a label that are read; the longest of 4,893 real ones has 41


class Label(NamedTuple):
    """A label taken apart.

    :param departements: that its numbers name: none, one, both of Corsica, or those of a list.
    :param postcode: that it contains.
    :param name: key of the rest, without codes and noise.
    :param arrondissement: code of the one it names.
    :param says_departement: it says that the département is meant, not the town.
    :param parts: keys of the pieces between commas, brackets and the like, if there are several.
    :param at_most: the confidence that its number allows, where it is no département's: ``None`` if any.
    :param items: the places of a list, if each has a number of its own.
    """

    departements: tuple[str, ...] = ()
    postcode: str | None = None
    name: str = ""
    arrondissement: str | None = None
    says_departement: bool = False
    parts: tuple[str, ...] = ()
    at_most: str | None = None
    items: tuple[Label, ...] = ()


def read_label(label: str | None) -> Label:
    """Return what the form of a label says; an empty :class:`Label` if it says nothing."""
    if not label:
        return Label()
    text = label[:MAX_LENGTH]
    return (may_list(text) and _read_list(text)) or _read_place(text)


def _read_list(text: str) -> Label | None:
    """Return what a list of numbers, or of places with a number each, says; ``None`` if it is none."""
    if listed := numbers_listed(text):
        items = tuple(_read_place(item) for item in listed.items)
        return _in_any_of(items)._replace(name=listed.name)
    read = [_read_place(item) for item in items_listed(text)]
    numbered = [one for one in read if one.departements or one.postcode or one.arrondissement]
    if len(numbered) < 2 and not (numbered and _is_name_and_number(read)):
        return None
    return _in_any_of(tuple(read))


def _is_name_and_number(read: list[Label]) -> bool:
    """Return whether items are a list though one alone has a number: ``Paris et 92``, not ``Corse, 94``."""
    if not read[0].name or read[-1].name:
        return False
    return all(wider_names().get(one.name, ("", ""))[0] == "commune" for one in read[:-1])


def _in_any_of(items: tuple[Label, ...]) -> Label:
    found = dict.fromkeys(code for one in items for code in _departements_of(one))
    return Label(departements=tuple(found), items=items)


def _departements_of(item: Label) -> tuple[str, ...]:
    if item.departements:
        return item.departements
    where = departement_of(item.arrondissement or item.postcode or "")
    return (where,) if where in departements() else ()


def _read_place(text: str) -> Label:
    if found := _BEFORE.fullmatch(text):
        postcode, number, rest = found.groups()
        if postcode is None and (after := _after(rest)) and after[2]:
            postcode, rest = after[2], after[1]
        return _weighed(_read_name(rest)._replace(postcode=postcode), number)
    read = _read_name(text)
    if read.arrondissement is None and (found := _after(text)):
        rest, postcode, number = found.groups()
        return _weighed(_read_name(rest)._replace(postcode=postcode), number)
    if "(" in text and (found := _WITHIN.fullmatch(text)):
        name, postcode, number, rest = found.groups()
        return _weighed(_read_name(name + rest)._replace(postcode=postcode), number)
    if found := _LOOSE.fullmatch(text):
        return _read_loose(found[1], found[2]) or read
    return read


def _after(text: str) -> re.Match[str] | None:
    # seldom: the last character tells it for less than a match
    return _AFTER.fullmatch(text) if text.rstrip(" )")[-1:] in _LAST else None


def _read_loose(number: str, rest: str) -> Label | None:
    """Return a number and a name with nothing between them, if the one belongs to the other."""
    read = _weighed(_read_name(rest), number)
    if read.at_most is not None or read.name in numbers_of_regions():
        return read
    for departement in read.departements:
        if read.name in names_in(departement):
            return read
        if wider_names().get(read.name) == ("departement", departement):
            return read
    return None


def _weighed(read: Label, number: str | None) -> Label:
    """Return a label with the départements of its number, or without if the name is no place in them."""
    if number is None:
        return read
    codes = _numbered(number)
    names = [name for name in (read.name, *read.parts) if name]
    if any(name in names_in(code) for name in names for code in codes):
        return read._replace(departements=codes)  # 36 - Bretagne
    if believed := _believed(read, number, codes):
        return believed
    if codes:
        return read._replace(departements=codes)
    hinted = _numbered(number[1:]) if number.startswith("0") else ()  # 091 - EVRY
    is_there = any(name in names_in(code) for name in names for code in hinted)
    return read._replace(departements=hinted if is_there else (), at_most="medium")


def _believed(read: Label, number: str, codes: tuple[str, ...]) -> Label | None:
    """Return a label without its number, if it names a wider place that is believed before the number."""
    for name in (read.name, *read.parts):
        kind, wide = wider_names().get(name, ("", ""))
        is_whole = name == read.name
        if kind == "region":
            allowed = _allowed(name, wide, number, codes)
            if allowed != "medium" or (is_whole and name not in _PART_OF_REGION):
                return read._replace(at_most=allowed)
        elif kind == "foreign" and name not in _VAGUE:
            return read._replace(at_most="low" if codes else None)
        elif kind == "departement" and is_whole and wide not in codes:
            return _believed_departement(read, wide, number, codes)
    if (read.name, number) == ("CENTRE", "24"):
        return read._replace(name="CENTRE VAL DE LOIRE", at_most="low")
    for name, numbers in numbers_of_regions().items():
        if number in numbers and f" {name} " in f" {read.name} ":
            return read._replace(name=name, at_most="medium")  # 11 - Ile de France Sud
    return None


def _believed_departement(
    read: Label, wide: str, number: str, codes: tuple[str, ...]
) -> Label | None:
    """Return a label without its number, if the département that it names is believed before the number."""
    if departements()[wide][1] == number.zfill(2):  # 01 - Guadeloupe
        return read
    if (wide, number) in (("977", "971"), ("978", "971")):  # of Guadeloupe until 2007
        return read._replace(at_most="medium")
    if not codes:
        return read._replace(at_most="medium")
    # 33 - Nord is the north, 69 - Loire may be Loire-sur-Rhône
    is_vague = read.name == "NORD" or _is_town(read.name)
    return None if is_vague else read._replace(at_most="low")


def _allowed(name: str, region: str, number: str, codes: tuple[str, ...]) -> str | None:
    """Return the confidence in a region that a number beside it allows; ``None`` if any."""
    if number in numbers_of_regions().get(name, ()):
        return None
    is_inside = not codes or any(departements()[code][1] == region for code in codes)
    return "medium" if is_inside else "low"


def _is_town(name: str) -> bool:
    return any(name in names_in(departement) for departement in departements())


def _numbered(number: str) -> tuple[str, ...]:
    """Return the départements of a number as written beside a name; three digits only overseas."""
    code = number.upper().zfill(2)
    if code == "20":
        return ("2A", "2B")
    if code == "97":
        return ("971", "972", "973", "974", "976")
    return (code,) if code in departements() else ()


def _read_name(text: str) -> Label:
    name = key(text)
    says_departement = False
    if " " in name:
        if found := _IS_DEPARTEMENT.fullmatch(name):
            name, says_departement = found[1] or found[2], True
        if found := _ARRONDISSEMENT.fullmatch(name):
            return _arrondissement(found[1], found[2], name)
        if name[0].isdigit() and (found := _ARRONDISSEMENT_OF.fullmatch(name)):
            return _arrondissement(found[2], found[1], name)
        name = name if name in wider_names() else _NOISE.sub("", name)
    parts = _parts(text, name)
    return Label((), None, name, None, says_departement, parts if len(parts) > 1 else ())


def _parts(text: str, name: str) -> tuple[str, ...]:
    """Return the keys of the pieces of a label, and of both sides of an « et » that is in no name."""
    if not _BETWEEN.search(text):
        return tuple(name.split(" ET "))
    pieces = filter(None, (_NOISE.sub("", key(piece)) for piece in _BETWEEN.split(text)))
    return tuple(
        part
        for piece in pieces
        for part in ((piece,) if piece in wider_names() else piece.split(" ET "))
    )


def _arrondissement(city: str, number: str, name: str) -> Label:
    codes = CITIES[city][1]
    index = int(number) if number.isdigit() else _roman(number)
    if 1 <= index <= len(codes):
        return Label(name=city, arrondissement=str(codes[index - 1]))
    return Label(name=city if index else name)


def _roman(number: str) -> int:
    values = [_ROMAN[digit] for digit in number]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
