"""The French of what the warehouse has as a code: contracts, places, trades, technologies. Pure.

What does not live here: the words of an analysis (its module in ``analyses``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.report.reference import departements, technologies, trades

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTRACTS = {
    "CDI": "CDI",
    "CDD": "CDD",
    "MIS": "Intérim",
    "SAI": "Travail saisonnier",
    "CCE": "Profession commerciale",
    "FRA": "Franchise",
    "LIB": "Profession libérale",
    "REP": "Reprise d’entreprise",
    "TTI": "Intérim d’insertion",
    "DDI": "CDD d’insertion",
    "DIN": "CDI intérimaire",
    "DDT": "CDD Tremplin",
}
_DOMAINS = {  # short enough for a bar; the full names are those of ROME 4.0
    "A": "Agriculture, espaces verts",
    "B": "Artisanat d’art",
    "C": "Banque, assurance, immobilier",
    "D": "Commerce, vente",
    "E": "Communication, médias",
    "F": "Bâtiment et travaux publics",
    "G": "Hôtellerie, restauration",
    "H": "Industrie",
    "I": "Installation et maintenance",
    "J": "Santé",
    "K": "Services à la personne",
    "L": "Spectacle",
    "M": "Support à l’entreprise",
    "N": "Transport et logistique",
}


def contract(code: str) -> str:
    """Return the name of a contract type; an unknown code stays as it is."""
    return _CONTRACTS.get(code, code)


def departement(code: str) -> str:
    """Return ``Nord (59)``; an unknown code stays as it is."""
    name = departements().get(code)
    return f"{name} ({code})" if name else code


def departement_name(code: str) -> str:
    """Return ``Nord``; an unknown code stays as it is."""
    return departements().get(code, code)


def trade(code: str, labels: Mapping[str, str] | None = None) -> str:
    """Return the label of a ROME code; an unknown code stays as it is.

    :param labels: by code, those that the offers of the period carry: they win over today's, which may be
        another trade's name.
    """
    return ((labels or {}).get(code) or trades().get(code, code)).replace("'", "’")


def domain(code: str) -> str:
    """Return the name of a grand domain of trades, from its letter."""
    return _DOMAINS.get(code, trade(code))


def technology(code: str) -> str:
    """Return the name of a technology; an unknown code stays as it is."""
    return technologies().get(code, code)


def hidden_partner(number: int) -> str:
    """Return what stands for the name of a partner site that is not shown."""
    return f"Site au nom non affiché ({number})"
