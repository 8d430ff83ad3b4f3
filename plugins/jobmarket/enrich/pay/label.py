"""The grammar of ``salaire.libelle``. Pure.

The source composes the label of fields: ``Mensuel de 1801.8 Euros à 2000.0 Euros sur 12.0 mois``. Eight
shapes cover the 9,225 labels measured of June 2025; those of partners and of before 2024 have decimal
commas, no period (``De 20000,00 Euros à 20000,00 Euros``), another (``Autre de``, ``Cachet de``), no
amount (``Annuel de``), or a broken « à ».
"""

from __future__ import annotations

import re
import unicodedata

from jobmarket.enrich.pay.scale import Written

# Thousands stand apart by a space, an apostrophe, a point or a comma. One point or comma with three digits
# behind it may also be cents with a digit too many: ``12.500``; see :func:`is_ambiguous`.
NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+[.,]\d\d?(?!\d)|\d{1,3}(?:,\d{3})+[.,]\d\d?(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)"
    r"|(?:\d{1,3}(?:[ ']\d{3})+(?!\d)|\d{1,9})(?:[.,]\d{1,6})?)"
)

Amounts = tuple[float, float]

_PERIODS = {"horaire": "hour", "mensuel": "month", "annuel": "year", "cachet": "fee", "autre": None}
_MARKS = re.compile("[\u0300-\u036f]+")  # what decomposing a letter leaves of its accents
_AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}")
_UNIT = r" ?(?:k ?)?(?:euros?|eur\b|€)"
# « à » once read in the wrong character set, folded: U+FFFD, ï¿½, Ã
_TO = r"(?:a|et|-|–|\ufffd|i¿1⁄2|\?)"
_LABEL = re.compile(
    r"(?:(?:salaire|taux)(?: brut)? ?:? ?)?"
    r"(?:(?P<period>horaire|mensuel|annuel|autre|cachet)(?:le)? ?)?(?:brute? )?(?:de )?"
    rf"(?P<low>{NUMBER})(?P<low_unit>{_UNIT})?(?: ?{_TO} ?(?P<high>{NUMBER})(?P<high_unit>{_UNIT}))?"
    rf"(?: sur (?P<months>{NUMBER}) mois)?[ .]*"
)
# What the source composes, most labels, as it is written: read sooner than by all forms.
_COMPOSED = re.compile(
    r"(?P<period>Horaire|Mensuel|Annuel) de (?P<low>\d{1,9}\.\d{1,2}) Euros"
    r"(?: à (?P<high>\d{1,9}\.\d{1,2}) Euros)?(?: sur (?P<months>\d{1,9}\.\d{1,2}) mois)?",
    re.ASCII,
)
_TRUNCATED = re.compile(
    r"(?:horaire|mensuel|annuel|autre|cachet|de)(?: brute?)?(?: de)?(?: euros?)?[ .]*"
)


def fold(text: str) -> str:
    """Return a text in small letters without accents, each run of blanks as one space."""
    text = text.replace("à", "a")  # in most labels the only letter that is not ASCII
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("’", "'")))
    return " ".join(text.lower().split())


def is_ambiguous(text: str) -> bool:
    """Tell whether ``2.100`` may be two thousand one hundred, or two and a tenth."""
    return text[-4:-3] in (".", ",") and _AMBIGUOUS.fullmatch(text) is not None


def number_of(text: str, *, thousands: bool = False) -> float:
    """Return ``32 000,50`` or ``32.000,50`` as a number.

    :param thousands: reads ``2.100`` as two thousand one hundred.
    """
    if thousands and is_ambiguous(text):
        return float(text.replace(".", "").replace(",", ""))
    try:
        return float(text)  # as almost all are written
    except ValueError:
        pass
    text = text.replace(" ", "").replace("'", "")
    if "." in text and "," in text:
        text = text.replace(min(".", ",", key=text.index), "")
    for mark in ".,":
        if text.count(mark) > 1:  # three digits behind the last one: thousands, too; fewer: cents
            whole, _, cents = text.rpartition(mark)
            text = whole.replace(mark, "") + (cents if len(cents) == 3 else f".{cents}")
    return float(text.replace(",", "."))


def amounts_of(
    low: str, low_unit: str | None, high: str | None, high_unit: str | None
) -> list[Amounts]:
    """Return two amounts in euros; one « k » serves both bounds of ``30 - 35 k€``.

    There are two readings where a bound is ambiguous: its point as one of thousands, then of cents.

    :param low: the only one where ``high`` is None; it is both bounds then.
    """
    low_in_thousands, high_in_thousands = "k" in (low_unit or ""), "k" in (high_unit or "")
    readings = []
    may_be_cents = is_ambiguous(low) or (high is not None and is_ambiguous(high))
    for thousands in (True, False) if may_be_cents else (False,):
        first = number_of(low, thousands=thousands)
        second = first if high is None else number_of(high, thousands=thousands)
        if low_in_thousands or (high_in_thousands and first < 1000):
            first *= 1000
        if high_in_thousands or (low_in_thousands and second < 1000):
            second *= 1000
        readings.append((first, second))
    return readings


def read_composed(label: str) -> Written | None:
    """Return the amounts of a label as the source composes it; None if it is written otherwise."""
    found = _COMPOSED.fullmatch(label)
    if found is None:
        return None
    period, low, high, months = found.groups()
    first = float(low)
    return Written(
        _PERIODS[period.lower()],
        first,
        first if high is None else float(high),
        (float(months) or None) if months else None,
    )


def read_label(folded: str) -> list[Written] | str:
    """Return the amounts of a folded label, or the name of the rule that calls it unreadable.

    There are two readings where ``2.100`` may be thousands or cents.
    """
    found = _LABEL.fullmatch(folded)
    if found is None or ("eur" not in folded and "€" not in folded):
        return "no_amount" if _TRUNCATED.fullmatch(folded) else "unknown_shape"
    period, low, low_unit, high, high_unit, months = found.groups()
    month_count = (number_of(months) or None) if months else None
    return [
        Written(_PERIODS[period] if period else None, *amounts, month_count)
        for amounts in amounts_of(low, low_unit, high, high_unit)
    ]
