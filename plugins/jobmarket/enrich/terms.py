"""Hours a week, months of contract and of experience, which the source states as text, as numbers. Pure.

What lives here: the forms of these labels. What does not: what the hours do to pay (``pay/base.py``).
The source composes them (``temps partiel - 17H30 Travail en journée``, ``CDD - 6 Mois``, ``2 An(s) - sur
poste similaire``); what it takes over from partners is freer, and what is in doubt has no number.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# A day and a week in months: the year has 365.25 days, so that 29 days stay below a month.
_MONTHS = {"jour": 12 / 365.25, "semaine": 84 / 365.25, "mois": 1.0, "an": 12.0}
_HOURS = re.compile(
    r"(?:temps (?:partiel|plein|complet) ?[-:,]? ?)?(?P<hours>\d{1,2}(?:[.,]\d{1,2})?) ?h(?:eures?|rs?)?\.? ?"
    r"(?P<minutes>[0-5]?\d(?!\d))?(?:mn|min)?(?P<after>.*)",
    re.IGNORECASE | re.DOTALL,
)
# « 24 h par mois », « 7H / jour », « 20H à 25H »: not the hours of a week, or not one number of them
_NOT_OF_A_WEEK = re.compile(
    r"\s*(?:(?:/|par)\s*(?:mois|jour|an\b|j\b)|mensuel|annuel\w*\s*$|(?:[àa]|-|et|ou)\s*\d)",
    re.IGNORECASE,
)
_MOST_HOURS_PER_WEEK = 60.0  # the most that the law ever allows (code du travail, L. 3121-21)
_LENGTH = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,4})(?P<range> ?(?:[àa]|-|ou|/) ?\d+)? ?(?P<unit>jour|semaine|mois|an)"
    r"(?:s|\(s\)|n[ée]es?)?(?![a-zé])",
    re.IGNORECASE,
)
_MOST_CONTRACT_MONTHS = (
    120.0  # fixed-term contracts of public service end after six years, apprenticeships after four
)
_MOST_EXPERIENCE_MONTHS = 480.0


class Terms(NamedTuple):
    """The terms of an offer, each None if it gives no number; see the functions of these names."""

    weekly_hours: float | None
    is_part_time: bool
    contract_length_months: float | None
    experience_months: int | None


@lru_cache(maxsize=16384)  # a day of 40,000 offers has some five thousand different ones
def read_terms(
    working_time: str | None,
    category: str | None,
    contract: str | None,
    experience_code: str | None,
    experience: str | None,
) -> Terms:
    """Return all terms of an offer.

    :param working_time: ``dureeTravailLibelle``; ``category``: ``dureeTravailLibelleConverti``.
    :param contract: ``typeContratLibelle``.
    :param experience_code: ``experienceExige``; ``experience``: ``experienceLibelle``.
    """
    return Terms(
        weekly_hours(working_time) if working_time else None,
        is_part_time(category, working_time),
        contract_length_months(contract) if contract else None,
        experience_months(experience_code, experience or ""),
    )


@lru_cache(maxsize=4096)
def weekly_hours(label: str) -> float | None:
    """Return the hours a week of ``dureeTravailLibelle``, two decimals; None if it gives none.

    The minutes are taken as written: ``37H50`` is 37 hours and 50 minutes.
    """
    found = _HOURS.match(label)
    if found is None or _NOT_OF_A_WEEK.match(found["after"]):
        return None
    hours = float(found["hours"].replace(",", ".")) + int(found["minutes"] or 0) / 60
    return round(hours, 2) if 0 < hours <= _MOST_HOURS_PER_WEEK else None


def is_part_time(category: str | None, label: str | None) -> bool:
    """Tell whether an offer is part time.

    :param category: ``dureeTravailLibelleConverti``: Temps plein, Temps partiel; at times it is left out.
    :param label: ``dureeTravailLibelle``, which begins with it.
    """
    if category:
        return category == "Temps partiel"
    return label is not None and label[:13].lower() == "temps partiel"


@lru_cache(maxsize=4096)
def contract_length_months(label: str) -> float | None:
    """Return the months of ``typeContratLibelle`` (``CDD - 6 Mois``), two decimals; None if it gives none.

    A range (``6 à 12 mois``) is no length.
    """
    found = _LENGTH.search(label)
    if found is None or found["range"]:
        return None
    months = int(found["number"]) * _MONTHS[found["unit"].lower()]
    return round(months, 2) if 0 < months <= _MOST_CONTRACT_MONTHS else None


@lru_cache(maxsize=4096)
def experience_months(code: str | None, label: str) -> int | None:
    """Return the months of experience that an offer asks for; None if it gives no number.

    0 where beginners are accepted, whatever else is written; of a range the least.

    :param code: ``experienceExige``: D, S or E.
    :param label: ``experienceLibelle``.
    """
    if code == "D" or (code is None and label.lower().startswith("débutant")):
        return 0
    found = _LENGTH.search(label)
    if found is None or found["unit"].lower() not in ("mois", "an"):
        return None
    months = int(found["number"]) * int(_MONTHS[found["unit"].lower()])
    return months if months <= _MOST_EXPERIENCE_MONTHS else None
