"""The shape of an answer, and how each kind of it is made. Pure.

A :class:`Location` is only made here, so that its département is always that of its commune, and its
region that of its département.
"""

from __future__ import annotations

from typing import NamedTuple

from jobmarket.enrich.place.reference import departement_of, departements


class Location(NamedTuple):
    """Where an offer is; the fields are the columns of ``core.job_offer``, in their order.

    :param located_commune_code: Insee's; of an arrondissement of Paris, Lyon, Marseille if known.
    :param departement_code: also of overseas collectivities.
    :param region_code: of an overseas collectivity, which has none: its own code.
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


def commune(code: str, method: str, confidence: str) -> Location:
    """Return the place of a commune or an arrondissement of the reference."""
    departement = departement_of(code)
    region = departements()[departement][1]
    return Location(code, departement, region, "commune", method, confidence)


def departement(code: str, method: str, confidence: str) -> Location:
    """Return the place that is a département and no more is known."""
    return Location(None, code, departements()[code][1], "departement", method, confidence)


def region(code: str, method: str, confidence: str) -> Location:
    """Return the place that is a region and no more is known."""
    return Location(None, None, code, "region", method, confidence)


def france(method: str, confidence: str) -> Location:
    """Return the place that is all of France, or more than one of its regions."""
    return Location(None, None, None, "france", method, confidence)


def foreign(method: str, confidence: str) -> Location:
    """Return the place that is in another country."""
    return Location(None, None, None, "foreign", method, confidence)
