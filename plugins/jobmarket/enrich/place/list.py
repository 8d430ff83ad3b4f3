"""Which labels list several places by their numbers: ``59 et 62``, ``Lille (59) / Arras (62)``. Pure.

What lives here: taking such a label apart into its places. What does not: how one place is read
(``label``), and what several places have in common (``name``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobmarket.enrich.place.reference import CITIES, departements, key, wider_names

_NUMBER = r"(?:2[AB]|9[78]\d|\d{5}|\d{1,2})"
_IS_NUMBER = re.compile(_NUMBER, re.I)
_TWO_NUMBERS = re.compile(r"(?:\d|2[AB])\D+\d", re.I)
# a sign or a word between places, or a number behind a dash or another number; not 75 - PARIS 09
_MAY_LIST = re.compile(
    r"[,;/|&+\n]|\b(?:et|ou)\b|[\w)]\s*[\u2010-\u2015\u2212-]\s*\(?\d|\d[\s)(.:]+\d|2[AB]\s+2"
    r"|\)\s*[\u2010-\u2015\u2212-]?\s*\w",
    re.I,
)
_HAS_NUMBER = re.compile(r"\d")
_SEPARATORS = re.compile(r"(?:[\s,;:/|&+().\[\]•·\u2010-\u2015\u2212-]|\b(?:et|ou|and)\b)+", re.I)
_LINK = r"\s*(?:[,;/|&+\u2010-\u2015\u2212-]|\bet\b|\bou\b)\s*"
_NUMBERS = rf"{_NUMBER}(?:{_LINK}{_NUMBER})+"
# 59, 62 - Nord-Pas-de-Calais; 44/49/85 Pays de la Loire; 31 - 20 minutes is no list, nor 35/39 heures
_NUMBERS_FIRST = re.compile(
    rf"\s*[(\[]?({_NUMBERS})\b[)\]]?(\s*[:,;(/\u2010-\u2015\u2212-]\s*|\s+)(\D+)", re.I
)
# Nord-Pas-de-Calais (59, 62)
_NUMBERS_LAST = re.compile(
    rf"(\D+?)\s*([\s(\[:,/\u2010-\u2015\u2212-])\s*({_NUMBERS})[)\]]?\s*", re.I
)
_ITEMS = re.compile(
    # 77 - Seine et Marne is one, Nantes (44) et Angers (49) are two
    r"\s*[,;/|\n&+]\s*|\s+(?:et|ou)\s+(?=\(?\d)|(?<=[\d)])\s+(?:et|ou)\s+|(?<=\))\s*[\u2010-\u2015\u2212-]?\s*(?=\w)"
    r"|\s+[\u2010-\u2015\u2212-]\s+(?=\(?(?:\d{2}|2[AB]|9[78]\d|\d{5})\b)",
    re.I,
)
_ABOUT = frozenset(
    (
        *("DEPARTEMENT", "DEPARTEMENTS", "DEPT", "DEPTS", "DEP", "DEPS", "DPT", "DPTS"),
        *("SECTEUR", "SECTEURS", "ZONE", "ZONES", "REGION", "SUR", "LES", "DE", "DES", "LE", "DU"),
    )
)
_ARRONDISSEMENT = re.compile(r"(\d{1,2}) ?(?:E|EME|ER|ND|IEME)?(?: ARR(?:ONDISSEMENTS?)?)?")
MAX_ITEMS = 12


class Listed(NamedTuple):
    """What a label lists.

    :param items: the places, each written as a label of its own.
    :param name: key of what stands beside the numbers, if anything does.
    """

    items: tuple[str, ...]
    name: str = ""


def may_list(text: str) -> bool:
    """Return whether a label may be a list at all, for a tenth of what it costs to take one apart."""
    return _MAY_LIST.search(text) is not None


def numbers_listed(text: str) -> Listed | None:
    """Return the numbers that a label lists, in front of a name, behind it or alone; ``None`` if none."""
    if not _TWO_NUMBERS.search(text):
        return None
    pieces = [piece for piece in _SEPARATORS.split(text) if piece]
    while pieces and key(pieces[0]) in _ABOUT:
        pieces = pieces[1:]
    if _are_numbers(pieces):
        return Listed(tuple(pieces))
    if found := _NUMBERS_FIRST.fullmatch(text):
        numbers, link, rest = found.groups()
        is_apart = bool(link.strip()) and bool(re.search(r"[,;/|&+]|et|ou", numbers, re.I))
    elif found := _NUMBERS_LAST.fullmatch(text):
        rest, link, numbers = found.groups()
        is_apart = link in "(["
    else:
        return None
    name = key(rest)
    pieces = _SEPARATORS.split(numbers)
    words = name.split()
    if not words or words[-1] in CITIES or not _are_numbers(pieces):
        return None  # PARIS 8/9
    if is_apart or name in wider_names() or _ABOUT.issuperset(words):
        return Listed(tuple(pieces), name)
    return None


def _are_numbers(pieces: list[str]) -> bool:
    """Return whether pieces of a label are two or more numbers of départements or postcodes."""
    codes = [piece.upper().zfill(2) for piece in pieces]
    return (
        len(codes) >= 2
        and max(map(len, pieces)) > 1
        and all(_IS_NUMBER.fullmatch(code) for code in codes)
        and all(code in departements() or code == "20" or len(code) == 5 for code in codes)
    )


def items_listed(text: str) -> tuple[str, ...]:
    """Return the pieces of a label that may each be a number and a name; none if it has but one piece."""
    if not _HAS_NUMBER.search(text):
        return ()
    items = [item for piece in _ITEMS.split(text) if (item := _closed(piece))]
    if not 1 < len(items) <= MAX_ITEMS or not any(map(str.isalpha, text)):
        return ()  # what is all numbers is for numbers_listed
    for place, item in enumerate(items[1:], 1):
        # PARIS 09 / 10: the second is an arrondissement, too
        found, city = _ARRONDISSEMENT.fullmatch(key(item)), _city_before(items[place - 1])
        if found and city and int(found[1]) <= len(CITIES[city][1]):
            items[place] = f"{city} {found[1]}"
    return tuple(items)


def _closed(piece: str) -> str:
    """Return a piece of a label without the brackets whose other half is in another piece."""
    return piece.strip(" ()") if piece.count("(") != piece.count(")") else piece.strip()


def _city_before(item: str) -> str | None:
    words = key(item).split()
    return next((city for city in CITIES if city in words and words[-1] != city), None)
