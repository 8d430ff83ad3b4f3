"""The reference tables of places, read once when first asked for. Pure.

What lives here: codes and names of communes, départements, regions, and what contains what. What does
not: how a label is read (``label``), which evidence wins (``place``). The files are described in
``include/reference/README.md``; ``scripts/reference.py`` rebuilds them from Insee's code officiel
géographique.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from jobmarket.foundation.reference import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# the three communes with arrondissements, each of which has a code and mostly a postcode of its own
CITIES: Mapping[str, tuple[str, range]] = {
    "PARIS": ("75056", range(75101, 75121)),
    "LYON": ("69123", range(69381, 69390)),
    "MARSEILLE": ("13055", range(13201, 13217)),
}
_CITY_OF = {str(code): city for city, codes in CITIES.values() for code in codes}
CITY_CODES = frozenset(_CITY_OF).union(city for city, _ in CITIES.values())
"""Codes of the three and of their arrondissements."""

POSTCODE_DIGITS = 5
_SYMBOLS = re.compile(r"[^A-Z0-9\n]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")

_SUR = re.compile(r"\bS/\s*", re.IGNORECASE)  # MONTREUIL S/MER
_WORDS = {"ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "STES": "SAINTES"}
_ARTICLES = ("LA", "LE", "LES", "L")


def _plain(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).upper()


# each character of Latin-1 as it is compared: a capital, a digit, a line end, or a space
_KEYS = "".join(_SYMBOLS.sub(" ", _plain(chr(code))).rjust(1)[0] for code in range(256)).encode(
    "ascii"
)


class Commune(Struct, frozen=True, gc=False):
    """A commune or an arrondissement of Paris, Lyon or Marseille.

    :param population: inhabitants, 0 if unknown.
    :param latitude: degrees north of its centre, ``None`` if unknown.
    """

    label: str
    population: int
    latitude: float | None
    longitude: float | None


def key(name: str) -> str:
    """Return a name as it is compared: without accents, case and punctuation, SAINT written out."""
    return _written_out(_letters(name))


def keys(names: Iterable[str]) -> list[str]:
    """Return the key of each name: of 40,000 at once in half of the time."""
    return [_written_out(line) for line in _letters("\n".join(names)).split("\n")]


def _letters(text: str) -> str:
    """Return a text in capitals and digits, all else as spaces but for the ends of lines."""
    if "/" in text:
        text = _SUR.sub("SUR ", text)
    if not text.isascii():
        text = text.replace("œ", "oe").replace("Œ", "OE").replace("ß", "ss")
    try:
        # almost every name is Latin-1
        return text.encode("latin-1").translate(_KEYS).decode("ascii")
    except UnicodeEncodeError:
        lines = text.split("\n")
        return "\n".join(map(_letters, lines)) if lines[1:] else _SYMBOLS.sub(" ", _plain(text))


def _written_out(letters: str) -> str:
    if " " not in letters and letters not in _WORDS:
        return letters  # most names of communes are one word
    words = letters.split()
    if not _WORDS.keys().isdisjoint(words):
        words = [_WORDS.get(word, word) for word in words]
    return " ".join(words)


def without_article(name: str) -> str:
    """Return a key without its article: France Travail writes ``Roche-Blanche`` for La Roche-Blanche."""
    first, _, rest = name.partition(" ")
    return rest if rest and first in _ARTICLES else name


def departement_of(code: str) -> str:
    """Return the département of a code of a commune, or of a postcode outside of Corsica."""
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def city_of(code: str) -> str:
    """Return the commune that a code of an arrondissement belongs to; another code as it is."""
    return _CITY_OF.get(code, code)


@cache
def communes() -> dict[str, Commune]:
    """Return the current communes and arrondissements by code."""
    return {
        code: Commune(
            label,
            int(population or 0),
            float(latitude) if latitude else None,
            float(longitude) if longitude else None,
        )
        for code, label, population, latitude, longitude in _rows("commune.csv")
    }


@cache
def former_communes() -> dict[str, str]:
    """Return the code of today's commune by the code of one that was merged into it or renumbered."""
    return {old: code for old, _, code in _rows("former_commune.csv") if old != code}


@cache
def postcodes() -> dict[str, tuple[str, ...]]:
    """Return the codes of the communes of a postcode; of an arrondissement's own only that."""
    found: dict[str, list[str]] = {}
    for postcode, code in _rows("postcode.csv"):
        found.setdefault(postcode, []).append(code)
    return {
        postcode: (codes[0],)
        if len(codes) == 1
        else tuple(sorted({code for code in codes if code in _CITY_OF} or codes))
        for postcode, codes in found.items()
    }


@cache
def departements() -> dict[str, tuple[str, str]]:
    """Return name and region of each département and overseas collectivity by code."""
    return {row[0]: (row[1], row[2]) for row in _rows("departement.csv")}


@cache
def wider_names() -> dict[str, tuple[str, str]]:
    """Return what a name stands for, by key: kind (departement, region, france, foreign) and code.

    Names of départements also as France Travail turns them: ``Rhin (Bas)``, ``Belfort (Territoire de)``.
    """
    names: dict[str, tuple[str, str]] = {}
    for code, label, _ in _rows("region.csv"):
        names[key(label)] = ("region", code)
    for code, label, _, _ in _rows("departement.csv"):
        words = key(label).split()
        for turn in range(len(words)):
            names[" ".join(words[turn:] + words[:turn])] = ("departement", code)
        names[without_article(key(label))] = ("departement", code)
    for label, kind, code, _ in _rows("place_alias.csv"):
        names[key(label)] = (kind, code)
    for (label,) in _rows("country.csv"):
        names.setdefault(key(label), ("foreign", ""))
        names.setdefault(without_article(key(label)), ("foreign", ""))
    return names


@cache
def numbers_of_regions() -> dict[str, tuple[str, ...]]:
    """Return the numbers that Insee gave a region, of today or of before 2016, by the keys of its names."""
    numbers: dict[str, tuple[str, ...]] = {}
    for code, label, _ in _rows("region.csv"):
        numbers[key(label)] = (code, code.removeprefix("0"))
    for label, kind, code, former in _rows("place_alias.csv"):
        if kind == "region":
            own = (code, code.removeprefix("0"))
            numbers.setdefault(key(label), (former,) if former else own)
    return numbers


@cache
def names_in(departement: str) -> dict[str, tuple[str, bool]]:
    """Return the communes of a département by the keys of their names: code, and whether it is a former name.

    A current name wins over a former one, a name as it is over one without its article.
    """
    names: dict[str, tuple[str, bool]] = {}
    current = _keyed(_current_labels()[departement])
    former = _keyed(_former_labels().get(departement, []))
    names.update((name, (code, False)) for name, code in current)
    for name, code in former:
        names.setdefault(name, (code, True))
    for rows, is_former in ((current, False), (former, True)):
        for name, code in rows:
            names.setdefault(without_article(name), (code, is_former))
    return names


def read_all() -> None:
    """Read all tables now."""
    for departement in departements():
        names_in(departement)
    former_communes()
    postcodes()
    wider_names()


def _keyed(labels: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if not labels:
        return []
    return list(zip(keys(label for label, _ in labels), (code for _, code in labels), strict=True))


@cache
def _current_labels() -> dict[str, list[tuple[str, str]]]:
    labels: dict[str, list[tuple[str, str]]] = {departement: [] for departement in departements()}
    for code, commune in communes().items():
        if code not in _CITY_OF:
            labels[departement_of(code)].append((commune.label, code))
    return labels


@cache
def _former_labels() -> dict[str, list[tuple[str, str]]]:
    # by the département where the name was: a few communes have moved to a neighbour
    labels: dict[str, list[tuple[str, str]]] = {}
    for old, label, code in _rows("former_commune.csv"):
        if label:
            labels.setdefault(departement_of(old), []).append((label, code))
    return labels


def _rows(name: str) -> Iterator[list[str]]:
    rows = csv.reader(read_text(name).splitlines())
    next(rows)
    yield from rows


def departements_behind(postcode: str | None) -> set[str]:
    """Return the départements that a postcode serves: of its communes, else of its first digits."""
    if not postcode:
        return set()
    if candidates := postcodes().get(postcode):
        return {departement_of(code) for code in candidates}
    where = departement_of(postcode)
    if where == "20":
        where = "2A" if postcode < "20200" else "2B"
    is_one = len(postcode) == POSTCODE_DIGITS and postcode.isdigit() and where in departements()
    return {where} if is_one else set()
