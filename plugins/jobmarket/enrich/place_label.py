"""What a label of a place says by its form: ``75 - PARIS 09``, ``Lyon 3e - 69``, ``33 - Gironde``. Pure.

What lives here: taking a label apart. What does not: which commune or region a name is
(``place_reference``), and what is concluded (``place``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobmarket.enrich.place_reference import CITIES, departements, key, names_in, wider_names

# 33 - BORDEAUX, (2A) Ajaccio, 75012 Paris, 33: the code comes first
_BEFORE = re.compile(
    r"\s*\(?(?:(\d{5})\b[\s):,–—-]*|(\d{1,3}|2[AB])\s*(?:[):–—-][\s–—-]*|$))(.*)", re.I | re.S
)
# Lyon 3e - 69, Bordeaux (33), Paris 75012: the code comes last, after a name
_AFTER = re.compile(
    r"(.*[^\W\d_].*?)\s*[\s(,–—-]\s*(?:(\d{5})|(\d{2,3}|2[AB]))\s*\)?\s*", re.I | re.S
)
# Rennes (35) et alentours: the code stands within
_WITHIN = re.compile(r"(.*[^\W\d_].*?)\s*\((?:(\d{5})|(\d{2,3}|2[AB]))\)(.*)", re.I | re.S)
_LAST = frozenset("0123456789abAB")
_LOOSE = re.compile(r"\s*(\d{2,3}|2[AB])\s+(\D.*)", re.I | re.S)  # 33 Bordeaux, but not 20 minutes

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
_BETWEEN = re.compile(r"(?<!\bS)[,;|/\n]|[()]| [-–—] | ou ", re.I)

MAX_LENGTH = 200  # characters of a label that are read; the longest of 4,893 real ones has 41


class Label(NamedTuple):
    """A label taken apart.

    :param departements: that its number names: none, one, or both of Corsica.
    :param postcode: that it contains.
    :param name: key of the rest, without codes and noise.
    :param arrondissement: code of the one it names.
    :param says_departement: it says that the département is meant, not the town.
    :param parts: keys of the pieces between commas, brackets and the like, if there are several.
    """

    departements: tuple[str, ...] = ()
    postcode: str | None = None
    name: str = ""
    arrondissement: str | None = None
    says_departement: bool = False
    parts: tuple[str, ...] = ()


def read_label(label: str | None) -> Label:
    """Return what the form of a label says; an empty :class:`Label` if it says nothing."""
    if not label:
        return Label()
    text = label[:MAX_LENGTH]
    if found := _BEFORE.fullmatch(text):
        postcode, number, rest = found.groups()
        if postcode is None and (after := _after(rest)) and after[2]:
            postcode, rest = after[2], after[1]
        return _read_name(rest)._replace(departements=_numbered(number), postcode=postcode)
    read = _read_name(text)
    if read.arrondissement is None and (found := _after(text)):
        rest, postcode, number = found.groups()
        return _read_name(rest)._replace(departements=_numbered(number), postcode=postcode)
    if "(" in text and (found := _WITHIN.fullmatch(text)):
        name, postcode, number, rest = found.groups()
        return _read_name(name + rest)._replace(departements=_numbered(number), postcode=postcode)
    if found := _LOOSE.fullmatch(text):
        return _read_loose(found[1], found[2]) or read
    return read


def _after(text: str) -> re.Match[str] | None:
    # seldom: the last character tells it for less than a match
    return _AFTER.fullmatch(text) if text.rstrip(" )")[-1:] in _LAST else None


def _read_loose(number: str, rest: str) -> Label | None:
    """Return a number and a name with nothing between them, if the one belongs to the other."""
    read = _read_name(rest)._replace(departements=_numbered(number))
    for departement in read.departements:
        if read.name in names_in(departement):
            return read
        if wider_names().get(read.name) == ("departement", departement):
            return read
    return None


def _numbered(number: str | None) -> tuple[str, ...]:
    """Return the départements of a number as written before a name."""
    if number is None:
        return ()
    code = number.upper().zfill(2)
    if code == "20":
        return ("2A", "2B")
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
    parts = tuple(filter(None, map(key, _BETWEEN.split(text)))) if _BETWEEN.search(text) else ()
    return Label((), None, name, None, says_departement, parts if len(parts) > 1 else ())


def _arrondissement(city: str, number: str, name: str) -> Label:
    codes = CITIES[city][1]
    index = int(number) if number.isdigit() else _roman(number)
    if 1 <= index <= len(codes):
        return Label(name=city, arrondissement=str(codes[index - 1]))
    return Label(name=city if index else name)


def _roman(number: str) -> int:
    values = [_ROMAN[digit] for digit in number]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
